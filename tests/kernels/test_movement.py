"""The walk of people: by hand, against theory, and the verification cases of the literature.

V1..V13 are the usual verification cases of pedestrian models (RiMEA, IMO MSC.1/Circ.1238, the
Juelich tests); docs/model/walk.md lists them.
"""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernels import confine, movement, neighbours
from sim.kernels.confine import CLEARANCE, keep_inside
from sim.kernels.movement import (
    SIDE_PREFERENCE,
    add_wall_pushes,
    desired_moves,
    make_law,
    make_scratch,
    make_walls,
)
from sim.kernels.portable_math import exponential
from sim.kernels.routes import descent, distance_field
from tests.properties import examples

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

DT = 0.05
LAW = make_law(
    time_gap=0.6,
    strength=8.0,
    reach=0.2,
    wall_strength=5.0,
    wall_reach=0.05,
    radius=0.2,
    fastest=2.2,
)
NO_WALLS = np.empty((0, 4))
OPEN = (-50.0, -50.0, 50.0, 50.0)


class Crowd:
    """A crowd that walks: positions ``(n,)``, desired directions and speeds."""

    def __init__(self, x, y, goal_x, goal_y, wish, *, walls=NO_WALLS, bounds=OPEN, law=LAW):
        self.x, self.y = np.array(x, dtype=float), np.array(y, dtype=float)
        n = len(self.x)
        self.goal_x, self.goal_y, self.wish = (
            np.array(np.broadcast_to(values, n), dtype=float) for values in (goal_x, goal_y, wish)
        )
        self.law, self.walls = law, make_walls(walls, bounds, law)
        self.scratch = make_scratch(n, bounds, law)
        self.step_x, self.step_y, self.pace = np.zeros((3, n))

    def choose(self):
        """Choose directions and speeds from where everybody is."""
        desired_moves(
            len(self.x),
            self.x,
            self.y,
            self.goal_x,
            self.goal_y,
            self.wish,
            self.law,
            self.walls,
            self.scratch,
            self.step_x,
            self.step_y,
            self.pace,
        )

    def walk(self, seconds, dt=DT):
        """Walk for some seconds."""
        for _ in range(round(seconds / dt)):
            self.choose()
            keep_inside(
                len(self.x),
                self.x,
                self.y,
                self.step_x,
                self.step_y,
                self.pace,
                dt,
                self.law,
                self.walls,
            )

    def closest(self):
        """Return the least distance between two people, m."""
        away = np.hypot(self.x[:, None] - self.x, self.y[:, None] - self.y)
        return away[np.triu_indices(len(self.x), 1)].min()


def corridor(length, width):
    """Return the two side walls of a corridor along x."""
    return np.array([[0.0, 0.0, length, 0.0], [length, width, 0.0, width]])


def spread(n, length, width, rng, gap=0.5):
    """Return places ``(n, 2)`` in a corridor, at least ``gap`` m apart."""
    places = []
    while len(places) < n:
        place = rng.uniform((0.3, 0.3), (length - 0.3, width - 0.3))
        if all(np.hypot(*(place - other)) >= gap for other in places):
            places.append(place)
    return np.array(places)


# --- by hand


def test_nobody_walks_in_an_empty_street():  # unit
    empty = Crowd([], [], 1, 0, 1, walls=corridor(10, 4), bounds=(0, 0, 10, 4))
    empty.walk(0.1)
    assert len(empty.x) == 0


def test_one_person_walks_straight_at_the_desired_speed():  # unit
    crowd = Crowd([0], [0], 0.6, 0.8, 1.3)
    crowd.choose()
    assert (crowd.step_x[0], crowd.step_y[0], crowd.pace[0]) == pytest.approx((0.6, 0.8, 1.3))


