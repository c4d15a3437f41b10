"""Theory: planning for rare events against simulation and hand calculation."""

import numpy as np
import pytest
from scipy.stats import binomtest, poisson

from sim.analysis.power import (
    pause_limits,
    scans_needed,
    smallest_detectable,
    too_many,
)


@pytest.mark.statistical
@pytest.mark.parametrize(("ratio", "share"), [(2.0, 0.15), (4.0, 0.1), (1.5, 0.5)])
def test_the_power_of_the_plan_is_that_of_simulated_tests(ratio, share):
    needed = scans_needed(ratio, share, 3.2e-6)
    rng = np.random.default_rng(4)
    of_group = ratio * share / (ratio * share + 1 - share)
    drawn = rng.binomial(needed.false_alerts, of_group, 4000)
    tested = {
        int(count): binomtest(int(count), needed.false_alerts, share) for count in np.unique(drawn)
    }
    # The plan's test has equal tails: found if the exact interval leaves the share out.
    found = np.mean(
        [not (i := tested[int(c)].proportion_ci(0.95)).low <= share <= i.high for c in drawn]
    )
    # Standard error sqrt(0.8 * 0.2 / 4000) = 0.6 points; 2 points are three of them and more.
    assert found == pytest.approx(needed.power, abs=0.02)
    assert needed.power >= 0.8


def test_scans_are_false_alerts_over_their_rate():
    needed = scans_needed(2.0, 0.15, 3.2e-6)
    assert needed.scans == pytest.approx(needed.false_alerts / 3.2e-6)


def test_a_larger_disparity_needs_fewer_false_alerts_to_show():
    few = [scans_needed(ratio, 0.15, 1e-6).false_alerts for ratio in (1.5, 2, 3, 5, 10)]
    assert few == sorted(few, reverse=True)


def test_ten_false_alerts_show_nothing_below_a_large_disparity():
    assert 6 < smallest_detectable(10, 0.15) < 10
    assert smallest_detectable(1, 0.15) == float("inf")


@pytest.mark.statistical
def test_a_force_whose_claim_is_true_rarely_pauses():
    limits = {limit.false_alerts: limit.scans for limit in pause_limits(1e-3, ratio=3, most=60)}
    rng = np.random.default_rng(9)
    arrivals = np.cumsum(rng.exponential(1e3, (4000, 60)), axis=1)  # scans at the n-th false alert
    bounds = np.array([limits.get(count, -np.inf) for count in range(1, 61)])
    paused = (arrivals <= bounds).any(axis=1).mean()
    # Wald: at most 0.05 / 0.8 = 0.0625; standard error 0.004, three of them.
    assert paused <= 0.0625 + 0.012
    assert paused > 0.01  # and the limits are not idle


@pytest.mark.statistical
def test_a_rate_three_times_the_claim_is_paused():
    limits = {limit.false_alerts: limit.scans for limit in pause_limits(1e-3, ratio=3, most=200)}
    rng = np.random.default_rng(10)
    arrivals = np.cumsum(rng.exponential(1e3 / 3, (1000, 200)), axis=1)
    bounds = np.array([limits.get(count, -np.inf) for count in range(1, 201)])
    assert (arrivals <= bounds).any(axis=1).mean() > 0.99


def test_too_many_is_the_first_count_that_is_rare_under_the_claim():
    count = too_many(3e6, 3.2e-6)
    assert poisson.sf(count - 1, 9.6) <= 0.05 < poisson.sf(count - 2, 9.6)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: scans_needed(2.0, 0.15, 0.0),
        lambda: pause_limits(0.0, ratio=3, most=5),
        lambda: pause_limits(1e-3, ratio=1.0, most=5),
        lambda: too_many(0, 1e-3),
    ],
)
def test_numbers_without_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match="need"):
        wrong()
