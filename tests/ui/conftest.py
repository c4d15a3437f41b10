"""A page with a small first place."""

import sys
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from sim.ui import state

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def packages_read_once():
    """Look for components in the installed packages once: AppTest does it for every visitor."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(autouse=True)
def own_main():
    """Put the main module back: AppTest changes it, and new processes would import that."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture
def visit(small_places, monkeypatch):
    """Return the app as a visitor meets it, on the small place."""
    monkeypatch.setattr(state, "places", lambda: small_places)
    monkeypatch.setattr("sim.ui.views.explore.places", lambda: small_places)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app
