"""Walks at a wanted density: which footfall it takes, and what the cameras had of each person.

A *steady* crowd keeps its density, so a walk warms up first, and people are counted as they leave
the zone. Where more footfall no longer makes a denser steady crowd the street jams. A denser crowd
is then *filling*: more come than can pass, and each second is counted at the density of that
second. What even that does not reach is said, and nothing is made up for it.

State: none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from sim import columns as col
from sim.crowding.capture_settings import Setting, camera_zone
from sim.model.passages import Passages
from sim.model.street import Street
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Camera, Scenario

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NOBODY_HIDES_M = -10.0  # a face so much narrower than nothing that no body reaches its sight line
CLOSE_ENOUGH = 0.15  # a density within so much of the one wanted is taken
ATTEMPTS = 6
FULL_AT = 1.25, 1.05  # a quarter more footfall, and not a twentieth more people inside
STEADY_DRIFT = 0.15  # the halves of a steady walk differ in density by no more than that ...
CHANCE_DRIFT = 3.0  # ... beside chance: people come in parties, and stay in the zone a while
JAMS_TRIED = 2  # trials that jam, over all densities, before the rest are left to filling
FILLING = 2.0, 4.0  # times the most that passes: the street fills slowly, or at least fast
LONGEST_FILLING_S = 400
CLOSE_WHILE_FILLING = 0.2  # likewise, of the density of a single second
FEWEST_SECONDS = 4  # of a filling crowd at a density
SHORTEST_LOOK_S, SLOWEST_MPS = 120.0, 0.8  # of a trial walk, and what its warm-up allows for
TAIL_S = 30.0  # whoever left the zone so long ago does not come back into it
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
    asked = _at(scenario, _all_cameras(settings), footfall_per_h, LONGEST_FILLING_S)
    alone = beliefs.replaced({"camera.face_width_m": NOBODY_HIDES_M})
    streets = (Street(asked, believed=beliefs), Street(asked, believed=alone))
    parts = _columns_of(settings)
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
    cameras = _all_cameras(settings)
    counted_s = max(SHORTEST_LOOK_S, people / reached.footfall_per_h * SECONDS_AN_HOUR)
    seconds = reached.warm_up_s + counted_s + TAIL_S
    asked = _at(scenario, cameras, reached.footfall_per_h, seconds)
    alone = beliefs.replaced({"camera.face_width_m": NOBODY_HIDES_M})
    first = _steady_walk(asked, beliefs, lambda share: progress(share / 2))
    second = _steady_walk(asked, alone, lambda share: progress((1 + share) / 2))
    if first is None or second is None:
        return _breaks(reached, "then the street jams")
    present, left_zone = _in_zone(first, zone)
    window = (reached.warm_up_s, seconds - TAIL_S)
    count = np.flatnonzero((left_zone >= window[0]) & (left_zone < window[1]))
    steady = present[int(window[0]) : int(window[1])]
    if _drifts(steady, len(count)):
        return _breaks(reached, "then it changes: the crowd is not steady")
    columns = _columns_of(settings)
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
    asked = _at(scenario, scenario.policy.cameras, footfall, warm_up + look)
    passages = _steady_walk(asked, beliefs, lambda _share: None)
    if passages is None:
        return None, warm_up
    present, _ = _in_zone(passages, ground.zone)
    return float(present[int(warm_up) :].mean() / ground.zone.area), warm_up


def _steady_walk(
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


def _at(
    scenario: Scenario, cameras: Sequence[Camera], footfall_per_h: float, seconds: float
) -> Scenario:
    """Return the scenario at a constant footfall, for so many seconds, under these cameras."""
    footfall = scenario.street.footfall.model_copy(
        update={"people": footfall_per_h, "counted_hours": 1.0, "profile": "flat"}
    )
    street = scenario.street.model_copy(update={"footfall": footfall})
    policy = scenario.policy.model_copy(
        update={"cameras": tuple(cameras), "hours": seconds / SECONDS_AN_HOUR}
    )
    return scenario.model_copy(update={"street": street, "policy": policy})


def _all_cameras(settings: Sequence[Setting]) -> list[Camera]:
    return [
        camera.model_copy(update={"name": f"{place} {camera.name}"})
        for place, setting in enumerate(settings)
        for camera in setting.cameras
    ]


def _columns_of(settings: Sequence[Setting]) -> list[slice]:
    ends = np.cumsum([0, *(len(setting.cameras) for setting in settings)]).tolist()
    return [slice(first, last) for first, last in pairwise(ends)]


def _in_zone(passages: Passages, zone: shapely.Geometry) -> tuple[NDArray[np.int64], Floats]:
    """Return how many were in the zone in each second, and when each was last (nan: never)."""
    trail, people = passages.trail, len(passages.people)
    count = np.diff(trail.start)
    person = np.repeat(np.arange(people), count)
    step = np.arange(len(person)) - np.repeat(trail.start[:-1], count)
    second = np.round(np.repeat(trail.first_s, count) + step)
    shapely.prepare(zone)
    inside = shapely.contains_xy(zone, trail.xy[:, 0], trail.xy[:, 1])
    last = np.full(people, -np.inf)
    np.maximum.at(last, person[inside], second[inside])
    size = int(second.max(initial=0)) + 1
    present = np.bincount(second[inside].astype(np.int64), minlength=size)
    return present, np.where(np.isfinite(last), last, np.nan)


def _breaks(reached: Reached, then: str) -> NotReached:
    footfall = reached.footfall_per_h
    why = f"{_per_hour(footfall)} make it for a while, {then}"
    return NotReached(reached.asked_per_m2, why, breaks_at_per_h=footfall)


def _drifts(present: NDArray[np.int64], people: int) -> bool:
    """Return whether the second half of a walk is denser or sparser than the first by design.

    By chance alone the halves of a walk of n people differ by about ``CHANCE_DRIFT`` / sqrt(n).
    """
    first, second = (float(half.mean()) for half in np.array_split(present, 2))
    most = STEADY_DRIFT + CHANCE_DRIFT * 2 / sqrt(max(people, 1))
    return abs(second - first) > most * 0.5 * (first + second)


def _why(wanted: float, steady: tuple[float, float] | None, jams: Sequence[float]) -> str:
    if steady is None:
        return (
            f"the street jams from {_per_hour(min(jams))} on"
            if jams
            else ("nobody who came in the trials walked through the zone")
        )
    most = f"{steady[0]:.2g} people a square metre at {_per_hour(steady[1])}"
    if jams:
        return f"the densest steady crowd found has {most}; with more the street jams"
    if steady[0] < wanted:
        return f"the entrances let in no more: {most}"
    return f"no footfall within {ATTEMPTS} trials came near; the nearest crowd has {most}"


def _per_hour(footfall: float) -> str:
    return f"{float(f'{footfall:.2g}'):,.0f} people an hour"
