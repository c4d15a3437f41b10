"""Who walked through the cameras' zone at a density, and what each setting had of them.

Of a *steady* crowd people are counted as they leave the zone. A denser crowd is *filling*: more
come than can pass, and each second is counted at the density of that second. What even that does
not reach is said, and nothing is made up for it.

State: none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from sim import columns as col
from sim.crowding.camera_settings import Setting, camera_zone
from sim.crowding.crowd_walks import (
    as_if_nobody_hid,
    cameras_of,
    columns_of,
    is_inside,
    moments,
    with_crowd,
)
from sim.crowding.steady_search import (
    SHORTEST_LOOK_S,
    NotReached,
    Reached,
    people_inside,
    per_hour,
    steady_walk,
)
from sim.model.passages import Passages
from sim.model.street import Street
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

STEADY_DRIFT = 0.15  # the halves of a steady walk differ in density by no more than that ...
CHANCE_DRIFT = 3.0  # ... beside chance: people come in parties, and stay in the zone a while
FILLING = 2.0, 4.0  # times the most that passes: the street fills slowly, or at least fast
LONGEST_FILLING_S = 400
CLOSE_WHILE_FILLING = 0.2  # of the density of a single second
FEWEST_SECONDS = 4  # of a filling crowd at a density
TAIL_S = 30.0  # whoever left the zone so long ago does not come back into it


@dataclass(frozen=True, slots=True)
class Walked:
    """Who walked through the zone at one density, and what each setting had of them.

    is_steady     : whether whole passages are counted; else the seconds at that density
    group, party  : (n,) of those counted
    exposure_s    : (settings) each (n, cameras) s
    alone_s       : the same if nobody stood in the way
    """

    asked_per_m2: float
    density_per_m2: float
    footfall_per_h: float
    is_steady: bool
    group: NDArray[np.int64]
    party: NDArray[np.int64]
    exposure_s: tuple[Floats, ...]
    alone_s: tuple[Floats, ...]


def walk_at(
    scenario: Scenario,
    beliefs: Beliefs,
    settings: Sequence[Setting],
    reached: Reached,
    *,
    people: int,
    progress: Callable[[float], None],
) -> Walked | NotReached:
    """Walk until about ``people`` have left the zone; once as it is, once with nobody hidden."""
    zone = camera_zone(scenario)
    cameras = cameras_of(settings)
    counted_s = max(SHORTEST_LOOK_S, people / reached.footfall_per_h * SECONDS_AN_HOUR)
    seconds = reached.warm_up_s + counted_s + TAIL_S
    asked = with_crowd(scenario, cameras, reached.footfall_per_h, seconds)
    alone = as_if_nobody_hid(beliefs)
    first = steady_walk(asked, beliefs, lambda share: progress(share / 2))
    second = steady_walk(asked, alone, lambda share: progress((1 + share) / 2))
    if first is None or second is None:
        return _breaks(reached, "then the street jams")
    window = (reached.warm_up_s, seconds - TAIL_S)
    count = _last_inside_within(first, zone, window)
    steady = people_inside(first, zone)[int(window[0]) : int(window[1])]
    if _drifts(steady, len(count)):
        return _breaks(reached, "then it changes: the crowd is not steady")
    columns = columns_of(settings)
    table = first.people
    return Walked(
        asked_per_m2=reached.asked_per_m2,
        density_per_m2=float(steady.mean() / zone.area),
        footfall_per_h=reached.footfall_per_h,
        is_steady=True,
        group=table[col.GROUP].to_numpy(dtype=np.int64)[count],
        party=table[col.PARTY].to_numpy(dtype=np.int64)[count],
        exposure_s=tuple(first.exposure_s[count][:, part] for part in columns),
        alone_s=tuple(second.exposure_s[count][:, part] for part in columns),
    )


def fill(
    scenario: Scenario,
    beliefs: Beliefs,
    settings: Sequence[Setting],
    wanted: Sequence[float],
    footfall_per_h: float,
    *,
    progress: Callable[[float], None],
) -> list[Walked]:
    """Let in more people than can pass; return what was seen in the seconds at each density."""
    zone = camera_zone(scenario)
    shapely.prepare(zone)
    asked = with_crowd(scenario, cameras_of(settings), footfall_per_h, LONGEST_FILLING_S)
    streets = tuple(Street(asked, believed=one) for one in (beliefs, as_if_nobody_hid(beliefs)))
    parts = columns_of(settings)
    gained = np.zeros((len(wanted), 2, len(streets[0].crowd), streets[0].exposure_s.shape[1]))
    seen: list[list[float]] = [[] for _ in wanted]
    before = [street.exposure_s.copy() for street in streets]
    while streets[0].time_s < LONGEST_FILLING_S:
        density = float(shapely.contains_xy(zone, *streets[0].positions_m.T).sum() / zone.area)
        if density > (1 + CLOSE_WHILE_FILLING) * max(wanted):
            break
        progress(min(1.0, density / max(wanted)))
        for street in streets:
            street.step()
        now = [street.exposure_s.copy() for street in streets]
        for place, one in enumerate(wanted):
            if abs(density / one - 1) <= CLOSE_WHILE_FILLING:
                seen[place].append(density)
                for which in (0, 1):
                    gained[place, which] += now[which] - before[which]
        before = now
    crowd = streets[0].crowd
    found = []
    for place, one in enumerate(wanted):
        if len(seen[place]) < FEWEST_SECONDS:
            continue
        count = np.flatnonzero(gained[place, 1].any(axis=1))
        found.append(
            Walked(
                asked_per_m2=one,
                density_per_m2=float(np.mean(seen[place])),
                footfall_per_h=footfall_per_h,
                is_steady=False,
                group=crowd.group[count],
                party=crowd.party[count],
                exposure_s=tuple(gained[place, 0][count][:, part] for part in parts),
                alone_s=tuple(gained[place, 1][count][:, part] for part in parts),
            )
        )
    return found


def _last_inside_within(
    passages: Passages, zone: shapely.Geometry, window: tuple[float, float]
) -> NDArray[np.int64]:
    """Return who was in a zone for the last time between two times."""
    inside = is_inside(passages, zone)
    person, second = moments(passages)
    last = np.full(len(passages.people), -np.inf)
    np.maximum.at(last, person[inside], np.round(second[inside]))
    return np.flatnonzero((last >= window[0]) & (last < window[1]))


def _breaks(reached: Reached, then: str) -> NotReached:
    footfall = reached.footfall_per_h
    why = f"{per_hour(footfall)} make it for a while, {then}"
    return NotReached(reached.asked_per_m2, why, breaks_at_per_h=footfall)


def _drifts(present: NDArray[np.int64], people: int) -> bool:
    """Return whether the second half of a walk is denser or sparser than the first by design.

    By chance alone the halves of a walk of n people differ by about ``CHANCE_DRIFT`` / sqrt(n).
    """
    first, second = (float(half.mean()) for half in np.array_split(present, 2))
    most = STEADY_DRIFT + CHANCE_DRIFT * 2 / sqrt(max(people, 1))
    return abs(second - first) > most * 0.5 * (first + second)
