"""A comparison on a terminal: a sentence, what differs, and what it does.

State: none; takes the JSON object of ``compare``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.headline import comparison_headline, days_shown, in_days
from sim.words.numbers import number, people, plain, signed, signed_range
from sim.words.outcomes import outcome
from sim.words.ratios import base_of, ratio_label
from sim.words.terminal_layout import table, titled

COMPARED = (
    "people", "faces_usable", "false_alerts", "true_alerts", "mistaken", "correct", "arrests",
    "officer_hours_on_alerts", "per_true_match",
)  # fmt: skip


def comparison_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return each scenario against the baseline."""
    parts: list[RenderableType] = []
    base, *others = answer["scenarios"]
    for here, other in zip(others, answer["against_baseline"], strict=True):
        title = f"{answer['baseline']} (baseline) against {other['scenario']} (option)"
        parts += [Text(title, style="bold"), Text(comparison_headline(base, here))]
        parts += [Text(other["sentence"]), Text()]
        if other["changed"]:
            parts += [_changes_table(other), Text()]
        parts += [_differences_table(other, days_shown(base, here)), Text()]
    level = 100 * answer["scenarios"][0]["interval_level"]
    note = (
        f"What we do not know: {level:.0f} in 100 draws of the assumptions, the same draws for "
        "both. Counts are expected values."
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


def _differences_table(other: Mapping[str, Any], days: int) -> Group:
    made = table(["", "baseline", "option", "difference", "what we do\nnot know"])
    for name in COMPARED:
        row = other["differences"][name]
        label, times, said = outcome(name).name, days, people
        if name == "per_true_match":
            times = base_of(number(row[side]) for side in ("baseline", "here"))
            label = ratio_label(times).lower()
        elif name == "officer_hours_on_alerts":
            said = plain
        made.add_row(
            label,
            *(_shown(row[side], times, said) for side in ("baseline", "here")),
            "" if row["difference"] is None else signed(times * row["difference"], said),
            ""
            if row["low"] is None
            else signed_range(times * row["low"], times * row["high"], said),
        )
    return titled(f"What it does, {in_days(days)}", made)


def _shown(value: float | None, times: int, said: Callable[[float], str]) -> str:
    return "no ratio" if value is None else said(times * value)
