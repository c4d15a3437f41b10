"""``passerby capsule`` and ``passerby rerun FILE.zip``: what they print, write and refuse."""

import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from sim import columns as col
from sim.capsules.archive import CHECKSUMS, write_archive
from sim.charts.metadata import provenance_of_figure
from sim.cli import DONE, DRIFTED, INPUT_AT_FAULT
from sim.storage.provenance import FIGURE_KEYS, provenance_of_folder

pytestmark = pytest.mark.whole

HOWTO = Path(__file__).parents[1] / "docs" / "howto" / "share-a-capsule.md"
MINIMAL = str(Path(__file__).parent / "scenario" / "minimal.yaml")
FEW = ("street.footfall.people=200.0", "run.assumption_draws=40", "run.draws=50")


@pytest.fixture
def passerby(passerby, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return passerby


@pytest.fixture
def ran(passerby):
    settings = [word for setting in FEW for word in ("--set", setting)]
    assert passerby("run", MINIMAL, *settings, "--out", "results")[0] == DONE
    return Path("results")


def spoiled(file):
    """Change one number in a capsule, and the list of checksums with it."""
    with zipfile.ZipFile(file) as old:
        files = {name: old.read(name) for name in old.namelist() if name != CHECKSUMS}
        with old.open("scored.parquet") as stream:
            table = pd.read_parquet(stream)
    table.loc[table.index[3], col.P_LISTED] += 0.001
    table.to_parquet("scored.parquet", index=False)
    files["scored.parquet"] = Path("scored.parquet").read_bytes()
    write_archive(files, file)


def test_a_run_is_packed_and_run_again_and_a_changed_number_is_drift(passerby, ran):
    (ran / "notes.txt").write_text("mine")
    status, out, err = passerby("capsule", ran)
    assert (status, err) == (DONE, "")
    assert out.splitlines()[0].endswith(" KiB")
    assert "left out: notes.txt" in out
    status, out, _ = passerby("rerun", "results.zip")
    assert status == DONE
    assert "The same exactly" in out
    assert not list(Path().glob("passerby-*"))
    spoiled(Path("results.zip"))
    status, out, _ = passerby("rerun", "results.zip", "--out", "again")
    assert status == DRIFTED
    assert "NOT the same" in out
    assert "scored.parquet: p_listed" in out
    assert "1 of " in out
    assert "Why, the most likely first:" in out
    assert Path("again/manifest.json").exists()


def test_both_speak_json(passerby, ran):
    status, out, _ = passerby("capsule", ran, "--out", "handed_on.zip", "--json")
    assert status == DONE
    assert json.loads(out)["file"] == "handed_on.zip"
    spoiled(Path("handed_on.zip"))
    status, out, _ = passerby("rerun", "handed_on.zip", "--tolerance", "1e-9", "--json")
    said = json.loads(out)
    assert status == DRIFTED
    assert said["has_drifted"] is True
    assert said["tolerance"] == 1e-9
    assert said["moved"][0]["largest"] == pytest.approx(0.001)


def test_a_changed_file_is_the_input_s_fault_and_names_itself(passerby, ran):
    passerby("capsule", ran)
    with zipfile.ZipFile("results.zip") as old:
        files = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile("results.zip", "w") as new:
        for name, content in {**files, "summary.csv": b"measure\n"}.items():
            new.writestr(name, content)
    status, out, err = passerby("rerun", "results.zip")
    assert (status, out) == (INPUT_AT_FAULT, "")
    assert "summary.csv is not what checksums.sha256 says" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("capsule", "nowhere"), "nowhere: no such folder"),
        (("capsule", "."), "no manifest.json there"),
        (("rerun", "nowhere.zip"), "nowhere.zip: no such file"),
        (("rerun", "x.zip", "--draw", "3"), "No such option: --draw"),
        (("rerun", "x.zip", "--tolerance", "2"), "--tolerance 2: must be 0"),
        (("rerun", MINIMAL), "is no whole zip file"),
        (("replay", "x.zip"), "x.zip: a capsule is run again with 'passerby rerun x.zip'"),
        (("replay", MINIMAL), "replay needs --out, the file to write"),
        (("replay", MINIMAL, "--out", "w.parquet", "--workers", "2"), "No such option: --workers"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(words, says, passerby):
    status, out, err = passerby(*words)
    assert (status, out) == (INPUT_AT_FAULT, "")
    assert says in err
    assert "Traceback" not in err
    assert not list(Path().iterdir())


@pytest.mark.slow
def test_figures_of_the_commands_carry_where_they_come_from(passerby, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    short = ("--heights", "5", "--densities", "0.2", "--people", "100", "--out", "plot.png")
    assert passerby("capture", MINIMAL, *short)[0] == DONE
    settings = [word for setting in FEW for word in ("--set", setting)]
    assert passerby("run", MINIMAL, *settings, "--trace", "--out", "results")[0] == DONE
    captured = provenance_of_figure("plot.png")
    traced = provenance_of_figure("results/trace.svg")
    assert tuple(captured) == tuple(traced) == FIGURE_KEYS
    assert captured["study"] == "capture"
    assert traced["seeds"] == [json.loads(Path("results/manifest.json").read_text())["seed"]]
    assert captured["date"] == traced["date"] == "2023-11-14T22:13:20+00:00"
    assert provenance_of_folder(Path("results")) == traced


def test_the_commands_of_the_page_run_and_its_options_exist(passerby):
    text = HOWTO.read_text(encoding="utf-8")
    settings = [word for setting in FEW for word in ("--set", setting)]
    lines = re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].splitlines()
    assert [line.split()[1] for line in lines] == ["run", "capsule", "rerun"]
    for line in lines:
        words = line.split()[1:]
        more = [*settings, "--set", "policy.hours=0.5"] if words[0] == "run" else []
        status, _, err = passerby(*words, *more)
        assert status == DONE, err
    helps = "".join(passerby(word, "--help")[1] for word in ("capsule", "rerun", "sweep", "run"))
    named = set(re.findall(r"(?<=[` ])--[a-z][a-z-]+", text)) - {"--check"}  # of sha256sum
    assert {"--unfinished", "--tolerance"} <= named
    assert {option for option in named if option not in helps} == set()
