"""Tables that ship with the program: Parquet with what it was made of, beside the module it serves.

State: the file system.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim.errors import SimError

_ABOUT = b"passerby"


class ShippedTable(NamedTuple):
    """A table, and what it was made of."""

    rows: pd.DataFrame
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where a table lies: a package and a file in it; and the script that writes it."""

    package: str
    name: str
    script: str

    @property
    def path(self) -> Path:
        """The file."""
        return Path(str(files(self.package).joinpath(self.name)))

    def read(self, path: Path | None = None) -> ShippedTable:
        """Return the table, or one of its kind elsewhere; ``SimError`` where it is none."""
        try:
            content = (path or self.path).read_bytes()
        except FileNotFoundError:
            raise SimError(f"{self.name} is not there; {self.script} writes it") from None
        try:
            table = pq.read_table(BytesIO(content))
            return ShippedTable(table.to_pandas(), json.loads(table.schema.metadata[_ABOUT]))
        except (pa.ArrowInvalid, KeyError, TypeError, ValueError):
            raise SimError(
                f"{self.name} is damaged or of another kind; {self.script} writes it again"
            ) from None


def table_content(rows: pd.DataFrame, about: Mapping[str, Any], **how: Any) -> bytes:
    """Return a table as Parquet, with what it was made of in its metadata.

    how : more settings of the Parquet writer
    """
    table = pa.Table.from_pandas(rows, preserve_index=False)
    text = json.dumps(about, sort_keys=True, ensure_ascii=False)
    sink = BytesIO()
    pq.write_table(
        table.replace_schema_metadata({_ABOUT: text.encode()}),
        sink,
        compression="zstd",
        compression_level=19,
        **how,
    )
    return sink.getvalue()
