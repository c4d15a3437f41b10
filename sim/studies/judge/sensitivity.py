"""Sensitivity of a study that has been run: the estimates meet its folder and the register.

The estimates are those of ``sim.analysis.sensitivity`` and ``sim.analysis.value_of_information``.

State: none; reads the study's folder.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from sim import columns as col
from sim.analysis.replications import advice
from sim.analysis.sensitivity import MORRIS, SLICES, SOBOL, Scheme, Sensitivity, sensitivity
from sim.analysis.value_of_information import Criterion, Knowing, worth_knowing
from sim.answer.outcomes import ALL_OUTCOMES
from sim.errors import SimError
from sim.evidence.questions import question_about
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.faults import suggestion
from sim.scenario.schema import Scenario
from sim.studies.define.study import load_study, shipped_studies
from sim.studies.define.study_schema import Morris, Sobol, Study
from sim.studies.run.folder import opened
from sim.studies.run.results import read_results

PARTS = (col.MISTAKEN_STOPS, col.TRUE_ALERTS)
METHODS = (MORRIS, SOBOL)
POLICY = "policy."
NOISE_FLOOR = "noise_floor"


@dataclass(frozen=True, slots=True)
class RunStudy:
    """A study that has been run, or is being run.

    points                : of the design, run or not
    levers, uncertainties : columns of the table, in the order of the design
    """

    folder: Path
    study: Study
    believed: Beliefs
    results: pd.DataFrame
    points: int
    levers: tuple[str, ...]
    uncertainties: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the design but ``point``: levers, then uncertainties."""
        return (*self.levers, *self.uncertainties)


def opened_study(path: Path) -> RunStudy:
    """Return the study in a folder; a study that has not been run is refused, with the command."""
    if not path.is_dir():
        _refuse_file(path)
    home = opened(path)
    given = home.study()
    study = Study.model_validate_json(json.dumps(given["study"]))
    results = read_results(path)
    if results.empty:
        raise SimError(
            f"{path}: no unit has ended yet; 'passerby status {path}' says how far it is"
        )
    uncertain = set(given["uncertainties"])
    return RunStudy(
        folder=path,
        study=study,
        believed=beliefs(Scenario.model_validate_json(json.dumps(given["base"]))),
        results=results,
        points=int(home.manifest()["points"]),
        levers=tuple(name for name in results.columns if name in study.levers),
        uncertainties=tuple(name for name in results.columns if name in uncertain),
    )


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
    ran = opened_study(path)
    scheme = _scheme(ran, method)
    if floor is not None and not (isfinite(floor) and floor > 0):
        raise SimError(f"--floor {floor:g}: must be above 0, as it is to have a logarithm")
    found = [
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
        "outcomes": [_as_json(one) for one in found],
        "replications": [
            _advice_as_json(ran.results, one.outcome) for one in found if ran.study.replications
        ],
    }
    if criterion is not None:
        answer["worth_knowing"] = _knowing_as_json(_knowing(ran, criterion), ran)
    return answer


