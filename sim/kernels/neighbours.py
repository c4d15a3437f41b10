"""Who is near whom: pairs of people within reach of each other, with no wall between them.

People are sorted into the cells of a grid (a counting sort, row by row of the grid), their
positions copied in that order, so that the candidates of one person lie in a few contiguous
stretches. Whatever the grid, the same pairs come out; only their order differs, and the sums made
of them do not depend on it (docs/decisions/0005-precision-and-lanes.md).

Units:  SI.
Shapes: people are rows in the order of the cells ("sorted rows"), pairs are rows of their own.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels._jit import Floats, Ints, kernel
from sim.kernels.walls import Walls, is_parted, wall_cell

CELLS_PER_PERSON = 1  # a grid with more cells costs more to clear than it saves
ONE_CELL = 16  # so few people are compared each with each
SLENDER = 8.0  # a few long rows cost less than many short ones: each row begins a loop anew
PIECE = 1024  # pairs taken together, so that they are still in the processor's cache when used
PAIRS_PER_PERSON = 32  # room for pairs; where it does not do they are found twice


class Scratch(NamedTuple):
    """Working memory of a step, allocated once; nothing in it outlives the step.

    low_x, low_y, width, height : m, the place; people beyond it belong to its outermost cells
    cell       : (capacity,) cell of each person
    start      : (cells + 2,) first sorted row of each cell
    order      : (capacity,) person of each sorted row
    x, y       : (capacity,) m, by sorted row
    first_pair : (capacity + 1,) by sorted row: row i owns pairs first_pair[i]:first_pair[i+1]
    other      : (pairs,) the second sorted row of each pair; it comes after the first
    dx, dy     : (pairs,) m, from the first to the second
    part_x, part_y : (PIECE + capacity,) push of a pair of the current piece on its second
    push_x, push_y : (capacity,) sum of pushes, by sorted row
    walk_x, walk_y : (capacity,) direction walked, a unit vector, by sorted row
    ahead      : (capacity,) m2, squared distance to the nearest person ahead, by sorted row
    goal_x, goal_y, going_x, going_y, aside : (capacity,), only for people who anticipate:
                 desired direction, velocity wanted (m/s), push to the left, by sorted row
    """

    low_x: float
    low_y: float
    width: float
    height: float
    cell: Ints
    start: Ints
    order: Ints
    x: Floats
    y: Floats
    first_pair: Ints
    other: Ints
    dx: Floats
    dy: Floats
    part_x: Floats
    part_y: Floats
    push_x: Floats
    push_y: Floats
    walk_x: Floats
    walk_y: Floats
    ahead: Floats
    goal_x: Floats
    goal_y: Floats
    going_x: Floats
    going_y: Floats
    aside: Floats


class Grid(NamedTuple):
    """Columns and rows of cells, and cells a metre in x and in y."""

    columns: int
    rows: int
    per_x: float
    per_y: float


def scratch_for(capacity: int, bounds: tuple[float, float, float, float]) -> Scratch:
    """Return working memory for ``capacity`` people; bounds : low x, low y, high x, high y, m."""
    low_x, low_y, high_x, high_y = bounds
    people = max(capacity, 1)
    pairs = PAIRS_PER_PERSON * people + PIECE
    floats, ints = np.zeros((10, people)), np.zeros((2, people), dtype=np.int64)
    return Scratch(
        low_x=float(low_x),
        low_y=float(low_y),
        width=float(high_x - low_x),
        height=float(high_y - low_y),
        cell=ints[0],
        start=np.zeros(CELLS_PER_PERSON * people + 2, dtype=np.int64),
        order=ints[1],
        x=np.zeros(people),
        y=np.zeros(people),
        first_pair=np.zeros(people + 1, dtype=np.int64),
        other=np.zeros(pairs, dtype=np.int64),
        dx=np.zeros(pairs),
        dy=np.zeros(pairs),
        part_x=np.zeros(PIECE + people),
        part_y=np.zeros(PIECE + people),
        push_x=floats[0],
        push_y=floats[1],
        walk_x=floats[2],
        walk_y=floats[3],
        ahead=floats[4],
        goal_x=floats[5],
        goal_y=floats[6],
        going_x=floats[7],
        going_y=floats[8],
        aside=floats[9],
    )


@kernel
def grid_for(n: int, cutoff: float, scratch: Scratch) -> Grid:
    """Choose cells for ``n`` people: fine in a dense crowd, coarse or a single one in a sparse one.

    cutoff : m, reach of a pair
    """
    if n <= ONE_CELL:
        return Grid(1, 1, 0.0, 0.0)
    per_x, per_y = 4.0 / cutoff, 2.0 / cutoff
    columns, rows = int(scratch.width * per_x) + 1, int(scratch.height * per_y) + 1
    while columns * rows > CELLS_PER_PERSON * n:
        if per_x >= SLENDER * per_y:
            per_x *= 0.5
            columns = int(scratch.width * per_x) + 1
        else:
            per_y *= 0.5
            rows = int(scratch.height * per_y) + 1
    return Grid(columns, rows, per_x, per_y)


@kernel
def slot(along: float, per_metre: float, slots: int) -> int:
    """Return the column (or row) at ``along`` m from the low edge, the nearest one if beyond."""
    place = along * per_metre
    if not place > 0.0:  # also for nan, which must not become an index
        return 0
    if place >= slots:
        return slots - 1
    return int(place)


@kernel
def sort_into_cells(n: int, x: Floats, y: Floats, cutoff: float, scratch: Scratch) -> Grid:
    """Sort people 0..n-1 by cell, row by row of the grid; return the grid.

    x, y   : (capacity,) m
    cutoff : m
    Fills ``order``, ``x``, ``y`` and ``start`` of the scratch.
    """
    grid = grid_for(n, cutoff, scratch)
    cell, start, order = scratch.cell, scratch.start, scratch.order
    cells = grid.columns * grid.rows
    for c in range(cells + 2):
        start[c] = 0
    for i in range(n):
        column = slot(x[i] - scratch.low_x, grid.per_x, grid.columns)
        row = slot(y[i] - scratch.low_y, grid.per_y, grid.rows)
        cell[i] = row * grid.columns + column
        start[cell[i] + 2] += 1
    for c in range(2, cells + 2):
        start[c] += start[c - 1]
    # start[c + 1] is where cell c goes on; when all are placed it is where cell c + 1 begins.
    for i in range(n):
        place = start[cell[i] + 1]
        start[cell[i] + 1] = place + 1
        order[place] = i
        scratch.x[place], scratch.y[place] = x[i], y[i]
    return grid


@kernel
def collect_pairs(
    first: int, n: int, begin: int, cutoff: float, grid: Grid, scratch: Scratch
) -> tuple[int, int]:
    """List the pairs within reach whose first person is a sorted row from ``first`` on.

    first, n : sorted rows to go through
    begin    : where in the list of pairs to go on; at least ``n`` places must be free
    cutoff   : m; people in exactly the same place are no pair: they have no direction to part in
    Returns the first sorted row not gone through and the end of the list.

    Stops after a whole person, as soon as there are ``PIECE`` pairs or little room is left.
    """
    x, y, start = scratch.x, scratch.y, scratch.start
    other, pair_dx, pair_dy = scratch.other, scratch.dx, scratch.dy
    reach2 = cutoff * cutoff
    full = min(begin + PIECE, other.shape[0] - n)
    # Unsigned: numba then leaves out the test for an index that counts from the end.
    k = np.uint64(begin)
    for i in range(first, n):
        xi, yi = x[i], y[i]
        scratch.first_pair[i] = k
        row = slot(yi - scratch.low_y, grid.per_y, grid.rows)
        last_row = slot(yi + cutoff - scratch.low_y, grid.per_y, grid.rows)
        left = slot(xi - cutoff - scratch.low_x, grid.per_x, grid.columns)
        right = slot(xi + cutoff - scratch.low_x, grid.per_x, grid.columns)
        for r in range(row, last_row + 1):
            # In one's own row only those behind: the others have listed the pair already.
            low = i + 1 if r == row else start[r * grid.columns + left]
            high = start[r * grid.columns + right + 1]
            for j in range(np.uint64(low), np.uint64(high)):
                dx, dy = x[j] - xi, y[j] - yi
                distance2 = dx * dx + dy * dy
                # Written always, kept only if within reach: no branch to mispredict.
                other[k] = j
                pair_dx[k], pair_dy[k] = dx, dy
                k += np.uint64((distance2 < reach2) & (distance2 > 0.0))
        scratch.first_pair[i + 1] = k
        if k > full:
            return i + 1, int(np.int64(k))
    return n, int(np.int64(k))


@kernel
def drop_parted(first: int, last: int, begin: int, walls: Walls, scratch: Scratch) -> int:
    """Take out the pairs of sorted rows ``first``..``last`` with a wall between; return the end.

    begin : where the pairs of row ``first`` begin; later pairs move up
    """
    end = begin
    pair = begin
    for i in range(first, last):
        stop = scratch.first_pair[i + 1]
        scratch.first_pair[i] = end
        cell = wall_cell(scratch.x[i], scratch.y[i], walls)
        low, high = walls.apart_start[cell], walls.apart_start[cell + 1]
        for k in range(pair, stop):
            dx, dy = scratch.dx[k], scratch.dy[k]
            if low < high and is_parted(scratch.x[i], scratch.y[i], dx, dy, low, high, walls):
                continue
            scratch.dx[end], scratch.dy[end] = dx, dy
            scratch.other[end] = scratch.other[k]
            end += 1
        pair = stop
    scratch.first_pair[last] = end
    return end
