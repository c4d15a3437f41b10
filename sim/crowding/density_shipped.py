"""The density table that ships: of which street, what it was made of, and reading it.

State: the table, read once.
"""

import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd

from sim import __version__
from sim import columns as col
from sim.crowding.density import DRAWS, FOOTFALLS_PER_H, PEOPLE, SEEDS
from sim.scenario.identity import scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_folder
from sim.storage.shipped_tables import ShippedTable, TableFile, table_content
from sim.storage.walk_cache import source_hash

PLACE = "high_street"
FILE = TableFile("sim.crowding", "density.parquet", "scripts/write_density_table.py")
_TEXTS = (col.SEX, col.AGE_BAND, col.ERROR_MODEL, col.MEASURE)


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


def density_content(rows: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    """Return the bytes of the file that ships."""
    return table_content(rows.astype(dict.fromkeys(_TEXTS, "category")), about)


def read_density(path: Path | None = None) -> ShippedTable:
    """Return the table of a file, or the one that ships, with texts as texts."""
    rows, about = FILE.read(path)
    for name in _TEXTS:
        rows[name] = rows[name].astype("str").where(rows[name].notna(), None)
    return ShippedTable(rows, about)


@cache
def shipped_density() -> ShippedTable:
    """Return the table that ships; not to be changed."""
    return read_density()
