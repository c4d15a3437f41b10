"""A result as others read it: the tidy summary, the record beside it, and the JSON object.

``low`` and ``high`` are always what the assumptions leave open of what is expected in the long
run; ``luck`` is what one deployment shows if the estimate is right, ``one_deployment`` both.

State: none.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import pandas as pd

from sim import __version__
from sim import columns as col
from sim.analysis.intervals import poisson_interval
from sim.analysis.outcomes import Spread
from sim.answer.by_group import GROUPINGS, disparities, disparity_summaries, group_rows, groups
from sim.answer.counts import BURDENS, DENOMINATORS, STOPS, Count, at_most
from sim.answer.expected import FATES, Expected
from sim.answer.policy_draws import PolicyDraws
from sim.answer.street_facts import (
    mean_density,
    mean_detour_m,
    mean_wait_s,
    peak_density,
    walk_counts,
)
from sim.evidence.register import Entry
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.identity import scenario_hash
from sim.scenario.schema import Recorded, Scenario
from sim.storage.json_values import DIGITS, json_value
from sim.words.headline import headline

WITNESSES = "witnesses"
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
    WITNESSES: "response.witness_radius_m",
    "officer_hours_on_alerts": "response.arrest_away_min",
}


class Answered(Protocol):
    """What is reported of an answer; ``sim.answer.result.Result`` says what each of these is."""

    @property
    def scenario(self) -> Scenario:
        """The question."""

    @property
    def believed(self) -> Beliefs:
        """What is believed."""

    @property
    def passages(self) -> Passages:
        """What the walk left behind."""

    @property
    def drawn(self) -> PolicyDraws:
        """What is expected under each draw."""

    @property
    def counted(self) -> Mapping[str, Count]:
        """Every count."""

    @property
    def spreads(self) -> Mapping[str, Spread]:
        """Every count and ratio with its spreads."""

    @property
    def witnesses(self) -> Spread:
        """How many people see a stop."""

    @property
    def by_error_model(self) -> Mapping[str, Expected]:
        """What each error model expects."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know."""

    @property
    def level(self) -> float:
        """Level of every interval."""


def run_id(result: Answered) -> str:
    """Return the name of a run: the same for the same scenario, seed and version."""
    scenario = result.scenario
    text = f"{scenario_hash(scenario)}/{scenario.run.seed}/{__version__}"
    return sha256(text.encode()).hexdigest()[:12]


