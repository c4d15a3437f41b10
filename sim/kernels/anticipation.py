"""Seeing ahead: people who come towards each other step aside before they meet.

A second locomotion model behind ``sim.kernels.movement.desired_moves``: the collision-free speed
model with two passes more. People reckon where those who approach will pass them, and turn aside
in time (``add_asides``); they turn gradually, not at once (``turn_gradually``). The idea is that
of the anticipation velocity model of Xu, Chraibi and Seyfried (2021); A1 to A5, and where they
depart from it, are in docs/model/anticipation.md.

Units:  SI; directions are unit vectors.
Shapes: people present are rows 0..n-1 of arrays ``(capacity,)``; the scratch holds sorted rows.
Bits:   as in the collision-free speed model: no result depends on the order of the rows.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels._jit import Floats, kernel
from sim.kernels.neighbours import Scratch
from sim.kernels.portable_math import exponential

UNDECIDED = 0.5  # body radii, passing nearer to the middle than this people are of two minds

_QUANTUM = 1.5 * 2.0**12  # adding and subtracting this rounds to a multiple of 2**-40


class Anticipation(NamedTuple):
    """Parameters of the model, A1 to A5 in docs/model/anticipation.md.

    is_on    : whether people anticipate at all; if not, the rest is not read
    strength : 1, of the push aside, the wish to walk on being 1
    time     : s, how far ahead people look
    side     : m, so far to the right of the middle people keep from those who come
    turn     : share of a change of direction that is made in one time step
    """

    is_on: bool
    strength: float
    time: float
    side: float
    turn: float


NO_ANTICIPATION = Anticipation(is_on=False, strength=0.0, time=1.0, side=0.0, turn=1.0)


def make_anticipation(
    *, strength: float, time: float, side: float, turning_time: float, time_step: float
) -> Anticipation:
    """Return the parameters; people turn with the time constant ``turning_time``, 0 for at once.

    turning_time, time_step : s. The share of a step is exact for a direction that is kept up, so
    that the time step hardly matters. Who looks 0 s ahead steps aside for nobody.
    """
    lag = float(exponential(-time_step / turning_time)) if turning_time > 0 else 0.0
    if time <= 0:
        strength, time = 0.0, 1.0
    return Anticipation(is_on=True, strength=strength, time=time, side=side, turn=1.0 - lag)


@kernel
def recall_walk(
    n: int,
    goal_x: Floats,
    goal_y: Floats,
    wish: Floats,
    step_x: Floats,
    step_y: Floats,
    scratch: Scratch,
) -> None:
    """Fill the sorted rows with where each of ``n`` people wants to go, and how they are going.

    goal_x, goal_y : (capacity,) desired direction
    wish           : (capacity,) m/s, desired speed
    step_x, step_y : (capacity,) direction walked in the last step; 0, 0 if there was none

    They go at the speed they want, not at the one they have: who is held up still means to walk
    on, and whoever faces him must give way, or a jam would never dissolve.
    """
    for i in range(n):
        person = scratch.order[i]
        scratch.goal_x[i], scratch.goal_y[i] = goal_x[person], goal_y[person]
        scratch.going_x[i] = wish[person] * step_x[person]
        scratch.going_y[i] = wish[person] * step_y[person]
        scratch.aside[i] = 0.0


@kernel
def add_asides(
    first: int,
    last: int,
    anticipation: Anticipation,
    radius: float,
    reach: float,
    scratch: Scratch,
) -> None:
    """Add to ``aside`` how the pairs of sorted rows ``first``..``last`` turn each other (A1..A4).

    radius, reach : m, of a body and of the push

    ``aside`` counts to the left of the desired direction. Each term is rounded to a multiple of
    2**-40, so that the sums are exact and do not depend on their order.
    """
    goal_x, goal_y = scratch.goal_x, scratch.goal_y
    going_x, going_y, aside = scratch.going_x, scratch.going_y, scratch.aside
    pair_dx, pair_dy, other = scratch.dx, scratch.dy, scratch.other
    touch, per_reach, per_time = 2.0 * radius, 1.0 / reach, 1.0 / anticipation.time
    strength, side = anticipation.strength, anticipation.side
    blur2 = (UNDECIDED * radius) * (UNDECIDED * radius)
    for i in range(first, last):
        ex, ey, own_x, own_y = goal_x[i], goal_y[i], going_x[i], going_y[i]
        own_aside = aside[i]
        for k in range(np.uint64(scratch.first_pair[i]), np.uint64(scratch.first_pair[i + 1])):
            j = np.uint64(other[k])
            dx, dy = pair_dx[k], pair_dy[k]
            wx, wy = own_x - going_x[j], own_y - going_y[j]
            nearing = wx * dx + wy * dy
            if not nearing > 0.0:
                continue
            fx, fy = goal_x[j], goal_y[j]
            against = 0.5 - 0.5 * (ex * fx + ey * fy)
            if not against > 0.0:
                continue
            distance = np.sqrt(dx * dx + dy * dy)
            free = distance - touch
            to_contact = (free if free > 0.0 else 0.0) * distance / nearing
            until = nearing / (wx * wx + wy * wy)
            miss_x, miss_y = dx - until * wx, dy - until * wy
            beyond = np.sqrt(miss_x * miss_x + miss_y * miss_y) - touch
            beyond = beyond if beyond > 0.0 else 0.0
            push = strength * against * exponential(-to_contact * per_time - beyond * per_reach)
            keep = side * against
            if ex * dx + ey * dy > 0.0:
                left = ex * miss_y - ey * miss_x + keep
                own_aside -= (push * left / np.sqrt(left * left + blur2) + _QUANTUM) - _QUANTUM
            if fx * dx + fy * dy < 0.0:
                left = fy * miss_x - fx * miss_y + keep
                aside[j] -= (push * left / np.sqrt(left * left + blur2) + _QUANTUM) - _QUANTUM
        aside[i] = own_aside


@kernel
def push_aside(n: int, scratch: Scratch) -> None:
    """Turn what ``n`` people sum up in ``aside`` into a push square to the desired direction."""
    for i in range(n):
        scratch.push_x[i] -= scratch.aside[i] * scratch.goal_y[i]
        scratch.push_y[i] += scratch.aside[i] * scratch.goal_x[i]


@kernel
def turn_gradually(
    n: int, anticipation: Anticipation, step_x: Floats, step_y: Floats, scratch: Scratch
) -> None:
    """Take ``walk_x``, ``walk_y`` only a share of the way from the last direction (A5).

    step_x, step_y : (capacity,) direction walked in the last step; 0, 0 if there was none

    Who turns round with respect to the desired direction does so at once, as does who stood.
    """
    share = anticipation.turn
    for i in range(n):
        person = scratch.order[i]
        last_x, last_y = step_x[person], step_y[person]
        ex, ey = scratch.goal_x[i], scratch.goal_y[i]
        walk_x, walk_y = scratch.walk_x[i], scratch.walk_y[i]
        if (walk_x * ex + walk_y * ey) * (last_x * ex + last_y * ey) > 0.0:
            walk_x = last_x + share * (walk_x - last_x)
            walk_y = last_y + share * (walk_y - last_y)
            length = np.sqrt(walk_x * walk_x + walk_y * walk_y)
            scratch.walk_x[i], scratch.walk_y[i] = walk_x / length, walk_y / length
