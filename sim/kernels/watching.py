"""What the cameras gain in a frame: heads turn, faces are weighed, exposure adds up.

Units:  SI, radians.
"""

from math import pi, sqrt

import numpy as np

from sim.kernels._jit import Floats, Ints, kernel
from sim.kernels.draws import GAZE, normal
from sim.kernels.portable_math import arctan2, exponential
from sim.kernels.sightlines import CAM_FAR, CAM_X, CAM_Y, look
from sim.kernels.state import (
    CROWN,
    FACING_X,
    FACING_Y,
    NOSE,
    PITCH,
    SHOULDER,
    WEIGHT,
    YAW,
    Clock,
    Ground,
    Looks,
    Present,
    X,
    Y,
)

CROWDING_RADIUS = 2.0  # m
BACK_TURNED = 0.75  # square of the cosine of 30 degrees


@kernel
def shortest_frame(every: Ints) -> int:
    """Return the least number of steps between two frames; every : (cameras,), one at least."""
    least = every[0]
    for c in range(1, every.shape[0]):
        least = min(least, every[c])
    return int(least)


@kernel
def turn_heads(step: int, present: Present, looks: Looks, clock: Clock) -> None:
    """Move the gaze of everybody whom a camera may see; fill the direction of the nose.

    The yaw about the heading is an Ornstein-Uhlenbeck process, drawn by (person, frame). Who walks
    away from every camera, within 30 degrees of straight, shows it no face: the gaze would have to
    be three standard deviations off. Their nose is nan, and their gaze waits.
    """
    number = present.number
    frame = shortest_frame(looks.every) * clock.dt
    keep = exponential(-frame / clock.gaze_time)
    kick = clock.gaze_spread * sqrt(1.0 - keep * keep)
    for i in range(present.filled[0]):
        near = False
        for c in range(looks.cameras.shape[0]):
            dx = number[X, i] - looks.cameras[c, CAM_X]
            dy = number[Y, i] - looks.cameras[c, CAM_Y]
            away2 = dx * dx + dy * dy
            if away2 > looks.cameras[c, CAM_FAR] * looks.cameras[c, CAM_FAR]:
                continue
            off = dx * number[FACING_X, i] + dy * number[FACING_Y, i]
            turned2 = number[FACING_X, i] ** 2 + number[FACING_Y, i] ** 2
            if off <= 0.0 or off * off < BACK_TURNED * away2 * turned2:
                near = True
                break
        if not near:
            number[NOSE, i] = np.nan
            continue
        draw = normal(clock.seed, GAZE, present.who[i], step)
        if np.isnan(number[YAW, i]):
            number[YAW, i] = clock.gaze_spread * draw
        else:
            number[YAW, i] = keep * number[YAW, i] + kick * draw
        number[NOSE, i] = arctan2(number[FACING_Y, i], number[FACING_X, i]) + number[YAW, i]


@kernel
def watch(
    step: int, time: float, present: Present, ground: Ground, looks: Looks, clock: Clock
) -> None:
    """Let every camera whose frame is due look at the street, and note what it gained."""
    number = present.number
    n = present.filled[0]
    x, y = number[X], number[Y]
    for c in range(looks.cameras.shape[0]):
        if step % looks.every[c] != 0:
            continue
        usable = look(
            n,
            x,
            y,
            number[CROWN],
            number[SHOULDER],
            number[NOSE],
            number[PITCH],
            present.covered,
            looks.cameras[c],
            looks.optics,
            ground.hiding_walls,
            looks.candidates,
            number[WEIGHT],
        )
        if usable == 0:
            continue
        for i in range(n):
            weight = number[WEIGHT, i]
            if weight == 0.0:
                continue
            person = present.who[i]
            looks.exposure[person, c] += weight * looks.every[c] * clock.dt
            if weight > looks.best_weight[person, c]:
                looks.best_weight[person, c] = weight
                looks.best_time[person, c] = time
                looks.crowding[person, c] = crowding(i, n, x, y)


@kernel
def crowding(i: int, n: int, x: Floats, y: Floats) -> float:
    """Return the density of others around row i of ``n``, 1/m2, within ``CROWDING_RADIUS``."""
    near = -1  # the person is not among the others
    own_x, own_y = x[i], y[i]
    for j in range(np.uint64(n)):
        dx, dy = x[j] - own_x, y[j] - own_y
        near += int(dx * dx + dy * dy <= CROWDING_RADIUS * CROWDING_RADIUS)
    return float(near / (pi * CROWDING_RADIUS * CROWDING_RADIUS))
