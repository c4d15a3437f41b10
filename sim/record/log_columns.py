"""What a log of deployments may hold: its columns, and columns that count a group.

A *group column* is named after what it counts, a heading and a group:
``false_alerts_ethnicity_black``. It needs its denominator beside it,
``faces_seen_ethnicity_black``: without it no rate and no disparity can be told.

State: none.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

COUNTS = ("watchlist_size", "faces_seen", "alerts", "true_alerts", "false_alerts", "arrests")
ENGAGED = ("true_alerts_engaged", "false_alerts_engaged")
OUTCOMES = ("alerts", "true_alerts", "false_alerts", "arrests")
FACES = "faces_seen"
GROUP_COUNTS = (FACES, *OUTCOMES, *ENGAGED)
_COUNT = "|".join(sorted(GROUP_COUNTS, key=len, reverse=True))
_GROUP = re.compile(rf"({_COUNT})_(?!engaged_)([a-z]+)_(\w+)")
_UNNAMED = re.compile(rf"(?:{_COUNT}|stops)_(\w+)")


class LogColumn(NamedTuple):
    """A column of a log: what it holds, and an example."""

    meaning: str
    example: str


LOG_COLUMNS: dict[str, LogColumn] = {
    "id": LogColumn("the force's own number or name of the deployment; each once", "D-001"),
    "date": LogColumn("day it began, YYYY-MM-DD", "2024-10-05"),
    "place": LogColumn("street and town, parts divided by commas", "North End, Croydon"),
    "hours": LogColumn("hours the cameras ran", "5.5"),
    "threshold": LogColumn("score from which the system alerts, 0 to 1", "0.64"),
    "watchlist_size": LogColumn("people on the list", "15500"),
    "faces_seen": LogColumn("faces that the system took, all of them", "11200"),
    "faces_seen_unreliable": LogColumn("1 if faces_seen counts something else; else 0", "0"),
    "alerts": LogColumn("alerts, true and false", "9"),
    "true_alerts": LogColumn("alerts on somebody who is on the list", "8"),
    "false_alerts": LogColumn("alerts on somebody else", "1"),
    "true_alerts_engaged": LogColumn("true alerts that officers acted on", "7"),
    "false_alerts_engaged": LogColumn("false alerts that officers acted on", "1"),
    "arrests": LogColumn("arrests after an alert", "3"),
    "source": LogColumn("where the row comes from", "deployment log"),
}


class GroupColumn(NamedTuple):
    """A column that counts a group: ``<count>_<heading>_<group>``."""

    name: str
    counts: str
    heading: str
    group: str

    @property
    def denominator(self) -> str:
        """Return the name of the column that says how many of the group were scanned."""
        return f"{FACES}_{self.heading}_{self.group}"


def group_columns(header: Sequence[str]) -> tuple[GroupColumn, ...]:
    """Return the columns of a header that count groups."""
    found = []
    for name in header:
        shaped = _GROUP.fullmatch(name) if name not in LOG_COLUMNS else None
        if shaped:
            found.append(GroupColumn(name, *shaped.groups()))
    return tuple(found)


def header_faults(where: str, header: Sequence[str]) -> list[str]:
    """Return what is wrong with the columns of a log; ``where`` names file and line."""
    faults = [
        f"{where}: column '{name}' stands twice"
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    groups = group_columns(header)
    faults += [
        f"{where}: column '{group.name}' counts {group.group} people and no column "
        f"'{group.denominator}' says how many of them were scanned: without it no rate and "
        "no disparity can be told; a share of the population is no substitute. Add it, or "
        "leave the column out"
        for group in groups
        if group.denominator not in header
    ]
    named = {group.name for group in groups}
    for name in header:
        if name in LOG_COLUMNS or name in named:
            continue
        claim = _UNNAMED.fullmatch(name)
        if claim:
            faults.append(
                f"{where}: column '{name}' counts a group without its heading; write "
                f"'{name.removesuffix(claim[1])}HEADING_{claim[1]}', such as "
                f"'false_alerts_ethnicity_black', and beside it how many were scanned, "
                "'faces_seen_ethnicity_black'"
            )
            continue
        near = get_close_matches(name, LOG_COLUMNS, n=1)
        meant = f"; meant: {near[0]}?" if near else ""
        faults.append(
            f"{where}: unknown column '{name}'{meant} (columns: {', '.join(LOG_COLUMNS)})"
        )
    if not faults and not {"alerts", "true_alerts"} & set(header):
        faults.append(f"{where}: needs a column 'alerts' or 'true_alerts'; none was found")
    return faults


def template() -> str:
    """Return an empty log: the header, and one row as an example to be deleted."""
    lines = [",".join(LOG_COLUMNS)]
    lines.append(",".join(_quoted(column.example) for column in LOG_COLUMNS.values()))
    return "\n".join(lines) + "\n"


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell
