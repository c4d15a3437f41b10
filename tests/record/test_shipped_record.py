"""Shipped scenarios against what was recorded: inputs from the register, not tuned a case.

Recorded counts must lie in the model's 95 % interval for one deployment. Ratios
are checked against the interval of what we do not know.
"""

from functools import cache

import pytest

from sim import load_scenario, simulate
from sim.answer.report import as_json
from sim.scenario.shipped import shipped_folder

pytestmark = pytest.mark.slow


@cache
def answer(name):
    return as_json(simulate(load_scenario(shipped_folder() / f"{name}.yaml")))


@pytest.mark.parametrize(
    "name", ["oxford_circus_2020", "stratford_2020", "oxford_circus_2022", "croydon_2024"]
)
def test_a_recorded_day_lies_inside_the_models_interval(name):  # record
    got = answer(name)
    recorded = got["recorded"]
    assert recorded["deployments"] == 1
    pairs = {
        "false_alerts": got["alerts"]["false"],
        "true_alerts": got["alerts"]["true"],
        "mistaken_stops": got["stops"]["mistaken"],
        "arrests": got["stops"]["arrests"],
    }
    for field, interval in pairs.items():
        if recorded[field] is not None:
            low, high = interval["one_deployment"]
            assert low <= recorded[field] <= high, field


@pytest.mark.parametrize(
    ("name", "mistaken", "true_alerts"),
    [
        ("london_trials_2018_19", 14, 8),  # Fussey and Murray 2019: 1.75
        ("cardiff_2017", 5, 173),  # Champions League week: 0.03
        ("high_street", 6, 2067),  # Metropolitan Police, September 2024 to September 2025: 0.003
    ],
)
def test_published_ratios_lie_inside_what_we_do_not_know(name, mistaken, true_alerts):  # record
    ratio = answer(name)["false_stops_per_true_match"]
    assert ratio["low"] <= mistaken / true_alerts <= ratio["high"]
