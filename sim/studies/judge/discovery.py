"""Where a policy fails in a study that has been run: cases meet the user's words.

The boxes are those of ``sim.analysis.discovery``.

State: none; reads the study's folder.
"""

from collections.abc import Sequence
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.conditions import all_hold, conditions
from sim.analysis.discovery import Box, crossed, discover
from sim.analysis.outcomes import ratios
from sim.analysis.policies import averaged_points, is_done_column
from sim.analysis.prim import Cases
from sim.answer.outcomes import ALL_OUTCOMES
from sim.errors import SimError
from sim.scenario.faults import suggestion
from sim.storage.json_values import json_value
from sim.studies.judge.run_study import POLICY, RATIOS, RunStudy, opened_study


def discovery_answer(
    path: Path, *, fails: str, held: Sequence[str] = ()
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the JSON object of ``passerby discover``, and its cases.

    fails : NAME OP NUMBER, joined by ``and``
    held  : LEVER=VALUE, of levers that are not looked at
    cases : one row a case: factors and whether it fails
    """
    wanted = conditions(fails, list(ALL_OUTCOMES))
    ran = opened_study(path, "discover")
    names = list(dict.fromkeys(one.outcome for one in wanted))
    ran.check_has(names)
    points, failed_rows = averaged_points(ran.results, ran.names, outcomes=names, ratios=RATIOS)
    is_there = is_done_column(points)
    points = points[is_there].reset_index(drop=True)
    fixed: dict[str, object] = {}
    for text in held:
        name, value = _held(text, points, ran)
        fixed[name] = value
        points = points[points[name] == value].reset_index(drop=True)
    if points.empty:
        raise SimError(f"{ran.folder}: no case is left: every run failed, or none has that policy")
    values = {name: _values(points, name) for name in names}
    cases = _cases(points, all_hold(wanted, values), ran, fixed)
    found = discover(cases, seed=ran.study.seed)
    answer = {
        "study": ran.study.name,
        "title": ran.study.title,
        "fails": " and ".join(str(one) for one in wanted),
        "held": fixed,
        "cases": found.cases,
        "failing": found.failing,
        "share_failing": found.failing / found.cases,
        "policies": 1 if cases.policy is None else len(np.unique(cases.policy)),
        "draws": found.cases if cases.draw is None else len(np.unique(cases.draw)),
        "is_crossed": cases.draw is not None,
        "is_found": found.is_found,
        "p_chance": found.p_chance,
        "reason": found.reason,
        "redrawn": found.redrawn,
        "undefined": {name: int(np.isnan(value).sum()) for name, value in values.items()},
        "left_out": {"failed_rows": failed_rows, "points": int((~is_there).sum())},
        "box": None if found.box is None else _box_answer(found.box, ran),
    }
    return json_value(answer), cases.factors.assign(**{col.FAILS: cases.fails})


def _values(points: pd.DataFrame, name: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    if name in RATIOS:
        top, bottom = (points[part].to_numpy(dtype=np.float64) for part in RATIOS[name])
        return ratios(top, bottom)
    return points[name].to_numpy(dtype=np.float64)


def _held(text: str, points: pd.DataFrame, ran: RunStudy) -> tuple[str, object]:
    name, sign, given = (part.strip() for part in text.partition("="))
    if not sign:
        raise SimError(f"--policy {text}: write LEVER=VALUE, such as policy.threshold=0.6")
    if name not in ran.levers:
        raise SimError(
            f"--policy {text}: the study has no lever '{name}'{suggestion(name, ran.levers)}"
        )
    there = points[name].drop_duplicates().sort_values().tolist()
    for value in there:
        if str(value).lower() == given.lower() or _is_number(value, given):
            return name, value
    raise SimError(
        f"--policy {text}: the study has no case with it; there are "
        f"{', '.join(str(value) for value in there[:20])}{' ...' if len(there) > 20 else ''}"
    )


def _is_number(value: object, given: str) -> bool:
    if isinstance(value, (bool, str)):
        return False
    try:
        return isclose(float(value), float(given), rel_tol=1e-9)  # type: ignore[arg-type]  # a number
    except ValueError:
        return False


def _cases(
    points: pd.DataFrame,
    fails: "np.ndarray[Any, np.dtype[np.bool_]]",
    ran: RunStudy,
    fixed: dict[str, object],
) -> Cases:
    factors = points[[name for name in ran.names if name not in fixed]]
    levers = [name for name in factors.columns if name.startswith(POLICY)]
    others = [name for name in factors.columns if name not in levers]
    if not (levers and others):
        return Cases(factors, fails)
    policy = np.asarray(points.groupby(levers, dropna=False).ngroup(), dtype=np.int64)
    draw = np.asarray(points.groupby(others, dropna=False).ngroup(), dtype=np.int64)
    shared = len(np.unique(draw)) <= len(points) / 2
    if not shared and not crossed(policy, draw):
        return Cases(factors, fails)
    return Cases(factors, fails, policy, draw, tuple(levers))


def _box_answer(box: Box, ran: RunStudy) -> dict[str, Any]:
    units = {
        name: ran.believed.entry(name).unit
        for name in (one.name for one in box.restrictions)
        if name in ran.uncertainties
    }
    return {
        "coverage": box.coverage,
        "density": box.density,
        "mass": box.mass,
        "inside": box.inside,
        "failing_inside": box.failing_inside,
        "restrictions": [
            {
                "name": one.name,
                "kind": "uncertainty" if one.name in ran.uncertainties else "lever",
                "unit": units.get(one.name),
                "low": one.low,
                "high": one.high,
                "values": None if one.values is None else list(one.values),  # noqa: PD011 - no frame
                "quasi_p": one.quasi_p,
                "reproduced": one.reproduced,
            }
            for one in box.restrictions
        ],
    }
