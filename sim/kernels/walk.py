"""The fused time loop of a street: people come in, walk, are looked at and leave.

One call advances any number of time steps, so that a step costs no trip through Python. Present
people are the compact rows 0..n-1 of ``Present``; traits are looked up by person id.

Units:  SI, radians.
Order:  in each step: admit, choose direction, move, leave, look. It is part of the model
        (docs/model/walk.md) and every update of a step reads the positions before it.
"""

from math import atan2, exp, hypot, pi, sqrt
from typing import NamedTuple

import numpy as np

from sim.kernels._jit import Bools, Floats, Ints, kernel
from sim.kernels.draws import GAZE, normal
from sim.kernels.movement import Law, Scratch, Walls, desired_moves, keep_inside
from sim.kernels.routes import descent
from sim.kernels.sightlines import CAM_FAR, CAM_X, CAM_Y, look

# Rows of Present.number.
X, Y, WALK_X, WALK_Y, FACING_X, FACING_Y, YAW, CROWN, SHOULDER, PITCH, NOSE, SPEED = range(12)
GOAL_X, GOAL_Y, WISH, STEP_X, STEP_Y, PACE, WEIGHT = range(12, 19)
NUMBER_ROWS = 19

TURN_TIME = 0.5  # s, over which the head follows a change of direction
EXIT_REACH = 0.25  # m, so near to the line of the exit a person has left
ROOM = 0.10  # m, free beyond touching bodies before somebody may step in
PLACES_TRIED = 6  # places across the entrance tried in one step
GOLDEN = 0.6180339887498949
PARTY_SIDE_PULL = 0.5  # weight of the pull to one's place beside the others, a metre away
PARTY_PACE = 0.5  # share by which pace follows a lag of one metre behind the party
PARTY_SLOWEST, PARTY_FASTEST = 0.5, 1.3
PARTY_LOST = 6.0  # m, further apart a party no longer holds together
CROWDING_RADIUS = 2.0  # m


