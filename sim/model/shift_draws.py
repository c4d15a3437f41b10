"""Shifts drawn and played one by one: the alerts of many days, and what became of each.

The answer to a scenario needs none of this (``sim.answer``); a story does: Watch, a replay, the
table of alerts, and the test that holds the engine against ``Response``. All under the central
assumptions.

State:  none; ``ShiftDraws`` is read-only.
Shapes: alerts are rows, in order of draw, time and person.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.kernels.alert_draws import alerts_of_draws
from sim.model.alerts import (
    Alerts,
    ResponseSetting,
    draws_needed,
    response_setting,
    shift_load,
)
from sim.model.arrivals import hour_factors
from sim.model.matching import Scored, matching_parameters, score
from sim.model.passages import Passages
from sim.model.presence import presence
from sim.model.response import respond
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.footfall import hour_edges_s
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class ShiftDraws:
    """The shifts of one scenario on one walk.

    alerts : one row an alert, what became of it among its columns
    draws  : how many shifts were played
    """

    scenario: Scenario
    passages: Passages
    believed: Beliefs
    scored: Scored
    alerts: pd.DataFrame
    draws: int

    @property
    def setting(self) -> ResponseSetting:
        """All that the shifts share."""
        return _setting(self.scenario, self.passages, self.believed, self.scored)

    def alerts_of(self, draw: int) -> Alerts:
        """Return the alerts of one shift, as they were played."""
        if not 0 <= draw < self.draws:
            raise ValueError(f"draw must be from 0 to {self.draws - 1}, got {draw}")
        table = self.alerts[self.alerts[col.DRAW] == draw]
        person = table[col.PERSON].to_numpy(dtype=np.int64)
        return _alerts_at(
            self.passages,
            table[col.DRAW].to_numpy(dtype=np.int64),
            person,
            table[col.IS_TRUE].to_numpy(dtype=np.bool_),
        )


def shift_draws(scenario: Scenario, passages: Passages) -> ShiftDraws:
    """Draw and play as many shifts as ``run.draws`` says, or as precision needs."""
    believed = beliefs(scenario)
    scored = score(passages, matching_parameters(scenario, believed))
    expected = float(scored.false_alerts.sum() + scored.true_alerts.sum())
    draws = scenario.run.draws or draws_needed(expected)
    edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
    hours = len(edges) - 1
    variation = believed.value("arrivals.hourly_cv")
    seed = scenario.run.seed
    busy = np.array([hour_factors(seed, hours, variation, k + 1) for k in range(draws)])
    arrived = passages.people[col.ARRIVED].to_numpy()
    hour = np.searchsorted(edges[1:-1], arrived, side="right").astype(np.int64)
    draw, person, is_true = alerts_of_draws(
        seed,
        draws,
        scored.p_listed,
        scored.p_true,
        scored.p_false,
        hour,
        busy.reshape(draws, hours),
    )
    alerts = _alerts_at(passages, draw, person, is_true.astype(np.bool_))
    setting = _setting(scenario, passages, believed, scored)
    names = [camera.name for camera in scenario.policy.cameras]
    table = respond(setting, alerts, cameras=names)
    return ShiftDraws(scenario, passages, believed, scored, table, draws)


def _setting(
    scenario: Scenario, passages: Passages, believed: Beliefs, scored: Scored
) -> ResponseSetting:
    load = shift_load(float(scored.false_alerts.sum()), scenario.policy.hours, believed)
    there = presence(passages.trail, passages.people[col.LEFT].to_numpy())
    return response_setting(there, scenario, beliefs=believed, false_alerts_a_shift=load)


def _alerts_at(
    passages: Passages,
    draw: NDArray[np.int64],
    person: NDArray[np.int64],
    is_true: NDArray[np.bool_],
) -> Alerts:
    """Place alerts at the camera that saw most of the person, at its best look."""
    if not len(person):
        nothing, whole = np.empty(0), np.empty(0, dtype=np.int64)
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
