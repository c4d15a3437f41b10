"""Features as a drawing tool writes them: each with its role, its name and its positions.

A role has the geometry that suits it; what cannot be is a fault that names file and feature.
Everything else in the file is passed over: other properties, heights, boxes, the tool's name.

State: none.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.yaml_safe import read_text

LARGEST_BYTES = 2 * 2**20
ROLES = {  # role -> the geometries it may have
    "walkable": ("Polygon", "MultiPolygon"),
    "hole": ("Polygon", "MultiPolygon"),
    "entrance": ("LineString", "MultiLineString"),
    "exit": ("LineString", "MultiLineString"),
    "door": ("LineString", "MultiLineString"),
    "avoid_area": ("Polygon", "MultiPolygon"),
    "camera": ("Point", "MultiPoint"),
    "officer_post": ("Point", "MultiPoint"),
    "ignore": (),
}
_SEVERAL = ("hole", "officer_post")  # roles whose feature may have several parts
_NAMED = ("entrance", "exit", "door", "camera")
_LEAST = {"Polygon": 3, "LineString": 2, "Point": 1}  # positions that differ

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """One polygon, line or point of a feature: its rings of positions, and words to name it."""

    role: str
    name: str
    words: str
    rings: list[list[Position]]


def read_collection(path: Path, asked_by: str) -> dict[str, Any]:
    """Return the FeatureCollection in a file; raise ``ScenarioError`` in words.

    asked_by : who names the file, for the message that it cannot be read
    """

    def refuse(constant: str) -> None:
        raise ValueError(f"holds {constant}, which is no number")

    def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            names = [name for name, _ in members]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the member '{twice}' is given twice")
        return found

    try:
        text = read_text(path, largest=LARGEST_BYTES, kind="a GeoJSON file")
    except ScenarioError as error:
        raise ScenarioError([f"{asked_by}: {fault}" for fault in error.faults]) from None
    try:
        tree = json.loads(text, parse_constant=refuse, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise ScenarioError([f"{path}:{error.lineno}: not JSON: {error.msg}"]) from None
    except ValueError as error:
        raise ScenarioError([f"{path}: {error}"]) from None
    except RecursionError:
        raise ScenarioError([f"{path}: is nested too deeply"]) from None
    kind = tree.get("type") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or kind != "FeatureCollection":
        found = f"found the type {kind!r}" if kind else "found no type"
        raise ScenarioError([f"{path}: must be a GeoJSON FeatureCollection; {found}"])
    features = tree.get("features")
    if not isinstance(features, list) or not features:
        raise ScenarioError([f"{path}: features: must be a list with one feature or more"])
    return tree


def parts_of(feature: Any, number: int, path: Path, faults: list[str]) -> list[Part]:
    """Return the parts of a feature; note what is wrong with it."""
    where = f"{path}: features.{number}"
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.append(f"{where}: must be a Feature")
        return []
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        faults.append(f"{where}: properties: must be a mapping")
        return []
    name = _text(properties.get("name"))
    label = name or _text(feature.get("id"))
    where += f" ('{label[:40]}')" if label else ""
    role = _text(properties.get("role")).lower().replace("-", "_").replace(" ", "_")
    if role == "ignore":
        return []
    if role not in ROLES:
        faults.append(f"{where}: {_role_fault(role)}")
        return []
    if role in _NAMED and not name:
        faults.append(f"{where}: {_a(role)} needs a property 'name'")
    try:
        shapes = _shapes(feature.get("geometry"), role)
    except ValueError as error:
        faults.append(f"{where}: {error}")
        return []
    return [Part(role, name, where, rings) for rings in shapes]


def _role_fault(role: str) -> str:
    if not role:
        return f"has no property 'role'; give it one of {', '.join(ROLES)}"
    near = get_close_matches(role, ROLES, n=1, cutoff=0.6)
    meant = f"did you mean '{near[0]}'?" if near else f"allowed are {', '.join(ROLES)}"
    return f"unknown role '{role[:40]}'; {meant}"


def _a(role: str) -> str:
    return f"{'an' if role[0] in 'aeo' else 'a'} {role}"


def _text(value: Any) -> str:
    """Return a property as text: drawing tools write names such as 7 as numbers."""
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def _shapes(geometry: Any, role: str) -> list[list[list[Position]]]:
    """Return the polygons, lines or points of a geometry, each as rings of positions."""
    if not isinstance(geometry, dict) or not geometry.get("type"):
        raise ValueError("has no geometry")
    kind = geometry["type"]
    if kind not in ROLES[role]:
        raise ValueError(f"{_a(role)} must be a {ROLES[role][0]}; found {str(kind)[:40]!r}")
    coordinates = geometry.get("coordinates")
    if not coordinates:
        raise ValueError(f"has an empty {kind}")
    single = kind.removeprefix("Multi")
    shapes = coordinates if kind.startswith("Multi") else [coordinates]
    if not isinstance(shapes, list) or (len(shapes) > 1 and role not in _SEVERAL):
        raise ValueError(f"{_a(role)} must be one {single}; found {len(shapes)} of them")
    found = []
    for shape in shapes:
        rings = [shape]
        if single == "Point":
            rings = [[shape]]
        elif single == "Polygon":
            rings = shape if isinstance(shape, list) else [shape]
        found.append([_positions(ring, single) for ring in rings])
    if not all(found):
        raise ValueError(f"has an empty {kind}")
    if role in ("hole", "avoid_area") and any(len(rings) > 1 for rings in found):
        raise ValueError(f"{_a(role)} has a ring inside it: nobody can get there; leave it out")
    return found


def _positions(ring: Any, single: str) -> list[Position]:
    if not isinstance(ring, list) or not ring:
        raise ValueError(f"has an empty {single}")
    positions = []
    for place, position in enumerate(ring):
        if not isinstance(position, list) or len(position) < 2 or not _are_numbers(position[:2]):
            raise ValueError(
                f"position {place} must be two finite numbers or more; found {str(position)[:60]}"
            )
        positions.append((float(position[0]), float(position[1])))
    if single == "Polygon" and positions[0] == positions[-1]:
        positions.pop()  # GeoJSON ends a ring where it began
    if len(set(positions)) < _LEAST[single]:
        raise ValueError(
            f"has {len(set(positions))} positions that differ; a {single} needs {_LEAST[single]}"
        )
    return positions


def _are_numbers(values: Iterable[Any]) -> bool:
    try:
        return all(
            isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
            for value in values
        )
    except OverflowError:  # a whole number beyond the numbers
        return False
