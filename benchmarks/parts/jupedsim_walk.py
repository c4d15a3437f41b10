"""The same walk by JuPedSim's collision-free speed model.

Units:  SI.
"""

import time

import numpy as np

from parts.crowds import (
    DT,
    RADIUS,
    REACH,
    SPEED,
    STEPS,
    STRENGTH,
    TIME_GAP,
    WALL_REACH,
    WALL_STRENGTH,
    Start,
    Walked,
)


def run_jupedsim(start: Start, steps: int = STEPS) -> Walked:
    """Walk the crowd with JuPedSim; set-up is not timed."""
    import jupedsim as jps  # noqa: PLC0415 - an extra, wanted only here

    simulation = jps.Simulation(
        model=jps.CollisionFreeSpeedModel(
            strength_neighbor_repulsion=STRENGTH,
            range_neighbor_repulsion=REACH,
            strength_geometry_repulsion=WALL_STRENGTH,
            range_geometry_repulsion=WALL_REACH,
        ),
        geometry=[(float(x), float(y)) for x, y in start.corners],
        dt=DT,
    )
    # Direct steering: no journeys to manage, and everybody gets the target that we use.
    stage = simulation.add_direct_steering_stage()
    journey = simulation.add_journey(jps.JourneyDescription([stage]))
    ids = []
    for (x, y), target in zip(start.places, start.targets, strict=True):
        agent = simulation.add_agent(
            jps.CollisionFreeSpeedModelAgentParameters(
                position=(x, y),
                time_gap=TIME_GAP,
                desired_speed=SPEED,
                radius=RADIUS,
                journey_id=journey,
                stage_id=stage,
            )
        )
        simulation.agent(agent).target = (float(target[0]), float(target[1]))
        ids.append(agent)
    began = time.process_time()
    simulation.iterate(steps)
    spent = time.process_time() - began
    places = np.array([simulation.agent(agent).position for agent in ids])
    return Walked(steps * len(ids) / spent, places)
