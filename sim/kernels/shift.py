"""A shift of operators and officers, compiled: the same rules as ``sim.model.response``.

``Response`` tells the story of one shift with Mesa agents; studies score thousands of policies
and play the same shift here. Both give every alert the same outcome from the same luck
(tests/kernels/test_shift.py); what the rules are and why stands in docs/model/response.md.

Beside the outcome of every alert, ``play_shift`` says what a pursuit of it *would* have met, also
where the alert was dismissed: that is what busy operators and officers cost (equation S4 of
docs/model/studies.md).

Shapes: alerts are rows ``(a,)`` in order of time; people rows ``(n,)``; SI units.
"""

from math import exp, floor, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels._jit import Bools, Floats, Ints, kernel

# Outcomes, in the order of sim.model.alerts.OUTCOMES.
UNREAD, DISMISSED, NO_OFFICER, LOST, MISTAKEN_STOP, ARREST, NO_FURTHER_ACTION = range(7)

LEAST_SPEED_SHARE = 0.1  # as in sim.model.officers
WEIDMANN_SLOPE_PER_M2 = 1.913
WEIDMANN_JAM_PER_M2 = 5.4


class Trails(NamedTuple):
    """Where everybody was: as ``sim.model.passages.Trail``, and when they are out of reach.

    start   : (n + 1,) row i's points are ``xy[start[i]:start[i + 1]]``
    first_s : (n,) s
    xy      : (m, 2) m, float32
    leave_s : (n,) s
    """

    start: Ints
    first_s: Floats
    xy: NDArray[np.float32]
    leave_s: Floats


class Staff(NamedTuple):
    """Who reads alerts and who goes after people.

    posts        : (k, 2) m; officer i stands at post i mod k
    speed_mps    : of an officer alone
    reach_m      : at which a person is caught
    away_s       : after an arrest, beyond the stop
    """

    operators: int
    officers: int
    posts: Floats
    speed_mps: float
    reach_m: float
    away_s: float


class ShiftAlerts(NamedTuple):
    """Alerts of one draw in order of time, and their luck, drawn before anything happens.

    person, true_outcome : (a,) row of the person; outcome of a stop if the alert is true
    time_s, crowding_per_m2, review_s, stop_s : (a,)
    is_true, is_pursued, is_found             : (a,)
    """

    person: Ints
    time_s: Floats
    crowding_per_m2: Floats
    is_true: Bools
    review_s: Floats
    is_pursued: Bools
    is_found: Bools
    stop_s: Floats
    true_outcome: Ints


class Desk(NamedTuple):
    """Scratch: operators ``(p,)``, officers ``(o,)`` and the alerts that wait ``(a,)``.

    review_end_s : when an operator's review ends; inf while idle
    reading      : the alert being read
    place        : (o, 2) where an officer's last task ended
    free_at_s    : when it ended or will end
    waiting      : rows of alerts not read yet, oldest first
    """

    review_end_s: Floats
    reading: Ints
    place: Floats
    free_at_s: Floats
    waiting: Ints


class ShiftRecord(NamedTuple):
    """What became of each alert ``(a,)``, and what a pursuit would have met.

    outcome     : index into the outcomes
    officer_s   : officer time that the alert took
    is_read     : before the person left
    is_answered : read, and an officer free
    is_met      : answered, and the officer reaches the person before they leave
    chase_s     : how long that officer is after the person, caught or not; 0 if not answered
    met_s       : when the officer reaches the person; meaningless where nobody does
    """

    outcome: Ints
    officer_s: Floats
    is_read: Bools
    is_answered: Bools
    is_met: Bools
    chase_s: Floats
    met_s: Floats


@kernel
def speed_share(crowding_per_m2: float) -> float:
    """Return walking speed in a crowd as a share of the speed alone, equation R5."""
    if crowding_per_m2 <= 0.0:
        return 1.0
    share = 1.0 - exp(-WEIDMANN_SLOPE_PER_M2 * (1.0 / crowding_per_m2 - 1.0 / WEIDMANN_JAM_PER_M2))
    return max(share, LEAST_SPEED_SHARE)


