"""Which fields of a scenario a study may vary, and what is wrong with the names of others.

State: none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.evidence.register import register
from sim.scenario.assumption_faults import generic_names
from sim.scenario.faults import Marks, mark_of
from sim.scenario.field_changes import is_walk_field
from sim.scenario.identity import NAMING
from sim.scenario.schema import Scenario
from sim.scenario.yaml_safe import Where
from sim.studies.define.study_faults import meant

_NOT_VARIED = {
    "run.seed": "is not varied: replications are other days, each with a seed of its own",
    "run.draws": "is not varied: no outcome of a study depends on it",
    "run.assumption_draws": "is not varied: no outcome of a study depends on it",
    "run.interval_level": "is not varied: no outcome of a study depends on it",
    "recorded": "is not varied: it holds what happened",
    "schema_version": "is not varied",
} | dict.fromkeys(NAMING - {"recorded"}, "is not varied: it changes no number")
_FIRST = {"policy": "threshold", "assumptions": "error_model", "run": "time_step_s"}
_WHOLE_SECTIONS = tuple(_FIRST)


def lever_name_faults(
    fields: Sequence[str], base: Scenario, *, origin: str, marks: Marks
) -> list[str]:
    """Return what is wrong with the fields that a study names as its levers."""
    tree = base.model_dump(mode="json")
    known = list(known_fields(tree))
    places: dict[Where, str] = {}
    faults = []
    for field in fields:
        place = place_of(tree, field)
        words = _name_fault(field, place, tree, known)
        if not words and place is not None:
            within = [
                other
                for there, other in places.items()
                if there[: len(place)] == place or place[: len(there)] == there
            ]
            if within:
                words = f"is varied twice: '{within[0]}' is the same field or holds it"
            places[place] = field
        if words:
            mark = mark_of(("levers", field), marks, origin=origin)
            faults.append(f"{mark}: levers: '{field}' {words}")
    return faults


def known_fields(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a scenario that a study may vary, entries of lists by their names."""
    for field in _fields(tree, ""):
        is_fixed = field in _NOT_VARIED or field.startswith(("recorded.", "assumptions.values"))
        if not is_fixed and field not in _WHOLE_SECTIONS:
            yield field


def _name_fault(
    field: str, place: Where | None, tree: Mapping[str, Any], known: Sequence[str]
) -> str:
    """Say what is wrong with the name of a lever; empty if nothing is."""
    if field.startswith("assumptions.values") or field in {*register(), *generic_names()}:
        return "is an entry of the evidence register: name it under uncertainties instead"
    fixed = _NOT_VARIED.get("recorded" if field.startswith("recorded.") else field)
    if fixed is not None:
        return fixed
    if field in _WHOLE_SECTIONS:
        return f"is a whole section: name one of its fields, such as {field}.{_FIRST[field]}"
    if place is None:
        return f"is no field of the base scenario{meant(field, known)}"
    whole = field if is_walk_field(field) else _whole_field(tree, field)
    return "" if whole == field else f"is part of {whole}: vary {whole} whole, by named options"


def _whole_field(tree: Mapping[str, Any], field: str) -> str:
    """Return the field down to the first list, or shares of groups, that it goes through."""
    parts = field.split(".")
    found: Any = tree
    for place, part in enumerate(parts):
        found = found[part] if isinstance(found, dict) else found[int(part)]
        is_shares = isinstance(found, dict) and {"sex", "ethnicity", "age_band"} <= set(found)
        if is_shares or isinstance(found, list):
            return ".".join(parts[: place + 1])
    return field


def place_of(tree: Mapping[str, Any], field: str) -> Where | None:
    """Return where a field is in a scenario's tree; None if it is not."""
    found: Any = tree
    where: list[str | int] = []
    for part in field.split("."):
        if isinstance(found, dict) and part in found:
            where.append(part)
        elif isinstance(found, list):
            names = [item.get("name") if isinstance(item, dict) else None for item in found]
            if part in names:
                where.append(names.index(part))
            elif part.isdecimal() and len(part) <= len(str(len(found))) and int(part) < len(found):
                where.append(int(part))
            else:
                return None
        else:
            return None
        found = found[where[-1]]
    return tuple(where)


def _fields(tree: Any, start: str) -> Iterator[str]:
    """Yield the fields of a tree, sections included, lists of unnamed things whole."""
    for key, value in tree.items():
        field = f"{start}{key}"
        yield field
        if isinstance(value, dict):
            yield from _fields(value, f"{field}.")
        elif (
            isinstance(value, list)
            and value
            and all(isinstance(item, dict) and "name" in item for item in value)
        ):
            for item in value:
                yield from _fields(
                    {name: held for name, held in item.items() if name != "name"},
                    f"{field}.{item['name']}.",
                )
