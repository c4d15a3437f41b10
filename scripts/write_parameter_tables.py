"""Write docs/model/parameters.md: the evidence register and its disagreements as tables.

    python scripts/write_parameter_tables.py

State: none.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.evidence.alternatives import Alternative, alternatives
from sim.evidence.register import Entry, register
from sim.scenario.beliefs import PRESET_FAMILIES

TARGET = Path(__file__).resolve().parents[1] / "docs" / "model" / "parameters.md"

FAMILIES = {  # what the entries of a family are about
    "walk": "How people walk (`walk.md`, `anticipation.md`)",
    "arrivals": "Who comes when (`arrivals.md`)",
    "crowd": "Who they are (`arrivals.md`, `looks.md`)",
    "camera": "What a camera can use (`looks.md`)",
    "calibration": "Constants computed from the reference deployment (`calibration.md`)",
    "error_model": "How often the matcher errs (`anchors.md`)",
    "demographics": "How false matches differ between groups (`matching.md`)",
    "matching": "From a usable face to an alert (`matching.md`)",
    "response": "From an alert to an outcome (`response.md`)",
    "exposure": "One person's year (`exposure.md`)",
}
ENTRY_COLUMNS = ("name", "value", "low to high", "unit", "grade", "source", "where", "disputed by")
READING_COLUMNS = ("figure", "account", "value", "who says so", "where", "used")

_HEAD = """# Parameters

Every number that the model believes, as the evidence register has it, and every figure of which
there is more than one published account. Written by `scripts/write_parameter_tables.py` from
`sim/evidence/register.csv` and `sim/evidence/data/alternatives.csv`; change those and write it
again. What the grades mean, and which constants are no entries: `evidence.md`. A single entry:
`passerby evidence NAME`.
"""

_DISAGREEMENTS = """## Figures of which there is more than one account

*Used* marks the account that the model, its tables or its tests rest on; where none is marked, none
of them is. Where a figure stands behind an entry, `passerby evidence ENTRY` prints the command by
which a scenario takes another account.
"""


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    entries = list(register().values())
    for family, title in FAMILIES.items():
        parts.append(f"## {title}\n")
        own = [entry for entry in entries if entry.name.split(".")[0] == family]
        for preset, rows in _presets(family, own).items():
            if preset:
                parts.append(f"### `{preset}`\n")
            parts.append(_table(ENTRY_COLUMNS, map(_entry_cells, rows)))
    parts += [_DISAGREEMENTS, _table(READING_COLUMNS, _reading_rows(alternatives()))]
    return "\n".join(parts)


def _presets(family: str, entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the entries of a family by preset; under an empty name where it has none."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        preset = entry.name.split(".")[1] if family in PRESET_FAMILIES else ""
        found.setdefault(preset, []).append(entry)
    return found


def _entry_cells(entry: Entry) -> tuple[str, ...]:
    span = "fixed" if entry.low == entry.high else f"{entry.low:g} to {entry.high:g}"
    return (
        f"`{entry.name}`",
        f"{entry.value:g}",
        span,
        entry.unit,
        entry.grade,
        _sourced(entry.source, entry.year),
        entry.where,
        entry.disputed_by,
    )


def _reading_rows(readings: Iterable[Alternative]) -> Iterable[tuple[str, ...]]:
    for reading in readings:
        value = "" if reading.value is None else f"{reading.value:.10g}"
        if reading.unit not in ("1", "place"):
            value = f"{value} {reading.unit}"
        if reading.entry_value is not None:
            value = f"{value}; `{reading.entry}` = {reading.entry_value:g}"
        yield (
            reading.figure,
            reading.reading,
            value,
            _sourced(reading.who, reading.year),
            reading.where,
            "used" if reading.used else "",
        )


def _sourced(who: str, year: int | None) -> str:
    return who if year is None or str(year) in who else f"{who} ({year})"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(TARGET)
