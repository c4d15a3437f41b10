"""The frontier of a study that has been run: the estimates meet its folder and the user's limits.

The estimates are those of ``sim.analysis.frontier`` and ``sim.analysis.ceilings``.

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
from sim.analysis.policies import policy_table
from sim.errors import SimError
from sim.scenario.faults import suggestion
from sim.storage.json_values import json_value
from sim.studies.judge.run_study import RATIOS, RunStudy, check_outcome, opened_study

MOVES_TOLD = 100


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

    >>> from sim import frontier
    >>> found = frontier(folder, objectives=["true_alerts", "mistaken_stops"])
    >>> any(policy["is_not_beaten"] for policy in found["policies"])
    True
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
    ran = opened_study(path, "frontier")
    names = dict.fromkeys([*wanted, col.TRUE_ALERTS, *(limit.outcome for limit in limits)])
    ran.check_has(names)
    table = policy_table(
        ran.results,
        levers=ran.policy_levers,
        others=ran.drawn_names,
        outcomes=list(names),
        ratios=RATIOS,
    )
    kept = kept_limits(table, limits, sure=sure) if limits else None
    answer: dict[str, Any] = json_value(_answer(ran, frontier(table, wanted), kept))
    return answer


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
    check_outcome(name, f"{option} {text}")
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise SimError(f"{option} {text}: '{number}' is not a number of 0 or more")
    return Limit(name, value, is_floor=is_floor)


def _answer(ran: RunStudy, found: Frontier, kept: Kept | None) -> dict[str, Any]:
    table = found.table
    told = frozenset() if kept is None else _told(kept)
    answer: dict[str, Any] = {
        "study": ran.study.name,
        "title": ran.study.title,
        "objectives": {name: BETTER[name] for name in found.objectives},
        "draws": table.draws,
        "is_grid": _is_grid(ran),
        "averaged_over": ran.circumstances,
        "unknowns": ran.uncertainties,
        "replications": ran.study.replications,
        "left_out": {
            "failed_rows": table.failed_rows,
            "draws": table.draws_left_out,
            "policies": table.excluded,
        },
        "policies": [
            _policy_answer(found, place)
            | ({} if kept is None else {"limits": _kept_answer(kept, place, place in told)})
            for place in range(len(table.policies))
        ],
    }
    if kept is not None:
        answer["limits"] = {
            "limits": [str(limit) for limit in kept.limits],
            "sure": kept.sure,
            "has_floor": any(limit.is_floor for limit in kept.limits),
            "meeting": np.flatnonzero(kept.meets),
            "best": kept.best,
            "nearest": kept.nearest,
            "binding": kept.study_binding,
            "admitted_without": kept.admitted_without,
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


def _policy_answer(found: Frontier, place: int) -> dict[str, Any]:
    return {
        "policy": found.table.policy(place),
        "objectives": {
            name: {
                "mean": found.means[place, at],
                "low": found.lows[place, at],
                "high": found.highs[place, at],
                "undefined_draws": found.undefined[place, at],
            }
            for at, name in enumerate(found.objectives)
        },
        "price": found.table.mean(col.TRUE_ALERTS)[place],
        "is_not_beaten": found.is_not_beaten[place],
        "not_beaten": {
            "chance": found.chance[place],
            "low": found.chance_low[place],
            "high": found.chance_high[place],
        },
    }


def _kept_answer(kept: Kept, place: int, wants_move: bool) -> dict[str, Any]:
    # Moves are searched among all policies: only where they can matter to the reader.
    move = cheapest_move(kept, place) if wants_move else None
    return {
        "all": {
            "chance": kept.chance_all[place],
            "low": kept.low_all[place],
            "high": kept.high_all[place],
        },
        "each": [
            {
                "limit": str(limit),
                "chance": kept.chance[place, at],
                "low": kept.low[place, at],
                "high": kept.high[place, at],
                "mean": kept.table.mean(limit.outcome)[place],
                "chance_without": kept.chance_without[place, at],
            }
            for at, limit in enumerate(kept.limits)
        ],
        "binding": None if kept.binding[place] < 0 else kept.binding[place],
        "cheapest_move": None
        if move is None
        else {**json_value(move), "gain_a_unit": move.gain_a_unit},
    }


def _told(kept: Kept) -> frozenset[int]:
    """Return the policies whose cheapest move is looked for: the likeliest that are not certain."""
    order = np.argsort(-kept.chance_all, kind="stable")
    return frozenset(order[kept.chance_all[order] < 1][:MOVES_TOLD].tolist()) | {kept.nearest}
