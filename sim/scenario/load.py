"""From a YAML file to a frozen scenario: the one place where scenarios are read.

All faults of a file are reported at once, each with file, line, field, what was found and what is
allowed. A scenario may extend another; ``--set`` changes single fields.

State: none.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.evidence.register import register
from sim.scenario.beliefs import beliefs_of
from sim.scenario.faults import lines_of, suggestion
from sim.scenario.place import place_faults, street_faults, with_doors_on_edge
from sim.scenario.schema import Assumptions, Scenario, Street
from sim.scenario.yaml_safe import Where, parse, parse_value, read_text

_MOST_DIGITS = 6  # of a place in a list
LONGEST_CHAIN = 5  # scenarios that extend one another
EXTENDS = "extends"
NOT_INHERITED = "recorded"  # a changed scenario did not happen


def load_scenario(path: str | Path, *, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a file, checked whole.

    settings : changes such as ``policy.threshold=0.62``

    Raises ``ScenarioError`` with one line a fault.
    """
    file = Path(path)
    tree, lines = _extended(file, ())
    for setting in settings:
        where = _apply(tree, setting)
        lines = {place: line for place, line in lines.items() if place[: len(where)] != where}
    return _checked(tree, origin=str(file), lines=lines)


def scenario_from_mapping(tree: Mapping[str, object], *, origin: str = "scenario") -> Scenario:
    """Return the scenario in a mapping, as a notebook or the page builds it."""
    return _checked(dict(tree), origin=origin, lines={})


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, with the register's names for overrides."""
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    names = sorted({*register(), *_generic_names()})
    schema["$defs"]["Assumptions"]["properties"]["values"]["propertyNames"] = {"enum": names}
    schema["properties"][EXTENDS] = {
        "type": "string",
        "description": "another scenario file, relative to this one; only differences are written",
    }
    # A file that extends another may leave out, at any depth, what the other one says.
    for section in (schema, *schema["$defs"].values()):
        section.pop("required", None)
    schema["required"] = ["schema_version", "name"]
    return schema


def _generic_names() -> set[str]:
    """Return names without their preset: ``error_model.fmr_060``."""
    return {
        f"{family}.{rest}"
        for family, _, rest in (name.split(".", 2) for name in register() if name.count(".") > 1)
    }


def _extended(path: Path, chain: tuple[Path, ...]) -> tuple[dict[str, Any], dict[Where, int]]:
    """Read a file and what it extends; lines are those of the file itself."""
    text = read_text(path)  # first: a link that leads round to itself cannot be resolved
    resolved = path.resolve()
    if resolved in chain:
        ring = " -> ".join(file.name for file in (*chain, resolved))
        raise ScenarioError([f"{path}: {EXTENDS} goes round in a circle: {ring}"])
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError([f"{path}: more than {LONGEST_CHAIN} scenarios extend one another"])
    tree, lines = parse(text, origin=str(path))
    if EXTENDS not in tree:
        return tree, lines
    base = tree.pop(EXTENDS)
    if not isinstance(base, str) or not base or "\0" in base:
        raise ScenarioError(
            [f"{path}:{lines[EXTENDS,]}: {EXTENDS}: must be the name of a file; found {base!r}"]
        )
    below, _ = _extended(path.parent / base, (*chain, resolved))
    below.pop(NOT_INHERITED, None)
    return _merged(below, tree), lines


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``below`` with what ``above`` says: mappings merge, everything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        inner = merged.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            merged[key] = _merged(inner, value)
        else:
            merged[key] = value
    return merged


def _apply(tree: dict[str, Any], setting: str) -> Where:
    """Change one field of the tree in place; return where."""
    field, equals, text = setting.partition("=")
    fault = f"--set {setting}"
    if not equals or not field:
        raise ScenarioError([f"{fault}: must be FIELD=VALUE, such as policy.threshold=0.62"])
    try:
        value = parse_value(text)
    except ValueError as error:
        raise ScenarioError([f"{fault}: {field}: {error}"]) from None
    parts = _parts(field)
    target: Any = tree
    where: list[str | int] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if isinstance(target, list):
            index = _index(target, part)
            if index is None:
                allowed = ", ".join(_labels(target))
                raise ScenarioError([f"{fault}: no '{part}' there; there are {allowed}"])
            where.append(index)
            if last:
                target[index] = value
            else:
                target = target[index]
        elif isinstance(target, dict):
            where.append(part)
            if last:
                target[part] = value
            else:
                target = target.setdefault(part, {})
        else:
            raise ScenarioError([f"{fault}: {'.'.join(parts[:place])} holds a value, not fields"])
    return tuple(where)


