"""A force's log of deployments: what a row holds, read from CSV, with every fault by its line.

One row a deployment; a blank was not recorded and is never read as 0.

State: none.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import SimError

LARGEST_FAULT_LIST = 20
LARGEST_COUNT = 10**9
COUNTS = ("watchlist_size", "faces_seen", "alerts", "true_alerts", "false_alerts", "arrests")
ENGAGED = ("true_alerts_engaged", "false_alerts_engaged")
OUTCOMES = ("alerts", "true_alerts", "false_alerts", "arrests")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_GROUP_CLAIM = re.compile(r"(?:alerts|true_alerts|false_alerts|stops|arrests)_(\w+)")


class LogColumn(NamedTuple):
    """A column of a log: what it holds, and an example."""

    meaning: str
    example: str


LOG_COLUMNS: dict[str, LogColumn] = {
    "id": LogColumn("the force's own number or name of the deployment; each once", "D-001"),
    "date": LogColumn("day it began, YYYY-MM-DD", "2024-10-05"),
    "place": LogColumn("street and town, parts divided by commas", "North End, Croydon"),
    "hours": LogColumn("hours the cameras ran", "5.5"),
    "threshold": LogColumn("score from which the system alerts, 0 to 1", "0.64"),
    "watchlist_size": LogColumn("people on the list", "15500"),
    "faces_seen": LogColumn("faces that the system took, all of them", "11200"),
    "faces_seen_unreliable": LogColumn("1 if faces_seen counts something else; else 0", "0"),
    "alerts": LogColumn("alerts, true and false", "9"),
    "true_alerts": LogColumn("alerts on somebody who is on the list", "8"),
    "false_alerts": LogColumn("alerts on somebody else", "1"),
    "true_alerts_engaged": LogColumn("true alerts that officers acted on", "7"),
    "false_alerts_engaged": LogColumn("false alerts that officers acted on", "1"),
    "arrests": LogColumn("arrests after an alert", "3"),
    "source": LogColumn("where the row comes from", "deployment log"),
}


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read.

    name     : the file, or what it is called in messages
    rows     : columns of LOG_COLUMNS; numbers float64, nan where blank; date datetime64, NaT
    warnings : what is allowed but may not be meant
    """

    name: str
    rows: pd.DataFrame
    warnings: tuple[str, ...] = ()


def template() -> str:
    """Return an empty log: the header, and one row as an example to be deleted."""
    lines = [",".join(LOG_COLUMNS)]
    lines.append(",".join(_quoted(column.example) for column in LOG_COLUMNS.values()))
    return "\n".join(lines) + "\n"


def read_log(path: Path) -> Log:
    """Read a log; raise SimError with every fault and its line."""
    header, lines, numbers = _cells(path)
    faults = _header_faults(path, header)
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
    if not faults:
        faults += _row_faults(rows, path, line)
    if faults:
        raise SimError("\n".join(_shortened(faults)))
    return Log(str(path), rows, tuple(_doubts(rows, path, line)))


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
        Log(f"{log.name} before {day}", first.reset_index(drop=True), log.warnings),
        Log(f"{log.name} from {day}", second.reset_index(drop=True), log.warnings),
    )


