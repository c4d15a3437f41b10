"""The frontier of a study that has been run: the estimates meet its folder and the user's limits.

The estimates are those of ``sim.analysis.frontier`` and ``sim.analysis.ceilings``. Levers of
``policy.*`` make a policy; all else that the study varies makes a draw.

State: none; reads the study's folder.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.ceilings import SURE, Kept, Limit, cheapest_move, kept_limits
from sim.analysis.frontier import BETTER, OBJECTIVES, Frontier, frontier
from sim.analysis.policies import PolicyTable, policy_table
from sim.answer.outcomes import ALL_OUTCOMES
from sim.errors import SimError
from sim.scenario.faults import suggestion
from sim.studies.judge.sensitivity import POLICY, RunStudy, opened_study

RATIOS = {
    name: one.is_ratio_of for name, one in ALL_OUTCOMES.items() if one.is_ratio_of is not None
}


def frontier_answer(
    path: Path,
    *,
    objectives: Sequence[str] = (),
    ceilings: Sequence[str] = (),
    floors: Sequence[str] = (),
    sure: float = SURE,
) -> dict[str, Any]:
    """Return the JSON object of ``passerby frontier``.

    objectives       : none: the five of the documentation
    ceilings, floors : NAME=VALUE
    sure             : the chance from which on a policy is said to meet the limits
    """
    if not 0 < sure <= 1:
        raise SimError(f"--sure {sure:g}: a chance above 0, at most 1")
    limits = [_limit(text, is_floor=False) for text in ceilings]
    limits += [_limit(text, is_floor=True) for text in floors]
    wanted = tuple(dict.fromkeys(objectives)) or OBJECTIVES
    for name in wanted:
        if name not in BETTER:
            known = list(BETTER)
            raise SimError(f"--objective {name}: unknown objective{suggestion(name, known)}")
    ran = run_study_in(path)
    names = dict.fromkeys([*wanted, col.TRUE_ALERTS, *(limit.outcome for limit in limits)])
    table = _table(ran, list(names))
    found = frontier(table, wanted)
    kept = kept_limits(table, limits, sure=sure) if limits else None
    return _as_json(ran, found, kept)


def run_study_in(path: Path) -> RunStudy:
    """Return the study that has been run in a folder; anything else is refused."""
    if not path.is_dir():
        raise SimError(
            f"{path}: no folder of a study that has been run; "
            "first 'passerby sweep STUDY --out DIR', then name DIR here"
        )
    return opened_study(path)


def check_outcomes(ran: RunStudy, names: Sequence[str]) -> None:
    """Refuse outcomes that the study does not have, parts of ratios included."""
    parts = [part for name in names for part in RATIOS.get(name, (name,))]
    gone = [name for name in dict.fromkeys(parts) if name not in ran.results]
    if gone:
        there = ", ".join(name for name in ALL_OUTCOMES if name in ran.results)
        raise SimError(f"{ran.folder}: the study has no {' and no '.join(gone)}; it has {there}")


def frontier_table(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a policy: its levers, objectives with their ends, chances."""
    rows = []
    for one in answer["policies"]:
        row: dict[str, Any] = dict(one["policy"])
        for name, value in one["objectives"].items():
            row |= {
                name: value["mean"],
                f"{name}_{col.LOW}": value["low"],
                f"{name}_{col.HIGH}": value["high"],
            }
        row |= {
            col.IS_NOT_BEATEN: one["is_not_beaten"],
            col.P_NOT_BEATEN: one["not_beaten"]["chance"],
        }
        if "limits" in one:
            row[col.P_KEEPS_ALL] = one["limits"]["all"]["chance"]
        rows.append(row)
    return pd.DataFrame(rows)


def _limit(text: str, *, is_floor: bool) -> Limit:
    option = "--floor" if is_floor else "--ceiling"
    name, sign, number = text.partition("=")
    name = name.strip()
    if not sign:
        raise SimError(f"{option} {text}: write NAME=VALUE, such as disparity=2")
    if name not in ALL_OUTCOMES:
        raise SimError(f"{option} {text}: unknown outcome{suggestion(name, list(ALL_OUTCOMES))}")
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise SimError(f"{option} {text}: '{number}' is not a number of 0 or more")
    return Limit(name, value, is_floor=is_floor)


