"""From draws to the numbers that are reported: estimates with their two spreads.

An estimate is the mean over the draws of the assumptions, that of a ratio the ratio of those
means. Two spreads are kept apart: *luck* (what another day like this one would give) and
*unknown* (what the assumptions' ranges allow). ``docs/model/results.md`` has the equations.

State:  none.
Shapes: draws of the assumptions ``(j,)``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import pdtrik

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """An estimate with its two spreads, and both together.

    estimate : the mean over the draws of the assumptions; of a ratio, the ratio of the means
    luck     : interval of what one deployment shows if the estimate is right
    unknown  : interval over assumption draws of the expected value, luck averaged out
    both     : interval over assumption draws, each with its own luck: one deployment
    """

    estimate: float
    luck: tuple[float, float]
    unknown: tuple[float, float]
    both: tuple[float, float]


def quantile_interval(values: Floats, level: float) -> tuple[float, float]:
    """Return the central interval of draws at ``level``; infinite draws count as highest."""
    ordered = np.sort(values)
    low = ordered[int(np.floor((1 - level) / 2 * (len(ordered) - 1)))]
    high = ordered[int(np.ceil((1 + level) / 2 * (len(ordered) - 1)))]
    return float(low), float(high)


def poisson_counts(means: Floats, uniforms: Floats) -> Floats:
    """Return one Poisson count for each mean, by inverting its distribution at a uniform."""
    counts = np.ceil(pdtrik(uniforms, np.maximum(means, 1e-300)))
    return np.where(means > 0, np.maximum(counts, 0.0), 0.0)


def ratios(numerators: ArrayLike, denominators: ArrayLike) -> Floats:
    """Return elementwise ratios: infinite over zero, nan for zero over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.divide(numerators, denominators), dtype=np.float64)


def count_spread(
    sampled: Floats, means: Floats, day_means: Floats, uniforms: Floats, level: float
) -> Spread:
    """Return the spread of a count.

    sampled   : (k,) the count of one deployment if the estimate is right
    means     : (j,) its expected value under each draw of the assumptions
    day_means : (j,) likewise, on a deployment with a rate of its own
    uniforms  : (j,) luck of each assumption draw
    """
    estimate = float(means.mean())
    return Spread(
        estimate,
        luck=quantile_interval(sampled, level),
        unknown=holding(quantile_interval(means, level), estimate),
        both=quantile_interval(poisson_counts(day_means, uniforms), level),
    )


def amount_spread(sampled: Floats, means: Floats, level: float) -> Spread:
    """Return the spread of a quantity that is not a count, such as minutes."""
    estimate = float(means.mean())
    luck = quantile_interval(sampled, level)
    unknown = holding(quantile_interval(means, level), estimate)
    both = min(luck[0], unknown[0]), max(luck[1], unknown[1])
    return Spread(estimate, luck, unknown, both)


def ratio_spread(
    numerator: tuple[Floats, Floats],
    denominator: tuple[Floats, Floats],
    uniforms: tuple[Floats, Floats],
    level: float,
) -> Spread:
    """Return the spread of a ratio of totals, never a mean of per-draw ratios.

    numerator, denominator : (counts of one deployment, means in assumption draws)
    uniforms               : luck of the assumption draws, for numerator and denominator

    Draws without any event above and below say nothing and are left out; draws with none below
    count as infinite. With no draw left the interval is nan.
    """
    luck = ratios(numerator[0], denominator[0])
    unknown = ratios(numerator[1], denominator[1])
    both = ratios(
        poisson_counts(numerator[1], uniforms[0]), poisson_counts(denominator[1], uniforms[1])
    )
    estimate = float(ratios(numerator[1].mean(), denominator[1].mean()))
    spreads = (known_interval(values, level) for values in (luck, unknown, both))
    first, second, third = spreads
    return Spread(estimate, first, holding(second, estimate), third)


def known_interval(values: Floats, level: float) -> tuple[float, float]:
    """Return the interval of the draws that say something; nan where none does."""
    known = values[~np.isnan(values)]
    return quantile_interval(known, level) if len(known) else (np.nan, np.nan)


def holding(interval: tuple[float, float], estimate: float) -> tuple[float, float]:
    """Return the interval stretched to its estimate: a mean that few draws carry lies outside."""
    return min(interval[0], estimate), max(interval[1], estimate)


def most_events(mean: float, level: float) -> float:
    """Return how many events one deployment may bring, with chance ``(1 + level) / 2`` at most."""
    return float(poisson_counts(np.array([mean]), np.array([(1 + level) / 2]))[0])
