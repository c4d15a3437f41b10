"""A place traced on a map: from a GeoJSON file to the fields of a scenario.

Each feature says by its property ``role`` what it is. ``walkable`` (one polygon; its inner rings
are holes), ``hole``, ``entrance``, ``exit`` and ``door`` (lines, of which the two ends count; a
door is entrance and exit), ``avoid_area``, ``camera`` and ``officer_post`` (points); ``ignore``
is left out. Everything else that a drawing tool writes is passed over.

The file says in which reference system its coordinates are (``crs``), or that it is a plan in
metres with an origin of its own (``units``). What is read are metres, rounded to 1 mm: nobody
traces finer, and the last bits of a projection differ between versions of the software.

State: none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.scenario.place.drawn import Part, Position, parts_of, read_collection
from sim.scenario.place.reference_system import (
    EXAMPLES,
    LARGEST_SPAN_M,
    Plane,
    is_in_degrees,
    make_plane,
)
from sim.scenario.yaml_safe import Where

METRES = ("metres", "metre", "meters", "meter", "m")
SMALLEST_SPAN_M = 1.0  # what is smaller was given in degrees and is called something else
_DECIMALS = 3
_DOORS = {"entrances": ("entrance", "door"), "exits": ("exit", "door")}
_LISTS = ("holes_m", "entrances", "exits", "officer_posts_m")


@dataclass(frozen=True, slots=True)
class TracedPlace:
    """What the files say of a place, in metres.

    files      : their names, for messages
    street     : ``walkable_m``, ``holes_m``, ``entrances`` and ``exits`` as plain data
    policy     : ``avoid_area_m`` and ``officer_posts_m`` as plain data, empty where none is drawn
    cameras    : the point of each camera by name
    whence     : the feature from which a field was read: (street, holes_m, 1) -> words
    """

    files: tuple[str, ...]
    street: Mapping[str, Any]
    policy: Mapping[str, Any]
    cameras: Mapping[str, list[float]]
    whence: Mapping[Where, str]


def read_place(paths: Sequence[Path], *, asked_by: str) -> TracedPlace:
    """Return the place in one GeoJSON file or more; raise ``ScenarioError``, one line a fault.

    A drawing tool may hold polygons, lines and points in layers of their own: one file each.

    asked_by : who names the files, for the message that one cannot be read
    """
    faults: list[str] = []
    trees: dict[Path, Any] = {}
    for path in paths:
        try:
            trees[path] = read_collection(path, asked_by)
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    parts: list[Part] = []
    systems: dict[str | None, Path] = {}
    for path, tree in trees.items():
        features = enumerate(tree["features"])
        own = [part for place, one in features for part in parts_of(one, place, path, faults)]
        parts += own
        system = _system(tree, own, path, faults)
        first = systems.setdefault(system, path)
        if len(systems) > 1 and not faults:
            other = next(iter(systems.values()))
            faults.append(f"{first}: is not in the reference system of {other}; export both in one")
    files = tuple(str(path) for path in trees)
    faults += _missing(parts, ", ".join(files))
    if faults:
        raise ScenarioError(faults)
    return _place(files, _in_metres(parts, next(iter(systems)), files[0]))


def _missing(parts: Sequence[Part], files: str) -> list[str]:
    """Say what the file lacks, and what it has twice."""
    faults = []
    for role in ("walkable", "avoid_area"):
        found = [part for part in parts if part.role == role]
        faults += [
            f"{part.words}: a second {role} beside {_short(found[0])}; draw one polygon"
            for part in found[1:]
        ]
        if role == "walkable" and not found:
            faults.append(f"{files}: no feature has the role 'walkable'")
    for kind in ("entrance", "exit"):
        doors = [part for part in parts if part.role in (kind, "door")]
        if not doors:
            faults.append(f"{files}: no feature has the role '{kind}' or 'door'")
        faults += _same_names(doors, kind)
    faults += _same_names([part for part in parts if part.role == "camera"], "camera")
    return list(dict.fromkeys(faults))


def _same_names(parts: Sequence[Part], kind: str) -> list[str]:
    first: dict[str, Part] = {}
    return [
        f"{part.words}: a second {kind} of the name of {_short(first[part.name])}"
        for part in parts
        if part.name and first.setdefault(part.name, part) is not part
    ]


def _short(part: Part) -> str:
    return part.words.rpartition(": ")[2]


def _system(tree: Any, parts: Sequence[Part], path: Path, faults: list[str]) -> str | None:
    """Return the name of the reference system, or None for a plan in metres."""
    units, crs = tree.get("units"), tree.get("crs")
    if isinstance(crs, dict):
        properties = crs.get("properties")
        named = properties.get("name") if isinstance(properties, dict) else None
        crs = named or "a crs without properties.name"
    if units is not None and units not in METRES:
        faults.append(
            f"{path}: units: must be 'metres'; found {str(units)[:40]!r}; for anything else name "
            f"the reference system in crs: {EXAMPLES}"
        )
    elif units is not None and crs is not None:
        faults.append(f"{path}: says both crs and units; a plan with its own origin has no crs")
    elif units is None and crs is None:
        faults.append(f"{path}: {_unsaid(parts)}")
    elif crs is not None:
        _check_system(str(crs), parts, path, faults)
        return str(crs)
    return None


def _all_positions(parts: Iterable[Part]) -> list[Position]:
    return [position for part in parts for ring in part.rings for position in ring]


def _unsaid(parts: Sequence[Part]) -> str:
    positions = _all_positions(parts)
    look = "degrees" if all(abs(x) <= 180 and abs(y) <= 90 for x, y in positions) else "metres"
    return (
        f'does not say what its coordinates are (they look like {look}); beside "type" write '
        '"crs": {"type": "name", "properties": {"name": "EPSG:4326"}} for longitude and latitude, '
        'the EPSG code of the grid for a grid ("EPSG:27700"), or "units": "metres" for a plan '
        "with an origin of its own"
    )


def _check_system(name: str, parts: Sequence[Part], path: Path, faults: list[str]) -> None:
    try:
        if not is_in_degrees(name):
            return
    except ValueError as error:
        faults.append(f"{path}: crs: {error}")
        return
    for part in parts:
        beyond = [(x, y) for x, y in _all_positions([part]) if abs(x) > 180 or abs(y) > 90]
        if beyond:
            faults.append(
                f"{part.words}: ({beyond[0][0]:g}, {beyond[0][1]:g}) is no longitude and latitude, "
                f"as crs '{name}' says; name the grid that these are coordinates of"
            )


def _in_metres(parts: Sequence[Part], system: str | None, file: str) -> list[Part]:
    """Return the parts in metres of the place, rounded."""
    convert: Plane = _unchanged
    outline = np.array(_all_positions(part for part in parts if part.role == "walkable"))
    if system is not None:
        try:
            convert = make_plane(system, outline)
        except ValueError as error:
            raise ScenarioError([f"{file}: crs: {error}"]) from None
    faults = []
    width, depth = np.ptp(convert(outline), axis=0)
    if max(width, depth) > LARGEST_SPAN_M:
        faults.append(
            f"{file}: the ground spans {width:,.0f} by {depth:,.0f} m; a place is at most "
            f"{LARGEST_SPAN_M:,.0f} m across"
        )
    if max(width, depth) < SMALLEST_SPAN_M:
        said = "metres, as units says" if system is None else f"those of '{system}', as crs says"
        faults.append(
            f"{file}: the ground spans {width:.2g} by {depth:.2g} m: its coordinates cannot be "
            f"{said}; for longitude and latitude write crs 'EPSG:4326'"
        )
    found = []
    for part in parts:
        rings = []
        for ring in part.rings:
            metres = np.round(convert(np.array(ring)), _DECIMALS) + 0.0  # no minus zero
            if not np.isfinite(metres).all():
                faults.append(f"{part.words}: reaches outside of what crs '{system}' covers")
                break
            rings.append(_without_repeats([(x, y) for x, y in metres.tolist()]))
        found.append(Part(part.role, part.name, part.words, rings))
    if faults:
        raise ScenarioError(faults)
    return found


def _unchanged(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a plan's coordinates: metres already, with an origin of their own."""
    return points


