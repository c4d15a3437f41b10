"""A study's folder: what is in it is sound, is this study's, and says so when it is not."""

import json

import duckdb
import numpy as np
import pandas as pd
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from sim import columns as col
from sim.errors import OutputError
from sim.storage import durable
from sim.storage.durable import LockedError, locked, write_durably
from sim.studies.run import results
from sim.studies.run.folder import Folder
from sim.studies.run.results import export_results, read_results
from sim.studies.run.runner import run_study
from sim.studies.run.status import status_of
from sim.studies.run.unit_files import fault_in_part, fault_in_rows, write_part
from tests import fakes

pytestmark = pytest.mark.whole


@pytest.fixture
def unit():
    return fakes.asked().units[3]


@pytest.fixture
def part(tmp_path, unit):
    path = tmp_path / "part.parquet"
    write_part(path, unit, fakes.rows(unit))
    return path


@pytest.fixture
def study(tmp_path):
    run_study(fakes.asked(), tmp_path / "study", workers=0, work=fakes.rows)
    return tmp_path / "study"


def test_a_part_that_was_written_is_sound(part, unit):
    assert fault_in_part(part, unit) is None


def test_the_same_rows_are_the_same_bytes_in_whatever_order(part, unit):
    before = part.read_bytes()
    write_part(part, unit, fakes.rows(unit).iloc[::-1])
    assert part.read_bytes() == before


@pytest.mark.whole
def test_a_part_with_any_byte_changed_is_found_out_or_says_the_same(part, unit):
    """A few bytes of a Parquet file mean nothing; a change of any other must not pass."""
    content = part.read_bytes()
    original = pq.read_table(part)
    passed = 0
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        part.write_bytes(damaged)
        if fault_in_part(part, unit) is None:
            passed += 1
            assert pq.read_table(part).equals(original)
    assert passed < len(content) / 7 / 2


@pytest.mark.parametrize("length", [0, 3, 100, -1])
def test_a_part_cut_short_is_found_out(part, unit, length):
    part.write_bytes(part.read_bytes()[:length])
    assert fault_in_part(part, unit).startswith("cannot be read (")


def test_a_part_of_another_unit_is_found_out(part):
    other = fakes.asked().units[4]
    assert fault_in_part(part, other).startswith("is of unit ")


def test_rows_that_do_not_fit_the_unit_are_found_out(unit):
    rows = fakes.rows(unit)
    assert fault_in_rows(unit, rows) is None
    assert "points" in fault_in_rows(unit, rows.iloc[1:])
    assert "points" in fault_in_rows(unit, pd.concat([rows, rows.iloc[:1]]))
    assert "columns" in fault_in_rows(unit, rows.drop(columns=col.PEOPLE))
    assert "status" in fault_in_rows(unit, rows.assign(**{col.STATUS: "perhaps"}))


