"""Theory: the share lost after pursuit, fitted again and against hand cases."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.analysis.intervals import exact_interval
from sim.analysis.loss import _loss, loss_curves, loss_fit, loss_settings
from sim.analysis.profiles import minimum, profile, profile_curve
from sim.evidence.register import entry
from sim.evidence.tables import deployments


@pytest.fixture(scope="module")
def fit():
    return loss_fit(deployments())


def test_the_register_holds_the_fit(fit):
    registered = entry("response.lost_in_crowd")
    assert registered.value == pytest.approx(fit.share.value, rel=0.05)
    assert registered.low == pytest.approx(fit.share.low, rel=0.10)
    assert registered.high == pytest.approx(fit.share.high, rel=0.05)


def test_the_settings_are_those_published(fit):
    by_name = {setting.period: setting for setting in fit.settings}
    assert (by_name["London 2024"].pursued, by_name["London 2024"].lost) == (1259, 17)
    assert by_name["London trials 2018-19"].share[1:] == exact_interval(4, 26)


def test_the_middle_lies_between_the_settings(fit):
    assert 17 / 1315 < fit.share.value < 4 / 26


def test_the_likelihood_meets_adaptive_quadrature(fit):
    """At the best point, setting by setting, with the integral over the normal done otherwise."""
    logit, spread = np.log(fit.share.value / (1 - fit.share.value)), fit.spread.value
    total = 0.0
    for setting in loss_settings(deployments()):

        def integrand(z, setting=setting):
            share = 1 / (1 + np.exp(-(logit + spread * z)))
            return stats.binom.pmf(setting.lost, setting.pursued, share) * stats.norm.pdf(z)

        total += np.log(integrate.quad(integrand, -8, 8, points=[-1.0, -0.5, 0.0, 1.0])[0])
    prior = 0.5 * spread**2 - np.log(spread)
    found = -(_loss(loss_settings(deployments()))(np.array([logit, np.log(spread)])) - prior)
    weight = stats.norm.pdf(np.linspace(-7, 7, 4001)).sum() * (14 / 4000)
    assert found + 3 * np.log(weight) == pytest.approx(total, abs=1e-3)


@pytest.mark.slow
def test_the_profile_peaks_at_the_fit():
    curves = loss_curves(deployments())
    assert curves["logit share lost"].log_likelihood.max() == pytest.approx(0, abs=0.01)


def test_the_profile_of_a_parabola_is_the_normal_interval():
    def loss(point):
        return float(0.5 * ((point[0] - 3.0) / 0.2) ** 2 + 0.5 * (point[1] - point[0]) ** 2)

    bounds = ((-10.0, 10.0), (-10.0, 10.0))
    best = minimum(loss, np.array([0.0, 0.0]), bounds)
    value, low, high = profile(loss, best, 0, bounds)
    half = 0.2 * stats.norm.isf(0.025)
    assert (value, low, high) == pytest.approx((3.0, 3.0 - half, 3.0 + half), abs=1e-3)
    curve = profile_curve(loss, best, 0, bounds, profile(loss, best, 0, bounds))
    assert curve.log_likelihood == pytest.approx(-0.5 * ((curve.values - 3.0) / 0.2) ** 2, abs=1e-4)
