"""People and queues as the arrays that the walk's kernels read.

Shapes: people are rows in order of arrival.
"""

import numpy as np

from sim.kernels import state
from sim.model.crowd import Crowd
from sim.model.directions import Directions
from sim.scenario.beliefs import Beliefs


def traits(people: Crowd, going: Directions, beliefs: Beliefs) -> state.Traits:
    """Return what each person brings: when and where they come, how they walk and are built."""
    bent = np.radians(beliefs.value("crowd.phone_pitch_deg"))
    return state.Traits(
        arrived=people.arrived,
        entrance=going.entrance,
        exit=going.exit,
        across=people.across,
        target_x=np.ascontiguousarray(going.target[:, 0]),
        target_y=np.ascontiguousarray(going.target[:, 1]),
        speed=people.desired_speed,
        crown=people.height,
        shoulder=people.shoulder,
        pitch=np.where(people.on_phone, bent, 0.0),
        covered=people.covered,
        party=going.party,
        party_rank=going.party_rank,
        party_size=going.party_size,
        way=going.way,
        way_length=going.way_length,
        side=going.side,
    )


def queues(going: Directions, entrances: int) -> state.Queues:
    """Return who queues where, in order of arrival; who is turned away does not come in."""
    walkers = np.flatnonzero(~going.turned_away)
    order = np.argsort(going.entrance[walkers], kind="stable")
    ids = walkers[order].astype(np.int64)
    start = np.searchsorted(going.entrance[ids], np.arange(entrances + 1)).astype(np.int64)
    return state.Queues(start=start, ids=ids)
