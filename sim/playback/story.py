"""The story of a replay: alerts and what becomes of them, stops, officers' ways, for a drawing.

Times are seconds from the replay's first frame, so that what was before is negative; places are
in m. A stop is drawn where the officer meets the person: the walk itself does not change with it
(docs/model/response.md).

State: none.
"""

from collections.abc import Iterable, Mapping
from math import hypot
from typing import Any

import shapely

from sim import columns as col
from sim.playback.shift_events import ALERT, STOP
from sim.words.minutes import minutes_sentences

POST, GOING, WITH, BACK, AWAY = "post", "going", "with", "back", "away"
LINGER_S = 4.0  # so long after it is over, the picture says how an alert ended
_TIMES = ("alert_s", "decided_s", "met_s", "end_s")


def story(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page draws beside people, and tells, as JSON.

    about : the JSON of the replay that is played
    """
    first_s = float(about["first_frame_s"])
    length_s = (int(about["frames"]) - 1) / float(about["frame_rate_hz"])
    events = [dict(zip(about["event_columns"], row, strict=True)) for row in about["events"]]
    alerts = [
        one | {name: one[name] - first_s for name in _TIMES if one[name] is not None}
        for one in about["alerts"]
    ]
    doors = {door["name"]: door for door in (*about["entrances"], *about["exits"])}
    return {
        "title": about["scenario"]["title"],
        "clock_s": 3600.0 * about["start_hour"] + first_s,
        "length_s": length_s,
        "ground": _rings(about["walkable_wkt"]),
        "doors": list(doors.values()),
        "cameras": [
            {
                "name": camera["name"],
                "position_m": camera["position_m"],
                "heading_deg": camera["heading_deg"],
                "zone": _rings(camera["zone_wkt"]),
            }
            for camera in about["cameras"]
        ],
        "events": [one | {col.EVENT_TIME: one[col.EVENT_TIME] - first_s} for one in events],
        "alerts": [
            one for one in alerts if one["alert_s"] <= length_s and _over_s(one) + LINGER_S >= 0
        ],
        "officers": [
            officer_way(officer, speed_mps=about["officer_speed_mps"], first_s=first_s)
            for officer in about["officers"]
        ],
    }


def summary(told: Mapping[str, Any], *, people: int) -> str:
    """Return what a story tells, in words that agree with its events.

    people : who walk past, drawn or not
    """
    listed = {one["person"] for one in told["alerts"] if one["listed"]}
    alerts, stops = (
        [event[col.PERSON] in listed for event in told["events"] if event[col.EVENT] == kind]
        for kind in (ALERT, STOP)
    )
    return minutes_sentences(round(told["length_s"] / 60.0), people, alerts=alerts, stops=stops)


def officer_way(
    officer: Mapping[str, Any], *, speed_mps: float, first_s: float
) -> list[list[float | str]]:
    """Return where an officer is: rows of time, x, y and what is done from then on.

    Between two rows the officer goes straight; ``AWAY`` is not in the street.
    """
    post = officer["post_m"]
    way: list[list[float | str]] = [[-first_s, *post, POST]]
    for task in sorted(officer["tasks"], key=lambda one: float(one["from_s"])):
        from_s, met_s, stop_end_s, free_s = (
            task[name] - first_s for name in ("from_s", "met_s", "stop_end_s", "free_s")
        )
        while len(way) > 1 and float(way[-1][0]) > from_s:
            way.pop()  # called before the way back was done
        way += [[from_s, *task["from_m"], GOING], [met_s, *task["met_m"], WITH]]
        if task["free_m"] != task["met_m"]:  # gone with who is arrested, free again at the post
            way += [[stop_end_s, *task["met_m"], AWAY], [free_s, *task["free_m"], POST]]
            continue
        back_s = hypot(task["met_m"][0] - post[0], task["met_m"][1] - post[1]) / speed_mps
        way += [[free_s, *task["met_m"], BACK], [free_s + back_s, *post, POST]]
    return way


def _over_s(alert: Mapping[str, Any]) -> float:
    """Return when an alert is over: decided on, or its stop has ended."""
    return float(alert["decided_s"] if alert["end_s"] is None else alert["end_s"])


def _rings(wkt: str) -> list[list[tuple[float, float]]]:
    """Return the outlines of a polygon or of several, outer and inner alike, m."""
    rings: Iterable[Any] = (
        ring
        for part in shapely.get_parts(shapely.from_wkt(wkt))
        for ring in (part.exterior, *part.interiors)
    )
    return [[(round(x, 2), round(y, 2)) for x, y in ring.coords] for ring in rings]
