"""What happens in one response draw, moment by moment: alerts, officers setting off, stops.

A run keeps of each alert what became of it; here one draw is played again, with the same luck, and
watched: who read what when, which officer went where. An *event* is one such moment, with a
sentence for a caption; a *task* is what an officer does about one alert.

State: none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim import columns as col
from sim.model.alerts import (
    ARREST,
    DISMISSED,
    LOST,
    MISTAKEN_STOP,
    NO_OFFICER,
    OUTCOMES,
    UNREAD,
    Alerts,
    ResponseSetting,
)
from sim.model.officers import on_the_way
from sim.model.response import Response
from sim.model.shift_draws import ShiftDraws
from sim.words.minutes import stop_caption

ALERT, READ, DISMISS, NOBODY_FREE = "alert", "read", "dismissed", "no officer"
SET_OFF, STOP, STOP_ENDS, LOSE, UNANSWERED = "sets off", "stop", "stop ends", "lost", "unread"
EVENT_COLUMNS = (
    col.EVENT_TIME, col.EVENT, col.PERSON, col.CAMERA, col.OFFICER, col.X_M, col.Y_M, col.WORDS,
)  # fmt: skip

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Task:
    """What one officer does about one alert.

    officer         : number, from 1
    alert, person   : row of the draw's alerts, and whom it is about
    from_s, place   : when and where the officer sets off
    met_s, met      : when and where the officer stops the person, or gives up
    stop_end_s      : when the stop ends; ``met_s`` where there is none
    free_s, free_at : when and where the officer is free again; from there back to the post
    """

    officer: int
    alert: int
    person: int
    from_s: float
    place: Place
    met_s: float
    met: Place
    stop_end_s: float
    free_s: float
    free_at: Place


@dataclass(frozen=True, slots=True)
class PlayedDraw:
    """One response draw, watched.

    events  : one row an event, in order of time; columns ``EVENT_COLUMNS``
    alerts  : of the draw, by time
    outcome : a row's index into ``OUTCOMES``
    end_s   : when somebody decided on a row, or the person left
    tasks   : in the order in which officers set off
    posts   : of each officer, m
    """

    events: pd.DataFrame
    alerts: Alerts
    outcome: tuple[int, ...]
    end_s: tuple[float, ...]
    tasks: tuple[Task, ...]
    posts: tuple[Place, ...]


def played_draw(shifts: ShiftDraws, draw: int) -> PlayedDraw:
    """Play shift number ``draw`` again and watch it."""
    return _Watched(shifts.setting, shifts.alerts_of(draw), shifts.passages.cameras).play()


class _Watched:
    """One draw while it is played; looks at the agents before and after each event."""

    def __init__(self, setting: ResponseSetting, alerts: Alerts, cameras: tuple[str, ...]) -> None:
        self._setting, self._alerts, self._cameras = setting, alerts, cameras
        self._shift = Response(setting, alerts)
        self._rows: list[tuple[object, ...]] = []
        self._tasks: list[Task] = []
        leaves = setting.presence.leave_s[alerts.person]
        self._end_s: list[float] = leaves.tolist()

    def play(self) -> PlayedDraw:
        shift, alerts = self._shift, self._alerts
        for alert, time_s in enumerate(alerts.time_s.tolist()):
            listed = "is on the list" if alerts.is_true[alert] else "is not on the list"
            camera = self._cameras[int(alerts.camera[alert])]
            self._tell(time_s, ALERT, alert, f"An alert at camera {camera}: the person {listed}.")
        while shift.running:
            self._watch_step()
        for alert, outcome in enumerate(shift.outcome):
            if outcome == UNREAD:
                words = "The person leaves before anybody has decided on the alert."
                self._tell(self._end_s[alert], UNANSWERED, alert, words)
        table = pd.DataFrame(self._rows, columns=list(EVENT_COLUMNS))
        order = np.argsort(table[col.EVENT_TIME].to_numpy(dtype=np.float64), kind="stable")
        played = PlayedDraw(
            events=table.iloc[order].reset_index(drop=True),
            alerts=alerts,
            outcome=tuple(shift.outcome),
            end_s=tuple(self._end_s),
            tasks=tuple(self._tasks),
            posts=tuple(officer.post for officer in shift.officers),
        )
        shift.release()
        return played

    def _watch_step(self) -> None:
        shift = self._shift
        reading = [operator.alert for operator in shift.operators]
        tasks = [(officer.place, officer.free_at_s) for officer in shift.officers]
        shift.step()
        for number, alert in enumerate(reading):
            if alert >= 0 and shift.operators[number].alert != alert:
                self._decided(alert, tasks)
        for number, (operator, before) in enumerate(zip(shift.operators, reading, strict=True)):
            if operator.alert not in {-1, before}:
                words = f"Operator {number + 1} reads the alert."
                self._tell(shift.time_s, READ, operator.alert, words)

    def _decided(self, alert: int, before: list[tuple[Place, float]]) -> None:
        """Note what was decided on an alert, if its person was still there."""
        shift, now = self._shift, self._shift.time_s
        outcome = shift.outcome[alert]
        if outcome == UNREAD:
            return
        self._end_s[alert] = now
        if outcome == DISMISSED:
            self._tell(now, DISMISS, alert, "The operator dismisses the alert.")
        elif outcome == NO_OFFICER:
            self._tell(now, NOBODY_FREE, alert, "The operator asks for an officer; none is free.")
        else:
            for number, (officer, (place, free_at_s)) in enumerate(
                zip(shift.officers, before, strict=True)
            ):
                if officer.free_at_s != free_at_s:
                    walked = self._setting.parameters.officer_speed_mps * (now - free_at_s)
                    self._sent(alert, number, on_the_way(place, officer.post, walked))

    def _sent(self, alert: int, number: int, place: Place) -> None:
        """Note what the officer who has just been sent will do."""
        shift, believed = self._shift, self._setting.parameters
        officer, outcome = shift.officers[number], shift.outcome[alert]
        person, name = int(self._alerts.person[alert]), f"fficer {number + 1}"
        stop_end_s = officer.free_at_s
        if outcome == ARREST:
            stop_end_s -= 60.0 * believed.arrest_away_min
        # A sum taken apart again misses by a rounding: nobody is met before the officer sets off.
        met_s = max(shift.time_s, stop_end_s - 60.0 * shift.stop_min[alert])
        met = officer.place
        if outcome == ARREST:  # the officer comes back to the post, the stop was elsewhere
            met = self._setting.presence.position(person, met_s)
        self._tasks.append(
            Task(
                officer=number + 1,
                alert=alert,
                person=person,
                from_s=shift.time_s,
                place=place,
                met_s=met_s,
                met=met,
                stop_end_s=stop_end_s,
                free_s=officer.free_at_s,
                free_at=officer.place,
            )
        )
        self._tell(shift.time_s, SET_OFF, alert, f"O{name} sets off.", at=place, by=number + 1)
        if outcome == LOST:
            has_left = met_s == self._setting.presence.leave_s[person]
            words = (
                f"The person leaves before o{name} arrives."
                if has_left
                else f"O{name} does not find the person in the crowd."
            )
            self._tell(met_s, LOSE, alert, words, at=met, by=number + 1)
            return
        words = stop_caption(name, is_listed=outcome != MISTAKEN_STOP)
        self._tell(met_s, STOP, alert, words, at=met, by=number + 1)
        minutes = f"{shift.stop_min[alert]:.0f} min"
        ends = "" if outcome == MISTAKEN_STOP else f": {OUTCOMES[outcome]}"
        words = f"The stop ends after {minutes}{ends}."
        self._tell(stop_end_s, STOP_ENDS, alert, words, at=met, by=number + 1)

    def _tell(
        self,
        time_s: float,
        event: str,
        alert: int,
        words: str,
        *,
        at: Place | None = None,
        by: int = -1,
    ) -> None:
        person = int(self._alerts.person[alert])
        x, y = self._setting.presence.position(person, time_s) if at is None else at
        camera = self._cameras[int(self._alerts.camera[alert])]
        self._rows.append((time_s, event, person, camera, by, x, y, words))
