"""Sight lines: cases with a known answer, and an independent twin on random crowds."""

from collections import Counter
from math import atan, pi, radians, tan

import numpy as np
import pytest

from sim.kernels import sightlines as sight
from tests.kernels.sightline_twin import Lens, People, nose_towards, verdict

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


def weights(
    places,
    crowns,
    *,
    row=None,
    facing=None,
    pitch=0.0,
    covered=False,
    walls=NO_WALLS,
    optics=OPTICS,
):
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
        optics,
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


@pytest.mark.parametrize(("further", "is_seen"), [(-0.001, True), (0.001, False)])
@pytest.mark.parametrize("side", [-1, 1])
def test_the_frame_ends_sideways_where_the_field_of_view_ends(further, is_seen, side):
    # Level camera, half of 40 degrees to each side: 8 tan 20 deg = 2.912 m.
    place = (side * (8 * tan(radians(20)) + further), 8.0)
    facing = np.arctan2(-place[1], -place[0])
    assert (weights([place], [1.7], row=camera(tilt_deg=0.0), facing=facing)[0] > 0) == is_seen


@pytest.mark.parametrize(("further", "is_seen"), [(-0.001, True), (0.001, False)])
def test_the_frame_ends_below_where_the_picture_ends(further, is_seen):
    # Camera at 3 m tilted 10 deg; half of the picture's height spans atan(tan 20 * 9 / 16) =
    # 11.57 deg, so its lower edge falls 21.57 deg: a face 1.47 m lower (crown 1.70) leaves the
    # picture nearer than 1.47 / tan 21.57 deg = 3.718 m.
    lower_edge = radians(10) + atan(tan(radians(20)) * 9 / 16)
    nearest = (3.0 - (1.7 - 0.17)) / tan(lower_edge)
    assert nearest == pytest.approx(3.718, abs=5e-4)
    assert (weights([(0, nearest - further)], [1.7])[0] > 0) == is_seen


@pytest.mark.parametrize(("further", "is_seen"), [(-0.001, True), (0.001, False)])
def test_the_frame_ends_above_where_the_picture_ends(further, is_seen):
    # Tilted 30 deg its upper edge falls 30 - 11.57 = 18.43 deg: seen out to 1.47 / tan 18.43 deg.
    upper_edge = radians(30) - atan(tan(radians(20)) * 9 / 16)
    furthest = (3.0 - (1.7 - 0.17)) / tan(upper_edge)
    assert (weights([(0, furthest + further)], [1.7], row=camera(tilt_deg=30))[0] > 0) == is_seen


@pytest.mark.parametrize(
    ("place_y", "is_seen"), [(1.999, False), (2.001, True), (11.999, True), (12.001, False)]
)
def test_range_ends_at_near_and_far(place_y, is_seen):
    # The camera hangs at the height of the face, so that nothing but the range decides.
    row = camera(height=1.53, tilt_deg=0.0, far=12.0)
    assert (weights([(0, place_y)], [1.7], row=row)[0] > 0) == is_seen


def test_a_face_is_too_small_from_where_its_eyes_are_20_pixels_apart():
    # f = 1920 / tan 20 deg = 5275 px; 5275 * 0.063 / 20 = 16.617 m along the line of sight.
    row = camera(height=1.53, tilt_deg=0.0, far=30.0)
    assert weights([(0, 16.61)], [1.7], row=row)[0] > 0
    assert weights([(0, 16.63)], [1.7], row=row)[0] == 0


def test_who_looks_away_or_is_covered_is_not_usable():
    assert weights([(0, 8)], [1.7], facing=pi / 2)[0] == 0
    assert weights([(0, 8)], [1.7], covered=True)[0] == 0


@pytest.mark.parametrize(("turn_deg", "is_seen"), [(89.9, True), (90.1, False)])
def test_a_face_turned_by_a_right_angle_or_more_is_not_usable(turn_deg, is_seen):
    # Eyes at 89.9 deg stay 20 px apart only for a lens that sees almost nothing else.
    row = camera(height=1.53, tilt_deg=0.0, field_of_view_deg=0.05)
    facing = TOWARDS_CAMERA + radians(turn_deg)
    assert (weights([(0, 8)], [1.7], facing=facing, row=row)[0] > 0) == is_seen


