import numpy as np
import pytest

from sim.answer.comparison import COMPARED, against, changes, comparison, sentence
from sim.answer.result import simulate
from sim.words.changed_levers import phrase


def test_a_scenario_against_itself_differs_in_nothing(small):
    found = against(small, small)
    assert found["same_people"]
    assert found["changed"] == []
    assert found["differences"].keys() == COMPARED.keys()
    for name, row in found["differences"].items():
        assert row["difference"] == 0, name
        assert row["low"] in {0, None}
        assert row["high"] in {0, None}
    assert found["sentence"] == "Nothing differs between the two."


def test_a_higher_threshold_divides_false_alerts_as_the_error_model_says(small, stricter):
    """Closed form 2, under every draw: t + 0.02 divides false alerts by 10^(0.02 slope)."""
    slope = small.values["error_model.npl-2023.threshold_slope"]
    there, here = (result.drawn.event("false_alerts") for result in (small, stricter))
    np.testing.assert_allclose(here / there, 10 ** (-0.02 * slope), rtol=0.01)
    found = against(small, stricter)
    row = found["differences"]["false_alerts"]
    assert row["low"] <= row["difference"] <= row["high"] < 0
    assert found["differences"]["true_alerts"]["high"] <= 0
    assert found["differences"]["people"]["difference"] == 0


def test_paired_differences_are_narrower_than_unpaired_ones(small, stricter):
    row = against(small, stricter)["differences"]["true_alerts"]
    one, two = (result.drawn.event("true_alerts") for result in (small, stricter))
    unpaired = np.sort(np.roll(two, 7) - one)
    assert row["high"] - row["low"] < 0.5 * (unpaired[-1] - unpaired[0])


def test_draws_that_cannot_be_paired_give_no_interval(small, quiet_street):
    other = simulate(quiet_street("run.seed=2"))
    found = against(small, other)
    assert not found["same_people"]
    assert all(row["low"] is None for row in found["differences"].values())
    assert "another walk of the street" in found["sentence"]


def test_every_scenario_is_set_against_the_first(small, stricter):
    found = comparison([small, stricter, small])
    assert found["baseline"] == "reference"
    assert len(found["scenarios"]) == 3
    assert [len(row["changed"]) for row in found["against_baseline"]] == [1, 0]


def test_names_and_purposes_are_no_changes(quiet_street):
    base = quiet_street()
    assert changes(base, base.model_copy(update={"name": "other", "purpose": "another"})) == []
    assert changes(base, quiet_street("policy.threshold=0.62")) == [("policy.threshold", 0.6, 0.62)]


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
        (RAISED, (1.4, -1.2), (1.8, -0.3), "avoids 1.2 of 1.4 mistaken stops and loses 0.3 of 1.8"),
        (RAISED, (1.4, 0.2), (1.8, 0.3), "adds 0.2 mistaken stops on top of 1.4 and gains 0.3"),
        (RAISED, (1.4, -1.4), (1.8, 0.0), "avoids all 1.4 mistaken stops and leaves right matches"),
        (RAISED, (0.0, 0.2), (0.0, 0.0), "adds 0.2 mistaken stops where there were none and"),
        (RAISED, (0.0, 0.0), (0.0, 0.0), "changes neither mistaken stops nor right matches, on"),
        (BOTH, (1.4, -1.2), (1.8, -0.3), "avoid 1.2 of 1.4 mistaken stops and lose 0.3 of 1.8"),
        (RAISED, (123456.0, -12345.0), (1.0, 0.0), "avoids 12,000 of 120,000 mistaken stops"),
    ],
)
def test_the_sentence_tells_harm_and_benefit_alike(changed, harm, benefit, said):
    table = {"mistaken": row(*harm), "true_alerts": row(*benefit)}
    whole = sentence(changed, table, same_people=True)
    assert said in whole
    assert whole.endswith(", on the same people.")
