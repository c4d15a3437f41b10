"""Who bears it: the counts of a run by group, and how unevenly false alerts fall.

State: none.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.disparity import MEASURES, measures
from sim.analysis.intervals import binomial_disparity
from sim.analysis.outcomes import MISTAKEN_STOP, group_table, quantile_interval
from sim.answer.counts import relative
from sim.answer.unknowns import response_chances

if TYPE_CHECKING:
    from sim.answer.single import Result

GROUPINGS = (col.SEX, col.ETHNICITY, col.AGE_BAND)


def groups(
    result: "Result", by: Sequence[str] = (col.SEX, col.ETHNICITY, col.AGE_BAND)
) -> pd.DataFrame:
    """Return one row a group: people, faces, alerts and mistaken stops with their intervals."""
    unknown, chances = result.unknown, result.unknown.chances
    own = response_chances(
        result.scenario, result.believed, result.false_alerts, result.crowding_ratio
    )
    share = result.if_false.share[MISTAKEN_STOP]
    moved = relative(chances.pursued_false, own.pursued_false)
    moved = moved * relative(chances.found, own.found)
    usable = result.passages.usable
    table = group_table(
        result.passages.people,
        {
            col.PEOPLE: (~result.passages.people[col.TURNED_AWAY].to_numpy()).astype(np.float64),
            col.FACES_USABLE: usable.astype(np.float64),
            col.FALSE_ALERTS: result.scored.false_alerts,
            col.TRUE_ALERTS: result.scored.true_alerts,
            col.MISTAKEN_STOPS: result.scored.false_alerts * share,
        },
        {
            col.FALSE_ALERTS: unknown.false_alerts,
            col.TRUE_ALERTS: unknown.true_alerts,
            col.MISTAKEN_STOPS: unknown.false_alerts * (share * moved)[:, None],
        },
        by=by,
        level=result.level,
    )
    for column in (col.PEOPLE, col.FACES_USABLE):
        table[column] = table[column].astype(np.int64)
    return table


def disparities(result: "Result", by: str) -> pd.DataFrame:
    """Return one row a value of ``by``: false alerts per face, relative to everybody's rate.

    With the interval over the assumptions, and the smallest ratio above 1 that one deployment of
    this size could have shown (80 % power, two-sided 5 %): infinite where none could.
    """
    table = groups(result, (by,))
    usable, group = result.passages.usable, result.passages.people[col.GROUP].to_numpy()
    faces = np.bincount(group, usable, minlength=result.unknown.false_alerts.shape[1])
    values = result.passages.people[by].to_numpy()
    everybody = result.unknown.false_alerts.sum(axis=1) / max(faces.sum(), 1.0)
    rows = []
    for _, row in table.iterrows():
        members = np.unique(group[values == row[by]])
        face_count = float(faces[members].sum())
        if face_count == 0 or result.false_alerts == 0:
            rows.append((row[by], np.nan, np.nan, np.nan, np.inf))
            continue
        ratio = row[col.FALSE_ALERTS] / face_count / (result.false_alerts / faces.sum())
        drawn = result.unknown.false_alerts[:, members].sum(axis=1) / face_count / everybody
        low, high = np.quantile(drawn, [(1 - result.level) / 2, (1 + result.level) / 2])
        detectable = binomial_disparity(result.false_alerts, face_count / faces.sum())
        rows.append((row[by], ratio, low, high, detectable))
    return pd.DataFrame(rows, columns=[by, col.RATIO, col.LOW, col.HIGH, col.DETECTABLE])


def disparity_summaries(result: "Result", by: str) -> pd.DataFrame:
    """Return three rows: how far apart the values of ``by`` lie, in one number (D5 to D7).

    Of expected false alerts a face, with the interval over the assumptions. An expected rate is
    no count: no group with a face has none, and luck does not lift it, so nothing is shrunk.
    Groups without a usable face are left out; with fewer than two left every number is nan.
    """
    group = result.passages.people[col.GROUP].to_numpy()
    values = result.passages.people[by].to_numpy()
    faces = np.bincount(
        group, result.passages.usable, minlength=result.unknown.false_alerts.shape[1]
    )
    central = np.bincount(group, result.scored.false_alerts, minlength=len(faces))
    members = [np.unique(group[values == value]) for value in pd.unique(values)]
    members = [rows for rows in members if faces[rows].sum() > 0]
    if len(members) < 2 or result.false_alerts == 0:
        rows = [(name, np.nan, np.nan, np.nan) for name in MEASURES]
    else:
        seen = np.array([faces[own].sum() for own in members])
        drawn = result.unknown.false_alerts
        estimate = measures(np.array([central[own].sum() for own in members]) / seen)
        spread = measures(np.stack([drawn[:, own].sum(axis=1) for own in members], axis=1) / seen)
        rows = [
            (name, float(estimate[name]), *quantile_interval(spread[name], result.level))
            for name in MEASURES
        ]
    return pd.DataFrame(rows, columns=[col.MEASURE, col.ESTIMATE, col.LOW, col.HIGH])
