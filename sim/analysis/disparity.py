"""How unevenly a rate falls on groups, in one number: three summaries and what is left open.

Max over min, max over the geometric mean and the Gini coefficient of the groups' rates, the
summaries that NIST prints for false match rates. All are at least 1 (Gini: 0) by construction,
and chance alone lifts them. So counts are shrunk towards the rate of everybody first, by a
gamma-Poisson model whose spread between groups is learnt from the same counts; an empty cell
then has a small rate and not none. Expected rates, as a run computes them, need no shrinking.

State:    none; draws are keyed, so the same counts and seed give the same interval.
Shapes:   one number a group, ``(k,)``; draws are rows, ``(n, k)``.
Evidence: docs/model/rare-events.md, equations D5 to D10.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, gammaln

from sim.analysis.outcomes import quantile_interval
from sim.kernels.draws import ASSUMPTION, uniforms

Floats = NDArray[np.float64]

MAX_OVER_MIN = "max_over_min"
MAX_OVER_GEOMETRIC_MEAN = "max_over_geometric_mean"
GINI = "gini"
MEASURES = (MAX_OVER_MIN, MAX_OVER_GEOMETRIC_MEAN, GINI)

LEAST_VARIATION, MOST_VARIATION = 0.02, 1.5  # of true rates between groups: docs, D8
_GRID = 75
_FIRST_TURN = 100  # within ASSUMPTION: below it other draws have theirs


class Summary(NamedTuple):
    """One summary of the rates of groups.

    estimate  : median of the posterior draws; nan without any event
    low, high : central interval of the posterior draws
    unshrunk  : the same summary of the bare counts; inf where a group has none
    """

    estimate: float
    low: float
    high: float
    unshrunk: float


def max_over_min(rates: Floats) -> Floats:
    """Return the highest rate over the lowest, over the last axis (D5); inf where that is 0."""
    return _over(rates.max(axis=-1), rates.min(axis=-1))


def max_over_geometric_mean(rates: Floats) -> Floats:
    """Return the highest rate over the geometric mean of all, over the last axis (D6)."""
    with np.errstate(divide="ignore"):  # a rate of 0 makes the mean 0, which is meant
        mean = np.exp(np.log(rates).mean(axis=-1))
    return _over(rates.max(axis=-1), mean)


def gini(rates: Floats) -> Floats:
    """Return the Gini coefficient over the last axis (D7): 0 all alike, 1 one group bears all.

    Mean absolute difference of two different groups over twice the mean rate, which reaches 1
    with any number of groups.
    """
    groups = rates.shape[-1]
    apart = np.abs(rates[..., :, None] - rates[..., None, :]).sum(axis=(-1, -2))
    total = rates.sum(axis=-1)
    spread = np.full(total.shape, np.nan)
    np.divide(apart, 2.0 * (groups - 1) * total, out=spread, where=total > 0)
    return spread


def measures(rates: Floats) -> dict[str, Floats]:
    """Return the three summaries of rates ``(..., k)`` by name."""
    return {
        MAX_OVER_MIN: max_over_min(rates),
        MAX_OVER_GEOMETRIC_MEAN: max_over_geometric_mean(rates),
        GINI: gini(rates),
    }


def shrunken_rates(events: ArrayLike, exposure: ArrayLike, variation: float) -> Floats:
    """Return the groups' posterior mean rates ``(k,)`` for a given spread between groups (D9).

    variation : coefficient of variation of the true rates between groups
    """
    counted, at_risk = _checked(events, exposure)
    if not variation > 0:
        raise ValueError(f"variation must be more than 0, got {variation}")
    shape, pooled = variation**-2, counted.sum() / at_risk.sum()
    return np.asarray((counted + shape) / (at_risk + shape / pooled))


def variation_weights(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """Return a grid of spreads between groups and the weight that the counts give each (D8).

    The prior is even from ``LEAST_VARIATION`` to ``MOST_VARIATION``.
    """
    counted, at_risk = _checked(events, exposure)
    grid = np.linspace(LEAST_VARIATION, MOST_VARIATION, _GRID)
    shape = (grid**-2)[:, None]
    mean = at_risk * counted.sum() / at_risk.sum()
    # Negative binomial log likelihood, without the term that holds no shape.
    log_likelihood = (
        gammaln(counted + shape)
        - gammaln(shape)
        - shape * np.log1p(mean / shape)
        - counted * np.log(shape + mean)
    ).sum(axis=1)
    weight = np.exp(log_likelihood - log_likelihood.max())
    return grid, weight / weight.sum()


def rate_draws(events: ArrayLike, exposure: ArrayLike, *, draws: int, seed: int) -> Floats:
    """Return posterior draws ``(draws, k)`` of the groups' rates (D10)."""
    counted, at_risk = _checked(events, exposure)
    grid, weight = variation_weights(counted, at_risk)
    keys = np.arange(draws)
    chosen = np.searchsorted(np.cumsum(weight), uniforms(seed, ASSUMPTION, keys, _FIRST_TURN))
    shape = grid[np.minimum(chosen, len(grid) - 1)] ** -2
    pooled = counted.sum() / at_risk.sum()
    rates = np.empty((draws, len(counted)))
    for group, (count, size) in enumerate(zip(counted, at_risk, strict=True)):
        luck = uniforms(seed, ASSUMPTION, keys, _FIRST_TURN + 1 + group)
        rates[:, group] = gammaincinv(count + shape, luck) / (size + shape / pooled)
    return rates


def disparity(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 4000,
    seed: int = 1,
) -> dict[str, Summary]:
    """Return the three summaries of counted events, each with its interval, by name.

    events   : (k,) whole counts, 0 or more
    exposure : (k,) what they are counted in, faces or people; more than 0

    Without any event nothing can be said: everything is nan.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    counted, at_risk = _checked(events, exposure)
    if counted.sum() == 0:
        return {name: Summary(np.nan, np.nan, np.nan, np.nan) for name in MEASURES}
    bare = measures(counted / at_risk)
    drawn = measures(rate_draws(counted, at_risk, draws=draws, seed=seed))
    return {
        name: Summary(
            float(np.median(drawn[name])), *quantile_interval(drawn[name], level), float(bare[name])
        )
        for name in MEASURES
    }


def _over(top: Floats, bottom: Floats) -> Floats:
    """Return top / bottom: inf over 0, nan for 0 over 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(top / bottom)


def _checked(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    counted = np.asarray(events, dtype=np.float64)
    at_risk = np.asarray(exposure, dtype=np.float64)
    if counted.ndim != 1 or counted.shape != at_risk.shape or len(counted) < 2:
        raise ValueError(
            f"need two or more groups, with as many counts as exposures, got shapes "
            f"{counted.shape} and {at_risk.shape}"
        )
    if not (np.all(np.isfinite(counted)) and np.all(counted >= 0)):
        raise ValueError(f"events must be 0 or more, got {counted}")
    if not (np.all(np.isfinite(at_risk)) and np.all(at_risk > 0)):
        raise ValueError(f"exposure must be more than 0 in every group, got {at_risk}")
    return counted, at_risk
