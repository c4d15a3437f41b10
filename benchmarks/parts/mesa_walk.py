"""The same walk as a plain Mesa model: agents in a ``ContinuousSpace``, as its tutorials do it.

Idiomatic rather than tuned: an agent asks the space for its neighbours, chooses, and moves when
all have chosen. Plain Python arithmetic; ``ContinuousSpace`` holds the positions in an array.

Units:  SI.
"""

import math
import time

import mesa
import numpy as np
from mesa.space import ContinuousSpace
from numpy.typing import NDArray

from parts.crowds import (
    CUTOFF,
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

Point = tuple[float, float]
LEAST_AGENT_STEPS = 2_000  # of a timed stretch: a few thousand give the rate within a few per cent


class Pedestrian(mesa.Agent):
    """Somebody who walks to a target by the collision-free speed model."""

    def __init__(self, model: "Corridor", target: Point, speed: float) -> None:
        super().__init__(model)
        self.target = target
        self.speed = speed
        self.next_pos: Point = (0.0, 0.0)

    def choose(self) -> None:
        """Choose where to be after this step, from where everybody is now."""
        x, y = self.pos
        to_x, to_y = self.target[0] - x, self.target[1] - y
        length = math.hypot(to_x, to_y)
        walk_x, walk_y = to_x / length, to_y / length
        neighbours = self.model.space.get_neighbors(self.pos, CUTOFF, include_center=False)
        for other in neighbours:
            dx, dy = x - other.pos[0], y - other.pos[1]
            distance = math.hypot(dx, dy)
            push = STRENGTH * math.exp((2 * RADIUS - distance) / REACH) / distance
            walk_x += push * dx
            walk_y += push * dy
        for wall in self.model.walls:
            dx, dy = _from_wall(x, y, wall)
            distance = math.hypot(dx, dy)
            push = WALL_STRENGTH * math.exp((RADIUS - distance) / WALL_REACH) / distance
            walk_x += push * dx
            walk_y += push * dy
        length = math.hypot(walk_x, walk_y)
        walk_x, walk_y = walk_x / length, walk_y / length
        gap = math.inf
        for other in neighbours:
            dx, dy = other.pos[0] - x, other.pos[1] - y
            if walk_x * dx + walk_y * dy >= 0 and abs(walk_x * dy - walk_y * dx) <= 2 * RADIUS:
                gap = min(gap, math.hypot(dx, dy))
        pace = min(max((gap - 2 * RADIUS) / TIME_GAP, 0.0), self.speed)
        self.next_pos = (x + pace * walk_x * DT, y + pace * walk_y * DT)

    def move(self) -> None:
        """Go there."""
        self.model.space.move_agent(self, self.next_pos)


class Corridor(mesa.Model):
    """People in a corridor: walls (m, 4) m all round, bounds low x, low y, high x, high y."""

    def __init__(
        self, walls: NDArray[np.float64], bounds: tuple[float, float, float, float]
    ) -> None:
        super().__init__(rng=1)
        self.walls = [tuple(wall) for wall in walls.tolist()]
        low_x, low_y, high_x, high_y = bounds
        self.space = ContinuousSpace(high_x, high_y, torus=False, x_min=low_x, y_min=low_y)

    def add(self, place: Point, target: Point, speed: float) -> None:
        """Put somebody at ``place``."""
        self.space.place_agent(Pedestrian(self, target, speed), place)

    def step(self) -> None:
        """All choose, then all move."""
        self.agents.do("choose")
        self.agents.do("move")

    def step_some(self, people: int) -> None:
        """Let the first ``people`` choose and move: a sample of a step of a large crowd."""
        some = self.agents.select(at_most=people)
        some.do("choose")
        some.do("move")


def run_mesa(start: Start, steps: int = STEPS, *, sample: bool = True) -> Walked:
    """Walk the crowd with Mesa; set-up is not timed.

    sample : stop after ``LEAST_AGENT_STEPS`` agent-steps, of a part of the crowd if that is large;
             the places are then not those after ``steps``. A step's cost an agent does not
             depend on how many agents step: each asks the whole space for its neighbours.
    """
    model = Corridor(start.walls, start.bounds)
    for place, target in zip(start.places.tolist(), start.targets.tolist(), strict=True):
        model.add(tuple(place), tuple(target), SPEED)
    people = len(start.places)
    model.space.get_neighbors(tuple(start.places[0]), CUTOFF)  # builds the array of positions
    done = 0
    began = time.process_time()
    if sample and people > LEAST_AGENT_STEPS:
        model.step_some(LEAST_AGENT_STEPS)
        done = LEAST_AGENT_STEPS
    else:
        for _ in range(steps):
            model.step()
            done += people
            if sample and done >= LEAST_AGENT_STEPS:
                break
    spent = time.process_time() - began
    places = np.array([agent.pos for agent in model.agents])
    return Walked(done / spent, places)


def _from_wall(x: float, y: float, wall: tuple[float, float, float, float]) -> Point:
    """Return the way from the nearest point of a wall."""
    x1, y1, x2, y2 = wall
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
    along = min(max(along, 0.0), 1.0)
    return x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)
