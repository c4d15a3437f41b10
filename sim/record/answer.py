"""What predicting a table of deployments told, as one mapping for machines and for tables.

State: none.
"""

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import exact_interval, poisson_interval, upper_bound_for_zero
from sim.record.count_models import CountModel
from sim.record.covariates import COVARIATES
from sim.record.evaluation import Evaluation, misses
from sim.record.funnel import force_facts, funnel_facts, funnels, model_facts
from sim.record.group_rates import group_facts
from sim.record.log import Log
from sim.record.scores import SCORED_LEVEL, Scores
from sim.storage.json_values import json_value

MISS_LEVEL = 95
MOST_MISSES = 20
SUMMED = ("alerts", "true_alerts", "false_alerts", "arrests")


def answer(evaluation: Evaluation, other_forces: pd.DataFrame) -> dict[str, Any]:
    """Return scores by outcome, misses by name, what was learnt, and what the log itself says.

    Interval scores are those of the intervals at 80 %.

    other_forces : published counts, a row each, for ``force_facts``
    """
    outcomes: dict[str, Any] = {}
    for name, found in evaluation.outcomes.items():
        outcomes[name] = {
            "rows": found.rows,
            "events": found.events,
            **_scores(found.scores),
            "baselines": {
                f"per_{exposure}": plain.interval_score
                for exposure, plain in found.baselines.items()
            },
            "baselines_crps": {
                f"per_{exposure}": plain.crps for exposure, plain in found.baselines.items()
            },
            "baselines_coverage": {
                f"per_{exposure}": {str(k): v for k, v in plain.coverage.items()}
                for exposure, plain in found.baselines.items()
            },
            "pit": found.scores.pit,
            "misses": _misses(evaluation, name),
        }
    told: dict[str, Any] = json_value(
        {
            "rows": len(evaluation.test.rows),
            "train": {"name": evaluation.train.name, "rows": len(evaluation.train.rows)},
            "test": {"name": evaluation.test.name, "rows": len(evaluation.test.rows)},
            "interval_score_level": SCORED_LEVEL,
            "outcomes": outcomes,
            "learnt": {
                name: _learnt(fitted)
                for name in ("true", "false", "alerts")
                if (fitted := getattr(evaluation.model, name)) is not None
            },
            "log": log_facts(evaluation.test),
            "groups": group_facts(evaluation.test),
            "funnels": funnel_facts(funnels(evaluation.test, evaluation.train)),
            "other_forces": force_facts(evaluation.test, other_forces),
            "totals": model_facts(evaluation.totals, _sums(evaluation.test)),
            "warnings": [
                *evaluation.train.warnings,
                *evaluation.test.warnings,
                *_limits(evaluation),
            ],
        }
    )
    return told


def log_facts(log: Log) -> dict[str, Any]:
    """Return totals of a log and its rates with exact 95 % intervals; None where not known."""
    rows = log.rows
    totals = {name: None if rows[name].isna().all() else int(rows[name].sum()) for name in SUMMED}
    usable = rows["faces_seen"].notna() & ~rows["faces_seen_unreliable"]
    told = usable & rows["false_alerts"].notna()
    faces, false = (
        int(rows.loc[told, "faces_seen"].sum()),
        int(rows.loc[told, "false_alerts"].sum()),
    )
    both = rows["false_alerts"].notna() & rows["alerts"].notna()
    alerts = int(rows.loc[both, "alerts"].sum())
    return {
        "deployments": len(rows),
        "hours": float(rows["hours"].sum()) if rows["hours"].notna().any() else None,
        "totals": totals,
        "false_alerts_a_face": None if faces == 0 else _rate(false, faces),
        "false_alerts_an_alert": None
        if alerts == 0
        else _share(int(rows.loc[both, "false_alerts"].sum()), alerts),
        "cannot_be_known": _cannot_be_known(log),
    }


def _sums(log: Log) -> dict[str, float]:
    return {name: float(log.rows[name].sum()) for name in SUMMED}


def _rate(events: int, exposure: int) -> dict[str, Any]:
    low, high = poisson_interval(events, exposure)
    return {
        "events": events,
        "of": exposure,
        "estimate": events / exposure,
        "low": low,
        "high": high,
    }


def _share(events: int, trials: int) -> dict[str, Any]:
    low, high = exact_interval(events, trials)
    if events == 0:
        high = upper_bound_for_zero(trials)
    return {"events": events, "of": trials, "estimate": events / trials, "low": low, "high": high}


def _scores(scores: Scores) -> dict[str, Any]:
    return {
        "coverage": {str(level): share for level, share in scores.coverage.items()},
        "interval_score": scores.interval_score,
        "crps": scores.crps,
    }


def _misses(evaluation: Evaluation, outcome: str) -> list[dict[str, Any]]:
    table = misses(evaluation, outcome, MISS_LEVEL).head(MOST_MISSES)
    days = table["date"].dt.strftime("%Y-%m-%d")
    names = zip(table["id"], days.where(days.notna(), None), table["place"], strict=True)
    counts = table[["seen", "low", "high"]].to_numpy(dtype=np.int64)
    return [
        {"id": str(name), "date": day, "place": str(place), "seen": seen, "low": low, "high": high}
        for (name, day, place), (seen, low, high) in zip(names, counts.tolist(), strict=True)
    ]


def _learnt(model: CountModel) -> dict[str, Any]:
    """Return the coefficients with their standard deviations, and the three scales."""
    fit = model.fit
    place, dispersion, drift = fit.scales
    return {
        "rows": len(model.known.rows),
        "coefficients": {
            name: {"estimate": float(value), "sd": float(spread)}
            for name, value, spread in zip(COVARIATES, fit.coefficients, fit.spread, strict=False)
        },
        "between_places_sd": place,
        "dispersion": dispersion,
        "drift_a_month_sd": drift,
        "places": len(fit.places),
    }


def _limits(evaluation: Evaluation) -> list[str]:
    """Say where so few events were seen that the scores tell little."""
    found = []
    for name, outcome in evaluation.outcomes.items():
        words = name.replace("_", " ")
        if outcome.events < 20:
            found.append(
                f"{outcome.events} {words} in {outcome.rows} deployments: coverage says little "
                "where nearly every count is zero; a model wrong threefold would score alike"
            )
    return found


def _cannot_be_known(log: Log) -> list[str]:
    """Return what no analysis can draw from this log, given its columns."""
    rows = log.rows
    found = [
        "how many listed people walked past unmatched: a log of alerts holds no missed match",
    ]
    if not log.groups:
        found.append(
            "who was stopped by mistake, by sex, ethnicity or age: no column counts groups "
            "together with how many of each were scanned (faces_seen_HEADING_GROUP)"
        )
    if not (rows["faces_seen"].notna() & ~rows["faces_seen_unreliable"]).any():
        found.append("any rate a face: no row has a usable count of faces")
    if rows["hours"].isna().all():
        found.append("any rate an hour: no row has hours")
    if rows["false_alerts"].isna().all():
        found.append("the share of alerts that were wrong: false alerts are not recorded")
    if rows["false_alerts_engaged"].isna().all():
        found.append("how many false alerts became a stop: engagements are not recorded")
    if rows["threshold"].isna().all():
        found.append("what another threshold would do: none is recorded")
    elif rows["threshold"].min() == rows["threshold"].max():
        found.append("what another threshold would do: all rows have the same")
    return found