def _cells(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Return header, rows of text, and the line on which each row ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
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
    except OSError as error:
        raise SimError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SimError(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from None
    except csv.Error as error:
        raise SimError(f"{path}, line {reader.line_num}: is not CSV: {error}") from None
    if not header:
        raise SimError(f"{path}: is empty; `passerby record --template` prints a log to fill in")
    if ragged:
        raise SimError("\n".join(_shortened(ragged)))
    return header, lines, numbers


def _header_faults(path: Path, header: list[str]) -> list[str]:
    faults = [
        f"{path}, line 1: column '{name}' stands twice"
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    for name in header:
        if name in LOG_COLUMNS:
            continue
        claim = _GROUP_CLAIM.fullmatch(name)
        if claim and name not in ENGAGED:
            faults.append(
                f"{path}, line 1: column '{name}' counts a group whose denominator is not in the "
                f"log: how many {claim[1]} people walked past is needed before any rate or "
                "disparity can be told; leave the column out"
            )
            continue
        near = get_close_matches(name, LOG_COLUMNS, n=1)
        meant = f"; meant: {near[0]}?" if near else ""
        faults.append(
            f"{path}, line 1: unknown column '{name}'{meant} (columns: {', '.join(LOG_COLUMNS)})"
        )
    if not faults and not {"alerts", "true_alerts"} & set(header):
        faults.append(f"{path}, line 1: needs a column 'alerts' or 'true_alerts'; none was found")
    return faults


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
    whole = column in COUNTS or column in ENGAGED
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


def _row_faults(rows: pd.DataFrame, path: Path, line: "np.ndarray") -> list[str]:
    faults = []
    total = rows["true_alerts"] + rows["false_alerts"]
    for row in np.flatnonzero(rows["alerts"].notna() & total.notna() & (rows["alerts"] != total)):
        true, false, both = rows.loc[row, ["true_alerts", "false_alerts", "alerts"]].astype(int)
        faults.append(
            f"{path}, line {line[row]}: alerts {both} is not true_alerts {true} plus "
            f"false_alerts {false}"
        )
    for part, whole in (
        ("true_alerts", "alerts"),
        ("false_alerts", "alerts"),
        ("true_alerts_engaged", "true_alerts"),
        ("false_alerts_engaged", "false_alerts"),
        ("alerts", "faces_seen"),
    ):
        too_many = rows[part] > rows[whole]
        if whole == "faces_seen":
            too_many &= ~rows["faces_seen_unreliable"]
        faults += [
            f"{path}, line {line[row]}: {part} {rows[part].iloc[row]:g} is more than {whole} "
            f"{rows[whole].iloc[row]:g}"
            for row in np.flatnonzero(too_many)
        ]
    return faults + _repeats(rows, path, line)


def _repeats(rows: pd.DataFrame, path: Path, line: "np.ndarray") -> list[str]:
    """Return rows that stand twice: the same id, or the same in everything."""
    has_id = rows["id"] != ""
    named = has_id & rows["id"].where(has_id).duplicated()
    first = {name: row for row, name in reversed(list(enumerate(rows["id"])))}
    faults = [
        f"{path}, line {line[row]}: id '{rows['id'][row]}' stands already on line "
        f"{line[first[rows['id'][row]]]}"
        for row in np.flatnonzero(named)
    ]
    content = rows.drop(columns=["id", "source"])
    told = content[["date", "place"]].notna().all(axis=1) & (rows["place"] != "")
    same = told & ~named & content.duplicated()
    return faults + [
        f"{path}, line {line[row]}: the same deployment stands on an earlier line"
        for row in np.flatnonzero(same)
    ]


def _doubts(rows: pd.DataFrame, path: Path, line: "np.ndarray") -> Iterable[str]:
    """Yield a warning where the faces an hour of some rows look like a count of something else."""
    rate = rows["faces_seen"] / rows["hours"]
    usable = rate[rate.notna() & (rate > 0) & ~rows["faces_seen_unreliable"]]
    if len(usable) < 5:
        return
    middle = float(usable.median())
    odd = usable[(usable < middle / 8) | (usable > middle * 8)]
    if len(odd):
        where = ", ".join(str(line[row]) for row in odd.index[:LARGEST_FAULT_LIST])
        yield (
            f"{path}: faces seen an hour on line{'s' if len(odd) > 1 else ''} {where} differ more "
            f"than eightfold from the middle of the log ({middle:,.0f}); if the count means "
            "something else there, write 1 under faces_seen_unreliable and hours are used"
        )


def _shortened(faults: list[str]) -> list[str]:
    if len(faults) <= LARGEST_FAULT_LIST:
        return faults
    rest = len(faults) - LARGEST_FAULT_LIST
    return [*faults[:LARGEST_FAULT_LIST], f"and {rest:,} more faults of the same file"]


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell
