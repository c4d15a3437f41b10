"""Fields of a scenario changed, as a study changes them for its points.

State: none.
"""

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.settings import apply_settings

WALK_FIELDS = (
    "street",
    "policy.cameras",
    "policy.start_hour",
    "policy.hours",
    "policy.signs",
    "policy.avoid_area_m",
    "assumptions.locomotion",
    "run.time_step_s",
)
_UNPRINTED = re.compile(r"[^\x20-\x7e]")


def is_walk_field(field: str) -> bool:
    """Whether the walk depends on a field of the scenario, as ``walk_hash`` has it."""
    return any(field == walk or field.startswith(f"{walk}.") for walk in WALK_FIELDS)


def with_changes(base: Scenario, changes: Mapping[str, Any], *, origin: str) -> Scenario:
    """Return the base with fields changed as ``--set`` changes them, checked whole.

    origin : how each fault's line begins
    """
    if not changes:
        return base
    tree = base.model_dump(mode="json")
    tree["recorded"] = None  # a changed scenario did not happen
    settings = [setting_text(field, value) for field, value in changes.items()]
    try:
        apply_settings(tree, settings)
    except ScenarioError as error:
        faults = list(error.faults)
        for setting in settings:
            faults = [fault.removeprefix(f"--set {setting}: ") for fault in faults]
        raise ScenarioError([f"{origin}: {fault}" for fault in faults]) from None
    return scenario_from_mapping(tree, origin=origin)


def setting_text(field: str, value: Any) -> str:
    """Return the words of ``--set`` that give a field a value."""
    return f"{field}={flow_text(value)}"


def flow_text(value: Any) -> str:
    """Return plain data as YAML that the reader of scenarios takes for the same data."""
    match value:
        case dict():
            rows = (f"{flow_text(str(key))}: {flow_text(item)}" for key, item in value.items())
            return "{" + ", ".join(rows) + "}"
        case list() | tuple():
            return "[" + ", ".join(flow_text(item) for item in value) + "]"
        case float():
            return _float_text(value)
        case str():  # escaped: YAML reads some characters as ends of lines, and refuses others
            text = json.dumps(value, ensure_ascii=False)
            return _UNPRINTED.sub(lambda found: f"\\U{ord(found[0]):08x}", text)
        case _:
            return json.dumps(value)


def _float_text(value: float) -> str:
    """Write a float with a point: without one, 1e-05 is text to the reader."""
    if not isfinite(value):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[repr(value)]
    mantissa, sign, exponent = repr(value).partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{sign}{exponent}"


def field_value(scenario: Scenario, field: str) -> Any:
    """Return what a scenario holds in a field."""
    found: Any = scenario
    for part in field.split("."):
        if isinstance(found, tuple):
            names = [getattr(item, "name", None) for item in found]
            found = found[names.index(part) if part in names else int(part)]
        else:
            found = found[part] if isinstance(found, dict) else getattr(found, part)
    return found
