"""Room to the sides of a way and the turn to one's own side of it, by hand."""

import numba
import numpy as np
import pytest

from sim.kernels.routes import distance_field
from sim.kernels.sideways import (
    CLEAR,
    EASE,
    MOST_ASIDE,
    SETTLE,
    SWAY,
    WIDEST_ROOM,
    aside_slope,
    side_rooms,
)

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

CELL = 0.25
XS, YS = np.arange(0, 30.01, CELL), np.arange(-0.5, 8.51, CELL)
GRID_X, GRID_Y = np.meshgrid(XS, YS)
FAR = 1000.0


def corridor(low, high):
    """Return who can walk between two walls along x, and the distance to an exit at x = 30."""
    walkable = (low < GRID_Y) & (high > GRID_Y)
    seeds = np.where(walkable & (GRID_X == 30.0), 0.0, np.inf)
    return walkable, distance_field(walkable, np.ones(GRID_X.shape), seeds, CELL)


def test_room_in_a_corridor_is_the_distance_to_its_walls():  # unit
    right, left = side_rooms(*corridor(0.0, 3.0), CELL)
    inside = (GRID_Y > 0) & (GRID_Y < 3) & (GRID_X < 28)
    # Up to a cell: a wall lies between the last open centre and the first closed one.
    np.testing.assert_allclose(right[inside], GRID_Y[inside], atol=CELL)
    np.testing.assert_allclose(left[inside], 3.0 - GRID_Y[inside], atol=CELL)


def test_room_counts_up_to_the_widest():  # unit
    right, left = side_rooms(*corridor(0.0, 8.0), CELL)
    middle = np.abs(GRID_Y - 4.0) < 0.1
    assert (right[middle] > WIDEST_ROOM - CELL).all()
    high = np.abs(GRID_Y - 7.0) < 0.1
    assert (right[high] == WIDEST_ROOM).all()
    np.testing.assert_allclose(left[high], 1.0, atol=CELL)


def test_a_neck_ahead_is_seen_before_it_is_reached():  # unit
    walkable, _ = corridor(0.0, 8.0)
    walkable &= (GRID_X < 15.0) | (np.abs(GRID_Y - 4.0) < 1.0)
    seeds = np.where(walkable & (GRID_X == 30.0), 0.0, np.inf)
    field = distance_field(walkable, np.ones(GRID_X.shape), seeds, CELL)
    right, left = side_rooms(walkable, field, CELL)
    row = int(np.argmin(np.abs(YS - 4.0)))
    width = {x: (right + left)[row, int(x / CELL)] for x in (5.0, 13.0, 20.0)}
    assert width[5.0] > 2 * WIDEST_ROOM - 1.0
    assert 2.0 < width[13.0] < 4.0
    assert width[20.0] == pytest.approx(2.0, abs=2 * CELL)


def test_who_has_the_place_wanted_walks_straight_on():  # unit
    for side in (0.0, 0.3, 1.0):
        place = CLEAR + side * (3.0 - 2 * CLEAR)
        assert aside_slope(place, 3.0 - place, side, 0.0, FAR, FAR) == pytest.approx(0, abs=1e-12)


def test_who_is_beside_the_place_wanted_turns_to_it():  # unit, W10
    place = CLEAR + 0.5 * (3.0 - 2 * CLEAR)
    slope = aside_slope(place - 0.3, 3.0 - place + 0.3, 0.5, 0.0, FAR, FAR)
    assert slope == pytest.approx(0.3 / EASE)
    assert aside_slope(place + 0.3, 3.0 - place - 0.3, 0.5, 0.0, FAR, FAR) == pytest.approx(-slope)
    beside = aside_slope(place, 3.0 - place, 0.5, 0.3, FAR, FAR)
    assert beside == pytest.approx(0.3 / EASE)  # the member on the left of the party


def test_in_the_open_each_sways_to_the_own_side_and_comes_back():  # unit, W10
    wide = WIDEST_ROOM
    assert aside_slope(wide, wide, 1.0, 0.0, FAR, FAR) == pytest.approx(SWAY)
    assert aside_slope(wide, wide, 0.0, 0.0, FAR, FAR) == pytest.approx(-SWAY)
    assert aside_slope(wide, wide, 0.5, 0.0, FAR, FAR) == 0
    assert aside_slope(wide, wide, 1.0, 0.0, FAR / 2, FAR) == pytest.approx(SWAY / 2)


@pytest.mark.parametrize("side", [0.0, 0.4, 1.0])
def test_nobody_turns_further_than_the_most_and_at_the_exit_nobody_turns(side):  # unit
    rooms = np.linspace(0, WIDEST_ROOM, 9)
    for right in rooms:
        for left in rooms:
            assert abs(aside_slope(right, left, side, 0.0, FAR, FAR)) <= MOST_ASIDE
            near = aside_slope(right, left, side, 0.0, SETTLE / 2, FAR)
            assert abs(near) <= MOST_ASIDE / 2
            assert aside_slope(right, left, side, 0.0, 0.0, FAR) == 0


def test_in_a_gap_everybody_wants_the_middle():  # unit
    for side in (0.0, 0.5, 1.0):
        assert aside_slope(0.3, 0.3, side, 0.0, FAR, FAR) == pytest.approx(0, abs=1e-12)
        assert aside_slope(0.2, 0.4, side, 0.0, FAR, FAR) > 0


@compiled
def test_sideways_compiled_equals_plain():  # parity
    rows, columns = slice(0, 22), slice(0, 30)
    walkable, field = corridor(0.0, 3.0)
    walkable, field = walkable[rows, columns].copy(), field[rows, columns].copy()
    fast = side_rooms(walkable, field, CELL)
    plain = side_rooms.py_func(walkable, field, CELL)
    np.testing.assert_allclose(fast, plain, rtol=1e-12)
    numbers = np.random.default_rng(5).uniform(0, 5, (200, 6))
    numbers[:, 2] /= 5
    for row in numbers.tolist():
        assert aside_slope(*row) == pytest.approx(aside_slope.py_func(*row), rel=1e-12, abs=1e-15)
