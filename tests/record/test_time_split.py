"""Validation: deployments after a day predicted from those before it (the published record)."""

import pytest

from sim.record.own_log import SPLIT, shipped_answer

pytestmark = pytest.mark.whole


@pytest.fixture
def found():
    assert SPLIT == "2024-09-01"
    return shipped_answer().answer


@pytest.fixture
def outcomes(found):
    return found["outcomes"]


@pytest.mark.parametrize("outcome", ["alerts", "true_alerts"])
def test_intervals_hold_what_they_say_within_seven_points(outcomes, outcome):
    coverage = outcomes[outcome]["coverage"]
    assert coverage["80"] == pytest.approx(0.80, abs=0.07)
    assert coverage["95"] == pytest.approx(0.95, abs=0.07)


@pytest.mark.parametrize("outcome", ["alerts", "true_alerts"])
def test_the_interval_score_is_a_tenth_better_than_the_better_plain_rate(outcomes, outcome):
    plain = min(outcomes[outcome]["baselines"].values())
    assert outcomes[outcome]["interval_score"] <= 0.9 * plain


def test_without_false_alerts_the_answer_says_how_little_that_shows(found):
    assert found["outcomes"]["false_alerts"]["events"] == 0
    assert any("0 false alerts in 62 deployments" in words for words in found["warnings"])
