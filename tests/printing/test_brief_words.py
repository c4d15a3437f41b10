"""Unit: the phrases of the printed page."""

from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answer.trace import HELD
from sim.evidence.register import GRADES as REGISTER_GRADES
from sim.evidence.register import register
from sim.printing.brief_names import ERROR_MODELS, GRADES, number_name, with_plain_models
from sim.printing.brief_words import (
    LINK_LINE,
    amount,
    clipped,
    denominator_amount,
    deployments_shown,
    difference,
    in_lines,
    luck_range,
    one_in,
    one_in_range,
    policy_line,
    ratio_amount,
    ratio_difference,
    told_changes,
    without_fields,
)
from sim.scenario.load import load_scenario
from sim.scenario.schema import ErrorModel
from sim.scenario.shipped import shipped_path

MOVED_FAMILIES = ("error_model", "demographics", "matching", "response")


def answer_of(
    *, mistaken=0.5, right=5.0, ratio=(0.1, 0.05, 0.4), faces=(50.0, 20.0, 90.0), bound=None
):
    """What the phrases read of the answer of a run; a triple is estimate, low, high."""

    def said(triple):
        return dict(zip(("estimate", "low", "high"), triple, strict=True)) | {"luck": [None, None]}

    return {
        "stops": {"mistaken": {"mean": mistaken, "at_most": bound, "unknown": [0.1, 2.0]}},
        "alerts": {"true": {"mean": right, "at_most": None, "unknown": [1.0, 9.0]}},
        "expected": {"true_alerts": right, "false_alerts": mistaken},
        "denominators": {
            "per_true_match": said(ratio),
            "per_alert": said(ratio),
            "per_stop": said(ratio),
            "per_million_faces": said(faces),
        },
    }


def test_every_number_that_can_move_the_answer_has_a_plain_name():
    names = [name for name in register() if name.split(".")[0] in MOVED_FAMILIES]
    assert len(names) > 40
    for name in names:
        if name not in HELD:
            assert "_" not in number_name(name)


def test_every_grade_and_error_model_has_plain_words():
    assert set(GRADES) == set(REGISTER_GRADES)
    assert set(ERROR_MODELS) == set(ErrorModel.__args__)
    assert GRADES["assumption"] == "guess"


@pytest.mark.parametrize(
    ("mistaken", "right", "shown"),
    [(1.4, 9.0, 1), (0.2, 9.0, 10), (0.012, 0.9, 100), (1e-6, 0.9, 1_000), (0.0, 3.0, 1),
     (0.0, 0.0, 1), (0.9999, 2.0, 1)],
)  # fmt: skip
def test_counts_are_given_for_so_many_deployments_that_they_are_people(mistaken, right, shown):
    assert deployments_shown([answer_of(mistaken=mistaken, right=right)]) == shown


def test_two_options_share_one_denominator():
    few, many = answer_of(mistaken=0.02), answer_of(mistaken=3.0)
    assert deployments_shown([few, many]) == deployments_shown([many, few]) == 100


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ({"mean": 0.0107, "at_most": None, "unknown": [0.0019, 0.03]}, ("1.1", "0.19 to 3.0")),
        ({"mean": 0.5, "at_most": None, "unknown": [0.0, None]}, ("50", "anything")),
        ({"mean": 0.0, "at_most": 0.026}, ("none seen", "could be up to 2.6")),
        ({"mean": 0.0, "at_most": 0.0}, ("none", "it cannot happen here")),
        ({"mean": 0.0, "at_most": None}, ("none seen", "")),
    ],
)
def test_a_count_is_never_a_bare_zero(count, words):
    assert amount(count, 100)[:2] == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ((0.00123, 0.00029, 0.0091), ("1 for every 810", "1 for every 3,400 to 110")),
        ((22.0, 2.5, 150.0), ("22 for every 1", "2.5 to 150 for every 1")),
        ((0.5, 0.1, 2.8), ("1 for every 2", "1 for every 10 to 2.8 for every 1")),
        ((None, 0.5, None), ("no right match", "1 for every 2, or more")),
        ((None, 0.0, None), ("no right match", "anything")),
        ((None, None, None), ("no ratio", "no right match and no mistaken stop is expected")),
    ],
)
def test_the_ratio_is_so_many_for_every_so_many(ratio, words):
    assert ratio_amount(answer_of(ratio=ratio))[:2] == words


def test_a_ratio_of_no_mistaken_stops_keeps_its_bound():
    seen_none = answer_of(mistaken=0.0, right=5.0, ratio=(0.0, 0.0, 0.0), bound=0.01)
    assert ratio_amount(seen_none)[:2] == ("none seen", "could be up to 1 for every 500")
    impossible = answer_of(mistaken=0.0, ratio=(0.0, 0.0, 0.0), bound=0.0)
    assert ratio_amount(impossible)[:2] == ("none", "nobody is stopped")


