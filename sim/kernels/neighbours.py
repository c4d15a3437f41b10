"""What is near whom: pairs of people within reach of each other, walls beside a person.

People are sorted into the cells of a grid (a counting sort, row by row of the grid), their
positions copied in that order, so that the candidates of one person lie in a few contiguous
stretches. Whatever the grid, the same pairs come out; only their order differs, and the sums made
of them do not depend on it (docs/decisions/0005-precision-and-lanes.md).

Units:  SI.
Shapes: people are rows in the order of the cells ("sorted rows"), pairs are rows of their own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels._jit import Floats, Ints, kernel

CELLS_PER_PERSON = 2  # a grid with more cells costs more to clear than it saves
ONE_CELL = 40  # so few people are compared each with each
PIECE = 1024  # pairs taken together, so that they are still in the processor's cache when used
PAIRS_PER_PERSON = 32  # room for pairs; where it does not do they are found twice


# Fields of a wall's row.
WALL_X, WALL_Y, ALONG_X, ALONG_Y, LENGTH = 0, 1, 2, 3, 4
# At each end: the direction in which the adjoining wall arrives there, and the least progress
# along it at which the end is the nearest point of both; inf where the other wall sees to it.
START_X, START_Y, START_FROM = 5, 6, 7
END_X, END_Y, END_FROM = 8, 9, 10
WALL_FIELDS = 11

WALL_CELL = 0.5  # m, edge of the cells that list the walls near them
MOST_WALL_CELLS = 250_000


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


class Walls(NamedTuple):
    """Walls and, for each cell of a grid, which of them matter there.

    segment : (m, WALL_FIELDS) m
    low_x, low_y, per_metre, columns, rows : the grid
    near_start, near   : walls within ``near_reach`` m of a cell, cell c's from near_start[c] on
    apart_start, apart : walls that may stand between two people, within the cutoff of a cell
    can_part : whether there is any such wall
    """

    segment: Floats
    low_x: float
    low_y: float
    per_metre: float
    columns: int
    rows: int
    near_reach: float
    near_start: Ints
    near: Ints
    can_part: bool
    apart_start: Ints
    apart: Ints


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
    floats, ints = np.zeros((6, people)), np.zeros((2, people), dtype=np.int64)
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
    )


def walls_for(
    segments: NDArray[np.float64],
    bounds: tuple[float, float, float, float],
    *,
    near_reach: float,
    cutoff: float,
) -> Walls:
    """Return the walls with their grid.

    segments   : (m, 4) m, x1 y1 x2 y2; doors are gaps between them
    bounds     : low x, low y, high x, high y of the place, m
    near_reach : m, within which a wall is listed as near a person
    cutoff     : m, reach of a pair of people, whom a wall may part
    """
    ends = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
    ends = ends[np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > 0]
    low_x, low_y = bounds[0] - 1.0, bounds[1] - 1.0
    width, height = bounds[2] + 1.0 - low_x, bounds[3] + 1.0 - low_y
    cell = max(WALL_CELL, float(np.sqrt(width * height / MOST_WALL_CELLS)))
    columns, rows = int(width / cell) + 1, int(height / cell) + 1
    grid = _WallGrid(float(low_x), float(low_y), float(cell), columns, rows)
    parting = _may_part(ends)
    near_start, near = _cell_lists(ends, np.arange(len(ends)), grid, near_reach)
    apart_start, apart = _cell_lists(ends, np.flatnonzero(parting), grid, cutoff)
    return Walls(
        segment=_wall_rows(ends),
        low_x=float(low_x),
        low_y=float(low_y),
        per_metre=1.0 / cell,
        columns=columns,
        rows=rows,
        near_reach=near_reach,
        near_start=near_start,
        near=near,
        can_part=bool(parting.any()),
        apart_start=apart_start,
        apart=apart,
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
        if per_x >= per_y:
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
def wall_cell(x: float, y: float, walls: Walls) -> int:
    """Return the cell of the walls' grid that holds a point, or the nearest one."""
    across, up = (x - walls.low_x) * walls.per_metre, (y - walls.low_y) * walls.per_metre
    # So written that nan, too, gives a cell.
    column = min(int(across), walls.columns - 1) if across > 0.0 else 0
    row = min(int(up), walls.rows - 1) if up > 0.0 else 0
    return row * walls.columns + column


