"""The study of policies that ships: it belongs to its file, and says what the study says."""

import json
from shutil import copytree

import numpy as np
import pytest

from sim import columns as col
from sim.analysis.ceilings import Limit, kept_limits
from sim.answer.result import simulate
from sim.errors import SimError
from sim.scenario.identity import scenario_hash
from sim.studies.define.study import load_study, study_hash
from sim.studies.judge.frontier import frontier_answer
from sim.studies.judge.run_study import opened_study
from sim.studies.judge.shipped_frontier import (
    FILE,
    OUTCOMES,
    STUDY,
    averages_of,
    shipped_policies,
    table_of,
)
from sim.studies.run.runner import ready_study, run_study
from tests.places import MINIMAL

pytestmark = pytest.mark.whole

SMALL = """
schema_version: 1
name: small
title: Some policies
purpose: To be averaged.
base: {base}
settings: {{street.footfall.people: 400.0, policy.hours: 1.0}}
levers:
  policy.threshold: [0.58, 0.62]
  policy.watchlist.size: [500, 8000]
uncertainties: [matching.listed_per_1000, error_model.met-street.fmr_060]
design: {{kind: full-factorial, draws: 20}}
replications: 2
"""


def test_the_table_belongs_to_the_study_that_ships():
    about, loaded = shipped_policies().about, load_study(STUDY)
    assert about["study_hash"] == study_hash(loaded), (
        "the study has changed: run scripts/write_frontier_table.py"
    )
    assert about["scenario_hash"] == scenario_hash(loaded.base)


def test_every_policy_of_the_study_is_there_under_every_draw():
    found = shipped_policies()
    assert found.table.values.shape == (480, 200, len(OUTCOMES))
    assert found.table.failed_rows == 0
    assert not found.table.policies.duplicated().any()


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the folder of a small study, swept, and its shipped form."""
    home = tmp_path_factory.mktemp("small")
    file = home / "small.yaml"
    file.write_text(SMALL.format(base=MINIMAL), encoding="utf-8")
    run_study(ready_study(load_study(file)), home / "out", workers=1)
    (home / "small.parquet").write_bytes(averages_of(home / "out"))
    return home


def test_what_ships_gives_the_chances_of_the_command(swept):
    rows, about = FILE.read(swept / "small.parquet")
    table = table_of(rows, about["levers"])
    # Between the float32 of the file and the float64 of the results no value may lie.
    ceiling = float(np.median(table.column(col.PER_TRUE_MATCH))) * 1.001
    floor = float(np.quantile(table.column(col.TRUE_ALERTS), 0.25)) * 1.001
    told = frontier_answer(
        swept / "out",
        ceilings=[f"{col.PER_TRUE_MATCH}={ceiling!r}"],
        floors=[f"{col.TRUE_ALERTS}={floor!r}"],
        sure=0.5,
    )
    kept = kept_limits(
        table,
        [Limit(col.PER_TRUE_MATCH, ceiling), Limit(col.TRUE_ALERTS, floor, is_floor=True)],
        sure=0.5,
    )
    assert [one["limits"]["all"]["chance"] for one in told["policies"]] == list(kept.chance_all)
    assert told["limits"]["meeting"] == np.flatnonzero(kept.meets).tolist()
    assert 0 < kept.chance_all.mean() < 1, "limits that nothing or everything keeps test nothing"


def test_averages_are_those_of_the_results_to_single_precision(swept):
    ran = opened_study(swept / "out", "frontier")
    keys = [*ran.levers, *ran.uncertainties]
    wanted = ran.results.groupby(keys)[[col.TRUE_ALERTS, col.MISTAKEN_STOPS]].mean()
    rows, about = FILE.read(swept / "small.parquet")
    assert len(rows) == len(wanted) == 4 * 20
    for name in wanted:  # a float32 has 24 bits: half a unit of the last is 6e-8
        assert np.sort(rows[name]) == pytest.approx(np.sort(wanted[name]), rel=1e-7)
    assert about["levers"] == list(ran.levers)


def test_a_study_that_has_not_ended_is_not_shipped(swept, tmp_path):
    copytree(swept / "out", tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(told | {"finished": None}), encoding="utf-8")
    with pytest.raises(SimError, match="nothing to ship"):
        averages_of(tmp_path / "out")


@pytest.mark.slow
def test_a_policy_run_by_itself_has_the_numbers_of_the_table():
    """So that a policy chosen on Frontier keeps its numbers as an option: to single precision."""
    found = shipped_policies()
    place = int(np.argmax(found.table.mean(col.TRUE_ALERTS)))
    scenario = found.scenario(place)
    result = simulate(scenario)
    told = result.summary().set_index("measure")["estimate"]
    for measure, name in (
        ("faces_usable", col.FACES_USABLE),
        ("true_alerts", col.TRUE_ALERTS),
        ("mistaken", col.MISTAKEN_STOPS),
    ):
        assert told[measure] == pytest.approx(float(found.table.mean(name)[place]), rel=1e-6)


def test_a_policy_becomes_a_scenario_that_says_the_same():
    found = shipped_policies()
    policy, scenario = found.table.policy(3), found.scenario(3)
    assert scenario.policy.threshold == policy["policy.threshold"]
    assert scenario.policy.watchlist.size == policy["policy.watchlist.size"]
    assert scenario.policy.signs == policy["policy.signs"]
    assert scenario.name == found.base.name


def test_the_file_is_small():
    assert FILE.path.stat().st_size < 900_000
