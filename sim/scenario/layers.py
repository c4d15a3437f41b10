"""The files that a scenario is made of: YAML, what it extends, and the map its place is traced on.

A *layer* is one YAML file with the map it names. A traced place replaces the one below it whole:
ground, holes, doors, area to keep off, posts and where the cameras stand. The tree that comes out
names no file any more: the scenario holds all that it depends on.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.faults import Mark, Marks, mark_of
from sim.scenario.place.geojson import TracedPlace, read_place
from sim.scenario.yaml_safe import Where, parse, read_text

LONGEST_CHAIN = 5  # scenarios that extend one another
EXTENDS = "extends"
FROM_GEOJSON = "from_geojson"
NOT_INHERITED = "recorded"  # a changed scenario did not happen
PLACE_FIELDS = ("walkable_m", "holes_m", "entrances", "exits")  # of the street: a map has all
_CAMERAS = ("policy", "cameras")


@dataclass(frozen=True, slots=True)
class Layers:
    """A scenario's tree as its files give it.

    tree   : plain data, as in one YAML file without ``extends`` and ``from_geojson``
    marks  : file and line, or map and feature, of each value
    place  : the map in force; None where the place is written out
    faults : of the map; the tree then lacks what should be on it
    """

    tree: dict[str, Any]
    marks: Marks
    place: TracedPlace | None = None
    faults: tuple[str, ...] = ()


def read_layers(
    path: Path, *, geojson: tuple[object, str] | None = None, chain: Sequence[Path] = ()
) -> Layers:
    """Return a scenario file with what it extends and the map that it names.

    geojson : a map that replaces the place in the file, and the words of whoever says so
    """
    text = read_text(path)  # first: a link that leads round to itself cannot be resolved
    resolved = path.resolve()
    if resolved in chain:
        ring = " -> ".join(file.name for file in (*chain, resolved))
        raise ScenarioError([f"{path}: {EXTENDS} goes round in a circle: {ring}"])
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError([f"{path}: more than {LONGEST_CHAIN} scenarios extend one another"])
    tree, lines = parse(text, origin=str(path))
    marks: Marks = {where: Mark(str(path), line) for where, line in lines.items()}
    if geojson is not None:
        tree, marks = _with_map(tree, marks, *geojson)
    below = None
    if EXTENDS in tree:
        base = tree.pop(EXTENDS)
        if not isinstance(base, str) or not base or "\0" in base:
            raise ScenarioError(
                [f"{path}:{lines[EXTENDS,]}: {EXTENDS}: must be the name of a file; found {base!r}"]
            )
        below = read_layers(path.parent / base, chain=(*chain, resolved))
    layer = with_place(Layers(tree, marks), path.parent, origin=str(path))
    return layer if below is None else _merged(below, layer)


def with_place(layer: Layers, folder: Path, *, origin: str) -> Layers:
    """Return a layer with the place on the map that it names; as it is if it names none."""
    street = layer.tree.get("street")
    if not isinstance(street, dict) or FROM_GEOJSON not in street:
        return layer
    tree, street = dict(layer.tree), dict(street)
    name = street.pop(FROM_GEOJSON)
    tree["street"] = street
    mark = mark_of(("street", FROM_GEOJSON), layer.marks, origin=origin)
    field = f"{mark}: street.{FROM_GEOJSON}"
    faults = [
        f"{mark_of(('street', key), layer.marks, origin=origin)}: street.{key}: is read from the "
        f"map; leave it out here, or leave out {FROM_GEOJSON}"
        for key in PLACE_FIELDS
        if key in street
    ]
    names = name if isinstance(name, list) else [name]
    if not names or not all(isinstance(one, str) and one and "\0" not in one for one in names):
        faults.append(
            f"{field}: must be the name of a GeoJSON file, or a list of such; found {name!r}"
        )
        return Layers(tree, layer.marks, faults=tuple(faults))
    try:
        place = read_place([folder / one for one in names], asked_by=field)
    except ScenarioError as error:
        return Layers(tree, layer.marks, faults=(*faults, *error.faults))
    if faults:
        return Layers(tree, layer.marks, faults=tuple(faults))
    tree["street"] = street | dict(place.street)
    marks = dict(layer.marks)
    policy = tree.get("policy", {})
    if isinstance(policy, dict):
        written = {key for key in place.policy if key in policy}
        drawn = {key: value for key, value in place.policy.items() if key not in written}
        tree["policy"] = drawn | policy
    else:
        written = set(place.policy)
    marks |= {
        where: Mark(words)
        for where, words in place.whence.items()
        if where[0] != "cameras" and where[1] not in written
    }
    return Layers(tree, marks, place)


def with_camera_points(layers: Layers) -> tuple[Layers, dict[Where, str]]:
    """Return the layers with a point for each camera that has none but is on the map.

    Beside it: what to say of the cameras that are not on the map either.
    """
    cameras = cameras_of(layers.tree)
    if layers.place is None or not cameras:
        return layers, {}
    points, marks, hints = layers.place.cameras, dict(layers.marks), {}
    placed: list[Any] = []
    for number, camera in enumerate(cameras):
        where: Where = (*_CAMERAS, number, "position_m")
        if not isinstance(camera, dict) or "position_m" in camera:
            placed.append(camera)
            continue
        name = str(camera.get("name"))
        if name in points:
            placed.append(camera | {"position_m": points[name]})
            marks[where] = Mark(layers.place.whence["cameras", name])
        else:
            placed.append(camera)
            hints[where] = _not_on_map(name, layers.place)
    policy = layers.tree["policy"] | {"cameras": placed}
    return replace(layers, tree=layers.tree | {"policy": policy}, marks=marks), hints


def _not_on_map(name: str, place: TracedPlace) -> str:
    near = get_close_matches(name, place.cameras, n=1, cutoff=0.6)
    drawn = ", ".join(place.cameras) or "no camera"
    meant = f"did you mean '{near[0]}'?" if near else f"there is {drawn}"
    files = ", ".join(place.files)
    return f", and {files} has no feature with role 'camera' and the name '{name}': {meant}"


def cameras_of(tree: Mapping[str, Any]) -> list[Any]:
    """Return the cameras of a tree as far as it has a list of them."""
    policy = tree.get("policy")
    cameras = policy.get("cameras") if isinstance(policy, dict) else None
    return cameras if isinstance(cameras, list) else []


def _with_map(
    tree: dict[str, Any], marks: Marks, name: object, words: str
) -> tuple[dict[str, Any], Marks]:
    """Return a file's tree with another map instead of the place written in it."""
    street = tree.get("street", {})
    if not isinstance(street, dict):
        return tree, marks  # a fault of its own, reported with the others
    kept = {key: value for key, value in street.items() if key not in PLACE_FIELDS}
    tree = tree | {"street": kept | {FROM_GEOJSON: name}}
    return tree, dict(marks) | {("street", FROM_GEOJSON): Mark(words)}


