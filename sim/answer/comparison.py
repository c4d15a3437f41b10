"""Scenarios against each other on the same people: paired differences and what changed.

The first scenario is the baseline. Draws are keyed by person and purpose, so that the same person
has the same luck under every policy: differences are taken draw by draw.

State: none.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from sim import columns as col
from sim.analysis.outcomes import quantile_interval, ratios
from sim.answer.report import as_json
from sim.answer.result import Progress, Result
from sim.answer.several import Failure, simulate_same_people
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario
from sim.storage.json_values import DIGITS, json_number
from sim.words.change import Change, change_sentence
from sim.words.comparison import COMPARED

NOT_COMPARED = ("name", "title", "purpose", "recorded", "schema_version")


def changes(base: Scenario, other: Scenario) -> list[Change]:
    """Return what differs between two scenarios: (field, there, here), in order of the fields."""
    found: list[Change] = []
    _collect("", base.model_dump(), other.model_dump(), found)
    return [row for row in found if row[0].split(".")[0] not in NOT_COMPARED]


def _collect(path: str, base: Any, other: Any, found: list[Change]) -> None:
    if isinstance(base, dict) and isinstance(other, dict):
        for key in [*base, *(key for key in other if key not in base)]:
            where = f"{path}.{key}" if path else str(key)
            _collect(where, base.get(key), other.get(key), found)
    elif base != other:
        found.append((path, base, other))


def compare(scenarios: Sequence[Scenario], *, progress: Progress | None = None) -> dict[str, Any]:
    """Compare scenarios with the first, on the same people; what failed is named in it.

    >>> from sim import compare, load_scenario
    >>> base = load_scenario("pavement", settings=["policy.hours=0.2"])
    >>> strict = load_scenario("pavement", settings=["policy.hours=0.2", "policy.threshold=0.66"])
    >>> found = compare([base, strict])
    >>> found["against_baseline"][0]["differences"]["false_alerts"]["difference"] < 0
    True
    """
    return comparison(*simulate_same_people(scenarios, progress=progress))


def comparison(results: Sequence[Result], failures: Sequence[Failure] = ()) -> dict[str, Any]:
    """Return the JSON object of ``compare``: every answer, each against the first, what failed."""
    base = results[0]
    return {
        "baseline": base.scenario.name,
        "scenarios": [as_json(result) for result in results],
        "against_baseline": [against(base, other) for other in results[1:]],
        "failed": [asdict(failure) for failure in failures],
    }


def against(base: Result, other: Result) -> dict[str, Any]:
    """Return the paired differences of one result against the baseline."""
    table = differences(base, other)
    changed = changes(base.scenario, other.scenario)
    return {
        "scenario": other.scenario.name,
        "same_people": same_people(base, other),
        "changed": [
            {"field": field, "baseline": _short(there), "here": _short(here)}
            for field, there, here in changed
        ],
        "differences": table,
        "sentence": change_sentence(changed, table, same_people=same_people(base, other)),
    }


def same_people(base: Result, other: Result) -> bool:
    """Return whether both results rest on one walk of the street."""
    return walk_hash(base.scenario) == walk_hash(other.scenario)


def differences(base: Result, other: Result) -> dict[str, dict[str, float | None]]:
    """Return for each measure: baseline, here, difference and its interval over the assumptions.

    Assumption draws are paired where both results drew the same number from the same seed: row j
    holds the same beliefs about every entry that both vary. Elsewhere there is no interval.
    """
    is_paired = len(base.drawn) == len(other.drawn)
    is_paired = is_paired and base.scenario.run.seed == other.scenario.run.seed
    one, two = base.counted, other.counted
    sizes = [(answer.expected.people, answer.expected.faces.sum()) for answer in (base, other)]
    found = {
        name: difference_row(float(there), float(here), None)
        for name, there, here in zip(("people", "faces_usable"), *sizes, strict=True)
    }
    for name in (name for name in COMPARED if name in one):
        interval = None
        if is_paired:
            interval = quantile_interval(two[name].means - one[name].means, base.level)
        found[name] = difference_row(one[name].estimate, two[name].estimate, interval)
    there, here = (
        ratios(counted["mistaken"].means, counted["true_alerts"].means) for counted in (one, two)
    )
    interval = None
    if is_paired and np.isfinite(there).all() and np.isfinite(here).all():
        interval = quantile_interval(here - there, base.level)
    values = [answer.spreads["per_true_match"].estimate for answer in (base, other)]
    found["per_true_match"] = difference_row(values[0], values[1], interval)
    return found


def difference_row(
    there: float, here: float, interval: tuple[float, float] | None
) -> dict[str, float | None]:
    """Return one measure of a comparison: baseline, here, difference with its interval."""
    low, high = (np.nan, np.nan) if interval is None else interval
    row = {
        "baseline": there,
        "here": here,
        "difference": here - there,
        col.LOW: low,
        col.HIGH: high,
    }
    return {name: json_number(value, DIGITS) for name, value in row.items()}


def _short(value: Any) -> Any:
    """Return a JSON value; long lists are named by their length."""
    if isinstance(value, (tuple, list)):
        return f"{len(value)} entries" if len(value) != 1 else "1 entry"
    return value
