"""The evidence register: every number the model believes, with its range, grade and source.

One row a name in ``register.csv``. *Grade* says what kind of evidence a number is: ``measured``
and ``published aggregate`` come from a named source, ``vendor claim`` and ``campaign count`` from
one with an interest, ``calibrated`` from a fit of ours, and ``assumption`` is a guess.

State:    the parsed register, read once at first use and never changed.
Evidence: docs/model/evidence.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from math import isfinite
from types import MappingProxyType

from sim.errors import EvidenceError

GRADES = (
    "measured",
    "published aggregate",
    "vendor claim",
    "campaign count",
    "assumption",
    "calibrated",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number and what it rests on.

    value, low, high : best value and plausible range, low <= value <= high
    unit             : 1 for a pure number
    grade            : one of ``GRADES``
    source           : who says so; starts with "a guess" where nobody does
    year             : of the source; None if it gives none
    where            : place in the source, or what exactly was measured
    disputed_by      : who has another figure, and which; empty if nobody
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    grade: str
    source: str
    year: int | None
    where: str
    disputed_by: str


def entry(name: str) -> Entry:
    """Return the entry ``name``; a name that is not there is an ``EvidenceError``.

    >>> from sim import evidence_entry
    >>> found = evidence_entry("response.arrest_share")
    >>> found.low <= found.value <= found.high
    True
    """
    found = register().get(name)
    if found is None:
        near = get_close_matches(name, register(), n=1)
        meant = f"; did you mean '{near[0]}'?" if near else ""
        raise EvidenceError(f"evidence register: unknown entry '{name}'{meant}")
    return found


@cache
def register() -> Mapping[str, Entry]:
    """Return all entries by name, in the order of the file."""
    text = files("sim.evidence").joinpath("register.csv").read_text(encoding="utf-8")
    return parse_register(list(csv.DictReader(text.splitlines())))


def parse_register(rows: list[dict[str, str]]) -> Mapping[str, Entry]:
    """Return the entries of ``rows``; names every fault of every row in one ``EvidenceError``."""
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    for row in rows:
        name = row["name"]
        if name in entries:
            faults.append(f"{name}: is there twice")
            continue
        try:
            entries[name] = _parsed(row)
        except ValueError as error:
            faults.append(f"{name}: {error}")
    if faults:
        raise EvidenceError("\n".join(f"evidence register: {fault}" for fault in faults))
    return MappingProxyType(entries)


def _parsed(row: dict[str, str]) -> Entry:
    value, low, high = (float(row[field]) for field in ("value", "low", "high"))
    if not all(isfinite(number) for number in (value, low, high)):
        raise ValueError("value, low and high must be finite")
    if not low <= value <= high:
        raise ValueError(f"value {value:g} is not between low {low:g} and high {high:g}")
    if row["grade"] not in GRADES:
        raise ValueError(f"grade '{row['grade']}' is not one of {', '.join(GRADES)}")
    return Entry(
        name=row["name"],
        value=value,
        low=low,
        high=high,
        unit=row["unit"],
        grade=row["grade"],
        source=row["source"],
        year=int(row["year"]) if row["year"] else None,
        where=row["where"],
        disputed_by=row["disputed_by"],
    )
