"""How surely a policy keeps within limits that the user sets, and what stands in its way.

A *ceiling* is a largest value of an outcome, a *floor* a smallest. A policy keeps a limit in a draw
if its outcome does; an undefined outcome (``sim.analysis.policies``) keeps every ceiling, as
nobody bears that harm, and no floor. Chances are shares of draws.

A limit *binds* a policy if the chance of keeping all would rise most without it; of equal ones the
one broken most often. A *move* goes to a neighbour: one lever one step away among the values that
the study has, or any other of a lever without an order. The cheapest move raises the chance of
keeping all most for each unit of the price (true matches lost, by default) that it costs; moves
that cost nothing come first, the largest rise before the others.

State:  none.
Shapes: p policies, d draws, k limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.frontier import BETTER, MORE, share_intervals
from sim.analysis.policies import PolicyTable, named

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SURE = 0.9  # the chance from which on a policy is said to meet the limits


@dataclass(frozen=True, slots=True)
class Limit:
    """A largest value of an outcome (a ceiling), or a smallest (a floor)."""

    outcome: str
    value: float
    is_floor: bool = False

    def __str__(self) -> str:
        """Return the limit as it would be written."""
        return f"{self.outcome} {'>=' if self.is_floor else '<='} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Move:
    """A step to a neighbouring policy.

    lever, value : what is changed, to what
    gain         : rise of the chance of keeping all limits
    cost         : of the price outcome, what is lost on average; below 0: gained
    """

    to: int
    lever: str
    value: object
    gain: float
    cost: float

    @property
    def gain_a_unit(self) -> float:
        """Return the rise for each unit lost; inf: nothing is lost."""
        return self.gain / self.cost if self.cost > 0 else inf


@dataclass(frozen=True, slots=True)
class Kept:
    """How surely each policy keeps the limits.

    chance                  : (p, k) of keeping each
    chance_all              : (p,) of keeping all
    low_all, high_all       : (p,) 95 % interval of that for so few draws (Jeffreys)
    low, high               : (p, k) the same of each
    chance_without          : (p, k) of keeping all but one
    binding                 : (p,) number of the limit that binds; -1: all are always kept
    meets                   : (p,) whether all are kept with chance ``sure`` or more
    nearest                 : number of the policy that comes nearest
    best                    : of those that meet, the one with most of the price; None: none meets
    admitted_without        : (k,) how many policies would meet the others
    """

    table: PolicyTable
    limits: tuple[Limit, ...]
    sure: float
    price: str
    chance: Floats
    low: Floats
    high: Floats
    chance_all: Floats
    low_all: Floats
    high_all: Floats
    chance_without: Floats
    binding: NDArray[np.int64]
    meets: Bools
    nearest: int
    best: int | None
    admitted_without: NDArray[np.int64]

    @property
    def study_binding(self) -> int:
        """Return the limit that binds the study: without it most policies would meet the rest."""
        broken = 1 - self.chance.mean(axis=0)
        mean_rise = self.chance_without.mean(axis=0)
        order = np.lexsort((-broken, -mean_rise, -self.admitted_without))
        return int(order[0])


def kept_limits(
    table: PolicyTable, limits: Sequence[Limit], *, sure: float = SURE, price: str = col.TRUE_ALERTS
) -> Kept:
    """Return how surely each policy keeps the limits, which binds, and the nearest.

    price : what a move may cost, and what the best policy has most of; an outcome of the table
    """
    if not limits:
        raise ValueError("need a limit")
    met = np.stack([is_kept(table.column(limit.outcome), limit) for limit in limits], axis=2)
    chance, broken = met.mean(axis=1), (~met).sum(axis=2)
    chance_all = (broken == 0).mean(axis=1)
    # All but this one are kept where nothing is broken, or this one alone.
    without = ((broken[:, :, None] - ~met) == 0).mean(axis=1)
    rise = without - chance_all[:, None]
    binding = np.array(
        [np.lexsort((chance[place], -rise[place]))[0] for place in range(len(chance))],
        dtype=np.int64,
    )
    binding[chance_all == 1] = -1
    low, high = share_intervals(met.sum(axis=1).ravel(), table.draws)
    low_all, high_all = share_intervals((broken == 0).sum(axis=1), table.draws)
    meets = chance_all >= sure
    worth = table.mean(price) if BETTER[price] == MORE else -table.mean(price)
    misses = np.sum([_miss(table.mean(limit.outcome), limit) for limit in limits], axis=0)
    nearest = int(np.lexsort((-worth, misses, -chance_all))[0])
    return Kept(
        table=table,
        limits=tuple(limits),
        sure=sure,
        price=price,
        chance=chance,
        low=low.reshape(chance.shape),
        high=high.reshape(chance.shape),
        chance_all=chance_all,
        low_all=low_all,
        high_all=high_all,
        chance_without=without,
        binding=binding,
        meets=meets,
        nearest=nearest,
        best=int(np.argmax(np.where(meets, worth, -inf))) if meets.any() else None,
        admitted_without=(without >= sure).sum(axis=0),
    )


def is_kept(values: Floats, limit: Limit) -> Bools:
    """Return where a limit is kept; nan keeps a ceiling and breaks a floor."""
    if limit.is_floor:
        return np.asarray(values >= limit.value)
    return np.asarray(~(values > limit.value))


def cheapest_move(kept: Kept, place: int) -> Move | None:
    """Return the neighbour that raises the chance most for what it costs; None: none raises it."""
    worth = kept.table.mean(kept.price)
    sign = 1 if BETTER[kept.price] == MORE else -1
    moves = []
    for to, lever in neighbours(kept.table.policies, place):
        gain = float(kept.chance_all[to] - kept.chance_all[place])
        cost = float(sign * (worth[place] - worth[to]))
        if gain > 0 and isfinite(cost):
            value = named(kept.table.policies.iloc[to])[lever]
            moves.append(Move(to, lever, value, gain, cost))
    return max(moves, key=lambda move: (move.gain_a_unit, move.gain), default=None)


def neighbours(policies: pd.DataFrame, place: int) -> list[tuple[int, str]]:
    """Return the policies one lever one step away, each with its lever."""
    own = policies.iloc[place]
    differs = np.stack(
        [(policies[name] != own[name]).to_numpy(dtype=bool) for name in policies.columns], axis=1
    )
    found: list[tuple[int, str]] = []
    for to in np.flatnonzero(differs.sum(axis=1) == 1):
        lever = str(policies.columns[int(np.argmax(differs[to]))])
        if _is_one_step(policies[lever], own[lever], policies[lever].iloc[to]):
            found.append((int(to), lever))
    return found


def _is_one_step(values: pd.Series, here: object, there: object) -> bool:
    if values.dtype == bool or not pd.api.types.is_numeric_dtype(values):
        return True  # no order: every other value is one step away
    ordered = np.unique(values.to_numpy(dtype=np.float64))
    steps = np.searchsorted(ordered, [float(here), float(there)])  # type: ignore[arg-type]  # numeric
    return bool(abs(int(steps[0]) - int(steps[1])) == 1)


def _miss(mean: Floats, limit: Limit) -> Floats:
    """Return by what share of the limit the mean misses it, 0 where it is kept."""
    scale = abs(limit.value) or 1.0
    over = (limit.value - mean) if limit.is_floor else (mean - limit.value)
    undefined = inf if limit.is_floor else 0.0
    return np.where(np.isnan(mean), undefined, np.maximum(over, 0.0) / scale)
