"""The speed of the program: agent-steps a CPU second at one person a square metre (W9).

Beside JuPedSim where it is installed: the same crowd, law, cut-off and time step, one after the
other in the same run, so that a busy machine slows both. ``benchmarks/`` has the full comparison.

Units:  SI.
"""

import importlib.util
import time

import numpy as np
from numpy.typing import NDArray

from scripts.validation.results import (
    COLLISION_FREE_SPEED,
    Finding,
    Outcome,
    Setting,
    mean_and_spread,
)
from scripts.validation.walkers import DT, crowded_round, walk_round
from sim.kernels.movement import make_scratch, make_walls
from sim.model.locomotion import law_of
from sim.scenario.beliefs import beliefs_of
from sim.scenario.schema import Assumptions

DENSITY, LENGTH, WIDTH = 1.0, 125.0, 4.0  # 500 people
CUTOFF = 3.0  # m, fixed in JuPedSim
STEPS = 100
FLOOR = 10.0  # times JuPedSim
END = 60.0  # m beyond the corridor, where JuPedSim's people head for


def our_rate(seed: int) -> tuple[float, NDArray[np.float64]]:
    """Return agent-steps a CPU second of a one-way corridor, and the state at the start."""
    street = crowded_round(
        COLLISION_FREE_SPEED, DENSITY, length=LENGTH, width=WIDTH, two_way=False, seed=seed
    )
    law = street.law._replace(cutoff=CUTOFF - 1e-9)
    sides = np.array([[-8.0, 0.0, LENGTH + 8, 0.0], [LENGTH + 8, WIDTH, -8.0, WIDTH]])
    bounds = (-8.0, 0.0, LENGTH + 8, WIDTH)
    walls, scratch = make_walls(sides, bounds, law), make_scratch(3 * street.n, bounds, law)
    start, travelled = street.state.copy(), np.zeros(street.n)
    began = time.process_time()
    walk_round(STEPS, street.n, LENGTH, street.state, law, walls, scratch, travelled)
    return STEPS * street.n / (time.process_time() - began), start[:, : street.n]


def jupedsim_rate(start: NDArray[np.float64]) -> float:
    """Return agent-steps a CPU second of JuPedSim's collision-free speed model; set-up apart."""
    import jupedsim as jps  # noqa: PLC0415 - an extra, wanted only here

    law = law_of(COLLISION_FREE_SPEED, beliefs_of(Assumptions()), time_step_s=DT)
    simulation = jps.Simulation(
        model=jps.CollisionFreeSpeedModel(
            strength_neighbor_repulsion=law.strength,
            range_neighbor_repulsion=law.reach,
            strength_geometry_repulsion=law.wall_strength,
            range_geometry_repulsion=law.wall_reach,
        ),
        geometry=[(-2.0, 0.0), (LENGTH + END, 0.0), (LENGTH + END, WIDTH), (-2.0, WIDTH)],
        dt=DT,
    )
    stage = simulation.add_direct_steering_stage()
    journey = simulation.add_journey(jps.JourneyDescription([stage]))
    for x, y, wish in start[[0, 1, 4]].T:
        agent = simulation.add_agent(
            jps.CollisionFreeSpeedModelAgentParameters(
                position=(float(x), float(y)),
                time_gap=law.time_gap,
                desired_speed=float(wish),
                radius=law.radius,
                journey_id=journey,
                stage_id=stage,
            )
        )
        simulation.agent(agent).target = (LENGTH + END - 1.0, float(y))
    began = time.process_time()
    simulation.iterate(STEPS)
    return float(STEPS * start.shape[1] / (time.process_time() - began))


def program_speed(setting: Setting) -> Outcome:
    """W9: agent-steps a CPU second at 1 /m2."""
    our_rate(0)  # compiles
    runs = [our_rate(seed) for seed in range(max(3, setting.seeds))]
    ours, spread = mean_and_spread([rate / 1e6 for rate, _ in runs])
    findings = [
        Finding(
            "million agent-steps a CPU second at 1 /m2, 500 people",
            COLLISION_FREE_SPEED,
            "",
            ours,
            spread,
            "million/s",
            note="closed corridor, cut-off 3 m; depends on the machine",
        )
    ]
    if importlib.util.find_spec("jupedsim") is not None:
        ratios = [rate / jupedsim_rate(start) for rate, start in runs]
        ours, spread = mean_and_spread(ratios)
        findings.append(
            Finding(
                "the same over JuPedSim's, in the same run",
                COLLISION_FREE_SPEED,
                "0.20 million/s (JuPedSim 1.4.2, measured for this project)",
                ours,
                spread,
                "times",
                f"at least {FLOOR:g}",
                ours >= FLOOR,
            )
        )
    return Outcome(tuple(findings))
