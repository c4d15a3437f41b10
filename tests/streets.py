"""Small streets that are simulated once for all tests of results."""

from pathlib import Path

import pytest

from sim.answer.result import simulate
from sim.scenario.load import load_scenario

REFERENCE = Path(__file__).parents[1] / "scenarios" / "reference.yaml"
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
