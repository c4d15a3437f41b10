"""Predictive draws of counts from a fitted model: what it does not know, then luck.

State:  a Forecast holds its draws of scales and coefficients; the same seed gives the same draws.
Shapes: draws are ``(draws, rows)``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from sim.analysis.negative_binomial import negative_binomial_draws
from sim.analysis.record.covariates import Known
from sim.analysis.record.pooled import LARGEST_LOG_MEAN, PooledFit, effects_matrix

Floats = NDArray[np.float64]

SCALE_DRAWS = 25  # draws of the scales; each serves its share of all draws
_WIDEST = 2.0  # a scale is drawn at most this far, in logarithms, from its best value


class Forecast:
    """Draws of counts for any rows, from a fit and the covariates it was fitted on.

    fitted : the covariates of the fit: what is missing in a row is drawn from their known values
    draws  : how many, a multiple of SCALE_DRAWS
    """

    def __init__(self, fit: PooledFit, fitted: Known, *, draws: int, seed: int) -> None:
        if draws % SCALE_DRAWS:
            raise ValueError(f"draws must be a multiple of {SCALE_DRAWS}, got {draws}")
        self._fit, self._each = fit, draws // SCALE_DRAWS
        self._rng = np.random.default_rng(seed)
        self._pools = [column[~np.isnan(column)] for column in fitted.values.T]
        self._steps: dict[int, Floats] = {}
        factor = np.linalg.cholesky(fit.covariance)
        self._log_scales = [fit.log_scales]
        for _ in range(SCALE_DRAWS - 1):
            shift = factor @ self._rng.standard_normal(len(fit.log_scales))
            self._log_scales.append(fit.log_scales + np.clip(shift, -_WIDEST, _WIDEST))
        self._coefficients = []
        for log_scales in self._log_scales:
            best, upper = fit.at_scales(log_scales)
            normal = self._rng.standard_normal((len(best), self._each))
            self._coefficients.append(best[:, None] + linalg.solve_triangular(upper, normal))

    def counts(self, known: Known) -> Floats:
        """Return draws of the counts of some rows, ``(draws, rows)``.

        Rows are drawn each for itself: only their own distributions mean something.
        """
        fit, rows = self._fit, known.rows
        effects = effects_matrix(rows, fit.places, first_month=fit.first_month, months=fit.months)
        new_share = np.array(
            [
                sum(part not in fit.places for part in parts) / max(len(parts), 1) if parts else 1.0
                for parts in rows.places
            ]
        )
        pieces = []
        for log_scales, coefficients in zip(self._log_scales, self._coefficients, strict=True):
            tau, alpha, sigma = np.exp(log_scales)
            log_mean = effects @ coefficients
            log_mean += self._normals(tau * np.sqrt(new_share))
            log_mean += self._normals(sigma * np.sqrt(self._months_beyond(rows.month)))
            log_mean += self._unknown(known, coefficients)
            mean = np.exp(np.clip(log_mean, -30.0, LARGEST_LOG_MEAN))
            pieces.append(negative_binomial_draws(mean, alpha, self._rng).T)
        return np.concatenate(pieces)

    def _normals(self, spread: Floats) -> Floats:
        return spread[:, None] * self._rng.standard_normal((len(spread), self._each))

    def _months_beyond(self, month: Floats) -> Floats:
        """Return how many months each row lies outside those of the fit; 0 where none is known."""
        first, last = self._fit.first_month, self._fit.first_month + self._fit.months - 1
        beyond = np.maximum(np.maximum(month - last, first - month), 0)
        return np.nan_to_num(beyond, nan=0.0)

    def _unknown(self, known: Known, coefficients: Floats) -> Floats:
        """Return what covariates that are not known add, drawn from those of the fit."""
        added = np.zeros((len(known.rows), self._each))
        for column, pool in enumerate(self._pools):
            missing = np.flatnonzero(np.isnan(known.values[:, column]))
            if len(missing) == 0 or len(pool) == 0:
                continue
            drawn = self._rng.choice(pool, (len(missing), self._each))
            added[missing] += drawn * coefficients[column]
        return added
