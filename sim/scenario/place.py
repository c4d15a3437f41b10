"""The place of a scenario as geometry: walkable ground and walls.

State: none.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from sim.scenario.schema import Street


def walkable_polygon(street: Street) -> shapely.Polygon:
    """Return the walkable ground, holes cut out."""
    return shapely.Polygon(street.walkable_m, street.holes_m)


def wall_segments(street: Street) -> NDArray[np.float64]:
    """Return the walls ``(m, 4)``: the edge of the ground without its doors."""
    polygon = walkable_polygon(street)
    doors = shapely.union_all(
        [shapely.LineString([d.from_m, d.to_m]) for d in (*street.entrances, *street.exits)]
    )
    rest = polygon.boundary.difference(doors.buffer(1e-6, cap_style="flat"))
    lines = shapely.get_parts(rest)
    found = []
    for line in lines:
        points = shapely.get_coordinates(line)
        found += [[*a, *b] for a, b in zip(points[:-1], points[1:], strict=True)]
    return np.array(sorted(found)).reshape(-1, 4)
