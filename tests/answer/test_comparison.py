import numpy as np
import pytest

from sim.answer.comparison import against, changes, comparison
from sim.answer.result import simulate
from sim.words.comparison import COMPARED

pytestmark = pytest.mark.whole


def test_a_scenario_against_itself_differs_in_nothing(small):
    found = against(small, small)
    assert found["same_people"]
    assert found["changed"] == []
    assert found["differences"].keys() == set(COMPARED)
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
