"""Which numbers the headline leans on, on a terminal: a tornado in words.

State: none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import SMALLEST, counted, plain
from sim.words.terminal_layout import table, titled

SHOWN = 12
_NOTHING = 1.01  # a swing below it is not shown


def trace_table(rows: Sequence[Mapping[str, Any]], headline: float) -> RenderableType:
    """Return the entries that move mistaken stops per true match most.

    rows : as of ``run --trace --json``, the largest swing first
    """
    moving = [row for row in rows if row["swing"] is None or row["swing"] > _NOTHING]
    made = table(["number", "over its range", "the ratio goes", "grade"])
    for column, wraps in zip(made.columns, (False, True, False, True), strict=True):
        column.no_wrap, column.vertical = not wraps, "top"
    for row in moving[:SHOWN]:
        made.add_row(
            _short(row["name"]),
            f"{_end(row['low'])} to {_end(row['high'])}",
            f"{_ratio(row['ratio_at_low'])} to {_ratio(row['ratio_at_high'])}",
            row["grade"],
        )
    rest = len(rows) - min(len(moving), SHOWN)
    return Group(
        Text(),
        titled(
            f"What the ratio leans on: {plain(headline)} mistaken stops per true match; "
            "each number moved alone",
            made,
        ),
        Text(
            f"{counted(rest, 'more number')} moved it less, or not at all; --json lists them all, "
            "with their sources.",
            style="dim",
        ),
    )


def _short(name: str) -> str:
    """Return a name without its preset, which the tables above have named."""
    family, *preset, entry = name.split(".")
    return f"{family}.{entry}" if preset else name


def _end(value: float) -> str:
    """Return an end of a range; one that is small stays a number, as in the register."""
    return f"{value:.2g}" if 0 < abs(value) < SMALLEST else plain(value)


def _ratio(value: float | None) -> str:
    return "no match" if value is None else plain(value)
