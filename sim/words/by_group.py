"""Groups of people on a terminal: who is scanned, matched and stopped, and the ratio of each.

State: none; functions take rows of the key ``by`` of ``run --json``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from sim.groups import HEADINGS
from sim.words.groups import group_name
from sim.words.numbers import counted, ends, plain, upper_end, with_range
from sim.words.terminal_layout import table, titled

NOTE = (
    "Last column: mistaken stops for each right match of that group alone, with what we do not "
    "know in brackets."
)


def by_table(rows: Sequence[Mapping[str, Any]]) -> list[RenderableType]:
    """Return one row a group, in the columns of ``result.by``."""
    headings = [heading for heading in HEADINGS if heading in rows[0]]
    columns = (
        "walk\npast",
        "faces\nusable",
        "right\nmatches",
        "stopped by\nmistake",
        "stopped by mistake\na match",
    )
    made = table([*("" for _ in headings), *columns], left=len(headings))
    for row in rows:
        ratio = row["false_stops_per_true_match"]
        value = upper_end(ratio["low"], ratio["estimate"])
        made.add_row(
            *(group_name(row[heading]) for heading in headings),
            f"{row['people']:,}",
            f"{row['faces_usable']:,}" if row["faces_usable"] else "none",
            plain(row["true_alerts"]["estimate"]),
            plain(row["mistaken_stops"]["estimate"]),
            "no match" if ratio["low"] is None else with_range(value, *ends(ratio)),
        )
    named = " and ".join(heading.replace("_", " ") for heading in headings)
    title = f"{counted(len(rows), 'group')} by {named}"
    return [Text(), titled(title, made), Text(NOTE, style="dim")]
