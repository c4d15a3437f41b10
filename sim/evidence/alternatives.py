"""Figures of which there is more than one published account, each account kept.

One row a *reading* of a *figure*. Of the readings of a figure at most one is what the model rests
on. Where a figure stands behind an entry of the register, a reading says what the entry would be;
a scenario chooses it like any other value.

State:    the parsed table, read once at first use and never changed.
Evidence: docs/model/evidence.md, section "Where accounts disagree".
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite

from sim.errors import EvidenceError
from sim.evidence.register import register

FIELDS = (
    "figure", "reading", "value", "unit", "who", "year", "where", "changes", "used", "entry",
    "entry_value",
)  # fmt: skip
USED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One account of a figure.

    value       : in ``unit``; None where the account is no number, a place
    who, year   : who says so, and the year of that source; None if it gives none
    where       : place in the source, or what exactly was counted
    changes     : what in the model would move
    used        : whether the model rests on this reading
    entry       : entry of the register behind which the figure stands; empty if none
    entry_value : what the entry would be under this reading; None without an entry
    """

    figure: str
    reading: str
    value: float | None
    unit: str
    who: str
    year: int | None
    where: str
    changes: str
    used: bool
    entry: str
    entry_value: float | None


@cache
def alternatives() -> tuple[Alternative, ...]:
    """Return every reading, in the order of the file."""
    text = files("sim.evidence").joinpath("data", "alternatives.csv").read_text(encoding="utf-8")
    return parse_alternatives(list(csv.DictReader(text.splitlines())))


def alternatives_of(entry: str) -> tuple[Alternative, ...]:
    """Return the readings of all figures that stand behind an entry of the register."""
    return tuple(found for found in alternatives() if found.entry == entry)


def parse_alternatives(rows: Iterable[dict[str, str]]) -> tuple[Alternative, ...]:
    """Return the readings of ``rows``; names every fault in one ``EvidenceError``."""
    found: list[Alternative] = []
    faults: list[str] = []
    for row in rows:
        try:
            found.append(_parsed(row))
        except ValueError as error:
            faults.append(f"{row['figure']}, {row['reading']}: {error}")
    faults += _figure_faults(found)
    if faults:
        raise EvidenceError("\n".join(f"alternatives: {fault}" for fault in faults))
    return tuple(found)


def _parsed(row: dict[str, str]) -> Alternative:
    for field in ("figure", "reading", "unit", "who", "where", "changes"):
        if not row[field]:
            raise ValueError(f"{field} is missing")
    if row["used"] not in USED:
        raise ValueError(f"used '{row['used']}' is not one of {', '.join(USED)}")
    if row["entry"] and row["entry"] not in register():
        raise ValueError(f"entry '{row['entry']}' is not in the evidence register")
    if bool(row["entry"]) != bool(row["entry_value"]):
        raise ValueError("entry and entry_value go together")
    value, entry_value = (_number(row[field]) for field in ("value", "entry_value"))
    if row["used"] == "yes" and entry_value is not None:
        registered = register()[row["entry"]].value
        if entry_value != registered:
            raise ValueError(f"is used, but the register has {registered:g}, not {entry_value:g}")
    return Alternative(
        figure=row["figure"],
        reading=row["reading"],
        value=value,
        unit=row["unit"],
        who=row["who"],
        year=int(row["year"]) if row["year"] else None,
        where=row["where"],
        changes=row["changes"],
        used=USED[row["used"]],
        entry=row["entry"],
        entry_value=entry_value,
    )


def _number(text: str) -> float | None:
    if not text:
        return None
    number = float(text)
    if not isfinite(number):
        raise ValueError("value and entry_value must be finite")
    return number


def _figure_faults(found: list[Alternative]) -> list[str]:
    """Return what is wrong with the readings of one figure side by side."""
    faults = []
    for figure in dict.fromkeys(reading.figure for reading in found):
        readings = [reading for reading in found if reading.figure == figure]
        names = [reading.reading for reading in readings]
        if len(readings) < 2:
            faults.append(f"{figure}: one reading is no disagreement")
        if len(set(names)) < len(names):
            faults.append(f"{figure}: a reading is there twice")
        if len({reading.unit for reading in readings}) > 1:
            faults.append(f"{figure}: readings have different units")
        if sum(reading.used for reading in readings) > 1:
            faults.append(f"{figure}: more than one reading is used")
    return faults
