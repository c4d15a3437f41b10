"""The collision-free speed model: where each person turns and how fast they walk.

Tordeux, Chraibi and Seyfried (2016): direction e = normalise(e0 + sum of pushes from people and
walls), speed v = clip(gap ahead / time gap, 0, desired speed). docs/model/walk.md numbers it.

Units:  SI.
Shapes: people are the compact rows 0..n-1 of arrays with room for more; walls ``(m, 4)``.
"""

from math import exp, floor, hypot, sqrt
from typing import NamedTuple

import numpy as np

from sim.kernels._jit import Floats, Ints, kernel

NEGLIGIBLE_REACHES = 10.0  # beyond so many ranges a push is below 5e-5 of its strength


class Law(NamedTuple):
    """Parameters of the model; cutoff m, beyond which people do not matter to each other."""

    time_gap: float
    strength: float
    reach: float
    wall_strength: float
    wall_reach: float
    radius: float
    cutoff: float


class Walls(NamedTuple):
    """Wall segments (m, 4), and whether one can stand between two people."""

    segments: Floats
    hides: bool


class Scratch(NamedTuple):
    """The cell list: heads by cell, next by person."""

    first: Ints
    following: Ints
    low_x: float
    low_y: float
    edge: float
    columns: int
    rows: int


def make_law(*, time_gap: float, strength: float, reach: float, wall_strength: float,
             wall_reach: float, radius: float, fastest: float) -> Law:
    cutoff = 2 * radius + max(fastest * time_gap, NEGLIGIBLE_REACHES * reach)
    return Law(time_gap, strength, reach, wall_strength, wall_reach, radius, cutoff)


def make_walls(segments: Floats, bounds: tuple[float, float, float, float], law: Law,
               hides: bool = False) -> Walls:
    return Walls(np.ascontiguousarray(segments, dtype=np.float64).reshape(-1, 4), hides)


def make_scratch(capacity: int, bounds: tuple[float, float, float, float], law: Law) -> Scratch:
    edge = law.cutoff
    columns = int((bounds[2] - bounds[0]) / edge) + 3
    rows = int((bounds[3] - bounds[1]) / edge) + 3
    return Scratch(np.full(columns * rows, -1), np.full(capacity, -1), bounds[0] - edge,
                   bounds[1] - edge, edge, columns, rows)


@kernel
def desired_moves(n, x, y, goal_x, goal_y, wish, law, walls, scratch, out_x, out_y, out_speed):
    s = scratch
    for c in range(s.first.shape[0]):
        s.first[c] = -1
    for i in range(n):
        c = int((y[i] - s.low_y) / s.edge) * s.columns + int((x[i] - s.low_x) / s.edge)
        s.following[i] = s.first[c]
        s.first[c] = i
    size = 2.0 * law.radius
    for i in range(n):
        ex, ey = goal_x[i], goal_y[i]
        cx = int((x[i] - s.low_x) / s.edge)
        cy = int((y[i] - s.low_y) / s.edge)
        for row in range(max(0, cy - 1), min(s.rows, cy + 2)):
            for column in range(max(0, cx - 1), min(s.columns, cx + 2)):
                j = s.first[row * s.columns + column]
                while j >= 0:
                    if j != i:
                        dx, dy = x[i] - x[j], y[i] - y[j]
                        d = hypot(dx, dy)
                        if 0.0 < d < law.cutoff:
                            push = law.strength * exp((size - d) / law.reach) / d
                            ex += push * dx
                            ey += push * dy
                    j = s.following[j]
        for w in range(walls.segments.shape[0]):
            ax, ay = walls.segments[w, 0], walls.segments[w, 1]
            bx, by = walls.segments[w, 2] - ax, walls.segments[w, 3] - ay
            along = min(1.0, max(0.0, ((x[i]-ax)*bx + (y[i]-ay)*by)/(bx*bx+by*by)))
            dx, dy = x[i] - ax - along * bx, y[i] - ay - along * by
            d = hypot(dx, dy)
            if 0.0 < d < 2.0:
                push = law.wall_strength * exp((law.radius - d) / law.wall_reach) / d
                ex += push * dx
                ey += push * dy
        length = hypot(ex, ey)
        if length > 0:
            ex, ey = ex / length, ey / length
        else:
            ex, ey = goal_x[i], goal_y[i]
        gap = np.inf
        for row in range(max(0, cy - 1), min(s.rows, cy + 2)):
            for column in range(max(0, cx - 1), min(s.columns, cx + 2)):
                j = s.first[row * s.columns + column]
                while j >= 0:
                    if j != i:
                        dx, dy = x[j] - x[i], y[j] - y[i]
                        ahead = dx * ex + dy * ey
                        aside = abs(dx * ey - dy * ex)
                        if ahead > 0 and aside < size:
                            gap = min(gap, hypot(dx, dy) - size)
                    j = s.following[j]
        out_x[i], out_y[i] = ex, ey
        out_speed[i] = min(wish[i], max(0.0, gap / law.time_gap))


@kernel
def keep_inside(n, x, y, step_x, step_y, speed, dt, law, walls):
    for i in range(n):
        nx, ny = x[i] + step_x[i] * speed[i] * dt, y[i] + step_y[i] * speed[i] * dt
        blocked = False
        for w in range(walls.segments.shape[0]):
            ax, ay = walls.segments[w, 0], walls.segments[w, 1]
            bx, by = walls.segments[w, 2] - ax, walls.segments[w, 3] - ay
            along = min(1.0, max(0.0, ((nx-ax)*bx + (ny-ay)*by)/(bx*bx+by*by)))
            if hypot(nx - ax - along * bx, ny - ay - along * by) < 0.05:
                blocked = True
        if not blocked:
            x[i], y[i] = nx, ny
