"""The place of a scenario as geometry: walkable ground, walls, what stands at its edge.

What is wrong with a place is said by ``place_faults``.

State: none.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import nearest_points

from sim.scenario.schema import Camera, Door, Scenario, Street

OFF_GROUND_M = 0.3  # a camera on a wall, or an officer at it, may be written so far off the ground
_SPLIT_M = 1e-6
_INSIDE_M = 0.002  # so far inside its edge stands what is put on the ground
_DECIMALS = 3
_WEDGE_POINTS = 16


def walkable_polygon(street: Street) -> shapely.Polygon:
    """Return outline less holes: of a sound place one piece, else several where holes cut it."""
    holes = [shapely.Polygon(hole) for hole in street.holes_m]
    return shapely.Polygon(street.walkable_m).difference(shapely.union_all(holes))


def wall_segments(street: Street) -> NDArray[np.float64]:
    """Return the walls ``(m, 4)`` m, x1 y1 x2 y2: the edge of the ground without its doors."""
    doors = shapely.union_all([door_line(door) for door in (*street.entrances, *street.exits)])
    rest = walkable_polygon(street).boundary.difference(doors.buffer(_SPLIT_M, cap_style="flat"))
    found = []
    for line in shapely.get_parts(rest):
        points = shapely.get_coordinates(line)
        found.append(np.hstack([points[:-1], points[1:]]))
    walls = np.concatenate(found) if found else np.empty((0, 4))
    return np.ascontiguousarray(walls[np.lexsort(walls.T[::-1])])


def door_line(door: Door) -> shapely.LineString:
    """Return the line of a door."""
    return shapely.LineString([door.from_m, door.to_m])


def is_convex(ground: shapely.Geometry) -> bool:
    """Whether no wall can stand between two points of the ground: walls then hide nothing."""
    return bool(ground.convex_hull.area - ground.area <= 1e-6 * ground.area)


def ground_in_view(camera: Camera) -> shapely.Polygon:
    """Return what a camera's near, far and field of view hold of a plane, walls or none."""
    half = camera.field_of_view_deg / 2
    angles = np.radians(camera.heading_deg + np.linspace(-half, half, _WEDGE_POINTS))
    arc = np.column_stack([np.sin(angles), np.cos(angles)])
    place = np.array(camera.position_m)
    return shapely.Polygon(
        np.concatenate([place + camera.far_m * arc, (place + camera.near_m * arc)[::-1]])
    )


def settled(scenario: Scenario) -> Scenario:
    """Return a sound scenario with doors on the edge, cameras and posts beside it on the ground.

    A camera on the face of a wall is easily written a little inside the wall, which would hide
    everything from it. What is on the ground, or further off it, stays as it was written.
    """
    ground = walkable_polygon(scenario.street)
    policy = scenario.policy
    cameras = tuple(
        camera.model_copy(update={"position_m": _on_ground(camera.position_m, ground)})
        for camera in policy.cameras
    )
    posts = tuple(_on_ground(post, ground) for post in policy.officer_posts_m)
    return scenario.model_copy(
        update={
            "street": with_doors_on_edge(scenario.street),
            "policy": policy.model_copy(update={"cameras": cameras, "officer_posts_m": posts}),
        }
    )


def _on_ground(point: tuple[float, float], ground: shapely.Polygon) -> tuple[float, float]:
    apart = ground.distance(shapely.Point(point))
    if not 0 < apart <= OFF_GROUND_M:
        return point
    nearest = nearest_points(ground.buffer(-_INSIDE_M), shapely.Point(point))[0]
    return (round(float(nearest.x), _DECIMALS), round(float(nearest.y), _DECIMALS))


def with_doors_on_edge(street: Street) -> Street:
    """Return a sound street whose doors end on the edge of the ground.

    A door may be written a little off it. Left outside, it would be out of reach of a body that
    the edge holds back. An end that lies on the edge stays as it was written, to the last bit.
    """
    edge = walkable_polygon(street).boundary

    def on_edge(point: tuple[float, float]) -> tuple[float, float]:
        written = shapely.Point(point)
        if edge.distance(written) <= _SPLIT_M / 2:
            return point
        nearest = nearest_points(edge, written)[0]
        return (float(nearest.x), float(nearest.y))

    moved = {
        kind: tuple(
            door.model_copy(update={"from_m": on_edge(door.from_m), "to_m": on_edge(door.to_m)})
            for door in getattr(street, kind)
        )
        for kind in ("entrances", "exits")
    }
    return street.model_copy(update=moved)
