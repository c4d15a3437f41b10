"""The register, the shipped scenarios and the calibration on a terminal.

State: none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.briefing.layout import table
from sim.briefing.words import chance, whole
from sim.evidence.register import Entry


def entry_table(entries: Iterable[Entry]) -> Table:
    """Return the evidence register, or a part of it, one row a number."""
    made = table("Evidence", ["name", "value", "range", "unit", "grade"])
    for place in (3, 4):
        made.columns[place].justify = "left"
    for entry in entries:
        made.add_row(
            entry.name,
            f"{entry.value:g}",
            f"{entry.low:g} to {entry.high:g}",
            entry.unit,
            entry.grade,
        )
    return made


def entry_page(entry: Entry) -> Text:
    """Return one entry in full."""
    lines = [
        f"{entry.name} = {entry.value:g} {entry.unit}  (range {entry.low:g} to {entry.high:g})",
        f"grade:    {entry.grade}",
        f"source:   {entry.source}{f' ({entry.year})' if entry.year else ''}",
        f"where:    {entry.where or 'not said'}",
        f"disputed: {entry.disputed_by or 'nobody that we know of'}",
    ]
    return Text("\n".join(lines))


def scenario_table(rows: Iterable[Mapping[str, str]]) -> Table:
    """Return the scenarios that ship, with what each is for."""
    made = table("Scenarios", ["name", "what it is for"], left=2)
    made.columns[0].no_wrap = True
    for row in rows:
        made.add_row(row["name"], f"{row['title']}. {row['purpose']}")
    return made


def calibration_table(found: Mapping[str, Any]) -> RenderableType:
    """Return the two constants beside the register's, and the targets that they meet."""
    constants = table("Constants", ["", "computed", "register"])
    targets = table("Means on the reference deployment", ["", "target", "reached"])
    for name, row in found.items():
        if isinstance(row, dict):
            made = constants if "register" in row else targets
            made.add_row(name, *(f"{value:.6g}" for value in row.values()))
    people = whole(found["people"])
    return Group(
        constants,
        Text(),
        targets,
        Text(),
        Text(
            f"{people} people, mean exposure {found['mean_exposure_s']:.3g} s, "
            f"{chance(found['never_seen_share'])} never seen.",
            style="dim",
        ),
    )
