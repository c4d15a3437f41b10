"""The walk: a street that fills, moves and is looked at, as a Mesa model.

A Mesa user may ``step()`` it a second at a time, read ``agents`` (the cameras), ``time_s`` and the
positions of those present, and add agents of their own, whose ``step`` then ends each second;
``walk`` runs it to the end and returns the passages.

Shapes: people are rows in order of arrival; those present are compact, in no fixed order.
"""

from collections.abc import Callable

import mesa
import numpy as np

from sim.kernels import state
from sim.kernels._jit import for_types_of
from sim.kernels.movement import make_scratch, make_walls
from sim.kernels.walk import advance
from sim.model.arrivals import arrivals
from sim.model.cameras import CameraAgent, camera_rows, frame_steps, optics_row
from sim.model.crowd import Crowd, crowd
from sim.model.directions import Directions, directions, kernel_ground
from sim.model.locomotion import law_of
from sim.model.passages import Passages
from sim.model.recorder import Recorder
from sim.model.street_arrays import queues, traits
from sim.model.street_now import StreetNow
from sim.model.street_tables import Note, people_table, trail_of
from sim.model.world import STEP_IN_M, World, world
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

MOST_PEOPLE_PER_M2 = 6.0  # room for the present; nobody steps in where bodies would touch
STEP_S = 1.0  # model time a call of ``step``
LONGEST_CLEARING_S = 1800.0  # after the last camera stops, stragglers are given this long

Progress = Callable[[float], None]


def forget(model: mesa.Model) -> None:
    """Let go of a model that is done: Mesa 3 counts agents in a table that holds every model."""
    counters = getattr(mesa.Agent, "_ids", None)
    if counters is not None:
        counters.pop(model, None)


class Street(StreetNow):
    """One street during one deployment, advanced by a second a step.

    exposure_s, best_look_s, crowding_per_m2 : (people, cameras), filled as the cameras look
    entered_s, left_s                        : (people,), nan until it happens
    cameras                                  : the scenario's, in the order of the columns
    running                                  : False once the street is over

    >>> from sim import Street, load_scenario
    >>> street = Street(load_scenario("reference", settings=["policy.hours=0.05"]))
    >>> street.step()
    >>> street.steps
    1
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        believed: Beliefs | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        super().__init__(rng=scenario.run.seed)
        self.asked = scenario  # mesa 3.5 has a property of its own called scenario
        self.beliefs = beliefs(scenario) if believed is None else believed
        self.world: World = world(scenario.street, scenario.policy.avoid_area_m)
        self.crowd: Crowd = crowd(scenario, self.beliefs, arrivals(scenario, self.beliefs))
        self.directions: Directions = directions(
            scenario.run.seed, scenario.street, self.crowd, self.world
        )
        self.time_s = 0.0
        self.cameras_end_s = scenario.policy.hours * SECONDS_AN_HOUR
        people, cameras = len(self.crowd), len(scenario.policy.cameras)
        self.exposure_s = np.zeros((people, cameras))
        self.best_look_s = np.full((people, cameras), np.nan)
        self.crowding_per_m2 = np.full((people, cameras), np.nan)
        self.entered_s = np.full(people, np.nan)
        self.left_s = np.full(people, np.nan)
        self._trail: list[Note] = []
        self._steps_done = 0
        self._build_kernel_state()
        self.cameras = [
            CameraAgent(self, camera, column)
            for column, camera in enumerate(scenario.policy.cameras)
        ]
        self._has_guests = False  # agents that somebody else added
        self._recorder = recorder
        if recorder is not None:
            recorder.begin(self)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in an agent, as Mesa does when one is made; its ``step`` ends every second."""
        super().register_agent(agent)  # type: ignore[no-untyped-call]  # of mesa 3.3
        self._has_guests = True

    def step(self) -> None:
        """Advance by one second: people come, walk, are looked at and leave."""
        if self._recorder is None:
            self._walk_on(self._steps_a_second)
        else:
            *before_frames, rest = self._recorder.stretches(self.time_s)
            for steps in before_frames:
                self._walk_on(steps)
                self._recorder.note(self)
            self._walk_on(rest)
        self.time_s = self._steps_done * self.asked.run.time_step_s
        self._note_positions()
        if self._has_guests:
            self.agents.do("step")
        self.running = not self.is_over and self.time_s < self._last_s

    def walk(self, progress: Progress | None = None) -> Passages:
        """Run to the end and return who passed and what was seen; ``progress`` hears 0 to 1."""
        while self.running:
            self.step()
            if progress is not None and self._steps_done % (60 * self._steps_a_second) == 0:
                progress(min(1.0, self.time_s / self.cameras_end_s))
        passages = self.passages()
        forget(self)
        return passages

    @property
    def is_over(self) -> bool:
        """Whether the cameras have stopped and nobody is present or waiting."""
        return self.time_s >= self.cameras_end_s and self.present == 0 and self.waiting == 0

    def _walk_on(self, steps: int) -> None:
        if steps:
            self._advance(self._steps_done, steps, *self._kernel_state)
            self._steps_done += steps

    def passages(self) -> Passages:
        """Return the passages as they stand now."""
        return Passages(
            people=people_table(
                self.crowd, self.directions, self.world, self.entered_s, self.left_s
            ),
            exposure_s=self.exposure_s,
            best_look_s=self.best_look_s,
            crowding_per_m2=self.crowding_per_m2,
            trail=trail_of(self._trail, len(self.crowd)),
            cameras=tuple(camera.name for camera in self.asked.policy.cameras),
        )

    def _build_kernel_state(self) -> None:
        scenario, ground, people = self.asked, self.world, self.crowd
        dt = scenario.run.time_step_s
        self._steps_a_second = max(1, round(STEP_S / dt))
        self._last_s = self.cameras_end_s + LONGEST_CLEARING_S
        going = self.directions
        self._traits = traits(people, going, self.beliefs)
        self._ground = kernel_ground(ground)
        self._queues = queues(going, len(ground.entrances.names))
        capacity = int(np.ceil(ground.area_m2 * MOST_PEOPLE_PER_M2))
        self._present = state.Present(
            who=np.full(capacity, -1, dtype=np.int64),
            covered=np.zeros(capacity, dtype=np.bool_),
            number=np.zeros((state.NUMBER_ROWS, capacity)),
            filled=np.zeros(1, dtype=np.int64),
            queue_next=self._queues.start[:-1].copy(),
        )
        parties = int(going.party.max(initial=-1)) + 1
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
        self._law = law_of(scenario.assumptions.locomotion, self.beliefs, time_step_s=dt)
        self._walls = make_walls(ground.edges, ground.bounds, self._law)
        self._scratch = make_scratch(capacity, ground.bounds, self._law)
        self._kernel_state = (
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
        self._advance = for_types_of(advance, 0, 0, *self._kernel_state)

    def _note_positions(self) -> None:
        n = self.present
        if n:
            xy = self._present.number[: state.Y + 1, :n].T.astype(np.float32, order="C")
            self._trail.append(Note(self.time_s, self._present.who[:n].copy(), xy))
