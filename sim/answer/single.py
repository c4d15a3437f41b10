"""One scenario, from question to answer: walk, match, respond, count.

``simulate`` is the one function that the command line, a notebook and a batch call. A ``Result``
holds every table of the run; its summaries are in ``sim.answer.report``.

State: none; a ``Result`` is read-only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.outcomes import MISTAKEN_STOP
from sim.answer import report
from sim.answer.error_models import error_models
from sim.answer.street_facts import walk_warnings
from sim.answer.unknowns import Unknowns, unknowns
from sim.kernels.alert_draws import alerts_of_draws
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.model.alerts import (
    OUTCOMES,
    Alerts,
    draws_needed,
    response_setting,
    shift_load,
)
from sim.model.arrivals import hour_factors
from sim.model.matching import Scored, matching_parameters, score
from sim.model.passages import Passages
from sim.model.presence import Presence, presence
from sim.model.response import respond
from sim.model.street import Street
from sim.scenario.advice import scenario_warnings
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.footfall import hour_edges_s
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

TAGGED_DRAWS = 400
_TAG = 4  # the k, within ASSUMPTION, of who carries the tagged alert
ADDED = (col.STOP_MINUTES, col.OFFICER_MINUTES, col.WITNESSES)


@dataclass(frozen=True, slots=True)
class Fates:
    """What becomes of one more alert, on average.

    share  : outcome -> chance
    added  : column of ``ADDED`` -> mean that the alert adds
    alerts : how many alerts of the draws this rests on
    """

    share: dict[str, float]
    added: dict[str, float]
    alerts: int


@dataclass(frozen=True, slots=True)
class Result:
    """All tables of one run.

    alerts            : one row an alert of the response draws
    if_false, if_true : what becomes of one more false or true alert
    crowding_ratio    : mean crowding at alerts, by the reference of lost_in_crowd
    anchors           : one row an error model: expected alerts, false stops per true match
    """

    scenario: Scenario
    believed: Beliefs
    passages: Passages
    scored: Scored
    alerts: pd.DataFrame
    draws: int
    if_false: Fates
    if_true: Fates
    crowding_ratio: float
    unknown: Unknowns
    anchors: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def level(self) -> float:
        """Level of every interval of this result."""
        return self.scenario.run.interval_level

    @property
    def false_alerts(self) -> float:
        """Expected false alerts: the sum of the passages' chances."""
        return float(self.scored.false_alerts.sum())

    @property
    def true_alerts(self) -> float:
        """Expected true alerts: the sum of the passages' chances."""
        return float(self.scored.true_alerts.sum())

    def summary(self) -> pd.DataFrame:
        """Return the tidy summary: one row a measure with estimate, interval and unit."""
        return report.summary(self)


def simulate(
    scenario: Scenario, *, passages: Passages | None = None, progress: Progress | None = None
) -> Result:
    """Walk, match and respond; return the result.

    passages : of a walk that this scenario shares (``walk_hash`` equal), to save walking again
    progress : hears (what is done, share done)
    """
    believed = beliefs(scenario)

    def tell(what: str, share: float) -> None:
        if progress is not None:
            progress(what, share)

    if passages is None:
        passages = Street(scenario).walk(lambda share: tell("walking", share))
    tell("walking", 1.0)
    scored = score(passages, matching_parameters(scenario, believed))
    false_alerts, true_alerts = float(scored.false_alerts.sum()), float(scored.true_alerts.sum())
    people_by_time = presence(passages.trail, passages.people[col.LEFT].to_numpy())
    draws = scenario.run.draws or draws_needed(false_alerts + true_alerts)
    tell("responding", 0.0)
    base = _drawn_alerts(scenario, believed, passages, scored, draws)
    table = _responses(scenario, believed, people_by_time, false_alerts, base)
    fates = []
    for share, is_true in ((0.5, False), (0.75, True)):
        tell("responding", share)
        fates.append(
            _fates(
                scenario, believed, passages, people_by_time, scored, base, table, is_true=is_true
            )
        )
    tell("responding", 1.0)
    ratio = _crowding_ratio(believed, passages, scored)
    tell("varying assumptions", 0.0)
    unknown = unknowns(scenario, passages, ratio, scenario.run.assumption_draws)
    tell("varying assumptions", 1.0)
    return Result(
        scenario=scenario,
        believed=believed,
        passages=passages,
        scored=scored,
        alerts=table,
        draws=draws,
        if_false=fates[0],
        if_true=fates[1],
        crowding_ratio=ratio,
        unknown=unknown,
        anchors=error_models(
            scenario,
            believed,
            passages,
            mistaken_share=fates[0].share[MISTAKEN_STOP],
            crowding_ratio=ratio,
        ),
        warnings=(*scenario_warnings(scenario), *walk_warnings(scenario, passages)),
    )


