"""Theory: the pooled count model against brute force, known parameters and its own limits."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.record.pooled import Prior, Rows, ScalePriors, effects_matrix, pooled_fit

SCALES = ScalePriors(place=0.5, dispersion=0.5, drift=0.1)


def made_up(rng, *, rows, places, tau, alpha, drift=0.0, months=1):
    """Draw deployments from the model itself."""
    effect = tau * rng.standard_normal(places)
    level = np.concatenate([[0.0], np.cumsum(drift * rng.standard_normal(months - 1))])
    level -= level[-1]
    place = rng.integers(0, places, rows)
    month = rng.integers(0, months, rows)
    log_hours = rng.normal(0, 0.3, rows)
    mean = np.exp(1.8 + 0.8 * log_hours + effect[place] + level[month])
    counts = rng.poisson(mean * rng.gamma(1 / alpha, alpha, rows)).astype(float)
    design = np.column_stack([np.ones(rows), log_hours])
    return Rows(design, [(f"place {p}",) for p in place], month.astype(float)), counts


@pytest.mark.statistical
def test_known_parameters_are_found_again():
    prior = Prior(np.array([1.0, 0.5]), np.array([2.0, 1.0]))
    rows, counts = made_up(
        np.random.default_rng(3), rows=900, places=40, tau=0.4, alpha=0.2, drift=0.08, months=18
    )
    fit = pooled_fit(rows, counts, prior, SCALES)
    tau, alpha, sigma = fit.scales
    # Within four standard errors: those of the fit for b, about 15 %, 15 % and 40 % for scales.
    assert abs(fit.coefficients[1] - 0.8) < 4 * fit.spread[1]
    assert abs(fit.coefficients[0] - 1.8) < 4 * fit.spread[0]
    assert 0.4 * 0.4 < tau < 0.4 * 1.6
    assert 0.2 * 0.4 < alpha < 0.2 * 1.6
    assert 0.08 * 0.3 < sigma < 0.08 * 2.6


@pytest.mark.slow
def test_the_evidence_meets_numerical_integration_over_one_place():
    """Intercept held by its prior, one place, one row of each: two dimensions, by quadrature."""
    rows = Rows(np.ones((3, 1)), [("a",), ("a",), ("a",)], np.zeros(3))
    counts = np.array([4.0, 7.0, 5.0])
    prior = Prior(np.array([1.5]), np.array([0.3]))
    fit = pooled_fit(rows, counts, prior, SCALES)
    tau, alpha, sigma = 0.4, 0.15, 0.1
    log_scales = np.log([tau, alpha, sigma])
    found = fit._problem.integrated(log_scales)[0]

    def density(u, b):
        mean = np.exp(b + u)
        likely = stats.nbinom.pmf(counts, 1 / alpha, 1 / (1 + alpha * mean)).prod()
        return likely * stats.norm.pdf(b, 1.5, 0.3) * stats.norm.pdf(u, 0, tau)

    exact, _ = integrate.dblquad(density, 0.0, 3.0, -2.0, 2.0)
    half_normal = (log_scales - 0.5 * (np.exp(log_scales) / np.array(SCALES)) ** 2).sum()
    # Laplace's method drops terms of the order 1 / counts: 0.01 here.
    assert found - half_normal == pytest.approx(np.log(exact), abs=0.02)


def test_a_place_with_few_days_is_drawn_to_the_mean_more_than_one_with_many():
    rng = np.random.default_rng(8)
    rows, counts = made_up(rng, rows=300, places=20, tau=0.3, alpha=0.1)
    twice = Rows(
        np.vstack([rows.design, np.tile([1.0, 0.0], (41, 1))]),
        [*rows.places, *[("many",)] * 40, ("few",)],
        np.concatenate([rows.month, np.zeros(41)]),
    )
    high = np.concatenate([counts, np.full(41, 18.0)])  # three times the mean of 6
    fit = pooled_fit(twice, high, Prior(np.array([1.0, 0.5]), np.array([2.0, 1.0])), SCALES)
    effect = {name: fit.coefficients[2 + number] for name, number in fit.places.items()}
    assert 0 < effect["few"] < 0.8 * effect["many"]


def test_what_multiplies_the_coefficients_by_hand():
    rows = Rows(np.ones((3, 1)), [("a", "b"), ("c",), ()], np.array([0.0, 2.0, np.nan]))
    effects = effects_matrix(rows, {"a": 0, "b": 1}, first_month=0, months=3).toarray()
    half = 1 / np.sqrt(2)
    # Columns: 1, place a, place b, the step before month 1, the step before month 2.
    assert effects == pytest.approx(
        np.array([[1, half, half, -1, -1], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]])
    )


def test_counts_that_are_all_zero_still_give_a_fit():
    rows = Rows(np.ones((30, 1)), [("a",)] * 30, np.zeros(30))
    prior = Prior(np.array([0.0]), np.array([2.0]))
    fit = pooled_fit(rows, np.zeros(30), prior, SCALES)
    assert np.isfinite(fit.log_likelihood)
    assert np.exp(fit.coefficients[0]) < 0.5
