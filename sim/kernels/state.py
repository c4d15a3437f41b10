"""The state of a street as the kernels hold it: who is present, who they are, what they saw.

People of the run are rows of ``Traits`` and ``Looks``; those present now are the compact rows of
``Present``, in no fixed order, and name their person by id.

Units:  SI, radians.
"""

from typing import NamedTuple

from sim.kernels._jit import Bools, Floats, Ints

# Rows of Present.number.
X, Y, WALK_X, WALK_Y, FACING_X, FACING_Y, YAW, CROWN, SHOULDER, PITCH, NOSE, SPEED = range(12)
GOAL_X, GOAL_Y, WISH, STEP_X, STEP_Y, PACE, WEIGHT = range(12, 19)
LAG_X, LAG_Y, AIM_X, AIM_Y, EDGING, TO_GO = range(19, 25)
NUMBER_ROWS = 25


class Traits(NamedTuple):
    """What does not change, one row a person of the run, ``(people,)``.

    entrance, exit : door indices; party, party_rank, party_size : who walks together
    target_x, target_y : m, the point of the exit that the person heads for
    way : row of the ground's ways; way_length : m, its distance at the entrance
    side : 0 right to 1 left, the share of the way's width kept (W10); nan: the straight line
    """

    arrived: Floats
    entrance: Ints
    exit: Ints
    across: Floats
    target_x: Floats
    target_y: Floats
    speed: Floats
    crown: Floats
    shoulder: Floats
    pitch: Floats
    covered: Bools
    party: Ints
    party_rank: Ints
    party_size: Ints
    way: Ints
    way_length: Floats
    side: Floats


class Ground(NamedTuple):
    """The place: doors as rows, fields per way on a grid of ``cell`` m from ``origin``.

    entrances, exits : (k, 4) m; inward : (k, 2)
    distance, is_seen, right, left : (ways, ny, nx), see ``sim.model.world.World``
    """

    entrances: Floats
    inward: Floats
    exits: Floats
    distance: Floats
    is_seen: Bools
    right: Floats
    left: Floats
    origin_x: float
    origin_y: float
    cell: float
    hiding_walls: Floats


class Present(NamedTuple):
    """Who is in the street now.

    who : (capacity,) person ids, covered : (capacity,), number : (NUMBER_ROWS, capacity)
    filled : (1,) how many rows are; queue_next : (entrances,) next place in each queue
    """

    who: Ints
    covered: Bools
    number: Floats
    filled: Ints
    queue_next: Ints


class Queues(NamedTuple):
    """Person ids by entrance, in order of arrival: entrance e owns ``ids[start[e]:start[e+1]]``."""

    start: Ints
    ids: Ints


class Parties(NamedTuple):
    """Scratch, one row a party: sums over the members present."""

    sum_x: Floats
    sum_y: Floats
    members: Ints


class Looks(NamedTuple):
    """Cameras and what they have seen: rows of people, columns of cameras.

    cameras : (cameras, CAMERA_FIELDS); optics : (OPTICS_FIELDS,); every : (cameras,) steps a frame
    exposure, best_weight, best_time, crowding : (people, cameras); candidates : scratch
    """

    cameras: Floats
    optics: Floats
    every: Ints
    exposure: Floats
    best_weight: Floats
    best_time: Floats
    crowding: Floats
    candidates: Ints


class Clock(NamedTuple):
    """seed, time step s, end of the cameras s, gaze spread rad, gaze correlation time s."""

    seed: int
    dt: float
    cameras_end: float
    gaze_spread: float
    gaze_time: float
