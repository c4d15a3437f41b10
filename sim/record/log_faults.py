"""What is wrong with the rows of a log, each fault by its line.

State: none.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from sim.record.log_columns import FACES, GroupColumn

LARGEST_FAULT_LIST = 20


def row_faults(
    rows: pd.DataFrame, groups: tuple[GroupColumn, ...], path: Path, line: "np.ndarray"
) -> list[str]:
    """Return counts that contradict each other, and rows that stand twice."""
    faults = []
    total = rows["true_alerts"] + rows["false_alerts"]
    for row in np.flatnonzero(rows["alerts"].notna() & total.notna() & (rows["alerts"] != total)):
        true, false, both = rows.loc[row, ["true_alerts", "false_alerts", "alerts"]].astype(int)
        faults.append(
            f"{path}, line {line[row]}: alerts {both} is not true_alerts {true} plus "
            f"false_alerts {false}"
        )
    for part, whole in (
        ("true_alerts", "alerts"),
        ("false_alerts", "alerts"),
        ("true_alerts_engaged", "true_alerts"),
        ("false_alerts_engaged", "false_alerts"),
        ("alerts", "faces_seen"),
    ):
        too_many = rows[part] > rows[whole]
        if whole == "faces_seen":
            too_many &= ~rows["faces_seen_unreliable"]
        faults += [
            f"{path}, line {line[row]}: {part} {rows[part].iloc[row]:g} is more than {whole} "
            f"{rows[whole].iloc[row]:g}"
            for row in np.flatnonzero(too_many)
        ]
    faults += _group_faults(rows, groups, path, line)
    return faults + _repeats(rows, path, line)


def _group_faults(
    rows: pd.DataFrame, groups: tuple[GroupColumn, ...], path: Path, line: "np.ndarray"
) -> list[str]:
    """Return counts of groups without their denominator, above it, or above the row's total."""
    faults = []
    for group in groups:
        count, faces = rows[group.name], rows[group.denominator]
        faults += [
            f"{path}, line {line[row]}: {group.name} {count[row]:g} has no "
            f"{group.denominator} beside it; write how many were scanned, or leave it blank"
            for row in np.flatnonzero(count.notna() & faces.isna())
        ]
        if group.counts != FACES:
            faults += [
                f"{path}, line {line[row]}: {group.name} {count[row]:g} is more than "
                f"{group.denominator} {faces[row]:g}"
                for row in np.flatnonzero(count > faces)
            ]
    families = {(group.counts, group.heading) for group in groups}
    for total, heading in sorted(families):
        names = [each.name for each in groups if (each.counts, each.heading) == (total, heading)]
        together = rows[names].sum(axis=1)
        is_told = ~rows["faces_seen_unreliable"] if total == FACES else True
        faults += [
            f"{path}, line {line[row]}: {total} by {heading} add to {together[row]:g}, more than "
            f"{total} {rows[total].iloc[row]:g}"
            for row in np.flatnonzero((together > rows[total]) & is_told)
        ]
    return faults


def _repeats(rows: pd.DataFrame, path: Path, line: "np.ndarray") -> list[str]:
    """Return rows that stand twice: the same id, or the same in everything."""
    has_id = rows["id"] != ""
    named = has_id & rows["id"].where(has_id).duplicated()
    first = {name: row for row, name in reversed(list(enumerate(rows["id"])))}
    faults = [
        f"{path}, line {line[row]}: id '{rows['id'][row]}' stands already on line "
        f"{line[first[rows['id'][row]]]}"
        for row in np.flatnonzero(named)
    ]
    content = rows.drop(columns=["id", "source"])
    told = content[["date", "place"]].notna().all(axis=1) & (rows["place"] != "")
    same = told & ~named & content.duplicated()
    return faults + [
        f"{path}, line {line[row]}: the same deployment stands on an earlier line"
        for row in np.flatnonzero(same)
    ]


def doubts(rows: pd.DataFrame, path: Path, line: "np.ndarray") -> Iterable[str]:
    """Yield a warning where the faces an hour of some rows look like a count of something else."""
    rate = rows["faces_seen"] / rows["hours"]
    usable = rate[rate.notna() & (rate > 0) & ~rows["faces_seen_unreliable"]]
    if len(usable) < 5:
        return
    middle = float(usable.median())
    odd = usable[(usable < middle / 8) | (usable > middle * 8)]
    if len(odd):
        where = ", ".join(str(line[row]) for row in odd.index[:LARGEST_FAULT_LIST])
        yield (
            f"{path}: faces seen an hour on line{'s' if len(odd) > 1 else ''} {where} differ more "
            f"than eightfold from the middle of the log ({middle:,.0f}); if the count means "
            "something else there, write 1 under faces_seen_unreliable and hours are used"
        )


def shortened(faults: list[str]) -> list[str]:
    """Return the first faults, and how many more there are."""
    if len(faults) <= LARGEST_FAULT_LIST:
        return faults
    rest = len(faults) - LARGEST_FAULT_LIST
    return [*faults[:LARGEST_FAULT_LIST], f"and {rest:,} more faults of the same file"]
