"""Where people want to go and how fast: towards their exit, beside their party.

Units:  SI.
"""

from math import hypot

import numpy as np

from sim.kernels._jit import kernel
from sim.kernels.routes import descent
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
PARTY_LOST = 6.0  # m, further apart a party no longer holds together


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
