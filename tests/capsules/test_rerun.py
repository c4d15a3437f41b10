"""A capsule that is run again gives the same, or says what moved and why."""

import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.answer.results_folder import write_result
from sim.capsules.capsule import pack
from sim.capsules.drift import likely_causes, moved_columns, moved_values
from sim.capsules.rerun import numbers_in, rerun_capsule, walks_of_its_own
from sim.errors import OutputError, SimError
from sim.storage.walk_cache import cache_folder
from sim.studies.run.folder import Folder
from sim.studies.run.runner import run_study
from tests import fakes
from tests.capsule_cases import asked, begin_and_stop, changed, same_again, with_results

pytestmark = pytest.mark.whole


def test_a_capsule_run_again_gives_the_same(zipped):
    found = rerun_capsule(zipped, again=same_again)
    assert not found.has_drifted
    assert found.rows == 18
    assert found.causes == ()


def test_what_differs_is_said_though_the_numbers_are_the_same(zipped):
    with zipfile.ZipFile(zipped) as archived:
        manifest = json.loads(archived.read("manifest.json"))
    older = {**manifest, "python": "3.10.1", "packages": {**manifest["packages"], "numpy": "1.0"}}
    changed(zipped, {"manifest.json": json.dumps(older).encode()})
    found = rerun_capsule(zipped, again=same_again)
    assert not found.has_drifted
    assert found.causes == ()
    assert len(found.differs) == 2
    assert "numpy 1.0 then, " in found.differs[0]
    assert found.differs[1].startswith("Python: 3.10.1 then, ")


def test_rows_that_failed_then_as_now_are_the_same_and_counted(tmp_path):
    def failing_again(_capsule, home):
        run_study(asked(), home, workers=0, work=fakes.failing_rows)

    failing_again(None, tmp_path / "failing")
    packed = pack(tmp_path / "failing")
    with zipfile.ZipFile(packed.file) as archived:
        assert sum(name.startswith("failed/") for name in archived.namelist()) == 1
        assert "3 of 18 rows failed and say why" in archived.read("README.md").decode()
    found = rerun_capsule(packed.file, again=failing_again)
    assert not found.has_drifted
    assert found.failed == 3


def test_one_changed_number_is_drift_and_is_shown(zipped):
    def change(table):
        row = np.flatnonzero(np.isfinite(table[col.MISTAKEN_STOPS]))[2]
        table.loc[row, col.MISTAKEN_STOPS] *= 1.01
        return table

    found = rerun_capsule(with_results(zipped, change), again=same_again)
    assert found.has_drifted
    assert [(row.name, row.rows, row.of) for row in found.moved] == [(col.MISTAKEN_STOPS, 1, 18)]
    assert found.moved[0].largest_relative == pytest.approx(0.01 / 1.01)
    assert re.match(r"point \d, replication \d: ", found.moved[0].example)
    assert "somebody changed it after the run" in found.causes[0]


def test_a_tolerance_forgives_rounding_and_only_that(zipped):
    def change(table):
        finite = np.isfinite(table[col.MISTAKEN_STOPS])
        table.loc[finite, col.MISTAKEN_STOPS] *= 1 + 1e-12
        return table

    with_results(zipped, change)
    exact = rerun_capsule(zipped, again=same_again)
    assert [row.name for row in exact.moved] == [col.MISTAKEN_STOPS]
    near = rerun_capsule(zipped, tolerance=1e-9, again=same_again)
    assert near.moved == ()
    assert near.tolerance == 1e-9


def test_a_row_that_was_dropped_added_or_failed_is_drift(zipped):
    with_results(zipped, lambda table: table.iloc[1:])
    found = rerun_capsule(zipped, again=same_again)
    assert "1 rows computed again, but not stored: point 0, replication 0" in found.others
    with_results(zipped, lambda table: pd.concat([table, table.tail(1).assign(point=99)]))
    found = rerun_capsule(zipped, again=same_again)
    assert any("1 rows stored, but not computed again: point 99" in words for words in found.others)


def test_a_row_that_fails_now_is_drift(zipped):
    def fails_now(_capsule, home):
        run_study(asked(), home, workers=0, work=fakes.failing_rows)

    found = rerun_capsule(zipped, again=fails_now)
    names = {row.name: row for row in found.moved}
    assert names[col.STATUS].rows == 3
    assert names[col.PEOPLE].gone == 3
    assert col.REASON not in names


def test_a_run_again_gives_the_same_and_a_changed_number_is_named(run_folder, small, stricter):
    file = pack(run_folder).file
    found = rerun_capsule(file, again=lambda _capsule, home: write_result(small, home))
    assert not found.has_drifted
    other = rerun_capsule(file, again=lambda _capsule, home: write_result(stricter, home))
    assert other.has_drifted
    assert "answer.json: expected.false_alerts" in {row.name for row in other.moved}
    assert json.loads(json.dumps(other.as_json(), allow_nan=False))["has_drifted"] is True


def test_the_new_results_are_kept_where_asked_and_nothing_is_taken_for_new(zipped, tmp_path):
    found = rerun_capsule(zipped, out=tmp_path / "again", again=same_again)
    assert found.out == tmp_path / "again"
    assert (tmp_path / "again" / "results.parquet").exists()
    with pytest.raises(OutputError, match="is not empty; everything is computed anew"):
        rerun_capsule(zipped, out=tmp_path / "again", again=same_again)