def test_faces_are_counted_one_by_one():
    found = denominator_amount(answer_of(faces=(0.76, 0.13, 2.1)), "per_million_faces")
    assert found[:2] == ("1 in 1,300,000", "1 in 7,700,000 to 480,000")


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0012, "1 in 830"), (0.0, "none"), (0.65, "65 in 100"), (0.998, "nearly all"), (1.0, "all")],
)
def test_a_share_is_a_natural_frequency(share, words):
    assert one_in(share) == words


def test_a_range_of_shares_names_the_rarer_end_first():
    assert one_in_range(0.001, 0.02) == "1 in 1,000 to 50"
    assert one_in_range(0.35, 0.72) == "35 to 72 in 100"
    assert one_in_range(0.0, 0.72) == "none to 72 in 100"


@given(st.floats(1e-300, 1))
def test_one_in_so_many_never_speaks_of_a_part_of_a_person(share):
    words = one_in(share)
    if words.startswith("1 in "):
        assert float(words.removeprefix("1 in ").replace(",", "")) >= 10


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.0, 0.0, "mostly none"), (0.0, 3.0, "none to 3"), (2.0, 2.0, "2"), (850.0, 1234.0,
     "850 to 1,200")],
)  # fmt: skip
def test_luck_is_counted_in_whole_people(low, high, words):
    assert luck_range(low, high) == words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"difference": 0.2, "low": 0.1, "high": 0.3}, ("20 more", "10 to 30 more")),
        ({"difference": -0.2, "low": -0.3, "high": -0.1}, ("20 fewer", "10 to 30 fewer")),
        ({"difference": 0.1, "low": -0.1, "high": 0.3}, ("10 more", "10 fewer to 30 more")),
        ({"difference": -0.1, "low": -0.3, "high": 0.0}, ("10 fewer", "30 fewer to none")),
        ({"difference": 0.1, "low": None, "high": None}, ("10 more", "")),
        ({"difference": 0.0, "low": 0.0, "high": 0.0}, ("the same", "")),
        ({"difference": None, "low": None, "high": None}, ("cannot be said", "")),
    ],
)
def test_a_difference_is_so_many_more_or_fewer(row, words):
    assert difference(row, 100)[:2] == words


def test_a_difference_of_ratios_is_counted_over_enough_matches():
    row = {"baseline": 0.0012, "here": 0.021, "difference": 0.0198, "low": 0.005, "high": 0.06}
    assert ratio_difference(row)[:2] == ("2.0 more in 100 matches", "0.50 to 6.0 more")
    large = {"baseline": 2.0, "here": 4.0, "difference": 2.0, "low": None, "high": None}
    assert ratio_difference(large)[:2] == ("2.0 more for each match", "")
    none = {"baseline": 1.0, "here": None, "difference": None, "low": None, "high": None}
    assert ratio_difference(none)[:2] == ("cannot be said", "")


def test_an_option_is_a_line():
    street = load_scenario(shipped_path(Path("high_street")), settings=["policy.officers=0"])
    assert policy_line(street) == (
        "2 cameras for 5.8 hours without signs, a list of 16,000, threshold 0.64, 2 operators, "
        "no officers."
    )
    assert policy_line(load_scenario(shipped_path(Path("no_deployment")))).startswith("No cameras")


def test_a_warning_loses_the_names_of_fields():
    assert without_fields("policy.threshold 0.5 lies outside") == "threshold 0.5 lies outside"
    assert without_fields("hours differ (arrivals.hourly_cv), so") == "hours differ, so"
    assert without_fields("changing street.walkable_m from") == "changing walkable from"


def test_another_place_is_one_change_and_its_cameras_go_with_it():
    changed = [
        ("street.place", "a", "b"),
        ("street.walkable_m", (), ()),
        ("street.footfall.people", 1, 2),
        ("policy.cameras", (), ()),
        ("policy.threshold", 0.6, 0.64),
    ]
    kept = [field for field, *_ in told_changes(changed)]
    assert kept == ["street.place", "street.footfall.people", "policy.threshold"]
    assert told_changes(changed[1:]) == changed[1:]


def test_error_models_have_plain_names_in_a_sentence():
    changed = "Believing the error model met-street instead of trials-2016-2019 avoids 2 stops"
    assert with_plain_models(changed) == (
        "Believing London's street record of 2023-24 instead of the early trials of 2016-19 avoids "
        "2 stops"
    )


@given(st.text("abc1-_.", max_size=900))
def test_a_link_in_lines_is_the_link(text):
    assert "".join(in_lines(text)) == text
    assert all(len(line) <= LINK_LINE for line in in_lines(text))


@given(st.text(max_size=400), st.integers(10, 300))
def test_a_clipped_text_is_short_and_shows_its_cut(text, longest):
    cut = clipped(text, longest)
    assert len(cut) <= longest
    assert "".join(cut.split()) == "".join(text.split()) or cut.endswith("…")
    assert all(len(word) <= 31 for word in cut.split())


def test_an_infinite_end_is_said():
    assert (
        amount({"mean": 1.0, "at_most": None, "unknown": [0.5, None]}, 1).spread == "0.50 or more"
    )
    assert one_in(1 / inf) == "none"