def _drawn_alerts(
    scenario: Scenario, believed: Beliefs, passages: Passages, scored: Scored, draws: int
) -> Alerts:
    """Draw the alerts of every response draw, each on a day as busy as its hours turn out."""
    edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
    hours = len(edges) - 1
    variation = believed.value("arrivals.hourly_cv")
    busy = np.array(
        [hour_factors(scenario.run.seed, hours, variation, k + 1) for k in range(draws)]
    ).reshape(draws, hours)
    arrived = passages.people[col.ARRIVED].to_numpy()
    hour = np.searchsorted(edges[1:-1], arrived, side="right").astype(np.int64)
    draw, person, is_true = alerts_of_draws(
        scenario.run.seed, draws, scored.p_listed, scored.p_true, scored.p_false, hour, busy
    )
    return _alerts_at(passages, draw, person, is_true.astype(np.bool_))


def _alerts_at(
    passages: Passages,
    draw: NDArray[np.int64],
    person: NDArray[np.int64],
    is_true: NDArray[np.bool_],
) -> Alerts:
    """Place alerts at the camera that saw most of the person, at its best look."""
    if not len(person):
        nothing = np.empty(0)
        whole = np.empty(0, dtype=np.int64)
        return Alerts(whole, whole, nothing, whole, np.empty(0, dtype=np.bool_), nothing)
    camera = np.argmax(passages.exposure_s[person], axis=1).astype(np.int64)
    return Alerts(
        draw=draw,
        person=person,
        time_s=passages.best_look_s[person, camera],
        camera=camera,
        is_true=is_true,
        crowding_per_m2=passages.crowding_per_m2[person, camera],
    ).sorted()


def _responses(
    scenario: Scenario,
    believed: Beliefs,
    people_by_time: Presence,
    false_alerts: float,
    alerts: Alerts,
) -> pd.DataFrame:
    setting = response_setting(
        people_by_time,
        scenario,
        beliefs=believed,
        false_alerts_a_shift=shift_load(false_alerts, scenario.policy.hours, believed),
    )
    return respond(setting, alerts, cameras=[camera.name for camera in scenario.policy.cameras])


def _fates(
    scenario: Scenario,
    believed: Beliefs,
    passages: Passages,
    people_by_time: Presence,
    scored: Scored,
    base: Alerts,
    table: pd.DataFrame,
    *,
    is_true: bool,
) -> Fates:
    """Return what becomes of one more false (or true) alert.

    Where the response draws hold few such alerts, each of ``TAGGED_DRAWS`` draws is given one
    more, on a person drawn by their chance: for a Poisson number of alerts the mean over the
    tagged ones is the mean over all (Slivnyak's theorem), without waiting for rare events.
    """
    kind = table[table[col.IS_TRUE] == is_true]
    if len(kind) < TAGGED_DRAWS:
        weight = scored.true_alerts if is_true else scored.false_alerts
        total = float(weight.sum())
        if total == 0:
            return Fates(dict.fromkeys(OUTCOMES, 0.0), dict.fromkeys(ADDED, 0.0), 0)
        draws = np.arange(TAGGED_DRAWS)
        coin = uniforms(scenario.run.seed, ASSUMPTION, draws, _TAG + int(is_true))
        person = np.searchsorted(np.cumsum(weight) / total, coin).astype(np.int64)
        tags = _alerts_at(passages, draws, person, np.full(TAGGED_DRAWS, is_true))
        joined = _with_tags(base, tags)
        answered = _responses(
            scenario, believed, people_by_time, float(scored.false_alerts.sum()), joined
        )
        tagged = np.searchsorted(draws, answered[col.DRAW].to_numpy())
        kind = answered[answered[col.PERSON].to_numpy() == person[tagged]]
    share = kind[col.OUTCOME].value_counts(normalize=True)
    return Fates(
        {outcome: float(share.get(outcome, 0.0)) for outcome in OUTCOMES},
        {column: float(kind[column].mean()) for column in ADDED},
        len(kind),
    )


def _with_tags(base: Alerts, tags: Alerts) -> Alerts:
    """Add one alert to each of the first draws; the tagged person's own alert gives way."""
    carrier = np.full(TAGGED_DRAWS, -1, dtype=np.int64)
    carrier[tags.draw] = tags.person
    early = base.rows(np.flatnonzero(base.draw < TAGGED_DRAWS))
    kept = early.rows(np.flatnonzero(early.person != carrier[early.draw]))
    parts = [
        np.concatenate([getattr(kept, name), getattr(tags, name)])
        for name in Alerts.__dataclass_fields__
    ]
    return Alerts(*parts).sorted()


def _crowding_ratio(believed: Beliefs, passages: Passages, scored: Scored) -> float:
    """Return the mean crowding at alerts, relative to the reference of ``lost_in_crowd``."""
    weight = scored.false_alerts + scored.true_alerts
    if not passages.cameras or weight.sum() == 0:
        return 1.0
    rows = np.flatnonzero(weight > 0)
    camera = np.argmax(passages.exposure_s[rows], axis=1)
    crowding = np.average(passages.crowding_per_m2[rows, camera], weights=weight[rows])
    return float(crowding) / believed.value("response.lost_reference_density_per_m2")
