"""What is said before a run about ground that was not tested."""

import pytest

from sim.scenario.advice import scenario_warnings
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_scenarios
from tests.places import minimal

NECK = (
    "street.walkable_m=[[0.0, 0.0], [19.0, 0.0], [19.0, {low}], [21.0, {low}], [21.0, 0.0],"
    " [40.0, 0.0], [40.0, 6.0], [21.0, 6.0], [21.0, 3.0], [19.0, 3.0], [19.0, 6.0], [0.0, 6.0]]"
)


def test_a_way_narrower_than_what_was_tested_is_named_with_its_width():
    (warning,) = scenario_warnings(minimal(NECK.format(low=2.2)))
    assert "from west to east narrows to 0.80 m" in warning
    assert "flow was tested from 1 m on" in warning
    assert scenario_warnings(minimal(NECK.format(low=1.8))) == []


def test_a_door_narrower_than_what_was_tested_is_named_with_its_width():
    (warning,) = scenario_warnings(minimal("street.exits.east.to_m=[40.0, 0.7]"))
    assert warning.startswith("street.exits.east is 0.70 m wide: flow was tested from 1 m on")
    assert scenario_warnings(minimal("street.exits.east.to_m=[40.0, 1.1]")) == []


@pytest.mark.parametrize(
    ("height", "words"),
    [(20.0, "by 46 to 81 degrees"), (1.7, "by 0 to 2 degrees")],
)
def test_a_camera_steeper_or_flatter_than_what_was_tested(height, words):
    (warning,) = scenario_warnings(minimal(f"policy.cameras.mast.height_m={height}"))
    assert words in warning
    assert "tested from 5 to 15" in warning


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_shipped_scenarios_are_not_outside_the_tested_ground_unawares(path):
    lines = scenario_warnings(load_scenario(path))
    assert not [line for line in lines if "was tested" in line]
