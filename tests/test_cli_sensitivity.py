"""``passerby sensitivity``: what it prints, draws and refuses, on studies whose answer is known."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim import columns as col
from sim.answer.outcomes import OUTCOMES
from sim.charts.metadata import provenance_of_figure
from sim.cli import DONE, INPUT_AT_FAULT, main
from sim.storage.provenance import provenance_of_folder
from sim.studies.define.study import load_study
from sim.studies.run.runner import run_study
from sim.words.value_of_information import knowing_sentences

pytestmark = pytest.mark.whole

HOWTO = Path(__file__).parents[1] / "docs" / "howto" / "which-unknown-matters.md"
LISTED, PURSUED = "matching.listed_per_1000", "response.pursue_true"
THRESHOLD = "policy.threshold"
STUDY = {
    "schema_version": 1,
    "name": "trial",
    "title": "A study with a known answer",
    "purpose": "For tests.",
    "base": "pavement",
    "settings": {"street.footfall.people": 200.0, "policy.hours": 1.0},
    "uncertainties": [LISTED, PURSUED],
    "replications": 2,
    "outcomes": [col.FACES_USABLE, col.MISTAKEN_STOPS, col.TRUE_ALERTS],
}


def known_rows(unit):
    """Return outcomes that rest on the list's share and the threshold alone, but for the day."""
    points, day = unit.points, unit.scenario.run.seed % 7
    listed = points[LISTED].to_numpy(dtype=float)
    factor = 1.0 if THRESHOLD not in points else np.exp(5 * (points[THRESHOLD].to_numpy() - 0.6))
    stops = listed * (1 + 0.01 * day)
    # Above 1 in 1,000 the high threshold does twice the harm, below it half of it.
    if THRESHOLD in points:
        is_high = points[THRESHOLD].to_numpy() > 0.6
        stops = np.where(is_high, np.where(listed > 1.0, 2.0, 0.5), 1.0) * (1 + 0.01 * day)
    found = pd.DataFrame(
        {
            col.POINT: points[col.POINT],
            col.REPLICATION: unit.replication,
            col.SEED: unit.scenario.run.seed,
            col.STATUS: "done",
            col.REASON: "",
            col.FACES_USABLE: 1000.0,
            col.MISTAKEN_STOPS: stops,
            col.TRUE_ALERTS: np.full(len(points), 3.0) * (1 + 0.02 * day) * factor,
        }
    )
    asked = [name for name in OUTCOMES if name in unit.outcomes]
    return found[[col.POINT, col.REPLICATION, col.SEED, col.STATUS, col.REASON, *asked]]


