"""A comparison on a terminal: a sentence, what differs, and what it does.

State: none; takes the JSON object of ``compare``.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.briefing.layout import table
from sim.briefing.words import plain
from sim.experiments.comparison import COMPARED


def comparison_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return each scenario against the baseline."""
    parts: list[RenderableType] = []
    for other in answer["against_baseline"]:
        title = f"{answer['baseline']} (baseline) against {other['scenario']}"
        parts += [Text(title, style="bold"), Text(other["sentence"]), Text()]
        if other["changed"]:
            parts += [_changes_table(other), Text()]
        parts += [_differences_table(other), Text()]
    level = 100 * answer["scenarios"][0]["interval_level"]
    note = (
        f"What we do not know: {level:.0f} in 100 draws of the assumptions, the same draws for "
        "both. Counts are expected values for one deployment."
    )
    return Group(*parts, Text(note, style="dim"))


def _changes_table(other: Mapping[str, Any]) -> Table:
    made = table("What differs", ["field", "baseline", "here"])
    for column in made.columns:
        column.no_wrap = False
    for row in other["changed"]:
        made.add_row(row["field"], _setting(row["baseline"]), _setting(row["here"]))
    return made


def _setting(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case float() | int():
            return f"{value:,.15g}"
        case dict():
            return f"{value['value']:g}" if "value" in value else f"{len(value)} entries"
        case _:
            return str(value)


def _differences_table(other: Mapping[str, Any]) -> Table:
    columns = ["", "baseline", "here", "difference", "what we do\nnot know"]
    made = table("What it does, expected", columns)
    for name, label in COMPARED.items():
        row = other["differences"][name]
        missing = "no ratio" if name == "per_true_match" else "unknown"

        def shown(value: float | None, missing: str = missing) -> str:
            return missing if value is None else plain(value)

        made.add_row(
            label,
            shown(row["baseline"]),
            shown(row["here"]),
            "" if row["difference"] is None else _signed(row["difference"]),
            "" if row["low"] is None else _signed_interval(row["low"], row["high"]),
        )
    return made


def _signed(value: float) -> str:
    return "same" if value == 0 else f"{'+' if value > 0 else '-'}{plain(abs(value))}"


def _signed_interval(low: float, high: float) -> str:
    if low == high:
        return _signed(low)
    return f"{_signed(low)} to {_signed(high)}"
