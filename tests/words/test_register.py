"""Unit: the evidence register on a terminal, and how another account is chosen."""

import json
import shlex
from pathlib import Path

import pytest

from sim.cli import DONE, main
from sim.evidence.alternatives import alternatives, alternatives_of
from sim.evidence.register import entry
from sim.scenario.beliefs import beliefs
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path
from sim.words.register import choosing_commands, choosing_settings, disagreement_list, entry_page

CHOOSABLE = [found for found in alternatives() if found.entry and not found.used]


@pytest.mark.parametrize("reading", CHOOSABLE, ids=lambda found: f"{found.figure}-{found.reading}")
def test_the_settings_of_every_reading_make_a_scenario_believe_it(reading):
    scenario = load_scenario(
        shipped_path(Path("oxford_circus_2020")),
        settings=choosing_settings(entry(reading.entry), reading),
    )
    believed = beliefs(scenario)
    assert believed.value(reading.entry) == reading.entry_value
    assert reading.entry in believed.names()
    assert reading.reading in believed.entry(reading.entry).source
    kept = believed.entry("matching.listed_per_1000").source
    assert kept.startswith("this scenario"), "the scenario's own override is still there"


def test_a_reading_outside_the_range_widens_it():
    known = entry("response.mistaken_stop_min")
    reading = alternatives_of(known.name)[1]
    narrow = type(known)(**{name: getattr(known, name) for name in known.__slots__} | {"high": 6.0})
    assert f"assumptions.values.{known.name}.high=20.0" in choosing_settings(narrow, reading)


@pytest.mark.whole
def test_the_command_shown_for_eight_false_positives_moves_the_result(capsys):
    """The words on the page, run as they stand: an eighth event in seven, a seventh more."""
    npl = "error_model.npl-2023.fmr_060"
    command = choosing_commands(entry(npl), alternatives_of(npl)).splitlines()[-1]
    words = shlex.split(command.replace("SCENARIO", "oxford_circus_2020"))
    assert words[:2] == ["passerby", "run"]
    small = [
        *("--json", "--quiet", "--set", "street.footfall.people=300.0"),
        *("--set", "run.assumption_draws=20", "--set", "run.draws=20"),
    ]
    assert main([*words[1:], *small]) == DONE
    eight = json.loads(capsys.readouterr().out)
    seven_words = ["run", "oxford_circus_2020", "--set", "assumptions.error_model=npl-2023"]
    assert main([*seven_words, *small]) == DONE
    seven = json.loads(capsys.readouterr().out)
    assert eight["expected"]["false_alerts"] > seven["expected"]["false_alerts"]
    moved = eight["assumptions"]["overridden"]["error_model.npl-2023.fmr_060"]["value"]
    assert moved / entry(npl).value == pytest.approx(1.91 / 1.67, rel=1e-3)
    assert eight["hash"] != seven["hash"]


def test_a_page_names_every_account_with_who_says_so():
    npl = "error_model.npl-2023.fmr_060"
    page = entry_page(entry(npl), alternatives_of(npl)).plain
    assert "seven: 7 events, so 1.67e-08 (used here)" in page
    assert "eight: 8 events, so 1.91e-08\n" in page
    assert "The Guardian, on National Physical Laboratory MS 43 (2025)" in page
    assert "changes: the bench rate at 0.60" in page


def test_the_list_of_disagreements_holds_every_figure_once():
    page = disagreement_list(alternatives()).plain
    for figure in {found.figure for found in alternatives()}:
        assert page.count(f"accounts of {figure}\n") == 1
    assert page.count("(used here)") == sum(found.used for found in alternatives())


def test_an_entry_without_other_accounts_shows_no_command(capsys):
    assert main(["evidence", "matching.repeat_frame"]) == DONE
    out = capsys.readouterr().out
    assert "accounts of" not in out
    assert "--set" not in out


def test_the_whole_list_says_that_accounts_differ_and_a_part_of_it_does_not(capsys):
    assert main(["evidence"]) == DONE
    figures = len({found.figure for found in alternatives()})
    assert f"Of {figures} published figures" in capsys.readouterr().out
    assert main(["evidence", "walk."]) == DONE
    assert "published figures" not in capsys.readouterr().out


def test_disagreements_are_a_page_and_json(capsys):
    assert main(["evidence", "disagreements"]) == DONE
    assert "accounts of npl-false-positives" in capsys.readouterr().out
    assert main(["evidence", "disagreements", "--json"]) == DONE
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len(alternatives())
    assert main(["evidence", "walk.time_gap_s", "--json"]) == DONE
    [found] = json.loads(capsys.readouterr().out)
    assert [account["reading"] for account in found["accounts"]] == [
        "fitted here",
        "published default",
    ]
