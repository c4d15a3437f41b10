"""Plain facts of a walk: how many came, waited, were seen, and how densely they walked.

Where the walk left the ground on which it was tested (docs/model/walk.md), a warning names what
was found, the limit, and what it means for the result.

State: none.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from sim import columns as col
from sim.model.passages import Passages
from sim.scenario.footfall import SECONDS_AN_HOUR, mean_people_an_hour
from sim.scenario.place.ground import ground_in_view, walkable_polygon
from sim.scenario.schema import Scenario

ONE_WAY_PER_M2 = 3.0  # up to here speed was set beside measured speeds, one way
TWO_WAY_PER_M2 = 1.5  # the same, both ways
SLOW_TWO_WAY_PER_M2 = 1.0  # from here the default model is known to be too slow both ways
ALIGNED = 0.9  # |sum of steps| / sum of |steps|: below it people walk in more than one direction
UNUSUAL_SHARE, UNUSUAL_PEOPLE = 0.2, 30.0  # a day so far from the mean is pointed out
LONGEST_STEP_IN_S = 1.0  # whoever steps in within a second of arriving has not waited
WAITED_SHARE = 0.01  # fewer than these change nothing that is reported
_MINUTE_S = 60


class Busiest(NamedTuple):
    """The busiest minute of a zone.

    where   : name of the camera that looks at it, or of the whole place
    density : people a square metre, mean over that minute
    aligned : 1 all in one direction, 0 as many against each direction as along it; whole run
    """

    where: str
    density: float
    aligned: float


def walk_counts(passages: Passages) -> dict[str, int]:
    """Return people who came, kept off the zone, waited at the door, stayed, and were seen.

    ``avoided`` are ``turned_away``, who did not come in and are not among ``people``, and
    ``detoured``, who are; ``detoured_seen`` had a usable face in some camera all the same.
    """
    people = passages.people
    walkers = people[~people[col.TURNED_AWAY]]
    entered, left = walkers[col.ENTERED], walkers[col.LEFT]
    detoured = (people[col.AVOIDED] & ~people[col.TURNED_AWAY]).to_numpy()
    return {
        "people": len(walkers),
        "avoided": int(people[col.AVOIDED].sum()),
        "turned_away": int(people[col.TURNED_AWAY].sum()),
        "detoured": int(detoured.sum()),
        "detoured_seen": int((detoured & passages.usable).sum()),
        "waited": int((_waits_s(passages) > LONGEST_STEP_IN_S).sum()),
        "never_entered": int(entered.isna().sum()),
        "still_inside": int((entered.notna() & left.isna()).sum()),
        "faces_usable": int(np.count_nonzero(passages.usable)),
    }


def mean_detour_m(passages: Passages) -> float | None:
    """Return how much further those who walk round the zone go, m; None where nobody does."""
    people = passages.people
    detour = people.loc[people[col.AVOIDED] & ~people[col.TURNED_AWAY], col.DETOUR]
    return float(detour.mean()) if len(detour) else None


def mean_wait_s(passages: Passages) -> float | None:
    """Return the mean wait at the door of those who waited, s; None where nobody did."""
    waits = _waits_s(passages)
    waits = waits[waits > LONGEST_STEP_IN_S]
    return float(waits.mean()) if len(waits) else None


def _waits_s(passages: Passages) -> NDArray[np.float64]:
    """Return from arriving to stepping in, ``(n,)`` s; nan for whoever never stepped in."""
    people = passages.people
    return np.asarray((people[col.ENTERED] - people[col.ARRIVED]).to_numpy(dtype=np.float64))


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


def busiest_minutes(scenario: Scenario, passages: Passages) -> list[Busiest]:
    """Return the busiest minute on the ground before each camera; without cameras, of the place.

    Only minutes in which the cameras ran count. Ground of less than a square metre is left out.
    """
    ground = walkable_polygon(scenario.street)
    zones = {
        f"in view of camera {camera.name}": ground_in_view(camera).intersection(ground)
        for camera in scenario.policy.cameras
    } or {"in the whole place": ground}
    second, steps = _seconds_and_steps(passages)
    found = []
    for where, zone in zones.items():
        if zone.area < 1:
            continue
        density, inside = _by_minute(scenario, passages, zone, second)
        moved = steps[inside]
        walked = float(np.hypot(*moved.T).sum())
        aligned = float(np.hypot(*moved.sum(axis=0))) / walked if walked > 0 else 1.0
        found.append(Busiest(where, float(density.max()), aligned))
    return found


def minute_densities(
    scenario: Scenario, passages: Passages, zone: shapely.Geometry
) -> NDArray[np.float64]:
    """Return people a square metre of a zone, mean of each whole minute that the cameras ran.

    A run shorter than a minute has one.
    """
    second, _ = _seconds_and_steps(passages)
    return _by_minute(scenario, passages, zone, second)[0]


def _by_minute(
    scenario: Scenario, passages: Passages, zone: shapely.Geometry, second: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the density of each minute, and which points of the trails ``(p,)`` count in it.

    second : (p,) of each point
    """
    x, y = passages.trail.xy.astype(np.float64).T
    minutes = max(1, int(scenario.policy.hours * SECONDS_AN_HOUR) // _MINUTE_S)
    ran = (second >= 0) & (second < minutes * _MINUTE_S)
    inside = ran & shapely.contains_xy(zone, x, y)
    present = np.bincount(second[inside] // _MINUTE_S, minlength=minutes)
    return present / _MINUTE_S / zone.area, inside


def _seconds_and_steps(passages: Passages) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each point of the trails its second and the way to the next point, m.

    The last point of a trail has no next one: its way is 0.
    """
    trail = passages.trail
    count = np.diff(trail.start)
    rows = np.flatnonzero(count)
    first = np.repeat(np.round(trail.first_s[rows]).astype(np.int64), count[rows])
    second = first + np.arange(len(trail.xy)) - np.repeat(trail.start[rows], count[rows])
    steps = np.zeros((len(trail.xy), 2))
    steps[:-1] = np.diff(trail.xy.astype(np.float64), axis=0)
    steps[trail.start[rows + 1] - 1] = 0.0
    return second, steps


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
    wait = mean_wait_s(passages)
    if wait is not None and facts["waited"] > WAITED_SHARE * facts["people"]:
        warnings.append(
            f"{facts['waited']:,} of {facts['people']:,} people had to wait for room at their "
            f"entrance, {wait:.0f} s on average: more came than the place lets through, so density "
            "is what the place allows, not what the footfall asks"
        )
    minutes = busiest_minutes(scenario, passages)
    one_way = [minute for minute in minutes if minute.aligned >= ALIGNED]
    many_ways = [minute for minute in minutes if minute.aligned < ALIGNED]
    for kind, words in ((one_way, _one_way_words), (many_ways, _many_ways_words)):
        if kind:
            most = max(kind, key=lambda minute: minute.density)
            warnings += words(scenario, most)
    return warnings


def _one_way_words(_scenario: Scenario, busiest: Busiest) -> list[str]:
    if busiest.density <= ONE_WAY_PER_M2:
        return []
    return [
        f"{busiest.density:.1f} people a square metre in the busiest minute {busiest.where}: one "
        f"way the walk was set beside measured speeds up to {ONE_WAY_PER_M2:g}; above, speed and "
        "exposure are extrapolated, and it is not known in which direction they err"
    ]


def _many_ways_words(scenario: Scenario, busiest: Busiest) -> list[str]:
    is_default = scenario.assumptions.locomotion == "collision-free-speed"
    limit = SLOW_TWO_WAY_PER_M2 if is_default else TWO_WAY_PER_M2
    if busiest.density <= limit:
        return []
    words = (
        f"{busiest.density:.1f} people a square metre in the busiest minute {busiest.where}, in "
        "more than one direction: "
    )
    parts = []
    if busiest.density > TWO_WAY_PER_M2:
        parts.append(f"above {TWO_WAY_PER_M2:g} the walking model has not been validated")
    if is_default:
        parts.append(
            f"above {SLOW_TWO_WAY_PER_M2:g} the default model walks too slowly, so people stay too "
            "long before the camera and exposure is too great; compare with "
            "assumptions.locomotion=anticipation"
        )
    return [words + "; ".join(parts)]
