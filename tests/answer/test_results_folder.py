import json

import pandas as pd
import pytest

from sim import __version__
from sim import columns as col
from sim.answer import results_folder as store
from sim.answer.report import as_json, run_id
from sim.answer.results_folder import MANIFEST, prepare_folder, write_result
from sim.errors import OutputError
from sim.model.shift_draws import shift_draws

TABLES = {"summary.csv", "groups.csv", "people.parquet", "looks.parquet", "scored.parquet"}
FILES = {*TABLES, "alerts.parquet", "answer.json", MANIFEST}


def test_every_table_can_be_read_again(small, tmp_path):
    place = tmp_path / "deep" / "results"
    write_result(small, place)
    assert {path.name for path in place.iterdir()} == FILES
    people = pd.read_parquet(place / "people.parquet")
    assert len(people) == len(small.passages.people)
    assert people[col.HEIGHT].tolist() == small.passages.people[col.HEIGHT].tolist()
    assert len(pd.read_parquet(place / "scored.parquet")) == len(people)
    shifts = shift_draws(small.scenario, small.passages)
    assert len(pd.read_parquet(place / "alerts.parquet")) == len(shifts.alerts)
    summary = pd.read_csv(place / "summary.csv").set_index(col.MEASURE)
    assert summary.loc["true_alerts", col.ESTIMATE] == pytest.approx(
        small.counted["true_alerts"].estimate
    )
    groups = pd.read_csv(place / "groups.csv")
    assert groups[col.PEOPLE].sum() == summary.loc["people", col.ESTIMATE]
    assert json.loads((place / "answer.json").read_text("utf-8")) == as_json(small)


def test_the_manifest_says_how_to_get_the_same_again(small, tmp_path):
    write_result(small, tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    assert manifest["run_id"] == run_id(small)
    assert manifest["seed"] == 1
    assert manifest["passerby"] == __version__
    assert manifest["scenario"]["policy"]["threshold"] == 0.6
    assert {"numpy", "numba", "mesa"} <= manifest["packages"].keys()
    assert manifest["written"].endswith("+00:00")


def test_an_earlier_run_is_replaced_and_what_is_not_ours_stays(small, stricter, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write_result(small, tmp_path)
    write_result(stricter, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"notes.txt"}
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    assert manifest["scenario"]["policy"]["threshold"] == 0.62


def full_disk(*_):
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_no_new_folder(small, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "write_json", full_disk)
    with pytest.raises(OutputError, match="No space left on device"):
        write_result(small, tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_the_earlier_run_whole(small, stricter, tmp_path, monkeypatch):
    write_result(small, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write_json", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_result(stricter, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_trying_a_place_leaves_no_trace(tmp_path):
    prepare_folder(tmp_path / "deep" / "results")
    assert list(tmp_path.iterdir()) == []


def test_a_place_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file", tmp_path / "file" / "results"):
        with pytest.raises(OutputError, match="cannot be written to"):
            prepare_folder(place)