@pytest.mark.parametrize(("down_deg", "is_seen"), [(69.9, True), (70.1, False)])
def test_a_face_turned_down_by_twice_the_half_loss_is_not_usable(down_deg, is_seen):
    row = camera(height=1.53, tilt_deg=0.0)
    assert (weights([(0, 8)], [1.7], pitch=radians(-down_deg), row=row)[0] > 0) == is_seen


def test_looking_down_costs_weight():
    assert weights([(0, 8)], [1.7], pitch=radians(-30))[0] < weights([(0, 8)], [1.7])[0]


@pytest.mark.parametrize(
    ("height", "distance", "gap", "limit"),
    [
        # The face is at 1.77 - 0.17 = 1.60 m. The line of sight rises from there by
        # (height - 1.60) / distance a metre: a person `gap` metres in front hides the face if
        # taller than 1.60 + gap * (height - 1.60) / distance.
        (3.0, 10.0, 0.6, 1.684),  # 1.60 + 0.6 * 1.40 / 10
        (3.0, 10.0, 1.0, 1.740),  # 1.60 + 1.0 * 1.40 / 10
        (4.0, 15.0, 1.0, 1.760),  # 1.60 + 1.0 * 2.40 / 15
    ],
)
@pytest.mark.parametrize(("taller_m", "is_hidden"), [(-0.001, False), (0.001, True)])
def test_a_person_in_front_hides_the_face_from_the_height_of_the_hand_case(
    height, distance, gap, limit, taller_m, is_hidden
):
    row = camera(height=height)
    got = weights([(0, distance), (0, distance - gap)], [1.77, limit + taller_m], row=row)
    assert (got[0] == 0) == is_hidden
    assert weights([(0, distance)], [1.77], row=row)[0] > 0


def test_a_person_behind_or_beside_the_face_does_not_hide_it():
    assert weights([(0, 10), (0, 10.3)], [1.50, 2.0])[0] > 0
    assert weights([(0, 10), (0.3, 10)], [1.50, 2.0])[0] > 0


@pytest.mark.parametrize(("aside", "is_hidden"), [(0.1299, True), (0.1301, False)])
def test_a_head_hides_out_to_half_of_head_and_face(aside, is_hidden):
    # (0.16 + 0.10) / 2 = 0.13 m; the line passes at 1.684 m, above these shoulders (1.45 m).
    places = [(0, 10), (aside, 9.4)]
    assert (weights(places, [1.77, 1.75])[0] == 0) == is_hidden


@pytest.mark.parametrize(("aside", "is_hidden"), [(0.2799, True), (0.2801, False)])
def test_shoulders_hide_out_to_half_of_shoulders_and_face(aside, is_hidden):
    # (0.46 + 0.10) / 2 = 0.28 m; face at 1.23 m, line at 1.23 + 0.6 * 1.77 / 10 = 1.336 m.
    places = [(0, 10), (aside, 9.4)]
    assert (weights(places, [1.40, 1.70])[0] == 0) == is_hidden


def test_a_blocker_exactly_at_the_limit_does_not_hide():
    # Powers of two, so that the limits are met exactly: half of head plus face is 1/8 m.
    optics = OPTICS.copy()
    optics[sight.OPT_HEAD_WIDTH], optics[sight.OPT_FACE_WIDTH] = 0.125, 0.125
    optics[sight.OPT_FACE_DROP], optics[sight.OPT_SHOULDER_DROP] = 0.25, 1.0
    level = camera(height=1.5)  # face at 1.5 m too: a level line of sight

    def hidden(aside, crown):
        return weights([(0, 8), (aside, 4)], [1.75, crown], row=level, optics=optics)[0] == 0

    assert not hidden(0.125, 1.75)
    assert hidden(np.nextafter(0.125, 0), 1.75)
    assert not hidden(0.0, 1.5)  # a crown that just touches the line
    assert hidden(0.0, np.nextafter(1.5, 2))


def test_shoulders_hide_where_the_head_would_not():
    beside = 0.2  # outside half of head and face (0.13), inside half of shoulders and face (0.28)
    assert weights([(0, 10), (beside, 9.4)], [1.40, 1.75])[0] == 0
    assert weights([(0, 10), (beside, 9.4)], [1.70, 1.75])[0] > 0


