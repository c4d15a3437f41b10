"""Sight lines: cases with a known answer, an independent twin, and the closed form."""

from math import pi, radians

import numpy as np
import pytest
import shapely

from sim.kernels import sightlines as sight

OPTICS = np.array([0.063, 20.0, radians(45), radians(35), 0.17, 0.30, 0.16, 0.10])
NO_WALLS = np.empty((0, 4))
TOWARDS_CAMERA = -pi / 2  # the camera of these cases looks north from the origin


def camera(**changes):
    arguments = {
        "heading_deg": 0.0,
        "tilt_deg": 10.0,
        "field_of_view_deg": 40.0,
        "size_px": (3840, 2160),
        "near": 2.0,
        "far": 20.0,
        **changes,
    }
    return sight.camera_row((0.0, 0.0), arguments.pop("height", 3.0), **arguments)


def weights(places, crowns, *, row=None, facing=None, pitch=0.0, covered=False, walls=NO_WALLS):
    places, crowns = np.asarray(places, dtype=float), np.asarray(crowns, dtype=float)
    n = len(places)
    out = np.zeros(n)
    sight.look(
        n,
        np.ascontiguousarray(places[:, 0]),
        np.ascontiguousarray(places[:, 1]),
        crowns,
        np.full(n, 0.46),
        np.full(n, TOWARDS_CAMERA if facing is None else facing),
        np.full(n, pitch),
        np.full(n, covered),
        camera() if row is None else row,
        OPTICS,
        walls,
        np.zeros(n, dtype=np.int64),
        out,
    )
    return out


def test_a_face_straight_ahead_is_usable():
    assert weights([(0, 8)], [1.7])[0] > 0.5


@pytest.mark.parametrize("place", [(0.0, 1.5), (0.0, 25.0), (6.0, 8.0), (0.0, -8.0)])
def test_a_face_too_near_too_far_beside_or_behind_is_not_seen(place):
    assert weights([place], [1.7])[0] == 0


def test_the_edge_of_the_frame_is_where_the_field_of_view_ends():
    reach = 8 * np.tan(radians(20))
    row = camera(tilt_deg=0.0)
    inside, outside = weights([(reach - 0.01, 8), (-reach - 0.01, 8)], [1.7, 1.7], row=row)
    assert inside > 0
    assert outside == 0


def test_who_looks_away_or_is_covered_is_not_usable():
    assert weights([(0, 8)], [1.7], facing=pi / 2)[0] == 0
    assert weights([(0, 8)], [1.7], covered=True)[0] == 0


def test_looking_down_costs_weight():
    assert weights([(0, 8)], [1.7], pitch=radians(-30))[0] < weights([(0, 8)], [1.7])[0]


@pytest.mark.parametrize(
    ("gap", "crown_in_front", "hidden"),
    [
        # Camera at 3 m, face at 1.60 m, 10 m away: a person s in front hides it if taller than
        # 1.60 + 1.40 s / 10 (pedestrian dossier, 3.5): 1.684 m at 0.6 m, 1.74 m at 1 m.
        (0.6, 1.67, False),
        (0.6, 1.70, True),
        (1.0, 1.73, False),
        (1.0, 1.75, True),
    ],
)
def test_a_person_in_front_hides_the_face_from_the_height_of_the_hand_case(
    gap, crown_in_front, hidden
):
    got = weights([(0, 10), (0, 10 - gap)], [1.77, crown_in_front])
    assert (got[0] == 0) == hidden


def test_shoulders_hide_where_the_head_would_not():
    beside = 0.2  # outside half of head and face (0.13), inside half of shoulders and face (0.28)
    assert weights([(0, 10), (beside, 9.4)], [1.40, 1.75])[0] == 0
    assert weights([(0, 10), (beside, 9.4)], [1.70, 1.75])[0] > 0


def test_a_wall_hides_and_a_wall_behind_does_not():
    across = np.array([[-1.0, 5.0, 1.0, 5.0]])
    behind = np.array([[-1.0, 9.0, 1.0, 9.0]])
    assert weights([(0, 8)], [1.7], walls=across)[0] == 0
    assert weights([(0, 8)], [1.7], walls=behind)[0] > 0


