"""From the coordinates of a map to metres on the ground.

A *reference system* says what a file's coordinates are: longitude and latitude, or a national
grid. A *plane* turns them into metres of the place: x east, y along the grid north of the system
(true north for longitude and latitude), from an origin at the place's south-west corner.

The plane is the azimuthal equidistant one about the middle of the place, on the ellipsoid of the
file's own system. Its lengths are true to 1 part in 10^8 within 1 km. Those of a grid are not:
the British and UTM grids are off by up to 1 part in 1,000, Web Mercator by half in London.
No shift between datums is made: a place is judged by itself, and a shift needs grids that one
machine has and another lacks.

State: none.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import CRS

LARGEST_SPAN_M = 10_000.0  # further across, it is no place, and the plane's lengths fail
EXAMPLES = "'EPSG:4326' (longitude and latitude), 'EPSG:27700' (British National Grid)"
_NAME = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?"
    r"(?P<authority>EPSG|OGC|ESRI)(?:[:/](?P<version>[0-9.]*))?[:/](?P<code>[A-Za-z0-9]+)",
    re.IGNORECASE,
)
_EAST_NORTH = {"east", "north"}
_NORTH_STEP = 100.0  # units of a grid, along which its north is measured

Plane = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def make_plane(name: str, outline: NDArray[np.float64]) -> Plane:
    """Return the function from coordinates ``(n, 2)`` of a system to metres ``(n, 2)``.

    name    : of the reference system, such as ``EPSG:27700``
    outline : (k, 2) corners of the place, x (or longitude) first whatever the system's own order

    The origin is the south-west corner of the box around ``outline``: in a grid rounded down to
    whole units, so that x is an easting less a whole number (but for the scale of the grid).
    What the system does not cover comes out as ``nan``. Raises ``ValueError`` in words for a user.
    """
    from pyproj import Geod, Transformer  # noqa: PLC0415 - only a traced place needs it

    system = _system(name)
    base = system if system.is_geographic else system.geodetic_crs
    if base is None or base.ellipsoid is None:
        raise ValueError(f"'{name}' rests on no ellipsoid; {_instead()}")
    to_degrees = float(np.degrees(base.axis_info[0].unit_conversion_factor))
    unproject = Transformer.from_crs(system, base, always_xy=True)
    ellipsoid = Geod(a=base.ellipsoid.semi_major_metre, b=base.ellipsoid.semi_minor_metre)

    def degrees(points: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.column_stack(unproject.transform(points[:, 0], points[:, 1])) * to_degrees
        found[~np.isfinite(found).all(axis=1) | (np.abs(found[:, 1]) > 90)] = np.nan
        return found

    low, high = outline.min(axis=0), outline.max(axis=0)
    if system.is_geographic and high[0] - low[0] > 180:
        raise ValueError("the ground crosses the 180th meridian; use a grid")
    middle = degrees(((low + high) / 2)[None])[0]
    if not np.isfinite(middle).all():
        raise ValueError(f"({low[0]:g}, {low[1]:g}) lies outside of what '{name}' covers")

    def flat(points: NDArray[np.float64]) -> NDArray[np.float64]:
        angles = degrees(points)
        sound = np.isfinite(angles).all(axis=1)
        out = np.full(points.shape, np.nan)
        count = int(sound.sum())
        azimuth, _, length = ellipsoid.inv(
            np.full(count, middle[0]), np.full(count, middle[1]), *angles[sound].T
        )
        turn = np.radians(azimuth)
        out[sound] = np.column_stack([length * np.sin(turn), length * np.cos(turn)])
        return out

    if system.is_geographic:
        turned = flat
        origin = turned(outline).min(axis=0)
    else:
        north = flat(((low + high) / 2 + (0, _NORTH_STEP))[None])[0]
        unit = north / np.hypot(*north)
        east_north = np.array([[unit[1], unit[0]], [-unit[0], unit[1]]])

        def turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(flat(points) @ east_north)

        origin = turned(np.floor(low)[None])[0]
    if not np.isfinite(origin).all():
        raise ValueError(f"({low[0]:g}, {low[1]:g}) lies outside of what '{name}' covers")
    return lambda points: turned(points) - origin


def is_in_degrees(name: str) -> bool:
    """Whether a system counts in longitude and latitude; ``ValueError`` if it is unknown."""
    return bool(_system(name).is_geographic)


def _system(name: str) -> "CRS":
    """Return the horizontal system of a name that any tool writes: ``EPSG:4326``, an OGC URN."""
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    if name.strip().upper().replace(" ", "") in ("CRS84", "WGS84"):
        return CRS.from_authority("OGC", "CRS84")
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise ValueError(f"'{name[:80]}' is not the name of a reference system; {_instead()}")
    try:
        system = CRS.from_authority(found["authority"].upper(), found["code"].upper()).to_2d()
    except CRSError:
        raise ValueError(f"'{name}' is not a known reference system; {_instead()}") from None
    if system.is_compound:
        system = system.sub_crs_list[0]
    if not (system.is_geographic or system.is_projected):
        raise ValueError(f"'{name}' ({system.name}) is no system of a map; {_instead()}")
    directions = {axis.direction for axis in system.axis_info[:2]}
    if directions != _EAST_NORTH:
        raise ValueError(
            f"'{name}' ({system.name}) counts towards {' and '.join(sorted(directions))}, not "
            f"east and north; {_instead()}"
        )
    return system


def _instead() -> str:
    return f"write such as {EXAMPLES}"
