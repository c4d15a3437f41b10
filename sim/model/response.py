"""The response: from alerts to what becomes of them.

An *alert* waits for an operator, is read, pursued or dismissed; an officer reaches the person or
loses them; a stop has an outcome. ``Response`` is one shift as a Mesa model, one event a step;
``respond`` plays many draws of one and returns a table. Nothing here changes the walk.

State:    ``Response`` holds the shift; only ``step`` and ``begin`` change it.
Luck:     every number that an alert may need is keyed by (seed, purpose, person, draw), so more
          officers, or another rule for one alert, leave every other alert's luck as it was.
Shapes:   alerts are rows ``(m,)``, in order of draw, time, person.
Evidence: docs/model/response.md numbers the equations and names what is assumed.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.kernels.draws import OFFICER, OPERATOR, OUTCOME, normals, uniforms
from sim.model.alerts import (
    ARREST,
    DISMISSED,
    LOST,
    MISTAKEN_STOP,
    NO_FURTHER_ACTION,
    NO_OFFICER,
    OUT_OF_DATE,
    OUTCOME_TYPE,
    UNREAD,
    Alerts,
    ResponseSetting,
)
from sim.model.officers import Officer, Operator, crowd_speed_share
from sim.model.presence import Catch, Presence

_USES = 2  # draws of one purpose that an alert may need
_FIRST, _SECOND = range(_USES)


@dataclass(frozen=True, slots=True)
class _Luck:
    """Every number that an alert may need, drawn before anything happens; lists for speed."""

    review_s: list[float]
    is_pursued: list[bool]
    is_found: list[bool]
    stop_s: list[float]
    true_outcome: list[int]


def _luck(setting: ResponseSetting, alerts: Alerts) -> _Luck:
    """Draw the luck of one draw's alerts, equations R1, R2, R7, R8 and R9."""
    believed, seed, people = setting.parameters, setting.seed, alerts.person
    turn = _USES * int(alerts.draw[0])

    def uniform(stream: int, use: int) -> NDArray[np.float64]:
        return uniforms(seed, stream, people, turn + use)

    def normal(stream: int, use: int) -> NDArray[np.float64]:
        return normals(seed, stream, people, turn + use)

    # exp(N(-sd^2 / 2, sd)) has mean 1: the register gives the mean of a review.
    spread = believed.review_log_sd
    review = believed.review_s * np.exp(spread * normal(OPERATOR, _FIRST) - spread**2 / 2)
    pursue = np.where(alerts.is_true, believed.pursue_true, setting.pursue_false)
    crowding = alerts.crowding_per_m2 / believed.lost_reference_density_per_m2
    found = (1.0 - believed.lost_in_crowd) ** crowding
    # The register gives the median of a stop.
    minutes = np.where(alerts.is_true, believed.true_stop_min, believed.mistaken_stop_min)
    stop = 60.0 * minutes * np.exp(believed.stop_log_sd * normal(OUTCOME, _FIRST))
    fate = uniform(OUTCOME, _SECOND)
    kept = believed.arrest_share + believed.out_of_date_share
    outcome = np.where(
        fate < believed.arrest_share, ARREST, np.where(fate < kept, OUT_OF_DATE, NO_FURTHER_ACTION)
    )
    return _Luck(
        review_s=review.tolist(),
        is_pursued=(uniform(OPERATOR, _SECOND) < pursue).tolist(),
        is_found=(uniform(OFFICER, _FIRST) < found).tolist(),
        stop_s=stop.tolist(),
        true_outcome=outcome.tolist(),
    )


