"""Which numbers the headline leans on: each entry held at one end of its range, then at the other.

All else stays as it is drawn, so that the headline itself is the mean over what an entry may be.
An entry of the matcher or of the response is scored again on the same passages; one of the walk
needs the street walked again, and is moved only when asked. The same people come in every case.

State: none.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.answer.assumption_draws import drawn_beliefs
from sim.answer.expected import Expected
from sim.answer.policy_draws import policy_draws
from sim.answer.result import Result, simulate
from sim.errors import SimError
from sim.scenario.beliefs import Beliefs
from sim.scenario.identity import WALK_FAMILIES
from sim.scenario.schema import Override
from sim.storage.json_values import DIGITS, json_value

Progress = Callable[[str, float], None]

SCORED, WALKED = "scored again", "walked again"
SCORED_FAMILIES = ("error_model", "demographics", "matching", "response")
# What others are measured against, not beliefs.
HELD = ("matching.listed_reference_size", "response.lost_reference_density_per_m2")
COLUMNS = (
    col.NAME, col.VALUE, col.LOW, col.HIGH, col.UNIT, col.GRADE, col.SOURCE, col.HOW,
    col.RATIO_AT_LOW, col.RATIO_AT_HIGH, col.STOPS_AT_LOW, col.STOPS_AT_HIGH, col.SWING,
)  # fmt: skip


def trace(
    result: Result, *, walk_again: bool = False, progress: Progress | None = None
) -> pd.DataFrame:
    """Return one row an entry with a range, the one that moves the headline most first.

    ratio_* : mistaken stops per true match with the entry at that end of its range
    stops_* : expected mistaken stops
    swing   : the larger ratio over the smaller; 1 where the entry does not matter

    walk_again : move entries of the walk too, each with two walks of its own
    """
    if result.spreads["true_alerts"].estimate == 0:
        raise SimError(
            f"scenario '{result.scenario.name}': no true match is expected, so there is no ratio "
            "to trace; it needs a camera that sees somebody and a watchlist with somebody on it"
        )
    believed = result.believed
    names = [name for name in believed.names() if _how(name) and _has_range(believed, name)]
    names = [name for name in names if walk_again or _how(name) != WALKED]
    rows = []
    for number, name in enumerate(names):
        if progress is not None:
            progress("moving each number", number / len(names))
        rows.append(_row(result, name))
    if progress is not None:
        progress("moving each number", 1.0)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = np.argsort(-np.abs(np.log(table[col.SWING].to_numpy(dtype=np.float64))), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def as_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the table as rows for JSON: numbers to nine digits, null where there is none."""
    return [json_value(row, DIGITS) for row in table.to_dict("records")]


def _how(name: str) -> str | None:
    """Return what it takes to move an entry; None where it is no belief of a run."""
    family = name.split(".", maxsplit=1)[0]
    if name in HELD:
        return None
    if family in SCORED_FAMILIES:
        return SCORED
    return WALKED if family in WALK_FAMILIES else None


def _has_range(believed: Beliefs, name: str) -> bool:
    entry = believed.entry(name)
    return entry.low < entry.high


def _row(result: Result, name: str) -> tuple[object, ...]:
    entry, how = result.believed.entry(name), _how(name)
    again = _scored_again if how == SCORED else _walked_again
    (low, stops_low), (high, stops_high) = (
        (found[col.PER_TRUE_MATCH], found[col.MISTAKEN_STOPS])
        for found in (again(result, name, end).outcomes() for end in (entry.low, entry.high))
    )
    swing = max(low, high) / min(low, high) if min(low, high) > 0 else np.nan
    return (
        name, entry.value, entry.low, entry.high, entry.unit, entry.grade, entry.source, how,
        low, high, stops_low, stops_high, swing,
    )  # fmt: skip


def _scored_again(result: Result, name: str, value: float) -> Expected:
    """Return what is expected with one entry held, on the same walk."""
    _, drawn = drawn_beliefs(result.believed, result.scenario)
    held = [one.replaced({name: value}) for one in drawn]
    return policy_draws(result.street, result.scenario, held).mean


def _walked_again(result: Result, name: str, value: float) -> Expected:
    """Return what is expected with one entry of the walk held, on a walk of its own."""
    assumptions = result.scenario.assumptions
    override = Override(value=value, why="moved to an end of its range")
    believed = dict(assumptions.values) | {name: override}
    moved = assumptions.model_copy(update={"values": believed})
    return simulate(result.scenario.model_copy(update={"assumptions": moved})).expected
