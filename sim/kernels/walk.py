"""The fused time loop of a street: people come in, walk, are looked at and leave.

One call advances any number of time steps, so that a step costs no trip through Python.

Units:  SI, radians.
Order:  in each step: admit, choose direction, move, leave, look. It is part of the model
        (docs/model/odd.md) and every update of a step reads the positions before it.
"""

from sim.kernels._jit import Floats, kernel
from sim.kernels.confine import keep_inside
from sim.kernels.doors import admit, leave
from sim.kernels.movement import Law, desired_moves
from sim.kernels.neighbours import Scratch
from sim.kernels.squeeze import edge_past
from sim.kernels.state import (
    FACING_X,
    FACING_Y,
    GOAL_X,
    GOAL_Y,
    PACE,
    STEP_X,
    STEP_Y,
    WALK_X,
    WALK_Y,
    WISH,
    Clock,
    Ground,
    Looks,
    Parties,
    Present,
    Queues,
    Traits,
    X,
    Y,
)
from sim.kernels.steering import choose_goals, keep_parties
from sim.kernels.walls import Walls
from sim.kernels.watching import shortest_frame, turn_heads, watch

TURN_TIME = 0.5  # s, over which the head follows a change of direction


@kernel
def advance(
    first_step: int,
    steps: int,
    traits: Traits,
    ground: Ground,
    queues: Queues,
    present: Present,
    parties: Parties,
    looks: Looks,
    clock: Clock,
    law: Law,
    walls: Walls,
    scratch: Scratch,
    spacing: float,
    step_in: float,
    entered: Floats,
    left: Floats,
) -> None:
    """Advance the street by ``steps`` time steps from step number ``first_step``.

    entered, left : (people,) s, filled as people come and go; everything else see the types.
    """
    number = present.number
    for step in range(first_step, first_step + steps):
        time = step * clock.dt
        admit(time, traits, ground, queues, present, spacing, law.radius, step_in, entered)
        n = present.filled[0]
        if n == 0:
            continue
        choose_goals(traits, ground, present, spacing)
        keep_parties(traits, present, parties, spacing)
        desired_moves(
            n,
            number[X],
            number[Y],
            number[GOAL_X],
            number[GOAL_Y],
            number[WISH],
            law,
            walls,
            scratch,
            number[STEP_X],
            number[STEP_Y],
            number[PACE],
        )
        edge_past(traits, ground, present, clock.dt)
        turn = min(1.0, clock.dt / TURN_TIME)
        for i in range(n):
            number[WALK_X, i], number[WALK_Y, i] = number[STEP_X, i], number[STEP_Y, i]
            number[FACING_X, i] += turn * (number[STEP_X, i] - number[FACING_X, i])
            number[FACING_Y, i] += turn * (number[STEP_Y, i] - number[FACING_Y, i])
        keep_inside(
            n,
            number[X],
            number[Y],
            number[STEP_X],
            number[STEP_Y],
            number[PACE],
            clock.dt,
            law,
            walls,
        )
        leave(time + clock.dt, traits, ground, present, left)
        if looks.cameras.shape[0] > 0 and time < clock.cameras_end:
            if step % shortest_frame(looks.every) == 0:
                turn_heads(step, present, looks, clock)
            watch(step, time + clock.dt, present, ground, looks, clock)