def _without_repeats(ring: list[Position]) -> list[Position]:
    """Drop positions that rounding has put on the one before."""
    kept = [point for place, point in enumerate(ring) if place == 0 or point != ring[place - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _place(files: tuple[str, ...], parts: Sequence[Part]) -> TracedPlace:
    fields = [(part, where, value) for part in parts for where, value in _fields(part)]
    street: dict[str, Any] = {"walkable_m": [], "holes_m": [], "entrances": [], "exits": []}
    policy: dict[str, Any] = {"avoid_area_m": [], "officer_posts_m": []}
    cameras: dict[str, list[float]] = {}
    whence: dict[Where, str] = {}
    blocks: dict[str, dict[str, Any]] = {"street": street, "policy": policy, "cameras": cameras}
    for block in ("street", "policy"):
        whence |= {(block, field): ", ".join(files) for field in blocks[block]}
    for part, (block, field), value in fields:
        holder = blocks[block]
        if field in _LISTS:
            whence[block, field, len(holder[field])] = part.words
            holder[field].append(value)
        else:
            whence[block, field] = part.words
            holder[field] = value
    return TracedPlace(files, street, policy, cameras, whence)


def _fields(part: Part) -> Iterator[tuple[tuple[str, str], Any]]:
    """Return what a part says: block and field of the scenario, and its value or one of them."""
    first, *inner = part.rings
    if part.role == "walkable":
        yield ("street", "walkable_m"), _listed(first)
        for ring in inner:
            yield ("street", "holes_m"), _listed(ring)
    elif part.role == "hole":
        yield ("street", "holes_m"), _listed(first)
    elif part.role == "avoid_area":
        yield ("policy", "avoid_area_m"), _listed(first)
    elif part.role == "officer_post":
        yield ("policy", "officer_posts_m"), list(first[0])
    elif part.role == "camera":
        yield ("cameras", part.name), list(first[0])
    else:
        door = {"name": part.name, "from_m": list(first[0]), "to_m": list(first[-1])}
        for kind, roles in _DOORS.items():
            if part.role in roles:
                yield ("street", kind), door


def _listed(ring: Iterable[Position]) -> list[list[float]]:
    return [list(point) for point in ring]
