"""Where people walk across the width of their way: the room to each side and who wants how much.

Everybody who follows one distance field ends on one line. So each party has a *side*, from 0 (its
right) to 1 (its left), and keeps that share of the room between what bounds the way right and left.

Units:  SI; "left" is to the left of the direction of walking.
Shapes: fields ``(ny, nx)``, values at cell centres.
Evidence: docs/model/walk.md, W10; a choice of form, no measurement.
"""

import numpy as np

from sim.kernels._jit import Bools, Floats, allocating_kernel, kernel

WIDEST_ROOM = 3.0  # m, people share out so much of the way's width; beyond it they are free
LOOK_AHEAD = 8.0  # m along a line of sight to the side
CLEAR = 0.4  # m, least distance wanted from what bounds the way: a body and a hand
EASE = 1.5  # m, over which people come back to their place
MOST_ASIDE = 0.75  # tangent of the largest angle by which anybody leaves the shortest way
SWAY = 0.35  # tangent of the angle at which the outermost set out in the open
SETTLE = 4.0  # m before the exit in which the preference fades
_SIDES = (0.5, np.sqrt(0.75), 1.0)  # sines of the lines of sight: 30, 60, 90 degrees off the way


@allocating_kernel
def side_rooms(walkable: Bools, distance: Floats, cell: float) -> tuple[Floats, Floats]:
    """Return the room to the right and to the left of the way at every cell, m.

    walkable : (ny, nx)
    distance : (ny, nx) m to the exit; the way leads down it, and nobody looks past its end
    cell     : m

    Room is measured across the way, along three lines of sight to each side, up to the widest.
    """
    ny, nx = walkable.shape
    right, left = np.full((ny, nx), WIDEST_ROOM), np.full((ny, nx), WIDEST_ROOM)
    step = 0.5 * cell
    for row in range(ny):
        for column in range(nx):
            if not walkable[row, column]:
                continue
            ex, ey = way_at_cell(distance, row, column)
            for line in range(6):
                aside = _SIDES[line // 2]
                ahead = np.sqrt(max(0.0, 1.0 - aside * aside))
                if line % 2 == 1:
                    aside = -aside
                look_x = (ahead * ex - aside * ey) / cell
                look_y = (ahead * ey + aside * ex) / cell
                far = min(LOOK_AHEAD, WIDEST_ROOM / abs(aside))
                if ahead > 0.0:
                    far = min(far, distance[row, column] / ahead)
                seen = step
                while seen < far:
                    c = int(np.floor(column + seen * look_x + 0.5))
                    r = int(np.floor(row + seen * look_y + 0.5))
                    if c < 0 or r < 0 or c >= nx or r >= ny or not walkable[r, c]:
                        room = (seen - 0.5 * step) * abs(aside)
                        if aside > 0.0:
                            left[row, column] = min(left[row, column], room)
                        else:
                            right[row, column] = min(right[row, column], room)
                        break
                    seen += step
    return right, left


@kernel
def way_at_cell(distance: Floats, row: int, column: int) -> tuple[float, float]:
    """Return the unit vector in which the distance falls at the centre of a cell; 0, 0 if nowhere.

    From the neighbours that can be walked on, so that it holds beside a wall too.
    """
    ny, nx = distance.shape
    here = distance[row, column]
    west = distance[row, column - 1] if column > 0 else np.inf
    east = distance[row, column + 1] if column < nx - 1 else np.inf
    south = distance[row - 1, column] if row > 0 else np.inf
    north = distance[row + 1, column] if row < ny - 1 else np.inf
    fall_x, fall_y = _fall(west, here, east), _fall(south, here, north)
    length = np.sqrt(fall_x * fall_x + fall_y * fall_y)
    if length > 0.0:
        return fall_x / length, fall_y / length
    return 0.0, 0.0


@kernel
def _fall(before: float, here: float, after: float) -> float:
    """Return the fall from before to after a cell, over one cell, leaving out what is infinite."""
    if before < np.inf and after < np.inf:
        return 0.5 * (before - after)
    if after < np.inf:
        return here - after
    return before - here if before < np.inf else 0.0


@kernel
def aside_slope(
    right: float, left: float, side: float, beside: float, to_go: float, whole: float
) -> float:
    """Return by how much somebody turns to the left of the shortest way, a tangent (W10).

    right, left : m, room to either side
    side        : 0 right to 1 left, the party's
    beside      : m, the member's own place to the left of the party's
    to_go       : m, distance to the exit; whole : m, that from the entrance
    """
    width = min(right + left, WIDEST_ROOM)
    clear = min(CLEAR, 0.5 * width)
    place = min(max(clear + side * (width - 2.0 * clear) + beside, clear), width - clear)
    lack_right, lack_left = place - right, width - place - left
    slope = (max(lack_right, 0.0) - max(lack_left, 0.0)) / EASE
    sway = SWAY * (2.0 * side - 1.0) * min(1.0, to_go / whole)
    spare = -lack_left if sway > 0.0 else -lack_right
    slope += sway * min(1.0, max(0.0, spare / EASE))
    slope = min(MOST_ASIDE, max(-MOST_ASIDE, slope))
    return slope * min(1.0, to_go / SETTLE)
