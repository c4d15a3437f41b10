"""Everything that is fitted to the published record, fitted again, beside the register.

State:    none.
Evidence: docs/model/anchors.md and calibration.md.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.anchors import (
    StreetAnchor,
    adjudication_curve,
    adjudication_curves,
    street_anchor,
    street_curves,
)
from sim.analysis.loss import loss_curves, loss_fit
from sim.analysis.profiles import Curve, Fitted
from sim.evidence.register import entry
from sim.evidence.tables import adjudication, deployments

BENCH_YEAR = 2023  # all at 0.60, with face counts that can be used


@dataclass(frozen=True, slots=True)
class Fits:
    """Fitted numbers by the register's name, their profiles, and how far the anchors are apart.

    curves : name, value, log_likelihood; some on a log or logit scale, as the name says
    values : name, estimate: the register's value on the same scale
    """

    numbers: dict[str, dict[str, float]]
    curves: pd.DataFrame
    values: pd.DataFrame
    disagreement: dict[str, float]


def fits() -> Fits:
    """Fit the street anchor, the adjudication curve and the loss in the crowd again."""
    record = deployments()
    street, curve, lost = (
        street_anchor(record),
        adjudication_curve(adjudication()),
        loss_fit(record),
    )
    numbers = {
        "error_model.met-street.fmr_060": street.fmr_060,
        "error_model.met-street.threshold_slope": street.threshold_slope,
        "matching.deployment_dispersion": street.dispersion,
        "response.pursue_false_intercept": curve.intercept,
        "response.pursue_false_slope": curve.slope,
        "response.lost_in_crowd": lost.share,
    }
    curves = {
        **street_curves(record),
        **adjudication_curves(adjudication()),
        **loss_curves(record),
    }
    lost_value = entry("response.lost_in_crowd").value
    held = {
        "log10 F60": float(np.log10(entry("error_model.met-street.fmr_060").value)),
        "threshold slope": entry("error_model.met-street.threshold_slope").value,
        "ln dispersion": float(np.log(entry("matching.deployment_dispersion").value)),
        "pursue intercept": entry("response.pursue_false_intercept").value,
        "pursue slope": entry("response.pursue_false_slope").value,
        "logit share lost": float(np.log(lost_value / (1 - lost_value))),
        "ln spread between settings": float(np.log(lost.spread.value)),
    }
    return Fits(
        numbers={name: _beside(name, fitted) for name, fitted in numbers.items()},
        curves=_curve_table(curves),
        values=pd.DataFrame({col.NAME: list(held), col.ESTIMATE: list(held.values())}),
        disagreement=_disagreement(record, street),
    )


def _beside(name: str, fitted: Fitted) -> dict[str, float]:
    return {
        "computed": fitted.value,
        "low": fitted.low,
        "high": fitted.high,
        "register": entry(name).value,
    }


def _curve_table(curves: dict[str, Curve]) -> pd.DataFrame:
    tables = []
    for name, (values, log_likelihood) in curves.items():
        tables.append(pd.DataFrame({col.VALUE: values, col.LOG_LIKELIHOOD: log_likelihood}))
        tables[-1].insert(0, col.NAME, name)
    return pd.concat(tables, ignore_index=True)


def _disagreement(record: pd.DataFrame, street: StreetAnchor) -> dict[str, float]:
    """Return what bench and street anchor expect of the year that is cleanest to compare."""
    rows = record[(record["date"].dt.year == BENCH_YEAR) & ~record["faces_seen_unreliable"]]
    rows = rows[rows["threshold"].notna()]
    comparisons = float((rows["faces_seen"] * rows["watchlist_size"]).sum())
    bench = entry("error_model.npl-2023.fmr_060").value * comparisons
    return {
        "year": float(BENCH_YEAR),
        "deployments": float(len(rows)),
        "false_alerts_logged": float(rows["false_alerts"].sum()),
        "bench_expects": bench,
        "street_expects": street.fmr_060.value * comparisons,
        "bench_over_logged": bench / float(rows["false_alerts"].sum()),
    }


def as_answer(found: Fits) -> dict[str, Any]:
    """Return the fits as a mapping for machines."""
    return {"fits": found.numbers, "anchors_disagree": found.disagreement}
