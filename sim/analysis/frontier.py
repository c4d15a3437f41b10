"""Which policies are beaten by none, and how surely, given what is not known.

Policy A *beats* B if it is at least as good on every objective and better on one. Two policies
that are alike on all beat neither. Chances are shares of draws: in each draw every policy meets
the same unknowns, so that what moves all alike does not blur which is better.

An undefined outcome (``sim.analysis.policies``) is the best value of what should be low, as nobody
bears that harm, and the worst of what should be high.

State:  none.
Shapes: p policies, d draws, m objectives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.intervals import jeffreys_interval
from sim.analysis.policies import PolicyTable
from sim.errors import SimError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MORE, LESS = "more", "less"
LEVEL = 0.95
PIVOTS = 64  # strong policies tried first: they beat most of the rest
BLOCK = 256  # rows compared with all before them at once: BLOCK * p bytes
BETTER: Mapping[str, str] = MappingProxyType(
    {
        col.TRUE_ALERTS: MORE,
        col.CORRECT_STOPS: MORE,
        col.ARRESTS: MORE,
        col.FALSE_ALERTS: LESS,
        col.MISTAKEN_STOPS: LESS,
        col.OUT_OF_DATE_STOPS: LESS,
        col.MISSED_TRUE_ALERTS: LESS,
        col.MISTAKEN_MINUTES: LESS,
        col.OFFICER_HOURS_ON_ALERTS: LESS,
        col.STAFF_HOURS: LESS,
        col.FACES_USABLE: LESS,
        col.PER_TRUE_MATCH: LESS,
        col.PER_MILLION_FACES: LESS,
        col.PER_ALERT: LESS,
        col.PER_STOP: LESS,
        col.NO_TRUE_MATCH: LESS,
        col.DISPARITY_ETHNICITY: LESS,
        col.DISPARITY_SEX: LESS,
        col.DISPARITY_AGE: LESS,
        col.DISPARITY: LESS,
    }
)
OBJECTIVES = (
    col.TRUE_ALERTS,
    col.MISTAKEN_STOPS,
    col.DISPARITY,
    col.FACES_USABLE,
    col.STAFF_HOURS,
)


@dataclass(frozen=True, slots=True)
class Frontier:
    """The policies with what they do and how surely they are beaten by none.

    means, lows, highs : (p, m); ends are 95 % quantiles over draws, nan: one draw
    is_not_beaten      : (p,) on the means
    chance             : (p,) share of draws in which none beats it
    chance_low, chance_high : (p,) 95 % interval of that share for so few draws (Jeffreys)
    undefined          : (p, m) draws in which the objective has no value
    """

    table: PolicyTable
    objectives: tuple[str, ...]
    means: Floats
    lows: Floats
    highs: Floats
    is_not_beaten: Bools
    chance: Floats
    chance_low: Floats
    chance_high: Floats
    undefined: NDArray[np.int64]


def frontier(table: PolicyTable, objectives: Sequence[str] = OBJECTIVES) -> Frontier:
    """Return which policies are beaten by none on the objectives."""
    unknown = [name for name in objectives if name not in BETTER]
    if unknown:
        raise SimError(f"no direction is known for {', '.join(unknown)}: it cannot be an objective")
    if not objectives:
        raise SimError("no objective: policies cannot be compared on nothing")
    places = [table.outcomes.index(name) for name in objectives]
    means = table.means[:, places]
    values = table.values[:, :, places]
    counts = np.zeros(len(means), dtype=np.int64)
    for draw in range(table.draws):
        counts += not_beaten(as_costs(values[:, draw, :], objectives))
    low, high = share_intervals(counts, table.draws)
    lows, highs = quantiles(values)
    return Frontier(
        table=table,
        objectives=tuple(objectives),
        means=means,
        lows=lows,
        highs=highs,
        is_not_beaten=not_beaten(as_costs(means, objectives)),
        chance=counts / table.draws,
        chance_low=low,
        chance_high=high,
        undefined=np.isnan(values).sum(axis=1),
    )


def as_costs(values: Floats, objectives: Sequence[str]) -> Floats:
    """Return outcomes ``(p, m)`` turned so that less is better, undefined ones resolved."""
    costs = values.copy()
    for place, name in enumerate(objectives):
        is_more = BETTER[name] == MORE
        costs[:, place] *= -1 if is_more else 1
        costs[np.isnan(costs[:, place]), place] = np.inf if is_more else -np.inf
    return costs


def not_beaten(costs: Floats) -> Bools:
    """Return which rows no other row beats; less is better.

    costs : (p, m), no nan; infinities are values like others

    Values become ranks, which keeps ties. A few strong rows clear away most; of the rest, in
    lexical order, only a row that comes before another can beat it.
    """
    if np.isnan(costs).any():
        raise ValueError("costs must not be nan")
    ranks = np.stack(
        [np.unique(column, return_inverse=True)[1] for column in costs.T], axis=1
    ).astype(np.int32)
    is_left = np.ones(len(ranks), dtype=bool)
    for pivot in np.argsort(ranks.sum(axis=1, dtype=np.int64), kind="stable")[:PIVOTS]:
        other = ranks[pivot]
        is_left &= ~((ranks >= other).all(axis=1) & (ranks > other).any(axis=1))
    left = np.flatnonzero(is_left)
    rows, place = np.unique(ranks[left], axis=0, return_inverse=True)
    good = np.ones(len(rows), dtype=bool)
    columns = np.ascontiguousarray(rows.T)
    for start in range(0, len(rows), BLOCK):
        stop = min(start + BLOCK, len(rows))
        beats = np.ones((stop - start, stop), dtype=bool)
        for column in columns[1:]:
            beats &= column[None, :stop] <= column[start:stop, None]
        # Lexical order has seen to the first column; a later row of the block beats no earlier.
        beats &= np.arange(stop)[None, :] < np.arange(start, stop)[:, None]
        good[start:stop] = ~beats.any(axis=1)
    is_left[left] = good[place.ravel()]
    return is_left


def share_intervals(counts: NDArray[np.int64], draws: int) -> tuple[Floats, Floats]:
    """Return the 95 % Jeffreys intervals of shares of ``draws``, two of ``(p,)``."""
    distinct, place = np.unique(counts, return_inverse=True)
    ends = np.array([jeffreys_interval(int(count), draws, LEVEL) for count in distinct])
    return ends[place, 0], ends[place, 1]


def quantiles(values: Floats) -> tuple[Floats, Floats]:
    """Return 95 % quantiles over draws of ``(p, d, m)``, two of ``(p, m)``; undefined left out."""
    count = (~np.isnan(values)).sum(axis=1)
    if values.shape[1] < 2:
        empty = np.full(count.shape, np.nan)
        return empty, empty
    ordered = np.sort(values, axis=1)  # nan last
    tail = (1 - LEVEL) / 2
    last = np.maximum(count - 1, 0)
    low = np.take_along_axis(ordered, np.floor(tail * last).astype(int)[:, None, :], axis=1)
    high = np.take_along_axis(ordered, np.ceil((1 - tail) * last).astype(int)[:, None, :], axis=1)
    return low[:, 0, :], high[:, 0, :]
