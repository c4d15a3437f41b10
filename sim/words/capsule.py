"""What was packed into a capsule, and what became of it when it was run again, on a terminal.

State: none; functions take the fields of ``Packed`` and ``Rerun`` as mappings.
"""

from collections.abc import Mapping, Sequence
from math import isfinite, isnan
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import counted
from sim.words.terminal_layout import table

MOST_MOVED_SHOWN = 20


def packed_sentence(packed: Mapping[str, Any]) -> str:
    """Return what was written, in words."""
    size = f"{counted(packed['files'], 'file')}, {packed['file_bytes'] / 1024:,.0f} KiB"
    lines = [f"{packed['file']}: {size}{' (replaced)' if packed['is_replaced'] else ''}"]
    if packed["missing"]:
        lines.append(f"incomplete: {packed['missing']}")
    if packed["left_out"]:
        lines.append(f"left out: {', '.join(packed['left_out'])}")
    return "\n".join(lines)


def rerun_tables(found: Mapping[str, Any]) -> RenderableType:
    """Return whether the same came out, and if not what moved and why, probably."""
    compared = f"{found['title']}: {counted(found['rows'], 'row')} computed again"
    exactly = (
        "exactly" if found["tolerance"] == 0 else f"within {found['tolerance']:g} of each value"
    )
    parts: list[RenderableType] = []
    if found["missing"]:
        parts.append(Text(f"The capsule is incomplete: {found['missing']}."))
    if not (found["moved"] or found["others"]):
        parts.append(Text(f"{compared}. The same {exactly}: every number, in every row."))
        if found["failed"]:
            parts.append(Text(f"{counted(found['failed'], 'row')} failed, then as now."))
        if found["differs"]:
            parts += [Text("That although these differ:")]
            parts += [Text(f"- {words}") for words in found["differs"]]
        return Group(*parts)
    parts += [Text(f"{compared}. NOT the same ({exactly} was asked for)."), Text()]
    if found["moved"]:
        parts += [_moved_table(found["moved"]), Text()]
        worst = max(found["moved"], key=lambda row: row["rows"])
        parts += [Text(f"For example {worst['name']}, {worst['example']}"), Text()]
    parts += [Text(f"Also: {words}.") for words in found["others"]]
    parts.append(Text("Why, the most likely first:"))
    parts += [Text(f"- {words}") for words in found["causes"]]
    return Group(*parts)


def _moved_table(moved: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Return what moved, most rows first."""
    made = table(["moved", "rows", "largest", "share", "missing"])
    for row in sorted(moved, key=lambda row: -row["rows"])[:MOST_MOVED_SHOWN]:
        made.add_row(
            row["name"],
            f"{row['rows']:,} of {row['of']:,}",
            _difference(row["largest"]),
            _difference(row["largest_relative"]),
            f"{row['gone'] + row['come']:,}",
        )
    if len(moved) > MOST_MOVED_SHOWN:
        made.add_row(f"and {len(moved) - MOST_MOVED_SHOWN:,} more", "", "", "", "")
    legend = "largest difference; largest as a share of the value; missing then, or now"
    return Group(made, Text(legend))


def _difference(value: float) -> str:
    if isnan(value):
        return "-"  # words, or no row with a number both times
    return f"{value:.2g}" if isfinite(value) else "infinite"
