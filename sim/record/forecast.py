"""Predictive draws of counts from a fitted model: what it does not know, then luck.

State:  a Forecast holds its draws of scales and coefficients; the same seed gives the same draws.
Shapes: draws are ``(draws, rows)``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from sim.analysis.negative_binomial import negative_binomial_draws
from sim.record.covariates import Known
from sim.record.pooled import LARGEST_LOG_MEAN, PooledFit, Rows, effects_matrix

Floats = NDArray[np.float64]

SCALE_DRAWS = 25  # draws of the scales; each serves its share of all draws
FURTHEST_MONTHS = 1200  # from the fit: a century on, a level is as unknown as it gets
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
        # One number a scale and draw, drawn when first asked for and kept: rows share them.
        self._parts: dict[str, Floats] = {}
        self._months: dict[int, Floats] = {}
        factor = np.linalg.cholesky(fit.covariance)
        self._log_scales = [fit.log_scales]
        for _ in range(SCALE_DRAWS - 1):
            shift = factor @ self._rng.standard_normal(len(fit.log_scales))
            self._log_scales.append(fit.log_scales + np.clip(shift, -_WIDEST, _WIDEST))
        self._coefficients = []
        best = fit.coefficients
        for log_scales in self._log_scales:
            best, upper = fit.at_scales(log_scales, near=best)
            normal = self._rng.standard_normal((len(best), self._each))
            self._coefficients.append(best[:, None] + linalg.solve_triangular(upper, normal))

    def counts(self, known: Known) -> Floats:
        """Return draws of the counts of some rows, ``(draws, rows)``.

        Draw k holds one set of coefficients, of new places and of months to come: rows share
        them, so that sums over rows spread as they should.
        """
        fit, rows = self._fit, known.rows
        effects = effects_matrix(rows, fit.places, first_month=fit.first_month, months=fit.months)
        nowhere = np.array([0.0 if parts else 1.0 for parts in rows.places])
        new_places, later = self._new_places(rows), self._later(rows.month)
        pieces = []
        scales = zip(self._log_scales, self._coefficients, strict=True)
        for number, (log_scales, coefficients) in enumerate(scales):
            tau, alpha, sigma = np.exp(log_scales)
            share = slice(number * self._each, (number + 1) * self._each)
            log_mean = effects @ coefficients
            log_mean += tau * new_places[:, share] + self._normals(tau * nowhere)
            log_mean += sigma * later[:, share]
            log_mean += self._unknown(known, coefficients)
            mean = np.exp(np.clip(log_mean, -30.0, LARGEST_LOG_MEAN))
            pieces.append(negative_binomial_draws(mean, alpha, self._rng).T)
        return np.concatenate(pieces)

    def _normals(self, spread: Floats) -> Floats:
        return spread[:, None] * self._rng.standard_normal((len(spread), self._each))

    def _new_places(self, rows: Rows) -> Floats:
        """Return what parts of places that were not learnt add, by tau, ``(rows, draws)``."""
        added = np.zeros((len(rows.places), self._each * SCALE_DRAWS))
        for row, parts in enumerate(rows.places):
            for part in parts:
                if part not in self._fit.places:
                    if part not in self._parts:
                        self._parts[part] = self._rng.standard_normal(added.shape[1])
                    added[row] += self._parts[part] / np.sqrt(len(parts))
        return added

    def _later(self, month: Floats) -> Floats:
        """Return how the level moves to months outside the fit's, by sigma, ``(rows, draws)``.

        A random walk, a step a month: months to come share the steps that lead to them.
        """
        first, last = self._fit.first_month, self._fit.first_month + self._fit.months - 1
        moved = np.zeros((len(month), self._each * SCALE_DRAWS))
        near = np.clip(month, first - FURTHEST_MONTHS, last + FURTHEST_MONTHS)
        for row, here in enumerate(np.nan_to_num(near, nan=last)):
            if here > last:
                moved[row] = self._level(int(here) - last)
            elif here < first:
                moved[row] = self._level(int(here) - first)
        return moved

    def _level(self, away: int) -> Floats:
        """Return the level so many months after (before, if negative) the fit's, by sigma."""
        direction = 1 if away > 0 else -1
        reached = max((abs(each) for each in self._months if each * direction > 0), default=0)
        for step in range(reached + 1, abs(away) + 1):
            before = self._months.get(direction * (step - 1), 0.0)
            walked = self._rng.standard_normal(self._each * SCALE_DRAWS)
            self._months[direction * step] = before + walked
        return self._months[away]

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
