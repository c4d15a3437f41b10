"""The story of a playback: alerts and what becomes of them, stops, officers' ways, for a drawing.

Times are seconds from the playback's first frame, so that what was before is negative; places are
in m. A stop is drawn where the officer meets the person: the walk itself does not change with it
(docs/model/response.md).

State: none.
"""

from math import hypot
from typing import Any

import pandas as pd
import shapely

from sim import columns as col
from sim.model.alerts import OUTCOMES
from sim.playback.shift_events import ALERT, STOP, PlayedDraw, Task
from sim.scenario.place.ground import ground_in_view
from sim.scenario.schema import Scenario

POST, GOING, WITH, BACK, AWAY = "post", "going", "with", "back", "away"
NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
LINGER_S = 4.0  # so long after it is over, the picture says how an alert ended


def story(
    scenario: Scenario, played: PlayedDraw, about: dict[str, Any], *, speed_mps: float
) -> dict[str, Any]:
    """Return what the page draws beside people, and tells, as JSON.

    about     : the JSON of the replay that is played
    speed_mps : of officers
    """
    first_s = float(about["first_frame_s"])
    length_s = (int(about["frames"]) - 1) / float(about["frame_rate_hz"])
    events = pd.DataFrame(about["events"], columns=list(about["event_columns"]))
    events[col.EVENT_TIME] -= first_s
    doors = {door.name: door for door in (*scenario.street.entrances, *scenario.street.exits)}
    return {
        "title": scenario.title,
        "clock_s": 3600.0 * scenario.policy.start_hour + first_s,
        "length_s": length_s,
        "ground": _rings(shapely.from_wkt(about["walkable_wkt"])),
        "doors": [
            {"name": door.name, "from_m": door.from_m, "to_m": door.to_m} for door in doors.values()
        ],
        "cameras": [
            {
                "name": camera.name,
                "position_m": camera.position_m,
                "heading_deg": camera.heading_deg,
                "zone": _rings(ground_in_view(camera)),
            }
            for camera in scenario.policy.cameras
        ],
        "events": _records(events),
        "alerts": [
            one
            for one in alerts_told(played, first_s=first_s, cameras=about["cameras"])
            if one["alert_s"] <= length_s and _over_s(one) + LINGER_S >= 0
        ],
        "officers": [
            officer_way(
                post,
                [task for task in played.tasks if task.officer == number],
                speed_mps=speed_mps,
                first_s=first_s,
            )
            for number, post in enumerate(played.posts, start=1)
        ],
    }


def summary(about: dict[str, Any]) -> str:
    """Return what a playback shows, in words that agree with its events."""
    told, events = about["story"], about["story"]["events"]
    minutes = round(told["length_s"] / 60.0)
    span = "this minute" if minutes == 1 else f"these {minutes} minutes"
    people = about["people"] + about["left_out"]
    opening = f"In {span} {people:,} {'person walks' if people == 1 else 'people walk'} past."
    listed = {one["person"] for one in told["alerts"] if one["listed"]}
    alerts, stops = (
        [event[col.PERSON] in listed for event in events if event[col.EVENT] == kind]
        for kind in (ALERT, STOP)
    )
    if len(alerts) == 1 and stops in ([], alerts):
        of = "is on the list" if alerts[0] else "is not on the list"
        end = (
            ("is stopped" if alerts[0] else "is stopped by mistake") if stops else "is not stopped"
        )
        return f"{opening} One sets off an alert, {of}, and {end}."
    if len(alerts) == 1:
        of = "is on the list" if alerts[0] else "is not on the list"
        said = f"One sets off an alert and {of}."
    elif alerts:
        said = f"{_number(len(alerts))} set off an alert: {_shares(alerts, 'not')}."
    else:
        said = "Nobody sets off an alert."
    if len(stops) == 1:
        ends = "One who is on the list is stopped." if stops[0] else "One is stopped by mistake."
    elif stops:
        ends = f"{_number(len(stops))} are stopped: {_shares(stops, 'by mistake')}."
    else:
        ends = "Nobody is stopped."
    return f"{opening} {said} {ends}"


def _number(count: int) -> str:
    """Return a number that begins a sentence."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _shares(listed: list[bool], otherwise: str) -> str:
    right = sum(listed)
    if right == len(listed):
        return "both on the list" if right == 2 else "all on the list"
    return f"{right or 'none'} on the list, {len(listed) - right} {otherwise}"


def held_from(played: PlayedDraw) -> pd.Series:
    """Return since when whoever is stopped is held, s, by person: there the walk is left."""
    stops = [task for task in played.tasks if task.stop_end_s > task.met_s]
    return pd.Series(
        [task.met_s for task in stops], index=[task.person for task in stops], dtype="float64"
    )


def alerts_told(
    played: PlayedDraw, *, first_s: float, cameras: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return each alert of the draw with what becomes of it and when; no task: None."""
    tasks = {task.alert: task for task in played.tasks}
    told = []
    for alert, person in enumerate(played.alerts.person.tolist()):
        task = tasks.get(alert)
        told.append(
            {
                "person": person,
                "camera": cameras[int(played.alerts.camera[alert])]["name"],
                "listed": bool(played.alerts.is_true[alert]),
                "outcome": OUTCOMES[played.outcome[alert]],
                "alert_s": float(played.alerts.time_s[alert]) - first_s,
                "decided_s": float(played.end_s[alert]) - first_s,
                "met_s": None if task is None else task.met_s - first_s,
                "met_m": None if task is None else task.met,
                "end_s": None if task is None else task.stop_end_s - first_s,
                "officer": None if task is None else task.officer,
            }
        )
    return told


def _over_s(alert: dict[str, Any]) -> float:
    """Return when an alert is over: decided on, or its stop has ended."""
    return float(alert["decided_s"] if alert["end_s"] is None else alert["end_s"])


def officer_way(
    post: tuple[float, float], tasks: list[Task], *, speed_mps: float, first_s: float
) -> list[list[float | str]]:
    """Return where an officer is: rows of time, x, y and what is done from then on.

    Between two rows the officer goes straight; ``AWAY`` is not in the street.
    """
    way: list[list[float | str]] = [[-first_s, *post, POST]]
    for task in sorted(tasks, key=lambda one: one.from_s):
        while len(way) > 1 and float(way[-1][0]) > task.from_s - first_s:
            way.pop()  # called before the way back was done
        way += [
            [task.from_s - first_s, *task.place, GOING],
            [task.met_s - first_s, *task.met, WITH],
        ]
        if task.free_at != task.met:  # gone with somebody who is arrested, free again at the post
            way.append([task.stop_end_s - first_s, *task.met, AWAY])
            way.append([task.free_s - first_s, *task.free_at, POST])
            continue
        back_s = hypot(task.met[0] - post[0], task.met[1] - post[1]) / speed_mps
        way.append([task.free_s - first_s, *task.met, BACK])
        way.append([task.free_s + back_s - first_s, *post, POST])
    return way


def _records(events: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON objects: plain numbers, no numpy ones."""
    return [
        {
            str(name): value.item() if hasattr(value, "item") else value
            for name, value in row.items()
        }
        for row in events.to_dict(orient="records")
    ]


def _rings(ground: Any) -> list[list[tuple[float, float]]]:
    """Return the outlines of a polygon or of several, outer and inner alike, m."""
    parts = getattr(ground, "geoms", [ground])
    rings = []
    for part in parts:
        rings += [part.exterior, *part.interiors]
    return [[(round(x, 2), round(y, 2)) for x, y in ring.coords] for ring in rings]
