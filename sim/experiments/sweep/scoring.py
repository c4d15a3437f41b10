"""Many policies scored on one walk: what to expect of each, luck averaged out.

``score_points`` gives what ``simulate`` estimates, thousands of times faster: chances are worked
out once a cell of alike people, what becomes of an alert is an average over everybody who could
set one off, and shifts are played only for what busy operators and officers cost.
``docs/model/studies.md`` has the equations and how far both ways agree.

State:  none beyond the walk held by ``WalkedStreet``.
Shapes: points are rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, inf, nan
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel
from scipy.special import ndtri

from sim import columns as col
from sim.errors import SimError
from sim.experiments.sweep.cells import cells_of, looks_of, sights_of, trails_of
from sim.groups import AGE_BANDS, ETHNICITIES, GROUP_COUNT, GROUPS, SEXES
from sim.kernels.scoring import (
    HAND,
    Looks,
    Luck,
    Matching,
    Reach,
    alert_chances,
    fill_hands,
    fill_reach,
    play_shifts,
    sum_groups,
)
from sim.kernels.shift import Staff
from sim.model.alerts import (
    ResponseParameters,
    officer_posts,
    pursue_false_chance,
    response_parameters,
    shift_load,
)
from sim.model.arrivals import hour_factors
from sim.model.matching import MatchingParameters, matching_parameters
from sim.model.officers import presence
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.footfall import hour_edges_s
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
Key = TypeVar("Key")
Value = TypeVar("Value")

PLAYED_ALERTS = 512  # alerts played for what busy staff cost: its standard error is 4 % at most
MOST_SHIFTS = 512
HANDS_KEPT = 64  # candidates of a shift whose luck is drawn once for all points
REVIEW_ROWS, REVIEW_SLICES = 16, 8
_KEPT = 64  # reaches, and looks, of the staffings and matchers met last
_HEADINGS = {
    col.DISPARITY_SEX: (SEXES, 0),
    col.DISPARITY_ETHNICITY: (ETHNICITIES, 1),
    col.DISPARITY_AGE: (AGE_BANDS, 2),
}


class _Staffing(NamedTuple):
    """What decides the reach of a pursuit: all that ``fill_reach`` depends on."""

    operators: int
    officers: int
    posts: tuple[tuple[float, float], ...]
    speed_mps: float
    reach_m: float
    away_s: float
    review_s: float
    review_log_sd: float


@dataclass(frozen=True, slots=True)
class Busy:
    """What busy staff cost, from played shifts.

    share   : of the alerts that would be met if nobody else needed staff, those that are
    chase_s : mean seconds that an officer is after the person of an alert, if it is pursued
    alerts  : how many were played
    """

    share: float
    chase_s: float
    alerts: int


class WalkedStreet:
    """A walk made ready for scoring: cells, sights, trails, and the reaches worked out so far."""

    def __init__(self, scenario: Scenario, passages: Passages) -> None:
        self.scenario, self.passages = scenario, passages
        self.cells = cells_of(passages)
        self.sights = sights_of(passages, scenario)
        left = passages.people[col.LEFT].to_numpy()
        self.trails = trails_of(passages, presence(passages.trail, left).leave_s)
        self.people = float(np.count_nonzero(~passages.people[col.TURNED_AWAY].to_numpy()))
        self.faces = np.bincount(
            passages.people[col.GROUP].to_numpy()[passages.usable], minlength=GROUP_COUNT
        ).astype(np.float64)
        edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
        self.hours = len(edges) - 1
        self.hands = np.empty((MOST_SHIFTS, HANDS_KEPT, HAND))
        fill_hands(scenario.run.seed, self.hands)
        self._reaches: dict[_Staffing, Reach] = {}
        self._looks: dict[tuple[float, ...], Looks] = {}
        self._busy_hours: dict[float, Floats] = {}

    def reach(self, staffing: _Staffing) -> Reach:
        """Return the reach of each cell under a staffing; the latest few are kept."""
        known = self._reaches.get(staffing)
        if known is None:
            known = self._new_reach(staffing)
            _keep(self._reaches, staffing, known)
        return known

    def looks(self, matcher: MatchingParameters) -> Looks:
        """Return what the looks at each cell come to; the latest few are kept."""
        key = (
            matcher.reference_exposure_s,
            matcher.repeat_frame,
            matcher.repeat_camera,
            matcher.camera_weight,
            matcher.frame_weight,
        )
        known = self._looks.get(key)
        if known is None:
            known = looks_of(self.passages, self.cells, matcher)
            _keep(self._looks, key, known)
        return known

    def hour_factors(self, variation: float) -> Floats:
        """Return how busy each clock hour is in each shift that may be played."""
        known = self._busy_hours.get(variation)
        if known is None:
            seed = self.scenario.run.seed
            rows = [hour_factors(seed, self.hours, variation, k + 1) for k in range(MOST_SHIFTS)]
            known = self._busy_hours[variation] = np.array(rows).reshape(MOST_SHIFTS, self.hours)
        return known

    def _new_reach(self, staffing: _Staffing) -> Reach:
        count = len(self.cells.group)
        reach = Reach(np.zeros(count), np.zeros(count), np.zeros(count))
        if staffing.operators and staffing.officers and count:
            at = np.arange(REVIEW_ROWS)[:, None] + 0.5
            slices = (np.arange(REVIEW_SLICES)[None, :] + at / REVIEW_ROWS) / REVIEW_SLICES
            spread = staffing.review_log_sd
            review = staffing.review_s * np.exp(spread * ndtri(slices) - spread**2 / 2)
            seed = self.scenario.run.seed
            fill_reach(seed, self.trails, _staff(staffing), self.sights, review, self.cells, *reach)
        return reach


def _keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    """Add to a store of bounded size; the oldest goes."""
    if len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = value


def score_points(
    scenario: Scenario,
    passages: Passages,
    points: pd.DataFrame,
    *,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Return the outcomes of each point on one walk: index as ``points``, a column an outcome.

    scenario : the walk's scenario; a point changes fields of it that the walk does not depend on
    points   : a column a field (``policy.threshold``) or entry of the register; ``point`` is left
    options  : field -> name of an option -> its value, for fields whose cells hold names

    A point that cannot be scored has missing outcomes and the fault in the column ``reason``.
    """
    street = WalkedStreet(scenario, passages)
    change = point_changer(scenario, list(points.columns.drop(col.POINT, errors="ignore")), options)
    values: dict[str, Floats] = {name: np.full(len(points), nan) for name in SCORED}
    reasons = np.full(len(points), "", dtype=object)
    columns = [points[name].tolist() for name in change.columns]
    for row, given in enumerate(zip(*columns, strict=True) if columns else [()] * len(points)):
        try:
            found = score_one(street, *change.apply(given))
        except SimError as error:
            reasons[row] = str(error)
            continue
        for name, value in found.items():
            values[name][row] = value
    table = pd.DataFrame(values, index=points.index)
    table[col.REASON] = pd.Series(reasons, index=points.index, dtype="str")
    return table