class Response(mesa.Model):
    """One deployment's shift, one event a step.

    An event is an alert that comes in or a review that ends; at the same time the review ends
    first. The order within is part of the model (docs/model/response.md, section "A step").
    ``begin`` starts another draw with the same agents.

    alerts          : the draw's alerts, by time
    time_s          : of the last event, s
    waiting         : rows of alerts not yet read, oldest first
    outcome         : a row's index into ``OUTCOMES``; "unread" until something else is known
    stop_min, officer_min, witnesses : a row's results, 0 until known

    >>> from sim import Response, load_scenario, simulate
    >>> settings = ["policy.hours=0.2", "run.draws=20", "run.assumption_draws=20"]
    >>> shifts = simulate(load_scenario("reference", settings=settings)).shifts()
    >>> shift = Response(shifts.setting, shifts.alerts_of(0))
    >>> shift.run_model() if shift.running else None
    >>> shift.running
    False
    """

    def __init__(self, setting: ResponseSetting, alerts: Alerts) -> None:
        super().__init__(rng=setting.seed)  # Mesa wants one; the response draws keyed numbers
        self.setting = setting
        self._officer_speed_mps = setting.parameters.officer_speed_mps
        self.operators = [Operator(self) for _ in range(setting.operators)]
        posts = [(x, y) for x, y in setting.posts.tolist()]
        self.officers = [Officer(self, posts[i % len(posts)]) for i in range(setting.officers)]
        self.begin(alerts)

    def begin(self, alerts: Alerts) -> None:
        """Start a shift with ``alerts``: one draw's, sorted by time."""
        if len(alerts) and (np.any(alerts.draw != alerts.draw[0]) or _is_unsorted(alerts.time_s)):
            raise ValueError("alerts must belong to one draw and be sorted by time")
        self.alerts, self.time_s = alerts, 0.0
        self.waiting: list[int] = []
        count = len(alerts)
        self.outcome = [UNREAD] * count
        self.stop_min, self.officer_min = [0.0] * count, [0.0] * count
        self.witnesses = [0] * count
        for operator in self.operators:
            operator.alert = -1
        for officer in self.officers:
            officer.begin()
        self._luck = _luck(self.setting, alerts) if count else _Luck([], [], [], [], [])
        self._alert_s: list[float] = alerts.time_s.tolist()
        self._leave_s: list[float] = self.setting.presence.leave_s[alerts.person].tolist()
        self._arrived = 0
        self._idle = list(range(len(self.operators)))  # heap of operators without an alert
        self._reviews: list[tuple[float, int]] = []  # heap of (end, operator)
        self.running = count > 0

    def step(self) -> None:
        """Handle the next event; without one, do nothing."""
        arrival_s = self._alert_s[self._arrived] if self._arrived < len(self._alert_s) else inf
        review_s = self._reviews[0][0] if self._reviews else inf
        if self._reviews and review_s <= arrival_s:
            self._end_review()
        elif arrival_s < inf:
            self._take_in()
        self.running = bool(self._reviews) or self._arrived < len(self._alert_s)

    def _take_in(self) -> None:
        self.time_s = self._alert_s[self._arrived]
        self.waiting.append(self._arrived)
        self._arrived += 1
        self._read_next()

    def _end_review(self) -> None:
        self.time_s, number = heapq.heappop(self._reviews)
        operator = self.operators[number]
        alert, operator.alert = operator.alert, -1
        heapq.heappush(self._idle, number)
        if self.time_s < self._leave_s[alert]:
            self._decide(alert)
        self._read_next()

    def _read_next(self) -> None:
        """Give the newest alert whose person is still there to an operator, if one is idle.

        Newest first: an oldest-first queue that falls behind reads only alerts whose people are
        about to leave, and so misses nearly all instead of those beyond its capacity.
        """
        while self._idle and self.waiting:
            alert = self.waiting.pop()
            if self.time_s < self._leave_s[alert]:
                number = heapq.heappop(self._idle)
                self.operators[number].alert = alert
                heapq.heappush(self._reviews, (self.time_s + self._luck.review_s[alert], number))

    def _decide(self, alert: int) -> None:
        if not self._luck.is_pursued[alert]:
            self.outcome[alert] = DISMISSED
            return
        person = int(self.alerts.person[alert])
        x, y = self.setting.presence.position(person, self.time_s)
        officer = self._nearest_free_officer(x, y)
        if officer is None:
            self.outcome[alert] = NO_OFFICER
            return
        self._pursue(alert, person, officer)

    def _nearest_free_officer(self, x: float, y: float) -> Officer | None:
        """Return the free officer nearest to a place; of equals the first, equation R4."""
        nearest, least = None, inf
        for officer in self.officers:
            if officer.is_free(self.time_s):
                at_x, at_y = officer.position(self.time_s, self._officer_speed_mps)
                squared = (at_x - x) ** 2 + (at_y - y) ** 2
                if squared < least:
                    nearest, least = officer, squared
        return nearest

    def _pursue(self, alert: int, person: int, officer: Officer) -> None:
        """Send ``officer`` after the person: out of reach, lost in the crowd, or stopped."""
        presence, believed = self.setting.presence, self.setting.parameters
        speed_mps = self._officer_speed_mps * crowd_speed_share(
            float(self.alerts.crowding_per_m2[alert])
        )
        place = officer.position(self.time_s, self._officer_speed_mps)
        catch = presence.intercept(
            person,
            from_s=self.time_s,
            place=place,
            speed_mps=speed_mps,
            reach_m=believed.catch_distance_m,
        )
        if catch is None:
            leave_s = self._leave_s[alert]
            towards = presence.position(person, leave_s)
            officer.chase(place, towards, way_m=speed_mps * (leave_s - self.time_s), end_s=leave_s)
            self.outcome[alert] = LOST
        elif not self._luck.is_found[alert]:
            officer.finish((catch.x, catch.y), catch.time_s)
            self.outcome[alert] = LOST
        else:
            self._stop(alert, person, officer, catch)
        self.officer_min[alert] = (officer.free_at_s - self.time_s) / 60.0

    def _stop(self, alert: int, person: int, officer: Officer, catch: Catch) -> None:
        believed = self.setting.parameters
        outcome = self._luck.true_outcome[alert] if self.alerts.is_true[alert] else MISTAKEN_STOP
        end_s = catch.time_s + self._luck.stop_s[alert]
        if outcome == ARREST:  # back from custody, the officer is at the post again
            officer.finish(officer.post, end_s + 60.0 * believed.arrest_away_min)
        else:
            officer.finish((catch.x, catch.y), end_s)
        self.outcome[alert] = outcome
        self.stop_min[alert] = self._luck.stop_s[alert] / 60.0
        self.witnesses[alert] = self.setting.presence.near(
            person, at=catch, radius_m=believed.witness_radius_m
        )

    def release(self) -> None:
        """Let go of agents and arrays: Mesa 3.3 keeps every model that ever had an agent."""
        for agent in list(self.agents):
            agent.remove()
        self.operators, self.officers = [], []
        del self.setting, self.alerts, self._luck


