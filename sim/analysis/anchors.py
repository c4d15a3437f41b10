"""Fits of the register's calibrated entries to the published record.

*Street anchor*: the rate of false matches of one comparison at threshold 0.60, and how fast it
falls with the threshold, such that London's deployments of 2023-24 give the false alerts they
logged. *Adjudication curve*: how the share of false alerts that end in a stop falls with the load.

State:    none.
Shapes:   one row a deployment or a setting, ``(n,)``.
Evidence: docs/model/anchors.md says what is fitted to what, and what the fits leave open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, special, stats

from sim.analysis.negative_binomial import negative_binomial_log

Floats = NDArray[np.float64]

LEVEL = 0.95
LEVEL_LOAD = 1.0  # false alerts a shift, below which the share that is stopped stays level
ANCHOR_THRESHOLD = 0.60
# Cohort false matches above 0.60, 0.62 and 0.64 in the bench test (NPL MS 43; error_rates.csv).
BENCH_STEP = 0.02
BENCH_COUNTS = (7, 1, 0)
LEAST_LOG_SD = 0.01  # keeps the prior on faces an hour proper where all rows agree
_TOLERANCE = 1e-12
_START = (-9.0, 30.0, 0.0, 0.0)
_BOUNDS = ((-12.0, -6.0), (0.1, 120.0), (-6.0, 4.0), (-3.0, 3.0))


class Fitted(NamedTuple):
    """A fitted number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StreetAnchor:
    """What the deployment record says of the false match rate.

    fmr_060         : chance that one comparison with an unlisted person alerts at 0.60
    threshold_slope : decades by which it falls for each unit of score
    dispersion      : variance of a deployment's own gamma factor; 0 would be Poisson
    faces_an_hour   : used where the printed count of faces is unreliable
    faces_log_sd    : uncertainty of that rate, natural logarithm
    deployments, false_alerts : how much went in
    """

    fmr_060: Fitted
    threshold_slope: Fitted
    dispersion: Fitted
    faces_an_hour: float
    faces_log_sd: float
    deployments: int
    false_alerts: int

    def false_alerts_expected(self, comparisons: float, threshold: float) -> float:
        """Return the mean false alerts of ``comparisons`` (faces times list size)."""
        fall = self.threshold_slope.value * (threshold - ANCHOR_THRESHOLD)
        return float(comparisons * self.fmr_060.value * 10**-fall)


@dataclass(frozen=True, slots=True)
class AdjudicationCurve:
    """logit P(stop | false alert) = intercept - slope * log10(max(1, false alerts a shift)).

    Level below one a shift: there the published shares no longer rise.

    dispersion : variance of the counts over the binomial one; the intervals allow for it
    """

    intercept: Fitted
    slope: Fitted
    dispersion: float
    settings: int

    def stopped_share(self, load: Floats) -> Floats:
        """Return the share of false alerts that become a stop at ``load`` a shift, ``(n,)``."""
        logit = self.intercept.value - self.slope.value * np.log10(np.maximum(load, LEVEL_LOAD))
        return np.asarray(special.expit(logit))


def street_anchor(deployments: pd.DataFrame, *, composition_factor: float = 1.0) -> StreetAnchor:
    """Fit the false match rate and its slope to the false alerts of single deployments.

    deployments        : rows as of ``sim.evidence.tables.deployments``; those without a printed
                         threshold or hours are left out
    composition_factor : mean of M[g, h] / Mbar over the deployments' crowd and list (see
                         ``composition_factor``); 1 gives the mean rate of a comparison made

    A deployment's false alerts are negative binomial about faces * list * F60 * 10**(-slope *
    (t - 0.60)) * composition_factor. Faces are as printed, or hours times a common rate where the
    print is unreliable; the error of that rate is fitted too, held by its prior. The slope also
    has to explain the bench test's counts above three thresholds. Intervals are profiles of this
    likelihood.
    """
    rows = deployments[deployments["threshold"].notna() & deployments["hours"].notna()]
    unreliable = rows["faces_seen_unreliable"].to_numpy(dtype=bool)
    faces_an_hour, faces_log_sd = _faces_an_hour(rows)
    hours = rows["hours"].to_numpy(dtype=np.float64)
    printed = rows["faces_seen"].to_numpy(dtype=np.float64)
    faces = np.where(unreliable, hours * faces_an_hour, printed)
    comparisons = faces * rows["watchlist_size"].to_numpy(dtype=np.float64) * composition_factor
    above = rows["threshold"].to_numpy(dtype=np.float64) - ANCHOR_THRESHOLD
    seen = rows["false_alerts"].to_numpy(dtype=np.float64)

    def loss(point: Floats) -> float:
        log10_rate, slope, log_dispersion, faces_error = point
        mean = comparisons * 10 ** (log10_rate - slope * above) * np.exp(unreliable * faces_error)
        return float(
            -negative_binomial_log(seen, mean, float(np.exp(log_dispersion))).sum()
            - _bench_log_likelihood(slope)
            + 0.5 * (faces_error / faces_log_sd) ** 2
        )

    best = _minimum(loss, np.array(_START))
    rate = _profile(loss, best, 0)
    return StreetAnchor(
        fmr_060=Fitted(10**rate.value, 10**rate.low, 10**rate.high),
        threshold_slope=_profile(loss, best, 1),
        dispersion=Fitted(*(float(np.exp(end)) for end in _profile(loss, best, 2))),
        faces_an_hour=faces_an_hour,
        faces_log_sd=faces_log_sd,
        deployments=len(rows),
        false_alerts=int(seen.sum()),
    )


