"""The density table that ships: where it lies, what it was made of, and reading it.

State: the table, read once.
"""

import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim import __version__
from sim import columns as col
from sim.crowding.density import DRAWS, FOOTFALLS_PER_H, PEOPLE, SEEDS
from sim.errors import SimError
from sim.scenario.identity import scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_folder
from sim.storage.walk_cache import source_hash

PLACE = "high_street"
FILE = "density.parquet"
_ABOUT = b"passerby"
_TEXTS = (col.SEX, col.AGE_BAND, col.ERROR_MODEL, col.MEASURE)


class DensityTable(NamedTuple):
    """The table, and what it was made of."""

    rows: pd.DataFrame
    about: Mapping[str, Any]


def density_scenario() -> Scenario:
    """Return the scenario whose street the table is about."""
    return load_scenario(shipped_folder() / f"{PLACE}.yaml")


def about_table(scenario: Scenario) -> dict[str, Any]:
    """Return what a table made now would be made of."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario_hash(scenario),
        "source": source_hash(),
        "seeds": list(SEEDS),
        "footfalls_per_h": list(FOOTFALLS_PER_H),
        "assumption_draws": DRAWS,
        "people": PEOPLE,
        "interval_level": scenario.run.interval_level,
        "passerby": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def table_content(rows: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    """Return the table as Parquet, with what it was made of in its metadata."""
    told = rows.astype(dict.fromkeys(_TEXTS, "category"))
    table = pa.Table.from_pandas(told, preserve_index=False)
    text = json.dumps(about, sort_keys=True, ensure_ascii=False)
    table = table.replace_schema_metadata({_ABOUT: text.encode()})
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd", compression_level=19)
    return sink.getvalue()


def read_content(content: bytes) -> DensityTable:
    """Return a table from its bytes; raises ``SimError`` where they are no such table."""
    try:
        table = pq.read_table(BytesIO(content))
        about = json.loads(table.schema.metadata[_ABOUT])
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError):
        raise SimError(
            f"{FILE} is damaged or of another kind; scripts/write_density_table.py writes it again"
        ) from None
    rows = table.to_pandas()
    for name in _TEXTS:
        rows[name] = rows[name].astype("str").where(rows[name].notna(), None)
    return DensityTable(rows, about)


def shipped_file() -> Path:
    """Return where the table lies."""
    return Path(str(files("sim.crowding").joinpath(FILE)))


@cache
def shipped_table() -> DensityTable:
    """Return the table that ships; not to be changed."""
    path = shipped_file()
    if not path.exists():
        raise SimError(f"{FILE} is not there; scripts/write_density_table.py writes it")
    return read_content(path.read_bytes())
