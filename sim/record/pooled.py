"""A negative binomial count model with effects of places and a level that drifts with time.

    y_i  ~ negative binomial, mean mu_i, variance mu_i + alpha mu_i^2                       (F1)
    log mu_i = x_i b + sum over parts p of the place: u_p / sqrt(parts) + level(month_i)    (F2)
    b ~ N(m, s^2),  u_p ~ N(0, tau^2),  level: a random walk of sigma a month, 0 in the last (F3)

Places are pooled: one with many days keeps its own effect, one with few is drawn to the mean, and
one never seen has the whole width of tau. The coefficients are integrated out by Laplace's method
(their posterior is close to normal), the three scales (tau, alpha, sigma) by a normal
approximation of their own logarithms.

State:    none.
Shapes:   rows are deployments; coefficients are b, then places, then months.
Evidence: docs/model/record.md, F1 to F3; what the priors rest on is there too.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, sparse

from sim.analysis.curvature import curvature
from sim.analysis.negative_binomial import negative_binomial_log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_PLACES = 400  # the most frequent keep an effect of their own
MOST_SCALE_ROWS = 4000  # of a longer table every so-many-th row is enough to find the scales
MOST_NEWTON_STEPS = 60
LARGEST_LOG_MEAN = 12.0  # a deployment of 160,000 alerts is not one
_STEP = 0.1  # of the differences that give the curvature of the scales
_LEAST_CURVATURE = 0.5  # a scale that the data say little of has its prior's width, not more


class ScalePriors(NamedTuple):
    """Half-normal widths of the three scales: places, over-dispersion, drift a month."""

    place: float
    dispersion: float
    drift: float


class Prior(NamedTuple):
    """Normal priors of the coefficients: means and standard deviations ``(k,)``."""

    mean: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Deployments as the count model sees them.

    design : (n, k) covariates, the first column 1
    places : the parts of each place's name
    month  : (n,) whole months from an origin common to all tables; nan where no date is known
    """

    design: Floats
    places: Sequence[tuple[str, ...]]
    month: Floats

    def __len__(self) -> int:
        """Return how many deployments there are."""
        return len(self.design)


@dataclass(frozen=True, slots=True)
class PooledFit:
    """A fitted count model.

    log_scales, covariance : (3,), (3, 3) of the logarithms of tau, alpha and sigma
    coefficients           : at the best scales; the first k are those of the design
    spread                 : (k,) their standard deviations, scales held
    """

    places: dict[str, int]
    first_month: int
    months: int
    log_scales: Floats
    covariance: Floats
    coefficients: Floats
    spread: Floats
    log_likelihood: float
    _problem: "_Problem" = field(repr=False)

    @property
    def scales(self) -> tuple[float, float, float]:
        """Tau, alpha and sigma at their best."""
        tau, alpha, sigma = np.exp(self.log_scales)
        return float(tau), float(alpha), float(sigma)

    def at_scales(self, log_scales: Floats, *, near: Floats) -> tuple[Floats, Floats]:
        """Return the coefficients and the upper Cholesky factor of their precision.

        near : coefficients to look from, so that the answer hangs on no earlier question
        """
        _, coefficients, precision = self._problem.integrated(log_scales, near)
        return coefficients, np.asarray(linalg.cholesky(precision))


