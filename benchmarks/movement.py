"""Speed of the movement kernel against JuPedSim's collision-free speed model.

Same crowd, same parameters, same cut-off (JuPedSim's own 3 m), same time step, one core. Each
pair times both programs one after the other, in CPU seconds of this process; the ratio is the
median over the pairs, so that a busy machine slows both. The positions after the timed steps
are compared, too: a ratio between two different models would mean nothing.

    python benchmarks/movement.py [--quick] [--json]

Needs the extra ``benchmark`` (JuPedSim is never a dependency).
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels._jit import Floats, kernel
from sim.kernels.confine import keep_inside
from sim.kernels.movement import Law, desired_moves, make_law, make_scratch, make_walls
from sim.kernels.neighbours import Scratch
from sim.kernels.walls import Walls

SPEED, RADIUS, TIME_GAP, REACH = 1.34, 0.15, 1.0, 0.1  # m/s, m, s, m
STRENGTH, WALL_STRENGTH, WALL_REACH, CUTOFF = 8.0, 5.0, 0.02, 3.0  # 1, 1, m, m
DT, STEPS = 0.05, 30  # s
MARGIN = 12.0  # m, free corridor beyond the crowd at both ends
SHORT_OF_THE_END = 1.0  # m, everybody heads for a point so far from the end of the corridor
WIDEST, SLENDER = 12.0, 3.0  # corridors are at most so wide (m), and so many times as long
LEAST_CPU_S = 0.1  # our side repeats its steps until it has run so long
CASES = [(30, 0.05), (100, 0.14), (500, 0.5), (10_000, 0.5), (500, 2.0), (10_000, 2.0)]
QUICK_CASES = [(100, 0.14), (500, 0.5), (2_000, 0.5), (500, 2.0), (2_000, 2.0)]


@dataclass(frozen=True, slots=True)
class Start:
    """A crowd about to walk: places and targets (n, 2) m; corners of the corridor (4, 2) m."""

    places: NDArray[np.float64]
    targets: NDArray[np.float64]
    corners: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: million agent-steps a CPU second, their ratio, difference of positions (m)."""

    people: int
    density_per_m2: float
    ours: float
    jupedsim: float
    ratio: float
    ratio_low: float
    ratio_high: float
    pairs: int
    difference_median_m: float
    difference_max_m: float


@kernel
def walk(
    steps: int,
    x: Floats,
    y: Floats,
    target_x: Floats,
    target_y: Floats,
    wish: Floats,
    law: Law,
    walls: Walls,
    scratch: Scratch,
    work: Floats,
) -> None:
    """Walk ``steps`` steps towards the targets; work : (5, n) scratch."""
    n = x.shape[0]
    for _ in range(steps):
        for i in range(n):
            dx, dy = target_x[i] - x[i], target_y[i] - y[i]
            length = np.sqrt(dx * dx + dy * dy)
            work[0, i], work[1, i] = dx / length, dy / length
        desired_moves(
            n, x, y, work[0], work[1], wish, law, walls, scratch, work[2], work[3], work[4]
        )
        keep_inside(n, x, y, work[2], work[3], work[4], DT, law, walls)


def jittered_start(people: int, density: float, rng: np.random.Generator) -> Start:
    """Return people on a shaken lattice, half of them each way at random."""
    width = min(WIDEST, np.sqrt(people / density / SLENDER))
    length = people / density / width
    columns = int(np.ceil(np.sqrt(people * length / width)))
    rows = int(np.ceil(people / columns))
    index = np.arange(people)
    cell = np.array([length / columns, width / rows])
    lattice = np.column_stack([index % columns, index // columns]) + 0.5
    places = (lattice + rng.uniform(-0.15, 0.15, (people, 2))) * cell
    low, high = -MARGIN, length + MARGIN
    ends = np.array([low + SHORT_OF_THE_END, high - SHORT_OF_THE_END])
    targets = np.column_stack([rng.choice(ends, people), places[:, 1]])
    return Start(places, targets, np.array([[low, 0], [high, 0], [high, width], [low, width]]))


def run_ours(start: Start) -> tuple[float, NDArray[np.float64]]:
    """Return agent-steps a CPU second and the places after the steps."""
    n = len(start.places)
    law = make_law(
        time_gap=TIME_GAP,
        strength=STRENGTH,
        reach=REACH,
        wall_strength=WALL_STRENGTH,
        wall_reach=WALL_REACH,
        radius=RADIUS,
        fastest=SPEED,
        cutoff=CUTOFF,
    )
    segments = np.hstack([start.corners, np.roll(start.corners, -1, axis=0)])
    bounds = (*start.corners.min(axis=0), *start.corners.max(axis=0))
    walls, scratch = make_walls(segments, bounds, law), make_scratch(n, bounds, law)
    target_x, target_y = start.targets.T.copy()
    wish, work = np.full(n, SPEED), np.zeros((5, n))
    spent, rounds = 0.0, 0
    while True:
        x, y = start.places.T.copy()
        began = time.process_time()
        walk(STEPS, x, y, target_x, target_y, wish, law, walls, scratch, work)
        spent += time.process_time() - began
        rounds += 1
        if spent >= LEAST_CPU_S:
            return rounds * STEPS * n / spent, np.column_stack([x, y])


def run_jupedsim(start: Start) -> tuple[float, NDArray[np.float64]]:
    """Return agent-steps a CPU second and the places after the steps; set-up is not timed."""
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
    simulation.iterate(STEPS)
    spent = time.process_time() - began
    places = np.array([simulation.agent(agent).position for agent in ids])
    return STEPS * len(ids) / spent, places


def compare(people: int, density: float, pairs: int) -> Outcome:
    """Time both programs ``pairs`` times, each time from another start."""
    ours, theirs, differences = [], [], []
    for pair in range(pairs):
        start = jittered_start(people, density, np.random.default_rng([people, pair]))
        our_rate, our_places = run_ours(start)
        their_rate, their_places = run_jupedsim(start)
        ours.append(our_rate)
        theirs.append(their_rate)
        differences.append(np.hypot(*(our_places - their_places).T))
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Outcome(
        people=people,
        density_per_m2=density,
        ours=statistics.median(ours) / 1e6,
        jupedsim=statistics.median(theirs) / 1e6,
        ratio=statistics.median(ratios),
        ratio_low=min(ratios),
        ratio_high=max(ratios),
        pairs=pairs,
        difference_median_m=float(np.median(differences)),
        difference_max_m=float(np.max(differences)),
    )


def main() -> int:
    """Print one line a case, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller crowds: under a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--pairs", type=int, default=5)
    arguments = parser.parse_args()
    cases = QUICK_CASES if arguments.quick else CASES
    run_ours(jittered_start(100, 0.5, np.random.default_rng(0)))  # compiles
    outcomes = []
    if not arguments.json:
        print("people  per m2   ours  JuPedSim   ratio (lowest to highest)   difference, m")
        print("               million agent-steps                            median      max")
    for people, density in cases:
        outcome = compare(people, density, arguments.pairs)
        outcomes.append(outcome)
        if not arguments.json:
            print(
                f"{people:6d}  {density:6.2f}  {outcome.ours:5.2f}  {outcome.jupedsim:8.3f}"
                f"  {outcome.ratio:6.1f} ({outcome.ratio_low:.1f} to {outcome.ratio_high:.1f})"
                f"          {outcome.difference_median_m:.1e}  {outcome.difference_max_m:.1e}"
            )
    if arguments.json:
        print(json.dumps({"movement": [asdict(outcome) for outcome in outcomes]}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
