"""Levers of a study: fields of the base scenario, and the values that they may take.

Every value is tried once on the base, through the reader that ``--set`` goes through, so that a
study cannot ask what a scenario file could not.

State: none.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sim.errors import ScenarioError
from sim.evidence.register import register
from sim.experiments.sweep.study_faults import meant
from sim.experiments.sweep.study_schema import FullFactorial, Options, Range, Study, Table
from sim.scenario.assumption_faults import generic_names
from sim.scenario.faults import Marks, mark_of
from sim.scenario.identity import NAMING
from sim.scenario.load import scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.settings import apply_settings
from sim.scenario.yaml_safe import Where

Scalar = bool | int | float | str

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
MOST_TRIED = 100  # values of one lever that are tried on the base; of more, the two ends
_NOT_VARIED = {
    "run.seed": "is not varied: replications are other days, each with a seed of its own",
    "run.draws": "is not varied: no outcome of a study depends on it",
    "run.assumption_draws": "is not varied: no outcome of a study depends on it",
    "run.interval_level": "is not varied: no outcome of a study depends on it",
    "recorded": "is not varied: it holds what happened",
    "schema_version": "is not varied",
} | dict.fromkeys(NAMING - {"recorded"}, "is not varied: it changes no number")
_UNPRINTED = re.compile(r"[^\x20-\x7e]")
_FIRST = {"policy": "threshold", "assumptions": "error_model", "run": "time_step_s"}
_WHOLE_SECTIONS = tuple(_FIRST)


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever made ready: its field and what it may hold.

    kind    : "values", "range", "options" or "open" (a table gives the values)
    whole   : the field holds whole numbers
    values  : of "values", as the scenario holds them
    options : name -> plain data; sorted by name
    parsed  : name -> the same as the scenario holds it
    """

    field: str
    kind: str
    whole: bool = False
    values: tuple[Scalar, ...] = ()
    low: float = 0.0
    high: float = 0.0
    steps: int | None = None
    scale: str = "linear"
    options: Mapping[str, Any] | None = None
    parsed: Mapping[str, Any] | None = None


def is_walk_field(field: str) -> bool:
    """Whether the walk depends on a field of the scenario, as ``walk_hash`` has it."""
    return any(field == walk or field.startswith(f"{walk}.") for walk in WALK_FIELDS)


def levers_of(
    study: Study, base: Scenario, *, origin: str, marks: Marks
) -> tuple[list[Lever], list[str]]:
    """Return the levers of a study, and one line for each that is at fault."""
    levers: list[Lever] = []
    faults: list[str] = []
    for field, given in study.levers.items():
        try:
            levers.append(_lever(field, given, study, base, _Telling(origin, marks, field)))
        except ScenarioError as error:
            faults += error.faults
    return levers, faults


def lever_name_faults(
    fields: Sequence[str], base: Scenario, *, origin: str, marks: Marks
) -> list[str]:
    """Return what is wrong with the fields that a study names as its levers."""
    tree = base.model_dump(mode="json")
    known = list(known_fields(tree))
    places: dict[Where, str] = {}
    faults = []
    for field in fields:
        place = _place(tree, field)
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
        if field not in _NOT_VARIED and field not in _WHOLE_SECTIONS:
            yield field


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


@dataclass(frozen=True, slots=True)
class _Telling:
    """Where a lever was written, for the faults that it has."""

    origin: str
    marks: Marks
    field: str

    def at(self, *where: str | int) -> str:
        """Return file, line and place under the lever, as a fault's line begins."""
        mark = mark_of(("levers", self.field, *where), self.marks, origin=self.origin)
        named = [str(part) for part in where if isinstance(part, str)]
        return f"{mark}: {'.'.join(['levers', self.field, *named])}"

    def fault(self, words: str, *where: str | int) -> ScenarioError:
        """Return one fault as an error."""
        return ScenarioError([f"{self.at(*where)}: {words}"])


