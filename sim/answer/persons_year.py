"""One person's year at a place: scanned, falsely alerted, mistakenly stopped at least once.

From a run of one deployment: what one passage brings, times how often a person and the cameras
are there together in a year.

State: none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim import columns as col
from sim.analysis.exposure import (
    at_least_once,
    prone_at_least_once,
    share_of_most_exposed,
    share_of_most_prone,
)
from sim.analysis.outcomes import MISTAKEN_STOP, quantile_interval
from sim.answer.counts import relative
from sim.answer.unknowns import response_chances
from sim.errors import SimError
from sim.evidence.register import Entry
from sim.groups import GROUP_COUNT
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.footfall import day_shares, hour_edges_s

if TYPE_CHECKING:
    from sim.answer.single import Result

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


def meetings(result: "Result", *, days_a_week: float, deployments: float) -> Meetings:
    """Return how often, for somebody who passes at any time of the day as people here do."""
    if not 0 < days_a_week <= DAYS_A_WEEK:
        raise SimError(f"--days-a-week {days_a_week:g}: needs a number above 0 and up to 7")
    if not 0 < deployments <= 366:
        raise SimError(f"--deployments {deployments:g}: needs days a year, above 0 and up to 366")
    policy, street = result.scenario.policy, result.scenario.street
    edges = hour_edges_s(policy.start_hour, policy.hours)
    on_a_day = float(day_shares(street.footfall.profile, policy.start_hour, edges).sum())
    return Meetings(deployments, days_a_week, min(on_a_day, 1.0))


def year_of_one_person(
    result: "Result", *, days_a_week: float, deployments: float
) -> dict[str, Any]:
    """Return the chances of a year by group of people and in all, each with its interval.

    The interval is what the assumptions leave open, at the scenario's level. Days with cameras
    that are not the scenario's own belief are the caller's word, not one of the guesses.
    """
    often = meetings(result, days_a_week=days_a_week, deployments=deployments)
    people = result.passages.people
    walkers = ~people[col.TURNED_AWAY].to_numpy()
    rows = [_row(result, often, "all", "everybody", walkers)]
    for by in (col.SEX, col.ETHNICITY, col.AGE_BAND):
        values = people[by].to_numpy()
        rows += [
            _row(result, often, by, str(value), walkers & (values == value))
            for value in people[by].cat.categories
            if (walkers & (values == value)).any()
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
    result: "Result", often: Meetings, by: str, value: str, members: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return chances of a year for some of the people."""
    count = int(members.sum())
    scanned = float(result.passages.usable[members].mean())
    alerts = float(result.scored.false_alerts[members].sum()) / count * often.passages
    shape = result.believed.value("matching.proneness_shape")
    groups = np.unique(result.passages.people[col.GROUP].to_numpy()[members])
    drawn_alerts, drawn_stop, drawn_shape = _drawn(result, groups, members)
    drawn = drawn_alerts / count * often.passages
    stop = result.if_false.share[MISTAKEN_STOP]
    return {
        "by": by,
        "group": value,
        "people_walked": count,
        "scanned": {"estimate": float(at_least_once(often.chance * scanned, often.deployments))},
        "falsely_alerted": _with_interval(result, alerts, shape, drawn, drawn_shape),
        "mistakenly_stopped": _with_interval(
            result, alerts * stop, shape, drawn * drawn_stop, drawn_shape
        ),
    }


def _drawn(
    result: "Result", groups: NDArray[np.int64], members: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """Return false alerts of the members, chance of a stop after one, and shape, by draw."""
    unknown = result.unknown
    group = result.passages.people[col.GROUP].to_numpy()
    false_alerts = result.scored.false_alerts
    whole = np.bincount(group, false_alerts, minlength=GROUP_COUNT)
    own = np.bincount(group[members], false_alerts[members], minlength=GROUP_COUNT)
    part = np.divide(own, whole, out=np.zeros(GROUP_COUNT), where=whole > 0)
    drawn = (unknown.false_alerts[:, groups] * part[groups]).sum(axis=1)
    central = response_chances(
        result.scenario, result.believed, result.false_alerts, result.crowding_ratio
    )
    stop = result.if_false.share[MISTAKEN_STOP] * relative(
        unknown.chances.pursued_false, central.pursued_false
    )
    stop = np.minimum(stop * relative(unknown.chances.found, central.found), 1.0)
    name = "matching.proneness_shape"
    held = np.full(len(drawn), result.believed.value(name))
    return drawn, stop, unknown.values.get(name, held)


def _with_interval(
    result: "Result", expected: float, shape: float, drawn: Floats, drawn_shape: Floats
) -> dict[str, float]:
    low, high = quantile_interval(np.asarray(prone_at_least_once(drawn, drawn_shape)), result.level)
    return {"estimate": float(prone_at_least_once(expected, shape)), "low": low, "high": high}


def _concentration(result: "Result") -> float:
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
    group = result.passages.people[col.GROUP].to_numpy()
    walked = np.bincount(group, minlength=GROUP_COUNT).astype(np.float64)
    rate = np.bincount(group, result.scored.false_alerts, minlength=GROUP_COUNT)
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
