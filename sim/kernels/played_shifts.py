"""Played shifts: who would be reached alone, and what busy operators and officers cost.

docs/model/studies.md has the equations S2 to S4.

Shapes: cells are rows ``(c,)``, people ``(n,)``; a hand ``(9,)`` is the luck of one alert.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np

from sim.kernels._jit import Bools, Floats, Ints, allocating_kernel, kernel
from sim.kernels.draws import LISTING, MATCHING, OFFICER, OPERATOR, OUTCOME, normal, uniform_pair
from sim.kernels.scoring import Cells
from sim.kernels.shift import (
    ARREST,
    NO_FURTHER_ACTION,
    Desk,
    ShiftAlerts,
    ShiftRecord,
    Staff,
    Trails,
    begin_shift,
    catch_of,
    nearest_free,
    play_shift,
    position_at,
    speed_share,
)

# A hand: the luck of one candidate alert of one shift.
GAP, CHOICE, MEMBER, COIN, PURSUE, FOUND, FATE, REVIEW, STOP = range(9)
HAND = 9


class Luck(NamedTuple):
    """What decides the fates in the played shifts: names as the register's.

    review_log_mean : ln of the median review, ln s
    """

    review_log_mean: float
    review_log_sd: float
    pursue_true: float
    pursue_false: float
    lost_in_crowd: float
    reference_density: float
    mistaken_stop_s: float
    true_stop_s: float
    stop_log_sd: float
    arrest_share: float


class Sights(NamedTuple):
    """Where and when each person ``(n,)`` would set off an alert: the camera that saw most."""

    alert_s: Floats
    crowding_per_m2: Floats
    hour: Ints


class Played(NamedTuple):
    """What the played shifts held: how many alerts, of each kind.

    read, answered, met : as in ``ShiftRecord``
    readable            : would be read if an operator were idle
    alone               : would be met if nobody else needed staff
    chase_s             : seconds that officers were after people, or would have been
    stops               : how many a pursuit would have stopped; the first are in ``Stops``
    """

    readable: float
    read: float
    answered: float
    met: float
    alone: float
    chase_s: float
    alerts: float
    stops: int


class Stops(NamedTuple):
    """Whom a pursuit would have stopped in the played shifts: room for ``(s,)`` of them.

    time_s : when, s;  is_true : whether the alert is true
    """

    person: Ints
    time_s: Floats
    is_true: Bools


@allocating_kernel
def fill_reach(
    seed: int,
    trails: Trails,
    staff: Staff,
    sights: Sights,
    review_s: Floats,
    cells: Cells,
    out_readable: Floats,
    out_met: Floats,
    out_crowding: Floats,
    out_spread: Floats,
) -> None:
    """Fill in the reach of each cell ``(c,)`` with everybody at their posts, equation S2.

    review_s : (k, s) reviews: row j holds one of each of s equal slices of their distribution;
               a person takes the row that their own luck names, which spares a bias
    """
    desk = Desk(
        np.empty(staff.operators),
        np.empty(staff.operators, dtype=np.int64),
        np.empty((staff.officers, 2)),
        np.empty(staff.officers),
        np.empty(0, dtype=np.int64),
    )
    begin_shift(staff, desk)
    slices = review_s.shape[1]
    for cell in range(cells.group.shape[0]):
        readable, met, first, second = 0.0, 0.0, 0.0, 0.0
        for place in range(cells.start[cell], cells.start[cell + 1]):
            person = cells.members[place]
            row = int(uniform_pair(seed, OPERATOR, person, 0)[0] * review_s.shape[0])
            reached = 0.0
            for one in range(slices):
                read_s = sights.alert_s[person] + review_s[row, one]
                readable += 1.0 if read_s < trails.leave_s[person] else 0.0
                reached += is_met_alone(trails, staff, sights, desk, person, read_s)
            reached /= slices
            crowding = sights.crowding_per_m2[person]
            met += reached
            first += reached * crowding
            second += reached * crowding * crowding
        people = cells.start[cell + 1] - cells.start[cell]
        out_readable[cell] = readable / slices / people if people else 0.0
        out_met[cell] = met / people if people else 0.0
        out_crowding[cell] = first / met if met > 0.0 else 0.0
        mean = out_crowding[cell]
        out_spread[cell] = max(second / met - mean * mean, 0.0) if met > 0.0 else 0.0


@kernel
def is_met_alone(
    trails: Trails, staff: Staff, sights: Sights, desk: Desk, person: int, read_s: float
) -> float:
    """Return 1 if somebody read at a time is reached by an officer from a post, else 0.

    desk : as at the begin of the shift
    """
    if not (read_s < trails.leave_s[person] and staff.operators > 0):
        return 0.0
    x, y = position_at(trails, person, read_s)
    officer, at_x, at_y = nearest_free(staff, desk, read_s, x, y)
    if officer < 0:
        return 0.0
    speed = staff.speed_mps * speed_share(sights.crowding_per_m2[person])
    is_met = catch_of(trails, person, read_s, at_x, at_y, speed, staff.reach_m)[0]
    return 1.0 if is_met else 0.0


@kernel
def fill_hand(seed: int, shift: int, number: int, out: Floats) -> None:
    """Fill ``out`` (9,) with all the luck that one candidate alert of a shift may need."""
    out[GAP], out[CHOICE] = uniform_pair(seed, MATCHING, number, shift)
    out[MEMBER], out[COIN] = uniform_pair(seed, LISTING, number, shift)
    out[PURSUE], out[FOUND] = uniform_pair(seed, OFFICER, number, shift)
    out[FATE] = uniform_pair(seed, OUTCOME, number, 2 * shift + 1)[0]
    out[REVIEW] = normal(seed, OPERATOR, number, shift)
    out[STOP] = normal(seed, OUTCOME, number, 2 * shift)


@kernel
def fill_hands(seed: int, out: Floats) -> None:
    """Fill ``out`` (shifts, numbers, 9) with the luck of the first candidates of each shift."""
    for shift in range(out.shape[0]):
        for number in range(out.shape[1]):
            fill_hand(seed, shift, number, out[shift, number])


@allocating_kernel
def play_shifts(
    seed: int,
    wanted: int,
    hour_factor: Floats,
    hands: Floats,
    trails: Trails,
    staff: Staff,
    sights: Sights,
    cells: Cells,
    of_false: Floats,
    of_true: Floats,
    luck: Luck,
    stops: Stops,
) -> Played:
    """Play shifts until ``wanted`` alerts came, equations S3 and S4.

    hour_factor : (draws, hours) how busy each clock hour is in each shift, mean 1; no more shifts
                  than rows are played
    hands       : (draws, numbers, 9) from ``fill_hands``: the luck of the first candidates

    Each shift has a Poisson number of alerts, on people drawn by their chances; alert i
    of shift k has its own luck, the same under every policy. ``stops`` is filled as far as it goes.
    """
    count = cells.group.shape[0]
    rising = np.empty(count)
    total = 0.0
    for cell in range(count):
        total += of_false[cell] + of_true[cell]
        rising[cell] = total
    readable, read, answered, met, alone = 0.0, 0.0, 0.0, 0.0, 0.0
    chase, seen, stopped = 0.0, 0, 0
    if total == 0.0 or staff.operators == 0:
        return Played(readable, read, answered, met, alone, chase, 0.0, 0)
    room = int(2.0 * total * hour_factor.max() + 20.0 * sqrt(total * hour_factor.max()) + 64.0)
    desk = Desk(
        np.empty(staff.operators),
        np.empty(staff.operators, dtype=np.int64),
        np.empty((staff.officers, 2)),
        np.empty(staff.officers),
        np.empty(room, dtype=np.int64),
    )
    at_posts = Desk(
        np.empty(staff.operators),
        np.empty(staff.operators, dtype=np.int64),
        np.empty((staff.officers, 2)),
        np.empty(staff.officers),
        np.empty(0, dtype=np.int64),
    )
    begin_shift(staff, at_posts)
    people = np.empty(room, dtype=np.int64)
    hand, luck_of = np.empty(HAND), np.empty((room, HAND))
    times = np.empty(room)
    kinds = np.empty(room, dtype=np.bool_)
    alerts = ShiftAlerts(
        np.empty(room, dtype=np.int64),
        np.empty(room),
        np.empty(room),
        np.empty(room, dtype=np.bool_),
        np.empty(room),
        np.empty(room, dtype=np.bool_),
        np.empty(room, dtype=np.bool_),
        np.empty(room),
        np.empty(room, dtype=np.int64),
    )
    record = ShiftRecord(
        np.empty(room, dtype=np.int64),
        np.empty(room),
        np.empty(room, dtype=np.bool_),
        np.empty(room, dtype=np.bool_),
        np.empty(room, dtype=np.bool_),
        np.empty(room),
        np.empty(room),
    )
    for shift in range(hour_factor.shape[0]):
        if seen >= wanted:
            break
        busiest = hour_factor[shift].max()
        found, candidate, passed = 0, 0, 0.0
        while found < room:
            if candidate < hands.shape[1]:
                hand[:] = hands[shift, candidate]
            else:
                fill_hand(seed, shift, candidate, hand)
            passed -= log(hand[GAP])
            if passed > total * busiest:
                break
            chosen = np.searchsorted(rising, hand[CHOICE] * total, side="right")
            cell = min(int(chosen), count - 1)
            size = cells.start[cell + 1] - cells.start[cell]
            person = cells.members[cells.start[cell] + min(int(hand[MEMBER] * size), size - 1)]
            candidate += 1
            share = hour_factor[shift, sights.hour[person]] / busiest
            if hand[COIN] >= share:
                continue
            people[found] = person
            times[found] = sights.alert_s[person]
            kinds[found] = hand[COIN] < share * of_true[cell] / (of_true[cell] + of_false[cell])
            luck_of[found] = hand
            found += 1
        if found == 0:
            continue
        order = np.argsort(times[:found], kind="mergesort")
        deal(luck, sights, people, kinds, luck_of, order, alerts)
        play_shift(trails, staff, alerts, found, desk, record)
        seen += found
        for alert in range(found):
            read += record.is_read[alert]
            answered += record.is_answered[alert]
            met += record.is_met[alert]
            chase += record.chase_s[alert]
            if record.is_met[alert] and alerts.is_found[alert]:
                if stopped < stops.person.shape[0]:
                    stops.person[stopped] = alerts.person[alert]
                    stops.time_s[stopped] = record.met_s[alert]
                    stops.is_true[stopped] = alerts.is_true[alert]
                stopped += 1
            read_s = alerts.time_s[alert] + alerts.review_s[alert]
            readable += 1.0 if read_s < trails.leave_s[alerts.person[alert]] else 0.0
            alone += is_met_alone(trails, staff, sights, at_posts, alerts.person[alert], read_s)
    return Played(readable, read, answered, met, alone, chase, float(seen), stopped)


@kernel
def deal(
    luck: Luck,
    sights: Sights,
    people: Ints,
    kinds: Bools,
    luck_of: Floats,
    order: Ints,
    out: ShiftAlerts,
) -> None:
    """Fill in the alerts of a shift in ``order``, each with its own luck, R1, R2 and R7 to R9.

    people, kinds : (a,) row of the person, whether the alert is true
    luck_of       : (a, 9) as ``fill_hand`` gives it
    """
    for alert in range(order.shape[0]):
        row = order[alert]
        person, is_true = people[row], kinds[row]
        crowding = sights.crowding_per_m2[person]
        stay = (1.0 - luck.lost_in_crowd) ** (crowding / luck.reference_density)
        stop_s = luck.true_stop_s if is_true else luck.mistaken_stop_s
        pursue = luck.pursue_true if is_true else luck.pursue_false
        review_log = luck.review_log_mean + luck.review_log_sd * luck_of[row, REVIEW]
        out.person[alert] = person
        out.time_s[alert] = sights.alert_s[person]
        out.crowding_per_m2[alert] = crowding
        out.is_true[alert] = is_true
        out.review_s[alert] = exp(review_log)
        out.is_pursued[alert] = luck_of[row, PURSUE] < pursue
        out.is_found[alert] = luck_of[row, FOUND] < stay
        out.stop_s[alert] = stop_s * exp(luck.stop_log_sd * luck_of[row, STOP])
        is_arrest = luck_of[row, FATE] < luck.arrest_share
        out.true_outcome[alert] = ARREST if is_arrest else NO_FURTHER_ACTION
