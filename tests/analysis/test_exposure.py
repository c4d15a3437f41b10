"""Theory: a year's chances in closed form against simulation."""

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import gamma

from sim.analysis.exposure import (
    at_least_once,
    prone_at_least_once,
    share_of_most_exposed,
    share_of_most_prone,
)


@pytest.mark.statistical
@pytest.mark.parametrize(("expected", "shape"), [(0.05, 0.5), (0.8, 0.5), (0.8, 0.1), (2.0, 10.0)])
def test_a_prone_persons_year_meets_simulated_years(expected, shape):
    rng = np.random.default_rng(1)
    people, passages = 400_000, 50
    proneness = rng.gamma(shape, 1 / shape, people)
    chance = -np.expm1(-proneness * expected / passages)  # of each passage, kept over the year
    seen = (rng.random(people) < -np.expm1(passages * np.log1p(-chance))).mean()
    # Standard error at most 0.0008; four of them.
    assert prone_at_least_once(expected, shape) == pytest.approx(seen, abs=0.0032)


def test_everybody_alike_is_the_limit_of_a_large_shape():
    assert prone_at_least_once(0.3, 1e7) == pytest.approx(1 - np.exp(-0.3), rel=1e-6)


def test_once_in_so_many_times_by_hand():
    assert at_least_once(0.5, 2.0) == pytest.approx(0.75)
    assert at_least_once(0.0, 10.0) == 0.0
    assert at_least_once(1.0, 1.0) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [0.1, 0.5, 2.0])
def test_the_share_of_the_most_prone_meets_the_integral_over_them(shape):
    bound = gamma.isf(0.01, shape, scale=1 / shape)
    exact, _ = integrate.quad(
        lambda x: x * gamma.pdf(x, shape, scale=1 / shape), bound, bound + 400 / shape, limit=200
    )
    assert share_of_most_prone(0.01, shape) == pytest.approx(exact, rel=1e-6)


def test_where_all_are_alike_the_top_hundredth_bears_a_hundredth():
    assert share_of_most_prone(0.01, 1e8) == pytest.approx(0.01, rel=1e-2)
    assert share_of_most_exposed(np.ones(1000), np.ones(1000), 0.01) == pytest.approx(0.01)


def test_one_of_a_hundred_who_bears_all_is_seen_to():
    burden = np.zeros(100)
    burden[17] = 3.0
    assert share_of_most_exposed(burden, np.ones(100), 0.01) == pytest.approx(1.0)


def test_no_burden_has_no_share():
    assert np.isnan(share_of_most_exposed(np.zeros(10), np.ones(10), 0.01))


def test_a_share_of_nobody_is_refused():
    with pytest.raises(ValueError, match="0 < top"):
        share_of_most_prone(0.0, 0.5)
