"""``passerby exposure``: one person's year."""

import json

import pytest

from sim.cli import DONE, INPUT_AT_FAULT, main

pytestmark = pytest.mark.whole

SMALL = (
    *("--set", "street.footfall.people=300.0"),
    *("--set", "run.assumption_draws=40"),
    *("--set", "run.draws=50"),
)


def test_a_year_is_told_by_group_with_its_guesses(capsys):
    assert main(["exposure", "oxford_circus_2020", *SMALL]) == DONE
    out = " ".join(capsys.readouterr().out.split())
    assert "So do the chances: exposure.deployments_a_year 12 (1.0 to 100) is a guess" in out
    for words in ("everybody", "female", "at least once in a year", "rest on guesses", "1 in "):
        assert words in out


def test_json_holds_the_question_and_the_chances(capsys):
    words = ["exposure", "oxford_circus_2020", *SMALL, "--deployments", "3", "--json"]
    assert main(words) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["asked"] == {"days_a_week": 5.0, "deployments_a_year": 3.0}
    assert found["chances"][0]["group"] == "everybody"
    assert [guess["name"] for guess in found["guesses"]] == [
        "matching.proneness_shape",
        "exposure.frequency_shape",
    ]


def test_a_week_of_nine_days_is_refused(capsys):
    assert main(["exposure", "oxford_circus_2020", *SMALL, "--days-a-week", "9"]) == INPUT_AT_FAULT
    assert "--days-a-week 9: needs a number above 0 and up to 7" in capsys.readouterr().err


def test_the_days_that_a_scenario_believes_in_are_the_default(capsys):
    believed = "exposure.deployments_a_year: {value: 40.0, why: every market day}"
    words = ["exposure", "oxford_circus_2020", *SMALL, "--json"]
    assert main([*words, "--set", f"assumptions.values={{{believed}}}"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["asked"]["deployments_a_year"] == 40.0