def respond(setting: ResponseSetting, alerts: Alerts, *, cameras: Sequence[str]) -> pd.DataFrame:
    """Play every draw's alerts and return one row an alert, by draw, time and person.

    The row of an alert depends on its own draw alone: draws may come in any order, or apart.
    ``cameras`` names what ``Alerts.camera`` indexes.
    """
    _check(setting.presence, alerts)
    alerts = alerts.sorted()
    count = len(alerts)
    outcome, witnesses = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    stop_min, officer_min = np.empty(count), np.empty(count)
    if count:
        edges = [0, *(np.flatnonzero(np.diff(alerts.draw)) + 1).tolist(), count]
        shift = Response(setting, alerts.rows(slice(0, 0)))
        for begin, end in pairwise(edges):
            rows = slice(begin, end)
            shift.begin(alerts.rows(rows))
            while shift.running:
                shift.step()
            outcome[rows], witnesses[rows] = shift.outcome, shift.witnesses
            stop_min[rows], officer_min[rows] = shift.stop_min, shift.officer_min
        shift.release()
    return pd.DataFrame(
        {
            col.DRAW: alerts.draw,
            col.PERSON: alerts.person,
            col.CAMERA: pd.Categorical.from_codes(
                alerts.camera, dtype=pd.CategoricalDtype(list(cameras))
            ),
            col.ALERT_TIME: alerts.time_s,
            col.IS_TRUE: alerts.is_true,
            col.OUTCOME: pd.Categorical.from_codes(outcome, dtype=OUTCOME_TYPE),
            col.STOP_MINUTES: stop_min,
            col.OFFICER_MINUTES: officer_min,
            col.WITNESSES: witnesses,
        }
    )


def _is_unsorted(times: NDArray[np.float64]) -> bool:
    return bool(np.any(np.diff(times) < 0))


def _check(presence: Presence, alerts: Alerts) -> None:
    """Refuse alerts that no walk can have left behind."""
    people = len(presence.leave_s)
    if len(alerts) and not 0 <= alerts.person.min() <= alerts.person.max() < people:
        raise ValueError(f"alerts name people outside 0..{people - 1}")
    has_no_trail = np.isnan(presence.leave_s[alerts.person])
    if has_no_trail.any():
        row = int(np.argmax(has_no_trail))
        raise ValueError(f"alert of person {alerts.person[row]}, who has no trail")
    is_odd = ~np.isfinite(alerts.time_s) | ~(alerts.crowding_per_m2 >= 0)
    if is_odd.any():
        row = int(np.argmax(is_odd))
        raise ValueError(
            f"alert of person {alerts.person[row]}: time {alerts.time_s[row]} s and crowding "
            f"{alerts.crowding_per_m2[row]} per m2 must be finite, crowding 0 or more"
        )
