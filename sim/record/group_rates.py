"""What a log says of groups: rates by faces scanned, against everybody else, with what could show.

Every count has its denominator: how many of the group were scanned (``log_columns``).

State: none.
"""

from typing import Any

import numpy as np

from sim.analysis.disparity import disparity
from sim.analysis.intervals import (
    binomial_disparity,
    events_needed,
    poisson_interval,
    ratio_of_counts_interval,
)
from sim.record.log import Log
from sim.record.log_columns import FACES

TWOFOLD = 2.0


def group_facts(log: Log) -> list[dict[str, Any]]:
    """Return, for each count and heading of the log, one row a group and the disparity in one.

    Added up are the rows that tell of every group of the heading, so that all groups are compared
    over the same deployments.
    """
    families = dict.fromkeys(
        (group.counts, group.heading) for group in log.groups if group.counts != FACES
    )
    return [_family(log, counts, heading) for counts, heading in families]


def _family(log: Log, counts: str, heading: str) -> dict[str, Any]:
    columns = [g for g in log.groups if (g.counts, g.heading) == (counts, heading)]
    names = [name for column in columns for name in (column.name, column.denominator)]
    told = log.rows[names].notna().all(axis=1) & ~log.rows["faces_seen_unreliable"]
    rows = log.rows[told]
    totals = {
        column.group: (int(rows[column.name].sum()), int(rows[column.denominator].sum()))
        for column in columns
    }
    scanned = {group: both for group, both in totals.items() if both[1] > 0}
    events, faces = (sum(both[place] for both in scanned.values()) for place in (0, 1))
    summary: dict[str, Any] = {}
    if len(scanned) > 1 and events:
        found = disparity(
            np.array([both[0] for both in scanned.values()]),
            np.array([both[1] for both in scanned.values()]),
        )
        summary = {
            name: {
                "estimate": one.estimate,
                "low": one.low,
                "high": one.high,
                "bare": one.unshrunk,
            }
            for name, one in found.items()
        }
    return {
        "counts": counts,
        "heading": heading,
        "deployments": len(rows),
        "groups": [_group(group, *totals[group], events, faces) for group in totals],
        "disparity": summary,
    }


def _group(group: str, count: int, faces: int, events: int, everybody: int) -> dict[str, Any]:
    """Return one group: its rate, its ratio to the others, and what these numbers could show."""
    row: dict[str, Any] = {"group": group, "events": count, "faces": faces}
    if faces == 0:
        return row | {"rate": None, "ratio": None, "detectable": None, "needed_for_twofold": None}
    low, high = poisson_interval(count, faces)
    row["rate"] = {"estimate": count / faces, "low": low, "high": high}
    others, other_faces = events - count, everybody - faces
    share = faces / everybody
    row["ratio"] = None
    row["detectable"] = row["needed_for_twofold"] = None
    if other_faces > 0:
        scale = other_faces / faces
        low, high = ratio_of_counts_interval(count, others)
        estimate = count / others * scale if others else None
        row["ratio"] = {"estimate": estimate, "low": low * scale, "high": high * scale}
        row["detectable"] = binomial_disparity(float(events), share)
        row["needed_for_twofold"] = events_needed(share, TWOFOLD)
    return row
