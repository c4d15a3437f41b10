"""How people walk: the collision-free speed model of Tordeux, Chraibi and Seyfried (2016).

The one interface to locomotion: ``make_law`` takes the parameters, and with ``anticipation`` the
second model; ``desired_moves`` chooses everybody's direction and speed.

Each person turns from the desired direction away from people and walls, and walks on as fast as
the gap to the nearest person ahead allows. All react to the same moment: the caller moves nobody
before everybody has chosen. W1 to W6 are the equations of docs/model/walk.md.

Units:  SI; directions are unit vectors.
Shapes: people present are rows 0..n-1 of arrays ``(capacity,)``; walls are rows ``(m, ...)``.
Bits:   no reassociation, no fused multiply-add, no library exponential, so that the result
        depends neither on the processor nor on the order of the rows.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels._jit import Floats, kernel
from sim.kernels.anticipation import (
    NO_ANTICIPATION,
    Anticipation,
    add_asides,
    push_aside,
    recall_walk,
    turn_gradually,
)
from sim.kernels.neighbours import (
    Scratch,
    collect_pairs,
    drop_parted,
    scratch_for,
    sort_into_cells,
)
from sim.kernels.portable_math import exponential
from sim.kernels.walls import (
    ALONG_X,
    ALONG_Y,
    END_FROM,
    END_X,
    END_Y,
    LENGTH,
    START_FROM,
    START_X,
    START_Y,
    WALL_X,
    WALL_Y,
    Walls,
    wall_cell,
    walls_for,
)

SIDE_PREFERENCE = 1e-6  # so far to the right does a person turn whom symmetry would hold
HELD_UP = 0.5  # someone counts as held up when so little of the desired direction is left
LONGEST_STRIDE = 0.5  # m, at least so far a person may go in one step
NEGLIGIBLE = 1e-8  # pushes of a wall below this are left out
HEAVIEST = 512.0  # cap of one pair's push: bodies deep in each other, any direction apart will do

_QUANTUM = 1.5 * 2.0**12  # adding and subtracting this rounds to a multiple of 2**-40
_NOBODY = 1e300  # m2, squared distance when nobody is ahead


class Law(NamedTuple):
    """Parameters of the model, W1 to W4 in docs/model/walk.md.

    time_gap : s; strength, wall_strength : 1; reach, wall_reach, radius, cutoff : m
    anticipation : the second model, docs/model/anticipation.md, if it is on
    """

    time_gap: float
    strength: float
    reach: float
    wall_strength: float
    wall_reach: float
    radius: float
    cutoff: float
    anticipation: Anticipation


def make_law(
    *,
    time_gap: float,
    strength: float,
    reach: float,
    wall_strength: float,
    wall_reach: float,
    radius: float,
    fastest: float,
    cutoff: float | None = None,
    anticipation: Anticipation = NO_ANTICIPATION,
) -> Law:
    """Return the law; ``fastest`` m/s is the greatest desired speed.

    Without ``cutoff`` people react as far as the speed law or ten repulsion ranges reach.
    """
    if cutoff is None:
        cutoff = 2 * radius + max(fastest * time_gap, 10 * reach)
    return Law(
        time_gap=time_gap,
        strength=strength,
        reach=reach,
        wall_strength=wall_strength,
        wall_reach=wall_reach,
        radius=radius,
        cutoff=cutoff,
        anticipation=anticipation,
    )


def make_walls(
    segments: NDArray[np.float64], bounds: tuple[float, float, float, float], law: Law
) -> Walls:
    """Return the walls; segments : (m, 4) m, x1 y1 x2 y2, doors left out; bounds as below."""
    fade = law.wall_reach * float(np.log(max(law.wall_strength / NEGLIGIBLE, 1.0)))
    near_reach = law.radius + max(fade, LONGEST_STRIDE)
    return walls_for(segments, bounds, near_reach=near_reach, cutoff=law.cutoff)


def make_scratch(capacity: int, bounds: tuple[float, float, float, float], law: Law) -> Scratch:
    """Return working memory for ``capacity`` people; bounds : low x, low y, high x, high y, m."""
    del law  # the grid adapts to its cutoff in each step
    return scratch_for(capacity, bounds)


@kernel
def add_pushes(first: int, last: int, begin: int, end: int, law: Law, scratch: Scratch) -> None:
    """Add what the pairs ``begin``..``end`` of sorted rows ``first``..``last`` push (W2).

    Each push is rounded to a multiple of 2**-40 (1e-12), so that the sums are exact and do not
    depend on their order.
    """
    pair_dx, pair_dy = scratch.dx[begin:end], scratch.dy[begin:end]
    part_x, part_y = scratch.part_x, scratch.part_y
    touch, per_reach, strength = 2.0 * law.radius, 1.0 / law.reach, law.strength
    for k in range(end - begin):
        dx, dy = pair_dx[k], pair_dy[k]
        distance = np.sqrt(dx * dx + dy * dy)
        push = strength * exponential((touch - distance) * per_reach)
        push = (push if push < HEAVIEST else HEAVIEST) / distance
        part_x[k] = (push * dx + _QUANTUM) - _QUANTUM
        part_y[k] = (push * dy + _QUANTUM) - _QUANTUM
    push_x, push_y, other = scratch.push_x, scratch.push_y, scratch.other
    for i in range(first, last):
        own_x, own_y = push_x[i], push_y[i]
        for k in range(np.uint64(scratch.first_pair[i]), np.uint64(scratch.first_pair[i + 1])):
            j = np.uint64(other[k])
            x, y = part_x[k - np.uint64(begin)], part_y[k - np.uint64(begin)]
            own_x -= x
            own_y -= y
            push_x[j] += x
            push_y[j] += y
        push_x[i], push_y[i] = own_x, own_y


@kernel
def add_wall_pushes(n: int, law: Law, walls: Walls, scratch: Scratch) -> None:
    """Add what the walls push each of ``n`` people (W3).

    The nearest point of each wall pushes. A corner is the end of two walls and pushes once, and
    only where it is the nearest point of both: so a straight wall cut in two is still one wall.
    """
    per_reach = 1.0 / law.wall_reach
    for i in range(n):
        x, y = scratch.x[i], scratch.y[i]
        cell = wall_cell(x, y, walls)
        for k in range(walls.near_start[cell], walls.near_start[cell + 1]):
            wall = walls.segment[walls.near[k]]
            from_x, from_y = x - wall[WALL_X], y - wall[WALL_Y]
            along = from_x * wall[ALONG_X] + from_y * wall[ALONG_Y]
            if along <= 0.0:
                if from_x * wall[START_X] + from_y * wall[START_Y] < wall[START_FROM]:
                    continue
            elif along >= wall[LENGTH]:
                from_x -= wall[LENGTH] * wall[ALONG_X]
                from_y -= wall[LENGTH] * wall[ALONG_Y]
                if from_x * wall[END_X] + from_y * wall[END_Y] < wall[END_FROM]:
                    continue
            else:
                from_x -= along * wall[ALONG_X]
                from_y -= along * wall[ALONG_Y]
            distance = np.sqrt(from_x * from_x + from_y * from_y)
            if distance > 0.0:
                push = law.wall_strength * exponential((law.radius - distance) * per_reach)
                scratch.push_x[i] += push / distance * from_x
                scratch.push_y[i] += push / distance * from_y


@kernel
def choose_directions(n: int, goal_x: Floats, goal_y: Floats, scratch: Scratch) -> None:
    """Fill ``walk_x``, ``walk_y`` of the scratch from goals and pushes (W1 and W5).

    goal_x, goal_y : (capacity,) desired direction, by person

    Someone held up by a push exactly against the desired direction would stand or jitter for
    ever, as would the one who comes the other way: such a person turns a little to the right.
    """
    for i in range(n):
        ex, ey = goal_x[scratch.order[i]], goal_y[scratch.order[i]]
        px, py = scratch.push_x[i], scratch.push_y[i]
        back = px * ex + py * ey
        left = ex * py - ey * px
        walk_x, walk_y = ex + px, ey + py
        if 1.0 + back < HELD_UP and abs(left) <= -SIDE_PREFERENCE * back:
            turn = SIDE_PREFERENCE * back - left
            walk_x -= turn * ey
            walk_y += turn * ex
        length = np.sqrt(walk_x * walk_x + walk_y * walk_y)
        if length > 0.0:
            walk_x /= length
            walk_y /= length
        scratch.walk_x[i], scratch.walk_y[i] = walk_x, walk_y


@kernel
def look_ahead(first: int, last: int, law: Law, scratch: Scratch) -> None:
    """Lower ``ahead`` to the nearest person ahead among the pairs of some sorted rows (W4).

    Ahead is who lies in the half plane walked to and in the strip that the two bodies sweep.
    """
    walk_x, walk_y, ahead = scratch.walk_x, scratch.walk_y, scratch.ahead
    pair_dx, pair_dy, other = scratch.dx, scratch.dy, scratch.other
    touch = 2.0 * law.radius
    for i in range(first, last):
        ex, ey, nearest = walk_x[i], walk_y[i], ahead[i]
        for k in range(np.uint64(scratch.first_pair[i]), np.uint64(scratch.first_pair[i + 1])):
            j = np.uint64(other[k])
            dx, dy = pair_dx[k], pair_dy[k]
            distance2 = dx * dx + dy * dy
            in_strip = (ex * dx + ey * dy >= 0.0) & (abs(ex * dy - ey * dx) <= touch)
            seen = distance2 if in_strip else _NOBODY
            nearest = seen if seen < nearest else nearest
            fx, fy = walk_x[j], walk_y[j]
            in_strip = (fx * dx + fy * dy <= 0.0) & (abs(fx * dy - fy * dx) <= touch)
            seen = distance2 if in_strip else _NOBODY
            ahead[j] = seen if seen < ahead[j] else ahead[j]
        ahead[i] = nearest


@kernel
def desired_moves(
    n: int,
    x: Floats,
    y: Floats,
    goal_x: Floats,
    goal_y: Floats,
    wish: Floats,
    law: Law,
    walls: Walls,
    scratch: Scratch,
    step_x: Floats,
    step_y: Floats,
    pace: Floats,
) -> None:
    """Choose direction and speed of everybody present, all from the same positions.

    n              : people present, rows 0..n-1 of every array
    x, y           : (capacity,) m
    goal_x, goal_y : (capacity,) desired direction
    wish           : (capacity,) m/s, desired speed
    step_x, step_y : (capacity,) direction walked, overwritten; 0, 0 if there is none
    pace           : (capacity,) m/s, overwritten

    Who anticipates reads in ``step_x`` and ``step_y`` which way everybody walked in the step
    before; the collision-free speed model does not look at them.
    The result does not depend on the order of the rows: the same person gets the same bits.
    """
    grid = sort_into_cells(n, x, y, law.cutoff, scratch)
    for i in range(n):
        scratch.push_x[i] = scratch.push_y[i] = 0.0
        scratch.ahead[i] = _NOBODY
    if law.anticipation.is_on:
        recall_walk(n, goal_x, goal_y, wish, step_x, step_y, scratch)
    first, begin, all_kept = 0, 0, True
    while first < n:
        if begin + n > scratch.other.shape[0]:
            begin, all_kept = 0, False
        last, end = collect_pairs(first, n, begin, law.cutoff, grid, scratch)
        if walls.can_part:
            end = drop_parted(first, last, begin, walls, scratch)
        add_pushes(first, last, begin, end, law, scratch)
        if law.anticipation.is_on:
            add_asides(first, last, law.anticipation, law.radius, law.reach, scratch)
        first, begin = last, end
    if law.anticipation.is_on:
        push_aside(n, scratch)
    add_wall_pushes(n, law, walls, scratch)
    choose_directions(n, goal_x, goal_y, scratch)
    if law.anticipation.is_on:
        turn_gradually(n, law.anticipation, step_x, step_y, scratch)
    first = n if all_kept else 0
    if all_kept:
        look_ahead(0, n, law, scratch)
    while first < n:
        last, end = collect_pairs(first, n, 0, law.cutoff, grid, scratch)
        if walls.can_part:
            drop_parted(first, last, 0, walls, scratch)
        look_ahead(first, last, law, scratch)
        first = last
    touch = 2.0 * law.radius
    for i in range(n):
        person = scratch.order[i]
        step_x[person], step_y[person] = scratch.walk_x[i], scratch.walk_y[i]
        free = (np.sqrt(scratch.ahead[i]) - touch) / law.time_gap
        pace[person] = min(max(free, 0.0), wish[person])
