"""The place of a scenario as geometry: walkable ground, walls, and what is wrong with it.

State: none.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import nearest_points
from shapely.validation import explain_validity

from sim.scenario.schema import Door, Scenario, Street

BODY_WIDTH_M = 0.5  # a way narrower than this lets nobody through
NARROWEST_DOOR_M = 0.6
ON_EDGE_M = 0.05  # a door lies on the edge if it is nowhere further from it
CAMERA_REACH_M = 30.0  # cameras stand at most so far outside the place
LARGEST_M2 = 40_000.0  # of the box around the place: a run then stays within 1 GiB
_SPLIT_M = 1e-6
_NARROWEST_M, _STEP_M = 0.02, 0.02  # widths tried when a gap is measured


def walkable_polygon(street: Street) -> shapely.Polygon:
    """Return the walkable ground, holes cut out; of a sound place it is one piece."""
    return _ground(street)


def wall_segments(street: Street) -> NDArray[np.float64]:
    """Return the walls ``(m, 4)`` m, x1 y1 x2 y2: the edge of the ground without its doors."""
    doors = shapely.union_all([_line(door) for door in (*street.entrances, *street.exits)])
    rest = walkable_polygon(street).boundary.difference(doors.buffer(_SPLIT_M, cap_style="flat"))
    found = []
    for line in shapely.get_parts(rest):
        points = shapely.get_coordinates(line)
        found.append(np.hstack([points[:-1], points[1:]]))
    walls = np.concatenate(found) if found else np.empty((0, 4))
    return np.ascontiguousarray(walls[np.lexsort(walls.T[::-1])])


def with_doors_on_edge(street: Street) -> Street:
    """Return a sound street whose doors end on the edge of the ground.

    A door may be written a little off it. Left outside, it would be out of reach of a body that
    the edge holds back. An end that lies on the edge stays as it was written, to the last bit.
    """
    edge = walkable_polygon(street).boundary

    def settled(point: tuple[float, float]) -> tuple[float, float]:
        written = shapely.Point(point)
        if edge.distance(written) <= _SPLIT_M / 2:
            return point
        nearest = nearest_points(edge, written)[0]
        return (float(nearest.x), float(nearest.y))

    moved = {
        kind: tuple(
            door.model_copy(update={"from_m": settled(door.from_m), "to_m": settled(door.to_m)})
            for door in getattr(street, kind)
        )
        for kind in ("entrances", "exits")
    }
    return street.model_copy(update=moved)


def place_faults(scenario: Scenario) -> list[str]:
    """Return what is wrong with the place and what stands in it, each fault with its field."""
    faults = street_faults(scenario.street)
    if _outline_faults(scenario.street):
        return faults  # where things stand cannot be judged on a broken outline
    ground = _ground(scenario.street)
    reach = shapely.box(*ground.bounds).buffer(CAMERA_REACH_M)
    faults += [
        f"policy.cameras.{camera.name}.position_m: {_spot(camera.position_m)} is more than "
        f"{CAMERA_REACH_M:g} m from the place"
        for camera in scenario.policy.cameras
        if not reach.covers(shapely.Point(camera.position_m))
    ]
    faults += [
        f"policy.officer_posts_m.{number}: {_spot(post)} is not on walkable ground"
        for number, post in enumerate(scenario.policy.officer_posts_m)
        if not ground.covers(shapely.Point(post))
    ]
    return faults


def street_faults(street: Street) -> list[str]:
    """Return what is wrong with the ground, its doors and the ways between them."""
    faults = _outline_faults(street)
    if faults:
        return faults  # nothing else can be judged on a broken outline
    ground = _ground(street)
    for kind in ("entrances", "exits"):
        for door in getattr(street, kind):
            faults += [
                f"street.{kind}.{door.name}: {words}" for words in _door_faults(door, ground)
            ]
    if not faults:
        faults += _way_faults(street, ground)
    if not faults and ground.geom_type != "Polygon":
        faults.append("street.holes_m: holes cut the ground in two")
    return faults


def _outline_faults(street: Street) -> list[str]:
    outline = shapely.Polygon(street.walkable_m)
    if not outline.is_valid:
        return [f"street.walkable_m: {_invalid(outline)}"]
    width, depth = np.subtract(outline.bounds[2:], outline.bounds[:2])
    if width * depth > LARGEST_M2:
        return [
            f"street.walkable_m: spans {width:,.0f} by {depth:,.0f} m, more than {LARGEST_M2:,.0f} "
            "m2; describe the part around the cameras"
        ]
    if outline.area == 0:
        return ["street.walkable_m: encloses no ground; list the corners in order"]
    faults = []
    for number, hole in enumerate(street.holes_m):
        if len(hole) < 3:
            faults.append(f"street.holes_m.{number}: has {len(hole)} corners; needs 3 or more")
            continue
        shape = shapely.Polygon(hole)
        if not shape.is_valid:
            faults.append(f"street.holes_m.{number}: {_invalid(shape)}")
        elif not outline.covers(shape):
            faults.append(f"street.holes_m.{number}: reaches outside street.walkable_m")
    return faults or _overlap_faults(street)


def _overlap_faults(street: Street) -> list[str]:
    holes = np.array([shapely.Polygon(hole) for hole in street.holes_m], dtype=object)
    if holes.size == 0:
        return []
    first, second = shapely.STRtree(holes).query(holes, predicate="intersects")
    pairs = sorted((int(b), int(a)) for a, b in zip(first, second, strict=True) if a < b)
    return [
        f"street.holes_m.{later}: overlaps street.holes_m.{earlier}"
        for later, earlier in pairs
        if holes[earlier].intersection(holes[later]).area > 0
    ]


def _ground(street: Street) -> shapely.Polygon:
    """Return outline less holes: several pieces where holes cut it in two."""
    holes = [shapely.Polygon(hole) for hole in street.holes_m]
    return shapely.Polygon(street.walkable_m).difference(shapely.union_all(holes))


def _invalid(polygon: shapely.Polygon) -> str:
    """Say in words where an outline is broken."""
    reason, _, place = explain_validity(polygon).partition("[")
    where = f" at ({place.rstrip(']').replace(' ', ', ')})" if place else ""
    if reason.startswith("Self-intersection"):
        return f"crosses itself{where}; list the corners in order round the ground"
    return f"is not an outline: {reason.lower()}{where}"


def _door_faults(door: Door, ground: shapely.Polygon) -> list[str]:
    line = _line(door)
    faults = []
    if line.length < NARROWEST_DOOR_M:
        faults.append(f"is {line.length:.2f} m wide; a door needs {NARROWEST_DOOR_M:g} m or more")
    apart = max(
        float(ground.boundary.distance(shapely.Point(point)))
        for point in shapely.get_coordinates(line.segmentize(NARROWEST_DOOR_M))
    )
    if apart > ON_EDGE_M:
        faults.append(
            f"does not lie on the edge of the walkable ground: up to {apart:.2f} m away from it"
        )
    return faults


def _way_faults(street: Street, ground: shapely.Polygon) -> list[str]:
    """Check that every flow can be walked by a body, and name the gap where it cannot."""
    entrances = {door.name: _line(door) for door in street.entrances}
    exits = {door.name: _line(door) for door in street.exits}
    faults = []
    for flow in street.flows:
        start, goal = entrances[flow.entrance], exits[flow.exit]
        if _joined(ground, start, goal, BODY_WIDTH_M):
            continue
        widths = np.arange(_NARROWEST_M, BODY_WIDTH_M, _STEP_M)
        open_widths = [width for width in widths if _joined(ground, start, goal, float(width))]
        gap = (
            f": the way narrows to about {max(open_widths):.2f} m, a body needs {BODY_WIDTH_M:g} m"
            if open_widths
            else ": no walkable ground joins them"
        )
        faults.append(
            f"street.flows: exit '{flow.exit}' cannot be reached from entrance "
            f"'{flow.entrance}'{gap}"
        )
    return faults


def _joined(
    ground: shapely.Polygon, start: shapely.LineString, goal: shapely.LineString, width: float
) -> bool:
    """Whether a disc of diameter ``width`` can go from one door to the other."""
    clear = ground.buffer(-width / 2)
    touch = width / 2 + ON_EDGE_M
    return any(
        part.distance(start) <= touch and part.distance(goal) <= touch
        for part in shapely.get_parts(clear)
        if not part.is_empty
    )


def _line(door: Door) -> shapely.LineString:
    return shapely.LineString([door.from_m, door.to_m])


def _spot(point: tuple[float, float]) -> str:
    return f"({point[0]:g}, {point[1]:g})"
