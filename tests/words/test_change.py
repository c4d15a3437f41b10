"""What was changed and what it did, in one sentence of whole people."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.words.change import change_sentence, phrase
from tests.words.test_numbers import FORBIDDEN


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("policy.threshold", 0.6, 0.64), "Raising the threshold from 0.60 to 0.64"),
        (("policy.threshold", 0.6, 0.585), "Lowering the threshold from 0.600 to 0.585"),
        (
            ("policy.watchlist.size", 1500, 18800),
            "Lengthening the list from 1,500 to 18,800 people",
        ),
        (("policy.watchlist.size", 18800, 1500), "Shortening the list from 18,800 to 1,500 people"),
        (("policy.watchlist.size", 1500, 0), "Emptying the list of 1,500 people"),
        (("policy.officers", 6, 1), "Having 1 officer instead of 6"),
        (("policy.operators", 2, 0), "Having no operators instead of 2"),
        (("policy.hours", 6.0, 8.0), "Running the cameras for 8 h instead of 6"),
        (("policy.signs", True, False), "Taking down the signs"),
        (("policy.cameras", ("a",), ()), "Taking the cameras away"),
        (("policy.cameras", ("a",), ("a", "b")), "Having 2 cameras instead of 1"),
        (
            ("street.crowd.sex.male", 0.5, 0.7),
            "Changing who walks past",
        ),
        (("run.draws", None, 50), "Setting run.draws to 50"),
        (("run.draws", 50, None), "Taking away run.draws"),
    ],
)
def test_a_change_is_said_in_words(changed, words):
    assert phrase([changed]) == (words, False)


def test_many_changes_are_named_up_to_three():
    many = [(f"street.{letter}", 1, 2) for letter in "abcde"]
    said, is_plural = phrase(many)
    assert is_plural
    assert said.endswith("changing street.c from 1 to 2 and 2 more changes")


def row(baseline, difference):
    return {"baseline": baseline, "difference": difference}


RAISED = [("policy.threshold", 0.6, 0.64)]
BOTH = [*RAISED, ("policy.officers", 6, 3)]


@pytest.mark.parametrize(
    ("changed", "harm", "benefit", "said"),
    [
        (
            RAISED, (14.0, -3.0), (25.0, -2.0),
            "avoids 3 of 14 mistaken stops and loses 2 of 25 right matches, on the same people.",
        ),
        (
            RAISED, (1.4, -1.2), (1.8, -0.3),
            "avoids 120 of 140 mistaken stops and loses 30 of 180 right matches in 100 such days, ",
        ),
        (RAISED, (14.0, 2.0), (18.0, 3.0), "adds 2 mistaken stops on top of 14 and gains 3 right"),
        (RAISED, (14.0, 1.0), (18.0, 1.0), "adds 1 mistaken stop on top of 14 and gains 1 right m"),
        (RAISED, (14.0, -14.0), (18.0, 0.0), "avoids all 14 mistaken stops and leaves right match"),
        (RAISED, (14.0, -13.7), (18.0, 0.0), "avoids nearly all 1,400 mistaken stops and leaves"),
        (RAISED, (0.0, 12.0), (18.0, -0.1), "adds 12 mistaken stops where there were none and lo"),
        (RAISED, (0.0, 0.0), (0.0, 0.0), "changes neither mistaken stops nor right matches, on"),
        (BOTH, (14.0, -12.0), (18.0, -3.0), "avoid 120 of 140 mistaken stops and lose 30 of 180"),
        (RAISED, (123456.0, -12345.0), (10.0, 0.0), "avoids 12,000 of 120,000 mistaken stops"),
    ],
)  # fmt: skip
def test_the_sentence_tells_harm_and_benefit_alike_in_whole_people(changed, harm, benefit, said):
    table = {"mistaken": row(*harm), "true_alerts": row(*benefit)}
    whole = change_sentence(changed, table, same_people=True)
    assert said in whole
    assert whole.endswith(", on the same people.")


amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e9))


@given(amounts, amounts, amounts, amounts)
def test_nothing_forbidden_comes_out_of_the_sentence(harm, wrong, benefit, right):
    table = {"mistaken": row(harm, wrong - harm), "true_alerts": row(benefit, right - benefit)}
    words = change_sentence([("policy.officers", 6, 1)], table, same_people=True)
    assert not FORBIDDEN.search(words), words
    assert not re.search(r"(?<![\d,.])1 (?:mistaken stops|right matches)", words), words
