"""Theory and property: one person's year at a place."""

from pathlib import Path

import pytest

from sim.analysis.exposure import prone_at_least_once
from sim.answer.persons_year import meetings, year_of_one_person
from sim.answer.result import simulate
from sim.errors import SimError
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path

pytestmark = pytest.mark.whole

SMALL = ["street.footfall.people=400.0", "run.assumption_draws=40", "run.draws=40"]


@pytest.fixture(scope="module")
def result():
    return simulate(load_scenario(shipped_path(Path("oxford_circus_2020")), settings=SMALL))


@pytest.fixture(scope="module")
def answer(result):
    return year_of_one_person(result, days_a_week=5, deployments=12)


def test_everybodys_false_alerts_are_those_of_the_run_times_the_passages(result, answer):
    everybody = answer["chances"][0]
    a_passage = result.drawn.event("false_alerts") / everybody["people_walked"]
    expected = a_passage * answer["passages_under_cameras_a_year"]
    chances = prone_at_least_once(expected, result.values["matching.proneness_shape"])
    assert everybody["falsely_alerted"]["estimate"] == pytest.approx(chances.mean())


def test_a_stop_is_rarer_than_an_alert_and_an_alert_than_a_scan(answer):
    for row in answer["chances"]:
        stopped, alerted = row["mistakenly_stopped"], row["falsely_alerted"]
        assert stopped["estimate"] < alerted["estimate"] < row["scanned"]["estimate"]
        assert alerted["low"] <= alerted["estimate"] <= alerted["high"]


def test_twice_as_many_deployments_bring_nearly_twice_the_rare_chance(result):
    one, two = (
        year_of_one_person(result, days_a_week=5, deployments=d)["chances"][0]["falsely_alerted"]
        for d in (1, 2)
    )
    assert two["estimate"] == pytest.approx(2 * one["estimate"], rel=0.05)


def test_passages_follow_days_a_week_and_the_hours_of_the_cameras(result):
    often = meetings(result, days_a_week=7, deployments=10)
    assert often.passages == pytest.approx(10 * often.on_a_day)
    assert 0 < often.on_a_day < 1
    fewer = meetings(result, days_a_week=3.5, deployments=10)
    assert fewer.passages == pytest.approx(often.passages / 2)


def test_the_most_exposed_bear_more_than_the_most_prone_alone(answer):
    shares = answer["concentration"]
    assert 0.01 < shares["by_proneness_alone"] < shares["in_all"] < 1


@pytest.mark.parametrize(
    ("days", "deployments", "words"),
    [(0, 12, "--days-a-week 0"), (8, 12, "up to 7"), (5, 0, "--deployments 0"), (5, 400, "366")],
)
def test_a_year_that_cannot_be_is_refused(result, days, deployments, words):
    with pytest.raises(SimError, match=words):
        year_of_one_person(result, days_a_week=days, deployments=deployments)


def test_a_scenario_that_believes_another_frequency_gets_another_concentration(result, answer):
    believed = "exposure.frequency_shape: {value: 0.1, why: a few pass daily}"
    other = load_scenario(
        shipped_path(Path("oxford_circus_2020")),
        settings=[*SMALL, f"assumptions.values={{{believed}}}"],
    )
    found = year_of_one_person(
        simulate(other, passages=result.passages), days_a_week=5, deployments=12
    )
    assert found["concentration"]["frequency_shape"] == 0.1
    assert found["concentration"]["in_all"] > answer["concentration"]["in_all"]
    guesses = {guess["name"]: guess for guess in found["guesses"]}
    assert guesses["exposure.frequency_shape"]["value"] == 0.1
    assert "a few pass daily" in guesses["exposure.frequency_shape"]["source"]
