"""Fits of the register's calibrated entries to the published record.

*Street anchor*: the rate of false matches of one comparison at threshold 0.60, and how fast it
falls with the threshold, such that London's deployments of 2023-24 give the false alerts they
logged. *Adjudication curve*: how the share of false alerts that end in a stop falls with the load.

State:    none.
Shapes:   one row a deployment or a setting, ``(n,)``.
Evidence: docs/model/anchors.md says what is fitted to what, and what the fits leave open.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from sim.analysis.negative_binomial import negative_binomial_log
from sim.analysis.profiles import LEVEL, Curve, Fitted, Loss, minimum, profile, profile_curve

Floats = NDArray[np.float64]

LEVEL_LOAD = 1.0  # false alerts a shift, below which the share that is stopped stays level
ANCHOR_THRESHOLD = 0.60
# Cohort false matches above 0.60, 0.62 and 0.64 in the bench test (NPL MS 43; error_rates.csv).
BENCH_STEP = 0.02
BENCH_COUNTS = (7, 1, 0)
LEAST_LOG_SD = 0.01  # keeps the prior on faces an hour proper where all rows agree
_START = (-9.0, 30.0, 0.0, 0.0)
_BOUNDS = ((-12.0, -6.0), (0.1, 120.0), (-6.0, 4.0), (-3.0, 3.0))


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
    problem = _street_problem(deployments, composition_factor)
    loss, best, rows = problem.loss, problem.best, problem.rows
    rate = profile(loss, best, 0, _BOUNDS)
    return StreetAnchor(
        fmr_060=Fitted(10**rate.value, 10**rate.low, 10**rate.high),
        threshold_slope=profile(loss, best, 1, _BOUNDS),
        dispersion=Fitted(*(float(np.exp(end)) for end in profile(loss, best, 2, _BOUNDS))),
        faces_an_hour=problem.faces_an_hour,
        faces_log_sd=problem.faces_log_sd,
        deployments=len(rows),
        false_alerts=int(rows["false_alerts"].sum()),
    )


def street_curves(deployments: pd.DataFrame) -> dict[str, Curve]:
    """Return the profile likelihoods of the street anchor's three parameters.

    Of the rate its common logarithm, of the dispersion its natural one.
    """
    problem = _street_problem(deployments, 1.0)
    return {
        name: profile_curve(
            problem.loss, problem.best, k, _BOUNDS, profile(problem.loss, problem.best, k, _BOUNDS)
        )
        for k, name in enumerate(("log10 F60", "threshold slope", "ln dispersion"))
    }


@dataclass(frozen=True, slots=True)
class _StreetProblem:
    loss: Loss
    best: Floats
    rows: pd.DataFrame
    faces_an_hour: float
    faces_log_sd: float


def _street_problem(deployments: pd.DataFrame, composition_factor: float) -> _StreetProblem:
    """Set up the likelihood of the false alerts and find where it is greatest."""
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

    best = minimum(loss, np.array(_START), _BOUNDS)
    return _StreetProblem(loss, best, rows, faces_an_hour, faces_log_sd)


def composition_factor(relative_rates: Floats, crowd: Floats, listed: Floats) -> float:
    """Return the mean of M / Mbar over who walks past and who is listed.

    relative_rates : (groups, groups) M[g, h] / Mbar, a passer-by of g against an entry of h
    crowd, listed  : (groups,) shares, each adding to 1
    """
    return float(crowd @ relative_rates @ listed)


def adjudication_curve(adjudication: pd.DataFrame) -> AdjudicationCurve:
    """Fit the share of false alerts that were stopped against the load, by quasi-likelihood.

    Binomial logistic regression; the counts spread more than binomial, so the covariance is
    multiplied by Pearson's dispersion and the intervals are Student's with n - 2 degrees of
    freedom.
    """
    alerts, stopped, design = _adjudicated(adjudication)
    point, dispersion, covariance = _quasi_binomial(alerts, stopped, design)
    half = stats.t.ppf((1 + LEVEL) / 2, len(alerts) - 2) * np.sqrt(np.diag(covariance))
    intercept, slope = (
        Fitted(float(value), float(value - width), float(value + width))
        for value, width in zip(point, half, strict=True)
    )
    return AdjudicationCurve(intercept, slope, dispersion, len(alerts))


def adjudication_curves(adjudication: pd.DataFrame) -> dict[str, Curve]:
    """Return the profile quasi-likelihoods of the curve's two parameters."""
    alerts, stopped, design = _adjudicated(adjudication)
    point, dispersion, _ = _quasi_binomial(alerts, stopped, design)

    def loss(tried: Floats) -> float:
        logit = design @ tried
        likely = stopped * special.log_expit(logit) + (alerts - stopped) * special.log_expit(-logit)
        return float(-likely.sum() / dispersion)

    bounds = ((-6.0, 6.0), (-6.0, 12.0))
    best = minimum(loss, point, bounds)
    return {
        name: profile_curve(loss, best, k, bounds, profile(loss, best, k, bounds))
        for k, name in enumerate(("pursue intercept", "pursue slope"))
    }


def _adjudicated(adjudication: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return false alerts, those stopped, and the design (n, 2) of the settings."""
    alerts = adjudication["false_alerts"].to_numpy(dtype=np.float64)
    stopped = adjudication["false_alerts_stopped"].to_numpy(dtype=np.float64)
    load = adjudication["false_alerts_per_shift"].to_numpy(dtype=np.float64)
    return (
        alerts,
        stopped,
        np.column_stack([np.ones_like(load), -np.log10(np.maximum(load, LEVEL_LOAD))]),
    )


def _quasi_binomial(
    alerts: Floats, stopped: Floats, design: Floats
) -> tuple[Floats, float, Floats]:
    """Return the best point of a logistic regression, the dispersion, and the covariance."""
    point = np.zeros(design.shape[1])
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
    freedom = len(alerts) - design.shape[1]
    dispersion = max(1.0, float(((stopped - alerts * share) ** 2 / weight).sum() / freedom))
    covariance = dispersion * np.linalg.inv(design.T @ (weight[:, None] * design))
    return point, dispersion, np.asarray(covariance, dtype=np.float64)


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
