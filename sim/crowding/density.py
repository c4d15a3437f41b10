"""One street at several crowds: who is seen, and why mistaken stops for a right match change.

``docs/model/density.md`` has the equations C1 to C12. A *cell* is one footfall walked with one
seed: what the cameras had of each part of the crowd under every setting, and the stops of every
policy in the sixteen streets, under the central beliefs (draw 0) and under draws of them.

State:  none.
Shapes: settings, parts of the crowd, policies and draws in the order of the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.assumption_draws import drawn_values
from sim.crowding.camera_settings import Setting, settings_of
from sim.crowding.crowd_parts import WHO, is_meant
from sim.crowding.density_reasons import STREETS, FourStreets
from sim.crowding.density_walks import SteadyWalk, walk_at_footfall
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.schema import ErrorModel, Scenario

Floats = NDArray[np.float64]

FOOTFALLS_PER_H = (300.0, 1500.0, 3000.0, 5500.0, 8000.0, 10_500.0, 12_500.0, 14_000.0)
SEEDS = (1, 2, 3, 4, 5, 6)
HEIGHTS_M = (2.5, 5.0, 8.0)  # beside the scenario's own
DRAWS, PEOPLE = 40, 3000
WELL = 0.5  # of the reference passage's seconds of good face
SUMS = ("people", "seen_well", "seen_s", "alone_s")  # of a part of the crowd


class PolicyChoice(NamedTuple):
    """What a reader may choose beside the cameras."""

    error_model: ErrorModel
    threshold: float


POLICIES: tuple[PolicyChoice, ...] = tuple(
    PolicyChoice(error_model, threshold)
    for error_model in ("met-street", "npl-2023", "trials-2016-2019")
    for threshold in (0.60, 0.64)
)


@dataclass(frozen=True)
class DensityPlan:
    """What is walked and asked: the scenario with all its choices.

    believed : of the walks; the footfall holds still
    drawn    : by error model, the central beliefs first
    """

    scenario: Scenario
    settings: tuple[Setting, ...]
    believed: Beliefs
    drawn: Mapping[ErrorModel, tuple[Beliefs, ...]]
    people: int

    @property
    def exposure_s(self) -> float:
        """Seconds of good face of the reference passage."""
        return self.believed.value("calibration.exposure_s")

    def with_policy(self, policy: PolicyChoice) -> Scenario:
        """Return the scenario under a threshold and an error model."""
        scenario = self.scenario
        changed = {"error_model": policy.error_model}
        return scenario.model_copy(
            update={
                "policy": scenario.policy.model_copy(update={"threshold": policy.threshold}),
                "assumptions": scenario.assumptions.model_copy(update=changed),
            }
        )


class DensityCell(NamedTuple):
    """One footfall walked with one seed.

    sums  : (settings, parts, 4) as ``SUMS``
    stops : (settings, policies, 1 + draws, 16, 3)
    """

    footfall_per_h: float
    seed: int
    density_per_m2: float
    sums: Floats
    stops: Floats


def density_plan(scenario: Scenario, *, draws: int = DRAWS, people: int = PEOPLE) -> DensityPlan:
    """Return the plan for a scenario; the same draws at every density."""
    still = {"arrivals.hourly_cv": 0.0}
    central = beliefs(scenario).replaced(still)
    drawn = {}
    for model in dict.fromkeys(policy.error_model for policy in POLICIES):
        own = central.with_error_model(model)
        values = drawn_values(own, scenario.run.seed, draws) if draws else {}
        drawn[model] = (
            own,
            *(
                own.replaced({name: float(column[j]) for name, column in values.items()})
                for j in range(draws)
            ),
        )
    return DensityPlan(
        scenario=scenario,
        settings=settings_of(scenario, central, heights_m=HEIGHTS_M),
        believed=central,
        drawn=drawn,
        people=people,
    )


def density_cell(plan: DensityPlan, footfall_per_h: float, seed: int) -> DensityCell:
    """Walk one cell and score it."""
    walk = walk_at_footfall(
        plan.scenario,
        plan.believed,
        plan.settings,
        footfall_per_h=footfall_per_h,
        seed=seed,
        people=plan.people,
    )
    draws = len(next(iter(plan.drawn.values())))
    sums = np.empty((len(plan.settings), len(WHO), len(SUMS)))
    stops = np.empty((len(plan.settings), len(POLICIES), draws, len(STREETS), 3))
    for place in range(len(plan.settings)):
        sums[place] = capture_rows(plan, walk, place)
        seen, alone = walk.under(place, plan.settings)
        scenario = _with_seed(plan.scenario, plan.settings[place], seed)
        four = FourStreets(
            scenario, seen, alone, window_s=walk.window_s, exposure_s=plan.exposure_s
        )
        for draw in range(draws):
            for which, policy in enumerate(POLICIES):
                asked = plan.with_policy(policy)
                believed = plan.drawn[policy.error_model][draw]
                stops[place, which, draw] = four.stops(asked, believed)
    return DensityCell(footfall_per_h, seed, walk.density_per_m2, sums, stops)


def capture_rows(plan: DensityPlan, walk: SteadyWalk, setting: int) -> Floats:
    """Return what the cameras of a setting had of each part of the crowd, ``(parts, 4)``, C6."""
    seen, alone = walk.under(setting, plan.settings)
    group = seen.people[col.GROUP].to_numpy(dtype=np.int64)
    each = np.column_stack(
        [
            np.ones(len(group)),
            is_seen_well(seen.exposure_s, plan.exposure_s),
            seen.exposure_s.sum(axis=1),
            alone.exposure_s.sum(axis=1),
        ]
    )
    return np.array([each[is_meant(sex, band)[group]].sum(axis=0) for sex, band in WHO])


def is_seen_well(exposure_s: Floats, reference_s: float) -> NDArray[np.bool_]:
    """Return who of ``(n, cameras)`` was seen well enough, ``(n,)``, equation C5."""
    return np.asarray(exposure_s.sum(axis=1) >= WELL * reference_s)


def _with_seed(scenario: Scenario, setting: Setting, seed: int) -> Scenario:
    """Return the scenario with the setting's cameras, its luck that of the seed."""
    return scenario.model_copy(
        update={
            "policy": scenario.policy.model_copy(update={"cameras": setting.cameras}),
            "run": scenario.run.model_copy(update={"seed": seed}),
        }
    )
