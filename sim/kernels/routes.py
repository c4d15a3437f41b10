"""The way to an exit: walking distance on a grid, and the direction in which it falls.

The field solves the eikonal equation |grad distance| = slowness by fast sweeping (Zhao 2005), the
first-order upwind scheme; slower ground beside walls rounds the corners at body width.

Units:  SI; slowness is walking distance a metre, at least 1.
Shapes: fields ``(ny, nx)``, values at cell centres; inf where nobody can walk.
"""

import numpy as np

from sim.kernels._jit import Bools, Floats, allocating_kernel, kernel

MOST_ROUNDS = 1000  # of four sweeps; a place needs about one a turn of its way
SETTLED = 1e-9  # m, change in a round below which the field has settled


@allocating_kernel
def distance_field(walkable: Bools, slowness: Floats, seeds: Floats, cell: float) -> Floats:
    """Return the walking distance to the nearest seed, m; inf where none can be reached.

    walkable : (ny, nx)
    slowness : (ny, nx) walking distance a metre
    seeds    : (ny, nx) m, known distance at cells beside the exit; inf elsewhere
    cell     : m
    """
    ny, nx = walkable.shape
    distance = np.full((ny, nx), np.inf)
    for row in range(ny):
        for column in range(nx):
            if walkable[row, column]:
                distance[row, column] = seeds[row, column]
    for _ in range(MOST_ROUNDS):
        change = 0.0
        for sweep in range(4):
            down, back = sweep // 2 == 1, sweep % 2 == 1
            for a in range(ny):
                row = ny - 1 - a if down else a
                for b in range(nx):
                    column = nx - 1 - b if back else b
                    if not walkable[row, column]:
                        continue
                    west = distance[row, column - 1] if column > 0 else np.inf
                    east = distance[row, column + 1] if column < nx - 1 else np.inf
                    south = distance[row - 1, column] if row > 0 else np.inf
                    north = distance[row + 1, column] if row < ny - 1 else np.inf
                    near, far = min(west, east), min(south, north)
                    if near > far:
                        near, far = far, near
                    if near == np.inf:
                        continue
                    across = slowness[row, column] * cell
                    if far - near >= across:
                        found = near + across
                    else:
                        half = 0.5 * (far - near)
                        found = near + half + np.sqrt(0.5 * across * across - half * half)
                    if found < distance[row, column]:
                        change = max(change, distance[row, column] - found)
                        distance[row, column] = found
        if change < SETTLED:
            break
    return distance


@kernel
def descent(
    field: Floats, origin_x: float, origin_y: float, cell: float, x: float, y: float
) -> tuple[float, float]:
    """Return the unit vector in which the field falls at a point; 0, 0 if it falls nowhere.

    field              : (ny, nx) m, inf where nobody can walk
    origin_x, origin_y : m, centre of cell (0, 0)
    cell               : m
    x, y               : m

    The gradient of the bilinear interpolation. Beside blocked cells the differences between open
    ones alone count; where there are none, the way leads to the best open cell around.
    """
    ny, nx = field.shape
    across, up = (x - origin_x) / cell, (y - origin_y) / cell
    across = min(across, nx - 1.001) if across > 0.0 else 0.0
    up = min(up, ny - 1.001) if up > 0.0 else 0.0
    column, row = int(across), int(up)
    share_x, share_y = across - column, up - row
    low_left, low_right = field[row, column], field[row, column + 1]
    high_left, high_right = field[row + 1, column], field[row + 1, column + 1]
    slope_x, slope_y, weight_x, weight_y = 0.0, 0.0, 0.0, 0.0
    if low_left < np.inf and low_right < np.inf:
        slope_x += (1.0 - share_y) * (low_right - low_left)
        weight_x += 1.0 - share_y
    if high_left < np.inf and high_right < np.inf:
        slope_x += share_y * (high_right - high_left)
        weight_x += share_y
    if low_left < np.inf and high_left < np.inf:
        slope_y += (1.0 - share_x) * (high_left - low_left)
        weight_y += 1.0 - share_x
    if low_right < np.inf and high_right < np.inf:
        slope_y += share_x * (high_right - low_right)
        weight_y += share_x
    if weight_x > 0.0 and weight_y > 0.0:
        slope_x, slope_y = slope_x / weight_x, slope_y / weight_y
        length = np.sqrt(slope_x * slope_x + slope_y * slope_y)
        if length > 0.0:
            return -slope_x / length, -slope_y / length
    return _to_best_cell(field, across, up)


@kernel
def _to_best_cell(field: Floats, across: float, up: float) -> tuple[float, float]:
    """Return the unit vector to the lowest cell within two of a point, 0, 0 if none or there.

    across, up : cells from the centre of cell (0, 0)
    """
    ny, nx = field.shape
    column, row = int(across + 0.5), int(up + 0.5)
    best, to_x, to_y = np.inf, 0.0, 0.0
    for r in range(max(row - 2, 0), min(row + 3, ny)):
        for c in range(max(column - 2, 0), min(column + 3, nx)):
            if field[r, c] < best:
                best, to_x, to_y = field[r, c], c - across, r - up
    length = np.sqrt(to_x * to_x + to_y * to_y)
    if length > 0.0:
        return to_x / length, to_y / length
    return 0.0, 0.0