def test_a_file_whose_writing_fails_is_not_there_and_leaves_nothing(tmp_path):
    def fail(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    kept = tmp_path / "kept"
    kept.write_text("before")
    for path in (kept, tmp_path / "new"):
        with pytest.raises(OSError, match="No space"):
            write_durably(path, fail)
    assert kept.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_file_reaches_the_disk_before_its_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(durable.os, "fsync", lambda _handle: done.append("sync"))
    replace = durable.Path.replace

    def renamed(self, target):
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(durable.Path, "replace", renamed)
    write_durably(tmp_path / "file", lambda file: file.write(b"all"))
    assert done == ["sync", "rename", "sync"]


def test_a_lock_keeps_others_out_until_it_is_let_go(tmp_path):
    path = tmp_path / "lock"
    with locked(path), pytest.raises(LockedError), locked(path, wait=False):
        pass
    with (
        locked(path, shared=True),
        locked(path, shared=True, wait=False),
        pytest.raises(LockedError),
        locked(path, wait=False),
    ):
        pass
    with locked(path, wait=False):
        pass


def test_the_table_holds_every_row_once_in_order(study):
    found = read_results(study)
    expected = pd.concat([fakes.rows(unit) for unit in fakes.asked().units])
    expected = expected.merge(fakes.asked().design, on=col.POINT)
    expected = expected.sort_values([col.POINT, col.REPLICATION])[list(found.columns)]
    pd.testing.assert_frame_equal(
        found, expected.reset_index(drop=True), check_exact=True, check_dtype=False
    )
    assert np.isinf(found[col.MISTAKEN_STOPS]).any()
    assert found[col.MISTAKEN_STOPS].isna().any()
    pd.testing.assert_frame_equal(pd.read_parquet(study / "results.parquet"), found)


def test_missing_outcomes_are_missing_in_the_file_and_not_a_number_that_spoils_means(study):
    table = pq.read_table(study / "results.parquet")
    assert (
        table[col.MISTAKEN_STOPS].null_count
        == read_results(study)[col.MISTAKEN_STOPS].isna().sum()
        > 0
    )


def test_the_table_has_no_date_in_it(study, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    run_study(fakes.asked(), tmp_path / "earlier", workers=0, work=fakes.rows)
    assert fakes.bytes_of(tmp_path / "earlier") == fakes.bytes_of(study)


def test_the_table_is_the_same_bytes_in_small_batches(study, monkeypatch):
    before = fakes.bytes_of(study)
    monkeypatch.setattr(results, "ROWS_A_BATCH", 5)
    results.write_results(results.opened(study))
    assert fakes.bytes_of(study) == before


def test_row_groups_are_of_one_size_however_rows_arrive(study, monkeypatch):
    monkeypatch.setattr(results, "ROWS_A_GROUP", 10)
    groups = set()
    for batch in (3, 7, 36):
        monkeypatch.setattr(results, "ROWS_A_BATCH", batch)
        results.write_results(results.opened(study))
        about = pq.ParquetFile(study / "results.parquet").metadata
        sizes = [about.row_group(place).num_rows for place in range(about.num_row_groups)]
        assert sizes == [10, 10, 10, 6]
        groups.add(fakes.bytes_of(study))
    assert len(groups) == 1


def test_the_manifest_says_what_the_table_is(study):
    manifest = json.loads((study / "manifest.json").read_text())
    assert manifest["finished"]["rows"] == 36
    assert manifest["finished"]["failed_rows"] == 0
    assert manifest["finished"]["results_sha256"] == results.file_sha256(study / "results.parquet")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_holds_the_table_and_has_its_manifest_beside_it(study, tmp_path, kind):
    file = tmp_path / f"table.{kind}"
    exported = export_results(study, file, kind=kind)
    assert (exported.rows, exported.missing) == (36, 0)
    if kind == "csv":
        text = pc.ConvertOptions(column_types={col.REASON: "string"})
        found = pc.read_csv(file, convert_options=text).to_pandas()
    else:
        found = pd.read_parquet(file)
    expected = read_results(study)
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)
    beside = json.loads((tmp_path / f"table.{kind}.manifest.json").read_text())
    assert beside["study"] == "fake"
    assert beside["exported"] == {"rows": 36, "missing_units": 0}
    if kind == "parquet":
        about = json.loads(pq.read_schema(file).metadata[b"passerby"])
        assert about["study_hash"] == beside["study_hash"]


def test_an_export_of_an_unfinished_study_says_what_is_not_in_it(tmp_path):
    run_study(fakes.asked(), tmp_path / "study", workers=0, shard=(1, 3), work=fakes.rows)
    exported = export_results(tmp_path / "study", tmp_path / "table.csv", kind="csv")
    assert (exported.rows, exported.missing) == (12, 8)
    assert "8 units have not ended and are not in it" in exported.sentence()


def test_an_export_that_cannot_be_written_keeps_nothing(study, tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        export_results(study, tmp_path / "no" / "table.csv", kind="csv")


def test_sorting_leaves_nothing_behind_and_needs_little_memory(study, monkeypatch):
    monkeypatch.setattr(results, "SORTING_MEMORY", "16MB")
    results.write_results(results.opened(study))
    assert not list(study.glob(".sorting-*"))
    assert not list(study.glob(".part-*"))


def test_duckdb_reads_the_parts_as_they_are(study):
    with duckdb.connect() as database:
        query = "SELECT count(*) FROM read_parquet($1)"
        found = database.execute(query, [str(study / "units" / "part-*.parquet")]).fetchone()
    assert found == (36,)


def test_the_status_counts_what_is_there(study, tmp_path):
    run_study(fakes.asked(), tmp_path / "some", workers=0, shard=(2, 3), work=fakes.failing_rows)
    whole, some = status_of(study), status_of(tmp_path / "some")
    assert (whole.done, whole.failed, whole.missing, whole.failed_rows) == (12, 0, 0, 0)
    assert whole.finished is not None
    assert (some.done, some.failed, some.missing, some.failed_rows) == (4, 0, 8, None)
    assert some.finished is None
    assert not some.is_running
    json.dumps(some.as_json(), allow_nan=False)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"no manifest.json there; name a folder that"):
        read_results(tmp_path)


def test_a_shard_that_looks_while_another_begins_is_let_in(tmp_path, monkeypatch):
    folder, listed = tmp_path / "study", type(tmp_path).iterdir
    folder.mkdir()

    def begun_by_another_first(path):
        monkeypatch.setattr(type(tmp_path), "iterdir", listed)
        with Folder(folder).working((2, 2)):
            Folder(folder).prepare(fakes.asked(2), allow_mixed=False, alone=False)
        return listed(path)

    monkeypatch.setattr(type(tmp_path), "iterdir", begun_by_another_first)
    with Folder(folder).working((1, 2)):
        Folder(folder).prepare(fakes.asked(2), allow_mixed=False, alone=False)
    assert type(tmp_path).iterdir is listed  # the other did begin in between