class Traits(NamedTuple):
    """What does not change, one row a person of the run, ``(people,)``.

    entrance, exit : door indices; party, party_rank, party_size : who walks together
    target_x, target_y : m, the point of the exit that the person heads for
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


class Ground(NamedTuple):
    """The place: doors as rows, fields per exit on a grid of ``cell`` m from ``origin``.

    entrances, exits : (k, 4) m; inward : (k, 2); spacing : m between party members
    """

    entrances: Floats
    inward: Floats
    exits: Floats
    distance: Floats
    is_seen: Bools
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


@kernel
def distance_to_segment(px: float, py: float, ends: Floats) -> float:
    """Return the distance from a point to a segment, m; ends : (4,) x1 y1 x2 y2."""
    dx, dy = ends[2] - ends[0], ends[3] - ends[1]
    along = ((px - ends[0]) * dx + (py - ends[1]) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    return hypot(px - ends[0] - along * dx, py - ends[1] - along * dy)


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
                    number[YAW, i] = np.nan
                    number[CROWN, i] = traits.crown[person]
                    number[SHOULDER, i] = traits.shoulder[person]
                    number[PITCH, i] = traits.pitch[person]
                    number[SPEED, i] = traits.speed[person]
                    present.filled[0] += 1
                    entered[person] = time
                    placed = True
                    break
            if not placed:
                break
            present.queue_next[door] += 1


@kernel
def choose_goals(traits: Traits, ground: Ground, present: Present) -> None:
    """Point everybody at their exit: straight if it lies in view, else down its distance field."""
    number = present.number
    for i in range(present.filled[0]):
        person = present.who[i]
        door = traits.exit[person]
        x, y = number[X, i], number[Y, i]
        column = int(np.floor((x - ground.origin_x) / ground.cell + 0.5))
        row = int(np.floor((y - ground.origin_y) / ground.cell + 0.5))
        if ground.is_seen[door, row, column]:
            goal_x, goal_y = traits.target_x[person] - x, traits.target_y[person] - y
            length = hypot(goal_x, goal_y)
            if length > 0.0:
                number[GOAL_X, i], number[GOAL_Y, i] = goal_x / length, goal_y / length
                continue
        goal_x, goal_y = descent(
            ground.distance[door], ground.origin_x, ground.origin_y, ground.cell, x, y
        )
        if goal_x == 0.0 and goal_y == 0.0:
            goal_x, goal_y = number[WALK_X, i], number[WALK_Y, i]
        number[GOAL_X, i], number[GOAL_Y, i] = goal_x, goal_y


@kernel
def keep_parties(traits: Traits, present: Present, parties: Parties, spacing: float) -> None:
    """Turn each member softly towards a place beside the others, and match their pace.

    Members walk abreast ``spacing`` m apart (Moussaid et al. 2010); the pull bends the desired
    direction and speed only, so the speed law still keeps people from each other.
    """
    number = present.number
    n = present.filled[0]
    for i in range(n):
        number[WISH, i] = number[SPEED, i]
        party = traits.party[present.who[i]]
        parties.sum_x[party] = parties.sum_y[party] = 0.0
        parties.members[party] = 0
    for i in range(n):
        party = traits.party[present.who[i]]
        parties.sum_x[party] += number[X, i]
        parties.sum_y[party] += number[Y, i]
        parties.members[party] += 1
    for i in range(n):
        person = present.who[i]
        party = traits.party[person]
        members = parties.members[party]
        if members < 2:
            continue
        ex, ey = number[GOAL_X, i], number[GOAL_Y, i]
        to_x = parties.sum_x[party] / members - number[X, i]
        to_y = parties.sum_y[party] / members - number[Y, i]
        if hypot(to_x, to_y) > PARTY_LOST:
            continue
        rank = traits.party_rank[person] - 0.5 * (traits.party_size[person] - 1)
        lag = to_x * ex + to_y * ey
        aside = -to_x * ey + to_y * ex + rank * spacing
        pull = PARTY_SIDE_PULL * min(1.0, max(-1.0, aside))
        goal_x, goal_y = ex - pull * ey, ey + pull * ex
        length = hypot(goal_x, goal_y)
        number[GOAL_X, i], number[GOAL_Y, i] = goal_x / length, goal_y / length
        pace = min(PARTY_FASTEST, max(PARTY_SLOWEST, 1.0 + PARTY_PACE * lag))
        number[WISH, i] = number[SPEED, i] * pace


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
        if distance_to_segment(x, y, ends) <= EXIT_REACH:
            left[person] = time
            remove(i, present)
        else:
            i += 1


@kernel
def turn_heads(step: int, present: Present, looks: Looks, clock: Clock) -> None:
    """Move the gaze of everybody whom a camera may see; fill the direction of the nose.

    The yaw about the heading is an Ornstein-Uhlenbeck process, drawn by (person, frame).
    """
    number = present.number
    frame = looks.every.min() * clock.dt
    keep = exp(-frame / clock.gaze_time)
    kick = clock.gaze_spread * sqrt(1.0 - keep * keep)
    for i in range(present.filled[0]):
        near = False
        for c in range(looks.cameras.shape[0]):
            dx = number[X, i] - looks.cameras[c, CAM_X]
            dy = number[Y, i] - looks.cameras[c, CAM_Y]
            if dx * dx + dy * dy <= looks.cameras[c, CAM_FAR] ** 2:
                near = True
        if not near:
            continue
        draw = normal(clock.seed, GAZE, present.who[i], step)
        if np.isnan(number[YAW, i]):
            number[YAW, i] = clock.gaze_spread * draw
        else:
            number[YAW, i] = keep * number[YAW, i] + kick * draw
        number[NOSE, i] = atan2(number[FACING_Y, i], number[FACING_X, i]) + number[YAW, i]


@kernel
def watch(
    step: int, time: float, present: Present, ground: Ground, looks: Looks, clock: Clock
) -> None:
    """Let every camera whose frame is due look at the street, and note what it gained."""
    number = present.number
    n = present.filled[0]
    for c in range(looks.cameras.shape[0]):
        if step % looks.every[c] != 0:
            continue
        usable = look(
            n,
            number[X],
            number[Y],
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
                looks.crowding[person, c] = crowding(i, present)


@kernel
def crowding(i: int, present: Present) -> float:
    """Return the density of others around row i, 1/m2, within ``CROWDING_RADIUS``."""
    number = present.number
    near = -1  # the person is not among the others
    for j in range(present.filled[0]):
        dx, dy = number[X, j] - number[X, i], number[Y, j] - number[Y, i]
        if dx * dx + dy * dy <= CROWDING_RADIUS * CROWDING_RADIUS:
            near += 1
    return near / (pi * CROWDING_RADIUS * CROWDING_RADIUS)


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
        choose_goals(traits, ground, present)
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
            if step % looks.every.min() == 0:
                turn_heads(step, present, looks, clock)
            watch(step, time + clock.dt, present, ground, looks, clock)
