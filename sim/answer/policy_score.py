"""One policy scored on one walk under one set of beliefs: what to expect of it, luck averaged out.

``docs/model/studies.md`` has the equations S1 to S6 and how far they agree with played shifts.

State:  none.
Shapes: groups ``(40,)``, events ``(e,)`` in the order of ``EVENTS``.
"""

from dataclasses import dataclass
from math import exp, inf

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.answer.walked_street import Staffing, WalkedStreet
from sim.groups import GROUP_COUNT
from sim.kernels.played_shifts import Luck, Played, Stops, play_shifts
from sim.kernels.scoring import Matching, alert_chances, sum_groups
from sim.model.alerts import (
    ResponseParameters,
    officer_posts,
    pursue_false_chance,
    response_parameters,
    shift_load,
)
from sim.model.matching import MatchingParameters, matching_parameters
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

PLAYED_ALERTS = 512  # alerts played for what busy staff cost


@dataclass(frozen=True, slots=True)
class PolicyScore:
    """What to expect of one policy under one set of beliefs.

    false_alerts, true_alerts, mistaken : (40,) by group
    events                              : (e,) in all, in the order of ``EVENTS``
    alone_false, alone_true             : of the alerts, those met if nobody else needed staff
    busy                                : share of those that busy staff leave
    pursue_false, pursue_true           : chance that an alert that is read is pursued
    """

    false_alerts: Floats
    true_alerts: Floats
    mistaken: Floats
    events: Floats
    alone_false: float
    alone_true: float
    busy: float
    pursue_false: float
    pursue_true: float


def policy_score(street: WalkedStreet, scenario: Scenario, believed: Beliefs) -> PolicyScore:
    """Return the score of a policy on a walk, under one set of beliefs."""
    response = response_parameters(believed)
    chances = _alert_chances(street, scenario, believed, response)
    played = _played(street, scenario, believed, response, chances, NO_STOPS)
    by_group = np.empty((6, GROUP_COUNT))
    sum_groups(
        street.cells,
        street.reach(chances.staffing),
        response.lost_in_crowd,
        response.lost_reference_density_per_m2,
        chances.of_false,
        chances.of_true,
        by_group,
    )
    # Where the played shifts hold no alert that anybody could meet, nothing can be lost: share 1.
    busy = played.met / played.alone if played.alone > 0 else 1.0
    alone_false, alone_true = float(by_group[2].sum()), float(by_group[3].sum())
    mistaken = by_group[2] * (busy * chances.pursue_false)
    correct = alone_true * busy * response.pursue_true
    return PolicyScore(
        false_alerts=by_group[0],
        true_alerts=by_group[1],
        mistaken=mistaken,
        events=_events(by_group, float(mistaken.sum()), correct, chances, response, played),
        alone_false=alone_false,
        alone_true=alone_true,
        busy=busy,
        pursue_false=chances.pursue_false,
        pursue_true=response.pursue_true,
    )


def played_stops(
    street: WalkedStreet, scenario: Scenario, believed: Beliefs
) -> tuple[Stops, Floats]:
    """Return whom pursuits would stop in the played shifts, and the chance of each pursuit.

    What is near a stop is counted there. Where alerts are rarer than one a shift they are made as
    many: where a stop happens does not hang on how many others there are.
    """
    response = response_parameters(believed)
    chances = _alert_chances(street, scenario, believed, response)
    total = float(chances.of_false.sum() + chances.of_true.sum())
    if 0 < total < 1:
        chances.of_false[:] /= total
        chances.of_true[:] /= total
    room = _room_for(PLAYED_ALERTS)
    played = _played(street, scenario, believed, response, chances, room)
    rows = slice(played.stops)
    stops = Stops(room.person[rows], room.time_s[rows], room.is_true[rows])
    return stops, np.where(stops.is_true, response.pursue_true, chances.pursue_false)


def _room_for(stops: int) -> Stops:
    return Stops(np.empty(stops, np.int64), np.empty(stops), np.empty(stops, np.bool_))


NO_STOPS = _room_for(0)


@dataclass(frozen=True, slots=True)
class _Chances:
    """Expected alerts by cell, ``(c,)``, and what decides what becomes of them."""

    of_false: Floats
    of_true: Floats
    pursue_false: float
    staffing: Staffing


