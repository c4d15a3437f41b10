"""Walls and, for each cell of a grid, which of them matter there.

A wall pushes people who come near (docs/model/walk.md) and parts those on its two sides. Most
walls of a place matter to nobody at a given spot: a grid lists, once, those that can.

Units:  SI.
Shapes: walls are rows ``(m, WALL_FIELDS)``; a cell's list is a stretch of one flat array.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels._jit import Floats, Ints, kernel

# Fields of a wall's row.
WALL_X, WALL_Y, ALONG_X, ALONG_Y, LENGTH = 0, 1, 2, 3, 4
# At each end: the direction in which the adjoining wall arrives there, and the least progress
# along it at which the end is the nearest point of both; inf where the other wall sees to it.
START_X, START_Y, START_FROM = 5, 6, 7
END_X, END_Y, END_FROM = 8, 9, 10
WALL_FIELDS = 11

WALL_CELL = 0.5  # m, edge of the cells that list the walls near them
MOST_WALL_CELLS = 250_000


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
