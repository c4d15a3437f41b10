"""A page with a small first place, walked once for all tests of the page."""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.scenario import texts
from sim.scenario.identity import canonical_json
from sim.scenario.load import load_scenario
from sim.storage.walk_cache import FOLDER_VARIABLE, walked
from sim.ui import state

ROOT = Path(__file__).parents[2]
SMALL = ("street.footfall.people=1500.0", "policy.hours=2.0")


@pytest.fixture(autouse=True)
def own_main():
    """Put the main module back: AppTest changes it, and new processes would import that."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture(scope="session")
def walks(tmp_path_factory):
    """Keep the walks of these tests apart from the user's."""
    folder = tmp_path_factory.mktemp("walks")
    patch = pytest.MonkeyPatch()
    patch.setenv(FOLDER_VARIABLE, str(folder))
    yield folder
    patch.undo()


@pytest.fixture(scope="session")
def small_place(walks):
    """Return Oxford Circus with few people, walked."""
    scenario = load_scenario(ROOT / "scenarios" / "oxford_circus_2020.yaml", settings=SMALL)
    walked(scenario)
    return scenario


@pytest.fixture
def visit(small_place, monkeypatch):
    """Return the app as a visitor meets it, on the small place."""
    known = dict(texts.places())
    known[texts.FIRST_PLACE] = (small_place.title, canonical_json(small_place))
    monkeypatch.setattr(state, "places", lambda: known)
    monkeypatch.setattr("sim.ui.views.explore.places", lambda: known)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app