@dataclass(frozen=True, slots=True)
class PointChanger:
    """Turns the cells of a row into a scenario and its beliefs."""

    columns: tuple[str, ...]
    apply: Callable[[tuple[Any, ...]], tuple[Scenario, Beliefs]]


def point_changer(
    scenario: Scenario,
    columns: list[str],
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> PointChanger:
    """Return what applies a point's values; values were checked when the study was read."""
    fields = [name.split(".") if _is_field(name) else None for name in columns]
    given = options or {}
    base = beliefs(scenario)

    def apply(values: tuple[Any, ...]) -> tuple[Scenario, Beliefs]:
        changed: BaseModel = scenario
        believed: dict[str, float] = {}
        for name, path, value in zip(columns, fields, values, strict=True):
            if path is None:
                believed[name] = float(value)
            else:
                chosen = given[name][value] if name in given else value
                changed = _with_field(changed, path, chosen)
        assert isinstance(changed, Scenario)  # noqa: S101 - for the type checker
        own = base if changed.assumptions is scenario.assumptions else beliefs(changed)
        return changed, own.replaced(believed) if believed else own

    return PointChanger(tuple(columns), apply)


def _is_field(name: str) -> bool:
    return name.partition(".")[0] in {"street", "policy", "assumptions", "run"}


def _with_field(section: BaseModel, path: list[str], value: Any) -> BaseModel:
    name, *rest = path
    old = getattr(section, name)
    if rest:
        new = _with_field(old, rest, value)
    elif isinstance(old, int) and isinstance(value, float):
        new = int(value)
    else:
        new = value
    return section.model_copy(update={name: new})


def score_one(street: WalkedStreet, scenario: Scenario, believed: Beliefs) -> dict[str, float]:
    """Return the outcomes of one policy under one set of beliefs."""
    matcher = matching_parameters(scenario, believed)
    response = response_parameters(believed)
    cells, count = street.cells, len(street.cells.group)
    of_false, of_true, by_group = np.empty(count), np.empty(count), np.empty((4, GROUP_COUNT))
    alert_chances(cells, street.looks(matcher), _matching(matcher), of_false, of_true)
    false_alerts, true_alerts = float(of_false.sum()), float(of_true.sum())
    load = shift_load(false_alerts, scenario.policy.hours, believed)
    pursue_false = pursue_false_chance(response, load)
    staffing = _staffing(scenario, response)
    luck = _luck(response, pursue_false)
    reach = street.reach(staffing)
    sum_groups(cells, reach, luck, of_false, of_true, by_group)
    variation = believed.value("arrivals.hourly_cv")
    busy = _busy(street, staffing, luck, of_false, of_true, street.hour_factors(variation))
    mistaken_by_group = by_group[2] * pursue_false * busy.share
    mistaken = float(mistaken_by_group.sum())
    correct = float(by_group[3].sum()) * response.pursue_true * busy.share
    arrests = correct * response.arrest_share
    lengthened = exp(response.stop_log_sd**2 / 2)  # the register gives medians
    mistaken_minutes = mistaken * response.mistaken_stop_min * lengthened
    pursued = false_alerts * pursue_false + true_alerts * response.pursue_true
    officer_minutes = (
        pursued * busy.chase_s / 60
        + mistaken_minutes
        + correct * response.true_stop_min * lengthened
        + arrests * response.arrest_away_min
    )
    policy, faces = scenario.policy, float(street.faces.sum())
    return {
        col.PEOPLE: street.people,
        col.FACES_USABLE: faces,
        col.FALSE_ALERTS: false_alerts,
        col.TRUE_ALERTS: true_alerts,
        col.MISTAKEN_STOPS: mistaken,
        col.CORRECT_STOPS: correct,
        col.ARRESTS: arrests,
        col.OUT_OF_DATE_STOPS: correct * response.out_of_date_share,
        col.MISSED_TRUE_ALERTS: true_alerts - correct,
        col.MISTAKEN_MINUTES: mistaken_minutes,
        col.OFFICER_HOURS_ON_ALERTS: officer_minutes / 60,
        col.STAFF_HOURS: (policy.officers + policy.operators) * policy.hours,
        col.PER_TRUE_MATCH: _ratio(mistaken, true_alerts),
        col.PER_MILLION_FACES: _ratio(1e6 * mistaken, faces),
        col.PER_ALERT: _ratio(mistaken, false_alerts + true_alerts),
        col.PER_STOP: _ratio(mistaken, mistaken + correct),
        col.NO_TRUE_MATCH: exp(-true_alerts),
        **_disparities(mistaken_by_group, street.faces),
    }


SCORED = (
    col.PEOPLE,
    col.FACES_USABLE,
    col.FALSE_ALERTS,
    col.TRUE_ALERTS,
    col.MISTAKEN_STOPS,
    col.CORRECT_STOPS,
    col.ARRESTS,
    col.OUT_OF_DATE_STOPS,
    col.MISSED_TRUE_ALERTS,
    col.MISTAKEN_MINUTES,
    col.OFFICER_HOURS_ON_ALERTS,
    col.STAFF_HOURS,
    col.PER_TRUE_MATCH,
    col.PER_MILLION_FACES,
    col.PER_ALERT,
    col.PER_STOP,
    col.NO_TRUE_MATCH,
    *_HEADINGS,
    col.DISPARITY,
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


def _staffing(scenario: Scenario, response: ResponseParameters) -> _Staffing:
    policy = scenario.policy
    return _Staffing(
        policy.operators,
        policy.officers,
        tuple(officer_posts(scenario)),
        response.officer_speed_mps,
        response.catch_distance_m,
        60.0 * response.arrest_away_min,
        response.review_s,
        response.review_log_sd,
    )


def _staff(staffing: _Staffing) -> Staff:
    posts = np.array(staffing.posts, dtype=np.float64)
    return Staff(
        staffing.operators,
        staffing.officers,
        posts,
        staffing.speed_mps,
        staffing.reach_m,
        staffing.away_s,
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
    staffing: _Staffing,
    luck: Luck,
    of_false: Floats,
    of_true: Floats,
    hours: Floats,
) -> Busy:
    """Return what busy staff cost: met over would be met alone, equation S4.

    Where the played shifts hold no alert that anybody could meet, nothing can be lost: share 1.
    """
    met, alone, chase_s, alerts = play_shifts(
        street.scenario.run.seed,
        PLAYED_ALERTS,
        hours,
        street.hands,
        street.trails,
        _staff(staffing),
        street.sights,
        street.cells,
        of_false,
        of_true,
        luck,
    )
    return Busy(
        share=met / alone if alone > 0 else 1.0,
        chase_s=chase_s / alerts if alerts else 0.0,
        alerts=alerts,
    )
