"""Sensitivity of a study that has been run: the estimates meet its folder and the register.

The estimates are those of ``sim.analysis.sensitivity``.

State: none; reads the study's folder.
"""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from sim import columns as col
from sim.analysis.preferred_policy import Criterion
from sim.analysis.replications import advice
from sim.analysis.sensitivity import MORRIS, SLICES, SOBOL, Scheme, Sensitivity, sensitivity
from sim.answer.outcomes import ALL_OUTCOMES
from sim.errors import SimError
from sim.scenario.faults import suggestion
from sim.storage.json_values import json_value
from sim.studies.define.study_schema import Morris, Sobol, Study
from sim.studies.judge.run_study import RunStudy, check_outcome, opened_study
from sim.studies.judge.worth_knowing import worth_knowing_answer

LOOKED_AT = (col.MISTAKEN_STOPS, col.TRUE_ALERTS)  # unless an outcome is named
METHODS = (MORRIS, SOBOL)
NOISE_FLOOR = "noise_floor"


def sensitivity_answer(
    path: Path,
    *,
    outcome: str | None = None,
    method: str | None = None,
    floor: float | None = None,
    criterion: Criterion | None = None,
) -> dict[str, Any]:
    """Return the JSON object of ``passerby sensitivity``.

    outcome   : None: mistaken stops and true alerts; of a ratio, its two parts
    method    : refused where the design is another one's; None: the design's own
    floor     : count none of an outcome as so much; None: such rows are left out
    criterion : how policies are judged, for what is worth knowing; None: do not ask
    """
    ran = opened_study(path, "sensitivity", _better_design)
    scheme = _scheme(ran, method)
    if floor is not None and not (isfinite(floor) and floor > 0):
        raise SimError(f"--floor {floor:g}: must be above 0, as it is to have a logarithm")
    estimates = [
        sensitivity(
            ran.results,
            ran.names,
            outcome=name,
            scheme=scheme,
            points=ran.points,
            replications=ran.study.replications,
            floor=floor,
            seed=ran.study.seed,
        )
        for name in _outcomes(ran, outcome)
    ]
    answer = {
        "study": ran.study.name,
        "title": ran.study.title,
        "design": ran.study.design.kind,
        "method": scheme.method,
        "floor": floor,
        "factors": {name: _about(ran, name) for name in ran.names},
        "outcomes": [_outcome_answer(one) for one in estimates],
        "replications": [
            _advice_answer(ran.results, one.outcome) for one in estimates if ran.study.replications
        ],
    }
    if criterion is not None:
        answer["worth_knowing"] = worth_knowing_answer(ran, scheme, criterion)
    found: dict[str, Any] = json_value(answer)
    return found


def indices_table(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row an outcome, factor and index: outcome, name, measure, estimate, low, high.

    The noise floor of the leading index is a measure of its own, without low and high.
    """
    rows: list[dict[str, Any]] = [
        {col.OUTCOME: one["outcome"], col.NAME: factor["name"], col.MEASURE: measure, **index}
        for one in answer["outcomes"]
        for factor in one["factors"]
        for measure, index in (
            *factor["indices"].items(),
            (NOISE_FLOOR, {col.ESTIMATE: factor["noise_floor"]}),
        )
    ]
    table = pd.DataFrame(rows)
    numbers = [col.ESTIMATE, col.LOW, col.HIGH]
    return table.assign(**table[numbers].astype("float64"))


def _scheme(ran: RunStudy, method: str | None) -> Scheme:
    if method is not None and method not in METHODS:
        raise SimError(
            f"--method {method}: morris or sobol{suggestion(method, list(METHODS))}; other designs "
            "need no --method"
        )
    match ran.study.design:
        case Morris() as given:
            scheme = Scheme(MORRIS, levels=given.levels)
        case Sobol() as given:
            scheme = Scheme(SOBOL, second_order=given.second_order)
        case _:
            scheme = Scheme(SLICES)
    if method is not None and method != scheme.method:
        wanted = (
            "{kind: morris, trajectories: 20}" if method == MORRIS else "{kind: sobol, points: 256}"
        )
        raise SimError(
            f"--method {method}: the study in {ran.folder} has the design {ran.study.design.kind}; "
            f"run it with design: {wanted}, or leave --method out"
        )
    return scheme


def _outcomes(ran: RunStudy, outcome: str | None) -> tuple[str, ...]:
    wanted: tuple[str, ...] = LOOKED_AT
    if outcome is not None:
        check_outcome(outcome, f"--outcome {outcome}")
        wanted = ALL_OUTCOMES[outcome].is_ratio_of or (outcome,)
    ran.check_has(wanted)
    return wanted


def _about(ran: RunStudy, name: str) -> dict[str, Any]:
    if name not in ran.uncertainties:
        return {"kind": "lever"}
    entry = ran.believed.entry(name)
    return {
        "kind": "uncertainty",
        **{key: getattr(entry, key) for key in ("value", "low", "high", "unit", "grade", "source")},
    }


def _outcome_answer(found: Sensitivity) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "method": found.method,
        "leading": found.leading,
        "replications": found.replications,
        "mean": found.mean,
        "spread": found.spread,
        "noise_share": found.noise.share,
        "day_share": found.noise.day_share,
        "left_out": found.left_out,
        "factors": [
            {
                "name": factor.name,
                "indices": factor.indices,
                "noise_floor": factor.noise_floor,
                "told_apart": factor.is_told_apart,
                "ends": factor.ends,
            }
            for factor in found.factors
        ],
    }


def _advice_answer(results: pd.DataFrame, outcome: str) -> dict[str, Any]:
    found = advice(results, outcome)
    return {
        "outcome": outcome,
        "target": found.target,
        "replications": found.replications,
        "half_widths": found.half_widths,
        "needed": found.needed,
        "enough": found.is_enough,
        "sentence": found.sentence(),
    }


def _better_design(study: Study) -> str:
    """Return which designs tell more, where a study's own gives first-order shares alone."""
    known = study.design.kind
    if known in {SOBOL, MORRIS}:
        return ""
    return (
        f"; its design is {known}, which gives first-order shares alone: for screening use "
        "design: {kind: morris, trajectories: 20}, for shares with interactions "
        "{kind: sobol, points: 256}"
    )