@pytest.mark.parametrize(
    ("distance", "speed"), [(0.97, 0.95), (1.0, 1.0), (1.18, 1.3), (2.0, 1.34)]
)
def test_a_follower_walks_as_fast_as_the_gap_allows(distance, speed):  # unit
    crowd = Crowd([0, distance], [0, 0], 1, 0, [1.34, 0.0])
    crowd.choose()
    assert crowd.pace[0] == pytest.approx(speed, rel=1e-12)
    assert crowd.step_x[0] == pytest.approx(1.0)
    assert crowd.pace[1] == 0.0


def test_two_people_abreast_turn_apart_as_the_equation_says():  # unit
    crowd = Crowd([0, 0], [0, 0.7], 1, 0, 1.2)
    crowd.choose()
    push = 8 * np.exp((0.4 - 0.7) / 0.2)
    np.testing.assert_allclose(crowd.step_x, 1 / np.hypot(1, push), rtol=1e-11)
    np.testing.assert_allclose(
        crowd.step_y, np.array([-1, 1]) * push / np.hypot(1, push), rtol=1e-11
    )
    np.testing.assert_allclose(crowd.pace, 1.2)  # neither is in the strip ahead of the other


def test_who_is_behind_or_beside_the_strip_does_not_slow():  # unit
    crowd = Crowd([0, -0.6, 0.5], [0, 0, 0.45], 1, 0, [1.3, 0.0, 0.0])
    crowd.goal_x[0], crowd.goal_y[0] = 1.0, 0.0
    free = Crowd([0], [0], 1, 0, 1.3)
    free.choose()
    crowd.choose()
    assert crowd.pace[0] == free.pace[0] == 1.3


def test_people_in_the_same_place_get_apart_without_nan():  # unit
    crowd = Crowd([1, 1, 1], [2, 2, 2.0], [1, -1, 0], [0, 0, 1], [1.2, 1.3, 1.1])
    crowd.choose()
    assert np.isfinite([crowd.step_x, crowd.step_y, crowd.pace]).all()
    crowd.walk(2)
    assert crowd.closest() > 0.4


def test_people_a_hair_apart_part_along_the_line_between_them():  # unit
    crowd = Crowd([0, 6e-13], [0, 8e-13], 1, 0, 1.2)
    crowd.choose()
    np.testing.assert_allclose([crowd.step_x[1], crowd.step_y[1]], [0.6, 0.8], atol=0.02)
    np.testing.assert_allclose([crowd.step_x[0], crowd.step_y[0]], [-0.6, -0.8], atol=0.02)


@pytest.mark.parametrize(("fastest", "cutoff"), [(2.2, 2.4), (4.0, 2.8)])
def test_people_react_as_far_as_the_law_reaches(fastest, cutoff):  # unit
    law = make_law(
        time_gap=0.6,
        strength=8.0,
        reach=0.2,
        wall_strength=5.0,
        wall_reach=0.05,
        radius=0.2,
        fastest=fastest,
    )
    assert law.cutoff == pytest.approx(cutoff)


def test_who_has_no_goal_stands_still():  # unit
    crowd = Crowd([0], [0], 0, 0, 1.2)
    crowd.walk(1)
    assert (crowd.x[0], crowd.y[0]) == (0, 0)


def test_nan_harms_nobody_who_is_far():  # unit
    crowd = Crowd([np.nan, 10], [0, 0], 1, 0, 1.2, walls=corridor(20, 4))
    crowd.walk(1)
    assert crowd.x[1] == pytest.approx(11.2)


@pytest.mark.parametrize("exponent", [-700.0, -20.3, -1.0, -1e-9, 0.0, 0.34, 1.0, 5.4, 699.0])
def test_exponential_agrees_with_the_library(exponent):  # theory
    assert exponential(np.float64(exponent)) == pytest.approx(np.exp(exponent), rel=3e-13)


def test_exponential_beyond_its_range_is_finite_and_positive():  # unit
    assert 0 < exponential(np.float64(-1e6)) < 1e-300
    assert 1e300 < exponential(np.float64(1e6)) < np.inf


# --- walls


