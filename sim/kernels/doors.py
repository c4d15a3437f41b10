"""Coming in and going out: who finds room at an entrance, who has reached their exit.

Units:  SI.
"""

import numpy as np

from sim.kernels._jit import Floats, kernel
from sim.kernels.portable_math import hypot
from sim.kernels.state import (
    AIM_X,
    AIM_Y,
    CROWN,
    EDGING,
    FACING_X,
    FACING_Y,
    LAG_X,
    LAG_Y,
    NUMBER_ROWS,
    PITCH,
    SHOULDER,
    SPEED,
    STEP_X,
    STEP_Y,
    WALK_X,
    WALK_Y,
    YAW,
    Ground,
    Present,
    Queues,
    Traits,
    X,
    Y,
)

# People have left so near to the line of their exit. Before a wide edge of the place, where others
# step in, further off than they do: the two streams must not meet on the line.
EXIT_REACH, REACH_OF_WIDTH, WIDEST_REACH = 0.25, 0.125, 1.0  # m, share of the width, m
ROOM = 0.10  # m, free beyond touching bodies before somebody may step in
PLACES_TRIED = 6  # places across the entrance tried in one step
GOLDEN = 0.6180339887498949


@kernel
def distance_to_segment(px: float, py: float, ends: Floats) -> float:
    """Return the distance from a point to a segment, m; ends : (4,) x1 y1 x2 y2."""
    dx, dy = ends[2] - ends[0], ends[3] - ends[1]
    along = ((px - ends[0]) * dx + (py - ends[1]) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    return hypot(px - ends[0] - along * dx, py - ends[1] - along * dy)


@kernel
def is_beside(x: float, y: float, ends: Floats) -> bool:
    """Whether a point lies in the box around a door: most do not, which is quickly found out."""
    low_x, high_x = min(ends[0], ends[2]), max(ends[0], ends[2])
    low_y, high_y = min(ends[1], ends[3]), max(ends[1], ends[3])
    is_within_x = low_x - WIDEST_REACH <= x <= high_x + WIDEST_REACH
    return bool(is_within_x and low_y - WIDEST_REACH <= y <= high_y + WIDEST_REACH)


@kernel
def exit_reach(ends: Floats) -> float:
    """Return how near to the line of an exit people have left, m; ends : (4,) x1 y1 x2 y2."""
    width = hypot(ends[2] - ends[0], ends[3] - ends[1])
    return min(WIDEST_REACH, max(EXIT_REACH, REACH_OF_WIDTH * width))


@kernel
def has_room(x: float, y: float, present: Present, gap: float) -> bool:
    """Whether nobody present stands within ``gap`` m of a point."""
    number = present.number
    for i in range(present.filled[0]):
        dx, dy = number[X, i] - x, number[Y, i] - y
        if dx * dx + dy * dy < gap * gap:
            return False
    return True


@kernel
def admit(
    time: float,
    traits: Traits,
    ground: Ground,
    queues: Queues,
    present: Present,
    spacing: float,
    radius: float,
    step_in: float,
    entered: Floats,
) -> None:
    """Let in whoever has arrived and finds room, first come first served at each entrance.

    entered : (people,) s, filled. A person tries their own place across the door, then others;
    where none is free the whole queue waits.
    """
    number = present.number
    gap = 2.0 * radius + ROOM
    for door in range(ground.entrances.shape[0]):
        ends = ground.entrances[door]
        width = hypot(ends[2] - ends[0], ends[3] - ends[1])
        clear = min(0.45, (radius + ROOM) / width)
        while (
            present.queue_next[door] < queues.start[door + 1]
            and present.filled[0] < present.who.shape[0]
        ):
            person = queues.ids[present.queue_next[door]]
            if traits.arrived[person] > time:
                break
            rank = traits.party_rank[person] - 0.5 * (traits.party_size[person] - 1)
            placed = False
            for trial in range(PLACES_TRIED):
                across = traits.across[person] + rank * spacing / width + trial * GOLDEN
                across = across - np.floor(across)
                along = clear + across * (1.0 - 2.0 * clear)
                x = ends[0] + along * (ends[2] - ends[0]) + step_in * ground.inward[door, 0]
                y = ends[1] + along * (ends[3] - ends[1]) + step_in * ground.inward[door, 1]
                if has_room(x, y, present, gap):
                    i = present.filled[0]
                    present.who[i] = person
                    present.covered[i] = traits.covered[person]
                    number[X, i], number[Y, i] = x, y
                    number[WALK_X, i] = number[FACING_X, i] = ground.inward[door, 0]
                    number[WALK_Y, i] = number[FACING_Y, i] = ground.inward[door, 1]
                    number[STEP_X, i], number[STEP_Y, i] = number[WALK_X, i], number[WALK_Y, i]
                    number[YAW, i] = np.nan
                    number[CROWN, i] = traits.crown[person]
                    number[SHOULDER, i] = traits.shoulder[person]
                    number[PITCH, i] = traits.pitch[person]
                    number[SPEED, i] = traits.speed[person]
                    number[LAG_X, i] = x - ground.inward[door, 0]
                    number[LAG_Y, i] = y - ground.inward[door, 1]
                    number[AIM_X, i] = ground.inward[door, 0]
                    number[AIM_Y, i] = ground.inward[door, 1]
                    number[EDGING, i] = 0.0
                    present.filled[0] += 1
                    entered[person] = time
                    placed = True
                    break
            if not placed:
                break
            present.queue_next[door] += 1


@kernel
def remove(i: int, present: Present) -> None:
    """Take row i out: the last row moves into its place."""
    last = present.filled[0] - 1
    present.who[i] = present.who[last]
    present.covered[i] = present.covered[last]
    for row in range(NUMBER_ROWS):
        present.number[row, i] = present.number[row, last]
    present.filled[0] = last


@kernel
def leave(time: float, traits: Traits, ground: Ground, present: Present, left: Floats) -> None:
    """Let out whoever has reached the line of their exit; left : (people,) s, filled."""
    i = 0
    while i < present.filled[0]:
        person = present.who[i]
        ends = ground.exits[traits.exit[person]]
        x, y = present.number[X, i], present.number[Y, i]
        if is_beside(x, y, ends) and distance_to_segment(x, y, ends) <= exit_reach(ends):
            left[person] = time
            remove(i, present)
        else:
            i += 1
