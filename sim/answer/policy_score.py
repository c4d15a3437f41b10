"""One policy scored on one walk: what to expect of it, luck averaged out.

``docs/model/studies.md`` has the equations S1 to S6 and how far they agree with ``simulate``.

State:  none.
Shapes: groups ``(40,)``.
"""

from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import columns as col
from sim.answer.walked_street import Staffing, WalkedStreet
from sim.groups import AGE_BANDS, ETHNICITIES, GROUP_COUNT, GROUPS, SEXES
from sim.kernels.played_shifts import Luck, play_shifts
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
_HEADINGS = {
    col.DISPARITY_SEX: (SEXES, 0),
    col.DISPARITY_ETHNICITY: (ETHNICITIES, 1),
    col.DISPARITY_AGE: (AGE_BANDS, 2),
}


@dataclass(frozen=True, slots=True)
class Busy:
    """What busy staff cost, from played shifts; shares of the alerts played.

    met      : of those that would be met if nobody else needed staff, those that are
    read     : read before the person left
    answered : read, and an officer free
    chase_s  : mean seconds that an officer is after the person of an alert, if it is pursued
    """

    met: float
    read: float
    answered: float
    chase_s: float


@dataclass(frozen=True)
class PolicyScore:
    """What to expect of one policy under one set of beliefs.

    false_alerts, true_alerts : (40,) expected, by group
    met_false, met_true       : (40,) of those, whom an officer would stop if all were pursued
    people, faces             : who walked past; (40,) who had a usable face
    """

    scenario: Scenario
    response: ResponseParameters
    people: float
    faces: Floats
    false_alerts: Floats
    true_alerts: Floats
    met_false: Floats
    met_true: Floats
    pursue_false: float
    busy: Busy

    @cached_property
    def mistaken_by_group(self) -> Floats:
        """Expected mistaken stops, ``(40,)``, equation S5."""
        return self.met_false * self.pursue_false

    @cached_property
    def correct(self) -> float:
        """Expected stops of listed people, equation S5."""
        return float(self.met_true.sum()) * self.response.pursue_true

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """Every outcome of a study, by its column."""
        false_alerts, true_alerts = float(self.false_alerts.sum()), float(self.true_alerts.sum())
        mistaken, correct = float(self.mistaken_by_group.sum()), self.correct
        arrests = correct * self.response.arrest_share
        minutes = mistaken * self.mean_stop_min(is_true=False)
        policy, faces = self.scenario.policy, float(self.faces.sum())
        return {
            col.PEOPLE: self.people,
            col.FACES_USABLE: faces,
            col.FALSE_ALERTS: false_alerts,
            col.TRUE_ALERTS: true_alerts,
            col.MISTAKEN_STOPS: mistaken,
            col.CORRECT_STOPS: correct,
            col.ARRESTS: arrests,
            col.OUT_OF_DATE_STOPS: correct * self.response.out_of_date_share,
            col.MISSED_TRUE_ALERTS: true_alerts - correct,
            col.MISTAKEN_MINUTES: minutes,
            col.OFFICER_HOURS_ON_ALERTS: self.officer_minutes / 60,
            col.STAFF_HOURS: (policy.officers + policy.operators) * policy.hours,
            col.PER_TRUE_MATCH: _ratio(mistaken, true_alerts),
            col.PER_MILLION_FACES: _ratio(1e6 * mistaken, faces),
            col.PER_ALERT: _ratio(mistaken, false_alerts + true_alerts),
            col.PER_STOP: _ratio(mistaken, mistaken + correct),
            col.NO_TRUE_MATCH: exp(-true_alerts),
            **_disparities(self.mistaken_by_group, self.faces),
        }

    @property
    def officer_minutes(self) -> float:
        """Expected officer minutes on alerts, equation S6."""
        pursued = float(self.false_alerts.sum()) * self.pursue_false
        pursued += float(self.true_alerts.sum()) * self.response.pursue_true
        arrests = self.correct * self.response.arrest_share
        return (
            pursued * self.busy.chase_s / 60
            + float(self.mistaken_by_group.sum()) * self.mean_stop_min(is_true=False)
            + self.correct * self.mean_stop_min(is_true=True)
            + arrests * self.response.arrest_away_min
        )

    def mean_stop_min(self, *, is_true: bool) -> float:
        """Return the mean length of a stop, min; the register gives medians."""
        given = self.response
        median = given.true_stop_min if is_true else given.mistaken_stop_min
        return median * exp(given.stop_log_sd**2 / 2)


