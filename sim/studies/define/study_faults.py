"""What is wrong with a study, in words: where, what was found, what is allowed, what was meant.

State: none.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.answer.assumption_draws import NOT_VARIED
from sim.answer.outcomes import ALL_OUTCOMES
from sim.evidence.register import register
from sim.scenario.assumption_faults import generic_names
from sim.scenario.beliefs import Beliefs
from sim.scenario.faults import Marks, lines_of, mark_of, suggestion
from sim.scenario.yaml_safe import Where
from sim.studies.define.study_schema import (
    FullFactorial,
    LatinHypercube,
    Morris,
    Options,
    Range,
    Sobol,
    Study,
    Table,
)

Location = tuple[str | int, ...]

_LEVER_KINDS: dict[str, type[BaseModel] | None] = {
    "options": Options,
    "range": Range,
    "values": None,
    "open": None,
}
_DESIGNS: dict[str, type[BaseModel]] = {
    "full-factorial": FullFactorial,
    "latin-hypercube": LatinHypercube,
    "sobol": Sobol,
    "morris": Morris,
    "table": Table,
}
_LONGEST = 60  # characters of a found value that a message repeats
_WILD = set("*?[")
PRESETS = {  # family of entries -> the field that chooses among its presets
    "error_model": "assumptions.error_model",
    "demographics": "assumptions.demographic_preset",
}


def schema_faults(error: ValidationError, *, origin: str, marks: Marks) -> list[str]:
    """Return one line a fault of a study's sections, in the order of the file."""
    found: list[Any] = []  # pydantic's InitErrorDetails
    for fault in error.errors(include_url=False):
        where, section = _place(fault["loc"])
        kind, context = fault["type"], dict(fault.get("ctx", {}))
        words = _own_words(fault, section)
        if kind.startswith("union_tag"):
            where = (*where, "kind")
        if words:
            kind, context = "value_error", {"error": ValueError(words)}
        found.append({"type": kind, "loc": where, "input": fault["input"], "ctx": context})
    placed = ValidationError.from_exception_data("Study", found)
    return lines_of(placed, origin=origin, marks=marks, hints={})


