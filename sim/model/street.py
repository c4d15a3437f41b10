"""The walk: a street that fills, moves and is looked at, as a Mesa model.

A Mesa user may ``step()`` it a second at a time and read ``agents`` (the cameras), ``time_s`` and
the positions of those present; ``walk`` runs it to the end and returns the passages.

Shapes: people are rows in order of arrival; those present are compact, in no fixed order.
"""

from collections.abc import Callable

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.groups import AGE_BANDS, ETHNICITIES, SEXES
from sim.kernels import state
from sim.kernels.movement import make_law, make_scratch, make_walls
from sim.kernels.walk import advance
from sim.model.arrivals import arrivals
from sim.model.cameras import CameraAgent, camera_rows, frame_steps, optics_row
from sim.model.crowd import (
    GROUP_AGE_BAND,
    GROUP_ETHNICITY,
    GROUP_SEX,
    Crowd,
    crowd,
    exit_places,
)
from sim.model.passages import Passages, Trail
from sim.model.world import CELL_M, STEP_IN_M, World, world
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

MOST_PEOPLE_PER_M2 = 6.0  # room for the present; nobody steps in where bodies would touch
STEP_S = 1.0  # model time a call of ``step``
LONGEST_CLEARING_S = 1800.0  # after the last camera stops, stragglers are given this long

Progress = Callable[[float], None]


