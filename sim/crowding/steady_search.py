"""Which footfall makes a steady crowd of a wanted density: a guess, corrected walk by walk.

A *steady* crowd keeps its density, so a walk warms up first. Where more footfall no longer makes a
denser steady crowd the street jams: no steady crowd is so dense.

State: none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.crowding.camera_settings import camera_zone
from sim.crowding.crowd_walks import is_inside, moments, with_crowd
from sim.model.passages import Passages
from sim.model.street import Street
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

CLOSE_ENOUGH = 0.15  # a density within so much of the one wanted is taken
ATTEMPTS = 6
FULL_AT = 1.25, 1.05  # a quarter more footfall, and not a twentieth more people inside
JAMS_TRIED = 2  # trials that jam, over all densities, before the rest are left to filling
SHORTEST_LOOK_S, SLOWEST_MPS = 120.0, 0.8  # of a trial walk, and what its warm-up allows for
WATCHED_S = 20  # s over which somebody who stands is told from somebody who walks
STANDING_M = 0.5  # who moved less in that time stands
JAM_SHARE = 0.25  # of those present stand: the street jams
DAMPED = 0.8  # a denser crowd is slower: less footfall makes it than in proportion
MOST_STEP = 2.5  # a trial changes the footfall by at most this factor


@dataclass(frozen=True, slots=True)
class Reached:
    """A steady density and the footfall that makes it."""

    asked_per_m2: float
    footfall_per_h: float
    warm_up_s: float


@dataclass(frozen=True, slots=True)
class NotReached:
    """A density that no steady crowd has, and why, in words.

    breaks_at_per_h : footfall at which a crowd looked steady in a trial and was not; inf: none did
    """

    asked_per_m2: float
    why: str
    breaks_at_per_h: float = inf


def find_footfalls(
    scenario: Scenario,
    beliefs: Beliefs,
    densities: Sequence[float],
    progress: Callable[[float], None],
) -> tuple[list[Reached | NotReached], float]:
    """Return the footfall for each density (rising), and the one beyond which none is steady."""
    search = _Search(scenario, beliefs, _Ground.of(scenario))
    found: list[Reached | NotReached] = []
    for place, wanted in enumerate(densities):
        progress(place / len(densities))
        found.append(search.footfall_for(wanted))
    most = search.steady[1] if search.steady else inf
    return found, min(search.jams, default=most)


def steady_walk(
    scenario: Scenario, beliefs: Beliefs, progress: Callable[[float], None]
) -> Passages | None:
    """Walk until the cameras stop; None where the street jams."""
    street = Street(scenario, believed=beliefs)
    before: dict[int, NDArray[np.float64]] = {}
    while street.time_s < street.cameras_end_s:
        street.step()
        if round(street.time_s) % WATCHED_S:
            continue
        progress(street.time_s / street.cameras_end_s)
        now = dict(zip(street.present_ids.tolist(), street.positions_m, strict=True))
        both = [person for person in now if person in before]
        moved = [float(np.hypot(*(now[person] - before[person]))) for person in both]
        if len(both) >= 20 and np.mean(np.array(moved) < STANDING_M) > JAM_SHARE:
            return None
        before = now
    return street.passages()


def people_inside(passages: Passages, zone: shapely.Geometry) -> NDArray[np.int64]:
    """Return how many people were in a zone in each second of a walk."""
    second = np.round(moments(passages)[1]).astype(np.int64)
    size = int(second.max(initial=0)) + 1
    return np.bincount(second[is_inside(passages, zone)], minlength=size)


class _Search:
    """Trial walks at rising densities, and what they have shown so far.

    steady  : the densest steady crowd, people a square metre, and its footfall
    jams    : footfalls that jammed
    is_full : more footfall made no denser crowd: the rest waits at the doors
    """

    def __init__(self, scenario: Scenario, beliefs: Beliefs, ground: "_Ground") -> None:
        self.scenario, self.beliefs, self.ground = scenario, beliefs, ground
        self.steady: tuple[float, float] | None = None
        self.jams: list[float] = []
        self.trials: list[tuple[float, float]] = []  # footfall, density
        self.is_full = False

    def footfall_for(self, wanted: float) -> Reached | NotReached:
        """Return the footfall that makes the density, from a guess corrected trial by trial."""
        footfall = self._guess(wanted)
        for _ in range(ATTEMPTS):
            if self.is_full:
                break
            if self.jams and footfall >= 0.95 * min(self.jams):
                if len(self.jams) >= JAMS_TRIED:
                    break
                footfall = 0.5 * ((self.steady[1] if self.steady else 0.0) + min(self.jams))
            density, warm_up = _trial(self.scenario, self.beliefs, self.ground, footfall, wanted)
            if density is None:
                self.jams.append(footfall)
                continue
            self._note(density, footfall, wanted)
            if abs(density / wanted - 1) <= CLOSE_ENOUGH:
                return Reached(wanted, footfall, warm_up)
            footfall = self._next(wanted, density, footfall)
        return NotReached(wanted, _why(wanted, self.steady, self.jams))

    def _guess(self, wanted: float) -> float:
        if self.steady is None:
            return wanted * self.ground.people_an_hour_for_unit_density
        density, footfall = self.steady
        return max(footfall, footfall * float((wanted / density) ** DAMPED))

    def _next(self, wanted: float, density: float, footfall: float) -> float:
        """Return the footfall to try next: between two trials where they hold the density."""
        below = [at for at, dense in self.trials if dense < wanted]
        above = [at for at, dense in self.trials if dense > wanted]
        if below and above and max(below) < min(above):
            return sqrt(max(below) * min(above))
        step = float((wanted / density) ** DAMPED) if density > 0 else MOST_STEP
        return footfall * min(MOST_STEP, max(1 / MOST_STEP, step))

    def _note(self, density: float, footfall: float, wanted: float) -> None:
        self.trials.append((footfall, density))
        if self.steady is not None and density < wanted:
            more = footfall / self.steady[1]
            self.is_full = more > FULL_AT[0] and density < FULL_AT[1] * self.steady[0]
        if density > 0 and (self.steady is None or density > self.steady[0]):
            self.steady = (density, footfall)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a trial needs to know of the place."""

    zone: shapely.Geometry
    longest_way_m: float
    people_an_hour_for_unit_density: float

    @staticmethod
    def of(scenario: Scenario) -> "_Ground":
        street = scenario.street
        middles = {
            (kind, door.name): np.mean([door.from_m, door.to_m], axis=0)
            for kind, doors in (("in", street.entrances), ("out", street.exits))
            for door in doors
        }
        ways = [
            float(np.hypot(*(middles["in", flow.entrance] - middles["out", flow.exit])))
            for flow in street.flows
        ]
        zone = camera_zone(scenario)
        area = shapely.Polygon(street.walkable_m).area
        mean_way = sum(f.share * way for f, way in zip(street.flows, ways, strict=True))
        return _Ground(zone, max(ways), area / mean_way * SECONDS_AN_HOUR)


