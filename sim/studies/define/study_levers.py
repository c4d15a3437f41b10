"""Levers of a study: fields of the base scenario, and the values that they may take.

Every value is tried once on the base, through the reader that ``--set`` goes through, so that a
study cannot ask what a scenario file could not.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.faults import Marks, mark_of
from sim.scenario.field_changes import field_value, is_walk_field, with_changes
from sim.scenario.layers import FROM_GEOJSON
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_path
from sim.studies.define.lever_names import place_of
from sim.studies.define.study_schema import FullFactorial, Options, Range, Study, Table

Scalar = bool | int | float | str

FROM = "from"  # an option: the field as another scenario has it
MOST_TRIED = 100  # values of one lever that are tried on the base; of more, the two ends


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever made ready: its field and what it may hold.

    kind    : "values", "range", "options" or "open" (a table gives the values)
    whole   : the field holds whole numbers
    values  : of "values", as the scenario holds them
    options : name -> plain data, with nothing left to another file; sorted by name
    parsed  : name -> the same as the scenario holds it; None for a table's levers of the walk
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
            options = {
                name: _option(field, value, tell, name)
                for name, value in sorted(given.options.items())
            }
            if isinstance(study.design, Table) and is_walk_field(field):
                return Lever(field, "options", options=options)  # tried beside its row's others
            parsed = {
                name: _tried(field, value, base, tell, "options", name)
                for name, value in options.items()
            }
            return Lever(field, "options", options=options, parsed=parsed)
        case _:
            return Lever(field, "values", whole, _values(field, given, base, tell))


def _option(field: str, value: Any, tell: _Telling, name: str) -> Any:
    """Return what an option stands for: as written, or the field of another scenario."""
    if not isinstance(value, dict):
        return value
    if FROM_GEOJSON in value:
        raise tell.fault(
            f"a map is named by a scenario: write {{{FROM}: SCENARIO}} with the scenario that has "
            f"{FROM_GEOJSON}",
            "options",
            name,
        )
    if set(value) != {FROM}:
        return value
    start = tell.at("options", name)
    other = value[FROM]
    if not isinstance(other, str) or not other or "\0" in other:
        raise ScenarioError([f"{start}.{FROM}: must be the name of a scenario; found {other!r}"])
    path = scenario_path(Path(tell.origin).parent, other)
    try:
        tree: Any = load_scenario(path).model_dump(mode="json")
    except ScenarioError as error:
        raise ScenarioError([f"{start}.{FROM}: {fault}" for fault in error.faults]) from None
    place = place_of(tree, field)
    if place is None:
        raise ScenarioError([f"{start}.{FROM}: {other} has no field {field}"])
    for part in place:
        tree = tree[part]
    return tree


def scenario_path(folder: Path, name: str) -> Path:
    """Return the file of a scenario: in the folder, or the shipped one of that bare name."""
    beside = folder / name
    return beside if beside.exists() else shipped_path(Path(name))


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
    found: list[Any] = []
    faults: list[str] = []
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
