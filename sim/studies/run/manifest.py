"""The manifest of a study: what is about to run, and what came of it.

State: none; a table of results is read for its checksum.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim import columns as col
from sim.scenario.identity import scenario_hash
from sim.storage.environment import environment
from sim.storage.provenance import FORMAT, RESULTS, STUDY, file_sha256, text_hash, written
from sim.studies.define.study import LoadedStudy, study_hash

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit


def study_manifest(
    loaded: LoadedStudy, points: pd.DataFrame, units: Sequence["Unit"]
) -> dict[str, Any]:
    """Return the manifest of a study that is about to begin."""
    study = loaded.study
    return {
        "kind": STUDY,
        "format": FORMAT,
        "study": study.name,
        "title": study.title,
        "study_hash": study_hash(loaded),
        "scenario": loaded.base.name,
        "scenario_hash": scenario_hash(loaded.base),
        "seed": study.seed,
        "seeds": sorted({unit.scenario.run.seed for unit in units}),
        **environment(),
        "written": written(),
        "units": len(units),
        "points": len(points),
        "replications": study.replications,
        "outcomes": list(loaded.outcomes),
        "design_hash": design_hash(points),
        "finished": None,
    }


def finished_manifest(
    manifest: Mapping[str, Any], results: pd.DataFrame, folder: Path
) -> dict[str, Any]:
    """Return the manifest of a study whose table of results lies in ``folder``."""
    return {
        **manifest,
        "finished": {
            "date": written(),
            "rows": len(results),
            "failed_rows": int((results[col.STATUS] == "failed").sum()),
            "results_sha256": file_sha256(folder / RESULTS),
        },
    }


def design_hash(points: pd.DataFrame) -> str:
    """Return the hash of a design: its columns, and every value to the last digit."""
    return text_hash(points.to_csv(index=False, lineterminator="\n"))
