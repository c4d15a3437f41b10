"""Who bears it: what is expected by group, and how unevenly false alerts fall.

State:  none.
Shapes: draws of the assumptions ``(j,)``, groups ``(40,)``.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.disparity import MEASURES, measures
from sim.analysis.intervals import binomial_disparity
from sim.analysis.outcomes import holding, known_interval, most_events, quantile_interval, ratios
from sim.answer.policy_draws import PolicyDraws
from sim.errors import SimError
from sim.groups import HEADINGS, members_of
from sim.scenario.faults import suggestion

Floats = NDArray[np.float64]

GROUPINGS = tuple(HEADINGS)
COUNTED = (col.FALSE_ALERTS, col.TRUE_ALERTS, col.MISTAKEN_STOPS)


def checked_headings(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the headings in their usual order; an unknown one, or none, is refused."""
    for heading in headings:
        if heading not in HEADINGS:
            raise SimError(f"--by {heading}: no such heading{suggestion(heading, list(HEADINGS))}")
    if not headings:
        raise SimError(f"--by: needs one or more of {', '.join(HEADINGS)}")
    return tuple(heading for heading in HEADINGS if heading in headings)


def groups(drawn: PolicyDraws, level: float, by: Sequence[str] = GROUPINGS) -> pd.DataFrame:
    """Return one row a group that walks past: people, faces, alerts, stops, their ratio.

    ``<name>_low`` and ``<name>_high`` hold what the assumptions leave open; ``<name>_luck_high``
    of a count is the upper end of what one deployment may show, so that no zero stands bare.
    """
    headings = checked_headings(by)
    rows = _rows(drawn, level, headings)
    return pd.DataFrame(rows, columns=None if rows else [*headings, *_columns()])


def _rows(drawn: PolicyDraws, level: float, headings: Sequence[str]) -> list[dict[str, Any]]:
    arrays = (drawn.false_alerts, drawn.true_alerts, drawn.mistaken)
    tables = dict(zip(COUNTED, arrays, strict=True))
    rows = []
    for labels in product(*(HEADINGS[heading] for heading in headings)):
        named = dict(zip(headings, labels, strict=True))
        members = members_of(**named)
        if not drawn.people[members].any():
            continue
        row: dict[str, Any] = {
            **named,
            col.PEOPLE: int(drawn.people[members].sum()),
            col.FACES_USABLE: int(drawn.faces[members].sum()),
        }
        means = {name: table[:, members].sum(axis=1) for name, table in tables.items()}
        for name, values in means.items():
            row[name] = float(values.mean())
            row[f"{name}_low"], row[f"{name}_high"] = quantile_interval(values, level)
            row[f"{name}_luck_high"] = most_events(row[name], level)
        stops, matches = means[col.MISTAKEN_STOPS], means[col.TRUE_ALERTS]
        row[col.PER_TRUE_MATCH] = float(ratios(stops.mean(), matches.mean()))
        ends = holding(known_interval(ratios(stops, matches), level), row[col.PER_TRUE_MATCH])
        row[f"{col.PER_TRUE_MATCH}_low"], row[f"{col.PER_TRUE_MATCH}_high"] = ends
        rows.append(row)
    return rows


def _columns() -> list[str]:
    """Return the columns beside the headings."""
    found = [col.PEOPLE, col.FACES_USABLE]
    for name in COUNTED:
        found += [name, f"{name}_low", f"{name}_high", f"{name}_luck_high"]
    ratio = col.PER_TRUE_MATCH
    return [*found, ratio, f"{ratio}_low", f"{ratio}_high"]


def group_rows(drawn: PolicyDraws, level: float, by: Sequence[str]) -> list[dict[str, Any]]:
    """Return the same for JSON: every number that has an interval as estimate, low and high."""
    headings = checked_headings(by)

    def interval(row: Mapping[Any, Any], name: str) -> dict[str, float]:
        return {
            col.ESTIMATE: row[name], col.LOW: row[f"{name}_low"], col.HIGH: row[f"{name}_high"],
        }  # fmt: skip

    return [
        {
            **{heading: row[heading] for heading in headings},
            col.PEOPLE: row[col.PEOPLE],
            col.FACES_USABLE: row[col.FACES_USABLE],
            **{name: interval(row, name) for name in (*COUNTED, col.PER_TRUE_MATCH)},
        }
        for row in _rows(drawn, level, headings)
    ]


def disparities(drawn: PolicyDraws, level: float, by: str) -> pd.DataFrame:
    """Return one row a value of ``by``: false alerts per face, relative to everybody's rate.

    With the interval over the assumptions, and the smallest ratio above 1 that one deployment of
    this size could have shown (80 % power, two-sided 5 %): infinite where none could.
    """
    faces = drawn.faces
    everybody = drawn.false_alerts.sum(axis=1)
    rows = []
    for label in HEADINGS[by]:
        members = members_of(**{by: label})
        if not drawn.people[members].any():
            continue
        share = float(faces[members].sum() / faces.sum()) if faces.any() else 0.0
        if share == 0 or not everybody.any():
            rows.append((label, np.nan, np.nan, np.nan, np.inf))
            continue
        own = drawn.false_alerts[:, members].sum(axis=1)
        low, high = known_interval(ratios(own, everybody) / share, level)
        ratio = own.mean() / everybody.mean() / share
        detectable = binomial_disparity(float(everybody.mean()), share)
        rows.append((label, ratio, low, high, detectable))
    return pd.DataFrame(rows, columns=[by, col.RATIO, col.LOW, col.HIGH, col.DETECTABLE])


def disparity_summaries(drawn: PolicyDraws, level: float, by: str) -> pd.DataFrame:
    """Return three rows: how far apart the values of ``by`` lie, in one number (D5 to D7).

    Of expected false alerts a face, with the interval over the assumptions. An expected rate is
    no count: no group with a face has none, and luck does not lift it, so nothing is shrunk.
    Groups without a usable face are left out; with fewer than two left every number is nan.
    """
    faces = drawn.faces
    members = [members_of(**{by: label}) for label in HEADINGS[by]]
    members = [rows for rows in members if faces[rows].any()]
    if len(members) < 2 or not drawn.false_alerts.any():
        rows = [(name, np.nan, np.nan, np.nan) for name in MEASURES]
    else:
        rates = np.stack(
            [drawn.false_alerts[:, own].sum(axis=1) / faces[own].sum() for own in members], axis=1
        )
        estimate, spread = measures(rates.mean(axis=0)), measures(rates)
        rows = [
            (name, float(estimate[name]), *quantile_interval(spread[name], level))
            for name in MEASURES
        ]
    return pd.DataFrame(rows, columns=[col.MEASURE, col.ESTIMATE, col.LOW, col.HIGH])
