"""Which numbers the headline leans on: each entry moved alone, from low to high.

Everything else is held. An entry of the matcher is scored again on the same passages; one of the
response is answered again, with the same luck; one of the walk needs the street walked again, and
is moved only when asked. The same people come in every case.

State: none.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.outcomes import MISTAKEN_STOP
from sim.answer.assumption_draws import VARIED_FAMILIES, VARIED_RESPONSES
from sim.answer.report import tidy
from sim.answer.single import simulate
from sim.answer.unknowns import response_chances
from sim.errors import SimError
from sim.model.matching import matching_parameters, score
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.identity import WALK_FAMILIES
from sim.scenario.schema import Override, Scenario

if TYPE_CHECKING:
    from sim.answer.single import Result

Progress = Callable[[str, float], None]

SCORED, ANSWERED, WALKED = "scored again", "answered again", "walked again"
# What others are measured against, not beliefs.
HELD = ("matching.listed_reference_size", "response.lost_reference_density_per_m2")
FEWEST_ASSUMPTION_DRAWS = 20  # of runs whose spread is not looked at
COLUMNS = (
    col.NAME, col.VALUE, col.LOW, col.HIGH, col.UNIT, col.GRADE, col.SOURCE, col.HOW,
    col.RATIO_AT_LOW, col.RATIO_AT_HIGH, col.STOPS_AT_LOW, col.STOPS_AT_HIGH, col.SWING,
)  # fmt: skip


def trace(
    result: "Result", *, walk_again: bool = False, progress: Progress | None = None
) -> pd.DataFrame:
    """Return one row an entry with a range, the one that moves the headline most first.

    ratio_* : mistaken stops per true match with the entry at that end of its range
    stops_* : expected mistaken stops
    swing   : the larger ratio over the smaller; 1 where the entry does not matter

    walk_again : move entries of the walk too, each with two walks of its own
    """
    if result.true_alerts == 0:
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
    return [tidy(row) for row in table.to_dict("records")]


def _how(name: str) -> str | None:
    """Return what it takes to move an entry; None where it is no belief of a run."""
    family = name.split(".", maxsplit=1)[0]
    if name in HELD:
        return None
    if family in VARIED_FAMILIES or name in VARIED_RESPONSES:
        return SCORED
    if family == "response":
        return ANSWERED
    return WALKED if family in WALK_FAMILIES else None


def _has_range(believed: Beliefs, name: str) -> bool:
    entry = believed.entry(name)
    return entry.low < entry.high


def _row(result: "Result", name: str) -> tuple[object, ...]:
    entry, how = result.believed.entry(name), _how(name)
    ends = []
    for value in (entry.low, entry.high):
        if how == SCORED:
            ends.append(_scored_again(result, name, value))
        else:
            passages = result.passages if how == ANSWERED else None
            ends.append(_run_again(result, name, value, passages))
    (stops_low, true_low), (stops_high, true_high) = ends
    low = stops_low / true_low if true_low else np.nan
    high = stops_high / true_high if true_high else np.nan
    swing = max(low, high) / min(low, high) if min(low, high) > 0 else np.nan
    return (
        name, entry.value, entry.low, entry.high, entry.unit, entry.grade, entry.source, how,
        low, high, stops_low, stops_high, swing,
    )  # fmt: skip


def _scored_again(result: "Result", name: str, value: float) -> tuple[float, float]:
    """Return mistaken stops and true alerts with one entry of the matcher or a chance moved."""
    scenario = result.scenario
    moved = result.believed.replaced({name: value})
    scored = score(result.passages, matching_parameters(scenario, moved))
    false_alerts, true_alerts = float(scored.false_alerts.sum()), float(scored.true_alerts.sum())
    own, other = (
        response_chances(scenario, believed, load, result.crowding_ratio)
        for believed, load in ((result.believed, result.false_alerts), (moved, false_alerts))
    )
    stops = false_alerts * result.if_false.share[MISTAKEN_STOP]
    for before, after in ((own.found, other.found), (own.pursued_false, other.pursued_false)):
        stops *= after / before if before > 0 else 0.0
    return stops, true_alerts


def _run_again(
    result: "Result", name: str, value: float, passages: Passages | None
) -> tuple[float, float]:
    """Return the same from a run of its own, on the same walk where ``passages`` are given."""
    again = simulate(_with_value(result, name, value), passages=passages)
    return again.false_alerts * again.if_false.share[MISTAKEN_STOP], again.true_alerts


def _with_value(result: "Result", name: str, value: float) -> Scenario:
    """Return the scenario with one entry moved, as many draws, and no look at its spread."""
    scenario = result.scenario
    override = Override(value=value, why="moved to an end of its range")
    believed = dict(scenario.assumptions.values) | {name: override}
    assumptions = scenario.assumptions.model_copy(update={"values": believed})
    run = scenario.run.model_copy(
        update={"draws": result.draws, "assumption_draws": FEWEST_ASSUMPTION_DRAWS}
    )
    return scenario.model_copy(update={"assumptions": assumptions, "run": run})