@kernel
def is_parted(x: float, y: float, dx: float, dy: float, low: int, high: int, walls: Walls) -> bool:
    """Whether any wall of ``apart[low:high]`` crosses the way from a point by (dx, dy), m."""
    for k in range(low, high):
        wall = walls.segment[walls.apart[k]]
        from_x, from_y = x - wall[WALL_X], y - wall[WALL_Y]
        near = wall[ALONG_X] * from_y - wall[ALONG_Y] * from_x
        far = near + wall[ALONG_X] * dy - wall[ALONG_Y] * dx
        if near * far > 0.0 or near == far:
            continue
        share = near / (near - far)
        along = (from_x + share * dx) * wall[ALONG_X] + (from_y + share * dy) * wall[ALONG_Y]
        if 0.0 <= along <= wall[LENGTH]:
            return True
    return False


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


class _WallGrid(NamedTuple):
    low_x: float
    low_y: float
    cell: float
    columns: int
    rows: int


def _wall_rows(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``(m, WALL_FIELDS)``: the walls, and at each end who answers for the corner."""
    rows = np.zeros((len(ends), WALL_FIELDS))
    along = ends[:, 2:] - ends[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / length[:, None]
    rows[:, [WALL_X, WALL_Y]] = ends[:, :2]
    rows[:, [ALONG_X, ALONG_Y]] = along
    rows[:, LENGTH] = length
    corners: dict[tuple[float, float], list[tuple[int, int]]] = {}
    for wall, (x1, y1, x2, y2) in enumerate(ends.tolist()):
        corners.setdefault((x1, y1), []).append((wall, 0))
        corners.setdefault((x2, y2), []).append((wall, 1))
    for meeting in corners.values():
        for place, (wall, end) in enumerate(meeting):
            arrives_x, least = (END_X, END_FROM) if end else (START_X, START_FROM)
            if place > 0:
                rows[wall, least] = np.inf
            elif len(meeting) > 1:
                partner, its_end = meeting[1]
                rows[wall, [arrives_x, arrives_x + 1]] = along[partner] * (1 if its_end else -1)
    return rows


def _may_part(ends: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return ``(m,)`` whether a wall may stand between two people: not if all is on one side."""
    may = np.zeros(len(ends), dtype=np.bool_)
    points = ends.reshape(-1, 2)
    for wall, (x1, y1, x2, y2) in enumerate(ends):
        side = (x2 - x1) * (points[:, 1] - y1) - (y2 - y1) * (points[:, 0] - x1)
        tolerance = 1e-9 * np.hypot(x2 - x1, y2 - y1) * (1.0 + np.abs(points).max())
        may[wall] = side.min() < -tolerance and side.max() > tolerance
    return may


def _cell_lists(
    ends: NDArray[np.float64],
    walls: NDArray[np.int64],
    grid: _WallGrid,
    reach: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return start and list of the ``walls`` within ``reach`` m of any point of each cell."""
    cell, columns, rows = grid.cell, grid.columns, grid.rows
    centres_x = grid.low_x + (np.arange(columns) + 0.5) * cell
    centres_y = grid.low_y + (np.arange(rows) + 0.5) * cell
    far = reach + cell  # from the centre; half a diagonal is less than an edge
    in_cell, of_wall = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for wall in walls:
        x1, y1, x2, y2 = ends[wall]
        column = np.flatnonzero((centres_x >= min(x1, x2) - far) & (centres_x <= max(x1, x2) + far))
        row = np.flatnonzero((centres_y >= min(y1, y2) - far) & (centres_y <= max(y1, y2) + far))
        x, y = centres_x[column][None, :], centres_y[row][:, None]
        share = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        share = np.clip(share, 0.0, 1.0)
        away = np.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))
        cells = (row[:, None] * columns + column[None, :])[away <= far]
        in_cell.append(cells.astype(np.int64))
        of_wall.append(np.full(len(cells), wall, dtype=np.int64))
    cells_all, walls_all = np.concatenate(in_cell), np.concatenate(of_wall)
    by_cell = np.argsort(cells_all, kind="stable")
    start = np.searchsorted(cells_all[by_cell], np.arange(columns * rows + 1)).astype(np.int64)
    return start, np.ascontiguousarray(walls_all[by_cell])
