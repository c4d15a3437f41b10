"""What sight lines cost, and the whole walk beside the bare movement of the same people.

Units:  SI.
"""

import time

import numpy as np

from parts.real_load import FULL_FROM_S, load
from sim.kernels import sightlines, state
from sim.kernels._jit import Bools, Floats, Ints, kernel
from sim.kernels.confine import keep_inside
from sim.kernels.movement import Law, desired_moves
from sim.kernels.neighbours import Scratch
from sim.kernels.walls import Walls
from sim.model.cameras import camera_rows, optics_row
from sim.model.street import Street
from sim.scenario.beliefs import beliefs

IN_ZONE = (10, 50, 200)
SECONDS = 900  # of the whole walk
FRAMES = 2000
_ROWS = (state.X, state.Y, state.GOAL_X, state.GOAL_Y, state.WISH)


@kernel
def bare_seconds(
    starts: Ints,
    crowd: Floats,
    steps: int,
    dt: float,
    law: Law,
    walls: Walls,
    scratch: Scratch,
    work: Floats,
) -> None:
    """Walk ``steps`` steps from each of many starts, towards fixed goals.

    starts : (seconds + 1,) first column of each start; crowd : (5, people) x, y, goal, wish
    work   : (8, capacity) scratch
    """
    for second in range(starts.shape[0] - 1):
        first, n = starts[second], starts[second + 1] - starts[second]
        for row in range(5):
            for i in range(n):
                work[row, i] = crowd[row, first + i]
        for _ in range(steps):
            desired_moves(
                n,
                work[0],
                work[1],
                work[2],
                work[3],
                work[4],
                law,
                walls,
                scratch,
                work[5],
                work[6],
                work[7],
            )
            keep_inside(n, work[0], work[1], work[5], work[6], work[7], dt, law, walls)


@kernel
def frames(
    count: int,
    people: Floats,
    covered: Bools,
    camera: Floats,
    optics: Floats,
    walls: Floats,
    candidates: Ints,
    weight: Floats,
) -> None:
    """Look ``count`` times at the same people; people : (6, n) as ``look`` takes them."""
    for _ in range(count):
        sightlines.look(
            people.shape[1],
            people[0],
            people[1],
            people[2],
            people[3],
            people[4],
            people[5],
            covered,
            camera,
            optics,
            walls,
            candidates,
            weight,
        )


def walk_vs_movement(people: int, seconds: int = SECONDS) -> tuple[float, float, float]:
    """Return CPU time an agent-step of the whole walk over that of the bare movement.

    The walk is ``Street.step`` with its cameras, our own parameters and the shipped cut-off; the
    movement starts each second from where the walk's people were at its beginning. Returns the
    ratio, and million agent-steps a CPU second of the walk and of the movement.
    """
    street = Street(load(people, same_law=False))
    while street.time_s < FULL_FROM_S:
        street.step()
    number, crowd, sizes = street._present.number, [], []
    spent, steps = 0.0, round(1 / street.asked.run.time_step_s)
    walked = 0.0
    for _ in range(seconds):
        n = street.present
        crowd.append(number[list(_ROWS), :n].copy())
        sizes.append(n)
        began = time.process_time()
        street.step()
        spent += time.process_time() - began
        walked += 0.5 * (n + street.present) * steps
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    everybody = np.ascontiguousarray(np.concatenate(crowd, axis=1))
    arguments = (
        street.asked.run.time_step_s,
        street._law,
        street._walls,
        street._scratch,
        np.zeros((8, number.shape[1])),
    )
    bare_seconds(starts[:2], everybody, steps, *arguments)  # compiles
    began = time.process_time()
    bare_seconds(starts, everybody, steps, *arguments)
    bare = time.process_time() - began
    whole_each, bare_each = spent / walked, bare / (starts[-1] * steps)
    return float(whole_each / bare_each), float(1e-6 / whole_each), float(1e-6 / bare_each)


def frame_us(in_zone: int) -> float:
    """Return microseconds of CPU a camera's frame costs with so many people in its zone."""
    scenario = load(15_000, same_law=False)
    believed = beliefs(scenario)
    camera, optics = camera_rows(scenario.policy)[0], optics_row(believed)
    rng = np.random.default_rng(in_zone)
    reach = camera[sightlines.CAM_FAR] * np.sqrt(rng.uniform(0.03, 1, in_zone))
    half_width = np.arctan(camera[sightlines.CAM_TAN_HALF_WIDTH])
    heading = np.arctan2(camera[sightlines.CAM_FORWARD_Y], camera[sightlines.CAM_FORWARD_X])
    angle = heading + rng.uniform(-half_width, half_width, in_zone)
    people = np.vstack(
        [
            camera[sightlines.CAM_X] + reach * np.cos(angle),
            camera[sightlines.CAM_Y] + reach * np.sin(angle),
            rng.normal(1.70, 0.09, in_zone),
            np.full(in_zone, 0.45),
            angle + np.pi + rng.normal(0, 0.5, in_zone),  # most face the camera
            np.zeros(in_zone),
        ]
    )
    arguments = (
        people,
        np.zeros(in_zone, dtype=np.bool_),
        camera,
        optics,
        np.empty((0, 4)),
        np.zeros(in_zone, dtype=np.int64),
        np.zeros(in_zone),
    )
    frames(1, *arguments)  # compiles
    began = time.process_time()
    frames(FRAMES, *arguments)
    return (time.process_time() - began) / FRAMES * 1e6
