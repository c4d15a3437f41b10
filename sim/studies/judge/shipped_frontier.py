"""The study of policies that ships: its averages, what they were made of, and reading them.

One row a policy and draw of what is not known, averaged over the days; enough for
``sim.analysis.frontier`` and ``sim.analysis.ceilings``, at a fortieth of the study's own table.

State: the table, read once.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import columns as col
from sim.analysis.frontier import Frontier, frontier
from sim.analysis.policies import PolicyTable, averaged_points, policy_table
from sim.errors import SimError
from sim.scenario.identity import canonical_json
from sim.scenario.load import scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.storage.provenance import MANIFEST
from sim.storage.shipped_tables import TableFile, table_content
from sim.studies.define.study import load_study
from sim.studies.judge.run_study import RATIOS, opened_study

STUDY = "oxford_policies"
FILE = TableFile("sim.studies.judge", "frontier.parquet", "scripts/write_frontier_table.py")
OUTCOMES = (
    col.TRUE_ALERTS,
    col.MISTAKEN_STOPS,
    col.FALSE_ALERTS,
    col.ARRESTS,
    col.PER_TRUE_MATCH,
    col.DISPARITY,
    col.FACES_USABLE,
    col.STAFF_HOURS,
)
PARTS = tuple(name for name in OUTCOMES if name not in RATIOS)  # the ratio's parts are among them
_COPIED = (
    *("study", "title", "study_hash", "scenario", "scenario_hash", "seed", "commit"),
    *("passerby", "python", "packages", "points", "replications"),
)


class ShippedPolicies(NamedTuple):
    """The policies under every draw, with the frontier of the five objectives.

    base  : the scenario that every policy changes
    about : what the table was made of, keys as in a manifest
    """

    table: PolicyTable
    frontier: Frontier
    base: Scenario
    about: Mapping[str, Any]

    def scenario(self, place: int) -> Scenario:
        """Return the base with one policy on it."""
        tree = json.loads(canonical_json(self.base))
        for field, value in self.table.policy(place).items():
            *path, last = field.split(".")
            branch = tree
            for step in path:
                branch = branch[step]
            branch[last] = value
        return scenario_from_mapping(tree, origin=f"policy {place} of {self.about['study']}")


def averages_of(folder: Path) -> bytes:
    """Return the file that ships, made from a study's folder; an unfinished study is refused."""
    ran = opened_study(folder, "frontier")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["finished"] is None or manifest["finished"]["failed_rows"]:
        raise SimError(f"{folder}: not finished, or with failed rows: nothing to ship")
    levers, others = ran.policy_levers, ran.drawn_names
    points, _ = averaged_points(ran.results, [*levers, *others], outcomes=PARTS, ratios={})
    draw = points.groupby(others, sort=False).ngroup().to_numpy(dtype=np.int16)
    rows = points[levers].assign(**{col.DRAW: draw})
    rows = rows.join(points[list(PARTS)].astype(np.float32))
    about = {key: manifest[key] for key in _COPIED}
    about |= {"date": manifest["finished"]["date"], "levers": levers, "unknowns": others}
    return table_content(
        rows.sort_values([*levers, col.DRAW], ignore_index=True),
        about,
        use_byte_stream_split=list(PARTS),
        use_dictionary=[*levers, col.DRAW],
        version="2.6",
    )


@cache
def shipped_policies() -> ShippedPolicies:
    """Return the policies that ship; not to be changed."""
    rows, about = FILE.read()
    loaded = load_study(STUDY)
    table = table_of(rows, about["levers"])
    return ShippedPolicies(table, frontier(table), loaded.base, about)


def table_of(rows: pd.DataFrame, levers: Sequence[str]) -> PolicyTable:
    """Return the rows of the file by policy and draw."""
    numbered = rows.copy()
    numbered[col.POINT], numbered[col.STATUS] = np.arange(len(rows)), "done"
    return policy_table(
        numbered, levers=levers, others=[col.DRAW], outcomes=OUTCOMES, ratios=RATIOS
    )
