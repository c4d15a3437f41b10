"""The table of a study's points: CSV or Parquet, a column a lever or uncertainty.

A column ``point`` may be there, as in a design that was written before; it must count from 0.

State: none.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim import columns as col
from sim.errors import ScenarioError
from sim.scenario.beliefs import Beliefs
from sim.scenario.field_changes import is_walk_field, with_changes
from sim.scenario.schema import Scenario
from sim.scenario.yaml_safe import read_text
from sim.studies.define.study_faults import first_of, meant
from sim.studies.define.study_levers import Lever

LARGEST_BYTES = 256 * 2**20
MOST_FAULTS = 20
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")

Cell = Callable[[Any], tuple[Any, str]]  # cell -> value, or what is wrong with it


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table as it was read: column -> cells; ``at`` says where a row is."""

    cells: Mapping[str, Sequence[Any]]
    count: int
    at: Callable[[int], str]


def read_points(
    path: Path,
    levers: Sequence[Lever],
    uncertainties: Sequence[str],
    *,
    base: Scenario,
    believed: Beliefs,
) -> pd.DataFrame:
    """Return the points of a table as ``design`` has them; raise all faults, at most twenty.

    levers, uncertainties : sorted; entries by their full names
    """
    rows = _parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _csv(path)
    columns, faults = _columns(path, rows, levers, uncertainties, believed)
    if faults:
        raise ScenarioError(faults)
    found: dict[str, Any] = {}
    for lever in levers:
        found[lever.field], more = _converted(rows, columns[lever.field], _lever_cell(lever))
        faults += more or _limits(rows, columns[lever.field], lever, found[lever.field], base)
    for name in uncertainties:
        cell = _uncertainty_cell(name, believed)
        found[name], more = _converted(rows, columns[name], cell)
        faults += more
    if col.POINT in rows.cells:
        faults += _point_faults(rows)
    if faults:
        raise ScenarioError(first_of(faults, MOST_FAULTS, "cells at fault"))
    table = {name: pd.Series(cells).to_numpy() for name, cells in found.items()}
    return pd.DataFrame({col.POINT: np.arange(rows.count, dtype=np.int64), **table})


def _csv(path: Path) -> _Rows:
    text = read_text(path, largest=LARGEST_BYTES, kind="a table of points")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise ScenarioError(
                    [
                        f"{path}:{reader.line_num}: has {len(cells)} cells; the first line names "
                        f"{len(header)} columns"
                    ]
                )
            rows.append(cells)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise ScenarioError([f"{path}:{reader.line_num}: not CSV: {error}"]) from None
    _check_header(path, header, len(rows))
    columns = {name: [row[place].strip() for row in rows] for place, name in enumerate(header)}
    return _Rows(columns, len(rows), lambda row: f"{path}:{lines[row]}")


def _parquet(path: Path) -> _Rows:
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise ScenarioError(
                [f"{path}: {size:,} bytes; a table of points may have {LARGEST_BYTES:,} at most"]
            )
        table = pq.read_table(path)
    except FileNotFoundError:
        raise ScenarioError([f"{path}: no such file"]) from None
    except (pa.ArrowException, OSError) as error:
        raise ScenarioError([f"{path}: not Parquet: {str(error).splitlines()[0]}"]) from None
    _check_header(path, table.column_names, table.num_rows)
    cells = {name: table.column(name).to_pylist() for name in table.column_names}
    return _Rows(cells, table.num_rows, lambda row: f"{path}: row {row + 1}")


def _check_header(path: Path, header: Sequence[str], rows: int) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise ScenarioError([f"{path}: the column '{name}' is there twice" for name in twice])
    if not header or not rows:
        raise ScenarioError(
            [f"{path}: holds no points; the first row names the columns, each other is a point"]
        )


def _columns(
    path: Path,
    rows: _Rows,
    levers: Sequence[Lever],
    uncertainties: Sequence[str],
    believed: Beliefs,
) -> tuple[dict[str, str], list[str]]:
    """Return which column holds which lever or uncertainty, and what is wrong with the header."""
    wanted = [*(lever.field for lever in levers), *uncertainties]
    columns: dict[str, str] = {}
    faults = []
    for name in rows.cells:
        full = name if name in wanted else believed.full_name(name)
        if full in columns:
            faults.append(f"{path}: the columns '{columns[full]}' and '{name}' are the same entry")
        elif full in wanted:
            columns[full] = name
        elif name != col.POINT:
            faults.append(
                f"{path}: the column '{name}' is neither a lever nor an uncertainty of the "
                f"study{meant(name, wanted)}"
            )
    faults += [
        f"{path}: has no column '{name}', which the study varies"
        for name in wanted
        if name not in columns
    ]
    return columns, faults