@kernel
def position_at(trails: Trails, person: int, time_s: float) -> tuple[float, float]:
    """Return where a person is, between the second's points; the last point holds on."""
    begin, end = trails.start[person], trails.start[person + 1]
    since = min(max(time_s - trails.first_s[person], 0.0), float(end - begin - 1))
    step = floor(since)
    share = since - step
    following = min(begin + step + 1, end - 1)
    x0, y0 = float(trails.xy[begin + step, 0]), float(trails.xy[begin + step, 1])
    x1, y1 = float(trails.xy[following, 0]), float(trails.xy[following, 1])
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


@kernel
def catch_of(
    trails: Trails,
    person: int,
    from_s: float,
    from_x: float,
    from_y: float,
    speed_mps: float,
    reach_m: float,
) -> tuple[bool, float, float, float]:
    """Return whether, when and where somebody from a place reaches a person, equation R6."""
    begin, end = trails.start[person], trails.start[person + 1]
    first_s, leave_s = trails.first_s[person], trails.leave_s[person]
    following = min(max(floor(from_s - first_s) + 1, 0), end - begin)
    before_s = from_s
    before_x, before_y = position_at(trails, person, from_s)
    before_gap = sqrt((before_x - from_x) ** 2 + (before_y - from_y) ** 2) - reach_m
    if before_gap <= 0.0:
        return before_s < leave_s, before_s, before_x, before_y
    for point in range(following, end - begin + 1):
        if point < end - begin:
            at_s = first_s + point
            x, y = float(trails.xy[begin + point, 0]), float(trails.xy[begin + point, 1])
        else:  # at leaving, still on the last point
            at_s, x, y = leave_s, before_x, before_y
        gap = sqrt((x - from_x) ** 2 + (y - from_y) ** 2) - reach_m - speed_mps * (at_s - from_s)
        if gap <= 0.0:
            share = before_gap / (before_gap - gap)
            when = before_s + share * (at_s - before_s)
            return (
                when < leave_s,
                when,
                before_x + share * (x - before_x),
                before_y + share * (y - before_y),
            )
        before_s, before_x, before_y, before_gap = at_s, x, y, gap
    return False, leave_s, before_x, before_y


@kernel
def officer_position(staff: Staff, desk: Desk, officer: int, time_s: float) -> tuple[float, float]:
    """Return where a free officer is: on the straight way back to the post, or there."""
    post = officer % staff.posts.shape[0]
    dx = staff.posts[post, 0] - desk.place[officer, 0]
    dy = staff.posts[post, 1] - desk.place[officer, 1]
    way = sqrt(dx * dx + dy * dy)
    walked = staff.speed_mps * (time_s - desk.free_at_s[officer])
    if walked >= way:
        return staff.posts[post, 0], staff.posts[post, 1]
    return desk.place[officer, 0] + dx * walked / way, desk.place[officer, 1] + dy * walked / way


@kernel
def nearest_free(
    staff: Staff, desk: Desk, time_s: float, x: float, y: float
) -> tuple[int, float, float]:
    """Return the free officer nearest to a place and where that is; -1: none, equation R4."""
    nearest, least, place_x, place_y = -1, inf, 0.0, 0.0
    for officer in range(staff.officers):
        if desk.free_at_s[officer] <= time_s:
            at_x, at_y = officer_position(staff, desk, officer, time_s)
            squared = (at_x - x) ** 2 + (at_y - y) ** 2
            if squared < least:
                nearest, least, place_x, place_y = officer, squared, at_x, at_y
    return nearest, place_x, place_y


@kernel
def begin_shift(staff: Staff, desk: Desk) -> None:
    """Put everybody at their place, idle."""
    desk.review_end_s[:] = inf
    desk.free_at_s[:] = 0.0
    for officer in range(staff.officers):
        post = officer % staff.posts.shape[0]
        desk.place[officer, 0] = staff.posts[post, 0]
        desk.place[officer, 1] = staff.posts[post, 1]


