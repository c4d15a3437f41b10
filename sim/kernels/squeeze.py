"""Getting past each other where there is no room to: people turn their shoulders and edge by.

The speed law keeps round bodies apart, so two who meet in a gap narrower than two of them would
stand there for ever. People are flatter than they are broad: whoever makes no headway turns
sideways and edges past who comes the other way, or goes first where several block a mouth.

Units:  SI.
Evidence: docs/model/walk.md, W11; a choice of form. Depth of a chest 0.21 to 0.29 m (men and
women, 5th to 95th percentile, Pheasant and Haslegrave 2006).
"""

import numpy as np

from sim.kernels._jit import kernel
from sim.kernels.portable_math import hypot
from sim.kernels.state import (
    AIM_X,
    AIM_Y,
    EDGING,
    GOAL_X,
    GOAL_Y,
    LAG_X,
    LAG_Y,
    PACE,
    STEP_X,
    STEP_Y,
    TO_GO,
    Ground,
    Present,
    Traits,
    X,
    Y,
)

HEADWAY_TIME = 1.0  # s, by which a mean of the position lags behind it
NO_HEADWAY = 0.1  # m/s, below it people edge by
EDGING_PACE = 0.3  # m/s
SIDEWAYS_GAP = 0.30  # m between the centres of two who have turned their shoulders
IN_THE_WAY = 1.2  # m, so near somebody is in the way
TOUCHING = 0.45  # m, so near somebody beside or behind still holds one back
STRAIGHT_AHEAD = 0.01  # sine of the angle within which somebody is straight ahead


@kernel
def edge_past(traits: Traits, ground: Ground, present: Present, dt: float) -> None:
    """Let those who make no headway edge past each other at a slow pace (W11).

    Nobody edges past who walks ahead the same way: of several at a mouth the foremost goes first.
    Who has begun goes on until nobody is in the way.
    """
    number = present.number
    n = present.filled[0]
    share = min(1.0, dt / HEADWAY_TIME)
    least2 = (NO_HEADWAY * HEADWAY_TIME) ** 2
    held = 0
    for i in range(n):
        x, y = number[X, i], number[Y, i]
        number[LAG_X, i] += share * (x - number[LAG_X, i])
        number[LAG_Y, i] += share * (y - number[LAG_Y, i])
        number[AIM_X, i] += share * (number[GOAL_X, i] - number[AIM_X, i])
        number[AIM_Y, i] += share * (number[GOAL_Y, i] - number[AIM_Y, i])
        gained_x, gained_y = x - number[LAG_X, i], y - number[LAG_Y, i]
        gained2 = gained_x * gained_x + gained_y * gained_y
        held += int((gained2 < least2) | (number[EDGING, i] != 0.0))
    if held == 0:
        return
    for i in range(n):
        way = traits.way[present.who[i]]
        column = int(np.floor((number[X, i] - ground.origin_x) / ground.cell + 0.5))
        row = int(np.floor((number[Y, i] - ground.origin_y) / ground.cell + 0.5))
        number[TO_GO, i] = ground.distance[way, row, column]
    for i in range(n):
        x, y = number[X, i], number[Y, i]
        gained_x, gained_y = x - number[LAG_X, i], y - number[LAG_Y, i]
        if gained_x * gained_x + gained_y * gained_y >= least2 and number[EDGING, i] == 0.0:
            continue
        ex, ey = number[AIM_X, i], number[AIM_Y, i]
        blocker = who_blocks(i, present)
        if blocker < 0:
            if number[EDGING, i] != 0.0:
                number[EDGING, i] = 0.0
                number[LAG_X, i], number[LAG_Y, i] = x - HEADWAY_TIME * ex, y - HEADWAY_TIME * ey
            continue
        number[EDGING, i] = 1.0
        length = hypot(ex, ey)
        if length > 0.0:
            ex, ey = ex / length, ey / length
        to_x, to_y = number[X, blocker] - number[X, i], number[Y, blocker] - number[Y, i]
        away = hypot(to_x, to_y)
        to_x, to_y = to_x / away, to_y / away
        # Round the other one; to the right of one straight ahead, so that the two pass.
        into = ex * to_x + ey * to_y
        round_x, round_y = ex - into * to_x, ey - into * to_y
        length = hypot(round_x, round_y)
        if length > STRAIGHT_AHEAD:
            round_x, round_y = round_x / length, round_y / length
        else:
            round_x, round_y = to_y, -to_x
        stride = EDGING_PACE * dt
        number[PACE, i] = EDGING_PACE
        if has_gap(i, ex, ey, stride, present):
            number[STEP_X, i], number[STEP_Y, i] = ex, ey
        elif has_gap(i, round_x, round_y, stride, present):
            number[STEP_X, i], number[STEP_Y, i] = round_x, round_y
        elif has_gap(i, -round_x, -round_y, stride, present):
            number[STEP_X, i], number[STEP_Y, i] = -round_x, -round_y
        else:
            number[PACE, i] = 0.0


@kernel
def who_blocks(i: int, present: Present) -> int:
    """Return the row of the nearest person in the way of row i; -1 if none, or in a queue.

    In a queue is who has somebody ahead who walks the same way and has less far to go (of two who
    have as far, who came first goes first): an order of all, so that nobody waits for each other.
    """
    number = present.number
    ex, ey = number[AIM_X, i], number[AIM_Y, i]
    nearest, found = IN_THE_WAY * IN_THE_WAY, -1
    for j in range(present.filled[0]):
        dx, dy = number[X, j] - number[X, i], number[Y, j] - number[Y, i]
        away = dx * dx + dy * dy
        if j == i or away == 0.0 or away > IN_THE_WAY * IN_THE_WAY:
            continue
        is_ahead = dx * ex + dy * ey > 0.0
        jx, jy = number[AIM_X, j], number[AIM_Y, j]
        if is_ahead and ex * jx + ey * jy > 0.0:
            ours, theirs = number[TO_GO, i], number[TO_GO, j]
            if theirs < ours or (theirs == ours and present.who[j] < present.who[i]):
                return -1
        if not is_ahead and away > TOUCHING * TOUCHING:
            continue
        if away < nearest:
            nearest, found = away, j
    return found


@kernel
def has_gap(i: int, ex: float, ey: float, stride: float, present: Present) -> bool:
    """Whether row i can go ``stride`` m along a direction and keep sideways gaps."""
    number = present.number
    for j in range(present.filled[0]):
        dx, dy = number[X, j] - number[X, i], number[Y, j] - number[Y, i]
        near = dx * dx + dy * dy
        if j == i or near > IN_THE_WAY * IN_THE_WAY:
            continue
        after = hypot(dx - stride * ex, dy - stride * ey)
        if after < SIDEWAYS_GAP and after * after < near:
            return False
    return True