def _merged(below: Layers, above: Layers) -> Layers:
    tree = dict(below.tree)
    tree.pop(NOT_INHERITED, None)
    replaced: set[Where] = {(NOT_INHERITED,)}
    place = below.place
    if above.place is not None or above.faults:
        place = above.place
        tree = _without_place(tree)
    elif isinstance(street := above.tree.get("street"), dict) and "walkable_m" in street:
        place = None
    tree = _merged_tree(tree, above.tree, (), replaced)
    marks = {
        where: mark
        for where, mark in below.marks.items()
        if not any(where[:n] in replaced for n in range(1, len(where) + 1))
    }
    return Layers(tree, marks | dict(above.marks), place, (*below.faults, *above.faults))


def _without_place(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a tree without its ground, its doors and the points of its cameras."""
    street, cameras = tree.get("street"), cameras_of(tree)
    if isinstance(street, dict):
        kept = {key: value for key, value in street.items() if key not in PLACE_FIELDS}
        tree = tree | {"street": kept}
    bare = [
        {key: value for key, value in camera.items() if key != "position_m"}
        if isinstance(camera, dict)
        else camera
        for camera in cameras
    ]
    return tree | {"policy": tree["policy"] | {"cameras": bare}} if cameras else tree


def _merged_tree(
    below: Mapping[str, Any], above: Mapping[str, Any], where: Where, replaced: set[Where]
) -> dict[str, Any]:
    """Return ``below`` with what ``above`` says: mappings merge, everything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        inner = merged.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            merged[key] = _merged_tree(inner, value, (*where, key), replaced)
        else:
            merged[key] = value
            replaced.add((*where, key))
    return merged
