"""A result as others read it: the tidy summary, the record beside it, and the JSON object.

A count's ``low`` and ``high`` are what one deployment may show, luck and unknowns together; the
headline's are what the assumptions' ranges allow in the long run, with its luck beside it.

State: none.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim import __version__
from sim import columns as col
from sim.analysis.intervals import poisson_interval
from sim.analysis.outcomes import Spread
from sim.answer.by_group import disparities, disparity_summaries, groups
from sim.answer.counts import (
    BURDENS,
    DENOMINATORS,
    MISSED,
    STOP_NAMES,
    at_most,
    no_true_match_chance,
    spreads,
)
from sim.answer.street_facts import (
    mean_density,
    mean_detour_m,
    mean_wait_s,
    peak_density,
    walk_counts,
)
from sim.evidence.register import Entry
from sim.scenario.identity import scenario_hash
from sim.scenario.schema import Recorded

if TYPE_CHECKING:
    from sim.answer.single import Result

RESTS_ON = {  # the entry that moves a count most; the list's composition is in no entry
    "false_alerts": "error_model.fmr_060",
    "true_alerts": "matching.listed_per_1000",
    "mistaken": "response.pursue_false_intercept",
    "correct": "response.pursue_true",
    "arrests": "response.arrest_share",
    "no_action": "response.arrest_share",
    "out_of_date": "response.out_of_date_share",
    "unread": "response.review_s",
    "dismissed": "response.pursue_false_intercept",
    "lost": "response.lost_in_crowd",
    "minutes_of_mistaken_stops": "response.mistaken_stop_min",
    "witnesses": "response.witness_radius_m",
    "officer_hours_on_alerts": "response.arrest_away_min",
}
_SIGNIFICANT = 9  # digits in JSON: more than any reader needs, fewer than processors differ in


def run_id(result: "Result") -> str:
    """Return the name of a run: the same for the same scenario, seed and version."""
    scenario = result.scenario
    text = f"{scenario_hash(scenario)}/{scenario.run.seed}/{__version__}"
    return sha256(text.encode()).hexdigest()[:12]


def summary(result: "Result") -> pd.DataFrame:
    """Return one row a measure: estimate, low, high, both spreads, unit."""
    facts = walk_counts(result.passages)
    units = {
        "minutes_of_mistaken_stops": "min",
        "officer_hours_on_alerts": "h",
        "witnesses": "person",
        **dict.fromkeys(DENOMINATORS, "ratio"),
    }
    rows = [
        (name, float(value), float(value), float(value), np.nan, np.nan, np.nan, np.nan, "person")
        for name, value in facts.items()
    ]
    for name, spread in spreads(result).items():
        low, high = spread.unknown if name in DENOMINATORS else spread.both
        rows.append(
            (
                name,
                spread.estimate,
                low,
                high,
                *spread.luck,
                *spread.unknown,
                units.get(name, "event"),
            )
        )
    table = pd.DataFrame(
        rows,
        columns=[
            col.MEASURE,
            col.ESTIMATE,
            col.LOW,
            col.HIGH,
            col.LUCK_LOW,
            col.LUCK_HIGH,
            col.UNKNOWN_LOW,
            col.UNKNOWN_HIGH,
            col.UNIT,
        ],
    )
    table.insert(0, col.RUN_ID, run_id(result))
    table.insert(1, col.SCENARIO, result.scenario.name)
    table.insert(2, col.SCENARIO_HASH, scenario_hash(result.scenario))
    table.insert(3, col.SEED, result.scenario.run.seed)
    return table


def recorded_measures(recorded: Recorded) -> dict[str, dict[str, float]]:
    """Return what was recorded, a mean deployment each, with the interval of its rate."""
    found = {}
    for field in (
        "alerts",
        "true_alerts",
        "false_alerts",
        "mistaken_stops",
        "correct_stops",
        "arrests",
    ):
        value = getattr(recorded, field)
        if value is not None:
            low, high = poisson_interval(value, recorded.deployments)
            found[field] = {"mean": value / recorded.deployments, "low": low, "high": high}
    return found


def as_json(result: "Result") -> dict[str, Any]:
    """Return the one object of ``run --json``: no clock, no durations, no path."""
    scenario, spread = result.scenario, spreads(result)
    facts = walk_counts(result.passages)

    def count(name: str) -> dict[str, Any]:
        return count_json(spread[name], at_most(result, name, spread[name].estimate))

    answer: dict[str, Any] = tidy(
        {
            "scenario": scenario.name,
            "title": scenario.title,
            "hash": scenario_hash(scenario),
            "seed": scenario.run.seed,
            "version": __version__,
            "run_id": run_id(result),
            "interval_level": result.level,
            "draws": result.draws,
            "assumption_draws": len(result.unknown.false_alerts),
            **facts,
            "mean_detour_m": mean_detour_m(result.passages),
            "mean_wait_s": mean_wait_s(result.passages),
            "density_per_m2": {
                "mean": mean_density(scenario, result.passages),
                "peak": peak_density(scenario, result.passages),
            },
            "expected": {
                "false_alerts": result.false_alerts,
                "true_alerts": result.true_alerts,
            },
            "alerts": {
                "false": count("false_alerts"),
                "true": count("true_alerts"),
            },
            "stops": {name: count(name) for name in STOP_NAMES},
            "missed": {name.replace(" ", "_"): count(name) for name in MISSED},
            "burden": {name: count(name) for name in BURDENS},
            "staff_hours": (scenario.policy.operators + scenario.policy.officers)
            * scenario.policy.hours,
            "false_stops_per_true_match": {
                **ratio_json(spread["per_true_match"]),
                "p_no_true_match": no_true_match_chance(result),
            },
            "denominators": {name: ratio_json(spread[name]) for name in DENOMINATORS},
            "groups": groups(result).to_dict("records"),
            "disparities": {
                by: disparities(result, by).to_dict("records")
                for by in (col.SEX, col.ETHNICITY, col.AGE_BAND)
            },
            "disparity_summaries": {
                by: disparity_summaries(result, by).to_dict("records")
                for by in (col.SEX, col.ETHNICITY, col.AGE_BAND)
            },
            "error_models": result.anchors.to_dict("records"),
            "assumptions": _assumptions_json(result),
            "recorded": None
            if scenario.recorded is None
            else {**scenario.recorded.model_dump(), "rates": recorded_measures(scenario.recorded)},
            "warnings": list(result.warnings),
        }
    )
    return answer


def _assumptions_json(result: "Result") -> dict[str, Any]:
    chosen = result.scenario.assumptions
    return {
        "error_model": chosen.error_model,
        "demographic_preset": chosen.demographic_preset,
        "overridden": {
            name: entry_json(entry) for name, entry in sorted(result.believed.overridden.items())
        },
        "rests_on": {
            measure: entry_json(result.believed.entry(name)) for measure, name in RESTS_ON.items()
        },
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return an entry of the register as a mapping: value, range, grade, source."""
    return {
        "name": entry.name,
        "value": entry.value,
        "low": entry.low,
        "high": entry.high,
        "unit": entry.unit,
        "grade": entry.grade,
        "source": entry.source,
    }


def count_json(spread: Spread, bound: float | None) -> dict[str, Any]:
    """Return a count as a mapping: mean, bound of a mean of zero, both spreads."""
    return {
        "mean": spread.estimate,
        "at_most": bound,
        "low": spread.both[0],
        "high": spread.both[1],
        "luck": list(spread.luck),
        "unknown": list(spread.unknown),
    }


def ratio_json(spread: Spread) -> dict[str, Any]:
    """Return a ratio as a mapping; its interval is over what we do not know."""
    return {
        "estimate": spread.estimate,
        "low": spread.unknown[0],
        "high": spread.unknown[1],
        "luck": list(spread.luck),
    }


def tidy(value: Any) -> Any:  # JSON is untyped
    """Return JSON-ready values: floats to nine digits, infinite and unknown ones as null."""
    match value:
        case dict():
            return {str(key): tidy(item) for key, item in value.items()}
        case list() | tuple():
            return [tidy(item) for item in value]
        case bool() | int() | str() | None:
            return value
        case np.integer():
            return int(value)
        case float() | np.floating():
            return float(f"{value:.{_SIGNIFICANT}g}") if np.isfinite(value) else None
        case _:
            return value
