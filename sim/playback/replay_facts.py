"""What a reader of a replay must know beside its rows: place, cameras, alerts, officers, events.

docs/howto/replay.md describes it for readers.

State: none.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.model.alerts import OUTCOMES
from sim.model.recorder import SIGHTS, Frames
from sim.playback.shift_events import PlayedDraw, Task
from sim.scenario.beliefs import beliefs
from sim.scenario.identity import scenario_hash
from sim.scenario.place.ground import ground_in_view, walkable_polygon
from sim.scenario.schema import Camera, Door, Scenario

FORMAT, FORMAT_VERSION = "passerby replay", 1
STATES = ("walking", "standing", "alert", "pursued", "stopped")
WALKING, STANDING, ALERT, PURSUED, STOPPED = range(len(STATES))


def replay_facts(scenario: Scenario, frames: Frames, played: PlayedDraw) -> dict[str, Any]:
    """Return what stands beside the rows, as JSON; times in s from the start of the cameras."""
    street, policy = scenario.street, scenario.policy
    when = played.events[col.EVENT_TIME]
    last_s = frames.first_s + frames.count / frames.rate_hz
    is_shown = (when >= frames.first_s) & (when < last_s)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "passerby": __version__,
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "hash": scenario_hash(scenario),
        },
        "seed": scenario.run.seed,
        "frame_rate_hz": frames.rate_hz,
        "first_frame_s": frames.first_s,
        "frames": frames.count,
        "start_hour": policy.start_hour,
        "walkable_wkt": walkable_polygon(street).wkt,
        "entrances": [_door(door) for door in street.entrances],
        "exits": [_door(door) for door in street.exits],
        "cameras": [_camera(camera, place) for place, camera in enumerate(policy.cameras)],
        "officer_speed_mps": beliefs(scenario).value("response.officer_speed_mps"),
        "officers": [
            {
                "officer": number,
                "post_m": post,
                "tasks": [task_facts(task) for task in played.tasks if task.officer == number],
            }
            for number, post in enumerate(played.posts, start=1)
        ],
        "alerts": _alerts(played, [camera.name for camera in policy.cameras]),
        "event_columns": list(played.events.columns),
        "events": played.events[is_shown].to_numpy(dtype=object).tolist(),
        "states": list(STATES),
        "sights": list(SIGHTS.values()),
    }


def states_of(frames: Frames, played: PlayedDraw) -> NDArray[np.int8]:
    """Return each row's state: the walk's, or what the response is doing about the person."""
    states = np.where(frames.standing, STANDING, WALKING).astype(np.int8)
    time_s = frames.first_s + frames.frame / frames.rate_hz
    tasks = {task.alert: task for task in played.tasks}
    for alert, person in enumerate(played.alerts.person.tolist()):
        rows = np.flatnonzero(frames.person == person)
        begins = float(played.alerts.time_s[alert])
        spells = [(begins, played.end_s[alert], ALERT)]
        task = tasks.get(alert)
        if task is not None:
            spells.append((task.from_s, task.met_s, PURSUED))
            spells.append((task.met_s, task.stop_end_s, STOPPED))
        for start, end, state in spells:
            states[rows[(time_s[rows] >= start) & (time_s[rows] < end)]] = state
    return states


def sight_column(camera: int) -> str:
    """Return the column of a camera's sight lines, by its place among the cameras."""
    return f"sight_{camera}"


def hidden_by_column(camera: int) -> str:
    """Return the column of who hides the faces from a camera."""
    return f"hidden_by_{camera}"


def task_facts(task: Task) -> dict[str, Any]:
    """Return what an officer does about one alert."""
    return {
        "person": task.person,
        "from_s": task.from_s,
        "from_m": task.place,
        "met_s": task.met_s,
        "met_m": task.met,
        "stop_end_s": task.stop_end_s,
        "free_s": task.free_s,
        "free_m": task.free_at,
    }


def _alerts(played: PlayedDraw, cameras: list[str]) -> list[dict[str, Any]]:
    """Return each alert of the draw with what becomes of it and when; no task: None."""
    tasks = {task.alert: task for task in played.tasks}
    told = []
    for alert, person in enumerate(played.alerts.person.tolist()):
        task = tasks.get(alert)
        told.append(
            {
                "person": person,
                "camera": cameras[int(played.alerts.camera[alert])],
                "listed": bool(played.alerts.is_true[alert]),
                "outcome": OUTCOMES[played.outcome[alert]],
                "alert_s": float(played.alerts.time_s[alert]),
                "decided_s": float(played.end_s[alert]),
                "met_s": None if task is None else task.met_s,
                "met_m": None if task is None else task.met,
                "end_s": None if task is None else task.stop_end_s,
                "officer": None if task is None else task.officer,
            }
        )
    return told


def _camera(camera: Camera, place: int) -> dict[str, Any]:
    return {
        "name": camera.name,
        "position_m": camera.position_m,
        "height_m": camera.height_m,
        "heading_deg": camera.heading_deg,
        "tilt_deg": camera.tilt_deg,
        "field_of_view_deg": camera.field_of_view_deg,
        "near_m": camera.near_m,
        "far_m": camera.far_m,
        "frames_per_s": camera.frames_per_s,
        "zone_wkt": ground_in_view(camera).wkt,
        "sight_column": sight_column(place),
        "hidden_by_column": hidden_by_column(place),
    }


def _door(door: Door) -> dict[str, Any]:
    return {"name": door.name, "from_m": door.from_m, "to_m": door.to_m}
