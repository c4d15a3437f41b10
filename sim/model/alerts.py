"""Alerts and what decides their fate: the draws' alerts, the response's setting and its chances.

State:    none.
Shapes:   alerts are rows ``(m,)``, in order of draw, time, person.
Evidence: docs/model/response.md numbers the equations and names what is assumed.
"""

from dataclasses import dataclass
from math import ceil, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from sim.model.presence import Presence
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

OUTCOMES = (
    "unread",
    "dismissed",
    "no officer",
    "lost",
    "mistaken stop",
    "arrest",
    "no further action",
    "out of date",
)
(
    UNREAD,
    DISMISSED,
    NO_OFFICER,
    LOST,
    MISTAKEN_STOP,
    ARREST,
    NO_FURTHER_ACTION,
    OUT_OF_DATE,
) = range(len(OUTCOMES))
OUTCOME_TYPE = pd.CategoricalDtype(list(OUTCOMES), ordered=True)

LEAST_LOAD = 1.0  # false alerts a shift; with fewer, a false alert is believed no more often
LEAST_DRAWS, MOST_DRAWS = 50, 2000


@dataclass(frozen=True, slots=True)
class ResponseParameters:
    """What is believed of operators, officers and stops; the register's names and units."""

    review_s: float
    review_log_sd: float
    pursue_true: float
    pursue_false_intercept: float
    pursue_false_slope: float
    officer_speed_mps: float
    catch_distance_m: float
    lost_in_crowd: float
    lost_reference_density_per_m2: float
    mistaken_stop_min: float
    true_stop_min: float
    stop_log_sd: float
    arrest_away_min: float
    arrest_share: float
    out_of_date_share: float
    witness_radius_m: float


def response_parameters(beliefs: Beliefs) -> ResponseParameters:
    """Return the ``response.*`` entries in force."""
    names = ResponseParameters.__dataclass_fields__
    return ResponseParameters(**{name: beliefs.value(f"response.{name}") for name in names})


@dataclass(frozen=True, slots=True)
class Alerts:
    """Alerts of one or more draws.

    draw, person, camera : (m,) number of the draw, row of the person, index of the camera
    time_s               : (m,) s
    is_true              : (m,) whether the person is on the list
    crowding_per_m2      : (m,) people a square metre around the person
    """

    draw: NDArray[np.int64]
    person: NDArray[np.int64]
    time_s: NDArray[np.float64]
    camera: NDArray[np.int64]
    is_true: NDArray[np.bool_]
    crowding_per_m2: NDArray[np.float64]

    def __len__(self) -> int:
        """Return how many alerts there are."""
        return len(self.draw)

    def rows(self, rows: NDArray[np.int64] | slice) -> "Alerts":
        """Return some of the alerts."""
        return Alerts(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def sorted(self) -> "Alerts":
        """Return the alerts by draw, then time, then person."""
        return self.rows(np.lexsort((self.camera, self.person, self.time_s, self.draw)))


@dataclass(frozen=True, slots=True)
class ResponseSetting:
    """All that the draws of one deployment share. Build with ``response_setting``.

    posts         : (k, 2) m; officer i stands at post i mod k
    pursue_false  : chance that a read false alert is pursued
    """

    seed: int
    presence: Presence
    operators: int
    officers: int
    posts: NDArray[np.float64]
    pursue_false: float
    parameters: ResponseParameters

    def __post_init__(self) -> None:
        """Refuse what no shift can be played with."""
        if self.operators < 0 or self.officers < 0:
            raise ValueError(
                f"operators and officers must be 0 or more, got {self.operators}, {self.officers}"
            )
        if self.officers and not len(self.posts):
            raise ValueError(f"{self.officers} officers need at least one post, got none")


def response_setting(
    presence: Presence, scenario: Scenario, *, beliefs: Beliefs, false_alerts_a_shift: float
) -> ResponseSetting:
    """Return the setting of a scenario's response."""
    policy = scenario.policy
    posts = officer_posts(scenario)
    parameters = response_parameters(beliefs)
    return ResponseSetting(
        seed=scenario.run.seed,
        presence=presence,
        operators=policy.operators,
        officers=policy.officers,
        posts=np.array(posts, dtype=np.float64),
        pursue_false=pursue_false_chance(parameters, false_alerts_a_shift),
        parameters=parameters,
    )


def officer_posts(scenario: Scenario) -> tuple[tuple[float, float], ...]:
    """Return where officers stand, m: without posts beside the cameras.

    Without cameras there is no alert, and they stand at the first corner of the ground.
    """
    cameras = tuple(camera.position_m for camera in scenario.policy.cameras)
    posts = scenario.policy.officer_posts_m or cameras or scenario.street.walkable_m[:1]
    return tuple(posts)


def shift_load(expected_false_alerts: float, hours: float, beliefs: Beliefs) -> float:
    """Return false alerts a shift of usual length, from those of ``hours``.

    The published loads to which R3 was fitted are one shift's (``response.shift_hours``).
    """
    return expected_false_alerts * beliefs.value("response.shift_hours") / hours


def pursue_false_chance(parameters: ResponseParameters, false_alerts_a_shift: float) -> float:
    """Return the chance that a read false alert is pursued, equation R3.

    The fewer false alerts come, the more of them are believed. Below ``LEAST_LOAD`` the
    published shares rise no further and the curve stays level.
    """
    load = max(false_alerts_a_shift, LEAST_LOAD)
    logit = parameters.pursue_false_intercept - parameters.pursue_false_slope * log10(load)
    return float(expit(logit))


def draws_needed(expected_alerts: float, precision: float = 0.02) -> int:
    """Return how many draws give the alerts' total to ``precision``, equation R11.

    Over K draws of A alerts the total is Poisson with relative standard error 1 / sqrt(K A), so
    K = 1 / (A precision^2), kept between ``LEAST_DRAWS`` and ``MOST_DRAWS``. No alert to expect
    needs the least.
    """
    if expected_alerts < 0 or precision <= 0:
        raise ValueError(
            f"need expected_alerts >= 0 and precision > 0, got {expected_alerts}, {precision}"
        )
    if expected_alerts == 0:
        return LEAST_DRAWS
    wanted = min(1.0 / (expected_alerts * precision**2), MOST_DRAWS)
    return max(ceil(wanted), LEAST_DRAWS)
