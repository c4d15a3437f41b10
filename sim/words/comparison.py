"""A comparison on a terminal: a sentence, what differs, and what it does.

State: none; takes the JSON object of ``compare``.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import SMALLEST, plain, whole
from sim.words.outcomes import outcome
from sim.words.terminal_layout import table, titled

COMPARED = (
    "people", "faces_usable", "false_alerts", "true_alerts", "mistaken", "correct", "arrests",
    "officer_hours_on_alerts", "per_true_match",
)  # fmt: skip


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


def _changes_table(other: Mapping[str, Any]) -> Group:
    made = table(["field", "baseline", "here"])
    for column in made.columns:
        column.no_wrap = False
    for row in other["changed"]:
        made.add_row(row["field"], _setting(row["baseline"]), _setting(row["here"]))
    return titled("What differs", made)


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


def _differences_table(other: Mapping[str, Any]) -> Group:
    columns = ["", "baseline", "here", "difference", "what we do\nnot know"]
    made = table(columns)
    for name in COMPARED:
        row = other["differences"][name]
        exact = name in {"people", "faces_usable"}
        made.add_row(
            outcome(name).name,
            _shown(row["baseline"], exact=exact),
            _shown(row["here"], exact=exact),
            "" if row["difference"] is None else _signed(row["difference"], exact=exact),
            "" if row["low"] is None else _signed_interval(row["low"], row["high"]),
        )
    return titled("What it does, expected", made)


def _shown(value: float | None, *, exact: bool) -> str:
    if value is None:
        return "no ratio"
    return whole(round(value)) if exact and value else plain(value)


def _signed(value: float, *, exact: bool = False) -> str:
    if abs(value) < SMALLEST:
        return "almost the same" if value else "same"
    return f"{'+' if value > 0 else '-'}{_shown(abs(value), exact=exact)}"


def _signed_interval(low: float, high: float) -> str:
    if low == high:
        return _signed(low)
    return f"{_signed(low)} to {_signed(high)}"
