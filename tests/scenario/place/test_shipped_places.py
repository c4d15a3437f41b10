"""The six places that ship: people get through, cameras see somebody, density is as announced."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from sim import columns as col
from sim.answer.street_facts import busiest_minutes, walk_counts, walk_warnings
from sim.model.street import Street
from sim.scenario.advice import scenario_warnings
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder

# place -> (hours walked, people a square metre in the busiest minute before a camera: low, high).
# The ranges are those of the purpose texts, widened to what a slice of a few minutes shows.
PLACES = {
    "pavement": (0.2, 0.05, 0.6),
    "shopping_street": (0.1, 0.02, 0.5),
    "station_exit": (0.1, 0.1, 0.9),
    "town_square": (0.2, 0.005, 0.3),
    "stadium_approach": (0.15, 1.5, 2.5),
    "carnival": (0.2, 3.0, 4.0),
}
LONG = ("shopping_street", "town_square", "stadium_approach", "carnival")  # seconds each to walk
STILL_M, STILL_S = 0.05, 30  # nobody in a thin crowd moves less than that for so long


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in PLACES],
)
def walked(request):
    hours, low, high = PLACES[request.param]
    scenario = load_scenario(
        shipped_folder() / f"{request.param}.yaml", settings=[f"policy.hours={hours}"]
    )
    return request.param, scenario, Street(scenario).walk(), (low, high)


def test_place_is_sound_and_carries_no_warning_that_is_not_meant(walked):
    name, scenario, passages, _ = walked
    assert scenario_warnings(scenario) == []
    lines = [line for line in walk_warnings(scenario, passages) if "is the mean" not in line]
    meant = {"stadium_approach": ("had to wait",), "carnival": ("had to wait", "extrapolated")}
    for line in lines:
        assert any(words in line for words in meant.get(name, ())), line
    assert name != "carnival" or any("extrapolated" in line for line in lines)


def test_everybody_who_comes_leaves(walked):
    _, _, passages, _ = walked
    facts = walk_counts(passages)
    assert facts["people"] > 0
    assert facts["people"] + facts["turned_away"] == len(passages.people)
    assert facts["never_entered"] == facts["still_inside"] == 0
    assert passages.people[col.LEFT].count() == facts["people"]


def test_every_camera_sees_somebody(walked):
    assert (walked[2].exposure_s > 0).any(axis=0).all()


def test_density_in_view_is_what_the_place_announces(walked):
    _, scenario, passages, (low, high) = walked
    for minute in busiest_minutes(scenario, passages):
        assert low <= minute.density <= high, minute


def test_nobody_stands_for_long_in_a_thin_crowd(walked):
    _, _, passages, (_, high) = walked
    if high > 1:  # in a dense crowd people do stand
        assert walk_counts(passages)["still_inside"] == 0
        return
    trail = passages.trail
    for begin, end in zip(trail.start[:-1], trail.start[1:], strict=True):
        path = trail.xy[begin:end]
        if len(path) > STILL_S:
            moved = np.hypot(*(path[STILL_S:] - path[:-STILL_S]).T)
            assert moved.min() > STILL_M


def test_the_table_of_the_places_is_what_the_script_prints():
    root = Path(__file__).parents[3]
    run = runpy.run_path(str(root / "scripts" / "describe_places.py"))
    assert sorted(run["PLACES"]) == sorted(PLACES)
    assert run["table"]() in (root / "docs" / "model" / "places.md").read_text(encoding="utf-8")