@pytest.fixture
def passerby(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, " ".join(said.out.split()), said.err, said.out

    return run


def study_file(**changes):
    path = Path("trial.yaml")
    path.write_text(yaml.safe_dump(STUDY | changes), encoding="utf-8")
    return path


def ran(**changes):
    folder = Path("results")
    run_study(load_study(study_file(**changes)), folder, workers=0, work=known_rows)
    return folder


SOBOL = {"design": {"kind": "sobol", "points": 64}, "outcomes": [col.MISTAKEN_STOPS]}


def test_a_sobol_study_says_what_moves_the_outcome_with_grade_and_source(passerby):
    status, said, _, _ = passerby("sensitivity", ran(**SOBOL), "--outcome", col.MISTAKEN_STOPS)
    assert status == DONE
    assert f"What is believed about {LISTED} moves mistaken stops most: from" in said
    assert re.search(r"about (9\d|100) % of what we do not know", said)
    assert "It is an assumption: Met annual report 2024-25" in said
    assert f"{PURSUED} ~" in said
    assert "1 factor is not told apart from chance" in said
    assert "Noise floor: replications are" in said


def test_json_holds_the_same_with_intervals_and_sentences(passerby):
    folder = ran(**SOBOL)
    status, _, _, out = passerby("sensitivity", folder, "--json", "--outcome", "mistaken_stops")
    assert status == DONE
    answer = json.loads(out)
    (one,) = answer["outcomes"]
    assert [factor["name"] for factor in one["factors"]] == [LISTED, PURSUED]
    total = one["factors"][0]["indices"]["total"]
    assert total["low"] <= total["estimate"] <= total["high"]
    assert total["estimate"] == pytest.approx(1.0, abs=0.05)
    assert one["factors"][0]["told_apart"] is True
    assert one["factors"][1]["told_apart"] is False
    assert one["sentences"][0].startswith(f"What is believed about {LISTED}")
    assert answer["factors"][LISTED]["grade"] == "assumption"
    assert answer["replications"][0]["sentence"].startswith("mistaken_stops: ")


def test_a_morris_study_is_screened(passerby):
    folder = ran(design={"kind": "morris", "trajectories": 8}, outcomes=[col.MISTAKEN_STOPS])
    status, said, _, _ = passerby("sensitivity", folder, "--outcome", "mistaken_stops")
    assert status == DONE
    assert "Morris screening" in said
    assert "screening orders, it gives no shares" in said


def test_a_latin_hypercube_gives_first_order_shares(passerby):
    folder = ran(design={"kind": "latin-hypercube", "points": 100}, outcomes=[col.MISTAKEN_STOPS])
    status, said, _, _ = passerby("sensitivity", folder, "--outcome", "mistaken_stops")
    assert status == DONE
    assert "first-order shares, from means within slices" in said


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_drawing_carries_where_its_numbers_come_from(passerby, ending):
    folder = ran(**SOBOL)
    file = Path(f"drawn.{ending}")
    status, _, err, _ = passerby(
        "sensitivity", folder, "--outcome", "mistaken_stops", "--out", file
    )
    assert status == DONE
    assert "drawn in" in err
    assert provenance_of_figure(file) == provenance_of_folder(folder)


def test_worth_knowing_names_the_unknown_and_the_question_to_put(passerby):
    folder = ran(
        levers={THRESHOLD: [0.58, 0.62]}, design={"kind": "latin-hypercube", "points": 400}
    )
    words = ("sensitivity", folder, "--knowing", "--least-share", "0.5")
    status, said, _, _ = passerby(*words)
    assert status == DONE
    assert "Which policy is preferred is your judgement" in said
    assert f"If {LISTED} were known, another policy would be preferred" in said
    assert "Ask the force: Of every thousand people who pass, how many are on the list" in said
    answer = json.loads(passerby(*words, "--json")[3])
    first = answer["worth_knowing"]["unknowns"][0]
    assert first["name"] == LISTED
    assert first["told_apart"] is True
    assert first["question"]["measures"]


def test_a_study_that_has_not_been_run_is_told_the_commands(passerby):
    path = study_file(**SOBOL)
    status, _, err, _ = passerby("sensitivity", path)
    assert status == INPUT_AT_FAULT
    assert "first 'passerby sweep trial.yaml --out results/trial'" in err
    assert "then 'passerby sensitivity results/trial'" in err


def test_a_study_of_another_design_is_told_which_would_do(passerby):
    status, _, err, _ = passerby("sensitivity", study_file(design={"kind": "full-factorial"}))
    assert status == INPUT_AT_FAULT
    assert "{kind: morris, trajectories: 20}" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--outcome", "mistaken_stop"], "did you mean 'mistaken_stops'?"),
        (["--outcome", "disparity"], "the study has no disparity"),
        ([], "the study has no true_alerts"),
        (["--method", "morris"], "has the design sobol"),
        (["--method", "sobel"], "did you mean 'sobol'?"),
        (["--floor", "0"], "must be above 0"),
        (["--floor", "nan"], "must be above 0"),
        (["--least-share", "0.5"], "belongs to --knowing"),
        (["--knowing", "--outcome", "mistaken_stops"], "--knowing needs the outcomes"),
        (["--knowing", "--least-share", "2"], "0 to 1"),
        (["--out", "drawn.gif"], "a plot is written as"),
    ],
)
def test_a_faulty_order_says_where_and_why(passerby, words, said):
    status, _, err, _ = passerby("sensitivity", ran(**SOBOL), *words)
    assert status == INPUT_AT_FAULT
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere", "no such folder"), (".", "no manifest.json there")]
)
def test_a_folder_that_is_none_is_refused(passerby, name, said):
    status, _, err, _ = passerby("sensitivity", name)
    assert status == INPUT_AT_FAULT
    assert said in err


