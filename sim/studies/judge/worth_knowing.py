"""What would be worth knowing in a study that has been run: the estimates meet the questions.

The estimates are those of ``sim.analysis.value_of_information``.

State: none.
"""

from typing import Any

import pandas as pd

from sim import columns as col
from sim.analysis.preferred_policy import Criterion
from sim.analysis.sensitivity import MORRIS, SLICES, Scheme
from sim.analysis.value_of_information import worth_knowing
from sim.errors import SimError
from sim.evidence.questions import question_about
from sim.studies.judge.run_study import RunStudy


def worth_knowing_answer(ran: RunStudy, scheme: Scheme, criterion: Criterion) -> dict[str, Any]:
    """Return which unknown, once measured, would change the choice, and whom to ask.

    scheme : of the study's design
    """
    ran.check_has(
        (criterion.harm, criterion.benefit),
        f"--knowing needs the outcomes {criterion.harm} and {criterion.benefit}; ",
    )
    found = worth_knowing(
        _points_drawn_alone(ran, scheme),
        policies=ran.policy_levers,
        unknowns=ran.uncertainties,
        circumstances=ran.circumstances,
        criterion=criterion,
        seed=ran.study.seed,
    )
    return {
        "criterion": found.criterion,
        "policies": found.policies,
        "preferred": found.preferred,
        "draws": found.draws,
        "paired": found.is_paired,
        "points": found.points,
        "points_left_out": found.left_out,
        "all_known": found.all_known,
        "unknowns": [
            {
                "name": one.name,
                "chance_of_change": one.chance_of_change,
                "by_chance": one.by_chance,
                "told_apart": one.is_told_apart,
                "harm_now": one.harm_now,
                "benefit_now": one.benefit_now,
                "harm_known": one.harm_known,
                "benefit_known": one.benefit_known,
                "preferred": [{"at": at, "policy": policy} for at, policy in one.preferred],
                "question": question_about(one.name),
            }
            for one in found.unknowns
        ],
        "averaged_over": ran.circumstances,
    }


def _points_drawn_alone(ran: RunStudy, scheme: Scheme) -> pd.DataFrame:
    """Return rows of points that were drawn on their own, not to go with another.

    Of Saltelli's scheme the first and last point of a block: between them lie points that repeat
    their values, and many points with one value are no more evidence than one.
    """
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