def _trial(
    scenario: Scenario, beliefs: Beliefs, ground: _Ground, footfall: float, wanted: float
) -> tuple[float | None, float]:
    """Return the steady density in the zone (None: a jam), and the warm-up that it took."""
    warm_up = 2.0 * ground.longest_way_m / SLOWEST_MPS * max(1.0, wanted / 1.0)
    look = max(SHORTEST_LOOK_S, 200 / footfall * SECONDS_AN_HOUR)
    asked = with_crowd(scenario, scenario.policy.cameras, footfall, warm_up + look)
    passages = steady_walk(asked, beliefs, lambda _share: None)
    if passages is None:
        return None, warm_up
    present = people_inside(passages, ground.zone)
    return float(present[int(warm_up) :].mean() / ground.zone.area), warm_up


def _why(wanted: float, steady: tuple[float, float] | None, jams: Sequence[float]) -> str:
    if steady is None:
        return (
            f"the street jams from {per_hour(min(jams))} on"
            if jams
            else ("nobody who came in the trials walked through the zone")
        )
    most = f"{steady[0]:.2g} people a square metre at {per_hour(steady[1])}"
    if jams:
        return f"the densest steady crowd found has {most}; with more the street jams"
    if steady[0] < wanted:
        return f"the entrances let in no more: {most}"
    return f"no footfall within {ATTEMPTS} trials came near; the nearest crowd has {most}"


def per_hour(footfall: float) -> str:
    """Return a footfall in words, to two digits."""
    return f"{float(f'{footfall:.2g}'):,.0f} people an hour"