@pytest.mark.parametrize("wrong", [-1e-9, 1.0, float("nan"), float("inf")])
def test_a_tolerance_that_is_no_share_is_refused(wrong, zipped):
    with pytest.raises(SimError, match="must be 0"):
        rerun_capsule(zipped, tolerance=wrong, again=same_again)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.drop(columns=col.POINT), "has no column 'point'"),
        (lambda table: pd.concat([table, table]), "has the same point and replication twice"),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused_in_words(change, says, zipped):
    with pytest.raises(SimError, match=re.escape(says)):
        rerun_capsule(with_results(zipped, change), again=same_again)


def test_what_is_no_table_is_refused_in_words(zipped):
    changed(zipped, {"results.parquet": b"PAR1 no more"})
    with pytest.raises(SimError, match=r"results\.parquet: cannot be read as a table"):
        rerun_capsule(zipped, again=same_again)


def test_no_walk_of_before_is_used(monkeypatch):
    monkeypatch.delenv("PASSERBY_WALK_CACHE", raising=False)
    before = cache_folder()
    with walks_of_its_own():
        inside = cache_folder()
        assert inside != before
        assert list(inside.iterdir()) == []
    assert cache_folder() == before
    assert not inside.exists()


# What counts as the same, and why not


def test_missing_and_infinite_values_agree_with_themselves_alone():
    nan, inf = np.nan, np.inf
    stored = pd.Series([1.0, nan, inf, inf, nan, 1.0, -inf, 0.0])
    again = pd.Series([1.0, nan, inf, 1.0, 1.0, nan, inf, 1e-300])
    moved = moved_values(stored, again, tolerance=0.5)
    assert moved.tolist() == [False, False, False, True, True, True, True, True]


def test_words_and_whole_numbers_are_compared_too():
    stored = pd.DataFrame({"option": ["a", "b", None], "n": [1, 2, 3], "yes": [True, True, False]})
    again = pd.DataFrame({"option": ["a", "c", None], "n": [1, 2, 4], "yes": [True, True, True]})
    moved = {row.name: row for row in moved_columns(stored, again, keys=(), tolerance=0.0)}
    assert {name: row.rows for name, row in moved.items()} == {"option": 1, "n": 1, "yes": 1}
    assert np.isnan(moved["option"].largest)
    assert moved["n"].largest == 1.0


def test_numbers_are_found_wherever_they_lie_in_an_answer():
    answer = {"a": [1, {"b": True}], "c": None, "version": 3, "words": "x"}
    found = numbers_in(answer)
    assert {name: found[name] for name in ("a.0", "a.1.b")} == {"a.0": 1.0, "a.1.b": 1.0}
    assert np.isnan(found["c"])
    assert set(found) == {"a.0", "a.1.b", "c"}


NOW = {
    "passerby": "1.0",
    "commit": "a" * 40,
    "python": "3.11.1",
    "platform": "Linux x86_64",
    "packages": {"numpy": "2.1", "numba": "0.61"},
}


@pytest.mark.parametrize(
    ("then", "first"),
    [
        ({"passerby": "0.9", "commit": None}, "the model: passerby 0.9 then, 1.0 now"),
        ({"commit": "b" * 40, "python": "3.12"}, "source: commit bbbbbbbbbbbb then, commit aaaa"),
        ({"commit": None}, "source: not known then, commit aaaaaaaaaaaa now"),
        ({"packages": {"numpy": "2.0"}}, "packages: numba absent then, 0.61 now; numpy 2.0 then"),
        ({"python": "3.12.0"}, "Python: 3.12.0 then, 3.11.1 now"),
        ({"platform": "Darwin arm64"}, "the machine: Darwin arm64 then, Linux x86_64 now"),
        ({}, "nothing that is recorded differs"),
    ],
)
def test_the_likeliest_cause_comes_first(then, first):
    causes = likely_causes({**NOW, **then}, NOW, (), is_edited=False)
    assert first in causes[0]


def test_differences_in_the_last_digits_are_called_rounding():
    stored = pd.DataFrame({"x": [1.0, 2.0]})
    moved = moved_columns(stored, stored * (1 + 1e-13), keys=(), tolerance=0.0)
    causes = likely_causes({**NOW, "platform": "Darwin arm64"}, NOW, moved, is_edited=False)
    assert causes[0].startswith("rounding: ")


def test_a_dirty_commit_is_no_proof_of_the_same_source():
    dirty = {**NOW, "commit": "a" * 40 + "-dirty"}
    assert "perhaps differently" in likely_causes(dirty, dirty, (), is_edited=False)[0]


def test_a_study_folder_keeps_its_manifest_s_provenance(finished_study):
    manifest = Folder(finished_study).manifest()
    assert manifest["finished"]["rows"] == 18
    assert manifest["finished"]["failed_rows"] == 0


@pytest.mark.parametrize("spoil", ["plan", "part"])
def test_parts_that_do_not_fit_are_refused_in_words(spoil, tmp_path):
    with pytest.raises(ZeroDivisionError):
        begin_and_stop(tmp_path / "half")
    file = pack(tmp_path / "half", unfinished=True).file
    if spoil == "plan":
        changed(file, {"plan.json": b'[{"no": "key"}]'})
    else:
        with zipfile.ZipFile(file) as archived:
            parts = [name for name in archived.namelist() if name.startswith("units/")]
        changed(file, {parts[0]: b"PAR1 no more"})
    with pytest.raises(SimError, match="the parts of the study do not fit together: "):
        rerun_capsule(file, again=same_again)
