"""How many of the true alerts end in an arrest: a beta-binomial share, the same everywhere.

    arrests_i ~ beta-binomial(true alerts_i, mean q, concentration c)                        (F4)

State:  none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from sim.analysis.curvature import curvature

Floats = NDArray[np.float64]

# log c is held near 2 +- 1.5: shares then vary by 0.05 to 0.35 between deployments. A weak prior,
# so that a short table gives an answer.
_PRIOR_LOG_CONCENTRATION = (2.0, 1.5)
_PRIOR_LOGIT_SHARE = (0.0, 1.5)
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class ArrestShare:
    """logit q and log c with their covariance."""

    point: Floats
    covariance: Floats

    def draws(self, true_alerts: Floats, rng: np.random.Generator) -> Floats:
        """Return arrests for drawn true alerts, ``(draws, rows)``."""
        count = len(true_alerts)
        logit, log_c = rng.multivariate_normal(self.point, self.covariance, size=count).T
        mean = 1 / (1 + np.exp(-logit))[:, None]
        concentration = np.exp(np.clip(log_c, -3, 8))[:, None]
        shape = (count, true_alerts.shape[1])
        first = np.broadcast_to(mean * concentration, shape)
        second = np.broadcast_to((1 - mean) * concentration, shape)
        share = rng.beta(np.maximum(first, 1e-6), np.maximum(second, 1e-6))
        return rng.binomial(true_alerts.astype(np.int64), share).astype(np.float64)


def arrest_share(true_alerts: Floats, arrests: Floats) -> ArrestShare:
    """Fit the share to rows where both are known; arrests beyond the true alerts count as all."""
    known = ~np.isnan(true_alerts) & ~np.isnan(arrests) & (true_alerts > 0)
    alerts = true_alerts[known]
    arrested = np.minimum(arrests[known], alerts)

    def loss(point: Floats) -> float:
        mean, c = 1 / (1 + np.exp(-point[0])), np.exp(np.clip(point[1], -8, 12))
        likely = np.sum(stats.betabinom.logpmf(arrested, alerts, mean * c, (1 - mean) * c))
        prior = ((point[0] - _PRIOR_LOGIT_SHARE[0]) / _PRIOR_LOGIT_SHARE[1]) ** 2
        prior += ((point[1] - _PRIOR_LOG_CONCENTRATION[0]) / _PRIOR_LOG_CONCENTRATION[1]) ** 2
        return float(-likely + 0.5 * prior)

    best = np.asarray(optimize.minimize(loss, np.array([0.0, 2.0]), method="Nelder-Mead").x)
    covariance = np.linalg.inv(curvature(loss, best, _STEP))
    return ArrestShare(best, covariance.astype(np.float64))
