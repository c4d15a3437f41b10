"""From a YAML file to a frozen scenario: the one place where scenarios are read.

All faults of a file are reported at once, each with file, line, field, what was found and what is
allowed. A scenario may extend another and take its place from a map; ``--set`` changes single
fields.

State: none.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.evidence.register import register
from sim.scenario.assumption_faults import assumption_faults, generic_names, together_faults
from sim.scenario.beliefs import beliefs
from sim.scenario.faults import Mark, lines_of, mark_of
from sim.scenario.layers import (
    EXTENDS,
    FROM_GEOJSON,
    PLACE_FIELDS,
    Layers,
    cameras_of,
    read_layers,
    with_camera_points,
    with_place,
)
from sim.scenario.place.ground import settled
from sim.scenario.place.outline_faults import PlaceFault
from sim.scenario.place.place_faults import place_faults, street_faults
from sim.scenario.schema import Scenario, Street
from sim.scenario.settings import apply_settings, split_setting
from sim.scenario.shipped import shipped_path
from sim.scenario.yaml_safe import Where

_MAP_FIELD = f"street.{FROM_GEOJSON}"


def load_scenario(path: str | Path, *, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a file, or the shipped one of that bare name, checked whole.

    settings : changes such as ``policy.threshold=0.62``; a map is named from the file's folder

    Raises ``ScenarioError`` with one line a fault.

    >>> from sim import load_scenario
    >>> load_scenario("high_street", settings=["policy.threshold=0.62"]).policy.threshold
    0.62
    """
    file = shipped_path(Path(path))
    maps = [setting for setting in settings if setting.partition("=")[0] == _MAP_FIELD]
    geojson = (split_setting(maps[-1])[1], f"--set {maps[-1]}") if maps else None
    layers, _ = with_camera_points(read_layers(file, geojson=geojson))
    layers = _with_settings(layers, [setting for setting in settings if setting not in maps])
    return _checked(with_place(layers, file.parent, origin=str(file)), origin=str(file))


def scenario_from_mapping(tree: Mapping[str, object], *, origin: str = "scenario") -> Scenario:
    """Return the scenario in a mapping, as a notebook or the page builds it."""
    return _checked(with_place(Layers(dict(tree), {}), Path(), origin=origin), origin=origin)


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, with the register's names for overrides."""
    schema = Scenario.model_json_schema()
    schema["description"] = str(schema["description"]).partition("\n")[0]  # no examples in Python
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    names = sorted({*register(), *generic_names()})
    schema["$defs"]["Assumptions"]["properties"]["values"]["propertyNames"] = {"enum": names}
    schema["properties"][EXTENDS] = {
        "type": "string",
        "description": "another scenario file, relative to this one; only differences are written",
    }
    schema["$defs"]["Street"]["properties"][FROM_GEOJSON] = {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ],
        "description": "a GeoJSON file, or several, relative to this one, from which walkable_m, "
        "holes_m, entrances and exits are read; each feature says its role",
    }
    # A file that extends another may leave out, at any depth, what the other one says, and one
    # with a map what is drawn on it.
    for section in (schema, *schema["$defs"].values()):
        section.pop("required", None)
    schema["required"] = ["schema_version", "name"]
    return schema


def _with_settings(layers: Layers, settings: Sequence[str]) -> Layers:
    """Return the layers with single fields changed, each marked with the setting's words."""
    tree = deepcopy(layers.tree)
    changed = apply_settings(tree, settings)
    marks = {
        where: mark
        for where, mark in layers.marks.items()
        if not any(where[: len(place)] == place for place in changed)
    }
    marks |= {place: Mark(f"--set {setting}") for place, setting in changed.items()}
    return replace(layers, tree=tree, marks=marks)


def _checked(layers: Layers, *, origin: str) -> Scenario:
    layers, hints = with_camera_points(layers)
    tree, marks = layers.tree, layers.marks
    try:
        # Through JSON, so that strict types take lists for tuples and nothing else for anything.
        text = json.dumps(tree)
    except (TypeError, ValueError, RecursionError) as error:
        raise ScenarioError([f"{origin}: holds a value that is not plain data: {error}"]) from None
    try:
        scenario = Scenario.model_validate_json(text)
    except ValidationError as error:
        faults = [*layers.faults]
        faults += lines_of(error, origin=origin, marks=marks, hints=hints, told=_on_map(layers))
        faults += assumption_faults(tree, origin=origin, marks=marks)
        faults += _words(_sound_street_faults(tree), layers, origin)
        raise ScenarioError(faults) from None
    faults = [*layers.faults, *assumption_faults(tree, origin=origin, marks=marks)]
    if not faults:
        together = together_faults(beliefs(scenario), time_step_s=scenario.run.time_step_s)
        faults += [f"{origin}: {fault}" for fault in together]
    faults += _words(place_faults(scenario), layers, origin)
    if faults:
        raise ScenarioError(faults)
    return settled(scenario)


def _on_map(layers: Layers) -> set[Where]:
    """Return the fields whose lack a fault of the map explains."""
    if not layers.faults:
        return set()
    cameras = range(len(cameras_of(layers.tree)))
    return {("street", field) for field in PLACE_FIELDS} | {
        ("policy", "cameras", number, "position_m") for number in cameras
    }


def _words(faults: Sequence[PlaceFault], layers: Layers, origin: str) -> list[str]:
    """Return a place's faults, each with the line or the feature where the thing is given."""
    found = []
    for fault in faults:
        beside = "".join(
            f" ({mark})"
            for mark in (mark_of(where, layers.marks, origin=origin) for where in fault.beside)
            if layers.place is not None and mark.file.startswith(layers.place.files)
        )
        mark = mark_of(fault.where, layers.marks, origin=origin)
        found.append(f"{mark}: {fault.field}: {fault.words}{beside}")
    return found


def _sound_street_faults(tree: Mapping[str, Any]) -> list[PlaceFault]:
    """Judge the place although another block is at fault, so that all is said at once."""
    try:
        return street_faults(Street.model_validate_json(json.dumps(tree.get("street"))))
    except ValidationError:
        return []  # the street's own fields are at fault and have been reported
