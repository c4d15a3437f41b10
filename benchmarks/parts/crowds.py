"""The crowd and the law that every program walks, and our own loop over the movement kernel.

A two-way corridor, people on a shaken lattice; collision-free speed model with JuPedSim's
published defaults and its fixed cut-off of 3 m.

Units:  SI.
Shapes: people are rows.
"""

import time
from dataclasses import dataclass

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
LEAST_CPU_S = 0.1  # a fast program repeats its steps until it has run so long
LAW = make_law(
    time_gap=TIME_GAP,
    strength=STRENGTH,
    reach=REACH,
    wall_strength=WALL_STRENGTH,
    wall_reach=WALL_REACH,
    radius=RADIUS,
    fastest=SPEED,
    cutoff=CUTOFF,
)


@dataclass(frozen=True, slots=True)
class Start:
    """A crowd about to walk: places and targets (n, 2) m; corners of the corridor (4, 2) m."""

    places: NDArray[np.float64]
    targets: NDArray[np.float64]
    corners: NDArray[np.float64]

    @property
    def walls(self) -> NDArray[np.float64]:
        """Walls all round, ``(4, 4)`` m, x1 y1 x2 y2."""
        return np.hstack([self.corners, np.roll(self.corners, -1, axis=0)])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Low x, low y, high x, high y, m."""
        low_x, low_y = self.corners.min(axis=0).tolist()
        high_x, high_y = self.corners.max(axis=0).tolist()
        return low_x, low_y, high_x, high_y


@dataclass(frozen=True, slots=True)
class Walked:
    """Agent-steps a CPU second, and the places (n, 2) m after ``STEPS`` steps."""

    rate: float
    places: NDArray[np.float64]


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


def run_ours(start: Start, steps: int = STEPS) -> Walked:
    """Walk the crowd with our kernels."""
    n = len(start.places)
    walls = make_walls(start.walls, start.bounds, LAW)
    scratch = make_scratch(n, start.bounds, LAW)
    target_x, target_y = start.targets.T.copy()
    wish, work = np.full(n, SPEED), np.zeros((5, n))
    spent, rounds = 0.0, 0
    while True:
        x, y = start.places.T.copy()
        began = time.process_time()
        walk(steps, x, y, target_x, target_y, wish, LAW, walls, scratch, work)
        spent += time.process_time() - began
        rounds += 1
        if spent >= LEAST_CPU_S:
            return Walked(rounds * steps * n / spent, np.column_stack([x, y]))
