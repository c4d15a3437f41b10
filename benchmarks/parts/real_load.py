"""The load of a real deployment: people come, walk 60 m and go, for six hours.

15,000 or 50,000 passers-by, both ways, in 60 x 12 m: 30 to 130 people at once. Ours is the
``Street`` as a user runs it, stepped by Mesa a second at a time, with two cameras; the peers only
walk, without cameras, the same people from the same entrances at the same times. All
have the parameters of ``parts.crowds`` and a cut-off of 3 m. The peers walk a slice; the ratio is
that of CPU time an agent-step.

Units:  SI.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from parts import crowds
from parts.mesa_walk import Corridor, Point
from sim.model.street import Street
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

PLAIN = Path(__file__).resolve().parents[2] / "scenarios" / "high_street.yaml"
LENGTH, WIDTH, HOURS = 60.0, 12.0, 6.0
LOADS = (15_000, 50_000)
JUPEDSIM_S, MESA_S = 900.0, 10.0  # model time of the slices
FULL_FROM_S = 1800.0  # the street is as full as it gets; Mesa's slice begins here
BEYOND_M = 3.0  # the peers' corridor goes on, so that nobody waits at its end to be taken out
TRIES = 6  # places across the entrance tried in one step, as by ``sim.kernels.doors``
SAME_LAW = {
    "walk.time_gap_s": crowds.TIME_GAP,
    "walk.repulsion_strength": crowds.STRENGTH,
    "walk.repulsion_range_m": crowds.REACH,
    "walk.wall_repulsion_strength": crowds.WALL_STRENGTH,
    "walk.wall_repulsion_range_m": crowds.WALL_REACH,
    "walk.body_radius_m": crowds.RADIUS,
    "walk.free_speed_max_mps": 2.7,  # the reach of the speed law is then the cut-off of 3 m
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: CPU s, and million agent-steps a CPU second."""

    cpu_s: float
    agent_steps: float

    @property
    def rate(self) -> float:
        """Million agent-steps a CPU second."""
        return self.agent_steps / self.cpu_s / 1e6


def load(people: int, *, seed: int = 1, same_law: bool = True, hours: float = HOURS) -> Scenario:
    """Return the deployment; ``same_law``: with the peers' parameters, else with ours."""
    doors = (
        f"[{{name: west, from_m: [0.0, 0.0], to_m: [0.0, {WIDTH}]}},"
        f" {{name: east, from_m: [{LENGTH}, 0.0], to_m: [{LENGTH}, {WIDTH}]}}]"
    )
    settings = [
        f"street.walkable_m=[[0.0, 0.0], [{LENGTH}, 0.0], [{LENGTH}, {WIDTH}], [0.0, {WIDTH}]]",
        f"street.entrances={doors}",
        f"street.exits={doors}",
        f"street.footfall={{people: {float(people)}, counted_from_hour: 12.0,"
        f" counted_hours: {HOURS}, profile: flat}}",
        f"policy.hours={hours}",
        "policy.officers=0",
        "policy.officer_posts_m=[]",
        f"policy.cameras.0.position_m=[{LENGTH / 2}, {WIDTH / 2}]",
        f"policy.cameras.1.position_m=[{LENGTH / 2}, {WIDTH / 2}]",
        f"run.seed={seed}",
        f"run.time_step_s={crowds.DT}",
        # Every hour alike, so that a slice stands for the whole.
        "assumptions.values.arrivals.hourly_cv={value: 0.0, low: 0.0, why: every hour alike}",
    ]
    if same_law:
        settings += [
            f"assumptions.values.{name}="
            f"{{value: {value}, low: {value}, high: {value}, why: as in the peers}}"
            for name, value in SAME_LAW.items()
        ]
    return load_scenario(PLAIN, settings=settings)


def run_ours(scenario: Scenario) -> tuple[Cost, Street]:
    """Walk the deployment to its end; return the cost and the street. Set-up is not timed."""
    street = Street(scenario)
    began = time.process_time()
    street.walk()
    spent = time.process_time() - began
    stay = np.nansum(street.left_s - street.entered_s)
    return Cost(spent, float(stay) / crowds.DT), street


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who comes: times (n,) s, doors' low ends and ways across, targets (n, 2) m, speeds m/s."""

    time: list[float]
    door_x: list[float]
    across: list[float]
    target: list[Point]
    speed: list[float]

    def place(self, person: int, trial: int) -> Point:
        """Return where a person steps in; the next trial is another place across the door."""
        share = (self.across[person] + 0.6180339887498949 * trial) % 1.0
        return self.door_x[person], 0.4 + share * (WIDTH - 0.8)


