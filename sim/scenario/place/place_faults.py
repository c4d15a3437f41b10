"""What is wrong with a place and what stands in it, in words.

State: none.
"""

from collections.abc import Iterator

import numpy as np
import shapely

from sim.scenario.place.ground import (
    OFF_GROUND_M,
    door_line,
    ground_in_view,
    is_convex,
    walkable_polygon,
    wall_segments,
)
from sim.scenario.place.narrow_ways import ON_EDGE_M, is_joined, neck
from sim.scenario.place.outline_faults import (
    NOTHING_M2,
    PlaceFault,
    Spot,
    hole_fault,
    outline_faults,
    ring_fault,
    spot_words,
)
from sim.scenario.schema import Camera, Door, Scenario, Street
from sim.scenario.yaml_safe import Where

BODY_WIDTH_M = 0.5  # a way narrower than this lets nobody through
NARROWEST_DOOR_M = 0.6
CAMERA_REACH_M = 30.0  # cameras stand at most so far outside the place
_LOOK_STEP_M = 0.5  # between the points that a camera outside is asked to see


# Corners a hair's breadth apart make a geometry library divide by nothing on its way to a sound
# answer; numpy would warn of it.
@np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")
def place_faults(scenario: Scenario) -> list[PlaceFault]:
    """Return what is wrong with the place and with what stands in it."""
    street = scenario.street
    if broken := outline_faults(street):
        return broken  # where things stand cannot be judged on a broken outline
    ground = walkable_polygon(street)
    faults = street_faults(street)
    for number, camera in enumerate(scenario.policy.cameras):
        where: Where = ("policy", "cameras", number, "position_m")
        field = f"policy.cameras.{camera.name}.position_m"
        faults += _standing(where, field, _camera_fault(camera, street, ground))
    for number, post in enumerate(scenario.policy.officer_posts_m):
        where = ("policy", "officer_posts_m", number)
        faults += _standing(
            where, f"policy.officer_posts_m.{number}", _post_fault(post, street, ground)
        )
    return faults + [
        PlaceFault(("policy", "avoid_area_m"), "policy.avoid_area_m", words)
        for words in _avoid_area_faults(scenario.policy.avoid_area_m, street, ground)
    ]


@np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")
def street_faults(street: Street) -> list[PlaceFault]:
    """Return what is wrong with the ground, its doors and the ways between them."""
    faults = outline_faults(street)
    if faults:
        return faults  # nothing else can be judged on a broken outline
    ground = walkable_polygon(street)
    for kind in ("entrances", "exits"):
        doors: tuple[Door, ...] = getattr(street, kind)
        for number, door in enumerate(doors):
            where: Where = ("street", kind, number)
            field = f"street.{kind}.{door.name}"
            for words in _door_faults(door, street, ground):
                faults.append(PlaceFault(where, field, words))
            faults += [
                PlaceFault(
                    where,
                    field,
                    f"lies over street.{kind}.{doors[other].name} along {shared:.2f} m",
                    (("street", kind, other),),
                )
                for other in range(number)
                if (shared := _shared_m(doors[other], door)) > ON_EDGE_M
            ]
    if not faults:
        faults += _way_faults(street, ground)
    if not faults and ground.geom_type != "Polygon":
        faults.append(_cut_fault(street, ground))
    return faults


def _cut_fault(street: Street, ground: shapely.Geometry) -> PlaceFault:
    """Return the fault of a ground in several pieces: name one that no door leads to."""
    doors = shapely.union_all([door_line(door) for door in (*street.entrances, *street.exits)])
    pieces = sorted(shapely.get_parts(ground), key=lambda piece: piece.area)
    shut = [piece for piece in pieces if piece.distance(doors) > ON_EDGE_M] or pieces
    point = shapely.get_coordinates(shut[0].representative_point())[0]
    return hole_fault(
        "holes cut the ground in two: nobody who walks from door to door gets to the piece round "
        f"{spot_words((float(point[0]), float(point[1])))}"
    )


def _door_faults(door: Door, street: Street, ground: shapely.Geometry) -> Iterator[str]:
    line = door_line(door)
    if line.length < NARROWEST_DOOR_M:
        yield f"is {line.length:.2f} m wide; a door needs {NARROWEST_DOOR_M:g} m or more"
    points = shapely.get_coordinates(line.segmentize(NARROWEST_DOOR_M))
    apart = shapely.distance(shapely.points(points), ground.boundary)
    furthest = int(np.argmax(apart))
    if apart[furthest] > ON_EDGE_M:
        spot = (float(points[furthest, 0]), float(points[furthest, 1]))
        yield (
            f"does not lie on the edge of the walkable ground: at {spot_words(spot)} it is "
            f"{apart[furthest]:.2f} m away from it, {_whereabouts(spot, street, ground)}"
        )


def _whereabouts(spot: Spot, street: Street, ground: shapely.Geometry) -> str:
    point = shapely.Point(spot)
    if ground.covers(point):
        return "across the ground"
    hole = _hole_around(spot, street)
    return "outside" if hole is None else f"inside street.holes_m.{hole}"


