"""Plain facts of a walk: how many came, waited, were seen, and how densely they walked.

State: none.
"""

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.model.passages import Passages
from sim.scenario.footfall import SECONDS_AN_HOUR, mean_people_an_hour
from sim.scenario.place import walkable_polygon
from sim.scenario.schema import Scenario

DENSE_TWO_WAY_PER_M2 = 1.5  # above it two-way walking has not been validated
UNUSUAL_SHARE, UNUSUAL_PEOPLE = 0.2, 30.0  # a day so far from the mean is pointed out
LONGEST_STEP_IN_S = 1.0  # whoever steps in within a second of arriving has not waited


def walk_counts(passages: Passages) -> dict[str, int]:
    """Return people who came, avoided the sign, waited at the door, stayed, and were seen."""
    people = passages.people
    walkers = people[~people[col.AVOIDED]]
    entered, left = walkers[col.ENTERED], walkers[col.LEFT]
    return {
        "people": len(walkers),
        "avoided": len(people) - len(walkers),
        "waited": int((entered - walkers[col.ARRIVED] > LONGEST_STEP_IN_S).sum()),
        "never_entered": int(entered.isna().sum()),
        "still_inside": int((entered.notna() & left.isna()).sum()),
        "faces_usable": int(np.count_nonzero(passages.usable)),
    }


def present_by_second(passages: Passages) -> NDArray[np.int64]:
    """Return how many people were in the street in each second."""
    count = np.diff(passages.trail.start)
    rows = count > 0
    if not rows.any():
        return np.zeros(0, dtype=np.int64)
    first = np.round(passages.trail.first_s[rows]).astype(np.int64)
    last = first + count[rows]
    size = int(last.max()) + 1
    return np.cumsum(np.bincount(first, minlength=size) - np.bincount(last, minlength=size))


def peak_density(scenario: Scenario, passages: Passages) -> float:
    """Return the highest density of the whole street in any second, people a square metre."""
    present = present_by_second(passages)
    return float(present.max(initial=0) / walkable_polygon(scenario.street).area)


def mean_density(scenario: Scenario, passages: Passages) -> float:
    """Return the mean density while the cameras ran, people a square metre."""
    seconds = scenario.policy.hours * SECONDS_AN_HOUR
    present = present_by_second(passages)[: int(seconds) + 1]
    return float(present.sum() / seconds / walkable_polygon(scenario.street).area)


def walk_warnings(scenario: Scenario, passages: Passages) -> list[str]:
    """Say where the walk left the ground on which it was tested."""
    facts = walk_counts(passages)
    warnings = []
    came, mean = len(passages.people), float(mean_people_an_hour(scenario).sum())
    if abs(came - mean) > max(UNUSUAL_SHARE * mean, UNUSUAL_PEOPLE):
        warnings.append(
            f"{came:,} people came where {mean:,.0f} is the mean: hours differ "
            "(arrivals.hourly_cv), another seed is another day"
        )
    if facts["still_inside"]:
        warnings.append(f"{facts['still_inside']} people were still inside at the end of the run")
    if facts["never_entered"]:
        warnings.append(f"{facts['never_entered']} people never found room at their entrance")
    if facts["waited"]:
        warnings.append(f"{facts['waited']} people had to wait for room at their entrance")
    density = peak_density(scenario, passages)
    ways = {(flow.entrance, flow.exit) for flow in scenario.street.flows}
    if len(ways) > 1 and density > DENSE_TWO_WAY_PER_M2:
        warnings.append(
            f"up to {density:.1f} people a square metre in more than one direction: above "
            f"{DENSE_TWO_WAY_PER_M2:g} the walking model has not been validated"
        )
    return warnings