def _own_words(fault: Any, section: type[BaseModel] | None) -> str:
    """Return what is wrong where a study's sections need other words than a scenario's."""
    given = fault["input"]
    match fault["type"]:
        case "extra_forbidden":
            known = [] if section is None else list(section.model_fields)
            return f"unknown field{suggestion(str(fault['loc'][-1]), known)}"
        case "union_tag_invalid" | "union_tag_not_found":
            written = given.get("kind") if isinstance(given, dict) else given
            near = get_close_matches(str(written), _DESIGNS, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            return f"must be one of {', '.join(_DESIGNS)}; found {_shown(written)}{hint}"
        case "multiple_of":
            return f"must be an even number; found {_shown(given)}"
        case "model_type" if section is Range:
            found = _shown(given)
            return f"must be a list of values, a range (low, high) or options; found {found}"
        case _:
            return ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _place(location: Location) -> tuple[Where, type[BaseModel] | None]:
    """Return where a fault is in the file, and the section that it is in.

    Pydantic puts the kind of a lever, and of a design, into the place.
    """
    if location[:1] == ("levers",) and len(location) > 2:
        return (*location[:2], *location[3:]), _LEVER_KINDS.get(str(location[2]))
    if location[:1] == ("design",) and len(location) > 1:
        return (location[0], *location[2:]), _DESIGNS.get(str(location[1]))
    return location, Study


def outcome_faults(names: Sequence[Any], *, origin: str, marks: Marks) -> list[str]:
    """Return what is wrong with the outcomes that a study asks for."""
    return [
        f"{mark_of(('outcomes', place), marks, origin=origin)}: outcomes: no outcome is called "
        f"'{name}'{meant(name, ALL_OUTCOMES)}"
        for place, name in enumerate(names)
        if isinstance(name, str) and name not in ALL_OUTCOMES
    ] + [
        f"{mark_of(('outcomes', place), marks, origin=origin)}: outcomes: '{name}' is given twice"
        for place, name in enumerate(names)
        if name in names[:place]
    ]


def uncertainty_faults(
    names: Sequence[Any],
    believed: Beliefs,
    levers: Iterable[str],
    *,
    origin: str,
    marks: Marks,
) -> list[str]:
    """Return what is wrong with the uncertainties that a study names.

    levers : the fields that it varies besides
    """
    faults = []
    for place, name in enumerate(names):
        if not isinstance(name, str):
            continue
        words = "is given twice" if name in names[:place] else _uncertainty(name, believed, levers)
        if words:
            mark = mark_of(("uncertainties", place), marks, origin=origin)
            faults.append(f"{mark}: uncertainties: '{name}' {words}")
    return faults


def _uncertainty(name: str, believed: Beliefs, levers: Iterable[str]) -> str:
    """Say what is wrong with one name or pattern; empty if nothing is."""
    found = matching_entries(name, believed)
    if not found:
        return _no_entry(name, believed)
    families = {family_of(entry) for entry in found}
    preset = next(
        (field for family, field in PRESETS.items() if family in families and field in levers), None
    )
    if preset is not None:
        return (
            f"has another range under each {preset}, which is a lever of this study: leave out "
            "one of the two"
        )
    if any(has_range(believed, entry) for entry in found):
        return ""
    if len(found) > 1:
        return f"matches {len(found)} entries, none of which has a range"
    held = believed.entry(found[0])
    return (
        f"has an empty range: low and high are both {held.low:g} ({held.unit}); give it low and "
        "high in the base, under assumptions.values, or leave it out"
    )


def _no_entry(name: str, believed: Beliefs) -> str:
    """Say why no entry in force is meant by a name or pattern."""
    if name.partition(".")[0] in {"street", "policy", "assumptions", "run"}:
        return "is a field of the scenario, no entry of the evidence register: make it a lever"
    if name in register():
        family = family_of(name)
        in_force = believed.full_name(f"{family}.{name.split('.', 2)[2]}")
        return (
            f"is not in force: the base chose another preset, under which it is '{in_force}'; "
            f"set {PRESETS[family]} if you mean this one"
        )
    if _WILD & set(name):
        return "matches no entry of the evidence register"
    return f"is not in the evidence register{meant(name, sorted({*register(), *generic_names()}))}"


def matching_entries(name: str, believed: Beliefs) -> list[str]:
    """Return the entries in force that a name or a pattern means, by their full names.

    Patterns leave out what is no quantity of the world, such as the size that a share refers to.
    """
    if not _WILD & set(name):
        return [full for full in believed.names() if full == believed.full_name(name)]
    return [
        full
        for full in believed.names()
        if full not in NOT_VARIED and any(fnmatchcase(one, name) for one in (full, _generic(full)))
    ]


def has_range(believed: Beliefs, name: str) -> bool:
    """Whether an entry's low lies below its high."""
    entry = believed.entry(name)
    return entry.low < entry.high


def family_of(name: str) -> str:
    """Return the family of an entry of the register: what stands before the first dot."""
    return name.partition(".")[0]


def _generic(name: str) -> str:
    """Return an entry's name without its preset."""
    family, _, rest = name.partition(".")
    return f"{family}.{rest.partition('.')[2]}" if family in PRESETS else name


def meant(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean ...?' where a known name is near, by its whole or its last part."""
    names = list(known)
    last = name.rpartition(".")[2]
    near = get_close_matches(name, names, n=1, cutoff=0.6) or [
        one for one in names if one.rpartition(".")[2] == last
    ]
    return f"; did you mean '{near[0]}'?" if near else suggestion(name, names)


def first_of(faults: Sequence[str], most: int, what: str) -> list[str]:
    """Return the first faults, and how many more there are of what."""
    more = len(faults) - most
    return [*faults[:most], *([f"and {more:,} more {what}"] if more > 0 else [])]


def in_order(faults: Sequence[str], origin: str) -> list[str]:
    """Return faults in the order of the file's lines; those of the file as a whole come first."""

    def line(fault: str) -> int:
        number = fault.removeprefix(f"{origin}:").partition(":")[0]
        return int(number) if fault.startswith(f"{origin}:") and number.isdecimal() else 0

    return sorted(faults, key=line)
