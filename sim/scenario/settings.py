"""Changes of single fields, as ``--set FIELD=VALUE`` gives them.

State: none.
"""

from collections.abc import Sequence
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.yaml_safe import Where, parse_value

_MOST_DIGITS = 6  # of a place in a list


def split_setting(setting: str) -> tuple[str, Any]:
    """Return field and value of a setting."""
    field, equals, text = setting.partition("=")
    if not equals or not field:
        raise ScenarioError(
            [f"--set {setting}: must be FIELD=VALUE, such as policy.threshold=0.62"]
        )
    try:
        return field, parse_value(text)
    except ValueError as error:
        raise ScenarioError([f"--set {setting}: {field}: {error}"]) from None


def apply_settings(tree: dict[str, Any], settings: Sequence[str]) -> dict[Where, str]:
    """Change fields of the tree in place; return what was set where, or raise all faults."""
    faults: list[str] = []
    places: dict[Where, str] = {}
    for setting in settings:
        try:
            places[_apply(tree, setting)] = setting
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return places


def _apply(tree: dict[str, Any], setting: str) -> Where:
    """Change one field of the tree in place; return where."""
    field, value = split_setting(setting)
    fault = f"--set {setting}"
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
