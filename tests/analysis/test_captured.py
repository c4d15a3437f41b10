import numpy as np
import pytest

from sim.analysis.captured import (
    difference_of_shares,
    ratio_of_sums,
    share_of_people,
    share_of_sums,
)
from sim.analysis.intervals import wilson_interval


def test_a_share_of_people_has_its_wilson_interval():
    got = share_of_people(np.array([True] * 8 + [False] * 2))
    assert got == pytest.approx((0.8, *wilson_interval(8, 10)))


def test_nobody_has_no_share():
    nothing = np.zeros(0)
    assert np.isnan(share_of_people(np.zeros(0, dtype=bool))).all()
    assert np.isnan(share_of_sums(nothing, nothing, nothing.astype(int))).all()
    assert np.isnan(ratio_of_sums(np.zeros(9), np.zeros(9), np.arange(9))).all()


def test_a_ratio_is_one_of_totals_and_its_interval_by_hand():
    # Six parties of one: part 1, 0, 1, 0, 1, 0 of 1 each. Rests are +-0.5, so that the standard
    # error is sqrt(6 / 5 * 6 * 0.25) / 6 = 0.2236; 1.96 of them are 0.4383.
    part, whole = np.array([1.0, 0, 1, 0, 1, 0]), np.ones(6)
    got = ratio_of_sums(part, whole, np.arange(6))
    assert got == pytest.approx((0.5, 0.5 - 0.4383, 0.5 + 0.4383), abs=1e-4)


def test_people_who_walk_together_count_as_one():
    # Every person twice: the same totals twice over, and no more is known than before.
    rng = np.random.default_rng(3)
    whole = rng.uniform(0.5, 2, 40)
    part = whole * rng.random(40)
    once = share_of_sums(part, whole, np.arange(40))
    twice = share_of_sums(np.repeat(part, 2), np.repeat(whole, 2), np.repeat(np.arange(40), 2))
    assert twice == pytest.approx(once)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999, 1.0])
def test_the_interval_of_a_share_stays_between_0_and_1(share):
    whole = np.ones(30)
    part = np.full(30, share)
    part[0] = min(1.0, share * 1.0001)
    got, low, high = share_of_sums(part, whole, np.arange(30))
    assert 0 <= low <= got <= high <= 1


def test_none_of_thirty_still_allows_some():
    assert share_of_sums(np.zeros(30), np.ones(30), np.arange(30))[2] == pytest.approx(
        wilson_interval(0, 30)[1]
    )


def test_too_few_parties_give_no_interval():
    share, low, high = share_of_sums(np.ones(8) / 2, np.ones(8), np.repeat([0, 1], 4))
    assert share == 0.5
    assert np.isnan([low, high]).all()


def test_the_difference_of_two_shares_agrees_with_newcombe_1998():
    # 56 of 70 less 48 of 80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, method 10, example a).
    first = (56 / 70, *wilson_interval(56, 70))
    second = (48 / 80, *wilson_interval(48, 80))
    assert difference_of_shares(first, second) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.statistical
def test_the_interval_of_a_share_covers_as_often_as_it_says():
    # 1,000 samples of 60 parties of 1 to 3. At 95 % coverage the count has a standard deviation
    # of 6.9; four of them and the linearisation's own error of 1 point: false alarm 6e-5.
    rng = np.random.default_rng(17)
    covered, true_share = 0, 0.7
    for _ in range(1000):
        size = rng.integers(1, 4, 60)
        party = np.repeat(np.arange(60), size)
        whole = rng.uniform(0.5, 1.5, len(party))
        of_party = rng.beta(7, 3, 60)
        _, low, high = share_of_sums(whole * of_party[party], whole, party)
        covered += low <= true_share <= high
    assert 950 - 38 <= covered <= 950 + 38