def summary(result: Answered) -> pd.DataFrame:
    """Return one row a measure: estimate, low, high, both other spreads, unit."""
    units = {
        "minutes_of_mistaken_stops": "min",
        "officer_hours_on_alerts": "h",
        WITNESSES: "person",
        **dict.fromkeys(DENOMINATORS, "ratio"),
    }
    nothing = (np.nan,) * 4
    rows = [
        (name, float(value), float(value), float(value), *nothing, "person")
        for name, value in walk_counts(result.passages).items()
    ]
    rows += [
        (name, found.estimate, *found.unknown, *found.luck, *found.both, units.get(name, "event"))
        for name, found in {**result.spreads, WITNESSES: result.witnesses}.items()
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            col.MEASURE,
            col.ESTIMATE,
            col.LOW,
            col.HIGH,
            col.LUCK_LOW,
            col.LUCK_HIGH,
            col.ONE_DEPLOYMENT_LOW,
            col.ONE_DEPLOYMENT_HIGH,
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


def answer_json(result: Answered) -> dict[str, Any]:
    """Return what is expected, as plain data: all that needs no second look at the walk."""
    scenario, spread, drawn, level = result.scenario, result.spreads, result.drawn, result.level

    def count(name: str) -> dict[str, Any]:
        return count_json(spread[name], at_most(result.counted, name, scenario.policy, level))

    answer: dict[str, Any] = json_value(
        {
            "scenario": scenario.name,
            "title": scenario.title,
            "hash": scenario_hash(scenario),
            "seed": scenario.run.seed,
            "version": __version__,
            "run_id": run_id(result),
            "interval_level": level,
            "assumption_draws": len(drawn),
            "people": int(drawn.people.sum()),
            "faces_usable": int(drawn.faces.sum()),
            "expected": {
                "false_alerts": spread["false_alerts"].estimate,
                "true_alerts": spread["true_alerts"].estimate,
            },
            "alerts": {
                "false": count("false_alerts"),
                "true": count("true_alerts"),
            },
            "stops": {name: count(name) for name in STOPS},
            "missed": {name: count(name) for name in FATES},
            "fates": {
                kind: {name: count(f"{kind}_{name}") for name in FATES}
                for kind in ("false", "true")
            },
            "burden": {name: count(name) for name in BURDENS},
            "staff_hours": drawn.staff_hours,
            "false_stops_per_true_match": {
                **ratio_json(spread["per_true_match"]),
                "p_no_true_match": no_true_match_chance(result),
            },
            "denominators": {name: ratio_json(spread[name]) for name in DENOMINATORS},
            "by_group": {by: group_rows(drawn, level, (by,)) for by in GROUPINGS},
            "disparities": {
                by: disparities(drawn, level, by).to_dict("records") for by in GROUPINGS
            },
            "assumptions": _assumptions_json(result),
        },
        DIGITS,
    )
    return answer


def as_json(result: Answered, *, by: Sequence[str] = ()) -> dict[str, Any]:
    """Return the one object of ``run --json``: no clock, no durations, no path.

    by : headings of groups to tell of together, under the key ``by``
    """
    scenario, drawn, level = result.scenario, result.drawn, result.level
    more = {
        **walk_counts(result.passages),
        "mean_detour_m": mean_detour_m(result.passages),
        "mean_wait_s": mean_wait_s(result.passages),
        "density_per_m2": {
            "mean": mean_density(scenario, result.passages),
            "peak": peak_density(scenario, result.passages),
        },
        "groups": groups(drawn, level).to_dict("records"),
        "disparity_summaries": {
            heading: disparity_summaries(drawn, level, heading).to_dict("records")
            for heading in GROUPINGS
        },
        "error_models": [_error_model_row(*each) for each in result.by_error_model.items()],
        "recorded": None
        if scenario.recorded is None
        else {**scenario.recorded.model_dump(), "rates": recorded_measures(scenario.recorded)},
        "warnings": list(result.warnings),
    }
    if by:
        more["by"] = group_rows(drawn, level, by)
    answer = answer_json(result)
    nobody = 0.0 if result.witnesses.estimate == 0 else None
    answer["burden"][WITNESSES] = json_value(count_json(result.witnesses, nobody), DIGITS)
    return {"headline": headline(answer), **answer, **json_value(more, DIGITS)}


def _error_model_row(name: str, expected: Expected) -> dict[str, Any]:
    """Return what an error model expects on the same passages."""
    found = expected.outcomes()
    outcomes = (col.FALSE_ALERTS, col.TRUE_ALERTS, col.MISTAKEN_STOPS, col.PER_TRUE_MATCH)
    return {col.ERROR_MODEL: name, **{outcome: found[outcome] for outcome in outcomes}}


def no_true_match_chance(result: Answered) -> float:
    """Return the chance that a deployment brings no true match at all: the mean over the draws."""
    return float(np.exp(-result.drawn.event("true_alerts")).mean())


def _assumptions_json(result: Answered) -> dict[str, Any]:
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
    """Return a count as a mapping: mean, bound of a mean of zero, its three spreads."""
    return {
        "mean": spread.estimate,
        "at_most": bound,
        "low": spread.unknown[0],
        "high": spread.unknown[1],
        "luck": list(spread.luck),
        "one_deployment": list(spread.both),
    }


def ratio_json(spread: Spread) -> dict[str, Any]:
    """Return a ratio as a mapping; its interval is over what we do not know."""
    return {
        "estimate": spread.estimate,
        "low": spread.unknown[0],
        "high": spread.unknown[1],
        "luck": list(spread.luck),
    }
