"""A log's deployments against a published record: rates with the limits that their size allows.

A deployment of few faces may have any rate; of many, only one near the record's. The limits are
those of the record's own pooled rate with its own dispersion (negative binomial, fitted), so that
a deployment lies outside as seldom as the level says if it belongs to that record (equation F5 of
docs/model/record.md; funnel plots: Spiegelhalter 2005).

State: none.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import nbinom

from sim import columns as col
from sim.analysis.intervals import exact_interval, ratio_of_counts_interval
from sim.record.baselines import baseline, exposure_of
from sim.record.log import Log
from sim.record.scores import counts_interval

Floats = NDArray[np.float64]
Unit = Literal["face", "hour"]

FUNNEL_LEVELS = (95.0, 99.8)
FUNNELS: tuple[tuple[str, Unit], ...] = (
    ("false_alerts", "face"),
    ("true_alerts", "face"),
    ("true_alerts", "hour"),
)
OUTSIDE = {1: "above", -1: "below", 0: "inside"}


@dataclass(frozen=True, slots=True)
class Funnel:
    """One rate of a log against the record's.

    counts, unit : what by what
    rate, dispersion : of the record
    table        : one row a deployment of the log with both numbers
    record       : events and exposure of the record, each divided by the times that its sum
                   varies more than Poisson
    """

    counts: str
    unit: Unit
    rate: float
    dispersion: float
    table: pd.DataFrame
    record: tuple[float, float]


def funnels(log: Log, record: Log) -> tuple[Funnel, ...]:
    """Return a funnel for each rate that both the log and the record can give."""
    found = []
    for counts, unit in FUNNELS:
        if not record.rows[counts].notna().any():
            continue
        fitted = baseline(record.rows, counts, unit)
        seen = log.rows[counts].to_numpy(dtype=np.float64)
        exposure = exposure_of(log.rows, unit)
        rows = ~np.isnan(seen) & ~np.isnan(exposure) & (exposure > 0)
        if fitted is None or not rows.any():
            continue
        table = _rows(log.rows[rows], seen[rows], exposure[rows], fitted.rate, fitted.dispersion)
        units, told = exposure_of(record.rows, unit), record.rows[counts].to_numpy(np.float64)
        both = ~np.isnan(units) & ~np.isnan(told)
        times = _times_poisson(fitted.rate * units[both], fitted.dispersion)
        behind = (float(told[both].sum()) / times, float(units[both].sum()) / times)
        found.append(Funnel(counts, unit, fitted.rate, fitted.dispersion, table, behind))
    return tuple(found)


def limits(exposure: Floats, rate: float, dispersion: float, level: float) -> tuple[Floats, Floats]:
    """Return the lowest and highest counts that lie inside at a level, in per cent, F5.

    At most half of what the level leaves lies beyond either limit.
    """
    tail = (100.0 - level) / 200.0
    shape = 1.0 / dispersion
    share = 1.0 / (1.0 + dispersion * rate * exposure)
    # ppf(q) is the smallest count with P(X <= count) >= q: below it lies less than q.
    low, high = (np.asarray(nbinom.ppf(q, shape, share)) for q in (tail, 1.0 - tail))
    return low, high


def limit_curve(funnel: Funnel, sizes: Floats) -> pd.DataFrame:
    """Return the limits as rates at some sizes, for the plot."""
    table = pd.DataFrame({col.EXPOSED: sizes})
    for level in FUNNEL_LEVELS:
        low, high = limits(sizes, funnel.rate, funnel.dispersion, level)
        table[f"{col.LOW}_{level:g}"], table[f"{col.HIGH}_{level:g}"] = low / sizes, high / sizes
    return table


def _rows(
    rows: pd.DataFrame, seen: Floats, exposure: Floats, rate: float, dispersion: float
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            col.DEPLOYMENT: rows["id"].to_numpy(),
            col.DATE: rows["date"].dt.strftime("%Y-%m-%d").to_numpy(),
            col.PLACE: rows["place"].to_numpy(),
            col.COUNTED: seen,
            col.EXPOSED: exposure,
            col.RATE: seen / exposure,
        }
    )
    for level in FUNNEL_LEVELS:
        low, high = limits(exposure, rate, dispersion, level)
        side = np.where(seen > high, 1, np.where(seen < low, -1, 0))
        table[f"{col.SIDE}_{level:g}"] = [OUTSIDE[each] for each in side.tolist()]
    return table


def funnel_facts(found: tuple[Funnel, ...]) -> list[dict[str, Any]]:
    """Return what each funnel shows: who lies outside, and how many luck alone would put there."""
    facts = []
    for funnel in found:
        table = funnel.table
        outside = {}
        for level in FUNNEL_LEVELS:
            side = table[f"{col.SIDE}_{level:g}"]
            named = table[side != OUTSIDE[0]]
            outside[f"{level:g}"] = {
                "deployments": len(named),
                "by_luck_at_most": len(table) * (1 - level / 100),
                "named": [
                    {
                        "id": str(row[col.DEPLOYMENT]),
                        "date": row[col.DATE] if isinstance(row[col.DATE], str) else None,
                        "place": str(row[col.PLACE]),
                        "seen": int(row[col.COUNTED]),
                        "of": float(row[col.EXPOSED]),
                        "side": str(row[f"{col.SIDE}_{level:g}"]),
                    }
                    for row in named.head(20).to_dict("records")
                ],
            }
        facts.append(
            {
                "counts": funnel.counts,
                "unit": funnel.unit,
                "record_rate": funnel.rate,
                "record_dispersion": funnel.dispersion,
                "deployments": len(table),
                "outside": outside,
                "whole": _whole(funnel),
            }
        )
    return facts


def _whole(funnel: Funnel) -> dict[str, Any]:
    """Return the log's rate as a whole, and its ratio to the record's, F6.

    Both counts are taken as ones that vary so many times more than Poisson as sums over their
    deployments do, and the record's rate is known no better than its own events allow.
    """
    seen, exposed = (float(funnel.table[name].sum()) for name in (col.COUNTED, col.EXPOSED))
    times = _times_poisson(funnel.rate * funnel.table[col.EXPOSED].to_numpy(), funnel.dispersion)
    events, units = funnel.record
    low, high = ratio_of_counts_interval(round(seen / times), round(events))
    scale = units / (exposed / times)
    return {
        "seen": int(seen),
        "of": exposed,
        "rate": seen / exposed,
        "ratio": {
            "estimate": seen / exposed / funnel.rate,
            "low": low * scale,
            "high": high * scale,
        },
        "times_poisson": times,
    }


def _times_poisson(means: Floats, dispersion: float) -> float:
    """Return the variance of a sum of negative binomial counts by that of a Poisson one."""
    return float((means + dispersion * means**2).sum()) / max(float(means.sum()), 1e-300)


def force_facts(log: Log, others: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the log beside published counts of other forces and years: wrong among alerts.

    others : columns id, force, place, alerts, false_alerts, faces_seen, source; rows that have no
             alerts and false alerts are left out
    """
    rows = log.rows[log.rows["alerts"].notna() & log.rows["false_alerts"].notna()]
    found = []
    if len(rows) and rows["alerts"].sum() > 0:
        own = int(rows["false_alerts"].sum()), int(rows["alerts"].sum())
        found.append({"name": "this log", "place": "", "source": log.name, **_share(*own)})
    for row in others.to_dict("records"):
        if pd.isna(row["alerts"]) or pd.isna(row["false_alerts"]) or not row["alerts"]:
            continue
        both = int(row["false_alerts"]), int(row["alerts"])
        found.append(
            {
                "name": str(row["force"]),
                "place": str(row["place"]),
                "source": str(row["source"]),
                **_share(*both),
            }
        )
    return found


def _share(wrong: int, alerts: int) -> dict[str, Any]:
    low, high = exact_interval(wrong, alerts)
    return {"wrong": wrong, "alerts": alerts, "share": wrong / alerts, "low": low, "high": high}


def model_facts(totals: dict[str, Floats], seen: dict[str, float]) -> list[dict[str, Any]]:
    """Return each outcome's total in the log against what the model expected of all its rows.

    totals : outcome -> (draws,) predicted sums; seen : outcome -> the sum that was counted
    """
    found = []
    for outcome, drawn in totals.items():
        counted = seen[outcome]
        low, high = counts_interval(drawn, 95)
        above = float(((drawn > counted) + 0.5 * (drawn == counted)).mean())
        found.append(
            {
                "outcome": outcome,
                "seen": int(counted),
                "expected": float(drawn.mean()),
                "low": float(low),
                "high": float(high),
                "chance_of_more": above,
            }
        )
    return found