def indices_table(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row an outcome, factor and index: outcome, name, measure, estimate, low, high.

    The noise floor of the leading index is a measure of its own, without low and high.
    """
    rows: list[dict[str, Any]] = [
        {
            col.OUTCOME: one["outcome"],
            col.NAME: factor["name"],
            col.MEASURE: measure,
            **{key: index[key] for key in (col.ESTIMATE, col.LOW, col.HIGH)},
        }
        for one in answer["outcomes"]
        for factor in one["factors"]
        for measure, index in factor["indices"].items()
    ]
    rows += [
        {
            col.OUTCOME: one["outcome"],
            col.NAME: factor["name"],
            col.MEASURE: NOISE_FLOOR,
            col.ESTIMATE: factor["noise_floor"],
        }
        for one in answer["outcomes"]
        for factor in one["factors"]
    ]
    table = pd.DataFrame(rows)
    numbers = [col.ESTIMATE, col.LOW, col.HIGH]
    return table.assign(**table[numbers].astype("float64"))


def _refuse_file(path: Path) -> None:
    names = [file.stem for file in shipped_studies()]
    if not path.exists() and not path.suffix and path.name not in names:
        raise SimError(
            f"{path}: no such folder, and no shipped study of that name"
            f"{suggestion(path.name, names)}"
        )
    study = load_study(path).study
    known = study.design.kind
    more = ""
    if known not in {SOBOL, MORRIS}:
        more = (
            f"; its design is {known}, which gives first-order shares alone: for screening use "
            "design: {kind: morris, trajectories: 20}, for shares with interactions "
            "{kind: sobol, points: 256}"
        )
    raise SimError(
        f"{path}: a study that has not been run; first 'passerby sweep {path} --out "
        f"results/{study.name}', then 'passerby sensitivity results/{study.name}'{more}"
    )


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
    if outcome is not None and outcome not in ALL_OUTCOMES:
        raise SimError(
            f"--outcome {outcome}: unknown outcome{suggestion(outcome, list(ALL_OUTCOMES))}"
        )
    wanted: tuple[str, ...] = PARTS
    if outcome is not None:
        wanted = ALL_OUTCOMES[outcome].is_ratio_of or (outcome,)
    gone = [name for name in wanted if name not in ran.results]
    if gone:
        there = ", ".join(name for name in ALL_OUTCOMES if name in ran.results)
        raise SimError(f"{ran.folder}: the study has no {' and no '.join(gone)}; it has {there}")
    return wanted


def _about(ran: RunStudy, name: str) -> dict[str, Any]:
    if name not in ran.uncertainties:
        return {"kind": "lever"}
    entry = ran.believed.entry(name)
    return {
        "kind": "uncertainty",
        **{key: getattr(entry, key) for key in ("value", "low", "high", "unit", "grade", "source")},
    }


def _as_json(found: Sensitivity) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "method": found.method,
        "leading": found.leading,
        "replications": found.replications,
        "mean": found.mean,
        "spread": found.spread,
        "noise_share": _number(found.noise.share),
        "day_share": _number(found.noise.day_share),
        "left_out": asdict(found.left_out),
        "factors": [
            {
                "name": factor.name,
                "indices": {
                    measure: {key: _number(value) for key, value in asdict(index).items()}
                    for measure, index in factor.indices.items()
                },
                "noise_floor": _number(factor.noise_floor),
                "told_apart": factor.is_told_apart,
                "ends": asdict(factor.ends),
            }
            for factor in found.factors
        ],
    }


def _advice_as_json(results: pd.DataFrame, outcome: str) -> dict[str, Any]:
    found = advice(results, outcome)
    return {
        "outcome": outcome,
        "target": found.target,
        "replications": found.replications,
        "half_widths": [_number(value) for value in found.half_widths],
        "needed": found.needed,
        "enough": found.is_enough,
        "sentence": found.sentence(),
    }


def _knowing(ran: RunStudy, criterion: Criterion) -> Knowing:
    gone = [name for name in (criterion.harm, criterion.benefit) if name not in ran.results]
    if gone:
        raise SimError(
            f"{ran.folder}: --knowing needs the outcomes {criterion.harm} and {criterion.benefit}; "
            f"the study has no {' and no '.join(gone)}"
        )
    return worth_knowing(
        _drawn_points(ran),
        policies=[name for name in ran.levers if name.startswith(POLICY)],
        unknowns=ran.uncertainties,
        circumstances=[name for name in ran.levers if not name.startswith(POLICY)],
        criterion=criterion,
        seed=ran.study.seed,
    )


def _drawn_points(ran: RunStudy) -> pd.DataFrame:
    """Return rows of points that were drawn on their own, not to go with another.

    Of Saltelli's scheme the first and last point of a block: between them lie points that repeat
    their values, and many points with one value are no more evidence than one.
    """
    scheme = _scheme(ran, None)
    if scheme.method == MORRIS:
        raise SimError(
            f"--knowing: the study in {ran.folder} has the design morris, whose points lie along "
            "trajectories; run it with design: {kind: latin-hypercube, points: 1000}, {kind: "
            "sobol, ...} or a table"
        )
    if scheme.method == SLICES:
        return ran.results
    block = scheme.block(len(ran.names))
    place = ran.results[col.POINT] % block
    return ran.results[(place == 0) | (place == block - 1)]


def _knowing_as_json(found: Knowing, ran: RunStudy) -> dict[str, Any]:
    unknowns = []
    for one in found.unknowns:
        question = question_about(one.name)
        unknowns.append(
            {
                "name": one.name,
                "chance_of_change": one.chance_of_change,
                "by_chance": _number(one.by_chance),
                "told_apart": one.is_told_apart,
                "harm_now": one.harm_now,
                "benefit_now": one.benefit_now,
                "harm_known": one.harm_known,
                "benefit_known": one.benefit_known,
                "preferred": [{"at": at, "policy": policy} for at, policy in one.preferred],
                "question": None if question is None else asdict(question),
            }
        )
    return {
        "criterion": asdict(found.criterion),
        "policies": [asdict(policy) for policy in found.policies],
        "preferred": found.preferred,
        "draws": found.draws,
        "paired": found.is_paired,
        "points": found.points,
        "points_left_out": found.left_out,
        "all_known": _number(found.all_known),
        "unknowns": unknowns,
        "averaged_over": [name for name in ran.levers if not name.startswith(POLICY)],
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