class Street(mesa.Model):
    """One street during one deployment, advanced by a second a step.

    exposure_s, best_look_s, crowding_per_m2 : (people, cameras), filled as the cameras look
    entered_s, left_s                        : (people,), nan until it happens
    """

    def __init__(self, scenario: Scenario, *, believed: Beliefs | None = None) -> None:
        super().__init__(rng=scenario.run.seed)
        self.asked = scenario  # mesa 3.5 has a property of its own called scenario
        self.beliefs = beliefs(scenario) if believed is None else believed
        self.world: World = world(scenario.street)
        self.crowd: Crowd = crowd(scenario, self.beliefs, arrivals(scenario, self.beliefs))
        self.time_s = 0.0
        self.cameras_end_s = scenario.policy.hours * SECONDS_AN_HOUR
        people, cameras = len(self.crowd), len(scenario.policy.cameras)
        self.exposure_s = np.zeros((people, cameras))
        self.best_look_s = np.full((people, cameras), np.nan)
        self.crowding_per_m2 = np.full((people, cameras), np.nan)
        self.entered_s = np.full(people, np.nan)
        self.left_s = np.full(people, np.nan)
        self._trail: list[tuple[float, NDArray[np.int64], NDArray[np.float32]]] = []
        self._steps_done = 0
        self._build_kernel_state()
        self.cameras = [
            CameraAgent(self, camera, column)
            for column, camera in enumerate(scenario.policy.cameras)
        ]

    def step(self) -> None:
        """Advance by one second: people come, walk, are looked at and leave."""
        steps = self._steps_a_second
        advance(
            self._steps_done,
            steps,
            self._traits,
            self._ground,
            self._queues,
            self._present,
            self._parties,
            self._looks,
            self._clock,
            self._law,
            self._walls,
            self._scratch,
            self.beliefs.value("walk.party_spacing_m"),
            STEP_IN_M,
            self.entered_s,
            self.left_s,
        )
        self._steps_done += steps
        self.time_s = self._steps_done * self.asked.run.time_step_s
        self._note_positions()

    def walk(self, progress: Progress | None = None) -> Passages:
        """Run to the end and return who passed and what was seen; ``progress`` hears 0 to 1."""
        last = self.cameras_end_s + LONGEST_CLEARING_S
        while not self.is_over and self.time_s < last:
            self.step()
            if progress is not None and self._steps_done % (60 * self._steps_a_second) == 0:
                progress(min(1.0, self.time_s / self.cameras_end_s))
        return self.passages()

    @property
    def is_over(self) -> bool:
        """Whether the cameras have stopped and nobody is present or waiting."""
        return self.time_s >= self.cameras_end_s and self.present == 0 and self.waiting == 0

    @property
    def present(self) -> int:
        """How many people are in the street now."""
        return int(self._present.filled[0])

    @property
    def waiting(self) -> int:
        """How many people have come to an entrance and found no room yet."""
        walkers = ~self.crowd.avoids & (self.crowd.arrived <= self.time_s)
        return int(np.count_nonzero(walkers & np.isnan(self.entered_s)))

    @property
    def positions_m(self) -> NDArray[np.float64]:
        """Where those present stand, ``(present, 2)`` m, in the order of ``present_ids``."""
        return np.ascontiguousarray(self._present.number[: state.Y + 1, : self.present].T)

    @property
    def present_ids(self) -> NDArray[np.int64]:
        """Which people are present, ``(present,)``."""
        return self._present.who[: self.present].copy()

    def passages(self) -> Passages:
        """Return the passages as they stand now."""
        return Passages(
            people=self._people(),
            exposure_s=self.exposure_s,
            best_look_s=self.best_look_s,
            crowding_per_m2=self.crowding_per_m2,
            trail=self._collected_trail(),
            cameras=tuple(camera.name for camera in self.asked.policy.cameras),
        )

    def _build_kernel_state(self) -> None:
        scenario, ground, people = self.asked, self.world, self.crowd
        dt = scenario.run.time_step_s
        self._steps_a_second = max(1, round(STEP_S / dt))
        flows = scenario.street.flows
        entrance_names = ground.entrances.names
        entrance = np.array([entrance_names.index(flow.entrance) for flow in flows])[people.flow]
        exit_ = np.array([ground.exits.names.index(flow.exit) for flow in flows])[people.flow]
        target = exit_places(scenario.run.seed, people, ground, entrance, exit_)
        self._traits = state.Traits(
            arrived=people.arrived,
            entrance=entrance,
            exit=exit_,
            across=people.across,
            target_x=np.ascontiguousarray(target[:, 0]),
            target_y=np.ascontiguousarray(target[:, 1]),
            speed=people.desired_speed,
            crown=people.height,
            shoulder=people.shoulder,
            pitch=np.where(
                people.on_phone, np.radians(self.beliefs.value("crowd.phone_pitch_deg")), 0.0
            ),
            covered=people.covered,
            party=people.party,
            party_rank=people.party_rank,
            party_size=people.party_size,
        )
        self._ground = state.Ground(
            entrances=ground.entrances.ends,
            inward=ground.entrances.inward,
            exits=ground.exits.ends,
            distance=ground.distance,
            is_seen=ground.is_seen,
            origin_x=ground.origin[0],
            origin_y=ground.origin[1],
            cell=CELL_M,
            hiding_walls=ground.walls if ground.hides else np.empty((0, 4)),
        )
        self._queues = _queues(entrance, people.avoids, len(entrance_names))
        capacity = int(np.ceil(ground.area_m2 * MOST_PEOPLE_PER_M2))
        self._present = state.Present(
            who=np.full(capacity, -1, dtype=np.int64),
            covered=np.zeros(capacity, dtype=np.bool_),
            number=np.zeros((state.NUMBER_ROWS, capacity)),
            filled=np.zeros(1, dtype=np.int64),
            queue_next=self._queues.start[:-1].copy(),
        )
        parties = int(people.party[-1]) + 1 if len(people) else 0
        self._parties = state.Parties(
            np.zeros(parties), np.zeros(parties), np.zeros(parties, dtype=np.int64)
        )
        self._looks = state.Looks(
            cameras=camera_rows(scenario.policy),
            optics=optics_row(self.beliefs),
            every=frame_steps(scenario.policy, dt),
            exposure=self.exposure_s,
            best_weight=np.zeros_like(self.exposure_s),
            best_time=self.best_look_s,
            crowding=self.crowding_per_m2,
            candidates=np.zeros(capacity, dtype=np.int64),
        )
        self._clock = state.Clock(
            seed=scenario.run.seed,
            dt=dt,
            cameras_end=self.cameras_end_s,
            gaze_spread=float(np.radians(self.beliefs.value("camera.gaze_yaw_sd_deg"))),
            gaze_time=self.beliefs.value("camera.gaze_yaw_time_s"),
        )
        self._law = make_law(
            time_gap=self.beliefs.value("walk.time_gap_s"),
            strength=self.beliefs.value("walk.repulsion_strength"),
            reach=self.beliefs.value("walk.repulsion_range_m"),
            wall_strength=self.beliefs.value("walk.wall_repulsion_strength"),
            wall_reach=self.beliefs.value("walk.wall_repulsion_range_m"),
            radius=self.beliefs.value("walk.body_radius_m"),
            fastest=self.beliefs.value("walk.free_speed_max_mps"),
        )
        self._walls = make_walls(ground.edges, ground.bounds, self._law)
        self._scratch = make_scratch(capacity, ground.bounds, self._law)

    def _note_positions(self) -> None:
        who = self.present_ids
        if len(who):
            self._trail.append((self.time_s, who, self.positions_m.astype(np.float32)))

    def _people(self) -> pd.DataFrame:
        people, ground = self.crowd, self.world

        def labels(codes: NDArray[np.int64], names: tuple[str, ...]) -> pd.Series:
            kind = pd.CategoricalDtype(list(names))
            return pd.Series(pd.Categorical.from_codes(codes, dtype=kind))

        return pd.DataFrame(
            {
                col.PERSON: np.arange(len(people)),
                col.SEX: labels(GROUP_SEX[people.group], SEXES),
                col.ETHNICITY: labels(GROUP_ETHNICITY[people.group], ETHNICITIES),
                col.AGE_BAND: labels(GROUP_AGE_BAND[people.group], AGE_BANDS),
                col.GROUP: people.group,
                col.HEIGHT: people.height,
                col.DESIRED_SPEED: people.desired_speed,
                col.PARTY: people.party,
                col.PARTY_SIZE: people.party_size,
                col.ENTRANCE: labels(self._traits.entrance, ground.entrances.names),
                col.EXIT: labels(self._traits.exit, ground.exits.names),
                col.ON_PHONE: people.on_phone,
                col.COVERED: people.covered,
                col.AVOIDED: people.avoids,
                col.ARRIVED: people.arrived,
                col.ENTERED: self.entered_s,
                col.LEFT: self.left_s,
            }
        )

    def _collected_trail(self) -> Trail:
        """Sort the notes of every second by person; within a person they stay in time order."""
        people = len(self.crowd)
        if not self._trail:
            return Trail(
                np.zeros(people + 1, dtype=np.int64),
                np.full(people, np.nan),
                np.empty((0, 2), dtype=np.float32),
            )
        who = np.concatenate([ids for _, ids, _ in self._trail])
        when = np.repeat([time for time, _, _ in self._trail], [len(i) for _, i, _ in self._trail])
        xy = np.concatenate([points for _, _, points in self._trail])
        order = np.argsort(who, kind="stable")
        start = np.searchsorted(who[order], np.arange(people + 1)).astype(np.int64)
        first = np.full(people, np.nan)
        seen = start[1:] > start[:-1]
        first[seen] = when[order][start[:-1][seen]]
        return Trail(start, first, xy[order])


def _queues(entrance: NDArray[np.int64], avoids: NDArray[np.bool_], entrances: int) -> state.Queues:
    """Return who queues where, in order of arrival; avoiders do not come in."""
    walkers = np.flatnonzero(~avoids)
    order = np.argsort(entrance[walkers], kind="stable")
    ids = walkers[order].astype(np.int64)
    start = np.searchsorted(entrance[ids], np.arange(entrances + 1)).astype(np.int64)
    return state.Queues(start=start, ids=ids)
