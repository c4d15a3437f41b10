"""When people come: parties in an inhomogeneous Poisson process under a random hourly factor.

A *party* is the people who walk together. Parties come at the footfall's hourly rate times a
gamma factor an hour (mean 1), because counts in real streets vary far more than Poisson. The
process is drawn in unit time and stretched onto the clock, so more footfall adds parties without
redrawing those who were there.

Shapes:   one row a party or an hour.
Evidence: docs/model/evidence.md (arrivals.*, walk.party_size_lambda); docs/model/arrivals.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

from sim.kernels.draws import ARRIVAL, uniforms
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import hour_edges_s, mean_people_an_hour
from sim.scenario.schema import Scenario

LARGEST_PARTY = 8
_PARTY_GAP, _HOUR_FACTOR, _PARTY_SIZE = 0, 1, 2  # the k of each purpose within the stream
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The people who come, party by party.

    party     : (n,) id of the party of each person, in order of arrival
    size      : (n,) people in that party
    time_s    : (n,) s from the start of the cameras
    hour      : (n,) index of the clock hour within the deployment
    """

    party: NDArray[np.int64]
    size: NDArray[np.int64]
    time_s: NDArray[np.float64]
    hour: NDArray[np.int64]


def party_size_shares(rate: float) -> NDArray[np.float64]:
    """Return the shares of parties of 1, 2, ... people: Poisson without zero, cut at 8.

    Sizes in the field follow this law (Moussaid et al. 2010); ``rate`` is its parameter.
    """
    sizes = np.arange(1, LARGEST_PARTY + 1)
    shares = np.exp(sizes * np.log(rate) - gammaln(sizes + 1))
    return np.asarray(shares / shares.sum())


def hour_factors(seed: int, hours: int, variation: float, k: int = 0) -> NDArray[np.float64]:
    """Return a gamma factor (mean 1, coefficient of variation ``variation``) for each hour."""
    if variation == 0:
        return np.ones(hours)
    shape = 1 / variation**2
    draw = uniforms(seed, ARRIVAL, np.arange(hours), _HOUR_FACTOR + 16 * k)
    return np.asarray(gammaincinv(shape, draw) / shape)


def arrivals(scenario: Scenario, beliefs: Beliefs) -> Arrivals:
    """Draw who comes when; parties stay together, times are sorted."""
    seed = scenario.run.seed
    edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
    mean = mean_people_an_hour(scenario)
    factor = hour_factors(seed, len(mean), beliefs.value("arrivals.hourly_cv"))
    shares = party_size_shares(beliefs.value("walk.party_size_lambda"))
    mean_size = float(np.arange(1, LARGEST_PARTY + 1) @ shares)
    cumulative = np.concatenate([[0.0], np.cumsum(mean * factor / mean_size)])

    unit_times = _unit_process(seed, float(cumulative[-1]))
    party_time = np.interp(unit_times, cumulative, edges)
    parties = np.arange(len(party_time))
    drawn = uniforms(seed, ARRIVAL, parties, _PARTY_SIZE)
    party_size = 1 + np.searchsorted(np.cumsum(shares)[:-1], drawn)
    party_hour = np.searchsorted(edges[1:-1], party_time, side="right")
    return Arrivals(
        party=np.repeat(parties, party_size),
        size=np.repeat(party_size, party_size).astype(np.int64),
        time_s=np.repeat(party_time, party_size),
        hour=np.repeat(party_hour, party_size).astype(np.int64),
    )


def _unit_process(seed: int, end: float) -> NDArray[np.float64]:
    """Return the points of a Poisson process of rate 1 on (0, end)."""
    blocks: list[NDArray[np.float64]] = []
    reached = 0.0
    while reached < end:
        keys = np.arange(len(blocks) * _BLOCK, (len(blocks) + 1) * _BLOCK)
        points = reached + np.cumsum(-np.log(uniforms(seed, ARRIVAL, keys, _PARTY_GAP)))
        blocks.append(points)
        reached = float(points[-1])
    times = np.concatenate(blocks) if blocks else np.empty(0)
    return times[times < end]
