"""What a user should know before a run: warnings, and what it will cost.

State: none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.footfall import mean_people_an_hour
from sim.scenario.place.ground import door_line, ground_in_view, walkable_polygon
from sim.scenario.place.narrow_ways import is_joined, neck
from sim.scenario.schema import CALIBRATED_THRESHOLDS, Camera, Door, Scenario, Street

MEAN_SPEED_MPS = 1.15
STEPS_A_CPU_SECOND = 3e6
BASE_CPU_S = 3.0
BASE_MEMORY_MIB = 250.0
BYTES_A_PERSON = 2500.0  # traits, looks and a trail of about a minute
NARROWEST_TESTED_M = 1.0  # flow through bottlenecks was set beside measured flow from here on
FACE_HEIGHT_M = 1.6  # of a grown person, for what angle a camera looks down at
TESTED_DEPRESSION_DEG = (5.0, 15.0)  # where hidden faces were set beside the closed form


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
        if not ground_in_view(camera).intersects(ground)
    ]
    for camera in policy.cameras:
        warnings += _depression_warnings(camera)
    return warnings + _narrow_warnings(scenario.street)


def _depression_warnings(camera: Camera) -> list[str]:
    """Point out a camera all of whose range lies outside the angles at which views were tested."""
    drop = camera.height_m - FACE_HEIGHT_M
    flattest, steepest = (
        float(np.degrees(np.arctan2(drop, away))) for away in (camera.far_m, camera.near_m)
    )
    low, high = TESTED_DEPRESSION_DEG
    if low <= steepest and flattest <= high:
        return []
    hidden = "hides more" if steepest < low else "hides less"
    return [
        f"policy.cameras.{camera.name} looks down at faces by {flattest:.0f} to {steepest:.0f} "
        f"degrees; who hides whom was tested from {low:g} to {high:g}. A crowd {hidden} of a face "
        "there, by geometry; how well the heads' shapes hold was not tested"
    ]


def _narrow_warnings(street: Street) -> list[str]:
    """Point out ways and doors narrower than the bottlenecks that were tested."""
    ground = walkable_polygon(street)
    doors = {
        kind: {door.name: door for door in getattr(street, kind)} for kind in ("entrances", "exits")
    }
    meaning = (
        f"flow was tested from {NARROWEST_TESTED_M:g} m on. How many get through is uncertain, "
        "and with it how long people stay and how densely"
    )
    seen = set()
    warnings = [
        f"street.{kind}.{door.name} is {width:.2f} m wide: {meaning}"
        for kind, named in doors.items()
        for door in named.values()
        if (width := door_line(door).length) < NARROWEST_TESTED_M
    ]
    for flow in street.flows:
        start = door_line(doors["entrances"][flow.entrance])
        goal = door_line(doors["exits"][flow.exit])
        if flow.share == 0 or min(start.length, goal.length) < NARROWEST_TESTED_M:
            continue
        if is_joined(ground, start, goal, NARROWEST_TESTED_M):
            continue
        found = neck(ground, start, goal, NARROWEST_TESTED_M)
        if found is None or found.middle_m in seen:
            continue
        seen.add(found.middle_m)
        x, y = found.middle_m
        warnings.append(
            f"street.flows: the way from {flow.entrance} to {flow.exit} narrows to "
            f"{found.width_m:.2f} m at ({x:.1f}, {y:.1f}): {meaning}"
        )
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