def test_a_study_that_is_half_done_says_what_has_not_been_run(passerby):
    folder = Path("results")
    run_study(load_study(study_file(**SOBOL)), folder, workers=0, shard=(1, 2), work=known_rows)
    status, _, err, _ = passerby("sensitivity", folder, "--outcome", "mistaken_stops")
    assert status == INPUT_AT_FAULT
    assert "256 have not been run" in err


@pytest.mark.parametrize(("by_chance", "is_said"), [(0.4, True), (0.02, False)])
def test_draws_of_ones_own_are_said_to_tell_little_where_they_do(passerby, by_chance, is_said):
    folder = ran(
        levers={THRESHOLD: [0.58, 0.62]}, design={"kind": "latin-hypercube", "points": 400}
    )
    out = passerby("sensitivity", folder, "--knowing", "--least-share", "0.5", "--json")[3]
    found = json.loads(out)["worth_knowing"]
    assert found["paired"] is False
    for unknown in found["unknowns"]:
        unknown["by_chance"] = by_chance
    said = " ".join(knowing_sentences(found))
    assert ("every policy under the same draws tells more" in said) is is_said


def test_the_how_to_makes_studies_that_can_be_run_and_asked(passerby):
    text = HOWTO.read_text("utf-8")
    first, shares, draws, choice = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    screening, few = yaml.safe_load(first), {"settings": STUDY["settings"], "base": "pavement"}

    def written(name, *parts):
        changes = {key: value for part in parts for key, value in yaml.safe_load(part).items()}
        Path(name).write_text(yaml.safe_dump(screening | changes), encoding="utf-8")
        return load_study(name)

    assert len(written("screening.yaml", first).uncertainties) > len(
        written("shares.yaml", shares).uncertainties
    )
    small = yaml.safe_dump(
        few | {"uncertainties": [LISTED, PURSUED], "outcomes": STUDY["outcomes"]}
    )
    written("draws.yaml", draws.replace("500", "40"), small)
    exec(compile(code, str(HOWTO), "exec"), {})  # noqa: S102 - what the page shows
    loaded = written("choice.yaml", choice, small)
    run_study(loaded, Path("results/choice"), workers=0, work=known_rows)
    status, said, _, _ = passerby("sensitivity", "results/choice", "--knowing")
    assert status == DONE
    assert "the same for all" in said


def test_a_ratio_is_taken_apart_in_its_two_parts(passerby):
    folder = ran(levers={THRESHOLD: [0.58, 0.62]}, design={"kind": "latin-hypercube", "points": 60})
    words = ("sensitivity", folder, "--outcome", "false_stops_per_true_match", "--json")
    answer = json.loads(passerby(*words)[3])
    assert [one["outcome"] for one in answer["outcomes"]] == ["mistaken_stops", "true_alerts"]


def test_one_replication_is_said_to_tell_nothing_from_chance(passerby):
    folder = ran(**SOBOL, replications=1)
    words = ("sensitivity", folder, "--outcome", "mistaken_stops")
    status, said, _, _ = passerby(*words)
    assert status == DONE
    assert "One replication: nothing here can be told from the luck of that day" in said
    assert "One replication cannot tell it from chance" in said
    (one,) = json.loads(passerby(*words, "--json")[3])["outcomes"]
    assert one["noise_share"] is None
    assert {factor["told_apart"] for factor in one["factors"]} == {None}
