"""The ground as arrays: walls, doors, and for each exit the way to it from everywhere.

A grid of ``CELL_M`` covers the place. For each exit it holds the walking distance (a fast
sweeping solution of the eikonal equation, slower beside walls so that corners are rounded at body
width) and whether the whole exit can be walked to in a straight line.

State:    none; built once a place, read-only afterwards.
Shapes:   fields ``(exits, ny, nx)``; doors are rows.
Evidence: equations in docs/model/walk.md.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.kernels.routes import distance_field
from sim.scenario.place import walkable_polygon, wall_segments
from sim.scenario.schema import Door, Street

CELL_M = 0.25
MARGIN_CELLS = 2
BODY_CLEARANCE_M = 0.25  # a straight way leaves a body's radius and a hand to the walls
WALL_SLOWNESS = 3.0  # walking distance counts so much more in touch with a wall
WALL_SLOW_REACH_M = 0.6
STEP_IN_M = 0.3  # people appear so far inside their entrance


@dataclass(frozen=True, slots=True)
class Doors:
    """Doors as rows: ``ends`` (k, 4) m, ``inward`` (k, 2) unit vectors into the place."""

    names: tuple[str, ...]
    ends: NDArray[np.float64]
    inward: NDArray[np.float64]

    def point(self, door: NDArray[np.int64], across: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the points ``(n, 2)`` at a share ``across`` of the doors, clear of the posts."""
        start, end = self.ends[door, :2], self.ends[door, 2:]
        width = np.hypot(*(end - start).T)
        clear = np.minimum(BODY_CLEARANCE_M / width, 0.45)
        place = clear + across * (1 - 2 * clear)
        return np.asarray(start + place[:, None] * (end - start))


@dataclass(frozen=True, slots=True)
class World:
    """A place, ready to be walked.

    edges         : (k, 4) m, x1 y1 x2 y2, all round the ground: nobody walks across them
    walls         : (m, 4) m, the edges without the doors: what hides people from a camera
    origin        : x, y of the centre of cell (0, 0), m
    distance      : (exits, ny, nx) m, inf outside
    is_seen       : (exits, ny, nx) whether the whole exit lies in a straight line's reach
    hides         : whether a wall can stand between two points of the place
    area_m2       : walkable ground
    """

    edges: NDArray[np.float64]
    walls: NDArray[np.float64]
    entrances: Doors
    exits: Doors
    origin: tuple[float, float]
    distance: NDArray[np.float64]
    is_seen: NDArray[np.bool_]
    hides: bool
    bounds: tuple[float, float, float, float]
    area_m2: float


def world(street: Street) -> World:
    """Build the ground of ``street``."""
    polygon = walkable_polygon(street)
    low_x, low_y, high_x, high_y = polygon.bounds
    origin = (low_x - MARGIN_CELLS * CELL_M, low_y - MARGIN_CELLS * CELL_M)
    xs = np.arange(origin[0], high_x + (MARGIN_CELLS + 1) * CELL_M, CELL_M)
    ys = np.arange(origin[1], high_y + (MARGIN_CELLS + 1) * CELL_M, CELL_M)
    grid_x, grid_y = np.meshgrid(xs, ys)
    inside = shapely.contains_xy(polygon, grid_x, grid_y)
    walls = wall_segments(street)
    wall_lines = shapely.MultiLineString([((a, b), (c, d)) for a, b, c, d in walls.tolist()])
    wall_distance = shapely.distance(shapely.points(grid_x, grid_y), wall_lines)
    near_wall = np.maximum(1 - wall_distance / WALL_SLOW_REACH_M, 0)
    slowness = 1 + (WALL_SLOWNESS - 1) * near_wall
    exits = _doors(street.exits, polygon)
    clear = polygon.buffer(-BODY_CLEARANCE_M / 2)
    fields, seen = [], []
    for ends in exits.ends:
        door = shapely.LineString(ends.reshape(2, 2))
        to_door = shapely.distance(shapely.points(grid_x, grid_y), door)
        seeds = np.where(inside & (to_door <= 1.5 * CELL_M), to_door, np.inf)
        fields.append(distance_field(inside, slowness, seeds, CELL_M))
        seen.append(_sees_door(clear, ends, grid_x, grid_y, inside))
    return World(
        edges=_edges(polygon),
        walls=walls,
        entrances=_doors(street.entrances, polygon),
        exits=exits,
        origin=origin,
        distance=np.array(fields),
        is_seen=np.array(seen),
        hides=bool(polygon.convex_hull.area - polygon.area > 1e-6 * polygon.area),
        bounds=(low_x, low_y, high_x, high_y),
        area_m2=float(polygon.area),
    )


def _edges(polygon: shapely.Polygon) -> NDArray[np.float64]:
    """Return the whole boundary, ``(k, 4)``: doors too, or a crowd pushes people out backwards."""
    rings = [polygon.exterior, *polygon.interiors]
    points = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in points])


def _doors(doors: tuple[Door, ...], polygon: shapely.Polygon) -> Doors:
    ends = np.array([[*door.from_m, *door.to_m] for door in doors], dtype=np.float64)
    along = ends[:, 2:] - ends[:, :2]
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    probe = middle + STEP_IN_M * normal
    is_inside = shapely.contains_xy(polygon, probe[:, 0], probe[:, 1])
    inward = np.where(is_inside[:, None], normal, -normal)
    return Doors(tuple(door.name for door in doors), ends, inward)


def _sees_door(
    clear: shapely.Polygon,
    ends: NDArray[np.float64],
    grid_x: NDArray[np.float64],
    grid_y: NDArray[np.float64],
    inside: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return for each cell whether the triangle to both ends of the door is clear ground."""
    start, end = ends[:2], ends[2:]
    width = np.hypot(*(end - start))
    pull = min(BODY_CLEARANCE_M / width, 0.45)
    left, right = start + pull * (end - start), end - pull * (end - start)
    cells = np.argwhere(inside)
    points = np.column_stack([grid_x[inside], grid_y[inside]])
    corners = np.empty((len(points), 4, 2))
    corners[:, 0] = corners[:, 3] = points
    corners[:, 1], corners[:, 2] = left, right
    # The door itself lies on the edge: the ground is widened by the door's own strip.
    strip = shapely.LineString([left, right]).buffer(BODY_CLEARANCE_M)
    covers = shapely.covers(shapely.union(clear, strip), shapely.polygons(corners))
    seen = np.zeros(inside.shape, dtype=np.bool_)
    seen[cells[:, 0], cells[:, 1]] = covers
    return seen
