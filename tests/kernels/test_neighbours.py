"""Pairs of people and walls beside a person, against what a plain comparison of all finds."""

import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernels import neighbours
from sim.kernels.neighbours import (
    PIECE,
    collect_pairs,
    drop_parted,
    grid_for,
    scratch_for,
    slot,
    sort_into_cells,
)
from sim.kernels.walls import is_parted, wall_cell, walls_for
from tests.properties import examples

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
ROOM = (0.0, 0.0, 20.0, 8.0)


def pairs_of(x, y, cutoff, bounds, capacity=None):
    """Return all pairs as {(person, person): (dx, dy)}, persons in ascending order."""
    n = len(x)
    scratch = scratch_for(n if capacity is None else capacity, bounds)
    grid = sort_into_cells(n, x, y, cutoff, scratch)
    found, first = {}, 0
    while first < n:
        last, end = collect_pairs(first, n, 0, cutoff, grid, scratch)
        for i in range(first, last):
            for k in range(scratch.first_pair[i], scratch.first_pair[i + 1]):
                a, b = scratch.order[i], scratch.order[scratch.other[k]]
                sign = 1 if a < b else -1
                key = (int(min(a, b)), int(max(a, b)))
                assert key not in found, "a pair was listed twice"
                found[key] = (sign * scratch.dx[k], sign * scratch.dy[k])
        assert scratch.first_pair[last] == end
        first = last
    return found


def plain_pairs(x, y, cutoff):
    return {
        (i, j): (x[j] - x[i], y[j] - y[i])
        for i in range(len(x))
        for j in range(i + 1, len(x))
        if 0 < (x[j] - x[i]) ** 2 + (y[j] - y[i]) ** 2 < cutoff**2
    }


@settings(max_examples=examples(60), deadline=None)
@given(
    n=st.integers(0, 150),
    seed=st.integers(0, 2**32 - 1),
    cutoff=st.floats(0.3, 9.0),
    bounds=st.sampled_from(
        [ROOM, (-3.0, -2.0, 30.0, 9.0), (5.0, 3.0, 12.0, 4.0), (0, 0, 1e5, 1e5)]
    ),
)
def test_every_pair_within_reach_is_listed_once(n, seed, cutoff, bounds):  # property
    x, y = np.random.default_rng(seed).uniform((0, 0), (20, 8), (n, 2)).T.copy()
    assert pairs_of(x, y, cutoff, bounds) == plain_pairs(x, y, cutoff)


def test_a_dense_crowd_is_listed_in_pieces():  # unit
    x, y = np.random.default_rng(4).uniform(0, 3, (2, 120))
    scratch = scratch_for(120, ROOM)
    grid = sort_into_cells(120, x, y, 2.4, scratch)
    last, end = collect_pairs(0, 120, 0, 2.4, grid, scratch)
    assert last < 120
    assert PIECE < end < PIECE + 120
    assert pairs_of(x, y, 2.4, ROOM) == plain_pairs(x, y, 2.4)


def test_people_in_the_same_place_are_no_pair():  # unit
    x, y = np.array([1.0, 1.0, 1.5]), np.array([2.0, 2.0, 2.0])
    assert set(pairs_of(x, y, 2.0, ROOM)) == {(0, 2), (1, 2)}


def test_the_grid_is_never_larger_than_its_memory():  # unit
    for n in (0, 1, 41, 100, 5000):
        scratch = scratch_for(n, (0.0, 0.0, 400.0, 300.0))
        grid = grid_for(n, 2.4, scratch)
        assert grid.columns * grid.rows + 2 <= len(scratch.start)


@pytest.mark.parametrize(
    ("along", "expected"),
    [(-1.0, 0), (0.0, 0), (0.99, 1), (2.0, 4), (1e300, 4), (np.inf, 4), (np.nan, 0)],
)
def test_a_place_off_the_grid_belongs_to_the_outermost_slot(along, expected):  # unit
    assert slot(along, 2.0, 5) == expected


# A room with a wall that juts in from the left and a pillar.
ROOM_WALLS = np.array(
    [
        [0.0, 0.0, 20.0, 0.0],
        [20.0, 8.0, 0.0, 8.0],
        [0.0, 4.0, 6.0, 4.0],
        [12.0, 3.0, 12.0, 5.0],
        [12.0, 5.0, 14.0, 5.0],
        [14.0, 5.0, 14.0, 3.0],
        [14.0, 3.0, 12.0, 3.0],
    ]
)


