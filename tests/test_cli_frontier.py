"""Frontier and discover on the command line, on a small study that was really run."""

import json

import pandas as pd
import pytest

from sim import columns as col
from sim.cli import DONE, INPUT_AT_FAULT, main

pytestmark = pytest.mark.whole

STUDY = """
schema_version: 1
name: tiny
title: Tiny
purpose: To test the commands.
base: reference
settings: {street.footfall.people: 3000.0, policy.hours: 0.25}
levers:
  policy.threshold: [0.58, 0.62]
  policy.officers: [2, 4]
uncertainties: ["matching.listed_per_1000", "response.pursue_true", "error_model.*"]
design: {kind: full-factorial, draws: 40}
replications: 1
"""
POLICIES, DRAWS = 4, 40


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    home = tmp_path_factory.mktemp("frontier")
    file, folder = home / "tiny.yaml", home / "tiny"
    file.write_text(STUDY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PASSERBY_WALK_CACHE", str(home / "walks"))
        assert main(["sweep", str(file), "--out", str(folder), "--quiet"]) == DONE
    return folder


def test_every_policy_has_its_chances(passerby, swept):
    status, out, _ = passerby("frontier", swept, "--ceiling", "disparity=2", "--json")
    found = json.loads(out)
    assert status == DONE
    assert (len(found["policies"]), found["draws"]) == (POLICIES, DRAWS)
    assert any(one["is_not_beaten"] for one in found["policies"])
    for one in found["policies"]:
        chance = one["limits"]["all"]
        assert chance["low"] <= chance["chance"] <= chance["high"]


def test_impossible_limits_are_met_by_none_and_it_is_said(passerby, swept):
    status, out, _ = passerby(
        "frontier", swept, "--ceiling", "mistaken_stops=0", "--floor", "true_alerts=1000"
    )
    assert status == DONE
    assert "None meets these" in out


def test_ceilings_alone_are_met_by_doing_nothing_and_it_is_said(passerby, swept):
    _, out, _ = passerby("frontier", swept, "--ceiling", "mistaken_stops=1000")
    assert "No deployment at all meets every ceiling" in " ".join(out.split())


def test_the_table_and_the_drawing_are_written(passerby, swept, tmp_path):
    table, drawing = tmp_path / "front.csv", tmp_path / "front.svg"
    assert passerby("frontier", swept, "--out", table)[0] == DONE
    assert passerby("frontier", swept, "--out", drawing)[0] == DONE
    assert len(pd.read_csv(table)[col.P_NOT_BEATEN]) == POLICIES
    assert (tmp_path / "front.csv.manifest.json").exists()
    assert "Policies that none beats" in drawing.read_text()


def test_discover_says_how_many_fail_and_draws_them(passerby, swept, tmp_path):
    drawing = tmp_path / "fails.svg"
    words = ["discover", swept, "--fails", "true_alerts<1000", "--out", drawing]
    status, out, _ = passerby(*words)
    assert status == DONE
    assert f"all of {POLICIES * DRAWS} cases fail" in " ".join(out.split())
    assert "Where it fails" in drawing.read_text()


def test_discover_looks_at_one_policy_when_told(passerby, swept):
    words = ["--policy", "policy.threshold=0.58", "--policy", "policy.officers=2", "--json"]
    _, out, _ = passerby("discover", swept, "--fails", "true_alerts > 1000", *words)
    found = json.loads(out)
    assert (found["cases"], found["failing"], found["box"]) == (DRAWS, 0, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frontier", "--ceiling", "disparit=2"], "did you mean 'disparity'"),
        (["frontier", "--ceiling", "disparity"], "write NAME=VALUE"),
        (["frontier", "--floor", "true_alerts=many"], "'many' is not a number"),
        (["frontier", "--objective", "true_alert"], "did you mean 'true_alerts'"),
        (["frontier", "--ceiling", "disparity=2", "--sure", "2"], "a chance above 0"),
        (["frontier", "--sure", "0.5"], "--sure"),
        (["frontier", "--out", "front.xyz"], "a plot is written as"),
        (["discover", "--fails", "mistaken_stop > 1"], "did you mean 'mistaken_stops'"),
        (
            ["discover", "--fails", "people > 1", "--policy", "policy.threshold=0.6"],
            "there are 0.58, 0.62",
        ),
        (
            ["discover", "--fails", "people > 1", "--policy", "policy.treshold=0.6"],
            "did you mean 'policy.threshold'",
        ),
    ],
)
def test_bad_input_is_refused_with_what_was_meant(passerby, swept, words, said):
    status, _, error = passerby(words[0], swept, *words[1:])
    assert status == INPUT_AT_FAULT
    assert said in error


@pytest.mark.parametrize("words", [["frontier"], ["discover", "--fails", "people > 1"]])
def test_a_folder_that_is_not_there_is_refused_with_the_command(passerby, tmp_path, words):
    status, _, error = passerby(words[0], tmp_path / "none", *words[1:])
    assert status == INPUT_AT_FAULT
    assert "passerby sweep STUDY --out DIR" in error
