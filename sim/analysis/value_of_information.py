"""What would be worth knowing: which unknown, once measured, would change the preferred policy.

Given a ``Criterion``, knowledge of an unknown is worth something only if it changes the choice:
the policy preferred on average over everything unknown is set against the one preferred where the
unknown lies in a slice of its range, everything else still averaged (expected value of partial
perfect information, Felli & Hazen 1998; by slices, Strong & Oakley 2013).

Slices of few draws change their minds by chance: the same is done with the unknown's draws
shuffled, and an unknown that neither changes the choice more often than that nor saves more is
not told apart from chance (5 % over all unknowns and both tests).

State: none; shuffles come from the seed that is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.preferred_policy import Criterion, Ints, Points, preferred
from sim.analysis.slices import SLICES, slices_of
from sim.errors import SimError

SHUFFLES = 499
TESTS = 2  # of an unknown: how often the choice changes, and what that saves
FALSE_ALARMS = 0.05  # chance that any unknown without effect is told apart, over all of them
FEWEST_DRAWS = 20  # of a policy


@dataclass(frozen=True, slots=True)
class Judged:
    """A policy with its expected harm and benefit over everything unknown."""

    policy: dict[str, object]
    harm: float
    benefit: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """What measuring one unknown would do to the choice.

    chance_of_change : that another policy is preferred once it is known
    by_chance        : the same with its draws shuffled, on average; nan: not shuffled, as it
                       never changes the choice
    harm_now, benefit_now     : expected, of the policy preferred now
    harm_known, benefit_known : expected, of the policy preferred in each slice
    preferred        : (what stands for the slice, number of the policy preferred there)
    """

    name: str
    chance_of_change: float
    by_chance: float
    is_told_apart: bool
    harm_now: float
    benefit_now: float
    harm_known: float
    benefit_known: float
    preferred: tuple[tuple[object, int], ...]


@dataclass(frozen=True, slots=True)
class Knowing:
    """The choice as it stands, and what would change it.

    policies   : in the order of their numbers
    preferred  : number of the policy preferred on average
    draws      : of what is unknown, a policy
    is_paired  : every policy was scored under the same draws
    left_out   : points left out, a run missing
    all_known  : chance that another is preferred if everything were known; nan: not paired
    """

    criterion: Criterion
    policies: tuple[Judged, ...]
    preferred: int
    draws: int
    is_paired: bool
    points: int
    left_out: int
    all_known: float
    unknowns: tuple[Unknown, ...]


def worth_knowing(
    results: pd.DataFrame,
    *,
    policies: Sequence[str],
    unknowns: Sequence[str],
    circumstances: Sequence[str] = (),
    criterion: Criterion | None = None,
    seed: int = 1,
) -> Knowing:
    """Return which unknowns would change the preferred policy, the likeliest first.

    policies, unknowns : columns of the design: what a force chooses, what is not known
    circumstances      : columns of the design that are neither, averaged over
    """
    criterion = criterion or Criterion()
    if not policies:
        raise SimError("there is no choice: the study varies no field of policy.*")
    if not unknowns:
        raise SimError("nothing is unknown: the study varies no uncertainty")
    names = [*policies, *unknowns, *circumstances]
    table, left_out = _complete(results, names, criterion)
    groups = table.groupby(list(policies), sort=True, dropna=False)
    table = table.assign(**{_POLICY: groups.ngroup(), _DRAW: _draws(table, names, policies)})
    table, dropped, is_paired = _paired(table)
    points = Points(
        policy=table[_POLICY].to_numpy(dtype=np.int64),
        harm=table[criterion.harm].to_numpy(dtype=np.float64),
        benefit=table[criterion.benefit].to_numpy(dtype=np.float64),
        count=int(table[_POLICY].max()) + 1 if len(table) else 0,
    )
    _check(points)
    everything = np.zeros(len(table), dtype=np.int64)
    harm, benefit = points.averages(everything, 1)
    now = int(preferred(harm, benefit, criterion.least_share)[0])
    rng = np.random.default_rng(seed)
    found = [
        _unknown(name, table, points, criterion, now, len(unknowns), is_paired, rng)
        for name in unknowns
    ]
    found.sort(key=lambda one: (not one.is_told_apart, -one.chance_of_change))
    chosen = table.drop_duplicates(_POLICY).sort_values(_POLICY)[list(policies)]
    judged = tuple(
        Judged(
            policy={str(name): _plain(value) for name, value in row.items()},
            harm=float(harm[0, place]),
            benefit=float(benefit[0, place]),
            is_enough=bool(benefit[0, place] >= criterion.least_share * benefit[0].max()),
        )
        for place, row in enumerate(chosen.to_dict("records"))
    )
    return Knowing(
        criterion=criterion,
        policies=judged,
        preferred=now,
        draws=int(np.bincount(points.policy).min()),
        is_paired=is_paired,
        points=len(table),
        left_out=left_out + dropped,
        all_known=_all_known(points, criterion, now) if is_paired else nan,
        unknowns=tuple(found),
    )


_POLICY, _DRAW = "_policy", "_draw"  # never leave this module


def _complete(
    results: pd.DataFrame, names: Sequence[str], criterion: Criterion
) -> tuple[pd.DataFrame, int]:
    """Return points with a value in every replication, averaged, and how many were left out."""
    parts = [criterion.harm, criterion.benefit]
    is_there = np.isfinite(results[parts].to_numpy(dtype=np.float64)).all(axis=1)
    days = results[col.REPLICATION].nunique()
    counted = results[is_there].groupby(col.POINT)
    means = counted[parts].mean()[counted.size() == days]
    first = results.drop_duplicates(col.POINT).set_index(col.POINT)[list(names)]
    table = first.join(means, how="inner").reset_index(drop=True)
    return table, int(results[col.POINT].nunique()) - len(table)


def _draws(table: pd.DataFrame, names: Sequence[str], policies: Sequence[str]) -> pd.Series:
    rest = [name for name in names if name not in policies]
    return table.groupby(rest, sort=False, dropna=False).ngroup()


def _paired(table: pd.DataFrame) -> tuple[pd.DataFrame, int, bool]:
    """Return the table sorted by draw and policy, whole draws only where draws come again.

    A draw of which a policy is missing would set policies against each other unequally.
    """
    policies = table[_POLICY].nunique()
    whole = table.groupby(_DRAW)[_POLICY].transform("nunique") == policies
    if policies < 2 or whole.mean() < 0.5:
        return table, 0, False
    kept = table[whole].sort_values([_DRAW, _POLICY]).reset_index(drop=True)
    is_paired = len(kept) == kept[_DRAW].nunique() * policies and len(kept) > 0
    return (kept, len(table) - len(kept), True) if is_paired else (table, 0, False)


def _check(points: Points) -> None:
    draws = np.bincount(points.policy) if len(points.policy) else np.zeros(1)
    if points.count < 2:
        raise SimError("there is no choice: the study has one policy")
    if draws.min() < FEWEST_DRAWS:
        raise SimError(
            f"each of {points.count:,} policies has {int(draws.min()):,} draws or more of what is "
            f"unknown; at least {FEWEST_DRAWS} are needed: give levers of policy.* as a few "
            "values, not as a range, and more points (or a table with the same draws for every "
            "policy)"
        )


def _unknown(
    name: str,
    table: pd.DataFrame,
    points: Points,
    criterion: Criterion,
    now: int,
    unknowns: int,
    is_paired: bool,
    rng: np.random.Generator,
) -> Unknown:
    fewest = int(np.bincount(points.policy).min())
    cut = slices_of(table[name], most=max(2, min(SLICES, fewest // 8)))
    harm, benefit = points.averages(cut.code, cut.count)
    best = preferred(harm, benefit, criterion.least_share)
    chance, gain, known = _use(cut.code, cut.count, points, criterion, now)
    by_chance, is_told = nan, False
    if chance > 0:
        shuffles = max(SHUFFLES, int(2 * TESTS * unknowns / FALSE_ALARMS))
        shuffled = np.array(
            [
                _use(
                    _shuffled(cut.code, points, is_paired, rng), cut.count, points, criterion, now
                )[:2]
                for _ in range(shuffles)
            ]
        )
        by_chance = float(shuffled[:, 0].mean())
        # Rounding must not part a gain from its equal.
        beyond = (shuffled >= np.array([chance, gain]) - 1e-12).sum(axis=0)
        is_told = bool((1 + beyond.min()) / (1 + shuffles) <= FALSE_ALARMS / unknowns / TESTS)
    overall = points.averages(np.zeros_like(cut.code), 1)
    return Unknown(
        name=str(name),
        chance_of_change=chance,
        by_chance=by_chance,
        is_told_apart=is_told,
        harm_now=float(overall[0][0, now]),
        benefit_now=float(overall[1][0, now]),
        harm_known=known[0],
        benefit_known=known[1],
        preferred=tuple(zip(cut.labels, best.tolist(), strict=True)),
    )


def _use(
    code: Ints, slices: int, points: Points, criterion: Criterion, now: int
) -> tuple[float, float, tuple[float, float]]:
    """Return what knowing the slice would do.

    The chance of another choice; what it would save of harm over benefit; harm and benefit then.
    """
    harm, benefit = points.averages(code, slices)
    best = preferred(harm, benefit, criterion.least_share)
    weight = np.bincount(code, minlength=slices) / len(code)
    rows = np.arange(slices)
    known = float(weight @ harm[rows, best]), float(weight @ benefit[rows, best])
    kept = float(weight @ harm[:, now]), float(weight @ benefit[:, now])
    gain = kept[0] / kept[1] - known[0] / known[1] if kept[1] > 0 and known[1] > 0 else 0.0
    return float(weight[best != now].sum()), gain, known


def _shuffled(
    code: Ints,
    points: Points,
    is_paired: bool,
    rng: np.random.Generator,
) -> Ints:
    """Return the slices with the draws shuffled: whole draws, or within a policy."""
    if is_paired:
        return np.repeat(rng.permutation(code[:: points.count]), points.count)
    mixed = code.copy()
    for policy in range(points.count):
        where = np.flatnonzero(points.policy == policy)
        mixed[where] = rng.permutation(code[where])
    return mixed


def _all_known(points: Points, criterion: Criterion, now: int) -> float:
    harm = points.harm.reshape(-1, points.count)
    benefit = points.benefit.reshape(-1, points.count)
    return float((preferred(harm, benefit, criterion.least_share) != now).mean())


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
