"""The table of a study: every row of every unit beside its point of the design.

DuckDB joins and sorts what lies in the parts, spilling to disk where that is much; it never
writes a result. Rows come in order of point, then replication, whoever worked in whatever order,
and go out in row groups of one size: the same rows are the same bytes.

State: the file system.
"""

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.csv as pc  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim import columns as col
from sim.errors import OutputError
from sim.storage.durable import locked, write_durably, write_json_durably
from sim.storage.provenance import file_sha256
from sim.studies.run.folder import (
    DESIGN,
    MANIFEST,
    PREPARING_LOCK,
    RESULTS,
    SORTING_PREFIX,
    Folder,
    opened,
    writing,
)
from sim.studies.run.manifest import finished_manifest
from sim.studies.run.unit_files import FAILED, METADATA, ROW_COLUMNS, part_about, part_schema

log = logging.getLogger(__name__)

ROWS_A_GROUP = 65_536
ROWS_A_BATCH = 8_192
SORTING_MEMORY = "256MB"
FINISHED = "finished"
ABOUT = ("study", "title", "study_hash", "scenario", "scenario_hash", "seed", "passerby")


def read_results(folder: Path | str, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the table as far as the study has got: design, status, reason, outcomes.

    columns : only these, in this order; those that it does not have are left out

    >>> from sim import read_results
    >>> read_results(folder, columns=["status"])["status"].unique().tolist()
    ['done']
    """
    with joined(opened(Path(folder))) as reader:
        kept = [
            name for name in (columns or reader.schema.names) if name in set(reader.schema.names)
        ]
        schema = pa.schema([reader.schema.field(name) for name in kept])
        batches = (batch.select(kept) for batch in reader)
        table: pd.DataFrame = pa.Table.from_batches(batches, schema=schema).to_pandas()
    return table


def write_results(home: Folder) -> None:
    """Write the table into the study's folder."""
    manifest = home.manifest()
    with writing(home.path), joined(home) as reader:
        write_durably(home.path / RESULTS, lambda file: _write_parquet(reader, manifest, file))


def finish(home: Folder, *, is_changed: bool) -> int:
    """Write the table and close the manifest, where they are not there yet and sound.

    Returns how many rows have no outcomes.
    """
    with writing(home.path), locked(home.path / PREPARING_LOCK):
        manifest, table = home.manifest(), home.path / RESULTS
        before = manifest.get(FINISHED)
        if before and not is_changed and table.exists():
            if file_sha256(table) == before["results_sha256"]:
                return int(before["failed_rows"])
            log.warning("%s: not as it was written; it is joined again", table)
        write_results(home)
        statuses = pq.read_table(table, columns=[col.STATUS]).to_pandas()
        closed = finished_manifest({**manifest, FINISHED: None}, statuses, home.path)
        mixed = {
            entry["part"]: part_about(home.part_of(entry)).get("passerby")
            for entry in home.plan()["units"]
            if "part" in entry
        }
        write_json_durably(home.path / MANIFEST, closed | ({"mixed": mixed} if mixed else {}))
        return int(closed[FINISHED]["failed_rows"])


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that was written for others.

    missing : units that had not ended, of which it has no rows
    """

    file: Path
    rows: int
    missing: int

    def sentence(self) -> str:
        """Return what was written, and what is not in it."""
        words = f"{self.rows:,} rows written to {self.file}, manifest beside it"
        if self.missing:
            words += f"; {self.missing:,} units have not ended and are not in it"
        return words


def export_results(folder: Path, file: Path, *, kind: str) -> Exported:
    """Write the table as far as the study has got, its manifest beside it.

    kind : csv or parquet; the latter has the manifest in its metadata too
    """
    home = opened(folder)
    manifest, entries = home.manifest(), home.plan()["units"]
    missing = sum(
        not home.part_of(entry).exists() and not home.failure(entry["key"]).exists()
        for entry in entries
    )
    with joined(home) as reader:
        counted = _Counted(reader)
        try:
            if kind == "csv":
                write_durably(file, lambda out: _write_csv(counted.reader, out))
            else:
                write_durably(file, lambda out: _write_parquet(counted.reader, manifest, out))
            about = {"rows": counted.rows, "missing_units": missing}
            beside = file.with_name(f"{file.name}.manifest.json")
            write_json_durably(beside, {**manifest, "exported": about})
        except OSError as error:
            raise OutputError(
                f"{file}: cannot be written ({error.strerror}); nothing was kept"
            ) from None
    return Exported(file, counted.rows, missing)


@contextmanager
def joined(home: Folder) -> Iterator[pa.RecordBatchReader]:
    """Yield the rows of all units that have ended, beside their points, in order."""
    plan = home.plan()
    entries, outcomes = plan["units"], plan["outcomes"]
    parts = [str(path) for entry in entries if (path := home.part_of(entry)).exists()]
    schema = part_schema(outcomes)
    failed = pa.RecordBatchReader.from_batches(schema, _failed_batches(home, entries, schema))
    sorting = Path(tempfile.mkdtemp(prefix=SORTING_PREFIX, dir=_scratch(home.path)))
    try:
        with duckdb.connect() as database:
            database.execute(f"SET memory_limit = '{SORTING_MEMORY}'")
            database.execute("SET temp_directory = $1", [str(sorting)])
            database.execute("SET threads = 1")
            database.register("failed_rows", failed)
            design = pq.read_table(home.path / DESIGN)
            database.register("design", design)
            names = [field.name for field in design.schema if field.name != col.POINT]
            rest = [name for name in (*ROW_COLUMNS, *outcomes) if name != col.POINT]
            wanted = ", ".join(
                [
                    f"r.{_quoted(col.POINT)}",
                    *(f"d.{_quoted(name)}" for name in names),
                    *(f"r.{_quoted(name)}" for name in rest),
                ]
            )
            own = ", ".join(_quoted(name) for name in (*ROW_COLUMNS, *outcomes))
            rows = f"SELECT {own} FROM failed_rows"  # noqa: S608 - names, quoted
            if parts:
                rows += f" UNION ALL SELECT {own} FROM read_parquet($1)"  # noqa: S608 - likewise
            point, replication = _quoted(col.POINT), _quoted(col.REPLICATION)
            question = (
                f"SELECT {wanted} FROM ({rows}) AS r "  # noqa: S608 - likewise
                f"JOIN design AS d USING ({point}) ORDER BY r.{point}, r.{replication}"
            )
            found = database.sql(question, params=[parts] if parts else None)
            target = pa.schema(
                [
                    schema.field(col.POINT),
                    *(design.schema.field(name) for name in names),
                    *(schema.field(name) for name in rest),
                ]
            )
            yield _as(target, found.to_arrow_reader(ROWS_A_BATCH))
    except duckdb.IOException as error:
        raise OutputError(f"{home.path}: {str(error).splitlines()[0]}") from None
    finally:
        shutil.rmtree(sorting, ignore_errors=True)


class _Counted:
    """A reader that counts the rows that go through it."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self.rows = 0
        self.reader = pa.RecordBatchReader.from_batches(reader.schema, self._batches(reader))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in reader:
            self.rows += batch.num_rows
            yield batch


def _failed_batches(
    home: Folder, entries: list[dict[str, Any]], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for failure in home.failures(entries):
        points = failure["points"]
        count = len(points)
        known: dict[str, Any] = {
            col.POINT: points,
            col.REPLICATION: np.full(count, failure["replication"]),
            col.SEED: np.full(count, failure["seed"]),
            col.STATUS: [FAILED] * count,
            col.REASON: [failure["reason"]] * count,
        }
        columns = [
            pa.array(known[field.name], field.type)
            if field.name in known
            else pa.nulls(count, field.type)
            for field in schema
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _as(schema: pa.Schema, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return a reader's batches with the types of a schema."""

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            table = pa.Table.from_batches([batch]).cast(schema)
            yield from table.to_batches()

    return pa.RecordBatchReader.from_batches(schema, batches())


def _write_parquet(
    reader: pa.RecordBatchReader, manifest: Mapping[str, Any], file: BinaryIO
) -> None:
    """Write the rows in row groups of one size, however they come."""
    about = {key: manifest.get(key) for key in ABOUT}
    schema = reader.schema.with_metadata({METADATA: json.dumps(about, sort_keys=True)})
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        count = 0
        for batch in reader:
            waiting.append(batch)
            count += batch.num_rows
            while count >= ROWS_A_GROUP:
                table = pa.Table.from_batches(waiting)
                group = table.slice(0, ROWS_A_GROUP).combine_chunks()
                writer.write_table(group.cast(schema), ROWS_A_GROUP)
                waiting = table.slice(ROWS_A_GROUP).to_batches()
                count -= ROWS_A_GROUP
        rest = pa.Table.from_batches(waiting, schema=reader.schema)
        if rest.num_rows:
            writer.write_table(rest.combine_chunks().cast(schema), ROWS_A_GROUP)


def _write_csv(reader: pa.RecordBatchReader, file: BinaryIO) -> None:
    with pc.CSVWriter(file, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _scratch(folder: Path) -> Path | None:
    """Return where to sort: the study's own disk, unless it cannot be written to."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None
