"""Small streets that are walked or simulated once for all tests."""

import os
from pathlib import Path

import pytest

from sim.answer.result import simulate
from sim.lessons import board_policies, street_numbers
from sim.lessons.catalogue import lessons
from sim.scenario import texts
from sim.scenario.identity import canonical_json
from sim.scenario.load import load_scenario
from sim.storage.walk_cache import FOLDER_VARIABLE, walked

SCENARIOS = Path(__file__).parents[1] / "scenarios"
REFERENCE = SCENARIOS / "reference.yaml"
FEW = ("street.footfall.people=300.0", "run.assumption_draws=40")
LISTED = "matching.listed_per_1000: {value: 80.0, low: 80.0, high: 80.0, why: test}"


@pytest.fixture(scope="session")
def quiet_street():
    """Return a function of settings: 300 people, hardly an alert."""

    def scenario(*settings):
        return load_scenario(REFERENCE, settings=(*FEW, "run.draws=50", *settings))

    return scenario


@pytest.fixture(scope="session")
def busy_street():
    """Likewise with many alerts: one in twenty is on the list, and the threshold is low."""

    def scenario(*settings):
        many = ("policy.threshold=0.56", f"assumptions.values={{{LISTED}}}")
        return load_scenario(REFERENCE, settings=(*FEW, *many, *settings))

    return scenario


@pytest.fixture(scope="session")
def small(quiet_street):
    return simulate(quiet_street())


@pytest.fixture(scope="session")
def busy(busy_street):
    """Enough draws that what becomes of an alert is counted, not tagged."""
    return simulate(busy_street("run.draws=1000"))


@pytest.fixture(scope="session")
def stricter(small, quiet_street):
    """Like ``small``, on the same people, with a higher threshold."""
    return simulate(quiet_street("policy.threshold=0.62"), passages=small.passages)


@pytest.fixture(scope="session")
def walks(tmp_path_factory):
    """Keep the walks of these tests apart from the user's; test processes share them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    patch = pytest.MonkeyPatch()
    patch.setenv(FOLDER_VARIABLE, str(folder / "walks"))
    yield folder / "walks"
    patch.undo()


@pytest.fixture(scope="session")
def small_place(walks):
    """Return the page's first place with few people, walked."""
    few = ("street.footfall.people=1500.0", "policy.hours=2.0", "run.assumption_draws=100")
    scenario = load_scenario(SCENARIOS / f"{texts.FIRST_PLACE}.yaml", settings=few)
    walked(scenario)
    return scenario


@pytest.fixture(scope="session")
def small_places(small_place):
    """Return the shipped places, the first of them small."""
    return {
        **texts.places(),
        texts.FIRST_PLACE: (small_place.title, canonical_json(small_place)),
    }


@pytest.fixture(scope="module")
def small_lessons(small_places):
    """Let the lessons ask of the small place; all their streets are walked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(street_numbers, "places", lambda: small_places)
        board_policies.measured.cache_clear()
        walk_lessons()
        yield
    board_policies.measured.cache_clear()


def walk_lessons():
    for lesson in lessons().values():
        for scenario in lesson.streets().values():
            walked(scenario)
