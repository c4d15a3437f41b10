"""The part of a unit: its rows as one Parquet file that can tell whether it is sound.

A part's bytes depend on its rows alone: no dates, one row group, fixed compression. Pages carry
checksums; the metadata holds the unit's key, how many rows there are and a digest of them.

State: the file system.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types
from pydantic import BaseModel

from sim import __version__
from sim import columns as col
from sim.scenario.identity import canonical_json
from sim.storage.durable import write_durably

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

DONE, FAILED = "done", "failed"  # statuses of a row
ROW_COLUMNS = (col.POINT, col.REPLICATION, col.SEED, col.STATUS, col.REASON)
METADATA = b"passerby"
_WHOLE = pa.int64()
_TYPES = {col.POINT: _WHOLE, col.REPLICATION: _WHOLE, col.SEED: _WHOLE}
_TYPES |= {col.STATUS: pa.string(), col.REASON: pa.string()}


def part_schema(outcomes: Sequence[str]) -> pa.Schema:
    """Return the columns of a part: of the row, then its outcomes."""
    fields = [pa.field(name, _TYPES[name]) for name in ROW_COLUMNS]
    return pa.schema([*fields, *(pa.field(name, pa.float64()) for name in outcomes)])


def rows_of_failure(unit: "Unit", reason: str) -> pd.DataFrame:
    """Return the rows of a unit that failed as a whole: every outcome is missing."""
    points = unit.points[col.POINT].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            col.POINT: points,
            col.REPLICATION: np.full(len(points), unit.replication, dtype=np.int64),
            col.SEED: np.full(len(points), unit.scenario.run.seed, dtype=np.int64),
            col.STATUS: FAILED,
            col.REASON: reason,
            **dict.fromkeys(unit.outcomes, np.nan),
        }
    )


def fault_in_rows(unit: "Unit", rows: pd.DataFrame) -> str | None:
    """Return what is wrong with the rows that somebody made of a unit; None: nothing."""
    wanted = [*ROW_COLUMNS, *unit.outcomes]
    if list(rows.columns) != wanted:
        return f"its rows have the columns {list(rows.columns)}, not {wanted}"
    if sorted(rows[col.POINT]) != sorted(unit.points[col.POINT]):
        return f"its rows hold {len(rows)} points, which are not the {len(unit.points)} asked for"
    if not rows[col.STATUS].isin([DONE, FAILED]).all():
        return f"its rows have a status that is neither {DONE!r} nor {FAILED!r}"
    return None


def write_part(path: Path, unit: "Unit", rows: pd.DataFrame) -> None:
    """Write the rows of a unit, whole or not at all."""
    table = _table(unit, rows)
    about = {
        "key": unit.key,
        "asked": asked_hash(unit),
        "rows": table.num_rows,
        "digest": _digest(table),
        "passerby": __version__,
    }
    table = table.replace_schema_metadata({METADATA: json.dumps(about, sort_keys=True)})

    def write(file: object) -> None:
        pq.write_table(
            table,
            file,
            row_group_size=max(1, table.num_rows),
            compression="zstd",
            write_statistics=False,
            write_page_checksum=True,
        )

    write_durably(path, write)


def fault_in_part(path: Path, unit: "Unit", *, same_version: bool = True) -> str | None:
    """Return what is wrong with a part that lies there; None: it is this unit's and sound.

    same_version : whether it must be of this version of the model
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        about = json.loads((table.schema.metadata or {}).get(METADATA, b"{}"))
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        return f"cannot be read ({str(error).splitlines()[0]})"
    faults = (
        (table.schema.remove_metadata() != part_schema(unit.outcomes), "has other columns"),
        (same_version and about.get("key") != unit.key, f"is of unit {about.get('key')}"),
        (about.get("asked") != asked_hash(unit), "answers another question"),
        (
            not table.num_rows == about.get("rows") == len(unit.points),
            f"holds {table.num_rows} rows, not {len(unit.points)}",
        ),
        (about.get("digest") != _digest(table), "its rows do not match their checksum"),
    )
    return next((fault for is_so, fault in faults if is_so), None)


def part_about(path: Path) -> dict[str, object]:
    """Return what a part says of itself; empty if it cannot be read."""
    try:
        found = json.loads((pq.read_schema(path).metadata or {}).get(METADATA, b"{}"))
    except (pa.ArrowException, OSError, ValueError):
        return {}
    return dict(found)


def asked_hash(unit: "Unit") -> str:
    """Return the hash of what a unit asks, whichever version of the model answers."""
    points = unit.points.to_csv(index=False, lineterminator="\n")
    scenario = canonical_json(unit.scenario)
    options = json.dumps(unit.options, default=_as_tree, sort_keys=True)
    text = "\n".join([scenario, str(unit.replication), points, options, *unit.outcomes])
    return sha256(text.encode()).hexdigest()[:16]


def _as_tree(section: BaseModel) -> Any:
    return section.model_dump(mode="json")


def _table(unit: "Unit", rows: pd.DataFrame) -> pa.Table:
    ordered = rows.sort_values(col.POINT, kind="stable")
    schema = part_schema(unit.outcomes)
    return pa.Table.from_pandas(ordered, schema=schema, preserve_index=False)


def _digest(table: pa.Table) -> str:
    """Return a hash of a table's values; missing numbers are all alike."""
    digest = sha256()
    for name in table.column_names:
        values = table.column(name)
        digest.update(f"{name}\0{values.type}\0".encode())
        if pa.types.is_string(values.type):
            digest.update("\0".join(values.to_pylist()).encode())
        else:
            numbers = values.to_numpy()
            if numbers.dtype.kind == "f":
                numbers = np.where(np.isnan(numbers), np.nan, numbers)
            digest.update(numbers.tobytes())
    return digest.hexdigest()
