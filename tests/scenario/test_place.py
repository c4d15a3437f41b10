"""Doors lie on the edge of the ground, where a body can reach them and no wall stands."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.identity import canonical_json
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.place import wall_segments

MINIMAL = Path(__file__).parent / "minimal.yaml"


def street(*settings):
    return load_scenario(MINIMAL, settings=settings).street


def test_doors_are_gaps_in_the_walls():
    np.testing.assert_allclose(wall_segments(street()), [[0, 6, 40, 6], [40, 0, 0, 0]], atol=1e-5)


@pytest.mark.parametrize("off", [0.003, 0.03, 0.049])
def test_a_door_a_little_outside_is_put_on_the_edge(off):
    """Outside the ground it would be out of reach, and people would stand before it."""
    east = f"{{name: east, from_m: [{40 + off}, 0.0], to_m: [{40 + off}, 6.0]}}"
    moved = street(f"street.exits=[{east}]")
    assert moved == street()
    np.testing.assert_array_equal(wall_segments(moved), wall_segments(street()))


def test_a_door_on_a_slanting_edge_stays_as_it_was_written():
    scenario = load_scenario(
        MINIMAL,
        settings=[
            "street.walkable_m=[[0.0, 0.0], [40.0, 0.0], [43.0, 6.1], [0.0, 6.0]]",
            "street.exits=[{name: east, from_m: [40.3, 0.61], to_m: [42.7, 5.49]}]",
        ],
    )
    (door,) = scenario.street.exits
    assert (door.from_m, door.to_m) == ((40.3, 0.61), (42.7, 5.49))
    assert scenario_from_mapping(json.loads(canonical_json(scenario))) == scenario