def test_a_wall_hides_and_a_wall_behind_does_not():
    across = np.array([[-1.0, 5.0, 1.0, 5.0]])
    behind = np.array([[-1.0, 9.0, 1.0, 9.0]])
    assert weights([(0, 8)], [1.7], walls=across)[0] == 0
    assert weights([(0, 8)], [1.7], walls=behind)[0] > 0
    beside = np.array([[0.001, 5.0, 1.0, 5.0]])  # ends just short of the line of sight
    assert weights([(0, 8)], [1.7], walls=beside)[0] > 0


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


SMALLEST_MARGIN = 1e-9  # m (or rad, px): nearer to a tie than this, two programs may differ


def random_crowd(seed, density, height):
    """Return people on 10 by 16 m, most of them looking roughly at the camera, and the lens."""
    rng = np.random.default_rng([seed, round(100 * density), round(100 * height)])
    n = int(rng.poisson(density * 160))
    lens = Lens(
        x=0.3,
        y=-0.2,
        height=height,
        heading_deg=rng.uniform(-10, 10) % 360,
        tilt_deg=float(rng.choice([0.0, 10.0, 20.0])),
        field_of_view_deg=50.0,
        width_px=3840,
        height_px=2160,
        near=2.0,
        far=13.0,
    )
    x, y = rng.uniform(-5, 5, n), rng.uniform(-1, 15, n)
    people = People(
        x=x,
        y=y,
        crown=rng.normal(1.65, 0.12, n),
        shoulder=rng.uniform(0.33, 0.50, n),
        nose=nose_towards(x, y, lens) + rng.normal(0, 0.6, n),
        pitch=rng.choice([0.0, radians(-30), radians(-60)], n, p=[0.7, 0.2, 0.1]),
        covered=rng.random(n) < 0.05,
    )
    return people, lens


def kernel_weights(people, lens, walls):
    n, out = len(people.x), np.zeros(len(people.x))
    row = sight.camera_row(
        (lens.x, lens.y),
        lens.height,
        heading_deg=lens.heading_deg,
        tilt_deg=lens.tilt_deg,
        field_of_view_deg=lens.field_of_view_deg,
        size_px=(lens.width_px, lens.height_px),
        near=lens.near,
        far=lens.far,
    )
    sight.look(
        n,
        people.x,
        people.y,
        people.crown,
        people.shoulder,
        people.nose,
        people.pitch,
        people.covered,
        row,
        OPTICS,
        walls,
        np.zeros(n, dtype=np.int64),
        out,
    )
    return out


SOME_WALLS = np.array([[2.0, 6.0, 3.0, 6.0], [-3.0, 4.0, -1.0, 5.0], [0.5, 9.0, 0.9, 12.0]])
# 1.53 m hangs at face height; 1.2 m looks up at faces, so that lines of sight rise.
HEIGHTS = (1.2, 1.53, 2.5, 3.2, 5.0)


@pytest.mark.parametrize("walls", [NO_WALLS, SOME_WALLS], ids=["open", "walls"])
@pytest.mark.parametrize(
    "density", [0.1, *(pytest.param(dense, marks=pytest.mark.slow) for dense in (0.5, 1.0, 2.0))]
)
def test_the_kernel_agrees_with_the_independent_twin(density, walls):  # theory: shapely
    # 25 crowds a case, 200 in all, about 29,000 faces.
    ends = [((a, b), (c, d)) for a, b, c, d in walls.tolist()]
    clear, why_not = 0, Counter()
    for height in HEIGHTS:
        for seed in range(5):
            people, lens = random_crowd(seed, density, height)
            weight = kernel_weights(people, lens, walls)
            for i in range(len(people.x)):
                found = verdict(i, people, lens, ends)
                agrees = (weight[i] > 0) == found.is_clear
                assert agrees or found.margin < SMALLEST_MARGIN, (seed, height, i, found)
                clear += found.is_clear
                why_not.update(found.why_not)
    # The crowds put every question, or agreement would show nothing.
    asked = {"too near", "too far", "behind the camera", "out of the frame", "covered"}
    asked |= {"turned away", "looks down or up", "hidden by head", "hidden by shoulders"}
    asked |= {"behind a wall"} if len(walls) else set()
    assert clear > 20
    assert asked <= set(why_not)