def _alert_chances(
    street: WalkedStreet, scenario: Scenario, believed: Beliefs, response: ResponseParameters
) -> _Chances:
    matcher = matching_parameters(scenario, believed)
    count = len(street.cells.group)
    of_false, of_true = np.empty(count), np.empty(count)
    alert_chances(street.cells, street.looks(matcher), _matching(matcher), of_false, of_true)
    load = shift_load(float(of_false.sum()), scenario.policy.hours, believed)
    return _Chances(
        of_false, of_true, pursue_false_chance(response, load), _staffing(scenario, response)
    )


def _events(
    by_group: Floats,
    mistaken: float,
    correct: float,
    chances: _Chances,
    response: ResponseParameters,
    played: Played,
) -> Floats:
    """Return what is expected in all, in the order of ``EVENTS``, equations S5 and S6."""
    false_alerts, true_alerts = float(by_group[0].sum()), float(by_group[1].sum())
    arrests = correct * response.arrest_share
    out_of_date = correct * response.out_of_date_share
    seen = max(played.alerts, 1.0)
    # What busy staff leave comes from played shifts, who would be read and met from everybody.
    left_read = played.read / played.readable if played.readable > 0 else 1.0
    left_answered = played.answered / played.read if played.read > 0 else 1.0
    fates: list[float] = []
    for readable, alerts, pursue, stops in (
        (float(by_group[4].sum()), false_alerts, chances.pursue_false, mistaken),
        (float(by_group[5].sum()), true_alerts, response.pursue_true, correct),
    ):
        # What is met was answered and what is answered was read: the fates add up to the alerts.
        met = stops / pursue if pursue > 0 else 0.0
        read = max(readable * left_read, met)
        answered = max(read * left_answered, met)
        fates += [
            alerts - read,
            read * (1 - pursue),
            pursue * (read - answered),
            pursue * (answered - met),
        ]
    pursued = false_alerts * chances.pursue_false + true_alerts * response.pursue_true
    minutes = mistaken * _mean_stop_min(response.mistaken_stop_min, response)
    officer_minutes = (
        pursued * played.chase_s / seen / 60
        + minutes
        + correct * _mean_stop_min(response.true_stop_min, response)
        + arrests * response.arrest_away_min
    )
    no_action = correct - arrests - out_of_date
    return np.array(
        [
            *(false_alerts, true_alerts, mistaken, correct, arrests, out_of_date, no_action),
            *fates,
            minutes,
            officer_minutes / 60,
        ]
    )


def _mean_stop_min(median: float, response: ResponseParameters) -> float:
    """Return the mean length of a stop, min; the register gives medians."""
    return median * exp(response.stop_log_sd**2 / 2)


def _matching(given: MatchingParameters) -> Matching:
    probits = float(ndtri(given.tpir)) if 0 < given.tpir < 1 else (inf if given.tpir >= 1 else -inf)
    return Matching(
        given.false_matches,
        given.listed,
        probits + given.probit_shift,
        given.proneness_shape,
    )


def _staffing(scenario: Scenario, response: ResponseParameters) -> Staffing:
    policy = scenario.policy
    return Staffing(
        policy.operators,
        policy.officers,
        tuple(officer_posts(scenario)),
        response.officer_speed_mps,
        response.catch_distance_m,
        60.0 * response.arrest_away_min,
        response.review_s,
        response.review_log_sd,
    )


def _luck(response: ResponseParameters, pursue_false: float) -> Luck:
    return Luck(
        review_log_mean=float(np.log(response.review_s)) - response.review_log_sd**2 / 2,
        review_log_sd=response.review_log_sd,
        pursue_true=response.pursue_true,
        pursue_false=pursue_false,
        lost_in_crowd=response.lost_in_crowd,
        reference_density=response.lost_reference_density_per_m2,
        mistaken_stop_s=60.0 * response.mistaken_stop_min,
        true_stop_s=60.0 * response.true_stop_min,
        stop_log_sd=response.stop_log_sd,
        arrest_share=response.arrest_share,
    )


def _played(
    street: WalkedStreet,
    scenario: Scenario,
    believed: Beliefs,
    response: ResponseParameters,
    chances: _Chances,
    stops: Stops,
) -> Played:
    """Play shifts for what busy staff cost, equations S3 and S4."""
    return play_shifts(
        scenario.run.seed,
        PLAYED_ALERTS,
        street.hour_factors(believed.value("arrivals.hourly_cv")),
        street.hands,
        street.trails,
        chances.staffing.staff(),
        street.sights,
        street.cells,
        chances.of_false,
        chances.of_true,
        _luck(response, chances.pursue_false),
        stops,
    )
