"""Which locomotion model a street walks by, with the numbers that are believed.

State:    none.
Evidence: docs/model/walk.md and docs/model/anticipation.md.
"""

from sim.kernels.anticipation import NO_ANTICIPATION, make_anticipation
from sim.kernels.movement import Law, make_law
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Locomotion


def law_of(locomotion: Locomotion, beliefs: Beliefs, *, time_step_s: float) -> Law:
    """Return the law of a locomotion model, to be followed in steps of ``time_step_s``."""
    anticipation = NO_ANTICIPATION
    if locomotion == "anticipation":
        anticipation = make_anticipation(
            strength=beliefs.value("walk.anticipation_strength"),
            time=beliefs.value("walk.anticipation_time_s"),
            side=beliefs.value("walk.anticipation_side_m"),
            turning_time=beliefs.value("walk.anticipation_turning_s"),
            time_step=time_step_s,
        )
    return make_law(
        time_gap=beliefs.value("walk.time_gap_s"),
        strength=beliefs.value("walk.repulsion_strength"),
        reach=beliefs.value("walk.repulsion_range_m"),
        wall_strength=beliefs.value("walk.wall_repulsion_strength"),
        wall_reach=beliefs.value("walk.wall_repulsion_range_m"),
        radius=beliefs.value("walk.body_radius_m"),
        fastest=beliefs.value("walk.free_speed_max_mps"),
        anticipation=anticipation,
    )
