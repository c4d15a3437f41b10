import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.analysis.outcomes import (
    count_spread,
    poisson_counts,
    quantile_interval,
    ratio_spread,
    ratios,
)

HALF = (np.full(4, 0.5), np.full(4, 0.5))


@given(st.floats(0.001, 50), st.floats(0.0005, 0.9995))
def test_a_poisson_count_is_the_quantile_of_its_uniform(mean, uniform):
    [count] = poisson_counts(np.array([mean]), np.array([uniform]))
    assert count == int(count) >= 0
    assert poisson.cdf(count, mean) >= uniform * (1 - 1e-6)
    assert poisson.cdf(count - 1, mean) <= uniform * (1 + 1e-6)


def test_a_mean_of_zero_gives_no_event():
    np.testing.assert_array_equal(poisson_counts(np.zeros(3), np.array([0.0, 0.5, 0.999])), 0.0)


def test_many_poisson_counts_have_their_mean_and_variance():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    counts = poisson_counts(np.full(20_000, 3.5), uniform)
    assert counts.mean() == pytest.approx(3.5, rel=0.001)
    assert counts.var() == pytest.approx(3.5, rel=0.005)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50), st.floats(0.5, 0.99))
def test_an_interval_of_draws_covers_its_share_of_them(values, level):
    draws = np.array(values)
    low, high = quantile_interval(draws, level)
    assert low in draws
    assert high in draws
    assert ((draws >= low) & (draws <= high)).mean() >= level - 1e-9


def test_ratios_name_what_cannot_be_divided():
    found = ratios(np.array([1.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0]))
    np.testing.assert_array_equal(found, [0.5, np.inf, np.nan])


def test_a_ratio_is_of_totals_and_its_luck_is_of_draws():
    spread = ratio_spread(
        (np.array([0.0, 4.0, 0.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0])),
        (np.array([1.0, 1.0, 7.0, 0.0]), np.array([4.0, 4.0, 4.0, 4.0])),
        HALF,
        0.9,
    )
    assert spread.estimate == 10 / 16
    assert spread.luck == (0.0, np.inf)
    assert spread.unknown == (0.25, 1.0)


def test_a_ratio_of_nothing_is_unknown():
    nothing = (np.zeros(4), np.zeros(4))
    spread = ratio_spread(nothing, nothing, HALF, 0.9)
    assert np.isnan([spread.estimate, *spread.luck, *spread.unknown, *spread.both]).all()


def test_an_interval_is_stretched_to_a_mean_that_few_draws_carry():
    means = np.array([0.0] * 99 + [50.0])
    spread = count_spread(np.zeros(100), means, means, np.full(100, 0.5), 0.9)
    assert spread.estimate == 0.5
    assert spread.unknown == (0.0, 0.5)