def _lever(field: str, given: Any, study: Study, base: Scenario, tell: _Telling) -> Lever:
    held = field_value(base, field)
    whole = isinstance(held, int) and not isinstance(held, bool)
    match given:
        case None:
            if not isinstance(study.design, Table):
                raise tell.fault(
                    "has no values: give a list, a range or options (only with a table as the "
                    "design may it be left open)"
                )
            return Lever(field, "open", whole)
        case Range():
            return _range(field, given, study, base, tell, held=held, whole=whole)
        case Options():
            parsed = {
                name: _tried(field, value, base, tell, "options", name)
                for name, value in sorted(given.options.items())
            }
            return Lever(
                field, "options", options=dict(sorted(given.options.items())), parsed=parsed
            )
        case _:
            return Lever(field, "values", whole, _values(field, given, base, tell))


def _range(
    field: str,
    given: Range,
    study: Study,
    base: Scenario,
    tell: _Telling,
    *,
    held: Any,
    whole: bool,
) -> Lever:
    if isinstance(held, bool) or not (held is None or isinstance(held, (int, float))):
        raise tell.fault("holds no single number: give a list of values, or named options")
    if whole and not (given.low.is_integer() and given.high.is_integer()):
        raise tell.fault(
            f"holds whole numbers: low ({given.low:g}) and high ({given.high:g}) must be whole"
        )
    if isinstance(study.design, FullFactorial) and given.steps is None:
        raise tell.fault("a range in a full factorial needs steps: how many values it takes")
    for end in ("low", "high"):
        value = getattr(given, end)
        _tried(field, int(value) if whole else value, base, tell, end)
    return Lever(field, "range", whole, (), given.low, given.high, given.steps, given.scale)


def _values(field: str, given: Sequence[Any], base: Scenario, tell: _Telling) -> tuple[Scalar, ...]:
    for place, value in enumerate(given):
        if not isinstance(value, (bool, int, float, str)):
            raise tell.fault(
                "a list of values holds numbers, texts, true or false; give anything else as "
                "named options",
                place,
            )
    if len(given) <= MOST_TRIED:
        found = _each_tried(field, given, base, tell)
    else:
        found = _many_tried(field, given, base, tell)
    for place, value in enumerate(found):
        if value in found[:place]:
            raise tell.fault(f"the value {value!r} is given twice", place)
    return tuple(found)


def _each_tried(field: str, given: Sequence[Any], base: Scenario, tell: _Telling) -> list[Any]:
    found, faults = [], []
    for place, value in enumerate(given):
        try:
            found.append(_tried(field, value, base, tell, place))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return found


def _many_tried(field: str, given: Sequence[Any], base: Scenario, tell: _Telling) -> list[Any]:
    """Try the ends of a long list of numbers: what a field allows is an interval."""
    kinds = {type(value) for value in given}
    if not kinds <= {int, float} or not all(isfinite(value) for value in given):
        raise tell.fault(f"more than {MOST_TRIED} values must all be finite numbers")
    ends = (min(given), max(given))
    kind = {type(_tried(field, end, base, tell, given.index(end))) for end in ends}.pop()
    if kind is int and float in kinds:
        place = next(place for place, value in enumerate(given) if isinstance(value, float))
        raise tell.fault(f"must be whole numbers; found {given[place]!r}", place)
    return [kind(value) for value in given]


def _tried(field: str, value: Any, base: Scenario, tell: _Telling, *where: str | int) -> Any:
    """Return a value as the scenario holds it, tried on the base."""
    start = tell.at(*where)
    try:
        return field_value(with_changes(base, {field: value}, origin=start), field)
    except ScenarioError as error:
        own = f"{start}: {field}: "
        faults = [
            f"{start}: {fault.removeprefix(own)}" if fault.startswith(own) else fault
            for fault in error.faults
        ]
        raise ScenarioError(faults) from None


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


def _place(tree: Mapping[str, Any], field: str) -> Where | None:
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
