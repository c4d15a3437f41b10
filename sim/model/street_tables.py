"""What is left of a walk: the table of people, and the trail from what was noted every second.

Shapes: people are rows in order of arrival.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.groups import AGE_BANDS, ETHNICITIES, SEXES
from sim.model.crowd import GROUP_AGE_BAND, GROUP_ETHNICITY, GROUP_SEX, Crowd
from sim.model.directions import Directions
from sim.model.passages import Trail
from sim.model.world import World

Floats = NDArray[np.float64]


class Note(NamedTuple):
    """Where everybody was at one time: rows of people, and their positions (n, 2), m."""

    time_s: float
    who: NDArray[np.int64]
    xy_m: NDArray[np.float32]


def people_table(
    people: Crowd, going: Directions, ground: World, entered_s: Floats, left_s: Floats
) -> pd.DataFrame:
    """Return one row a person; ``sim.columns`` names what is in it."""

    def labels(codes: NDArray[np.int64], names: tuple[str, ...]) -> pd.Series:
        kind = pd.CategoricalDtype(list(names))
        return pd.Series(pd.Categorical.from_codes(codes, dtype=kind))

    return pd.DataFrame(
        {
            col.PERSON: np.arange(len(people)),
            col.SEX: labels(GROUP_SEX[people.group], SEXES),
            col.ETHNICITY: labels(GROUP_ETHNICITY[people.group], ETHNICITIES),
            col.AGE_BAND: labels(GROUP_AGE_BAND[people.group], AGE_BANDS),
            col.GROUP: people.group,
            col.HEIGHT: people.height,
            col.DESIRED_SPEED: people.desired_speed,
            col.PARTY: people.party,
            col.PARTY_SIZE: people.party_size,
            col.ENTRANCE: labels(going.entrance, ground.entrances.names),
            col.EXIT: labels(going.exit, ground.exits.names),
            col.ON_PHONE: people.on_phone,
            col.COVERED: people.covered,
            col.AVOIDED: people.avoids,
            col.TURNED_AWAY: going.turned_away,
            col.DETOUR: going.detour,
            col.ARRIVED: people.arrived,
            col.ENTERED: entered_s,
            col.LEFT: left_s,
        }
    )


def trail_of(notes: Sequence[Note], people: int) -> Trail:
    """Sort the notes of every second by person; within a person they stay in time order."""
    if not notes:
        return Trail(
            np.zeros(people + 1, dtype=np.int64),
            np.full(people, np.nan),
            np.empty((0, 2), dtype=np.float32),
        )
    who = np.concatenate([note.who for note in notes])
    when = np.repeat([note.time_s for note in notes], [len(note.who) for note in notes])
    xy = np.concatenate([note.xy_m for note in notes])
    order = np.argsort(who, kind="stable")
    start = np.searchsorted(who[order], np.arange(people + 1)).astype(np.int64)
    first = np.full(people, np.nan)
    seen = start[1:] > start[:-1]
    first[seen] = when[order][start[:-1][seen]]
    return Trail(start, first, xy[order])
