"""The register, the shipped scenarios and the calibration on a terminal.

State: none.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.evidence.alternatives import Alternative
from sim.evidence.register import Entry
from sim.words.numbers import chance, whole
from sim.words.terminal_layout import table, titled

COUNTED = {"event", "face", "deployment", "place"}
PRESET_FIELDS = {
    "error_model": "assumptions.error_model",
    "demographics": "assumptions.demographic_preset",
}


def entry_list(entries: Iterable[Entry]) -> Text:
    """Return the evidence register, or a part of it: names are too long for columns."""
    lines = [
        f"{entry.name}\n    {entry.value:g} ({entry.low:g} to {entry.high:g}) {entry.unit}, "
        f"{entry.grade}"
        for entry in entries
    ]
    return Text("\n".join(lines))


def entry_page(entry: Entry, readings: Sequence[Alternative] = ()) -> Text:
    """Return one entry in full, with the other accounts of the figure behind it."""
    lines = [
        f"{entry.name} = {entry.value:g} {entry.unit}  (range {entry.low:g} to {entry.high:g})",
        f"grade:    {entry.grade}",
        f"source:   {entry.source}{f' ({entry.year})' if entry.year else ''}",
        f"where:    {entry.where or 'not said'}",
        f"disputed: {entry.disputed_by or 'nobody that we know of'}",
    ]
    for figure in dict.fromkeys(reading.figure for reading in readings):
        accounts = [reading for reading in readings if reading.figure == figure]
        lines += ["", *_figure_lines(figure, accounts)]
    return Text("\n".join(lines))


def choosing_commands(entry: Entry, readings: Iterable[Alternative]) -> str:
    """Return the command that puts each reading that is not used in the entry's place."""
    lines = []
    for reading in readings:
        if not reading.used and reading.entry_value is not None:
            settings = choosing_settings(entry, reading)
            words = " ".join(f"--set {shlex.quote(setting)}" for setting in settings)
            lines += [f"to take '{reading.reading}':", f"  passerby run SCENARIO {words}"]
    return "\n".join(lines)


def choosing_settings(entry: Entry, reading: Alternative) -> list[str]:
    """Return the settings by which a scenario takes another reading of an entry.

    Its range stays, widened to hold the value where it must be.
    """
    value = reading.entry_value
    if value is None:
        raise ValueError(f"{reading.figure}, {reading.reading}: stands behind no entry")
    family, *rest = entry.name.split(".")
    settings = [f"{PRESET_FIELDS[family]}={rest[0]}"] if family in PRESET_FIELDS else []
    field = f"assumptions.values.{entry.name}"
    settings += [
        f"{field}.value={_yaml_number(value)}",
        f"{field}.why={reading.figure}, {reading.reading}",
    ]
    if value < entry.low:
        settings.append(f"{field}.low={_yaml_number(value)}")
    if value > entry.high:
        settings.append(f"{field}.high={_yaml_number(value)}")
    return settings


def disagreement_note(readings: Sequence[Alternative]) -> Text:
    """Say of how many figures there is more than one account, and how to see them."""
    figures = len({reading.figure for reading in readings})
    return Text(
        f"\nOf {figures} published figures there is more than one account: "
        "passerby evidence disagreements",
        style="dim",
    )


def disagreement_list(readings: Sequence[Alternative]) -> Text:
    """Return every figure of which there is more than one account, with its readings."""
    lines = []
    for figure in dict.fromkeys(reading.figure for reading in readings):
        accounts = [reading for reading in readings if reading.figure == figure]
        lines += [*_figure_lines(figure, accounts), ""]
    return Text("\n".join(lines[:-1]))


def _figure_lines(figure: str, accounts: Sequence[Alternative]) -> list[str]:
    lines = [f"accounts of {figure}"]
    for reading in accounts:
        words = "" if reading.value is None else f": {_with_unit(reading.value, reading.unit)}"
        if reading.entry_value not in (None, reading.value):
            words += f", so {reading.entry_value:g}"
        if reading.used:
            words += " (used here)"
        year = f" ({reading.year})" if reading.year else ""
        lines += [
            f"  {reading.reading}{words}",
            f"    {reading.who}{year}: {reading.where}",
        ]
    return [*lines, f"  changes: {accounts[0].changes}"]


def _with_unit(value: float, unit: str) -> str:
    if value == 0:
        return "none"
    if unit == "1":
        return f"{value:,.10g}"
    return f"{value:,.10g} {unit}{'s' if unit in COUNTED and value != 1 else ''}"


def _yaml_number(value: float) -> str:
    """Return a number as YAML reads one: an exponent needs a point before it."""
    digits, mark, exponent = repr(value).partition("e")
    return digits if not mark else f"{digits}{'' if '.' in digits else '.0'}e{exponent}"


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
