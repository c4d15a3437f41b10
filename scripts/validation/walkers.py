"""People in a corridor that closes on itself, on the bare kernels.

Whoever leaves at one end comes back at the other; near the ends people see copies of those
beyond, so that the corridor has no end.

Units:  SI.
Shapes: people are rows 0..n-1; their copies follow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.evidence.register import entry
from sim.kernels._jit import Floats, kernel
from sim.kernels.confine import keep_inside
from sim.kernels.movement import Law, desired_moves, make_scratch, make_walls
from sim.kernels.neighbours import Scratch
from sim.kernels.walls import Walls
from sim.model.locomotion import law_of
from sim.scenario.beliefs import beliefs_of
from sim.scenario.schema import Assumptions, Locomotion

DT = 0.05  # s
COPIES = 3.0  # m, how far beyond each end the copies reach
MOST_COVERED = 0.4  # share of the ground that the discs of a random start may cover
CLEAR_OF_WALL = 0.25  # m, kept from the walls at the start


def desired_speeds(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return desired speeds, m/s: the register's normal distribution, cut to its limits."""
    mean, spread = entry("walk.free_speed_mps").value, entry("walk.free_speed_sd_mps").value
    low = ndtr((entry("walk.free_speed_min_mps").value - mean) / spread)
    high = ndtr((entry("walk.free_speed_max_mps").value - mean) / spread)
    return np.asarray(mean + spread * ndtri(rng.uniform(low, high, n)))


def random_places(
    n: int, length: float, width: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return places ``(n, 2)`` m, two radii apart, or as far as leaves room for all.

    Beyond 3 people/m2 random places two radii apart are hard to find: there people start a
    little closer and part in the warm-up.
    """
    room = length * (width - 2 * CLEAR_OF_WALL)
    gap = min(2 * entry("walk.body_radius_m").value, np.sqrt(4 * MOST_COVERED * room / np.pi / n))
    places = np.empty((n, 2))
    for i in range(n):
        while True:
            place = rng.uniform((0, CLEAR_OF_WALL), (length, width - CLEAR_OF_WALL))
            along = np.abs(places[:i, 0] - place[0])
            along = np.minimum(along, length - along)
            if (np.hypot(along, places[:i, 1] - place[1]) >= gap).all():
                break
        places[i] = place
    return places


@kernel
def add_copies(n: int, length: float, state: Floats) -> int:
    """Fill the rows after ``n`` with those near an end, moved to beyond the other; return the end.

    Who stands near one end is seen from the other; state as in ``walk_round``.
    """
    filled = n
    for i in range(n):
        shift = 0.0
        if state[0, i] < COPIES:
            shift = length
        elif state[0, i] > length - COPIES:
            shift = -length
        if shift != 0.0:
            for row in range(state.shape[0]):
                state[row, filled] = state[row, i]
            state[0, filled] += shift
            filled += 1
    return filled


@kernel
def walk_round(
    steps: int,
    n: int,
    length: float,
    state: Floats,
    law: Law,
    walls: Walls,
    scratch: Scratch,
    travelled: Floats,
) -> None:
    """Walk ``steps`` steps; state : (8, capacity) x, y, goal, wish, step, pace.

    travelled : (n,) m in the own direction, added to
    """
    x, y, goal_x, goal_y, wish = state[0], state[1], state[2], state[3], state[4]
    step_x, step_y, pace = state[5], state[6], state[7]
    for _ in range(steps):
        filled = add_copies(n, length, state)
        desired_moves(filled, x, y, goal_x, goal_y, wish, law, walls, scratch, step_x, step_y, pace)
        for i in range(n):
            travelled[i] -= x[i] * goal_x[i]
        keep_inside(n, x, y, step_x, step_y, pace, DT, law, walls)
        for i in range(n):
            travelled[i] += x[i] * goal_x[i]
            if x[i] < 0.0:
                x[i] += length
            elif x[i] >= length:
                x[i] -= length


@dataclass(slots=True)
class Round:
    """A closed corridor with its people; ``state`` as in ``walk_round``."""

    n: int
    length: float
    width: float
    law: Law
    walls: Walls
    scratch: Scratch
    state: NDArray[np.float64]

    def walk(self, seconds: float) -> NDArray[np.float64]:
        """Walk on and return how far each person came in the own direction, ``(n,)`` m."""
        travelled = np.zeros(self.n)
        steps = round(seconds / DT)
        walk_round(
            steps, self.n, self.length, self.state, self.law, self.walls, self.scratch, travelled
        )
        return travelled

    @property
    def places(self) -> NDArray[np.float64]:
        """Where people are, ``(n, 2)`` m."""
        return self.state[:2, : self.n].T.copy()

    @property
    def headings(self) -> NDArray[np.float64]:
        """Which way people walk, ``(n,)`` +1 or -1."""
        return self.state[2, : self.n].copy()


def crowded_round(
    model: Locomotion, density: float, *, length: float, width: float, two_way: bool, seed: int
) -> Round:
    """Return a closed corridor with people at random places; two-way: half of them each way."""
    rng = np.random.default_rng(seed)
    n = round(density * length * width)
    capacity = 3 * n  # the copies of either end
    state = np.zeros((8, capacity))
    state[:2, :n] = random_places(n, length, width, rng).T
    state[2, :n] = np.where(np.arange(n) % 2, -1.0, 1.0) if two_way else 1.0
    state[4, :n] = desired_speeds(n, rng)
    law = law_of(model, beliefs_of(Assumptions()), time_step_s=DT)
    if law.cutoff > COPIES:
        raise ValueError(f"people react over {law.cutoff:g} m, the copies reach {COPIES:g} m")
    ends = (-COPIES - 2.0, length + COPIES + 2.0)
    sides = np.array([[ends[0], 0.0, ends[1], 0.0], [ends[1], width, ends[0], width]])
    bounds = (ends[0], 0.0, ends[1], width)
    walls = make_walls(sides, bounds, law)
    return Round(n, length, width, law, walls, make_scratch(capacity, bounds, law), state)