def policy_score(street: WalkedStreet, scenario: Scenario, believed: Beliefs) -> PolicyScore:
    """Return the score of a policy on a walk, under one set of beliefs."""
    matcher = matching_parameters(scenario, believed)
    response = response_parameters(believed)
    cells, count = street.cells, len(street.cells.group)
    of_false, of_true, by_group = np.empty(count), np.empty(count), np.empty((4, GROUP_COUNT))
    alert_chances(cells, street.looks(matcher), _matching(matcher), of_false, of_true)
    load = shift_load(float(of_false.sum()), scenario.policy.hours, believed)
    pursue_false = pursue_false_chance(response, load)
    staffing = _staffing(scenario, response)
    luck = _luck(response, pursue_false)
    sum_groups(
        cells,
        street.reach(staffing),
        response.lost_in_crowd,
        response.lost_reference_density_per_m2,
        of_false,
        of_true,
        by_group,
    )
    hours = street.hour_factors(believed.value("arrivals.hourly_cv"))
    busy = _busy(street, staffing, luck, of_false, of_true, hours)
    return PolicyScore(
        scenario=scenario,
        response=response,
        people=street.people,
        faces=street.faces,
        false_alerts=by_group[0],
        true_alerts=by_group[1],
        met_false=by_group[2] * busy.met,
        met_true=by_group[3] * busy.met,
        pursue_false=pursue_false,
        busy=busy,
    )


def _ratio(top: float, bottom: float) -> float:
    if bottom > 0:
        return top / bottom
    return inf if top > 0 else nan


_LABELS = [(name, label, place) for name, (labels, place) in _HEADINGS.items() for label in labels]
_MEMBERS = np.array(
    [[float(group[place] == label) for group in GROUPS] for _, label, place in _LABELS]
)
_ROWS_OF = {
    name: [row for row, (heading, _, _) in enumerate(_LABELS) if heading == name]
    for name in _HEADINGS
}


def _disparities(mistaken: Floats, faces: Floats) -> dict[str, float]:
    """Return the largest over the smallest chance of a mistaken stop a face, by heading."""
    stops, scanned = (_MEMBERS @ mistaken).tolist(), (_MEMBERS @ faces).tolist()
    found = {}
    for name, rows in _ROWS_OF.items():
        rates = [stops[row] / scanned[row] for row in rows if scanned[row] > 0]
        found[name] = _ratio(max(rates), min(rates)) if len(rates) > 1 else nan
    return found | {col.DISPARITY: found[col.DISPARITY_ETHNICITY]}


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


def _busy(
    street: WalkedStreet,
    staffing: Staffing,
    luck: Luck,
    of_false: Floats,
    of_true: Floats,
    hours: Floats,
) -> Busy:
    """Return what busy staff cost, equations S3 and S4.

    Where the played shifts hold no alert that anybody could meet, nothing can be lost: share 1.
    """
    played = play_shifts(
        street.scenario.run.seed,
        PLAYED_ALERTS,
        hours,
        street.hands,
        street.trails,
        staffing.staff(),
        street.sights,
        street.cells,
        of_false,
        of_true,
        luck,
    )
    alerts = max(played.alerts, 1.0)
    return Busy(
        met=played.met / played.alone if played.alone > 0 else 1.0,
        read=played.read / alerts,
        answered=played.answered / alerts,
        chase_s=played.chase_s / alerts,
    )
