"""The public front: its names, their types, and an example of each that runs."""

import ast
import doctest
import inspect
import re
import textwrap
from pathlib import Path

import pytest

import sim
from sim import load_study, run_study
from sim.cli import main

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[1]
STUDY = """
schema_version: 1
name: two_thresholds
title: Two thresholds
purpose: To be read in an example.
base: pavement
settings: {street.footfall.people: 200.0, policy.hours: 0.5, run.assumption_draws: 20}
levers: {policy.threshold: [0.60, 0.62]}
design: {kind: full-factorial}
"""


def test_the_front_offers_eighteen_names_each_where_its_type_says():
    assert 12 <= len(sim.__all__) <= 18
    assert set(sim.__all__) <= set(dir(sim))
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    typed = {
        (name.asname or name.name): (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.")
        for name in node.names
    }
    assert typed.keys() == set(sim.__all__) == sim._HOMES.keys()
    for name, (module, own) in typed.items():
        home, _, other = sim._HOMES[name].partition(":")
        assert (home, other or name) == (module, own)
    assert (Path(sim.__file__).parent / "py.typed").exists()
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = sim.simulat


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return what the examples take as given: a study in a file, its folder, a replay."""
    home = tmp_path_factory.mktemp("front")
    study = home / "two_thresholds.yaml"
    study.write_text(STUDY, encoding="utf-8")
    run_study(load_study(study), home / "results", workers=0)
    replay = home / "walk.parquet"
    settings = ("policy.hours=0.1", "street.footfall.people=200.0", "run.draws=20")
    words = [word for setting in settings for word in ("--set", setting)]
    assert main(["replay", "pavement", "--out", str(replay), "--minutes", "1", *words]) == 0
    return {"study_file": study, "folder": home / "results", "replay_file": replay}


@pytest.mark.parametrize("name", sim.__all__)
def test_every_name_has_an_example_that_runs(name, files):
    given = getattr(sim, name)
    text = inspect.getdoc(given) or ""
    test = doctest.DocTestParser().get_doctest(text, dict(files), name, None, 0)
    assert test.examples, f"{name} has no example"
    said = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert failed == 0, "".join(said)


def test_every_how_to_imports_from_the_front_alone():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
    for page in pages:
        for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for node in ast.walk(ast.parse(textwrap.dedent(block))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim"):
                    assert node.module == "sim", f"{page.name}: {node.module}"
