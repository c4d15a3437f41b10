"""What is wrong with outlines: of the ground, of its holes, of an area.

State: none.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from shapely.validation import explain_validity

from sim.scenario.place.ground import walkable_polygon
from sim.scenario.place.narrow_ways import ON_EDGE_M
from sim.scenario.schema import Street
from sim.scenario.yaml_safe import Where

LARGEST_M2 = 40_000.0  # of the box around the place: a run then stays within 1 GiB
NOTHING_M2 = 1e-9

Spot = tuple[float, float]


class PlaceFault(NamedTuple):
    """One fault.

    where  : the field's place in the tree
    field  : its name in a message
    words  : what is wrong
    beside : other fields that the words name
    """

    where: Where
    field: str
    words: str
    beside: tuple[Where, ...] = ()


def outline_faults(street: Street) -> list[PlaceFault]:
    """Return what is wrong with the outline of the ground and with its holes."""
    outline = shapely.Polygon(street.walkable_m)
    width, depth = np.subtract(outline.bounds[2:], outline.bounds[:2])
    words = ""
    if not outline.is_valid:
        words = _invalid(outline)
    elif width * depth > LARGEST_M2:
        words = (
            f"spans {width:,.0f} by {depth:,.0f} m, more than {LARGEST_M2:,.0f} m2; describe the "
            "part around the cameras"
        )
    elif outline.area <= NOTHING_M2:
        words = "encloses no ground; list the corners in order"
    if words:
        return [PlaceFault(("street", "walkable_m"), "street.walkable_m", words)]
    faults = []
    for number, hole in enumerate(street.holes_m):
        if words := ring_fault(hole):
            faults.append(hole_fault(words, number))
            continue
        shape = shapely.Polygon(hole)
        if shape.buffer(ON_EDGE_M).covers(outline):
            faults.append(hole_fault("covers the whole ground; nothing is left to walk on", number))
        elif not outline.buffer(ON_EDGE_M).covers(shape):
            faults.append(hole_fault("reaches outside street.walkable_m", number))
    faults = faults or list(_overlap_faults(street))
    if not faults and walkable_polygon(street).area <= NOTHING_M2:
        faults.append(
            hole_fault("together they cover the whole ground; nothing is left to walk on")
        )
    return faults


def ring_fault(ring: tuple[Spot, ...]) -> str:
    """Say what is wrong with an outline by itself; empty if nothing is."""
    if len(ring) < 3:
        return f"has {len(ring)} corners; needs 3 or more"
    shape = shapely.Polygon(ring)
    if not shape.is_valid:
        return _invalid(shape)
    return "" if shape.area > NOTHING_M2 else "encloses no ground; list the corners in order"


def _overlap_faults(street: Street) -> Iterator[PlaceFault]:
    holes = np.array([shapely.Polygon(hole) for hole in street.holes_m], dtype=object)
    if holes.size == 0:
        return
    first, second = shapely.STRtree(holes).query(holes, predicate="intersects")
    pairs = sorted((int(b), int(a)) for a, b in zip(first, second, strict=True) if a < b)
    for later, earlier in pairs:
        one, other = holes[later], holes[earlier]
        # Traced by hand, neighbours share an edge but for a few centimetres.
        if one.intersection(other).buffer(-ON_EDGE_M / 2).is_empty:
            continue
        if other.buffer(ON_EDGE_M).covers(one):
            words = f"lies inside street.holes_m.{earlier}; leave one of the two out"
        elif one.buffer(ON_EDGE_M).covers(other):
            words = f"has street.holes_m.{earlier} inside it; leave one of the two out"
        else:
            words = f"overlaps street.holes_m.{earlier}; draw them as one"
        yield hole_fault(words, later, earlier)


def _invalid(polygon: shapely.Polygon) -> str:
    """Say in words where an outline is broken."""
    reason, _, place = explain_validity(polygon).partition("[")
    numbers = place.rstrip("]").split()
    where = f" at ({', '.join(_short(float(number)) for number in numbers)})" if numbers else ""
    if reason.startswith("Self-intersection"):
        return f"crosses itself{where}; list the corners in order round the ground"
    if reason.startswith("Ring Self-intersection"):
        return f"touches itself{where}; draw it so that each corner comes once"
    return f"is not an outline: {reason.lower()}{where}"


def hole_fault(words: str, *numbers: int) -> PlaceFault:
    """Return a fault of the first of some holes, which also names the others."""
    first = numbers[:1]
    field = ".".join(["street.holes_m", *map(str, first)])
    beside = tuple(("street", "holes_m", number) for number in numbers[1:])
    return PlaceFault(("street", "holes_m", *first), field, words, beside)


def spot_words(point: Spot) -> str:
    """Return a point as a message names it."""
    return f"({_short(point[0])}, {_short(point[1])})"


def _short(metres: float) -> str:
    """Return a coordinate to a centimetre, without needless noughts."""
    return f"{metres:.2f}".rstrip("0").rstrip(".")