def test_a_cell_lists_every_wall_near_any_of_its_points():  # property
    walls = walls_for(ROOM_WALLS, ROOM, near_reach=0.9, cutoff=2.4)
    lines = [shapely.LineString(ends.reshape(2, 2)) for ends in ROOM_WALLS]
    for x, y in np.random.default_rng(5).uniform((-2, -2), (22, 10), (400, 2)):
        cell = wall_cell(x, y, walls)
        near = set(walls.near[walls.near_start[cell] : walls.near_start[cell + 1]])
        apart = set(walls.apart[walls.apart_start[cell] : walls.apart_start[cell + 1]])
        inside = 0 <= x <= 20 and 0 <= y <= 8
        for wall, line in enumerate(lines):
            distance = shapely.distance(line, shapely.Point(x, y))
            if distance <= 0.9 and inside:
                assert wall in near
            if distance <= 2.4 and inside and wall >= 2:
                assert wall in apart
    assert len(walls.near) < 0.2 * walls.columns * walls.rows * len(ROOM_WALLS)


def test_only_walls_with_ground_on_both_sides_can_part_people():  # unit
    walls = walls_for(ROOM_WALLS, ROOM, near_reach=0.9, cutoff=2.4)
    assert walls.can_part
    assert set(walls.apart) == {2, 3, 4, 5, 6}
    assert not walls_for(ROOM_WALLS[:2], ROOM, near_reach=0.9, cutoff=2.4).can_part


def test_a_place_without_walls_has_none():  # unit
    walls = walls_for(np.empty((0, 4)), ROOM, near_reach=0.9, cutoff=2.4)
    assert len(walls.near) == 0
    assert not walls.can_part
    assert (
        walls_for(np.array([[1.0, 1.0, 1.0, 1.0]]), ROOM, near_reach=1, cutoff=2).segment.size == 0
    )


def test_a_way_is_barred_where_it_crosses_a_wall():  # property
    walls = walls_for(ROOM_WALLS, ROOM, near_reach=0.9, cutoff=2.4)
    parting = shapely.MultiLineString([ends.reshape(2, 2).tolist() for ends in ROOM_WALLS[2:]])
    rng = np.random.default_rng(6)
    barred = 0
    for x, y in rng.uniform((0, 0), (20, 8), (400, 2)):
        dx, dy = rng.uniform(-1.6, 1.6, 2)
        cell = wall_cell(x, y, walls)
        low, high = walls.apart_start[cell], walls.apart_start[cell + 1]
        found = is_parted(x, y, dx, dy, low, high, walls)
        way = shapely.LineString([(x, y), (x + dx, y + dy)])
        assert found == shapely.intersects(way, parting)
        barred += found
    assert barred > 20  # else nothing was tested


def test_pairs_with_a_wall_between_are_dropped_and_the_others_stay():  # unit
    walls = walls_for(ROOM_WALLS, ROOM, near_reach=0.9, cutoff=2.4)
    x, y = np.array([3.0, 3.0, 4.0, 6.2]), np.array([3.6, 4.4, 4.4, 4.1])
    scratch = scratch_for(4, ROOM)
    grid = sort_into_cells(4, x, y, 2.4, scratch)
    last, end = collect_pairs(0, 4, 0, 2.4, grid, scratch)
    assert (last, end) == (4, 4)
    assert drop_parted(0, 4, 0, walls, scratch) == 2
    rows = np.repeat(np.arange(4), np.diff(scratch.first_pair[:5]))
    assert {(int(i), int(j)) for i, j in zip(rows, scratch.other[:2], strict=True)} == {
        (1, 2),  # both above the wall
        (2, 3),  # likewise
    }


@compiled
def test_neighbours_compiled_equals_plain(monkeypatch):  # parity
    x, y = np.random.default_rng(8).uniform(0, 8, (2, 90))
    walls = walls_for(ROOM_WALLS, ROOM, near_reach=0.9, cutoff=2.4)

    def run(scratch):
        grid = neighbours.sort_into_cells(90, x, y, 2.4, scratch)
        last, _ = neighbours.collect_pairs(0, 90, 0, 2.4, grid, scratch)
        end = neighbours.drop_parted(0, last, 0, walls, scratch)
        return [last, end, *scratch.order, *scratch.first_pair[: last + 1], *scratch.other[:end]]

    fast, plain = scratch_for(90, ROOM), scratch_for(90, ROOM)
    expected = run(fast)
    for name in (
        "grid_for",
        "slot",
        "sort_into_cells",
        "collect_pairs",
        "wall_cell",
        "is_parted",
        "drop_parted",
    ):
        monkeypatch.setattr(neighbours, name, getattr(neighbours, name).py_func)
    assert run(plain) == expected
    np.testing.assert_allclose(plain.dx[: expected[1]], fast.dx[: expected[1]], rtol=1e-12)
    np.testing.assert_allclose(plain.dy[: expected[1]], fast.dy[: expected[1]], rtol=1e-12)