@kernel
def decide(
    trails: Trails,
    staff: Staff,
    alerts: ShiftAlerts,
    alert: int,
    time_s: float,
    desk: Desk,
    record: ShiftRecord,
) -> None:
    """Decide about an alert that has been read while the person was there."""
    person = alerts.person[alert]
    record.is_read[alert] = True
    x, y = position_at(trails, person, time_s)
    officer, at_x, at_y = nearest_free(staff, desk, time_s, x, y)
    is_met, when, catch_x, catch_y = False, time_s, at_x, at_y
    speed = staff.speed_mps * speed_share(alerts.crowding_per_m2[alert])
    if officer >= 0:
        is_met, when, catch_x, catch_y = catch_of(
            trails, person, time_s, at_x, at_y, speed, staff.reach_m
        )
        record.is_answered[alert] = True
        record.is_met[alert] = is_met
        record.chase_s[alert] = when - time_s
        record.met_s[alert] = when
    if not alerts.is_pursued[alert]:
        record.outcome[alert] = DISMISSED
    elif officer < 0:
        record.outcome[alert] = NO_OFFICER
    elif not is_met:
        # Walks towards where the person leaves, in vain.
        leave_s = trails.leave_s[person]
        to_x, to_y = position_at(trails, person, leave_s)
        dx, dy = to_x - at_x, to_y - at_y
        distance = sqrt(dx * dx + dy * dy)
        share = min(1.0, speed * (leave_s - time_s) / distance) if distance > 0.0 else 0.0
        desk.place[officer, 0], desk.place[officer, 1] = at_x + share * dx, at_y + share * dy
        desk.free_at_s[officer] = leave_s
        record.outcome[alert] = LOST
    elif not alerts.is_found[alert]:
        desk.place[officer, 0], desk.place[officer, 1] = catch_x, catch_y
        desk.free_at_s[officer] = when
        record.outcome[alert] = LOST
    else:
        outcome = alerts.true_outcome[alert] if alerts.is_true[alert] else MISTAKEN_STOP
        desk.place[officer, 0], desk.place[officer, 1] = catch_x, catch_y
        desk.free_at_s[officer] = when + alerts.stop_s[alert]
        if outcome == ARREST:  # back from custody, the officer is at the post again
            post = officer % staff.posts.shape[0]
            desk.place[officer, 0] = staff.posts[post, 0]
            desk.place[officer, 1] = staff.posts[post, 1]
            desk.free_at_s[officer] += staff.away_s
        record.outcome[alert] = outcome
    if officer >= 0 and alerts.is_pursued[alert]:
        record.officer_s[alert] = desk.free_at_s[officer] - time_s


@kernel
def play_shift(
    trails: Trails, staff: Staff, alerts: ShiftAlerts, count: int, desk: Desk, record: ShiftRecord
) -> None:
    """Play the first ``count`` alerts of one draw; fill the first ``count`` rows of the record.

    At one time a review ends before an alert comes in; an idle operator takes the newest alert
    whose person is still there, the operator of the lowest number first.
    """
    begin_shift(staff, desk)
    for alert in range(count):
        record.outcome[alert] = UNREAD
        record.officer_s[alert] = 0.0
        record.is_read[alert] = record.is_answered[alert] = record.is_met[alert] = False
        record.chase_s[alert] = 0.0
    arrived, waiting = 0, 0
    while True:
        arrival_s = alerts.time_s[arrived] if arrived < count else inf
        operator, review_s = -1, inf
        for one in range(staff.operators):
            if desk.review_end_s[one] < review_s:
                operator, review_s = one, desk.review_end_s[one]
        if operator >= 0 and review_s <= arrival_s:
            time_s = review_s
            desk.review_end_s[operator] = inf
            alert = desk.reading[operator]
            if time_s < trails.leave_s[alerts.person[alert]]:
                decide(trails, staff, alerts, alert, time_s, desk, record)
        elif arrival_s < inf:
            time_s = arrival_s
            desk.waiting[waiting] = arrived
            waiting += 1
            arrived += 1
        else:
            return
        idle = 0
        while waiting > 0:
            while idle < staff.operators and desk.review_end_s[idle] < inf:
                idle += 1
            if idle == staff.operators:
                break
            waiting -= 1
            alert = desk.waiting[waiting]
            if time_s < trails.leave_s[alerts.person[alert]]:
                desk.reading[idle] = alert
                desk.review_end_s[idle] = time_s + alerts.review_s[alert]
