"""What a capsule was asked is read back whole: the same units, or a refusal in words."""

import json
import re
import shutil

import pandas as pd
import pytest

from sim.capsules import read_back
from sim.capsules.capsule import pack, unpacked
from sim.capsules.read_back import study_again, study_of
from sim.errors import CostError, SimError
from sim.studies.define.study import load_study
from sim.studies.run.folder import Folder
from sim.studies.run.runner import ready_study
from tests.capsule_cases import changed

pytestmark = pytest.mark.whole

STUDY = """
schema_version: 1
name: two_ways
title: Levers of every kind
purpose: To be read back from a capsule.
base: reference
settings: {street.footfall.people: 300.0, policy.hours: 1.0}
levers:
  policy.threshold: THRESHOLD
  policy.officer_posts_m: {options: {west: [[30.0, 4.0]], apart: [[30.0, 4.0], [50.0, 4.0]]}}
uncertainties: [matching.listed_per_1000]
design: DESIGN
replications: 2
"""
TABLE = """policy.threshold,policy.officer_posts_m,matching.listed_per_1000
0.6,west,0.2
0.613,apart,0.3
"""


def a_study(folder, design):
    """Write a study with its table; return it loaded."""
    (folder / "points.csv").write_text(TABLE)
    threshold = "null" if "table" in design else "{low: 0.55, high: 0.65, steps: 3}"
    text = STUDY.replace("THRESHOLD", threshold).replace("DESIGN", design)
    (folder / "two_ways.yaml").write_text(text)
    return load_study(folder / "two_ways.yaml")


@pytest.mark.parametrize(
    "design",
    [
        "{kind: full-factorial}",
        "{kind: latin-hypercube, points: 5}",
        "{kind: sobol, points: 4}",
        "{kind: table, file: points.csv}",
    ],
)
def test_a_study_read_back_from_its_capsule_asks_for_the_very_same_units(design, tmp_path):
    before = ready_study(a_study(tmp_path, design))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(before, allow_mixed=False, alone=True)
    file = pack(home.path, unfinished=True).file
    shutil.rmtree(home.path)
    (tmp_path / "two_ways.yaml").unlink()
    with unpacked(file) as capsule:
        after = ready_study(study_of(capsule))
    assert [unit.key for unit in after.units] == [unit.key for unit in before.units]
    pd.testing.assert_frame_equal(after.design, before.design)
    assert after.manifest["design_hash"] == before.manifest["design_hash"]
    assert len(before.units) >= 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "its study.json is not a study with its base scenario"),
        ('{"study": {"design": {"kind": "sobol"}, "name": "x"}}', "is not a study with its base"),
        (
            '{"study": {"design": {"kind": "sobol"}, "name": "x"}, "base": {"extends": "mine"}}',
            "its scenario cannot be read by this version (it was made by passerby",
        ),
    ],
)
def test_a_study_that_was_spoiled_is_refused_in_words(content, says, zipped):
    changed(zipped, {"study.json": content.encode()})
    with unpacked(zipped) as capsule, pytest.raises(SimError, match=re.escape(says)):
        study_of(capsule)


def test_a_table_of_points_that_was_spoiled_is_refused_in_words(tmp_path):
    begun = ready_study(a_study(tmp_path, "{kind: table, file: points.csv}"))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(begun, allow_mixed=False, alone=True)
    file = changed(pack(home.path, unfinished=True).file, {"design.parquet": b"PAR1"})
    with unpacked(file) as capsule, pytest.raises(SimError, match="is no table of points"):
        study_of(capsule)


def test_a_study_that_would_take_hours_needs_to_be_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(read_back, "LARGE_CPU_S", 1e-3)
    begun = ready_study(a_study(tmp_path, "{kind: full-factorial}"))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(begun, allow_mixed=False, alone=True)
    file = pack(home.path, unfinished=True).file
    with unpacked(file) as capsule, pytest.raises(CostError, match="hours it needs --yes"):
        study_again(capsule, tmp_path / "again", workers=1, is_allowed_to_be_large=False)
    assert not (tmp_path / "again").exists()


def packed_with(tmp_path, change):
    """Pack a study that was begun, with its study.json changed by somebody."""
    begun = ready_study(a_study(tmp_path, "{kind: full-factorial}"))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(begun, allow_mixed=False, alone=True)
    tree = json.loads((home.path / "study.json").read_text())
    change(tree)
    file = pack(home.path, unfinished=True).file
    return changed(file, {"study.json": json.dumps(tree).encode()})


def test_a_capsule_may_name_no_file_of_the_reader(tmp_path):
    def name_a_file(tree):
        options = tree["study"]["levers"]["policy.officer_posts_m"]["options"]
        options["west"] = {"from": "/etc/passwd"}

    with (
        unpacked(packed_with(tmp_path, name_a_file)) as capsule,
        pytest.raises(SimError, match=r"option 'west' of policy\.officer_posts_m names another"),
    ):
        study_of(capsule)


def test_tiny_numbers_are_read_back_as_numbers(tmp_path):
    def make_tiny(tree):
        tree["base"]["policy"]["threshold"] = 1e-08

    with unpacked(packed_with(tmp_path, make_tiny)) as capsule:
        assert study_of(capsule).base.policy.threshold == 1e-08
