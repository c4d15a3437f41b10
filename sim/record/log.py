"""A force's log of deployments: what a row holds, read from CSV, with every fault by its line.

One row a deployment; a blank was not recorded and is never read as 0.

State: none.
"""

import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.record.log_columns import (
    LOG_COLUMNS,
    GroupColumn,
    group_columns,
    header_faults,
)
from sim.record.log_faults import doubts, row_faults, shortened

LARGEST_COUNT = 10**9
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read.

    name     : the file, or what it is called in messages
    rows     : columns of LOG_COLUMNS; numbers float64, nan where blank; date datetime64, NaT;
               then the columns that count groups
    warnings : what is allowed but may not be meant
    groups   : the columns that count groups
    """

    name: str
    rows: pd.DataFrame
    warnings: tuple[str, ...] = ()
    groups: tuple[GroupColumn, ...] = ()


def read_log(path: Path) -> Log:
    """Read a log; raise SimError with every fault and its line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SimError(f"{path}: cannot be read: {error.strerror}") from None
    return log_of(content, path)


def log_of(content: bytes, path: Path) -> Log:
    """Read a log from the bytes of a file; ``path`` is what messages call it, and is not opened."""
    header, lines, numbers = _cells(content, path)
    faults = header_faults(f"{path}, line 1", header)
    if faults:
        raise SimError("\n".join(faults))
    if not lines:
        raise SimError(f"{path}: has a header and no rows; one row a deployment is needed")
    cells = pd.DataFrame(lines, columns=header, dtype="str").apply(lambda c: c.str.strip())
    line = np.array(numbers)
    rows = pd.DataFrame(index=cells.index)
    for column in LOG_COLUMNS:
        text = cells[column] if column in cells else pd.Series("", index=cells.index, dtype="str")
        if column in {"id", "place", "source"}:
            rows[column] = text
        elif column == "date":
            rows[column] = _dates(text, path, line, faults)
        elif column == "faces_seen_unreliable":
            rows[column] = _flags(text, path, line, faults)
        else:
            rows[column] = _numbers(text, column, path, line, faults)
    groups = group_columns(header)
    for group in groups:
        rows[group.name] = _numbers(cells[group.name], group.name, path, line, faults)
    if not faults:
        faults += row_faults(rows, groups, path, line)
    if faults:
        raise SimError("\n".join(shortened(faults)))
    return Log(str(path), rows, tuple(doubts(rows, path, line)), groups)


def from_table(table: pd.DataFrame, name: str) -> Log:
    """Return the published deployments as a log."""
    rows = pd.DataFrame(index=table.index)
    for column in LOG_COLUMNS:
        if column in {"id", "place", "source"}:
            rows[column] = table[column].astype("str")
        elif column == "date":
            rows[column] = table[column]
        elif column == "faces_seen_unreliable":
            rows[column] = table[column].astype("bool")
        else:
            rows[column] = table[column].astype("Float64").to_numpy("float64", na_value=np.nan)
    return Log(name, rows.reset_index(drop=True))


def split_before(log: Log, day: date) -> tuple[Log, Log]:
    """Return the rows before ``day`` and the rows from it on; rows without a date go nowhere."""
    when = log.rows["date"]
    first, second = log.rows[when < pd.Timestamp(day)], log.rows[when >= pd.Timestamp(day)]
    return (
        replace(log, name=f"{log.name} before {day}", rows=first.reset_index(drop=True)),
        replace(log, name=f"{log.name} from {day}", rows=second.reset_index(drop=True)),
    )


def _cells(content: bytes, path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return header, rows of text, and the line on which each row ends."""
    if b"\0" in content:
        raise SimError(f"{path}: is not UTF-8 text (a zip, a spreadsheet?); save it as CSV UTF-8")
    try:
        with TextIOWrapper(BytesIO(content), encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            lines, numbers, ragged = [], [], []
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    ragged.append(
                        f"{path}, line {reader.line_num}: has {len(cells)} cells, "
                        f"the header has {len(header)}"
                    )
                lines.append(cells)
                numbers.append(reader.line_num)
    except UnicodeDecodeError:
        raise SimError(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise SimError(f"{path}, line {reader.line_num}: is not CSV: {error}") from None
    if not header:
        raise SimError(f"{path}: is empty; `passerby record --template` prints a log to fill in")
    if ragged:
        raise SimError("\n".join(shortened(ragged)))
    return header, lines, numbers


def _dates(text: "pd.Series[str]", path: Path, line: "np.ndarray", faults: list[str]) -> pd.Series:
    found = pd.to_datetime(text.where(text != ""), format="%Y-%m-%d", errors="coerce")
    shaped = text.str.fullmatch(_DATE.pattern)
    bad = (text != "") & (found.isna() | ~shaped)
    faults += [
        f"{path}, line {line[row]}: date '{text[row]}' is not a day written YYYY-MM-DD"
        for row in np.flatnonzero(bad)
    ]
    return found


def _flags(text: "pd.Series[str]", path: Path, line: "np.ndarray", faults: list[str]) -> pd.Series:
    words = text.str.lower()
    bad = ~words.isin(["", "0", "1", "true", "false"])
    faults += [
        f"{path}, line {line[row]}: faces_seen_unreliable '{text[row]}' is not 0 or 1"
        for row in np.flatnonzero(bad)
    ]
    return words.isin(["1", "true"])


def _numbers(
    text: "pd.Series[str]", column: str, path: Path, line: "np.ndarray", faults: list[str]
) -> pd.Series:
    values = pd.to_numeric(text.where(text != ""), errors="coerce").astype("float64")
    whole = column not in {"threshold", "hours"}
    allowed, bad = _range_of(column, values)
    bad = bad | ((text != "") & ~np.isfinite(values)) | (whole & (values % 1 != 0) & values.notna())
    faults += [
        f"{path}, line {line[row]}: {column} '{text[row]}' is not {allowed}"
        for row in np.flatnonzero(bad)
    ]
    return values


def _range_of(column: str, values: pd.Series) -> tuple[str, "pd.Series[bool]"]:
    """Say what a column may hold, and which of its values are beyond it."""
    if column == "threshold":
        return "a score from 0 to 1", (values < 0) | (values > 1)
    if column == "hours":
        return "a number of hours above 0 and up to 24", (values <= 0) | (values > 24)
    return "a whole number, 0 or more", (values < 0) | (values > LARGEST_COUNT)
