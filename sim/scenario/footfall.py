"""How many people a scenario's footfall means, hour by hour.

State: none.
"""

import numpy as np
from numpy.typing import NDArray

from sim.evidence.tables import footfall_profile
from sim.scenario.schema import Profile, Scenario

SECONDS_AN_HOUR = 3600.0


def hour_edges_s(start_hour: float, hours: float) -> NDArray[np.float64]:
    """Return the clock-hour borders of a deployment, ``(hours + 1,)`` s from its start."""
    clock = np.arange(np.floor(start_hour) + 1, np.ceil(start_hour + hours))
    inner = (clock - start_hour) * SECONDS_AN_HOUR
    inner = inner[(inner > 0) & (inner < hours * SECONDS_AN_HOUR)]
    return np.concatenate([[0.0], inner, [hours * SECONDS_AN_HOUR]])


def mean_people_an_hour(scenario: Scenario) -> NDArray[np.float64]:
    """Return the mean number of people in each clock hour of the deployment.

    The footfall's count in its own window fixes the level, the profile the shape.
    """
    footfall = scenario.street.footfall
    counted = day_shares(
        footfall.profile,
        footfall.counted_from_hour,
        hour_edges_s(footfall.counted_from_hour, footfall.counted_hours),
    ).sum()
    policy = scenario.policy
    edges = hour_edges_s(policy.start_hour, policy.hours)
    shares = day_shares(footfall.profile, policy.start_hour, edges)
    return np.asarray(footfall.people * shares / counted)


def day_shares(
    profile: Profile, start_hour: float, edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of a day's footfall between each two ``edges`` (s from ``start_hour``)."""
    middle = start_hour + (edges[:-1] + edges[1:]) / (2 * SECONDS_AN_HOUR)
    hour = np.floor(middle).astype(np.int64) % 24
    return np.asarray(footfall_profile(profile)[hour] * np.diff(edges) / SECONDS_AN_HOUR)
