"""What a user should know before a run: warnings, and what it will cost.

State: none.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.scenario.footfall import mean_people_an_hour
from sim.scenario.place import walkable_polygon
from sim.scenario.schema import CALIBRATED_THRESHOLDS, Camera, Door, Scenario

MEAN_SPEED_MPS = 1.15
STEPS_A_CPU_SECOND = 3e6
BASE_CPU_S = 3.0
BASE_MEMORY_MIB = 250.0
BYTES_A_PERSON = 2500.0  # traits, looks and a trail of about a minute
_WEDGE_POINTS = 16


@dataclass(frozen=True, slots=True)
class RunCost:
    """What a run is expected to take: mean people, their time steps, processor time, memory."""

    people: float
    person_steps: float
    cpu_s: float
    memory_mib: float


def scenario_warnings(scenario: Scenario) -> list[str]:
    """Return what is allowed but probably not meant, or not covered by evidence."""
    policy, warnings = scenario.policy, []
    low, high = CALIBRATED_THRESHOLDS
    if not low <= policy.threshold <= high:
        warnings.append(
            f"policy.threshold {policy.threshold:g} lies outside {low:g} to {high:g}, where "
            "error rates were measured: the result is extrapolated"
        )
    if scenario.street.footfall.people == 0:
        warnings.append("street.footfall.people is 0: nobody walks past and every count is zero")
    if not policy.cameras:
        warnings.append("policy.cameras is empty: nobody is scanned")
    elif policy.watchlist.size == 0:
        warnings.append("policy.watchlist.size is 0: nobody can set off an alert")
    ground = walkable_polygon(scenario.street)
    warnings += [
        f"policy.cameras.{camera.name} looks at no walkable ground: it will see nobody"
        for camera in policy.cameras
        if not _wedge(camera).intersects(ground)
    ]
    return warnings


def run_cost(scenario: Scenario) -> RunCost:
    """Return what a run is expected to take on one processor of 2024."""
    street = scenario.street
    entrances = {door.name: door for door in street.entrances}
    exits = {door.name: door for door in street.exits}
    length = sum(
        flow.share
        * float(
            np.hypot(
                *(_middle(entrances[flow.entrance]) - _middle(exits[flow.exit])),
            )
        )
        for flow in street.flows
    )
    people = float(mean_people_an_hour(scenario).sum())
    steps = people * length / MEAN_SPEED_MPS / scenario.run.time_step_s
    return RunCost(
        people=people,
        person_steps=steps,
        cpu_s=BASE_CPU_S + steps / STEPS_A_CPU_SECOND,
        memory_mib=BASE_MEMORY_MIB + people * BYTES_A_PERSON / 2**20,
    )


def _middle(door: Door) -> NDArray[np.float64]:
    return np.asarray(np.array([door.from_m, door.to_m]).mean(axis=0))


def _wedge(camera: Camera) -> shapely.Polygon:
    """Return the ground between near and far within the field of view."""
    half = camera.field_of_view_deg / 2
    angles = np.radians(camera.heading_deg + np.linspace(-half, half, _WEDGE_POINTS))
    arc = np.column_stack([np.sin(angles), np.cos(angles)])
    place = np.array(camera.position_m)
    return shapely.Polygon(
        np.concatenate([place + camera.far_m * arc, (place + camera.near_m * arc)[::-1]])
    )
