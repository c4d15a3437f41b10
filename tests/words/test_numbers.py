"""Properties: no count, share or range from nothing to a thousand million comes out wrong."""

import re
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words.numbers import (
    between,
    chance,
    counted,
    expected,
    one_in,
    one_in_range,
    one_in_with_range,
    people,
    people_amount,
    people_range,
    per_cent,
    plain,
    spoken,
    upper_end,
    whole,
    with_range,
)

MOST = 1e9
positive = st.floats(0, MOST)
shares = st.floats(0, 1)
counts = st.integers(0, int(MOST))
FORBIDDEN = re.compile(
    r"\bnan\b|\binf\b|\bNone\b"  # not a number
    r"|(?<![\d.,])0(?![\d.,])|\b0\.0+\b|\b0 %"  # a bare zero
    r"|(?<![\d,.])1 (?:people|persons|others|officers|days|arrests|draws)\b"  # one as many
    r"|e[+-]\d"  # powers of ten
)


def ends_of(words):
    """Both ends of a range in words."""
    bare = words.removeprefix("between ")
    for joint in (" to ", " and "):
        if joint in bare:
            return bare.split(joint)
    return [bare, ""]


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
        (-0.0, "none"),
        (nan, "unknown"),
        (inf, "no upper limit"),
    ],
)
def test_a_number_has_two_significant_figures(value, words):
    assert plain(value) == words


@given(st.floats(1e-4, 1e9))
def test_rounding_moves_a_number_by_five_per_cent_at_most(value):
    assert abs(float(plain(value).replace(",", "")) / value - 1) <= 0.0501


@given(st.one_of(positive, st.just(inf), st.just(nan)), positive, positive)
def test_nothing_forbidden_comes_out_of_a_number_or_a_range(value, first, second):
    low, high = sorted((first, second))
    for words in (
        plain(value),
        spoken(value),
        people(value),
        between(low, high),
        between(low, inf),
        people_range(low, high),
        people_range(low, inf),
        with_range(first, low, high),
        str(people_amount(first, low, high)),
        expected(first, None),
        expected(0.0, first),
    ):
        assert not FORBIDDEN.search(words), words


@given(shares, shares, shares)
def test_nothing_forbidden_comes_out_of_a_share(value, first, second):
    low, high = sorted((first, second))
    for words in (
        one_in(value),
        one_in_range(low, high),
        one_in_with_range(value, low, high),
        chance(value),
        per_cent(value),
    ):
        assert not FORBIDDEN.search(words), words


@given(positive, positive)
def test_the_ends_of_a_range_never_read_alike(first, second):
    low, high = sorted((first, second))
    for words in (between(low, high), people_range(low, high)):
        one, other = ends_of(words)
        assert one != other, words


@given(shares, shares)
def test_the_ends_of_a_range_of_shares_never_read_alike(first, second):
    low, high = sorted((first, second))
    one, other = ends_of(one_in_range(low, high))
    assert one != other


@given(positive, positive, positive)
def test_a_range_is_left_out_where_it_says_no_more_than_the_number(value, first, second):
    low, high = sorted((first, second))
    for words in (with_range(value, low, high), str(people_amount(value, low, high))):
        if "(" in words:
            number, spread = words.removesuffix(")").split(" (")
            assert number != spread, words


@given(positive)
def test_people_are_whole(value):
    words = people(value)
    assert "." not in words
    if value >= 9.5:
        assert abs(float(words.replace(",", "")) / value - 1) <= 0.0501


@given(counts)
def test_a_noun_agrees_with_its_count(count):
    words = counted(count, "person", "people")
    assert words.endswith(" person") == (count == 1)
    assert not FORBIDDEN.search(words)
    assert not FORBIDDEN.search(whole(count))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.25, 2.8, "0.25 to 2.8"),
        (0.0, 5.0, "none to 5.0"),
        (0.0, 0.0, "none"),
        (0.25, inf, "at least 0.25"),
        (0.0, inf, "any number"),
        (inf, inf, "no upper limit"),
        (nan, nan, "cannot be said"),
        (1.0, 1.0, "1.0"),
        (1.001, 1.002, "1.0"),
        (1 / 26_400, 1 / 26_000, "1 in 26,000"),
    ],
)
def test_a_range_is_said_in_words(low, high, words):
    assert between(low, high) == words


def test_a_range_that_holds_nothing_may_be_called_otherwise():
    assert between(0.0, 0.0, nothing="mostly none") == "mostly none"


@pytest.mark.parametrize(
    ("triple", "words"),
    [
        ((2.13, 0.94, 6.12), "2 (1 to 6)"),
        ((860.0, 300.0, 1_500.0), "860 (300 to 1,500)"),
        ((0.2, 0.1, 0.4), "fewer than 1"),
        ((0.0, 0.0, 3.0), "none (up to 3)"),
        ((0.0, 0.0, 0.0), "none"),
        ((3.0, 3.0, 3.0), "3"),
        ((3.0, 1.0, inf), "3 (at least 1)"),
    ],
)
def test_people_are_counted_with_their_range(triple, words):
    assert str(people_amount(*triple)) == words


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
        (0.9951, "all but certain"),
    ],
)
def test_a_chance_is_a_natural_frequency(value, words):
    assert chance(value) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0012, "1 in 830"), (0.0, "none"), (0.65, "65 in 100"), (0.998, "nearly all"), (1.0, "all")],
)
def test_a_share_is_a_natural_frequency(share, words):
    assert one_in(share) == words


def test_a_range_of_shares_names_the_likelier_end_first():
    assert one_in_range(0.001, 0.02) == "between 1 in 50 and 1 in 1,000"
    assert one_in_range(0.35, 0.72) == "35 to 72 in 100"
    assert one_in_range(0.0, 0.72) == "none to 72 in 100"
    assert one_in_with_range(0.07, 0.0167, 0.095) == "1 in 14 (between 1 in 11 and 1 in 60)"


@given(st.floats(1e-300, 1))
def test_one_in_so_many_never_speaks_of_a_part_of_a_person(share):
    words = one_in(share)
    if words.startswith("1 in "):
        assert float(words.removeprefix("1 in ").replace(",", "")) >= 10


def test_null_above_a_known_low_end_is_infinite():
    assert upper_end(0.2, None) == inf
    assert upper_end(0.2, 3.0) == 3.0
    assert upper_end(None, None) != upper_end(None, None)  # nan
