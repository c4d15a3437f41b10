"""Where people want to go and how fast: towards their exit, beside their party.

Units:  SI.
"""

import numpy as np

from sim.kernels._jit import Floats, Ints, allocating_kernel, kernel
from sim.kernels.doors import distance_to_segment
from sim.kernels.portable_math import hypot
from sim.kernels.routes import descent
from sim.kernels.sideways import aside_slope
from sim.kernels.state import (
    GOAL_X,
    GOAL_Y,
    SPEED,
    WALK_X,
    WALK_Y,
    WISH,
    Ground,
    Parties,
    Present,
    Traits,
    X,
    Y,
)

PARTY_SIDE_PULL = 0.5  # weight of the pull to one's place beside the others, a metre away
PARTY_PACE = 0.5  # share by which pace follows a lag of one metre behind the party
PARTY_SLOWEST, PARTY_FASTEST = 0.5, 1.3
MOST_TURNS = 2  # no way has more half cells than twice the cells of the ground
PARTY_LOST = 6.0  # m, further apart a party no longer holds together


@kernel
def shortest_way(
    ground: Ground, way: int, x: float, y: float, target_x: float, target_y: float
) -> tuple[float, float]:
    """Return the unit vector to the target where the exit lies in view, else down the distance.

    0, 0 at the target, and where the distance falls nowhere.
    """
    column = int(np.floor((x - ground.origin_x) / ground.cell + 0.5))
    row = int(np.floor((y - ground.origin_y) / ground.cell + 0.5))
    if ground.is_seen[way, row, column]:
        goal_x, goal_y = target_x - x, target_y - y
        length = hypot(goal_x, goal_y)
        if length > 0.0:
            unit = 1.0 / length
            return goal_x * unit, goal_y * unit
    return descent(ground.distance[way], ground.origin_x, ground.origin_y, ground.cell, x, y)


@kernel
def choose_goals(traits: Traits, ground: Ground, present: Present, spacing: float) -> None:
    """Point everybody at their exit: the shortest way, or a little to their own side of it (W10).

    spacing : m between the members of a party
    """
    number = present.number
    for i in range(present.filled[0]):
        person = present.who[i]
        way = traits.way[person]
        x, y = number[X, i], number[Y, i]
        ex, ey = shortest_way(ground, way, x, y, traits.target_x[person], traits.target_y[person])
        if ex == 0.0 and ey == 0.0:
            ex, ey = number[WALK_X, i], number[WALK_Y, i]
        side = traits.side[person]
        if not np.isnan(side):
            column = int(np.floor((x - ground.origin_x) / ground.cell + 0.5))
            row = int(np.floor((y - ground.origin_y) / ground.cell + 0.5))
            # Room is measured from the centre of the cell.
            off_x = x - ground.origin_x - column * ground.cell
            off_y = y - ground.origin_y - row * ground.cell
            off = off_y * ex - off_x * ey
            rank = traits.party_rank[person] - 0.5 * (traits.party_size[person] - 1)
            aside = aside_slope(
                ground.right[way, row, column] + off,
                ground.left[way, row, column] - off,
                side,
                rank * spacing,
                ground.distance[way, row, column],
                traits.way_length[person],
            )
            ex, ey = ex - aside * ey, ey + aside * ex
            length = hypot(ex, ey)
            if length > 0.0:
                ex, ey = ex / length, ey / length
        number[GOAL_X, i], number[GOAL_Y, i] = ex, ey


@kernel
def way_length(
    ground: Ground, way: int, x: float, y: float, target_x: float, target_y: float
) -> float:
    """Return the length of the shortest way from a point to the line of its exit, m.

    Walked in steps of half a cell; nan where it does not get there.
    """
    step = 0.5 * ground.cell
    exits = ground.exits.shape[0]
    most = int(MOST_TURNS * ground.distance[way].size)
    for taken in range(most):
        if distance_to_segment(x, y, ground.exits[way % exits]) <= step:
            return taken * step + distance_to_segment(x, y, ground.exits[way % exits])
        ex, ey = shortest_way(ground, way, x, y, target_x, target_y)
        if ex == 0.0 and ey == 0.0:
            break
        x, y = x + step * ex, y + step * ey
    return np.nan


@allocating_kernel
def way_lengths(
    ground: Ground, ways: Ints, x: Floats, y: Floats, target_x: Floats, target_y: Floats
) -> Floats:
    """Return ``way_length`` for each row, ``(n,)`` m."""
    found = np.empty(len(ways))
    for row in range(len(ways)):
        found[row] = way_length(ground, ways[row], x[row], y[row], target_x[row], target_y[row])
    return found


@kernel
def keep_parties(traits: Traits, present: Present, parties: Parties, spacing: float) -> None:
    """Turn each member softly towards a place beside the others, and match their pace.

    Members walk abreast ``spacing`` m apart (Moussaid et al. 2010); the pull bends the desired
    direction and speed only, so the speed law still keeps people from each other.
    """
    number = present.number
    n = present.filled[0]
    # Who came alone needs no sums: most people, so that this is where the time goes.
    for i in range(n):
        number[WISH, i] = number[SPEED, i]
        person = present.who[i]
        if traits.party_size[person] > 1:
            party = traits.party[person]
            parties.sum_x[party] = parties.sum_y[party] = 0.0
            parties.members[party] = 0
    for i in range(n):
        person = present.who[i]
        if traits.party_size[person] > 1:
            party = traits.party[person]
            parties.sum_x[party] += number[X, i]
            parties.sum_y[party] += number[Y, i]
            parties.members[party] += 1
    for i in range(n):
        person = present.who[i]
        if traits.party_size[person] < 2:
            continue
        party = traits.party[person]
        members = parties.members[party]
        if members < 2:
            continue
        ex, ey = number[GOAL_X, i], number[GOAL_Y, i]
        share = 1.0 / members
        to_x = parties.sum_x[party] * share - number[X, i]
        to_y = parties.sum_y[party] * share - number[Y, i]
        if to_x * to_x + to_y * to_y > PARTY_LOST * PARTY_LOST:
            continue
        rank = traits.party_rank[person] - 0.5 * (traits.party_size[person] - 1)
        lag = to_x * ex + to_y * ey
        aside = -to_x * ey + to_y * ex + rank * spacing
        pull = PARTY_SIDE_PULL * min(1.0, max(-1.0, aside))
        goal_x, goal_y = ex - pull * ey, ey + pull * ex
        unit = 1.0 / hypot(goal_x, goal_y)
        number[GOAL_X, i], number[GOAL_Y, i] = goal_x * unit, goal_y * unit
        pace = min(PARTY_FASTEST, max(PARTY_SLOWEST, 1.0 + PARTY_PACE * lag))
        number[WISH, i] = number[SPEED, i] * pace
