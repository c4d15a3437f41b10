"""Studies on the command line: run, resumed, looked at and exported; faults told in one line."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from sim import columns as col
from sim.cli import DONE, INPUT_AT_FAULT, INTERRUPTED, SOME_FAILED, main
from sim.storage.walk_cache import FOLDER_VARIABLE
from sim.studies.run import runner

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[1]
HANGS_S = 240
STUDY = """
schema_version: 1
name: tiny
title: Tiny
purpose: To test the commands.
base: reference
settings: {street.footfall.people: 6000.0, policy.hours: 0.25}
levers:
  policy.threshold: [0.58, 0.62]
  policy.signs: [false, true]
design: {kind: full-factorial}
replications: 2
outcomes: [people, mistaken_stops, false_stops_per_true_match]
"""
ROWS, UNITS = 8, 4


OWN_PLACE = runner._place


def in_this_process(work, _workers, scheduler):
    return OWN_PLACE(work, 0, scheduler)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return the folder of the study, run once for all tests, and that of its walks."""
    home = tmp_path_factory.mktemp("swept")
    (home / "tiny.yaml").write_text(STUDY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "_place", in_this_process)
        patch.setenv(FOLDER_VARIABLE, str(home / "walks"))
        words = ("sweep", home / "tiny.yaml", "--out", home / "study", "--quiet")
        assert main([str(word) for word in words]) == DONE
    return home / "study", home / "walks"


