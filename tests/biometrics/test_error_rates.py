from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.biometrics.error_rates import (
    Differentials,
    false_match_rate,
    false_matches_per_look,
    group_matrix,
    group_weights,
    mean_relative_rate,
    true_positive_rate,
)
from sim.groups import GROUP_COUNT, GROUPS, group_index

FLAT = Differentials(*[1.0] * len(Differentials.__dataclass_fields__))
UNEVEN = Differentials(
    w_black=8.0,
    w_asian=4.0,
    w_mixed=3.0,
    w_other=2.0,
    w_female=1.5,
    w_black_female=1.25,
    w_child=5.0,
    w_older=6.0,
    cross_sex=0.5,
    cross_age=0.25,
    cross_black_white=0.125,
    cross_asian_white=0.2,
    cross_asian_black=0.1,
    cross_mixed=0.4,
    cross_other=0.05,
)
BENCH = {"fmr_060": 1.67e-8, "threshold_slope": 43.0}
MISSES = {"fmr_060": 1.67e-8, "fnir_060": 0.11, "fnir_per_decade": 1.48}
thresholds = st.floats(0.0, 1.0)
factors = st.floats(1e-3, 30.0)
unlike = st.floats(1e-3, 1.0)  # who differs is never mistaken more easily
differentials = st.builds(
    Differentials,
    **{
        name: unlike if name.startswith("cross") else factors
        for name in Differentials.__dataclass_fields__
    },
)


def shares(seed):
    return np.random.default_rng(seed).dirichlet(np.ones(GROUP_COUNT))


def rate(first, second, d=UNEVEN):
    return group_matrix(d)[group_index(*first), group_index(*second)]


def test_the_false_match_rate_is_the_anchors_at_its_threshold():
    assert false_match_rate(0.60, **BENCH) == 1.67e-8


@pytest.mark.parametrize(("step", "decades"), [(0.02, 0.86), (-0.04, -1.72), (0.1, 4.3)])
def test_a_step_of_the_threshold_costs_slope_times_step_decades(step, decades):
    fall = false_match_rate(0.60, **BENCH) / false_match_rate(0.60 + step, **BENCH)
    assert np.log10(fall) == pytest.approx(decades, rel=1e-9)


@pytest.mark.parametrize(
    # By hand: 0.11 * 1.48^0.86 = 0.154, 0.11 * 1.48^1.72 = 0.216.
    ("threshold", "found"),
    [(0.60, 0.89), (0.62, 0.846), (0.64, 0.784)],
)
def test_the_true_positive_rate_is_what_the_hand_says(threshold, found):
    assert true_positive_rate(false_match_rate(threshold, **BENCH), **MISSES) == pytest.approx(
        found, abs=5e-4
    )


def test_nothing_is_found_once_the_misses_would_exceed_everybody():
    at = 0.60 + np.log(1 / 0.11) / np.log(1.48) / 43.0  # where 0.11 * 1.48^decades reaches 1
    assert true_positive_rate(false_match_rate(at - 0.001, **BENCH), **MISSES) > 0
    assert true_positive_rate(false_match_rate(at + 0.001, **BENCH), **MISSES) == 0


@settings(deadline=None)
@given(low=thresholds, high=thresholds)
def test_a_higher_threshold_never_finds_or_mistakes_more(low, high):  # property
    low, high = min(low, high), max(low, high)
    lax, strict = false_match_rate(low, **BENCH), false_match_rate(high, **BENCH)
    assert strict <= lax
    assert 0 <= true_positive_rate(strict, **MISSES) <= true_positive_rate(lax, **MISSES) <= 1


def test_weights_multiply_along_sex_ethnicity_and_age():
    weight = dict(zip(GROUPS, group_weights(UNEVEN), strict=True))
    assert weight["male", "white", "young"] == weight["male", "white", "middle"] == 1.0
    assert weight["female", "white", "middle"] == 1.5
    assert weight["male", "black", "middle"] == 8.0
    assert weight["female", "black", "middle"] == 8.0 * 1.5 * 1.25
    assert weight["female", "asian", "child"] == 4.0 * 1.5 * 5.0
    assert weight["male", "mixed", "older"] == 3.0 * 6.0
    assert weight["female", "other", "young"] == 2.0 * 1.5