def test_half_the_capacity_loses_half_the_weight():  # theory: matching dossier, check 13
    places = [(x, 8) for x in np.linspace(-2, 2, 8)]
    free = weights(places, [1.7] * 8)
    served = weights(places, [1.7] * 8, row=camera(faces_per_frame=4.0))
    np.testing.assert_allclose(served, free / 2, rtol=1e-12)
    ample = weights(places, [1.7] * 8, row=camera(faces_per_frame=8.0))
    np.testing.assert_array_equal(ample, free)


def test_an_empty_street_is_no_error():
    assert weights(np.empty((0, 2)), []).shape == (0,)


def test_look_compiled_equals_plain():  # parity
    rng = np.random.default_rng(5)
    n = 40
    arguments = (
        n,
        rng.uniform(-5, 5, n),
        rng.uniform(2, 18, n),
        rng.normal(1.7, 0.1, n),
        rng.normal(0.45, 0.03, n),
        rng.normal(TOWARDS_CAMERA, 0.3, n),
        rng.choice([0.0, radians(-30)], n),
        rng.random(n) < 0.1,
        camera(),
        OPTICS,
        np.array([[2.0, 6.0, 3.0, 6.0]]),
        np.zeros(n, dtype=np.int64),
    )
    fast, plain = np.zeros(n), np.zeros(n)
    assert sight.look(*arguments, fast) == sight.look.py_func(*arguments, plain)
    np.testing.assert_allclose(fast, plain, rtol=1e-12)


def twin_is_hidden(face, places, crowns, height):
    """Say by shapely, in two dimensions at each blocker's own distance, who hides a face."""
    line = shapely.LineString([(0, 0), places[face]])
    face_z = crowns[face] - 0.17
    for j, place in enumerate(places):
        if j == face:
            continue
        point = shapely.Point(place)
        along = line.project(point)
        if not 0 < along < line.length:
            continue
        line_z = height + (face_z - height) * along / line.length
        aside = line.distance(point)
        if aside < 0.13 and crowns[j] > line_z:
            return True
        if aside < 0.28 and crowns[j] - 0.30 > line_z:
            return True
    return False


@pytest.mark.parametrize("seed", range(5))
def test_hidden_faces_agree_with_an_independent_twin(seed):  # theory: shapely, plain Python
    rng = np.random.default_rng(seed)
    n = 60
    places = np.column_stack([rng.uniform(-6, 6, n), rng.uniform(1, 15, n)])
    crowns = rng.normal(1.7, 0.1, n)
    others = np.arange(n)
    x, y = (np.ascontiguousarray(column) for column in places.T)
    for face in range(n):
        hidden = sight.is_hidden(
            face, x, y, crowns, np.full(n, 0.46), others, n, crowns.max(), camera(), OPTICS
        )
        assert hidden == twin_is_hidden(face, places.tolist(), crowns, 3.0)


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("crown", "clear"), [(1.762, 0.87), (1.623, 0.63), (1.50, 0.40)], ids=["man", "woman", "short"]
)
def test_poisson_crowd_hides_as_the_closed_form_says(crown, clear):  # theory: MODEL, section 3
    # 4,000 crowds of density 2: standard error 0.008; tolerance 0.02 as the model's section 9.
    rng = np.random.default_rng(11)
    depression, density, crowds = radians(10), 2.0, 4000
    height = 3.0
    distance = (height - (crown - 0.17)) / np.tan(depression)
    width = 1.2  # wider than the shoulders that can hide
    seen = 0
    for _ in range(crowds):
        n = rng.poisson(density * width * distance)
        x = np.append(rng.uniform(-width / 2, width / 2, n), 0.0)
        y = np.append(rng.uniform(0, distance, n), distance)
        is_man = rng.random(n) < 0.5
        drawn = np.where(is_man, rng.normal(1.762, 0.070, n), rng.normal(1.623, 0.062, n))
        crowns = np.append(drawn, crown)
        far_enough = distance - y >= 0.5
        others = np.flatnonzero(far_enough)
        seen += not sight.is_hidden(
            n,
            x,
            y,
            crowns,
            np.full(n + 1, 0.46),
            others,
            len(others),
            crowns.max(),
            camera(),
            OPTICS,
        )
    assert seen / crowds == pytest.approx(clear, abs=0.02)
