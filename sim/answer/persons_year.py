"""One person's year at a place: scanned, falsely alerted, mistakenly stopped at least once.

From a run of one deployment: what one passage brings, times how often a person and the cameras
are there together in a year.

State: none.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.analysis.exposure import (
    at_least_once,
    prone_at_least_once,
    share_of_most_exposed,
    share_of_most_prone,
)
from sim.analysis.outcomes import quantile_interval
from sim.answer.result import Result
from sim.errors import SimError
from sim.evidence.register import Entry
from sim.groups import GROUP_COUNT, HEADINGS, members_of
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.footfall import day_shares, hour_edges_s

Floats = NDArray[np.float64]

DAYS_A_WEEK = 7.0
TOP_SHARE = 0.01
FREQUENCY, DAYS = "exposure.frequency_shape", "exposure.deployments_a_year"
PEOPLE_DRAWN = 200_000
_PRONENESS, _FREQUENCY, _GROUP = 7, 8, 9  # the k, within ASSUMPTION, of a made-up person's luck


@dataclass(frozen=True, slots=True)
class Meetings:
    """How often a person is under the cameras in a year.

    deployments : days on which the cameras are here
    days_a_week : on which the person passes
    on_a_day    : chance that a day's passage falls into the cameras' hours
    """

    deployments: float
    days_a_week: float
    on_a_day: float

    @property
    def passages(self) -> float:
        """Mean passages under the cameras in a year."""
        return self.deployments * self.chance

    @property
    def chance(self) -> float:
        """Chance of a passage under the cameras on a day that they are here."""
        return self.days_a_week / DAYS_A_WEEK * self.on_a_day


def meetings(result: Result, *, days_a_week: float, deployments: float) -> Meetings:
    """Return how often, for somebody who passes at any time of the day as people here do."""
    if not 0 < days_a_week <= DAYS_A_WEEK:
        raise SimError(f"--days-a-week {days_a_week:g}: needs a number above 0 and up to 7")
    if not 0 < deployments <= 366:
        raise SimError(f"--deployments {deployments:g}: needs days a year, above 0 and up to 366")
    policy, street = result.scenario.policy, result.scenario.street
    edges = hour_edges_s(policy.start_hour, policy.hours)
    on_a_day = float(day_shares(street.footfall.profile, policy.start_hour, edges).sum())
    return Meetings(deployments, days_a_week, min(on_a_day, 1.0))


def year_of_one_person(result: Result, *, days_a_week: float, deployments: float) -> dict[str, Any]:
    """Return the chances of a year by group of people and in all, each with its interval.

    The interval is what the assumptions leave open, at the scenario's level. Days with cameras
    that are not the scenario's own belief are the caller's word, not one of the guesses.
    """
    often = meetings(result, days_a_week=days_a_week, deployments=deployments)
    rows = [_row(result, often, "all", "everybody", np.ones(GROUP_COUNT, dtype=np.bool_))]
    for by, labels in HEADINGS.items():
        named = ((label, members_of(**{by: label})) for label in labels)
        rows += [
            _row(result, often, by, label, members)
            for label, members in named
            if result.drawn.people[members].any()
        ]
    believed = result.believed
    shape = believed.value("matching.proneness_shape")
    guesses = [believed.entry(name) for name in ("matching.proneness_shape", FREQUENCY, DAYS)]
    if deployments != believed.value(DAYS):
        guesses.pop()
    return {
        "scenario": result.scenario.name,
        "asked": {"days_a_week": days_a_week, "deployments_a_year": deployments},
        "passages_under_cameras_a_year": often.passages,
        "passes_in_camera_hours": often.on_a_day,
        "chances": rows,
        "concentration": {
            "top_share": TOP_SHARE,
            "by_proneness_alone": share_of_most_prone(TOP_SHARE, shape),
            "in_all": _concentration(result),
            "proneness_shape": shape,
            "frequency_shape": believed.value(FREQUENCY),
        },
        "guesses": [_guess(found) for found in guesses],
    }


def _row(
    result: Result, often: Meetings, by: str, value: str, members: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return chances of a year for the groups among ``members``, ``(40,)``."""
    drawn = result.drawn
    people = float(drawn.people[members].sum())
    scanned = float(drawn.faces[members].sum()) / people
    alerts, stops = (
        table[:, members].sum(axis=1) / people * often.passages
        for table in (drawn.false_alerts, drawn.mistaken)
    )
    return {
        "by": by,
        "group": value,
        "people_walked": int(people),
        "scanned": {"estimate": float(at_least_once(often.chance * scanned, often.deployments))},
        "falsely_alerted": _at_least_once(result, alerts),
        "mistakenly_stopped": _at_least_once(result, stops),
    }


def _at_least_once(result: Result, drawn: Floats) -> dict[str, float]:
    """Return the chance of one or more events in a year, from their number under each draw."""
    name = "matching.proneness_shape"
    shape = result.values.get(name, np.full(len(drawn), result.believed.value(name)))
    chance = np.asarray(prone_at_least_once(drawn, shape))
    low, high = quantile_interval(chance, result.level)
    return {"estimate": float(chance.mean()), "low": low, "high": high}


def _concentration(result: Result) -> float:
    """Return the share of false alerts borne by the most exposed 1 % of those who pass in a year.

    People are made up: a group as in the crowd, a proneness, and how often they pass.
    """
    seed, rows = result.scenario.run.seed, np.arange(PEOPLE_DRAWN)
    shape = result.believed.value("matching.proneness_shape")
    often = result.believed.value(FREQUENCY)
    proneness, frequency = (
        _gamma_quantiles(uniforms(seed, ASSUMPTION, rows, k), a)
        for k, a in ((_PRONENESS, shape), (_FREQUENCY, often))
    )
    walked = result.drawn.people
    rate = result.expected.false_alerts
    rate = np.divide(rate, walked, out=np.zeros(GROUP_COUNT), where=walked > 0)
    edges = np.cumsum(walked) / walked.sum()
    # A crowd holds people as often as they pass: whom one meets is not who lives there. Drawing
    # the group from the crowd takes frequency and group as independent.
    drawn = np.searchsorted(edges, uniforms(seed, ASSUMPTION, rows, _GROUP), side="right")
    burden = proneness * frequency * rate[np.minimum(drawn, GROUP_COUNT - 1)]
    return share_of_most_exposed(burden, np.ones(PEOPLE_DRAWN), TOP_SHARE)


def _gamma_quantiles(draw: Floats, shape: float) -> Floats:
    return np.asarray(gammaincinv(shape, draw) / shape)


def _guess(found: Entry) -> dict[str, Any]:
    return {
        "name": found.name,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "grade": found.grade,
        "source": found.source,
    }
