"""Who comes: the people of a run as arrays, one row a person.

Every trait is drawn from the person's (or the party's) own keyed stream, so that a lever that
touches nobody leaves every row as it was.

Shapes:   one row a person, in order of arrival, ``(n,)``.
Evidence: docs/model/evidence.md (crowd.*, walk.*).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.groups import AGE_BANDS, ETHNICITIES, GROUPS, SEXES
from sim.kernels.draws import ATTENTION, BODY, DEMOGRAPHY, ROUTE, uniforms
from sim.model.arrivals import Arrivals
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

_HEIGHT, _PARTY_SPEED = 0, 1  # the k of each purpose within the stream BODY
_PHONE, _COVERED, _AVOIDS = 0, 1, 2  # within ATTENTION
_FLOW, _PLACE_ACROSS, DRIFT = 0, 1, 2  # within ROUTE
HEIGHT_CUT_SD = 3.0  # heights are drawn within so many standard deviations

GROUP_SEX = np.array([SEXES.index(sex) for sex, _, _ in GROUPS])
GROUP_ETHNICITY = np.array([ETHNICITIES.index(ethnicity) for _, ethnicity, _ in GROUPS])
GROUP_AGE_BAND = np.array([AGE_BANDS.index(age_band) for _, _, age_band in GROUPS])


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of a run.

    group           : (n,) index into ``sim.groups.GROUPS``
    height          : (n,) m, crown above the ground
    shoulder        : (n,) m, breadth
    desired_speed   : (n,) m/s
    party, party_size, party_rank : (n,) who walks with whom; rank from 0 within the party
    flow            : (n,) index into the street's flows
    across          : (n,) place across the door, 0 to 1
    on_phone, covered, avoids : (n,)
    arrived         : (n,) s
    hour            : (n,) clock hour within the deployment
    """

    group: NDArray[np.int64]
    height: NDArray[np.float64]
    shoulder: NDArray[np.float64]
    desired_speed: NDArray[np.float64]
    party: NDArray[np.int64]
    party_size: NDArray[np.int64]
    party_rank: NDArray[np.int64]
    flow: NDArray[np.int64]
    across: NDArray[np.float64]
    on_phone: NDArray[np.bool_]
    covered: NDArray[np.bool_]
    avoids: NDArray[np.bool_]
    arrived: NDArray[np.float64]
    hour: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many people came."""
        return len(self.group)


def crowd(scenario: Scenario, beliefs: Beliefs, came: Arrivals) -> Crowd:
    """Draw the traits of everybody who comes."""
    seed = scenario.run.seed
    people = np.arange(len(came.party))
    first = np.searchsorted(came.party, came.party)
    group = _choices(scenario.street.crowd.shares(), uniforms(seed, DEMOGRAPHY, people))
    is_child = GROUP_AGE_BAND[group] == AGE_BANDS.index("child")
    is_male = GROUP_SEX[group] == SEXES.index("male")
    flows = np.array([flow.share for flow in scenario.street.flows])
    return Crowd(
        group=group,
        height=_heights(seed, people, beliefs, is_child=is_child, is_male=is_male),
        shoulder=_by_body("shoulder_{}_m", beliefs, is_child=is_child, is_male=is_male),
        desired_speed=_desired_speeds(seed, came, beliefs, group=group, first=first),
        party=came.party,
        party_size=came.size,
        party_rank=people - first,
        flow=_choices(flows, uniforms(seed, ROUTE, came.party, _FLOW)),
        across=uniforms(seed, ROUTE, came.party, _PLACE_ACROSS),
        on_phone=uniforms(seed, ATTENTION, people, _PHONE) < beliefs.value("crowd.phone_share"),
        covered=uniforms(seed, ATTENTION, people, _COVERED)
        < beliefs.value("crowd.face_covered_share"),
        avoids=_avoiders(scenario, beliefs, group, people),
        arrived=came.time_s,
        hour=came.hour,
    )


def _choices(shares: NDArray[np.float64], draw: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return an index for each draw, with the chances ``shares`` (adding to 1)."""
    edges = np.cumsum(shares)
    edges /= edges[-1]
    return np.searchsorted(edges, draw, side="right").astype(np.int64)


def _by_body(
    name: str, beliefs: Beliefs, *, is_child: NDArray[np.bool_], is_male: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the entry ``crowd.<name>`` for a child, a man or a woman, row by row."""
    child, male, female = (
        beliefs.value("crowd." + name.format(body)) for body in ("child", "male", "female")
    )
    return np.where(is_child, child, np.where(is_male, male, female))


def _heights(
    seed: int,
    people: NDArray[np.int64],
    beliefs: Beliefs,
    *,
    is_child: NDArray[np.bool_],
    is_male: NDArray[np.bool_],
) -> NDArray[np.float64]:
    mean = _by_body("height_{}_m", beliefs, is_child=is_child, is_male=is_male)
    spread = _by_body("height_{}_sd_m", beliefs, is_child=is_child, is_male=is_male)
    return mean + spread * _cut_normals(
        uniforms(seed, BODY, people, _HEIGHT), -HEIGHT_CUT_SD, HEIGHT_CUT_SD
    )


def _cut_normals(
    draw: NDArray[np.float64], low: float | NDArray[np.float64], high: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return standard normal values between ``low`` and ``high`` from uniform draws."""
    return np.asarray(ndtri(ndtr(low) + draw * (ndtr(high) - ndtr(low))))


def _desired_speeds(
    seed: int,
    came: Arrivals,
    beliefs: Beliefs,
    *,
    group: NDArray[np.int64],
    first: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Draw a speed a party: who walks together walks at one speed, set by the slowest.

    Alone N(1.34, 0.26) m/s, in a party of n around 1.26 - 0.04 n (Moussaid et al. 2010), cut to
    the register's limits, times the smallest factor for sex and age in the party.
    """
    factor = np.where(
        GROUP_SEX[group] == SEXES.index("female"), beliefs.value("walk.speed_factor_female"), 1.0
    )
    for band in ("child", "older"):
        is_band = GROUP_AGE_BAND[group] == AGE_BANDS.index(band)
        factor = np.where(is_band, beliefs.value(f"walk.speed_factor_{band}"), factor)
    slowest = np.full(came.party[-1] + 1 if len(group) else 0, np.inf)
    np.minimum.at(slowest, came.party, factor)
    alone = came.size == 1
    mean = np.where(
        alone,
        beliefs.value("walk.free_speed_mps"),
        beliefs.value("walk.party_speed_mps")
        - beliefs.value("walk.party_speed_slope_mps") * came.size,
    )
    spread = beliefs.value("walk.free_speed_sd_mps")
    low = (beliefs.value("walk.free_speed_min_mps") - mean) / spread
    high = (beliefs.value("walk.free_speed_max_mps") - mean) / spread
    drawn = mean + spread * _cut_normals(uniforms(seed, BODY, first, _PARTY_SPEED), low, high)
    return np.asarray(drawn * slowest[came.party])


def _avoiders(
    scenario: Scenario, beliefs: Beliefs, group: NDArray[np.int64], people: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Draw who reads the sign and avoids the zone; nobody where no camera is announced."""
    if not (scenario.policy.signs and scenario.policy.cameras):
        return np.zeros(len(people), dtype=np.bool_)
    share = np.array([beliefs.value(f"crowd.avoid_share_{name}") for name in ETHNICITIES])
    coin = uniforms(scenario.run.seed, ATTENTION, people, _AVOIDS)
    return np.asarray(coin < share[GROUP_ETHNICITY[group]])
