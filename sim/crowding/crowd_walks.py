"""Walks of a crowd that comes at one footfall under several settings' cameras at once.

A street is walked as it is, and once more as if nobody hid anybody: the walk is the same to the
bit, what the cameras have of people is not.

State:  none.
Shapes: people are rows ``(n,)``, cameras columns: those of the first setting, then the next.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.crowding.camera_settings import Setting
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Camera, Scenario

NOBODY_HIDES_M = -10.0  # a face so much narrower than nothing that no body reaches its sight line


def with_crowd(
    scenario: Scenario, cameras: Sequence[Camera], footfall_per_h: float, seconds: float
) -> Scenario:
    """Return the scenario at a constant footfall, for so many seconds, under these cameras."""
    footfall = scenario.street.footfall.model_copy(
        update={"people": footfall_per_h, "counted_hours": 1.0, "profile": "flat"}
    )
    street = scenario.street.model_copy(update={"footfall": footfall})
    policy = scenario.policy.model_copy(
        update={"cameras": tuple(cameras), "hours": seconds / SECONDS_AN_HOUR}
    )
    return scenario.model_copy(update={"street": street, "policy": policy})


def as_if_nobody_hid(believed: Beliefs) -> Beliefs:
    """Return beliefs under which no body stands in a sight line; the walk is the same."""
    return believed.replaced({"camera.face_width_m": NOBODY_HIDES_M})


def cameras_of(settings: Sequence[Setting]) -> list[Camera]:
    """Return the cameras of all settings at once, each with its setting's number in its name."""
    return [
        camera.model_copy(update={"name": f"{place} {camera.name}"})
        for place, setting in enumerate(settings)
        for camera in setting.cameras
    ]


def columns_of(settings: Sequence[Setting]) -> list[slice]:
    """Return which columns the cameras of each setting have."""
    ends = np.cumsum([0, *(len(setting.cameras) for setting in settings)]).tolist()
    return [slice(first, last) for first, last in pairwise(ends)]


def moments(passages: Passages) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return person and time, s, of every point of a walk's trails: one a second of each."""
    trail = passages.trail
    count = np.diff(trail.start)
    person = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(person)) - np.repeat(trail.start[:-1], count)
    return person, np.repeat(trail.first_s, count) + step


def is_inside(passages: Passages, zone: shapely.Geometry) -> NDArray[np.bool_]:
    """Return which points of a walk's trails lie in a zone."""
    shapely.prepare(zone)
    return np.asarray(shapely.contains_xy(zone, *passages.trail.xy.T))
