"""The ground as arrays: walls, doors, and for each exit the way to it from everywhere.

The place is first written in one standard form, so that it does not matter at which corner its
outline begins, which way round it goes, or whether a side has corners along it.

State:    none; built once a place, read-only afterwards.
Shapes:   fields ``(ways, ny, nx)``; doors are rows.
Evidence: equations in docs/model/walk.md.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.model.ways import BODY_CLEARANCE_M, CELL_M, Grid, Ways, grid_over, ways_over
from sim.scenario.place.ground import is_convex, walkable_polygon, wall_segments
from sim.scenario.schema import Door, Street

STEP_IN_M = 0.3  # people appear so far inside their entrance
STRAIGHT_M = 1e-9  # a corner so little off the straight line is none
FILLS = 1e-6  # share of the ground that the strip between two doors may miss


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
    distance      : (ways, ny, nx) m, inf outside; a way an exit, then those that keep off a zone
    is_seen       : (ways, ny, nx) whether the whole exit lies in a straight line's reach
    right, left   : (ways, ny, nx) m, room to the sides; (ways, 0, 0) where nobody asks for it
    has_choice    : (flows,) whether the way leaves a choice of where to walk across it
    has_detour    : (entrances, exits) whether a body gets there without entering the zone
    has_zone      : whether those who avoid the zone have ways of their own
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
    right: NDArray[np.float64]
    left: NDArray[np.float64]
    has_choice: NDArray[np.bool_]
    has_detour: NDArray[np.bool_]
    has_zone: bool
    hides: bool
    bounds: tuple[float, float, float, float]
    area_m2: float


def world(street: Street, avoid_area_m: tuple[tuple[float, float], ...] = ()) -> World:
    """Build the ground of ``street``; ``avoid_area_m`` outlines the zone that some keep off."""
    polygon = standard_form(walkable_polygon(street))
    street = _redrawn(street, polygon)
    walls = wall_segments(street)
    wall_lines = shapely.MultiLineString([((a, b), (c, d)) for a, b, c, d in walls.tolist()])
    entrances, exits = _doors(street.entrances, polygon), _doors(street.exits, polygon)
    grid = grid_over(polygon)
    has_choice = _choices(street, polygon)
    zone = shapely.Polygon(avoid_area_m) if avoid_area_m else None
    with_rooms = zone is not None or bool(has_choice.any())
    plain = ways_over(grid, polygon, wall_lines, exits.ends, with_rooms=with_rooms)
    rows = [plain]
    has_detour = np.zeros((len(entrances.ends), len(exits.ends)), dtype=np.bool_)
    if zone is not None:
        lines = shapely.MultiLineString([*wall_lines.geoms, shapely.LineString(zone.exterior)])
        kept_off = ways_over(grid, polygon.difference(zone), lines, exits.ends, with_rooms=True)
        rows.append(kept_off)
        has_detour = _joined(grid, kept_off, entrances)
    return World(
        edges=_edges(polygon),
        walls=walls,
        entrances=entrances,
        exits=exits,
        origin=grid.origin,
        distance=np.concatenate([way.distance for way in rows]),
        is_seen=np.concatenate([way.is_seen for way in rows]),
        right=np.concatenate([way.right for way in rows]),
        left=np.concatenate([way.left for way in rows]),
        has_choice=has_choice,
        has_detour=has_detour,
        has_zone=zone is not None,
        hides=not is_convex(polygon),
        bounds=polygon.bounds,
        area_m2=float(polygon.area),
    )


def standard_form(polygon: shapely.Polygon) -> shapely.Polygon:
    """Return the same ground drawn in one way: corners only, a fixed first corner and direction."""
    holes = [_standard_ring(hole, is_hole=True) for hole in polygon.interiors]
    return shapely.Polygon(_standard_ring(polygon.exterior, is_hole=False), sorted(holes))


def _standard_ring(ring: shapely.LinearRing, *, is_hole: bool) -> list[tuple[float, float]]:
    """Return the corners of a ring: the outline clockwise, holes counter-clockwise."""
    points = shapely.get_coordinates(ring)[:-1]
    if shapely.is_ccw(ring) != is_hole:
        points = points[::-1]
    corners = [
        (float(x), float(y))
        for before, (x, y), after in zip(
            np.roll(points, 1, axis=0), points, np.roll(points, -1, axis=0), strict=True
        )
        if shapely.LineString([before, after]).distance(shapely.Point(x, y)) > STRAIGHT_M
    ]
    # The outline from its leftmost corner, the upper of two such; a hole from the opposite one.
    turn = -1 if is_hole else 1
    order = [(turn * x, -turn * y) for x, y in corners]
    first = order.index(min(order))
    return corners[first:] + corners[:first]


def _redrawn(street: Street, polygon: shapely.Polygon) -> Street:
    def corners(ring: shapely.LinearRing) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1])

    return street.model_copy(
        update={
            "walkable_m": corners(polygon.exterior),
            "holes_m": tuple(corners(ring) for ring in polygon.interiors),
        }
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


def _choices(street: Street, polygon: shapely.Polygon) -> NDArray[np.bool_]:
    """Return ``(flows,)`` whether the straight strip between the doors is not the whole ground.

    Where it is, people spread over the width by their places in the two doors.
    """
    entrances = {door.name: [door.from_m, door.to_m] for door in street.entrances}
    exits = {door.name: [door.from_m, door.to_m] for door in street.exits}
    found = []
    for flow in street.flows:
        strip = shapely.MultiPoint(entrances[flow.entrance] + exits[flow.exit]).convex_hull
        apart = strip.symmetric_difference(polygon).area
        found.append(apart > FILLS * polygon.area)
    return np.array(found)


def _joined(grid: Grid, ways: Ways, entrances: Doors) -> NDArray[np.bool_]:
    """Return ``(entrances, exits)`` whether a way begins at any part of the entrance."""
    found = []
    for ends in entrances.ends:
        away = shapely.distance(grid.points, shapely.LineString(ends.reshape(2, 2)))
        at_door = away <= STEP_IN_M + CELL_M
        found.append([bool(is_open[at_door].any()) for is_open in ways.is_open])
    return np.array(found)
