"""The walking distance and its descent, against straight lines and the way round a corner."""

import numba
import numpy as np
import pytest

from sim.kernels import routes
from sim.kernels.routes import descent, distance_field

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

CELL = 0.25
XS, YS = np.arange(0, 20.01, CELL), np.arange(0, 10.01, CELL)
GRID_X, GRID_Y = np.meshgrid(XS, YS)
DOOR = np.maximum(np.abs(GRID_Y - 5.0) - 1.0, 0.0)  # distance along y to a door of 2 m at x = 20


def to_door(x, y):
    return np.hypot(20.0 - x, np.maximum(np.abs(y - 5.0) - 1.0, 0.0))


def seeds_beside_the_door():
    straight = to_door(GRID_X, GRID_Y)
    return np.where(straight <= 1.5 * CELL, straight, np.inf)


def empty_room(slowness=1.0):
    return distance_field(
        np.ones(GRID_X.shape, dtype=np.bool_),
        np.full(GRID_X.shape, slowness),
        seeds_beside_the_door(),
        CELL,
    )


def test_distance_in_an_empty_room_is_the_straight_line():  # theory
    # First-order upwind: off by less than a cell; 1.7 % at 10 m and beyond, 3.9 % at 5 m.
    error = empty_room() - to_door(GRID_X, GRID_Y)
    straight = to_door(GRID_X, GRID_Y)
    assert np.abs(error).max() < CELL
    far = straight > 10
    assert (np.abs(error[far]) < 0.02 * straight[far]).all()
    ahead = np.abs(GRID_Y - 5.0) <= 1.0
    np.testing.assert_allclose(empty_room()[ahead], straight[ahead], atol=1e-9)


def test_descent_in_an_empty_room_points_at_the_door():  # theory
    field = empty_room()
    for x, y in np.random.default_rng(1).uniform((0.5, 0.5), (18, 9.5), (200, 2)):
        nearest = np.array([20.0, np.clip(y, 4.0, 6.0)]) - (x, y)
        found = np.array(descent(field, 0.0, 0.0, CELL, x, y))
        assert np.hypot(*found) == pytest.approx(1.0)
        assert found @ nearest / np.hypot(*nearest) > np.cos(
            np.radians(10.0)
        )  # 2 degrees in the mean


def test_distance_round_a_corner_is_the_way_by_the_corner():  # theory
    # A wall from the ceiling down to y = 3 at x = 10 (two cells thick): from behind it the
    # shortest way bends once, at the wall's end.
    walkable = ~((np.abs(GRID_X - 10.0) <= CELL / 2) & (GRID_Y >= 3.0))
    field = distance_field(walkable, np.ones(GRID_X.shape), seeds_beside_the_door(), CELL)
    corner_y = 3.0 - CELL  # the last open centre below the wall
    hidden = (GRID_X < 9) & (GRID_Y > 5)
    by_corner = np.hypot(10.0 - GRID_X, GRID_Y - corner_y) + to_door(10.0, corner_y)
    error = np.abs(field - by_corner)[hidden]
    assert error.max() < 2 * CELL
    assert (error < 0.04 * by_corner[hidden]).all()
    assert np.isinf(field[~walkable]).all()


def test_slow_ground_is_longer_in_proportion():  # theory
    seeds = np.where(GRID_X == 20.0, 0.0, np.inf)
    walkable = np.ones(GRID_X.shape, dtype=np.bool_)
    field = distance_field(walkable, np.full(GRID_X.shape, 2.5), seeds, CELL)
    np.testing.assert_allclose(field, 2.5 * (20.0 - GRID_X), atol=1e-9)


def test_ground_that_cannot_be_reached_is_infinitely_far():  # unit
    walkable = np.abs(GRID_X - 10.0) > CELL / 2
    field = distance_field(walkable, np.ones(GRID_X.shape), seeds_beside_the_door(), CELL)
    assert np.isinf(field[GRID_X < 10]).all()
    assert np.isfinite(field[GRID_X > 10.2]).all()
    assert descent(field, 0.0, 0.0, CELL, 4.0, 4.0) == (0.0, 0.0)


def test_slow_ground_beside_walls_keeps_the_way_off_the_corner():  # unit
    walkable = ~((np.abs(GRID_X - 10.0) <= CELL / 2) & (GRID_Y >= 3.0))
    away = np.hypot(GRID_X - 10.0, np.minimum(GRID_Y - (3.0 - CELL / 2), 0.0))
    closest = []
    for slowness in (np.ones(GRID_X.shape), 1 + 2 * np.maximum(1 - away / 0.6, 0)):
        field = distance_field(walkable, slowness, seeds_beside_the_door(), CELL)
        x, y, nearest = 6.0, 7.0, np.inf
        for _ in range(400):
            step_x, step_y = descent(field, 0.0, 0.0, CELL, x, y)
            x, y = x + 0.05 * step_x, y + 0.05 * step_y
            nearest = min(nearest, np.hypot(x - 10.0, min(y - (3.0 - CELL / 2), 0.0)))
        assert x > 18.0
        closest.append(nearest)
    assert closest[0] < 0.2 < closest[1]


@pytest.mark.parametrize(
    ("x", "y"), [(-3.0, 5.0), (23.0, 5.0), (10.0, -4.0), (10.0, 14.0), (9.9, 8.0), (10.05, 3.05)]
)
def test_descent_beside_and_beyond_blocked_ground_leads_somewhere(x, y):  # unit
    walkable = ~((np.abs(GRID_X - 10.0) <= CELL / 2) & (GRID_Y >= 3.0))
    field = distance_field(walkable, np.ones(GRID_X.shape), seeds_beside_the_door(), CELL)
    assert np.hypot(*descent(field, 0.0, 0.0, CELL, x, y)) == pytest.approx(1.0)


def test_descent_at_nan_is_still_a_number():  # unit
    assert np.isfinite(descent(empty_room(), 0.0, 0.0, CELL, np.nan, 2.0)).all()


@compiled
def test_routes_compiled_equals_plain(monkeypatch):  # parity
    walkable = np.random.default_rng(2).random((14, 17)) > 0.2
    slowness = np.random.default_rng(3).uniform(1, 3, (14, 17))
    seeds = np.full((14, 17), np.inf)
    seeds[7, 16] = walkable[7, 16] = True
    field = distance_field(walkable, slowness, seeds, CELL)
    np.testing.assert_allclose(
        distance_field.py_func(walkable, slowness, seeds, CELL), field, rtol=1e-12
    )
    points = np.random.default_rng(4).uniform(-1, 5, (300, 2))
    expected = [descent(field, 0.0, 0.0, CELL, x, y) for x, y in points]
    monkeypatch.setattr(routes, "_to_best_cell", routes._to_best_cell.py_func)
    plain = [descent.py_func(field, 0.0, 0.0, CELL, x, y) for x, y in points]
    np.testing.assert_allclose(plain, expected, rtol=1e-12)