def pooled_fit(rows: Rows, counts: Floats, prior: Prior, scale_priors: ScalePriors) -> PooledFit:
    """Fit the model to ``counts`` (n,); every row must have one, and there must be some."""
    frequency = Counter(part for parts in rows.places for part in parts)
    kept = sorted(name for name, _ in frequency.most_common(MOST_PLACES))
    places = {name: number for number, name in enumerate(kept)}
    known = rows.month[~np.isnan(rows.month)]
    first = int(known.min()) if len(known) else 0
    months = int(known.max()) - first + 1 if len(known) else 1
    effects = effects_matrix(rows, places, first_month=first, months=months)
    problem = _Problem(effects, counts, prior, len(places), scale_priors)
    every = slice(None, None, -(-len(rows) // MOST_SCALE_ROWS))
    for_scales = _Problem(effects[every], counts[every], prior, len(places), scale_priors)

    def loss(log_scales: Floats) -> float:
        return -for_scales.integrated(log_scales)[0]

    start = np.log(np.array(scale_priors) * 0.5)
    simplex = np.vstack([start, start + 0.7 * np.eye(len(start))])  # scipy's own starts too small
    found = optimize.minimize(
        loss,
        start,
        method="Nelder-Mead",
        options={"maxiter": 250, "xatol": 0.01, "fatol": 0.01, "initial_simplex": simplex},
    )
    best = np.asarray(found.x)
    value, coefficients, precision = problem.integrated(best)
    spread = np.sqrt(np.diag(linalg.inv(precision)))[: rows.design.shape[1]]
    return PooledFit(
        places=places,
        first_month=first,
        months=months,
        log_scales=best,
        covariance=_covariance(loss, best),
        coefficients=coefficients,
        spread=spread,
        log_likelihood=value,
        _problem=problem,
    )


def effects_matrix(
    rows: Rows, places: dict[str, int], *, first_month: int, months: int
) -> sparse.csr_array:
    """Return ``(n, k + places + months - 1)``: what multiplies the coefficients of each row.

    Parts that are not among ``places`` are left out, months beyond the range take its nearer end.
    The last months - 1 columns are the steps of the level, counted back from the last month.
    """
    entries: list[tuple[int, int, float]] = []
    k = rows.design.shape[1]
    for row, parts in enumerate(rows.places):
        weight = 1 / np.sqrt(max(len(parts), 1))
        entries += [(row, k + places[part], weight) for part in parts if part in places]
    row_of, column_of, weights = (
        (np.array(part) for part in zip(*entries, strict=True))
        if entries
        else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    )
    place = sparse.csr_array((weights, (row_of, column_of - k)), shape=(len(rows), len(places)))
    number = np.nan_to_num(rows.month - first_month, nan=months - 1.0)
    number = np.clip(number, 0, months - 1).astype(np.int64)
    later = np.arange(1, months)[None, :] > number[:, None]
    blocks = [sparse.csr_array(rows.design), place, sparse.csr_array(-later.astype(np.float64))]
    return sparse.csr_array(sparse.hstack(blocks))


class _Problem:
    """The posterior of the coefficients, for any scales; remembers where it was to start there."""

    def __init__(
        self,
        effects: sparse.csr_array,
        counts: Floats,
        prior: Prior,
        places: int,
        scale_priors: ScalePriors,
    ) -> None:
        self._effects, self._counts, self._prior = effects, counts, prior
        self._transposed = sparse.csr_array(effects.T)
        self._places = places
        self._months = effects.shape[1] - len(prior.mean) - places
        self._widths = np.array(scale_priors)
        self._mean = np.concatenate([prior.mean, np.zeros(places + self._months)])
        self._last = self._mean.copy()

    def integrated(
        self, log_scales: Floats, near: Floats | None = None
    ) -> tuple[float, Floats, Floats]:
        """Return the log evidence of some scales, the coefficients and their precision.

        near : coefficients to start from; those found last if None
        """
        log_scales = np.clip(log_scales, -8.0, 3.0)
        tau, alpha, sigma = np.exp(log_scales)
        weight = np.concatenate(
            [
                1 / self._prior.spread**2,
                np.full(self._places, tau**-2),
                np.full(self._months, sigma**-2),
            ]
        )
        point, value, precision = self._mode(self._last if near is None else near, weight, alpha)
        if near is None:
            self._last = point
        factor = linalg.cholesky(precision)
        evidence = value - np.log(np.diag(factor)).sum() + 0.5 * np.log(weight).sum()
        # Half-normal priors of the scales, and the change to their logarithms.
        evidence += float((log_scales - 0.5 * (np.exp(log_scales) / self._widths) ** 2).sum())
        return float(evidence), point, precision

    def _mode(self, point: Floats, weight: Floats, alpha: float) -> tuple[Floats, float, Floats]:
        """Return the most likely coefficients by Newton's method with halved steps."""
        value = self._log_posterior(point, weight, alpha)
        for _ in range(MOST_NEWTON_STEPS):
            mean = self._means(point)
            slope = self._transposed @ ((self._counts - mean) / (1 + alpha * mean))
            slope = slope - weight * (point - self._mean)
            step = linalg.solve(self._precision(mean, weight, alpha), slope, assume_a="pos")
            length, reached = 1.0, -np.inf
            while length > 1e-4:
                reached = self._log_posterior(point + length * step, weight, alpha)
                if reached >= value - 1e-9:
                    break
                length /= 2
            point = point + length * step
            settled = abs(reached - value) < 1e-8
            value = reached
            if settled:
                break
        return point, value, self._precision(self._means(point), weight, alpha)

    def _means(self, point: Floats) -> Floats:
        return np.asarray(np.exp(np.clip(self._effects @ point, -30.0, LARGEST_LOG_MEAN)))

    def _precision(self, mean: Floats, weight: Floats, alpha: float) -> Floats:
        curvature = mean * (1 + alpha * self._counts) / (1 + alpha * mean) ** 2
        weighted = self._effects.multiply(curvature[:, None])
        precision = (self._transposed @ weighted).toarray()
        precision[np.diag_indices_from(precision)] += weight
        return np.asarray(precision)

    def _log_posterior(self, point: Floats, weight: Floats, alpha: float) -> float:
        likely = negative_binomial_log(self._counts, self._means(point), alpha).sum()
        return float(likely - 0.5 * (weight * (point - self._mean) ** 2).sum())


def _covariance(loss: Callable[[Floats], float], best: Floats) -> Floats:
    """Return the inverse curvature of the loss; flat directions keep the width of their prior."""
    values, vectors = np.linalg.eigh(curvature(loss, best, _STEP))
    return np.asarray((vectors / np.maximum(values, _LEAST_CURVATURE)) @ vectors.T)