@pytest.mark.parametrize(
    ("first", "second", "factor"),
    [
        ("white", "white", 1.0),
        ("black", "white", 0.125),
        ("asian", "white", 0.2),
        ("asian", "black", 0.1),
        ("mixed", "white", 0.4),
        ("mixed", "black", 0.4),
        ("mixed", "asian", 0.05),
        ("mixed", "other", 0.05),
        ("other", "white", 0.05),
        ("other", "black", 0.05),
        ("other", "other", 1.0),
    ],
)
def test_each_pair_of_ethnicities_has_its_own_factor(first, second, factor):
    alone = replace(
        FLAT,
        cross_black_white=0.125,
        cross_asian_white=0.2,
        cross_asian_black=0.1,
        cross_mixed=0.4,
        cross_other=0.05,
    )
    assert rate(("male", first, "young"), ("male", second, "young"), alone) == factor


def test_a_factor_counts_for_each_attribute_that_differs():
    own = np.sqrt(1.0 * (8.0 * 1.5 * 1.25 * 6.0))
    got = rate(("male", "white", "young"), ("female", "black", "older"))
    assert got == pytest.approx(own * 0.5 * 0.25 * 0.125)
    young, middle = ("male", "white", "young"), ("male", "white", "middle")
    assert rate(young, middle) == 0.25


@settings(deadline=None)
@given(differentials)
def test_the_matrix_is_symmetric_with_the_weights_on_its_diagonal(d):  # property
    matrix = group_matrix(d)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_allclose(np.diag(matrix), group_weights(d), rtol=1e-12)


def test_an_even_matcher_has_the_same_rate_for_every_pair():
    np.testing.assert_array_equal(group_matrix(FLAT), np.ones((GROUP_COUNT, GROUP_COUNT)))


def test_the_mean_rate_weighs_pairs_by_who_passes_and_who_is_listed():
    crowd, listed = np.zeros(GROUP_COUNT), np.zeros(GROUP_COUNT)
    white, black = (group_index("male", name, "young") for name in ("white", "black"))
    crowd[white], crowd[black], listed[white] = 0.75, 0.25, 1.0
    by_hand = 0.75 * 1.0 + 0.25 * np.sqrt(8.0) * 0.125
    assert mean_relative_rate(group_matrix(UNEVEN), crowd, listed) == pytest.approx(by_hand)


def test_false_matches_add_up_over_the_list():
    listed = np.zeros(GROUP_COUNT)
    white, black = (group_index("male", name, "young") for name in ("white", "black"))
    listed[white], listed[black] = 0.6, 0.4
    got = false_matches_per_look(group_matrix(UNEVEN), 1e-8, listed, 5000, 1.0)
    assert got[white] == pytest.approx(5000 * 1e-8 * (0.6 + 0.4 * np.sqrt(8) * 0.125), rel=1e-6)


def test_tiny_rates_keep_all_their_digits():
    flat, one = group_matrix(FLAT), np.eye(GROUP_COUNT)[0]
    # -ln(1 - 1e-20) is 1e-20 to 20 digits; 1 - 1e-20 is 1 in floating point.
    assert false_matches_per_look(flat, 1e-20, one, 1, 1.0)[0] == pytest.approx(1e-20, rel=1e-14)
    assert false_matches_per_look(flat, 0.5, one, 2, 1.0)[0] == pytest.approx(2 * np.log(2))


def test_a_normalising_matcher_is_anchored_at_a_list_of_ten_thousand():
    def of(size, exponent):
        return false_matches_per_look(group_matrix(FLAT), 1e-8, shares(1), size, exponent)[0]

    assert of(10_000, 0.0) == pytest.approx(of(10_000, 1.0))
    assert of(500, 0.0) == pytest.approx(of(80_000, 0.0))
    assert of(40_000, 0.5) == pytest.approx(2 * of(10_000, 0.5))


def test_an_empty_list_matches_nobody_whatever_the_exponent():
    for exponent in (0.0, 0.5, 1.0):
        got = false_matches_per_look(group_matrix(FLAT), 1e-8, shares(1), 0, exponent)
        np.testing.assert_array_equal(got, np.zeros(GROUP_COUNT))


def test_a_rate_of_one_is_certainty_and_groups_off_the_list_add_nothing():
    only = np.eye(GROUP_COUNT)[3]
    got = false_matches_per_look(group_matrix(FLAT), 7.0, only, 10, 1.0)
    assert np.isposinf(got).all()


@settings(deadline=None)
@given(d=differentials, size=st.integers(1, 10**7), more=st.integers(1, 10**7))
def test_a_longer_list_never_mistakes_fewer(d, size, more):  # property
    matrix = group_matrix(d)
    short = false_matches_per_look(matrix, 1e-8, shares(2), size, 1.0)
    long = false_matches_per_look(matrix, 1e-8, shares(2), size + more, 1.0)
    assert (short >= 0).all()
    assert (long > short).all()