def _table(ran: RunStudy, outcomes: list[str]) -> PolicyTable:
    check_outcomes(ran, outcomes)
    levers = [name for name in ran.levers if name.startswith(POLICY)]
    return policy_table(
        ran.results,
        levers=levers,
        others=[name for name in ran.names if name not in levers],
        outcomes=outcomes,
        ratios=RATIOS,
    )


def _as_json(ran: RunStudy, found: Frontier, kept: Kept | None) -> dict[str, Any]:
    table = found.table
    answer: dict[str, Any] = {
        "study": ran.study.name,
        "title": ran.study.title,
        "objectives": {name: BETTER[name] for name in found.objectives},
        "draws": table.draws,
        "is_grid": _is_grid(ran),
        "averaged_over": [name for name in ran.levers if not name.startswith(POLICY)],
        "unknowns": list(ran.uncertainties),
        "replications": ran.study.replications,
        "left_out": {
            "failed_rows": table.failed_rows,
            "draws": table.draws_left_out,
            "policies": list(table.excluded),
        },
        "policies": [_policy_as_json(found, kept, place) for place in range(len(table.policies))],
    }
    if kept is not None:
        answer["limits"] = {
            "limits": [str(limit) for limit in kept.limits],
            "sure": kept.sure,
            "has_floor": any(limit.is_floor for limit in kept.limits),
            "meeting": np.flatnonzero(kept.meets).tolist(),
            "best": kept.best,
            "nearest": kept.nearest,
            "binding": kept.study_binding,
            "admitted_without": kept.admitted_without.tolist(),
            "price": kept.price,
        }
    return answer


def _is_grid(ran: RunStudy) -> bool:
    """Whether assumptions took ends and middle only: shares of those are no chances."""
    design = ran.study.design
    return (
        design.kind == "full-factorial"
        and bool(ran.uncertainties)
        and getattr(design, "draws", None) is None
    )


def _policy_as_json(found: Frontier, kept: Kept | None, place: int) -> dict[str, Any]:
    one: dict[str, Any] = {
        "policy": found.table.policy(place),
        "objectives": {
            name: {
                "mean": _number(found.means[place, at]),
                "low": _number(found.lows[place, at]),
                "high": _number(found.highs[place, at]),
                "undefined_draws": int(found.undefined[place, at]),
            }
            for at, name in enumerate(found.objectives)
        },
        "price": _number(float(found.table.mean(col.TRUE_ALERTS)[place])),
        "is_not_beaten": bool(found.is_not_beaten[place]),
        "not_beaten": {
            "chance": float(found.chance[place]),
            "low": float(found.chance_low[place]),
            "high": float(found.chance_high[place]),
        },
    }
    if kept is not None:
        one["limits"] = _kept_as_json(kept, place)
    return one


def _kept_as_json(kept: Kept, place: int) -> dict[str, Any]:
    # Moves are searched among all policies: only where they can matter to the reader.
    wants_move = place in _told(kept)
    move = cheapest_move(kept, place) if wants_move else None
    return {
        "all": {
            "chance": float(kept.chance_all[place]),
            "low": float(kept.low_all[place]),
            "high": float(kept.high_all[place]),
        },
        "each": [
            {
                "limit": str(limit),
                "chance": float(kept.chance[place, at]),
                "low": float(kept.low[place, at]),
                "high": float(kept.high[place, at]),
                "mean": _number(float(kept.table.mean(limit.outcome)[place])),
                "chance_without": float(kept.chance_without[place, at]),
            }
            for at, limit in enumerate(kept.limits)
        ],
        "binding": None if kept.binding[place] < 0 else int(kept.binding[place]),
        "cheapest_move": None
        if move is None
        else {
            "to": move.to,
            "lever": move.lever,
            "value": move.value,
            "gain": move.gain,
            "cost": move.cost,
            "gain_a_unit": _number(move.gain_a_unit),
        },
    }


MOVES_TOLD = 100


def _told(kept: Kept) -> frozenset[int]:
    """Return the policies whose cheapest move is looked for: the likeliest that are not certain."""
    order = np.argsort(-kept.chance_all, kind="stable")
    return frozenset(order[kept.chance_all[order] < 1][:MOVES_TOLD].tolist()) | {kept.nearest}


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
