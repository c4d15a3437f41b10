"""Where a way is too narrow: the widest body that can go from one line to another, and its neck.

A disc of diameter w fits wherever the ground, shrunk by w / 2 from all its edges, is not empty;
it can go from one place to another where one piece of the shrunk ground touches both.

State: none.
"""

from collections.abc import Sequence
from typing import NamedTuple

import shapely

ON_EDGE_M = 0.05  # a door lies on the edge if it is nowhere further from it
_LEAST_M = 0.02  # a way narrower than this is taken for none
_FINE_M = 0.005
_STEP_M = 0.01
_ROUND = 16  # pieces of a quarter circle: an arc of 0.25 m is then true to 0.3 mm


class Neck(NamedTuple):
    """The narrowest place of a way: its width, and its middle as x and y, in m."""

    width_m: float
    middle_m: tuple[float, float]


def is_joined(
    ground: shapely.Geometry, start: shapely.Geometry, goal: shapely.Geometry, width: float
) -> bool:
    """Whether a disc of diameter ``width`` can go from one line to the other."""
    return _way(_shrunk(ground, width), start, goal, width) is not None


def neck(
    ground: shapely.Geometry, start: shapely.Geometry, goal: shapely.Geometry, width: float
) -> Neck | None:
    """Return the neck of a way that a disc of ``width`` cannot go; None if there is no way."""
    open_width, shut = _LEAST_M, width
    if not is_joined(ground, start, goal, open_width):
        return None
    while shut - open_width > _FINE_M:
        tried = (open_width + shut) / 2
        if is_joined(ground, start, goal, tried):
            open_width = tried
        else:
            shut = tried
    middle = _middle(ground, start, goal, open_width=open_width, shut=shut)
    across = 2 * float(ground.boundary.distance(middle))
    return Neck(across, (float(middle.x), float(middle.y)))


def _middle(
    ground: shapely.Geometry,
    start: shapely.Geometry,
    goal: shapely.Geometry,
    *,
    open_width: float,
    shut: float,
) -> shapely.Point:
    """Return a point of the way which is open to ``open_width`` and shut to ``shut``.

    What is left of the way without the rooms on both sides, where the wider disc fits.
    """
    open_width = max(open_width - _STEP_M, _LEAST_M / 2)
    way = _way(_shrunk(ground, open_width), start, goal, open_width)
    if way is None:
        raise ValueError(f"no way is open to {open_width:g} m")
    rooms = [part for part in _parts(_shrunk(ground, shut)) if part.intersects(way)]
    necks = _parts(way.difference(shapely.union_all(rooms).buffer(2 * _STEP_M)))
    touch = shut / 2 + ON_EDGE_M
    places = [start, *rooms, goal]
    reaches = [touch, *[3 * _STEP_M] * len(rooms), touch]
    joins = [
        {n for n in range(len(places)) if part.distance(places[n]) <= reaches[n]} for part in necks
    ]
    here = {0} | {n for n, room in enumerate(rooms, 1) if room.distance(start) <= touch}
    there = {len(rooms) + 1} | {
        n for n, room in enumerate(rooms, 1) if room.distance(goal) <= touch
    }
    found = _first_between(here, there, joins)
    if found is None:
        line = shapely.shortest_line(places[max(here)], places[min(there)])
        return line.interpolate(0.5, normalized=True)
    return necks[found].representative_point()


def _first_between(here: set[int], there: set[int], joins: Sequence[set[int]]) -> int | None:
    """Return the first neck on the shortest way from here to there: a dead end has one too.

    joins : the places that each neck joins
    """
    first: dict[int, int] = {}
    seen, edge = set(here), sorted(here)
    while edge:
        place = edge.pop(0)
        for number, joined in enumerate(joins):
            for other in sorted(joined - seen) if place in joined else ():
                first[other] = first.get(place, number)
                if other in there:
                    return first[other]
                seen.add(other)
                edge.append(other)
    return None


def _shrunk(ground: shapely.Geometry, width: float) -> shapely.Geometry:
    return ground.buffer(-width / 2, quad_segs=_ROUND)


def _way(
    clear: shapely.Geometry, start: shapely.Geometry, goal: shapely.Geometry, width: float
) -> shapely.Geometry | None:
    """Return the piece of the shrunk ground that touches both lines."""
    touch = width / 2 + ON_EDGE_M
    both = (
        part
        for part in _parts(clear)
        if part.distance(start) <= touch and part.distance(goal) <= touch
    )
    return next(both, None)


def _parts(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(geometry) if not part.is_empty]
