"""Moving people without letting anybody through a wall.

Units:  SI.
Shapes: people present are rows 0..n-1 of arrays ``(capacity,)``.
"""

import numpy as np

from sim.kernels._jit import Floats, kernel
from sim.kernels.movement import Law
from sim.kernels.walls import (
    ALONG_X,
    ALONG_Y,
    LENGTH,
    WALL_X,
    WALL_Y,
    Walls,
    wall_cell,
)

CLEARANCE = 0.5  # share of the body radius that the centre keeps from every wall
SLIDES = 4  # walls that one move may slide along; in a tighter spot the person stands
TOUCH = 1e-12  # m, rounding allowed where a move meets a wall


@kernel
def keep_inside(
    n: int,
    x: Floats,
    y: Floats,
    step_x: Floats,
    step_y: Floats,
    pace: Floats,
    dt: float,
    law: Law,
    walls: Walls,
) -> None:
    """Move everybody by a step of ``dt`` s, along the walls where the way is barred (W6).

    n, x, y        : people and where they are, (capacity,) m; moved
    step_x, step_y : (capacity,) direction walked
    pace           : (capacity,) m/s

    A wall bars the half plane behind the point of it that is nearest to the person: whoever obeys
    every wall's half plane can neither cross a wall nor come nearer to it than the clearance (or
    than before, if that was nearer). Holds for any ``dt``: a stride is cut to what the walls
    listed near the person cover.
    """
    clearance = CLEARANCE * law.radius
    longest = walls.near_reach - clearance
    for i in range(n):
        stride = min(pace[i] * dt, longest)
        move_x, move_y = stride * step_x[i], stride * step_y[i]
        cell = wall_cell(x[i], y[i], walls)
        low, high = walls.near_start[cell], walls.near_start[cell + 1]
        barred = low < high
        slide = 0
        while barred and slide < SLIDES:
            barred = False
            for k in range(low, high):
                wall = walls.segment[walls.near[k]]
                from_x, from_y = x[i] - wall[WALL_X], y[i] - wall[WALL_Y]
                along = from_x * wall[ALONG_X] + from_y * wall[ALONG_Y]
                along = min(max(along, 0.0), wall[LENGTH])
                from_x -= along * wall[ALONG_X]
                from_y -= along * wall[ALONG_Y]
                distance = np.sqrt(from_x * from_x + from_y * from_y)
                if distance == 0.0:
                    continue
                away_x, away_y = from_x / distance, from_y / distance
                after = distance + move_x * away_x + move_y * away_y
                lacking = min(clearance, distance) - after
                if lacking > TOUCH:
                    move_x += lacking * away_x
                    move_y += lacking * away_y
                    barred = True
            slide += 1
        if not barred:
            x[i] += move_x
            y[i] += move_y
