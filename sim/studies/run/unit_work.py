"""The work of one unit: its street walked, or taken from the cache, and its points scored on it.

State: the cache of walks; compiled kernels in their cache.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim import columns as col
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path
from sim.storage.durable import locked
from sim.storage.walk_cache import walked
from sim.studies.run.unit_files import DONE, FAILED

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

SMALLEST_WALK = ("street.footfall.people=60.0", "policy.hours=0.25")


def run_unit(unit: "Unit") -> pd.DataFrame:
    """Walk a unit's street, or take the walk from the cache, and score its points on it."""
    from sim.answer.point_scores import score_points  # noqa: PLC0415 - numba, in workers only

    passages = walked(unit.scenario)
    scored = score_points(
        unit.scenario, passages, unit.points, options=unit.options, outcomes=unit.outcomes
    )
    reason = scored[col.REASON].fillna("") if col.REASON in scored else pd.Series("", scored.index)
    outcomes = scored[list(unit.outcomes)].astype(np.float64)
    has_failed = (reason != "") & outcomes.isna().all(axis=1)
    return pd.DataFrame(
        {
            col.POINT: unit.points[col.POINT],
            col.REPLICATION: unit.replication,
            col.SEED: unit.scenario.run.seed,
            col.STATUS: np.where(has_failed, FAILED, DONE),
            col.REASON: reason,
            **outcomes,
        }
    )


def compile_kernels() -> None:
    """Compile what a unit needs, where this machine has not yet; others wait meanwhile."""
    from sim.answer.point_scores import score_points  # noqa: PLC0415 - numba, in workers only
    from sim.model.street import Street  # noqa: PLC0415 - likewise

    marker = Path(os.environ["NUMBA_CACHE_DIR"]) / "sweep-compiled"
    if marker.exists():
        return
    marker.parent.mkdir(parents=True, exist_ok=True)
    with locked(marker.with_suffix(".lock")):
        if not marker.exists():
            scenario = load_scenario(shipped_path(Path("reference")), settings=SMALLEST_WALK)
            points = pd.DataFrame({col.POINT: [0], "policy.threshold": [0.6]})
            score_points(scenario, Street(scenario).walk(), points)
            marker.touch()
