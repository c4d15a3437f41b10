"""Unit: the phrases of the printed page."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answer.trace import HELD
from sim.evidence.register import register
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path
from sim.words.assumptions import number_name
from sim.words.printed import (
    LINK_LINE,
    amount,
    clipped,
    denominator_amount,
    difference,
    in_lines,
    luck_range,
    policy_line,
    ratio_amount,
    ratio_base,
    ratio_difference,
    told_changes,
    without_fields,
)

MOVED_FAMILIES = ("error_model", "demographics", "matching", "response")


def answer_of(
    *, mistaken=0.5, right=5.0, ratio=(0.1, 0.05, 0.4), faces=(50.0, 20.0, 90.0), bound=None
):
    """What the phrases read of the answer of a run; a triple is estimate, low, high."""

    def said(triple):
        return dict(zip(("estimate", "low", "high"), triple, strict=True)) | {"luck": [None, None]}

    return {
        "stops": {"mistaken": {"mean": mistaken, "at_most": bound, "low": 0.1, "high": 2.0}},
        "alerts": {"true": {"mean": right, "at_most": None, "low": 1.0, "high": 9.0}},
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


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (
            {"mean": 0.0107, "at_most": None, "low": 0.0019, "high": 0.03},
            ("1", "fewer than 1 to 3"),
        ),
        ({"mean": 0.5, "at_most": None, "low": 0.0, "high": None}, ("50", "any number")),
        ({"mean": 0.0, "at_most": 0.026}, ("none seen", "could be up to 2.6")),
        ({"mean": 0.0, "at_most": 0.0}, ("none", "it cannot happen here")),
        ({"mean": 0.0, "at_most": None}, ("none seen", "")),
    ],
)
def test_a_count_is_never_a_bare_zero(count, words):
    assert amount(count, 100)[:2] == words


@pytest.mark.parametrize(
    ("ratio", "base", "words"),
    [
        ((0.00123, 0.00029, 0.0091), 10_000, ("12", "3 to 91")),
        ((22.0, 2.5, 150.0), 10, ("220", "25 to 1,500")),
        ((0.5, 0.1, 2.8), 10, ("5", "1 to 28")),
        ((None, 0.5, None), 10, ("no right match", "at least 5.0")),
        ((None, 0.0, None), 1, ("no right match", "any number")),
        ((None, None, None), 1, ("no ratio", "no right match and no mistaken stop is expected")),
    ],
)
def test_the_ratio_and_its_ends_are_for_as_many_right_matches(ratio, base, words):
    assert ratio_amount(answer_of(ratio=ratio), base)[:2] == words


def test_two_options_share_the_base_of_their_ratios():
    few, many = answer_of(ratio=(0.02, 0.01, 0.06)), answer_of(ratio=(3.0, 1.0, 9.0))
    assert ratio_base([few, many]) == ratio_base([many, few]) == 100


def test_a_ratio_of_no_mistaken_stops_keeps_its_bound():
    seen_none = answer_of(mistaken=0.0, right=5.0, ratio=(0.0, 0.0, 0.0), bound=0.01)
    assert ratio_amount(seen_none, 1000)[:2] == ("none seen", "could be up to 2.0")
    impossible = answer_of(mistaken=0.0, ratio=(0.0, 0.0, 0.0), bound=0.0)
    assert ratio_amount(impossible, 1)[:2] == ("none", "nobody is stopped")


def test_faces_are_counted_one_by_one():
    found = denominator_amount(answer_of(faces=(0.76, 0.13, 2.1)), "per_million_faces", 1)
    assert found[:2] == ("1 in 1,300,000", "between 1 in 480,000 and 1 in 7,700,000")


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


def test_a_difference_of_ratios_is_for_as_many_right_matches():
    row = {"difference": 0.0198, "low": 0.005, "high": 0.06}
    assert ratio_difference(row, 1000)[:2] == ("20 more", "5.0 to 60 more")
    none = {"difference": None, "low": None, "high": None}
    assert ratio_difference(none, 1)[:2] == ("cannot be said", "")


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
        amount({"mean": 1.0, "at_most": None, "low": 0.6, "high": None}, 1).spread == "at least 1"
    )
