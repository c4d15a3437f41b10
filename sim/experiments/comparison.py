"""Policies against each other on the same people: paired differences and what changed.

The first scenario is the baseline. Draws are keyed by person and purpose, so that the same person
has the same luck under every policy: differences are taken draw by draw.

State: none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim import columns as col
from sim.analysis.outcomes import quantile_interval
from sim.experiments.counts import counts, spreads
from sim.experiments.report import as_json
from sim.experiments.single import Result
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario

COMPARED = {
    "people": "people who walk past",
    "faces_usable": "people scanned",
    "false_alerts": "false alerts",
    "true_alerts": "right matches",
    "mistaken": "people stopped by mistake",
    "correct": "listed people stopped",
    "arrests": "arrests",
    "officer_hours_on_alerts": "officer hours on alerts",
    "per_true_match": "mistaken stops for each right match",
}
NOT_COMPARED = ("name", "title", "purpose", "recorded", "schema_version")


def changes(base: Scenario, other: Scenario) -> list[tuple[str, Any, Any]]:
    """Return what differs between two scenarios: (field, there, here), in order of the fields."""
    found: list[tuple[str, Any, Any]] = []
    _collect("", base.model_dump(), other.model_dump(), found)
    return [row for row in found if row[0].split(".")[0] not in NOT_COMPARED]


def _collect(path: str, base: Any, other: Any, found: list[tuple[str, Any, Any]]) -> None:
    if isinstance(base, dict) and isinstance(other, dict):
        for key in [*base, *(key for key in other if key not in base)]:
            where = f"{path}.{key}" if path else str(key)
            _collect(where, base.get(key), other.get(key), found)
    elif base != other:
        found.append((path, base, other))


def comparison(results: Sequence[Result]) -> dict[str, Any]:
    """Return the JSON object of ``compare``: every answer, and each against the first."""
    base = results[0]
    return {
        "baseline": base.scenario.name,
        "scenarios": [as_json(result) for result in results],
        "against_baseline": [against(base, other) for other in results[1:]],
    }


def against(base: Result, other: Result) -> dict[str, Any]:
    """Return the paired differences of one result against the baseline."""
    table = differences(base, other)
    changed = changes(base.scenario, other.scenario)
    return {
        "scenario": other.scenario.name,
        "same_people": walk_hash(base.scenario) == walk_hash(other.scenario),
        "changed": [
            {"field": field, "baseline": _short(there), "here": _short(here)}
            for field, there, here in changed
        ],
        "differences": table,
        "sentence": sentence(base, other, changed, table),
    }


def differences(base: Result, other: Result) -> dict[str, dict[str, float | None]]:
    """Return for each measure: baseline, here, difference and its interval over the assumptions.

    Assumption draws are paired where both results drew the same number: row j holds the same
    beliefs wherever both scenarios vary the same entries.
    """
    level = base.level
    found: dict[str, dict[str, float | None]] = {}
    facts = [(as_json(result)) for result in (base, other)]
    for name in ("people", "faces_usable"):
        there, here = (float(answer[name]) for answer in facts)
        found[name] = _row(there, here, None)
    one, two = counts(base), counts(other)
    for name in COMPARED:
        if name not in one:
            continue
        interval = None
        if len(one[name].means) == len(two[name].means):
            interval = quantile_interval(two[name].means - one[name].means, level)
        found[name] = _row(one[name].estimate, two[name].estimate, interval)
    ratios = [spreads(result)["per_true_match"].estimate for result in (base, other)]
    found["per_true_match"] = _row(ratios[0], ratios[1], None)
    return found


def _row(
    there: float, here: float, interval: tuple[float, float] | None
) -> dict[str, float | None]:
    return {
        "baseline": _json_number(there),
        "here": _json_number(here),
        "difference": _json_number(here - there),
        col.LOW: None if interval is None else _json_number(interval[0]),
        col.HIGH: None if interval is None else _json_number(interval[1]),
    }


def _json_number(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None


def _short(value: Any) -> Any:
    """Return a JSON value; long lists are named by their length."""
    if isinstance(value, (tuple, list)):
        return f"{len(value)} entries" if len(value) != 1 else "1 entry"
    return value


def sentence(
    base: Result,
    other: Result,
    changed: Sequence[tuple[str, Any, Any]],
    table: Mapping[str, Mapping[str, float | None]],
) -> str:
    """Say in plain words what changed and what it did, benefit and harm alike."""
    what = _what(changed)
    harm = _effect(table["mistaken"], "mistaken stops")
    benefit = _effect(table["true_alerts"], "right matches")
    same = walk_hash(base.scenario) == walk_hash(other.scenario)
    who = "on the same people" if same else "on another walk of the street"
    return f"{what} {harm} and {benefit}, {who}."


def _what(changed: Sequence[tuple[str, Any, Any]]) -> str:
    if not changed:
        return "Changing nothing"
    named = [
        f"{field} from {_plain_value(there)} to {_plain_value(here)}"
        for field, there, here in changed[:3]
    ]
    more = len(changed) - len(named)
    tail = f" and {more} more" if more > 0 else ""
    return f"Changing {', '.join(named)}{tail}"


def _plain_value(value: Any) -> str:
    short = _short(value)
    return f"{short:g}" if isinstance(short, float) else str(short)


def _effect(row: Mapping[str, float | None], noun: str) -> str:
    there, change = row["baseline"], row["difference"]
    if there is None or change is None:
        return f"leaves {noun} unknown"
    if change == 0:
        return f"leaves {noun} as they are"
    size = f"{abs(change):.2g}"
    if change < 0:
        return f"takes away {size} of {there:.2g} {noun}"
    return f"adds {size} to {there:.2g} {noun}"