def _hole_around(spot: Spot, street: Street) -> int | None:
    """Return the number of the hole in which a point lies."""
    point = shapely.Point(spot)
    around = (n for n, hole in enumerate(street.holes_m) if shapely.Polygon(hole).covers(point))
    return next(around, None)


def _shared_m(one: Door, other: Door) -> float:
    """Return the length along which two doors lie over one another."""
    within = door_line(one).buffer(ON_EDGE_M, cap_style="flat")
    return float(door_line(other).intersection(within).length)


def _way_faults(street: Street, ground: shapely.Geometry) -> list[PlaceFault]:
    """Check that every flow can be walked by a body, and name the gap where it cannot."""
    entrances = {door.name: door_line(door) for door in street.entrances}
    exits = {door.name: door_line(door) for door in street.exits}
    faults = []
    for flow in street.flows:
        start, goal = entrances[flow.entrance], exits[flow.exit]
        if is_joined(ground, start, goal, BODY_WIDTH_M):
            continue
        narrowest = neck(ground, start, goal, BODY_WIDTH_M)
        gap = (
            "no walkable ground joins them"
            if narrowest is None
            else f"the way narrows to {narrowest.width_m:.2f} m at "
            f"{spot_words(narrowest.middle_m)}, a body needs more than {BODY_WIDTH_M:g} m"
        )
        words = f"exit '{flow.exit}' cannot be reached from entrance '{flow.entrance}': {gap}"
        faults.append(PlaceFault(("street",), "street.flows", words))
    return faults


def _standing(where: Where, field: str, found: tuple[str, int | None]) -> list[PlaceFault]:
    """Return the fault of what stands somewhere, if any: words, and the hole that they name."""
    words, hole = found
    if not words:
        return []
    return [PlaceFault(where, field, words, () if hole is None else (("street", "holes_m", hole),))]


def _camera_fault(
    camera: Camera, street: Street, ground: shapely.Geometry
) -> tuple[str, int | None]:
    spot = camera.position_m
    point = shapely.Point(spot)
    apart = ground.distance(point)
    if not shapely.box(*ground.bounds).buffer(CAMERA_REACH_M).covers(point):
        return f"{spot_words(spot)} is more than {CAMERA_REACH_M:g} m from the place", None
    if apart <= OFF_GROUND_M:
        return "", None
    hole = _hole_around(spot, street)
    if hole is not None:
        return (
            f"{spot_words(spot)} stands inside street.holes_m.{hole}, {apart:.2f} m from its edge: "
            "its walls hide everything; move the camera to the edge (within "
            f"{OFF_GROUND_M:g} m), or leave the hole out if it is low and the camera stands on top"
        ), hole
    if not is_convex(ground) and _sees_only_walls(camera, street, ground):
        return (
            f"{spot_words(spot)} stands {apart:.2f} m outside the ground, whose edge hides "
            "everything in view: the edge of a ground that is not convex counts as a wall; move "
            f"the camera to the edge (within {OFF_GROUND_M:g} m), or widen street.walkable_m"
        ), None
    return "", None


def _sees_only_walls(camera: Camera, street: Street, ground: shapely.Geometry) -> bool:
    """Whether ground lies in view, and every line to it meets a wall."""
    view = ground_in_view(camera).intersection(ground)
    if view.is_empty:
        return False  # a warning of its own
    low_x, low_y, high_x, high_y = view.bounds
    x, y = np.meshgrid(
        np.arange(low_x, high_x + _LOOK_STEP_M, _LOOK_STEP_M),
        np.arange(low_y, high_y + _LOOK_STEP_M, _LOOK_STEP_M),
    )
    inside = shapely.contains_xy(view, x, y)
    seen = np.column_stack([x[inside], y[inside]])
    if not len(seen):
        return False
    lines = np.stack([np.broadcast_to(camera.position_m, seen.shape), seen], axis=1)
    walls = shapely.union_all(shapely.linestrings(wall_segments(street).reshape(-1, 2, 2)))
    return bool(shapely.intersects(shapely.linestrings(lines), walls).all())


def _post_fault(spot: Spot, street: Street, ground: shapely.Geometry) -> tuple[str, int | None]:
    if ground.distance(shapely.Point(spot)) <= OFF_GROUND_M:
        return "", None
    hole = _hole_around(spot, street)
    inside = "" if hole is None else f": it is inside street.holes_m.{hole}"
    return f"{spot_words(spot)} is not on walkable ground{inside}", hole


def _avoid_area_faults(
    ring: tuple[Spot, ...], street: Street, ground: shapely.Geometry
) -> Iterator[str]:
    if not ring:
        return
    if words := ring_fault(ring):
        yield words
        return
    area = shapely.Polygon(ring)
    if area.intersection(ground).area <= NOTHING_M2:
        yield "does not lie on any walkable ground"
    for kind, verb in (("entrances", "come in"), ("exits", "go out")):
        for door in getattr(street, kind):
            if area.buffer(ON_EDGE_M).covers(door_line(door)):
                yield (
                    f"holds the whole of street.{kind}.{door.name}: whoever keeps off the area "
                    f"could not {verb} there; leave {NARROWEST_DOOR_M:g} m of it free"
                )
