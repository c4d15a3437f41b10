"""The register, the shipped scenarios and the calibration on a terminal.

State: none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.briefing.layout import table, titled
from sim.briefing.words import chance, whole
from sim.evidence.register import Entry


def entry_list(entries: Iterable[Entry]) -> Text:
    """Return the evidence register, or a part of it: names are too long for columns."""
    lines = [
        f"{entry.name}\n    {entry.value:g} ({entry.low:g} to {entry.high:g}) {entry.unit}, "
        f"{entry.grade}"
        for entry in entries
    ]
    return Text("\n".join(lines))


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
    made = table(["name", "what it is for"], left=2)
    made.columns[0].no_wrap = True
    for row in rows:
        made.add_row(row["name"], f"{row['title']}. {row['purpose']}")
    return made


def calibration_table(found: Mapping[str, Any]) -> RenderableType:
    """Return constants and fitted numbers beside the register's, and the targets that they meet."""
    constants = table(["", "computed", "register"])
    targets = table(["", "target", "reached"])
    for name, row in found.items():
        if isinstance(row, dict) and ("register" in row or "target" in row):
            made = constants if "register" in row else targets
            made.add_row(name, *(f"{value:.6g}" for value in row.values()))
    fitted = table(["", "fitted", "95 % interval", "register"])
    for name, row in found["fits"].items():
        fitted.add_row(
            name,
            f"{row['computed']:.3g}",
            f"{row['low']:.2g} to {row['high']:.2g}",
            f"{row['register']:.3g}",
        )
    apart = found["anchors_disagree"]
    people = whole(found["people"])
    return Group(
        titled("Constants", constants),
        Text(),
        titled("Means on the reference deployment", targets),
        Text(),
        Text(
            f"{people} people, mean exposure {found['mean_exposure_s']:.3g} s, "
            f"{chance(found['never_seen_share'])} never seen.",
            style="dim",
        ),
        Text(),
        titled("Fitted to the published record", fitted),
        Text(),
        Text(
            f"The anchors disagree: for {apart['deployments']:.0f} deployments of "
            f"{apart['year']:.0f} the bench test expects {apart['bench_expects']:.0f} false "
            f"alerts, the street fit {apart['street_expects']:.1f}, and "
            f"{apart['false_alerts_logged']:.0f} were logged. Both are shown by every run."
        ),
    )