def push_at(walls, x, y, law=LAW):
    scratch = make_scratch(1, OPEN, law)
    scratch.x[0], scratch.y[0] = x, y
    add_wall_pushes(1, law, make_walls(np.array(walls, dtype=float), OPEN, law), scratch)
    return np.array([scratch.push_x[0], scratch.push_y[0]])


def test_a_wall_pushes_straight_away_from_it():  # unit
    push = push_at([[-5, 0, 5, 0]], 1.0, 0.3)
    np.testing.assert_allclose(push, [0, 5 * np.exp((0.2 - 0.3) / 0.05)], rtol=1e-12)


@pytest.mark.parametrize("x", [-0.4, 0.0, 1e-9, 0.3])
def test_a_straight_wall_in_pieces_is_one_wall(x):  # V14, geometry split
    whole = push_at([[-5, 0, 5, 0]], x, 0.25)
    for pieces in (
        [[-5, 0, 0, 0], [0, 0, 5, 0]],
        [[-5, 0, 0, 0], [5, 0, 0, 0]],
        [[0, 0, -5, 0], [0.2, 0, 0, 0], [0.2, 0, 5, 0]],
    ):
        np.testing.assert_allclose(push_at(pieces, x, 0.25), whole, rtol=1e-12)


def test_an_outer_corner_pushes_once_and_an_inner_one_with_both_walls():  # unit
    corner = [[-5, 0, 0, 0], [0, 0, 0, -5]]
    away = np.hypot(0.2, 0.2)
    once = 5 * np.exp((0.2 - away) / 0.05) / np.sqrt(2)
    np.testing.assert_allclose(push_at(corner, 0.2, 0.2), [once, once], rtol=1e-12)
    each = 5 * np.exp((0.2 - 0.25) / 0.05)
    np.testing.assert_allclose(push_at(corner, -0.25, -0.25), [-each, -each], rtol=1e-12)


def test_a_free_end_of_a_wall_pushes():  # unit
    push = push_at([[-5, 0, 0, 0]], 0.3, 0.0)
    np.testing.assert_allclose(push, [5 * np.exp((0.2 - 0.3) / 0.05), 0], rtol=1e-12)


ELL = shapely.Polygon([(0, 0), (8, 0), (8, 6), (6, 6), (6, 2), (0, 2)])


def walls_of(polygon):
    rings = [polygon.exterior, *polygon.interiors]
    pieces = [np.hstack([c[:-1], c[1:]]) for c in (np.array(ring.coords) for ring in rings)]
    return np.concatenate(pieces)


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), pace=st.floats(0.1, 60.0), heading=st.floats(0, 6.3))
def test_no_stride_however_long_leaves_the_place(seed, pace, heading):  # property
    place = ELL.difference(shapely.box(2, 0.8, 3, 1.2))
    rng = np.random.default_rng(seed)
    points = rng.uniform((0, 0), (8, 6), (60, 2))
    points = points[shapely.contains_xy(place, points[:, 0], points[:, 1])]
    walls = make_walls(walls_of(place), place.bounds, LAW)
    boundary = place.boundary
    before = shapely.distance(shapely.points(points), boundary)
    x, y = points.T.copy()
    n = len(x)
    aside = np.full(n, np.sin(heading))
    for _ in range(30):
        keep_inside(n, x, y, np.full(n, np.cos(heading)), aside, np.full(n, pace), DT, LAW, walls)
    assert shapely.contains_xy(place, x, y).all()
    after = shapely.distance(shapely.points(x, y), boundary)
    assert (after >= np.minimum(before, CLEARANCE * LAW.radius) - 1e-9).all()


def test_a_move_against_a_wall_slides_along_it():  # unit
    walls = make_walls(corridor(20.0, 4.0), (0, 0, 20, 4), LAW)
    x, y = np.array([5.0]), np.array([0.12])
    keep_inside(1, x, y, np.array([0.6]), np.array([-0.8]), np.array([1.0]), DT, LAW, walls)
    assert x[0] == pytest.approx(5.0 + 0.6 * DT)
    assert y[0] == pytest.approx(CLEARANCE * LAW.radius)


# --- the result does not depend on how it is computed


