"""Streets that start full: a given number of people at given places, and nobody comes after.

The whole walk of the program moves them: routes, speed law, walls and exits.

Units:  SI.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from scripts.validation.results import COLLISION_FREE_SPEED
from sim.evidence.register import entry
from sim.kernels.doors import admit
from sim.kernels.state import Queues
from sim.model.street import Street
from sim.scenario.load import scenario_from_mapping
from sim.scenario.schema import Locomotion, Scenario

Points = Sequence[tuple[float, float]]
Line = tuple[tuple[float, float], tuple[float, float]]

START_GAP = 0.45  # m between people at the start
SPARE = 1.5  # so many times the people wanted are drawn, that every flow finds its own
NARROW_DOOR = 1e-3  # m: a door as small as a place


def room_scenario(
    outline: Points,
    doors: Mapping[str, Line],
    flows: Mapping[tuple[str, str], float],
    *,
    people: float,
    seed: int,
    model: Locomotion = COLLISION_FREE_SPEED,
    alone: bool = True,
    hours: float = 1.0,
) -> Scenario:
    """Return a scenario of men between 18 and 64, whose speeds are the register's N(1.34, 0.26).

    doors : name -> line, each an entrance and an exit; flows : (entrance, exit) -> share
    alone : nobody walks in a party
    """
    every = {"sex": {"female": 0.0, "male": 1.0}}
    every["ethnicity"] = {"white": 1.0, "black": 0.0, "asian": 0.0, "mixed": 0.0, "other": 0.0}
    every["age_band"] = {"child": 0.0, "young": 1.0, "middle": 0.0, "older": 0.0}
    steady = entry("arrivals.hourly_cv")
    values: dict[str, Any] = {
        steady.name: {"value": 0.0, "low": 0.0, "high": steady.high, "why": "an experiment"}
    }
    if alone:
        sizes = entry("walk.party_size_lambda")
        values[sizes.name] = {"value": 1e-6, "low": 1e-6, "high": sizes.high, "why": "alone"}
    return scenario_from_mapping(
        {
            "schema_version": 1,
            "name": "validation",
            "title": "A laboratory room",
            "purpose": "Held against published experiments.",
            "street": {
                "place": "laboratory",
                "walkable_m": [list(point) for point in outline],
                "entrances": [_door(name, line) for name, line in doors.items()],
                "exits": [_door(name, line) for name, line in doors.items()],
                "flows": [
                    {"entrance": start, "exit": end, "share": share}
                    for (start, end), share in flows.items()
                ],
                "footfall": {
                    "people": float(people),
                    "counted_from_hour": 12.0,
                    "counted_hours": hours,
                    "profile": "flat",
                },
                "crowd": every,
            },
            "policy": {
                "start_hour": 12.0,
                "hours": hours,
                "cameras": [],
                "signs": False,
                "watchlist": {"size": 0, "composition": every},
                "threshold": 0.6,
                "operators": 0,
                "officers": 0,
            },
            "assumptions": {"locomotion": model, "values": values},
            "run": {"seed": seed},
        }
    )


def _door(name: str, line: Line) -> dict[str, Any]:
    return {"name": name, "from_m": list(line[0]), "to_m": list(line[1])}


class FilledStreet(Street):
    """A street whose people stand at given places when it starts."""

    def __init__(self, scenario: Scenario, starts: Mapping[str, NDArray[np.float64]]) -> None:
        """Place people; starts : exit -> places (n, 2) m of those who head for it."""
        super().__init__(scenario)
        self._present.queue_next[:] = self._queues.start[1:]
        self.placed: dict[str, NDArray[np.int64]] = {}
        for name, places in starts.items():
            heading = self._traits.exit == self.world.exits.names.index(name)
            people = np.flatnonzero(heading)[: len(places)]
            if len(people) < len(places):
                raise ValueError(f"{len(people)} people head for {name!r}, {len(places)} wanted")
            self.placed[name] = people
            for person, place in zip(people, places, strict=True):
                self._put(int(person), place)

    def _put(self, person: int, place: NDArray[np.float64]) -> None:
        """Let one person in through a door as small as the place."""
        x, y = place
        exit_ = self._traits.exit[person]
        towards = self.world.exits.ends[exit_].reshape(2, 2).mean(axis=0) - place
        ground = self._ground._replace(
            entrances=np.array([[x, y, x, y + NARROW_DOOR]]),
            inward=(towards / np.hypot(*towards))[None, :],
        )
        present = self._present._replace(queue_next=np.zeros(1, dtype=np.int64))
        queue = Queues(np.array([0, 1]), np.array([person], dtype=np.int64))
        before = self.present
        admit(float("inf"), self._traits, ground, queue, present, 0.0, 0.0, 0.0, self.entered_s)
        if self.present != before + 1:
            raise ValueError(f"no room for person {person} at {x:.2f}, {y:.2f} m")
        self.entered_s[person] = 0.0

    def walk_until_empty(self, jam_s: float = 60.0) -> bool:
        """Walk until everybody has left; False if nobody leaves for ``jam_s`` s before that."""
        before, since = self.present, self.time_s
        while self.present and self.time_s - since < jam_s:
            self.step()
            if self.present < before:
                before, since = self.present, self.time_s
        return self.present == 0

    def leaving_times(self) -> NDArray[np.float64]:
        """Return when each person placed left, s; nan: has not."""
        return np.asarray(self.left_s[np.concatenate(list(self.placed.values()))])


def random_starts(
    n: int, ground: shapely.Polygon, rng: np.random.Generator, gap: float = START_GAP
) -> NDArray[np.float64]:
    """Return ``(n, 2)`` m random places on some ground, ``gap`` m apart."""
    low_x, low_y, high_x, high_y = ground.bounds
    places = np.empty((n, 2))
    for i in range(n):
        while True:
            place = rng.uniform((low_x, low_y), (high_x, high_y))
            apart = np.hypot(*(places[:i] - place).T)
            if (apart >= gap).all() and shapely.contains_xy(ground, *place):
                break
        places[i] = place
    return places