def _converted(rows: _Rows, column: str, cell: Cell) -> tuple[list[Any], list[str]]:
    """Return the values of a column, and what is wrong with its cells."""
    values, faults = [], []
    for row, given in enumerate(rows.cells[column]):
        value, words = cell(given)
        if words:
            faults.append(f"{rows.at(row)}: {column}: {words}; found {_shown(given)}")
        values.append(value)
    return values, faults


def _lever_cell(lever: Lever) -> Cell:
    """Return what reads one cell of a lever's column."""
    match lever.kind:
        case "options":
            return lambda given: _one_of(given, list(lever.options or ()))
        case "range":
            return lambda given: _within(given, lever.low, lever.high, whole=lever.whole)
        case "values":
            return lambda given: _one_of(_as_value(given, lever), list(lever.values))
        case _:
            return lambda given: _open(given, lever)


def _uncertainty_cell(name: str, believed: Beliefs) -> Cell:
    entry = believed.entry(name)
    return lambda given: _within(given, entry.low, entry.high, whole=False)


def _within(given: Any, low: float, high: float, *, whole: bool) -> tuple[Any, str]:
    value = _number(given, whole=whole)
    kind = "whole number" if whole else "number"
    if value is None or not low <= value <= high:
        return 0, f"must be a {kind} from {low:g} to {high:g}"
    return value, ""


def _one_of(given: Any, allowed: Sequence[Any]) -> tuple[Any, str]:
    if isinstance(given, (bool, int, float, str)) and given in allowed:
        return given, ""
    return allowed[0], f"must be one of {', '.join(str(one) for one in allowed)}"


def _open(given: Any, lever: Lever) -> tuple[Any, str]:
    value = _as_value(given, lever)
    if isinstance(value, (bool, int, float, str)):
        return value, ""
    kind = "a whole number" if lever.whole else "a number, a text, true or false"
    return 0, f"must be {kind}"


def _as_value(given: Any, lever: Lever) -> Any:
    """Return a cell as a value: a number where it can be one, true or false, or text."""
    if lever.whole:
        return _number(given, whole=True)
    if isinstance(given, bool) or given is None or given == "":
        return given or (None if given is not False else False)
    number = _number(given, whole=False)
    if number is not None:
        return number
    return {"true": True, "false": False}.get(str(given).lower(), given)


def _number(given: Any, *, whole: bool) -> Any:
    """Return a cell as a finite number; None if it is none."""
    if isinstance(given, bool):
        return None
    if whole and isinstance(given, str):
        return int(given) if _WHOLE.match(given) else None
    try:
        value = float(given)
    except (TypeError, ValueError):
        return None
    if not isfinite(value) or (whole and not value.is_integer()):
        return None
    return int(value) if whole else value


def _limits(
    rows: _Rows, column: str, lever: Lever, values: Sequence[Any], base: Scenario
) -> list[str]:
    """Return what the scenario does not take of an open lever's values.

    Of numbers the two ends are tried: what a field allows is an interval. Numbers that change the
    walk are tried when the walks are made, beside the others of their point.
    """
    if lever.kind != "open":
        return []
    distinct = list(dict.fromkeys(values))
    numbers = [value for value in distinct if _number(value, whole=False) is not None]
    tried = [value for value in distinct if _number(value, whole=False) is None]
    if numbers and not is_walk_field(lever.field):
        tried += dict.fromkeys([min(numbers), max(numbers)])
    faults = []
    for value in tried:
        start = f"{rows.at(values.index(value))}: {column}"
        try:
            with_changes(base, {lever.field: value}, origin=start)
        except ScenarioError as error:
            own = f"{start}: {lever.field}: "
            faults += [fault.replace(own, f"{start}: ") for fault in error.faults]
    return faults


def _point_faults(rows: _Rows) -> list[str]:
    cells = rows.cells[col.POINT]
    wrong = [row for row, given in enumerate(cells) if _number(given, whole=True) != row]
    return [
        f"{rows.at(row)}: {col.POINT}: must count the rows from 0, here {row}; found "
        f"{_shown(cells[row])}"
        for row in wrong[:1]
    ]


def _shown(given: Any) -> str:
    return "nothing" if given is None or given == "" else repr(given)