def random_crowd(n, seed, length=12.0, width=6.0, **options):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform((0, 0), (length, width), (n, 2)).T
    heading = rng.uniform(0, 2 * np.pi, n)
    return Crowd(x, y, np.cos(heading), np.sin(heading), rng.uniform(0.5, 2.2, n), **options)


@settings(max_examples=examples(25), deadline=None)
@given(n=st.integers(2, 150), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_no_bit(n, seed):  # property
    one = random_crowd(n, seed)
    other = random_crowd(n, seed)
    shuffled = np.random.default_rng(seed).permutation(n)
    for name in ("x", "y", "goal_x", "goal_y", "wish"):
        setattr(other, name, getattr(other, name)[shuffled])
    one.choose()
    other.choose()
    for name in ("step_x", "step_y", "pace"):
        np.testing.assert_array_equal(getattr(one, name)[shuffled], getattr(other, name))


@pytest.mark.parametrize("bounds", [(0, 0, 12, 6), (3, 2, 5, 3), (-1e4, -1e4, 1e5, 1e5)])
def test_the_grid_changes_no_bit(bounds):  # property
    one, other = random_crowd(150, 7), random_crowd(150, 7)
    other.scratch = make_scratch(150, bounds, LAW)
    one.choose()
    other.choose()
    for name in ("step_x", "step_y", "pace"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("walls", [NO_WALLS, np.array([[1.0, 0.0, 1.0, 0.8], [1.3, 2, 1.3, 1]])])
def test_a_crowd_with_more_pairs_than_memory_gets_the_same_bits(walls):  # property
    small = random_crowd(200, 9, 2.0, 2.0, walls=walls)
    roomy = random_crowd(200, 9, 2.0, 2.0, walls=walls)
    roomy.scratch = make_scratch(2000, OPEN, LAW)
    assert len(small.scratch.other) < 200 * 199 / 2
    assert len(roomy.scratch.other) > 200 * 199 / 2 + 200
    small.choose()
    roomy.choose()
    for name in ("step_x", "step_y", "pace"):
        np.testing.assert_array_equal(getattr(small, name), getattr(roomy, name))


DIGEST = """
import hashlib, sys
sys.path.insert(0, {folder!r})
from test_movement import ELL, random_crowd, walls_of
crowd = random_crowd(150, 5, 8.0, 2.0, walls=walls_of(ELL), bounds=ELL.bounds)
crowd.walk(5)
print(hashlib.sha256(crowd.x.tobytes() + crowd.y.tobytes()).hexdigest())
"""


@compiled
@pytest.mark.slow  # compiles everything anew
def test_a_processor_without_wide_vectors_gets_the_same_bits(tmp_path):
    code = DIGEST.format(folder=str(Path(__file__).parent))
    digests = []
    for name, processor in (("this", {}), ("plain", {"NUMBA_CPU_NAME": "generic"})):
        cache = {"NUMBA_CACHE_DIR": str(tmp_path / name)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **processor, **cache, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.append(done.stdout)
    assert digests[0] == digests[1]


@compiled
def test_movement_compiled_equals_plain(monkeypatch):  # parity
    walls = walls_of(ELL)
    fast = random_crowd(45, 11, 6.0, 2.0, walls=walls, bounds=ELL.bounds)
    plain = random_crowd(45, 11, 6.0, 2.0, walls=walls, bounds=ELL.bounds)
    fast.walk(2 * DT)
    names = [
        "sort_into_cells",
        "collect_pairs",
        "drop_parted",
        "wall_cell",
        "exponential",
        "add_pushes",
        "add_wall_pushes",
        "choose_directions",
        "look_ahead",
    ]
    for name in names:
        monkeypatch.setattr(movement, name, getattr(movement, name).py_func)
    for name in ("grid_for", "slot", "wall_cell", "is_parted"):
        monkeypatch.setattr(neighbours, name, getattr(neighbours, name).py_func)
    monkeypatch.setattr(confine, "wall_cell", confine.wall_cell.py_func)
    for name, home in (("desired_moves", movement), ("keep_inside", confine)):
        monkeypatch.setitem(globals(), name, getattr(home, name).py_func)
    plain.walk(2 * DT)
    for name in ("x", "y", "step_x", "step_y", "pace"):
        np.testing.assert_allclose(
            getattr(plain, name), getattr(fast, name), rtol=1e-12, atol=1e-15
        )


# --- theory and verification


@pytest.mark.parametrize("leader_speed", [0.2, 0.6, 1.0])
def test_a_file_settles_at_the_gap_of_the_speed_law(leader_speed):  # theory
    # With a repulsion too short to turn anybody the model is the optimal velocity model in one
    # dimension: v = min(v0, (1 / density - 2 r) / T).
    law = LAW._replace(reach=0.01)
    n = 8
    file = Crowd(
        -np.arange(n), np.zeros(n), 1, 0, np.r_[leader_speed, np.full(n - 1, 1.34)], law=law
    )
    file.walk(60)
    spacing = -np.diff(file.x)
    np.testing.assert_allclose(spacing, 2 * law.radius + leader_speed * law.time_gap, rtol=1e-6)
    np.testing.assert_allclose(file.pace, leader_speed, rtol=1e-6)


def test_v1_forty_metres_at_one_metre_a_second_take_forty_seconds():
    crowd = Crowd([0.0], [1.0], 1, 0, 1.0, walls=corridor(50, 2), bounds=(0, 0, 50, 2))
    crowd.walk(40)
    assert crowd.x[0] == pytest.approx(40.0, rel=0.01)


def test_v2_a_turned_and_shifted_street_gives_the_turned_and_shifted_walk():
    places = spread(60, 12, 4, np.random.default_rng(2))
    goal = np.where(np.arange(60) % 2, 1.0, -1.0)
    walls = np.array([[0, 0, 12, 0], [12, 4, 0, 4], [6, 1.5, 6, (2.5).__float__()]])
    straight = Crowd(*places.T, goal, 0, 1.3, walls=walls, bounds=(0, 0, 12, 4))
    angle, shift = 0.7, np.array([31.0, -17.0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    there = places @ turn.T + shift
    turned_walls = (walls.reshape(-1, 2) @ turn.T + shift).reshape(-1, 4)
    turned = Crowd(
        *there.T,
        goal * turn[0, 0],
        goal * turn[1, 0],
        1.3,
        walls=turned_walls,
        bounds=(20, -20, 50, 0),
    )
    straight.walk(1)
    turned.walk(1)
    back = (np.column_stack([turned.x, turned.y]) - shift) @ turn
    np.testing.assert_allclose(back, np.column_stack([straight.x, straight.y]), atol=1e-9)


def test_v3_nobody_leaves_the_place_at_a_corner():
    cell = 0.1
    xs, ys = np.arange(-0.2, 8.3, cell), np.arange(-0.2, 6.3, cell)
    grid_x, grid_y = np.meshgrid(xs, ys)
    inside = shapely.contains_xy(ELL, grid_x, grid_y)
    away = shapely.distance(shapely.points(grid_x, grid_y), ELL.boundary)
    slowness = 1 + 2 * np.maximum(1 - away / 0.6, 0)
    field = distance_field(inside, slowness, np.where(grid_y > 5.8, 6.0 - grid_y, np.inf), cell)
    walls = walls_of(ELL)
    walls = walls[~((walls[:, 1] == 6) & (walls[:, 3] == 6))]  # the exit
    places = spread(20, 6, 2, np.random.default_rng(3))
    crowd = Crowd(*places.T, 1, 0, 1.3, walls=walls, bounds=ELL.bounds)
    for _ in range(round(20 / DT)):
        for i in range(20):
            goal = (0.0, 1.0)
            if crowd.y[i] < 5.8:
                goal = descent(field, -0.2, -0.2, cell, crowd.x[i], crowd.y[i])
            crowd.goal_x[i], crowd.goal_y[i] = goal
        crowd.walk(DT)
        assert (shapely.contains_xy(ELL, crowd.x, crowd.y) | (crowd.y >= 6)).all()
    assert (crowd.y > 6).all()


def test_v4_a_person_stands_behind_one_who_stands():
    crowd = Crowd(
        [0, 6], [0.3, 0.3], 1, 0, [1.3, 0.0], walls=corridor(20, 0.6), bounds=(0, 0, 20, 0.6)
    )
    for _ in range(400):
        crowd.walk(DT)
        assert crowd.closest() >= 2 * LAW.radius
    assert 4 < crowd.x[0] < crowd.x[1]


def test_v5_a_person_overtakes_one_who_stands():
    crowd = Crowd([0, 6], [2, 2], 1, 0, [1.3, 0.0], walls=corridor(20, 4), bounds=(0, 0, 20, 4))
    crowd.walk(12)
    assert crowd.x[0] > 12
    assert crowd.closest() >= 2 * LAW.radius


@pytest.mark.parametrize("walled", [True, False])
def test_v6_people_do_not_react_through_a_wall(walled):
    law = LAW._replace(wall_reach=0.02)
    between = np.array([[-20.0, 0.0, 20.0, 0.0]])
    end = np.array([[25.0, -5.0, 25.0, 5.0], [-25.0, 5.0, -25.0, -5.0]])  # room on both sides
    walls = np.vstack([between, end]) if walled else end
    crowd = Crowd([-3, 3], [0.6, -0.6], [1, -1], 0, 1.3, walls=walls, bounds=OPEN, law=law)
    aside = 0.0
    for _ in range(100):
        crowd.walk(DT)
        aside = max(aside, abs(crowd.y[0] - 0.6), abs(crowd.y[1] + 0.6))
    assert (aside < 0.005) == walled


def mean_speed(dt):
    rng = np.random.default_rng(13)
    places = spread(40, 20, 4, rng)
    wish = np.clip(rng.normal(1.34, 0.26, 40), 0.5, 2.2)
    crowd = Crowd(*places.T, 1, 0, wish, walls=corridor(60, 4), bounds=(0, 0, 60, 4))
    start = crowd.x.copy()
    crowd.walk(15, dt)
    return (crowd.x - start).mean() / 15


def test_v13_half_the_time_step_changes_the_mean_speed_by_less_than_two_per_cent():
    assert mean_speed(DT / 2) == pytest.approx(mean_speed(DT), rel=0.02)


def test_two_people_exactly_head_on_pass_on_the_right():  # unit
    crowd = Crowd([-3, 3], [0, 0], [1, -1], 0, 1.3)
    crowd.walk(10)
    assert crowd.x[0] > 3
    assert crowd.x[1] < -3
    assert crowd.y[0] < 0 < crowd.y[1]  # each on the right
    assert crowd.closest() >= 2 * LAW.radius


def test_the_side_preference_acts_only_where_symmetry_holds_people_up():  # unit
    offset = 0.8 * 2 * SIDE_PREFERENCE
    left = Crowd([0, 0.75], [0, -offset], 1, 0, [1.3, 0])
    left.choose()
    assert left.step_y[0] > 0  # the other stands to the right: turn left
    straight = Crowd([0, 0.75], [0, 0.0], 1, 0, [1.3, 0])
    straight.choose()
    assert straight.step_y[0] < 0
    far = Crowd([0, 1.2], [0, 0.0], 1, 0, [1.3, 0])
    far.choose()
    assert far.step_y[0] == 0


def test_two_thin_streams_do_not_jam():
    rng = np.random.default_rng(17)
    places = spread(24, 16, 3, rng)
    goal = np.where(np.arange(24) % 2, 1.0, -1.0)
    crowd = Crowd(*places.T, goal, 0, 1.34, walls=corridor(80, 3) - [40, 0, 40, 0], bounds=OPEN)
    start = crowd.x.copy()
    crowd.walk(24)
    assert (goal * (crowd.x - start) > 16).all()
