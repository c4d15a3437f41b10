"""The headline is a sentence of whole people that can be defended, whatever the numbers."""

import re
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words.headline import comparison_headline, days_shown, headline
from sim.words.ratios import base_of, icons, on_one_base
from tests.words.test_numbers import FORBIDDEN

NOBODY = (0.0, 0.0, 0.0)
WRONG = re.compile(
    r"fewer than 1.*the others|\bfrom\b|for every 1[ ,] |\d\.\d|\bperson are\b|\bpeople is\b"
    r"|\b[2-9] (?:person|other) |\(\)|  |to none"
)


def count(triple):
    mean, low, high = triple
    return {"mean": mean, "low": low, "high": high, "at_most": None}


def answer_of(
    *, people=8_600, faces=8_000, right=(0.86, 0.3, 1.5), false=(0.03, 0.01, 0.1),
    mistaken=(0.02, 0.01, 0.06), correct=(0.8, 0.2, 1.4), ratio=(0.02, 0.01, 0.06),
):  # fmt: skip
    return {
        "people": people,
        "faces_usable": faces,
        "alerts": {"true": count(right), "false": count(false)},
        "stops": {"mistaken": count(mistaken), "correct": count(correct)},
        "false_stops_per_true_match": dict(zip(("estimate", "low", "high"), ratio, strict=True)),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            "In 1,000 such days, of 8,600,000 people who walk past, 860 on the list and 30 others "
            "set off an alert; for every 100 people rightly matched, 2 are stopped by mistake "
            "(1 to 6).",
        ),
        (
            {"right": (16.0, 10.0, 20.0), "mistaken": (300.0, 90.0, 600.0),
             "false": (3_000.0, 900.0, 6_000.0), "ratio": (19.0, 5.0, 60.0)},
            "Of 8,600 people who walk past, 16 on the list and 3,000 others set off an alert; for "
            "every person rightly matched, 19 are stopped by mistake (5 to 60).",
        ),
        ({"people": 0}, "Nobody walks past, so nobody is scanned, matched or stopped."),
        (
            {"people": 1, "faces": 0},
            "1 person walks past and no face is scanned, so nobody is matched or stopped.",
        ),
        (
            {"right": NOBODY, "false": NOBODY, "mistaken": NOBODY, "correct": NOBODY},
            "8,600 people walk past and nobody can set off an alert, so nobody is matched or "
            "stopped.",
        ),
        (
            {"mistaken": NOBODY, "correct": NOBODY, "ratio": NOBODY},
            "In 1,000 such days, of 8,600,000 people who walk past, 860 on the list and 30 others "
            "set off an alert; nobody acts on an alert, so nobody is stopped.",
        ),
        (
            {"right": NOBODY, "correct": NOBODY, "ratio": (None, None, None)},
            "In 1,000 such days, of 8,600,000 people who walk past, nobody on the list and 30 "
            "others set off an alert; 20 people (10 to 60) are stopped by mistake and nobody is "
            "rightly matched.",
        ),
        (
            {"false": NOBODY, "mistaken": NOBODY, "ratio": NOBODY},
            "In 100 such days, of 860,000 people who walk past, 86 on the list and nobody else set "
            "off an alert; nobody is stopped by mistake.",
        ),
        (
            {"false": (0.1, 0.0, 3.0), "mistaken": NOBODY, "ratio": (0.0, 0.0, 0.003)},
            "In 100 such days, of 860,000 people who walk past, 86 on the list and 10 others set "
            "off an alert; for every 1,000 people rightly matched, nobody is stopped by mistake "
            "(up to 3).",
        ),
        (
            {"ratio": (0.02, 0.01, None)},
            "In 1,000 such days, of 8,600,000 people who walk past, 860 on the list and 30 others "
            "set off an alert; for every 100 people rightly matched, 2 are stopped by mistake "
            "(at least 1).",
        ),
    ],
)  # fmt: skip
def test_the_headline_is_one_sentence(changes, words):
    assert headline(answer_of(**changes)) == words


amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e9))
triples = st.tuples(amounts, amounts, amounts).map(lambda three: tuple(sorted(three)))
triples = triples.map(lambda three: (three[1], three[0], three[2]))
answers = st.builds(
    answer_of,
    people=st.integers(0, 10**9),
    faces=st.integers(0, 10**9),
    right=triples,
    false=triples,
    mistaken=triples,
    correct=triples,
    ratio=st.one_of(triples, st.just((None, None, None)), st.just((None, 2.0, None))),
)


@given(answers)
def test_nothing_forbidden_comes_out_of_a_headline(answer):
    words = headline(answer)
    assert not FORBIDDEN.search(words), words
    assert not WRONG.search(words), words
    assert words.count(".") == 1
    assert words[0].isupper() or words[0].isdigit()


@given(answers, answers)
def test_nothing_forbidden_comes_out_of_a_comparison(there, here):
    words = comparison_headline(there, here)
    assert not FORBIDDEN.search(words), words
    assert not WRONG.search(words), words
    assert days_shown(there, here) == days_shown(here, there)


def test_a_comparison_has_one_unit_for_both():
    option = answer_of(right=(0.64, 0.2, 1.1), mistaken=(0.012, 0.0, 0.03))
    assert comparison_headline(answer_of(), option) == (
        "In 1,000 such days, 860 people (300 to 1,500) are rightly matched and 20 (10 to 60) "
        "stopped by mistake in the baseline; in the option, 640 (200 to 1,100) and 12 (none to "
        "30)."
    )


def test_an_option_that_does_nothing_says_why():
    option = answer_of(faces=0, right=NOBODY, false=NOBODY, mistaken=NOBODY, correct=NOBODY)
    words = comparison_headline(answer_of(), option)
    assert words.endswith("in the baseline; in the option, no face is scanned.")
    words = comparison_headline(option, answer_of())
    assert "no face is scanned in the baseline; in the option, 860 people (300" in words


def test_the_unit_stays_while_a_lever_moves_within_a_power_of_ten():
    means = [0.012, 0.02, 0.05, 0.09]
    days = [days_shown(answer_of(mistaken=(mean, 0.0, 1.0))) for mean in means]
    assert days == [1_000] * 4


@given(st.tuples(*[st.floats(1e-9, 1e9)] * 3))
def test_a_ratio_and_its_ends_stand_on_one_base(values):
    low, value, high = sorted(values)
    found = on_one_base(value, low, high)
    ends = found.spread.split(" to ") if " to " in found.spread else []
    for said, true in zip([found.value, *ends], (value, low, high), strict=False):
        if said != "fewer than 1":
            assert float(said.replace(",", "")) == pytest.approx(found.base * true, rel=0.5)
    if found.value != "fewer than 1":
        assert float(found.value.replace(",", "")) == pytest.approx(found.base * value, rel=0.11)


def test_a_base_is_no_larger_than_whole_people_need():
    assert base_of([0.02], [0.01, 0.06]) == 100
    assert base_of([0.65], [0.25, 2.8]) == 100
    assert base_of([6.4], [2.0, 21_000.0]) == 1
    assert base_of([0.2], [1e-8, 3.5]) == 10  # an end alone asks for no millions
    assert base_of([50.0], [20.0, inf]) == 1


@given(st.lists(st.tuples(st.floats(1e-3, 1e6), st.floats(0, 1e6)), min_size=1, max_size=2))
def test_icons_are_whole_people_or_none(pairs):
    drawn = icons(pairs)
    if drawn is None:
        return
    base, counts = drawn
    for (right, mistaken), many in zip(pairs, counts, strict=True):
        exact = base * mistaken / right
        assert abs(many - exact) <= 0.1 * exact
        assert many <= 100


def test_icons_never_show_one_and_a_half_people_as_two():
    assert icons([(1.0, 1.6)]) == (2, [3])
    assert icons([(1.0, 1.6), (1.0, 1.25)]) == (5, [8, 6])
    assert icons([(1.0, 1000.0)]) is None
    assert icons([(0.0, 1.0)]) is None
