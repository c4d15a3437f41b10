"""Several runs: a failed one is named and costs the others nothing."""

import pytest

from sim import cli
from sim.answer import several as runner
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder

pytestmark = pytest.mark.whole

SMALL = [
    "street.footfall.people=40.0",
    "policy.hours=0.25",
    "street.footfall.counted_hours=0.25",
    "run.draws=10",
    "run.assumption_draws=20",
]


@pytest.fixture
def failing_second(monkeypatch):
    real, calls = runner.simulate, []

    def simulate(scenario, **arguments):
        calls.append(scenario.name)
        if len(calls) == 2:
            raise MemoryError("no room for so many people")
        return real(scenario, **arguments)

    monkeypatch.setattr(runner, "simulate", simulate)
    return calls


def scenarios(names):
    return [load_scenario(shipped_folder() / f"{name}.yaml", settings=SMALL) for name in names]


def test_a_failed_run_is_named_and_the_others_go_on(failing_second):
    three = scenarios(["high_street", "broad_list", "serious_crime_list"])
    results, failures = runner.simulate_same_people(three)
    assert [result.scenario.name for result in results] == ["high_street", "serious_crime_list"]
    assert failures == [runner.Failure("broad_list", "MemoryError: no room for so many people")]


def test_a_failed_baseline_is_not_hidden(monkeypatch):
    def simulate(scenario, **arguments):
        raise MemoryError("no room")

    monkeypatch.setattr(runner, "simulate", simulate)
    with pytest.raises(MemoryError):
        runner.simulate_same_people(scenarios(["high_street", "broad_list"]))


def test_compare_exits_with_3_when_some_runs_failed(failing_second, capsys):
    settings = [part for setting in SMALL for part in ("--set", setting)]
    status = cli.main(
        ["compare", "high_street", "broad_list", "serious_crime_list", *settings, "--quiet"]
    )
    out, err = capsys.readouterr()
    assert status == 3
    assert "broad_list failed: MemoryError: no room for so many people" in err
    assert "serious_crime_list" in out