def composition_factor(relative_rates: Floats, crowd: Floats, listed: Floats) -> float:
    """Return the mean of M / Mbar over who walks past and who is listed.

    relative_rates : (groups, groups) M[g, h] / Mbar, a passer-by of g against an entry of h
    crowd, listed  : (groups,) shares, each adding to 1
    """
    return float(crowd @ relative_rates @ listed)


def adjudication_curve(adjudication: pd.DataFrame) -> AdjudicationCurve:
    """Fit the share of false alerts that were stopped against the load, by quasi-likelihood.

    Binomial logistic regression by Fisher scoring; the counts spread more than binomial, so the
    covariance is multiplied by Pearson's dispersion and the intervals are Student's with n - 2
    degrees of freedom.
    """
    alerts = adjudication["false_alerts"].to_numpy(dtype=np.float64)
    stopped = adjudication["false_alerts_stopped"].to_numpy(dtype=np.float64)
    load = adjudication["false_alerts_per_shift"].to_numpy(dtype=np.float64)
    design = np.column_stack([np.ones_like(load), -np.log10(np.maximum(load, LEVEL_LOAD))])
    point = np.zeros(2)
    for _ in range(50):
        share = special.expit(design @ point)
        weight = alerts * share * (1 - share)
        information = design.T @ (weight[:, None] * design)
        step = np.linalg.solve(information, design.T @ (stopped - alerts * share))
        point = point + step
        if np.abs(step).max() < 1e-10:
            break
    share = special.expit(design @ point)
    weight = alerts * share * (1 - share)
    freedom = len(load) - 2
    dispersion = max(1.0, float(((stopped - alerts * share) ** 2 / weight).sum() / freedom))
    covariance = dispersion * np.linalg.inv(design.T @ (weight[:, None] * design))
    half = stats.t.ppf((1 + LEVEL) / 2, freedom) * np.sqrt(np.diag(covariance))
    intercept, slope = (
        Fitted(float(value), float(value - width), float(value + width))
        for value, width in zip(point, half, strict=True)
    )
    return AdjudicationCurve(intercept, slope, dispersion, len(load))


def _faces_an_hour(rows: pd.DataFrame) -> tuple[float, float]:
    """Return faces an hour over all reliable rows, and its uncertainty on the log scale.

    Two errors add in quadrature: that of a ratio of totals, and half of the difference between
    the rates before and after the unreliable months, taken as one standard deviation.
    """
    reliable = rows[~rows["faces_seen_unreliable"]]
    faces = reliable["faces_seen"].to_numpy(dtype=np.float64)
    hours = reliable["hours"].to_numpy(dtype=np.float64)
    rate = faces.sum() / hours.sum()
    sampling = np.sqrt(((faces - rate * hours) ** 2).sum()) / faces.sum()
    is_before = (
        reliable["date"] < rows.loc[rows["faces_seen_unreliable"], "date"].min()
    ).to_numpy()
    drift = 0.0
    if is_before.any() and not is_before.all():
        before = faces[is_before].sum() / hours[is_before].sum()
        after = faces[~is_before].sum() / hours[~is_before].sum()
        drift = np.log(before / after) / 2
    return float(rate), max(LEAST_LOG_SD, float(np.hypot(sampling, drift)))


def _bench_log_likelihood(slope: float) -> float:
    """Return the log likelihood of the bench counts: each survives a step with one chance."""
    survives = 10 ** (-slope * BENCH_STEP)
    total = 0.0
    for above, still_above in pairwise(BENCH_COUNTS):
        total += still_above * np.log(survives) + (above - still_above) * np.log1p(-survives)
    return float(total)


def _minimum(loss: Callable[[Floats], float], start: Floats) -> Floats:
    found = optimize.minimize(loss, start, method="L-BFGS-B", bounds=_BOUNDS, tol=_TOLERANCE)
    return np.asarray(found.x, dtype=np.float64)


def _profile(loss: Callable[[Floats], float], best: Floats, index: int) -> Fitted:
    """Return the best value of one parameter and where its profile has dropped to 95 %."""
    drop = loss(best) + 0.5 * float(stats.chi2.ppf(LEVEL, 1))
    others = [k for k in range(len(best)) if k != index]
    bounds = [_BOUNDS[k] for k in others]

    def excess(value: float) -> float:
        def rest(point: Floats) -> float:
            return loss(np.insert(point, index, value))

        found = optimize.minimize(
            rest, best[others], method="L-BFGS-B", bounds=bounds, tol=_TOLERANCE
        )
        return float(found.fun) - drop

    low, high = _BOUNDS[index]
    middle = float(best[index])
    return Fitted(
        middle,
        float(optimize.brentq(excess, low, middle, xtol=1e-4)),
        float(optimize.brentq(excess, middle, high, xtol=1e-4)),
    )
