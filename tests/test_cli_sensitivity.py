"""``passerby sensitivity``: what it prints, draws and refuses, on studies whose answer is known."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim import columns as col
from sim.charts.metadata import provenance_of_figure
from sim.cli import DONE, INPUT_AT_FAULT, main
from sim.experiments.sweep.outcomes import OUTCOMES
from sim.experiments.sweep.provenance import provenance_of_folder
from sim.experiments.sweep.runner import run_study
from sim.experiments.sweep.study import load_study

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
    """Mistaken stops rest on the list's share alone, true alerts on the threshold too."""
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


def test_the_studies_of_the_how_to_are_read(passerby):
    first, *others = re.findall(r"```yaml\n(.*?)```", HOWTO.read_text("utf-8"), re.DOTALL)
    whole = yaml.safe_load(first)
    for changes in ({}, *(yaml.safe_load(other) for other in others)):
        Path("howto.yaml").write_text(yaml.safe_dump(whole | changes), encoding="utf-8")
        loaded = load_study("howto.yaml")
        assert len(loaded.uncertainties) >= 3
    assert len(others) == 2
