"""How far chance goes: bootstrap intervals, and whether a factor does more than replications.

A *change* is what moving one factor did to the logarithm of an outcome, in one block of a design
(``sim.analysis.elementary``, ``sim.analysis.variance_shares``) and one replication.

The mean square of the changes over blocks must be above what replications explain, by an F test
at 5 % over all factors together (Bonferroni). Where replications share people between points, a
day may favour one end of a factor in every block alike; blocks are then no witnesses of their
own. Where that shows (the mean deviation of a day over blocks is larger than independent blocks
would have it, F test at 5 %), the mean square must also be above what so few days could give (F
with 1 and R - 1 degrees, 5 % a factor).

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

DRAWS = 1000  # of the bootstrap
LEVEL = 0.95
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Index:
    """An estimate with its 95 % bootstrap interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a method found, factor by factor, ``k`` of each.

    indices : measure -> index
    noise   : of the leading index, what replications alone would give; nan: cannot be said
    told    : whether it is told apart from chance; None: one replication cannot say
    own     : (points, k) what each factor alone does, nan at points that do not show it; None where
              a mean move says it better
    moves   : (k,) mean change from the low to the high end of each factor; None where ``own`` says
    """

    indices: Mapping[str, Sequence[Index]]
    noise: Floats
    told: Sequence[bool | None]
    own: Floats | None = None
    moves: Floats | None = None


def bootstrap_weights(rng: np.random.Generator, count: int) -> Floats:
    """Return bootstrap weights ``(DRAWS, count)``, each row adding to 1."""
    return rng.multinomial(count, np.full(count, 1 / count), size=DRAWS) / count


def with_intervals(points: Floats, draws: Floats) -> list[Index]:
    """Return estimates ``(k,)`` with the percentile intervals of ``draws`` ``(DRAWS, k)``."""
    low, high = _interval(draws)
    return [
        Index(float(value), float(least), float(most))
        for value, least, most in zip(points, low, high, strict=True)
    ]


def told_apart(changes: Floats, *, shared: bool) -> list[bool | None]:
    """Return for each factor whether it does more than replications explain.

    changes : (blocks, k, replications)
    shared  : replications share people between points
    """
    _, count, days = changes.shape
    if days < 2:
        return [None] * count
    return [_is_told(changes[:, place], FALSE_ALARMS / count, shared) for place in range(count)]


def _is_told(changes: Floats, level: float, shared: bool) -> bool:
    blocks, days = changes.shape
    within = changes.var(axis=1, ddof=1) / days
    signal, noise = float((changes.mean(axis=1) ** 2).mean()), float(within.mean())
    if noise <= 0:
        return signal > 0
    # Satterthwaite: fewer degrees where a few blocks hold most of the noise.
    freedom = float(within.sum() ** 2 / (within**2).sum())
    if signal <= noise * float(stats.f.ppf(1 - level, freedom, freedom * (days - 1))):
        return False
    common = float(changes.mean(axis=0).var(ddof=1)) / days
    is_alike = follows_days(blocks * common, noise, days - 1, (blocks - 1) * (days - 1))
    return not (shared and is_alike) or is_beyond_days(signal, noise, 1, days)


def follows_days(common: float, noise: float, freedom: int, rest: int) -> bool:
    """Whether days move many blocks alike, more than noise of its own in each would (F test)."""
    quantile = float(stats.f.ppf(1 - FALSE_ALARMS, freedom, rest))
    return common > 0 and common > quantile * noise


def is_beyond_days(signal: float, noise: float, freedom: int, days: int) -> bool:
    """Whether a mean square is above what noise of that size gives, ``days`` having been seen.

    freedom : independent parts of the signal; each has days - 1 of noise
    """
    quantile = float(stats.f.ppf(1 - FALSE_ALARMS, freedom, freedom * (days - 1)))
    return signal > 0 and signal > quantile * noise


def is_beyond_scatter(between: float, within: float, groups: int, rest: int, level: float) -> bool:
    """Whether slices differ by more than scatter within them explains (F test)."""
    if groups < 1 or rest < 1 or between <= 0:
        return False
    return (
        within <= 0 or float(stats.f.sf(between / groups / (within / rest), groups, rest)) < level
    )


def noise_variance(changes: Floats) -> Floats:
    """Return the variance that replications leave in a mean change, ``(k,)``; nan: one only."""
    days = changes.shape[2]
    if days < 2:
        return np.full(changes.shape[1], nan)
    return np.asarray(changes.var(axis=2, ddof=1).mean(axis=0) / days)


def _interval(draws: Floats) -> tuple[Floats, Floats]:
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high