@pytest.fixture(autouse=True)
def place(request, finished, monkeypatch):
    """Walk nothing again, and start other processes only where a test is about them."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(finished[1]))
    if not any(request.node.get_closest_marker(name) for name in ("processes", "slow")):
        monkeypatch.setattr(runner, "_place", in_this_process)


@pytest.fixture
def study(tmp_path):
    file = tmp_path / "tiny.yaml"
    file.write_text(STUDY)
    return file


@pytest.fixture
def swept(finished, tmp_path):
    return Path(shutil.copytree(finished[0], tmp_path / "study"))


def test_a_dry_run_says_what_it_would_take_and_does_nothing(passerby, study, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "no walks"))
    before = sorted(tmp_path.iterdir())
    status, out, _ = passerby("sweep", study, "--dry-run", "--workers", 3)
    assert status == DONE
    for words in ("runs", "walks", "time with 3 workers", "memory", "disk"):
        assert words in out
    assert sorted(tmp_path.iterdir()) == before
    status, out, _ = passerby("sweep", study, "--dry-run", "--json")
    cost = json.loads(out)
    assert (cost["runs"], cost["walks"], cost["units"], cost["kept"]) == (ROWS, UNITS, UNITS, 0)


def test_a_study_is_run_looked_at_and_exported(passerby, swept, study, tmp_path):
    status, out, _ = passerby("status", swept, "--json")
    found = json.loads(out)
    assert (found["done"], found["failed"], found["missing"]) == (UNITS, 0, 0)
    assert not found["is_running"]
    assert [line.split(":")[0] for line in found["replication_advice"]] == [col.MISTAKEN_STOPS]
    status, out, _ = passerby("status", swept)
    assert status == DONE
    assert f"{UNITS} of {UNITS}" in out
    assert "Are there enough replications?" in out
    file = tmp_path / "table.csv"
    status, out, _ = passerby("export", swept, "--csv", file)
    assert status == DONE
    assert f"{ROWS} rows written to {file}" in out
    table = pd.read_csv(file)
    assert len(table) == ROWS
    assert {"policy.threshold", "policy.signs", col.MISTAKEN_STOPS} <= set(table.columns)
    assert (table[col.PEOPLE] > 0).all()
    lower = table[table["policy.threshold"] == 0.58][col.MISTAKEN_STOPS]
    higher = table[table["policy.threshold"] == 0.62][col.MISTAKEN_STOPS]
    assert lower.sum() > higher.sum()  # a lower threshold stops more people by mistake


def test_the_same_command_finds_nothing_to_do(passerby, swept, study):
    before = (swept / "results.parquet").read_bytes()
    status, out, _ = passerby("sweep", study, "--out", swept, "--quiet")
    assert status == DONE
    assert "nothing was left to do" in out
    assert (swept / "results.parquet").read_bytes() == before


@pytest.mark.processes
def test_shards_and_workers_give_the_same_table(passerby, swept, study, tmp_path):
    table = (swept / "results.parquet").read_bytes()
    folder = tmp_path / "two"
    status, out, _ = passerby("sweep", study, "--out", folder, "--workers", 2, "--quiet")
    assert status == DONE
    assert f"{ROWS} rows in {folder / 'results.parquet'} ({UNITS} of {UNITS} units" in out
    assert (folder / "results.parquet").read_bytes() == table
    folder = tmp_path / "shards"
    words = ("sweep", study, "--out", folder, "--workers", 1, "--quiet", "--shard")
    status, out, _ = passerby(*words, "1/2")
    assert status == DONE
    assert "2 are left to the other shards" in out
    status, out, _ = passerby("status", folder)
    assert "2 of 4" in out
    status, _, _ = passerby(*words, "2/2")
    assert status == DONE
    assert (folder / "results.parquet").read_bytes() == table


@pytest.mark.processes
def test_progress_for_machines_is_one_json_object_a_line(passerby, study, tmp_path):
    words = ("sweep", study, "--out", tmp_path / "study", "--workers", 1, "--log-json", "--json")
    status, out, err = passerby(*words)
    assert status == DONE
    lines = [json.loads(line) for line in err.splitlines()]
    assert {line["event"] for line in lines} == {"progress"}
    assert (lines[-1]["done"], lines[-1]["total"], lines[-1]["phase"]) == (UNITS, UNITS, "units")
    assert json.loads(out)["rows"] == ROWS


def test_without_a_terminal_there_are_no_control_codes(passerby, study, tmp_path):
    words = ("sweep", study, "--out", tmp_path / "study", "--workers", 1)
    status, out, err = passerby(*words)
    assert status == DONE
    assert f"{UNITS} of {UNITS} units" in err
    assert not {"\x1b", "\r"} & set(out + err)


def test_a_failed_point_is_a_row_and_the_exit_code_says_so(passerby, study, tmp_path, monkeypatch):
    def broken(unit):
        raise RuntimeError("no luck today")

    monkeypatch.setattr(runner, "_place", lambda *_: runner.ThisProcess(broken))
    words = ("sweep", study, "--out", tmp_path / "study", "--quiet")
    status, out, err = passerby(*words)
    assert status == SOME_FAILED
    assert f"{ROWS} rows have no outcomes" in out
    assert err.count("RuntimeError: no luck today") == UNITS
    status, out, _ = passerby("status", tmp_path / "study")
    assert "RuntimeError: no luck today" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "sweep needs --out DIR"),
        (("--out", "x", "--shard", "3/2"), "--shard 3/2: must be I/N"),
        (("--out", "x", "--scheduler", "nowhere"), "must be an address such as tcp://"),
        (("--out", "x", "--workers", "0"), "--workers"),
    ],
)
def test_a_fault_is_said_in_one_line(passerby, study, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = passerby("sweep", study, *words)
    assert status == INPUT_AT_FAULT
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_faults_of_folders_are_said_in_one_line(passerby, swept, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(STUDY.replace("0.62", "0.63"))
    for words, said in (
        (("sweep", other, "--out", swept), "which is not the one asked for"),
        (("status", tmp_path), "no manifest.json there"),
        (("export", swept), "export needs --csv FILE or --parquet FILE"),
        (("export", tmp_path / "no", "--csv", "x.csv"), "no manifest.json there"),
    ):
        status, _, err = passerby(*words)
        assert status == INPUT_AT_FAULT
        assert said in err
        assert err.count("\n") == 1


@pytest.mark.slow
def test_ctrl_c_says_how_to_go_on(study, tmp_path):
    """A real study, interrupted between its first unit and its last, and resumed."""
    study.write_text(STUDY.replace("replications: 2", "replications: 12"))
    folder = tmp_path / "study"
    command = [sys.executable, "-m", "sim", "sweep", str(study), "--out", str(folder)]
    command += ["--workers", "2"]
    target = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    until = time.monotonic() + HANGS_S
    while not list(folder.glob("units/part-*")):
        assert time.monotonic() < until
        assert target.poll() is None
        time.sleep(0.02)
    os.kill(target.pid, signal.SIGINT)
    out, err = target.communicate(timeout=HANGS_S)
    assert target.returncode == INTERRUPTED
    assert out == ""
    assert f"interrupted: finished units are kept in {folder}; the same command goes on" in err
    assert "Traceback" not in err
    again = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=HANGS_S)
    assert again.returncode == DONE
    assert len(pd.read_parquet(folder / "results.parquet")) == 48
    command[command.index("--out") + 1] = str(tmp_path / "undisturbed")
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=HANGS_S)
    undisturbed = tmp_path / "undisturbed" / "results.parquet"
    assert undisturbed.read_bytes() == (folder / "results.parquet").read_bytes()


@pytest.mark.slow
def test_the_page_about_studies_runs_as_printed(passerby, tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs" / "howto" / "run-a-study.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (commands,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for line in commands.splitlines():
        program, *words = line.split()
        assert program == "passerby"
        assert passerby(*words)[0] == DONE
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(block, "run-a-study.md", "exec"), {})  # noqa: S102 - our own page
    out = capsys.readouterr().out
    assert "0 rows left out" in out
    table = pd.read_csv("smoke.csv")
    units = list((tmp_path / "results" / "smoke" / "units").iterdir())
    assert len(table) >= 300
    assert len(units) >= 12