def arrivals_of(street: Street) -> Arrivals:
    """Return the street's own people as the peers take them in."""
    people, flows = street.crowd, street.asked.street.flows
    goes_east = np.array([flow.exit == "east" for flow in flows])[people.flow]
    across = 0.4 + people.across * (WIDTH - 0.8)
    targets = np.where(goes_east, LENGTH + BEYOND_M - 0.5, 0.5 - BEYOND_M)
    return Arrivals(
        people.arrived.tolist(),
        np.where(goes_east, 0.3, LENGTH - 0.3).tolist(),
        people.across.tolist(),
        list(zip(targets.tolist(), across.tolist(), strict=True)),
        people.desired_speed.tolist(),
    )


def run_jupedsim(came: Arrivals, seconds: float = JUPEDSIM_S) -> Cost:
    """Walk the first ``seconds`` of the deployment with JuPedSim; its set-up is not timed."""
    import jupedsim as jps  # noqa: PLC0415 - an extra, wanted only here

    low, high = -BEYOND_M, LENGTH + BEYOND_M
    simulation = jps.Simulation(
        model=jps.CollisionFreeSpeedModel(
            strength_neighbor_repulsion=crowds.STRENGTH,
            range_neighbor_repulsion=crowds.REACH,
            strength_geometry_repulsion=crowds.WALL_STRENGTH,
            range_geometry_repulsion=crowds.WALL_REACH,
        ),
        geometry=[(low, 0.0), (high, 0.0), (high, WIDTH), (low, WIDTH)],
        dt=crowds.DT,
    )
    # Direct steering and a look at both ends once a second cost less than exits and journeys.
    stage = simulation.add_direct_steering_stage()
    journey = simulation.add_journey(jps.JourneyDescription([stage]))
    ends = [
        [(low, 0.0), (0.0, 0.0), (0.0, WIDTH), (low, WIDTH)],
        [(LENGTH, 0.0), (high, 0.0), (high, WIDTH), (LENGTH, WIDTH)],
    ]

    def put(person: int, place: Point) -> bool:
        parameters = jps.CollisionFreeSpeedModelAgentParameters(
            position=place,
            time_gap=crowds.TIME_GAP,
            desired_speed=came.speed[person],
            radius=crowds.RADIUS,
            journey_id=journey,
            stage_id=stage,
        )
        try:
            agent = simulation.add_agent(parameters)
        except RuntimeError:
            return False  # too close to somebody
        simulation.agent(agent).target = came.target[person]
        return True

    waiting: list[int] = []
    coming, agent_steps = 0, 0
    began = time.process_time()
    for step in range(round(seconds / crowds.DT)):
        while coming < len(came.time) and came.time[coming] <= step * crowds.DT:
            waiting.append(coming)
            coming += 1
        waiting = _let_in(waiting, came, put)
        simulation.iterate()
        agent_steps += simulation.agent_count()
        if step % round(1 / crowds.DT) == 0:
            for end in ends:
                for agent in simulation.agents_in_polygon(end):
                    simulation.mark_agent_for_removal(agent)
    return Cost(time.process_time() - began, agent_steps)


def run_mesa(street: Street, came: Arrivals, seconds: float = MESA_S) -> Cost:
    """Walk ``seconds`` with plain Mesa, from the people present in ``street`` on."""
    corners = np.array(
        [[-BEYOND_M, 0], [LENGTH + BEYOND_M, 0], [LENGTH + BEYOND_M, WIDTH], [-BEYOND_M, WIDTH]]
    )
    place = crowds.Start(np.empty((0, 2)), np.empty((0, 2)), corners)
    model = Corridor(place.walls, place.bounds)
    for person, (x, y) in zip(street.present_ids, street.positions_m.tolist(), strict=True):
        model.add((x, y), came.target[person], came.speed[person])
    first = street.time_s
    coming = int(np.searchsorted(came.time, first, side="right"))

    def put(person: int, place: Point) -> bool:
        gap = 2 * crowds.RADIUS
        if model.space.get_neighbors(place, gap):
            return False
        model.add(place, came.target[person], came.speed[person])
        return True

    waiting: list[int] = []
    agent_steps = 0
    began = time.process_time()
    for step in range(round(seconds / crowds.DT)):
        while coming < len(came.time) and came.time[coming] <= first + step * crowds.DT:
            waiting.append(coming)
            coming += 1
        waiting = _let_in(waiting, came, put)
        model.step()
        agent_steps += len(model.agents)
        for agent in [a for a in model.agents if not 0.0 < a.pos[0] < LENGTH]:
            model.space.remove_agent(agent)
            agent.remove()
    return Cost(time.process_time() - began, agent_steps)


def at_its_fullest(scenario: Scenario) -> Street:
    """Return the street after half an hour."""
    street = Street(scenario)
    while street.time_s < FULL_FROM_S:
        street.step()
    return street


def _let_in(waiting: list[int], came: Arrivals, put: Callable[[int, Point], bool]) -> list[int]:
    """Let in whoever finds room; return who still waits."""
    return [
        person
        for person in waiting
        if not any(put(person, came.place(person, trial)) for trial in range(TRIES))
    ]
