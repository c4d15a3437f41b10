"""The manifest of a study: what is asked, before it runs, and what came of it."""

import json
from pathlib import Path

import pandas as pd

from sim import columns as col
from sim.scenario.identity import scenario_hash
from sim.storage.provenance import FIGURE_KEYS, RESULTS, file_sha256, provenance_of_manifest
from sim.studies.define.design import design
from sim.studies.define.study import load_study, study_hash
from sim.studies.run.manifest import design_hash, finished_manifest, study_manifest
from sim.studies.run.plan import plan

ROOT = Path(__file__).resolve().parents[2]
EPOCH_SAYS = "2023-11-14T22:13:20+00:00"  # of 1700000000


def test_a_finished_manifest_counts_what_failed_and_names_the_table(tmp_path):
    (tmp_path / RESULTS).write_bytes(b"table")
    results = pd.DataFrame({col.STATUS: ["done", "failed", "done"]})
    found = finished_manifest({"kind": "passerby study", "finished": None}, results, tmp_path)
    assert found["finished"]["rows"] == 3
    assert found["finished"]["failed_rows"] == 1
    assert found["finished"]["results_sha256"] == file_sha256(tmp_path / RESULTS)
    assert found["kind"] == "passerby study"


def test_a_design_s_hash_hangs_on_every_digit():
    points = pd.DataFrame({col.POINT: [0, 1], "policy.threshold": [0.6, 0.61]})
    other = points.assign(**{"policy.threshold": [0.6, 0.61 + 1e-15]})
    renamed = points.rename(columns={"policy.threshold": "policy.officers"})
    assert design_hash(points) == design_hash(points.copy())
    assert len({design_hash(table) for table in (points, other, renamed)}) == 3


def test_a_study_s_manifest_says_what_is_asked_before_it_runs(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    loaded = load_study(ROOT / "scenarios" / "studies" / "smoke.yaml")
    points = design(loaded)
    units = plan(loaded, points)
    found = study_manifest(loaded, points, units)
    assert found["kind"] == "passerby study"
    assert found["study"] == "smoke"
    assert found["study_hash"] == study_hash(loaded)
    assert found["scenario_hash"] == scenario_hash(loaded.base)
    assert found["units"] == len(units) > 1
    assert found["points"] == len(points) > 1
    assert found["design_hash"] == design_hash(points)
    assert found["seeds"] == sorted({unit.scenario.run.seed for unit in units})
    assert found["written"] == EPOCH_SAYS
    assert found["finished"] is None
    assert json.loads(json.dumps(found)) == found
    figure = provenance_of_manifest(found)
    assert tuple(figure) == FIGURE_KEYS
    assert figure["failures"] == {"rows": len(points) * loaded.study.replications, "failed": None}