def _parts(field: str) -> list[str]:
    """Split a field's path; an entry of the register keeps the dots in its name."""
    parts = field.split(".")
    if parts[:2] == ["assumptions", "values"] and len(parts) > 2:
        rest = parts[2:]
        if rest[-1] in ("value", "low", "high", "why"):
            return [*parts[:2], ".".join(rest[:-1]), rest[-1]]
        return [*parts[:2], ".".join(rest)]
    return parts


def _index(items: list[Any], part: str) -> int | None:
    """Return the place of an item by its number or its name."""
    if part.isdecimal() and len(part) <= _MOST_DIGITS:
        return int(part) if int(part) < len(items) else None
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return names.index(part) if part in names else None


def _labels(items: list[Any]) -> list[str]:
    return [
        str(item["name"]) if isinstance(item, dict) and "name" in item else str(place)
        for place, item in enumerate(items)
    ] or ["no entries"]


def _checked(tree: dict[str, Any], *, origin: str, lines: Mapping[Where, int]) -> Scenario:
    try:
        # Through JSON, so that strict types take lists for tuples and nothing else for anything.
        text = json.dumps(tree)
    except (TypeError, ValueError, RecursionError) as error:
        raise ScenarioError([f"{origin}: holds a value that is not plain data: {error}"]) from None
    try:
        scenario = Scenario.model_validate_json(text)
    except ValidationError as error:
        faults = lines_of(error, origin=origin, lines=lines)
        faults += _override_faults(tree, origin, lines)
        faults += [f"{origin}: {fault}" for fault in _sound_street_faults(tree)]
        raise ScenarioError(faults) from None
    faults = _override_faults(tree, origin, lines)
    faults += [f"{origin}: {fault}" for fault in place_faults(scenario)]
    if faults:
        raise ScenarioError(faults)
    return scenario.model_copy(update={"street": with_doors_on_edge(scenario.street)})


def _sound_street_faults(tree: Mapping[str, Any]) -> list[str]:
    """Judge the place although another block is at fault, so that all is said at once."""
    try:
        return street_faults(Street.model_validate_json(json.dumps(tree.get("street"))))
    except ValidationError:
        return []  # the street's own fields are at fault and have been reported


def _override_faults(tree: Mapping[str, Any], origin: str, lines: Mapping[Where, int]) -> list[str]:
    """Check overrides against the register: known names, and values inside some range.

    A value that is no number, or too large for one, is the schema's to report.
    """
    block = tree.get("assumptions")
    if not isinstance(block, dict) or not isinstance(block.get("values"), dict):
        return []
    values = block["values"]
    known = {*register(), *_generic_names()}
    faults = []
    for name, override in values.items():
        line = lines.get(("assumptions", "values", name))
        place = f"{origin}:{line}" if line else origin
        where = f"{place}: assumptions.values.{name}"
        if name not in known:
            near = suggestion(name, sorted(known))
            faults.append(f"{where}: not in the evidence register{near}")
        elif isinstance(override, dict) and all(
            isinstance(end, (int, float)) and abs(end) <= sys.float_info.max
            for end in (override.get("value"), override.get("low") or 0, override.get("high") or 0)
        ):
            faults += _range_faults(where, name, override, block)
    return faults


def _range_faults(
    where: str, name: str, override: Mapping[str, Any], block: Mapping[str, Any]
) -> list[str]:
    presets = {key: block[key] for key in ("error_model", "demographic_preset") if key in block}
    try:
        registered = beliefs_of(Assumptions.model_validate(presets)).entry(name)
    except ValidationError:
        return []  # the preset itself is a fault and has been reported
    low = registered.low if override.get("low") is None else override["low"]
    high = registered.high if override.get("high") is None else override["high"]
    if low <= override["value"] <= high:
        return []
    return [
        f"{where}: value {override['value']:g} is outside {low:g} to {high:g}"
        f" ({registered.unit}); give low and high of your own if you mean it"
    ]
