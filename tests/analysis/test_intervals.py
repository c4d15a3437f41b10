from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, poisson

from sim.analysis.intervals import (
    binomial_disparity,
    detection_power,
    events_needed,
    exact_interval,
    jeffreys_interval,
    poisson_interval,
    ratio_of_counts_interval,
    upper_bound_for_zero,
    wilson_interval,
)

PROPORTIONS = [exact_interval, jeffreys_interval, wilson_interval]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_wilson_interval_agrees_with_newcombe_1998(successes, trials, low, high):  # theory
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_eight_of_ten_mistaken_alerts_stopped_gives_the_published_range():  # theory
    assert exact_interval(8, 10) == pytest.approx((0.44, 0.97), abs=0.005)


@given(trials=st.integers(1, 5_000), data=st.data())
def test_exact_interval_is_what_scipy_gets_another_way(trials, data):  # property
    successes = data.draw(st.integers(0, trials))
    other = binomtest(successes, trials).proportion_ci(0.95, method="exact")
    assert exact_interval(successes, trials) == pytest.approx(tuple(other), abs=1e-8)


@pytest.mark.parametrize("interval", PROPORTIONS)
@given(trials=st.integers(1, 10_000), level=st.floats(0.5, 0.99), data=st.data())
def test_every_interval_of_a_proportion_holds_the_estimate(interval, trials, level, data):
    successes = data.draw(st.integers(0, trials))
    low, high = interval(successes, trials, level)
    assert 0 <= low <= successes / trials <= high <= 1


@pytest.mark.parametrize("p", [0.003, 0.1, 0.5])
def test_exact_interval_covers_at_least_its_level(p):  # theory
    counts = np.arange(201)
    covers = [low <= p <= high for low, high in (exact_interval(int(k), 200) for k in counts)]
    assert binom.pmf(counts, 200, p)[covers].sum() >= 0.95


def test_jeffreys_interval_covers_its_level_on_average_over_rates():  # theory
    # The prior's own mean coverage is the level, up to the closed ends, which only add.
    rates = np.linspace(0.0025, 0.9975, 400)
    weight = 1 / np.sqrt(rates * (1 - rates))
    ends = [jeffreys_interval(k, 60) for k in range(61)]
    chance = binom.pmf(np.arange(61)[:, None], 60, rates)
    covers = np.array([(low <= rates) & (rates <= high) for low, high in ends])
    assert np.average((chance * covers).sum(axis=0), weights=weight) == pytest.approx(
        0.95, abs=0.01
    )


def test_zero_events_have_an_upper_bound_by_the_rule_of_three():  # theory
    assert upper_bound_for_zero(1_000_000) * 1_000_000 == pytest.approx(3.0, abs=0.005)
    assert (1 - upper_bound_for_zero(7)) ** 7 == pytest.approx(0.05)


@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_poisson_interval_ends_where_the_count_turns_unlikely(count):  # theory
    low, high = poisson_interval(count, exposure=2.0)
    assert poisson.cdf(count, 2 * high) == pytest.approx(0.025)
    if count:
        assert poisson.sf(count - 1, 2 * low) == pytest.approx(0.025)
    else:
        assert low == 0
        assert 2 * high == pytest.approx(3.69, abs=0.005)


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high", "tolerance"),
    [
        (10, 962, 0.0050, 0.0192, 5e-5),
        (0, 10, 0.0, 0.45, 0.005),
        (7, 1, 0.9, 315.0, 0.5),
    ],
)
def test_ratio_of_counts_has_the_published_intervals(
    numerator, denominator, low, high, tolerance
):  # theory
    found = ratio_of_counts_interval(numerator, denominator)
    assert found[0] == pytest.approx(low, abs=min(tolerance, 0.05))
    assert found[1] == pytest.approx(high, abs=tolerance)


def test_a_ratio_without_a_single_true_match_has_no_upper_end():
    low, high = ratio_of_counts_interval(4, 0)
    assert low == pytest.approx(0.025**0.25 / (1 - 0.025**0.25))
    assert high == inf
    assert ratio_of_counts_interval(0, 0) == (0.0, inf)


@pytest.mark.parametrize(
    ("share", "ratio", "events"),
    [
        (0.5, 1.5, 199),
        (0.5, 2, 72),
        (0.5, 3, 30),
        (0.5, 5, 17),
        (0.5, 10, 9),
        (0.15, 1.5, 329),
        (0.15, 2, 101),
        (0.15, 3, 38),
        (0.15, 5, 16),
        (0.15, 10, 8),
    ],
)
def test_events_needed_agrees_with_the_power_table(share, ratio, events):  # theory
    assert events_needed(share, ratio) == events


def test_an_exact_test_rarely_sees_a_difference_that_is_not_there():  # theory
    for events in (5, 40, 333):
        assert detection_power(events, 0.15, 1.0) <= 0.05


def test_the_binomial_disparity_is_seen_with_the_power_asked_for():
    ratio = binomial_disparity(101.9, 0.15)
    assert ratio == pytest.approx(2.0, abs=0.02)
    assert detection_power(101, 0.15, ratio) == pytest.approx(0.8, abs=1e-3)


def test_seven_events_could_not_have_shown_a_twofold_disparity():
    assert binomial_disparity(7, 0.5) > 10


@pytest.mark.parametrize("expected", [(50.0, 0.0), (50.0, 1.0), (0.7, 0.5), (3.0, 0.3)])
def test_too_few_events_can_show_no_ratio(expected):
    assert binomial_disparity(*expected) == inf


def test_more_events_show_smaller_ratios():
    ratios = [binomial_disparity(n, 0.25) for n in (20, 80, 320, 1280)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 1.25


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exact_interval(3, 2), "3/2"),
        (lambda: jeffreys_interval(0, 0), "0/0"),
        (lambda: wilson_interval(1, 2, 1.0), "level"),
        (lambda: upper_bound_for_zero(0), "0/0"),
        (lambda: poisson_interval(-1, 1.0), "-1"),
        (lambda: poisson_interval(1, 0.0), "exposure"),
        (lambda: ratio_of_counts_interval(0, 0, 2.0), "level"),
        (lambda: detection_power(5, 1.0, 2.0), "share"),
        (lambda: events_needed(0.5, 1.0), "ratio of 1"),
        (lambda: binomial_disparity(-1.0, 0.5), "-1"),
        (lambda: binomial_disparity(9.0, 1.5), "1.5"),
    ],
)
def test_impossible_input_is_refused_with_what_was_found(call, words):
    with pytest.raises(ValueError, match=words):
        call()
