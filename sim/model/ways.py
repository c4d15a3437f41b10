"""The way to each exit from everywhere, on a grid: distance, sight of the exit, room to the sides.

Whoever keeps off a signed zone has ways of their own, on the ground without it.

State:    none; built once a place.
Shapes:   fields ``(ny, nx)``, values at cell centres.
Evidence: equations in docs/model/walk.md (W8 to W10).
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.kernels.routes import distance_field
from sim.kernels.sideways import side_rooms
from sim.scenario.place.ground import is_convex
from sim.scenario.place.place_faults import BODY_WIDTH_M

CELL_M = 0.25
MARGIN_CELLS = 2
BODY_CLEARANCE_M = 0.25  # a straight way leaves a body's radius and a hand to the walls
WALL_SLOWNESS = 1.5  # walking distance counts so much more in touch with a wall
WALL_SLOW_REACH_M = 0.6
CLOSED_SLOWNESS = 1000.0  # whoever is pushed onto closed ground leaves it by the nearest edge
SEED_CELLS = 1.5  # cells so near to an exit know their distance to it


@dataclass(frozen=True, slots=True)
class Grid:
    """Cell centres ``x``, ``y`` (ny, nx) m, as ``points``, and which are ``inside`` the place."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    points: NDArray[np.object_]
    inside: NDArray[np.bool_]

    @property
    def origin(self) -> tuple[float, float]:
        """Centre of cell (0, 0), m."""
        return float(self.x[0, 0]), float(self.y[0, 0])


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to the exits over some ground, one a row.

    distance : (exits, ny, nx) m, inf outside the place
    is_open  : (exits, ny, nx) whether a body gets from there to the exit over that ground
    is_seen  : (exits, ny, nx) whether the whole exit lies in a straight line's reach
    right, left : (exits, ny, nx) m, room to the sides; (exits, 0, 0) where nobody asks for it
    """

    distance: NDArray[np.float64]
    is_open: NDArray[np.bool_]
    is_seen: NDArray[np.bool_]
    right: NDArray[np.float64]
    left: NDArray[np.float64]


def grid_over(polygon: shapely.Polygon) -> Grid:
    """Return the grid of a place, some cells wider than it."""
    low_x, low_y, high_x, high_y = polygon.bounds
    margin = MARGIN_CELLS * CELL_M
    xs = np.arange(low_x - margin, high_x + margin + CELL_M, CELL_M)
    ys = np.arange(low_y - margin, high_y + margin + CELL_M, CELL_M)
    x, y = np.meshgrid(xs, ys)
    return Grid(x, y, shapely.points(x, y), shapely.contains_xy(polygon, x, y))


def ways_over(
    grid: Grid,
    ground: shapely.Polygon | shapely.MultiPolygon,
    walls: shapely.MultiLineString,
    exits: NDArray[np.float64],
    *,
    with_rooms: bool,
) -> Ways:
    """Return the ways to ``exits`` (k, 4) m over ``ground``, which is the place or a part of it.

    ``walls`` are what bounds the ground beside the doors; ``with_rooms`` asks for the sides.
    """
    wall_distance = shapely.distance(grid.points, walls)
    slowness = 1 + (WALL_SLOWNESS - 1) * np.maximum(1 - wall_distance / WALL_SLOW_REACH_M, 0)
    passable = grid.inside & _passable(grid, ground)
    is_closed = grid.inside & ~passable
    out_of_closed = np.where(is_closed, CLOSED_SLOWNESS, slowness)
    clear = ground.buffer(-BODY_CLEARANCE_M / 2)
    fields, is_open, seen, sides = [], [], [], []
    for ends in exits:
        to_door = shapely.distance(grid.points, shapely.LineString(ends.reshape(2, 2)))
        seeds = np.where(passable & (to_door <= SEED_CELLS * CELL_M), to_door, np.inf)
        field = distance_field(passable, slowness, seeds, CELL_M)
        is_open.append(np.isfinite(field))
        if is_closed.any():
            back = distance_field(grid.inside, out_of_closed, field, CELL_M)
            field = np.where(passable, field, back)
        fields.append(field)
        seen.append(_sees_door(clear, ends, grid) & passable)
        if with_rooms:
            sides.append(side_rooms(passable, field, CELL_M))
    empty = np.empty((len(exits), 0, 0))
    return Ways(
        distance=np.array(fields),
        is_open=np.array(is_open),
        is_seen=np.array(seen),
        right=np.array([right for right, _ in sides]) if with_rooms else empty,
        left=np.array([left for _, left in sides]) if with_rooms else empty,
    )


def _passable(grid: Grid, ground: shapely.Polygon | shapely.MultiPolygon) -> NDArray[np.bool_]:
    """Return which cells a body's disc can cover or touch: no gap narrower than a body.

    Convex ground has no gaps.
    """
    if is_convex(ground):
        return np.asarray(shapely.contains_xy(ground, grid.x, grid.y))
    reach = BODY_WIDTH_M / 2
    swept = ground.buffer(-reach).buffer(reach, join_style="mitre")
    return np.asarray(
        shapely.contains_xy(ground, grid.x, grid.y) & shapely.intersects_xy(swept, grid.x, grid.y)
    )


def _sees_door(
    clear: shapely.Polygon | shapely.MultiPolygon, ends: NDArray[np.float64], grid: Grid
) -> NDArray[np.bool_]:
    """Return for each cell whether the triangle to both ends of the door is clear ground."""
    start, end = ends[:2], ends[2:]
    width = np.hypot(*(end - start))
    pull = min(BODY_CLEARANCE_M / width, 0.45)
    left, right = start + pull * (end - start), end - pull * (end - start)
    cells = np.argwhere(grid.inside)
    points = np.column_stack([grid.x[grid.inside], grid.y[grid.inside]])
    corners = np.empty((len(points), 4, 2))
    corners[:, 0] = corners[:, 3] = points
    corners[:, 1], corners[:, 2] = left, right
    # The door itself lies on the edge: the ground is widened by the door's own strip.
    strip = shapely.LineString([left, right]).buffer(BODY_CLEARANCE_M)
    wide = shapely.union(clear, strip)
    shapely.prepare(wide)
    covers = shapely.covers(wide, shapely.polygons(corners))
    seen = np.zeros(grid.inside.shape, dtype=np.bool_)
    seen[cells[:, 0], cells[:, 1]] = covers
    return seen
