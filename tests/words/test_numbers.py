from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words.numbers import (
    between,
    chance,
    counted,
    expected,
    for_every,
    frequency,
    mistaken_per_match,
    plain,
    upper_end,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (31_415.0, "31,000"),
        (9.96, "10"),
        (99.6, "100"),
        (0.996, "1.0"),
        (7.04, "7.0"),
        (0.0123, "0.012"),
        (-0.5, "-0.50"),
        (0.00002, "1 in 50,000"),
        (-0.00002, "-1 in 50,000"),
        (0.0, "none"),
        (nan, "unknown"),
        (inf, "no upper limit"),
    ],
)
def test_a_number_has_two_significant_figures(value, words):
    assert plain(value) == words


@given(st.floats(1e-4, 1e9))
def test_rounding_moves_a_number_by_five_per_cent_at_most(value):
    assert abs(float(plain(value).replace(",", "")) / value - 1) <= 0.0501


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.25, 2.8, "0.25 to 2.8"),
        (0.0, 5.0, "none to 5.0"),
        (0.0, 0.0, "mostly none"),
        (0.25, inf, "0.25 or more"),
        (0.0, inf, "anything"),
        (inf, inf, "no upper limit"),
        (nan, nan, "cannot be said"),
        (1.0, 1.0, "1.0"),
    ],
)
def test_an_interval_is_said_in_words(low, high, words):
    assert between(low, high) == words


def test_a_zero_prints_its_upper_bound_unless_it_is_certain():
    assert expected(0.0, 0.026) == "under 0.026"
    assert expected(0.0, 0.0) == "none"
    assert expected(0.4, None) == "0.40"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.11, "11 in 100"),
        (0.00025, "1 in 4,000"),
        (0.0, "under 1 in a million"),
        (1.0, "certain"),
        (0.99999, "all but certain"),
    ],
)
def test_a_chance_is_a_natural_frequency(value, words):
    assert chance(value) == words


def test_a_small_expectation_is_also_one_in_so_many_deployments():
    assert frequency(0.073) == "0.073 (1 in 14 deployments)"
    assert frequency(2.8) == "2.8"
    assert frequency(0.85) == "0.85"  # "1 in 1.2 deployments" helps nobody


def test_one_is_singular():
    assert counted(1, "draw") == "1 draw"
    assert counted(1_200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (
            (0.65, 0.25, 2.8),
            "For every 100 people rightly matched, 65 are stopped by mistake; it could be 25, or "
            "280.",
        ),
        (
            (1.6, 0.68, 6.9),
            "For every 100 people rightly matched, 160 are stopped by mistake; it could be 68, or "
            "690.",
        ),
        (
            (0.2, 0.0023, 3.5),
            "For every 10,000 people rightly matched, 2,000 are stopped by mistake; it could be "
            "23, or 35,000.",
        ),
        (
            (1.6, 1.2, 6.9),
            "1.6 people are stopped by mistake for each person rightly matched; "
            "it could be 1.2 for every 1, or 6.9 for every 1.",
        ),
        (
            (0.5, 0.0, inf),
            "One person is stopped by mistake for every 2 rightly matched; "
            "it could be none, or some with no right match at all.",
        ),
        ((0.0, 0.0, 0.0), "Nobody is stopped by mistake."),
        (
            (0.0, 0.0, 0.2),
            "No mistaken stop is expected for each person rightly matched; "
            "it could be none, or 1 for every 5.",
        ),
        (
            (nan, nan, nan),
            "Nobody is stopped by mistake and nobody is rightly matched: there is no ratio.",
        ),
        ((inf, inf, inf), "People are stopped by mistake and nobody is rightly matched."),
    ],
)
def test_the_headline_is_a_sentence(ratio, words):
    assert mistaken_per_match(*ratio) == words


@given(st.floats(1e-6, 1e6))
def test_one_for_every_so_many_never_speaks_of_a_fraction_of_a_person(ratio):
    first, last = for_every(ratio).split(" for every ")
    assert float(first.replace(",", "")) >= 1
    assert float(last.replace(",", "")) >= 1


def test_null_above_a_known_low_end_is_infinite():
    assert upper_end(0.2, None) == inf
    assert upper_end(0.2, 3.0) == 3.0
    assert upper_end(None, None) != upper_end(None, None)  # nan
