"""Many points of a study scored on one walk: what to expect of each, luck averaged out.

A point that says what is believed is scored under that belief. One that does not has the mean
over the draws of the assumptions, which is what ``simulate`` estimates.

State:  none beyond the walk held by a ``WalkedStreet``.
Shapes: points are rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from sim import columns as col
from sim.answer.assumption_draws import drawn_beliefs
from sim.answer.outcomes import GROUP_OUTCOMES, OUTCOMES
from sim.answer.policy_draws import policy_draws
from sim.answer.walked_street import WalkedStreet
from sim.errors import SimError
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]


def score_points(
    scenario: Scenario,
    passages: Passages,
    points: pd.DataFrame,
    *,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    outcomes: Sequence[str] = tuple(OUTCOMES),
) -> pd.DataFrame:
    """Return the outcomes of each point on one walk: index as ``points``, a column an outcome.

    scenario : the walk's scenario; a point changes fields of it that the walk does not depend on
    points   : a column a field (``policy.threshold``) or entry of the register; ``point`` is left
    options  : field -> name of an option -> its value, for fields whose cells hold names

    A point that cannot be scored has missing outcomes and the fault in the column ``reason``.
    """
    street = WalkedStreet(scenario, passages)
    change = point_changer(scenario, list(points.columns.drop(col.POINT, errors="ignore")), options)
    values: dict[str, Floats] = {name: np.full(len(points), nan) for name in outcomes}
    by_group = any(name in GROUP_OUTCOMES for name in outcomes)
    reasons = np.full(len(points), "", dtype=object)
    columns = [points[name].tolist() for name in change.columns]
    for row, given in enumerate(zip(*columns, strict=True) if columns else [()] * len(points)):
        try:
            expected = policy_draws(street, *change.apply(given)).mean
        except SimError as error:
            reasons[row] = str(error)
            continue
        found = expected.outcomes() | (expected.group_outcomes() if by_group else {})
        for name in outcomes:
            values[name][row] = found[name]
    table = pd.DataFrame(values, index=points.index)
    table[col.REASON] = pd.Series(reasons, index=points.index, dtype="str")
    return table


@dataclass(frozen=True, slots=True)
class PointChanger:
    """Turns the cells of a row into a scenario and what is believed: one set, or every draw's."""

    columns: tuple[str, ...]
    apply: Callable[[tuple[Any, ...]], tuple[Scenario, Sequence[Beliefs]]]


def point_changer(
    scenario: Scenario,
    columns: list[str],
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> PointChanger:
    """Return what applies a point's values; values were checked when the study was read."""
    fields = [name.split(".") if _is_field(name) else None for name in columns]
    given = options or {}
    base = beliefs(scenario)
    is_drawn = all(path is not None for path in fields)
    drawn: dict[str, list[Beliefs]] = {}

    def apply(values: tuple[Any, ...]) -> tuple[Scenario, Sequence[Beliefs]]:
        changed: BaseModel = scenario
        believed: dict[str, float] = {}
        for name, path, value in zip(columns, fields, values, strict=True):
            if path is None:
                believed[name] = float(value)
            else:
                chosen = given[name][value] if name in given else value
                changed = _with_field(changed, path, chosen)
        assert isinstance(changed, Scenario)  # noqa: S101 - for the type checker
        own = base if changed.assumptions is scenario.assumptions else beliefs(changed)
        if not is_drawn:
            return changed, [own.replaced(believed)]
        key = changed.assumptions.model_dump_json()
        if key not in drawn:
            drawn[key] = drawn_beliefs(own, changed)[1]
        return changed, drawn[key]

    return PointChanger(tuple(columns), apply)


def _is_field(name: str) -> bool:
    return name.partition(".")[0] in {"street", "policy", "assumptions", "run"}


def _with_field(section: BaseModel, path: list[str], value: Any) -> BaseModel:
    name, *rest = path
    old = getattr(section, name)
    if rest:
        return section.model_copy(update={name: _with_field(old, rest, value)})
    is_whole = isinstance(old, int) and isinstance(value, float)
    return section.model_copy(update={name: int(value) if is_whole else value})
