"""What is wrong with a scenario, in words: where, what was found, what is allowed, what was meant.

State: none.
"""

import re
from collections.abc import Container, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from sim.scenario.schema import Scenario
from sim.scenario.yaml_safe import Where

_LONGEST = 60  # characters of a found value that a message repeats
_DECIMAL = r"[-+]?[0-9]+(?:\.[0-9]+)?"
_REASONS = {
    ("run", "time_step_s"): (
        "people move by explicit Euler steps: in 0.1 s the fastest goes half a body's width, in "
        "longer ones people step past one another; 0.05 is usual"
    ),
}
_KINDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
    "tuple_type": "a list",
    "list_type": "a list",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


class Mark(NamedTuple):
    """Where a value was written: file and line, or other words and line 0."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        """Return it as a message begins."""
        return f"{self.file}:{self.line}" if self.line else self.file


Marks = Mapping[Where, Mark]


def mark_of(where: Where, marks: Marks, *, origin: str) -> Mark:
    """Return where a value was written, or the nearest that holds it."""
    near = (marks[where[:n]] for n in range(len(where), 0, -1) if where[:n] in marks)
    return next(near, Mark(origin))


def lines_of(
    error: ValidationError,
    *,
    origin: str,
    marks: Marks,
    hints: Mapping[Where, str],
    told: Container[Where] = (),
) -> list[str]:
    """Return one line a fault, in the order of the file.

    hints : what else to say of a field that is missing
    told  : fields whose lack has been explained already
    """
    found = []
    for fault in error.errors(include_url=False):
        where = _in_tree(fault["loc"], marks)
        if fault["type"] == "missing" and where in told:
            continue
        mark = mark_of(where, marks, origin=origin)
        field = ".".join(str(part) for part in where) or "the file"
        words = _words(fault) + _reason(where) + hints.get(where, "")
        found.append((mark, f"{mark}: {field}: {words}"))
    return [text for _, text in sorted(dict.fromkeys(found), key=lambda row: row[0].line)]


def _in_tree(location: Sequence[str | int], marks: Marks) -> Where:
    """Return a fault's place without the marks that pydantic adds for keys of a mapping."""
    where: Where = tuple(part for part in location if part != "[key]")
    if where != tuple(location) and where not in marks:
        return where[:-1]
    return where


def _words(fault: Any) -> str:  # pydantic's ErrorDetails, whose keys differ by kind
    """Return what was found and what is allowed, for one of pydantic's faults."""
    kind, context, given = fault["type"], fault.get("ctx", {}), fault["input"]
    found = f"; found {_shown(given)}"
    match kind:
        case "missing":
            words = "is missing"
        case "extra_forbidden":
            name = str(fault["loc"][-1])
            words = f"unknown field{suggestion(name, _allowed(fault['loc'][:-1]))}"
        case _ if kind in _KINDS:
            words = f"must be {_KINDS[kind]}{found}{_hint(given)}"
        case _ if kind in _LIMITS:
            name, limit = _LIMITS[kind]
            words = f"must be {limit} {context[name]:g}{found}"
        case "finite_number":
            words = f"must be a finite number{found}"
        case "literal_error":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            near = suggestion(str(given), allowed.split(", "))
            words = f"must be one of {allowed}{found}{near}"
        case "value_error":
            words = str(context["error"])
        case "too_short":
            words = _length("at least", context["min_length"], context)
        case "too_long":
            words = _length("at most", context["max_length"], context)
        case "string_pattern_mismatch":
            words = (
                "must be lower-case letters, digits and underscores, starting with a letter or "
                f"digit{found}"
            )
        case _:
            plain = str(fault["msg"]).replace("Input should", "must")
            words = f"{plain.replace('String should', 'must')}{found}"
    return words


def _length(limit: str, entries: int, context: Mapping[str, Any]) -> str:
    return f"must have {limit} {entries} entries; found {context['actual_length']}"


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list, tuple)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _reason(where: Where) -> str:
    """Say why a field has the limit that it has, where the limit is not plain."""
    return f" ({_REASONS[where]})" if where in _REASONS else ""


def _hint(value: Any) -> str:
    """Say what YAML made of a value that was meant otherwise."""
    if isinstance(value, bool):
        return " (YAML reads yes, no, on and off as true or false: put text in quotes)"
    return _text_hint(value) if isinstance(value, str) else ""


def _text_hint(text: str) -> str:
    """Say what was meant by a text where a number belongs."""
    if clock := re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text):
        return f" (write the hour as a decimal: {int(clock[1]) + int(clock[2]) / 60:.4g})"
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return f" (write {number!r}: 1e3, 010, 1_000 and numbers in quotes are text here)"
    if share := re.fullmatch(rf"({_DECIMAL}) ?%", text):
        return f" (write the share as a decimal: {float(share[1]) / 100:g})"
    if measure := re.fullmatch(rf"({_DECIMAL}) ?[A-Za-z/°]+[0-9]?", text):
        return f" (write {measure[1]} alone: the field's name says the unit)"
    return ""


def suggestion(name: str, known: Sequence[str]) -> str:
    """Return '; did you mean ...?' where a known name is near, else what is allowed."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; allowed here: {', '.join(sorted(known))}" if 0 < len(known) <= 15 else ""


def _allowed(location: Sequence[str | int]) -> list[str]:
    """Return the fields that the schema allows at a place."""
    model: type[BaseModel] | None = Scenario
    for part in location:
        if model is None:
            return []
        if isinstance(part, int) or part not in model.model_fields:
            continue
        model = _section(model.model_fields[part].annotation)
    return list(model.model_fields) if model is not None else []


def _section(annotation: Any) -> type[BaseModel] | None:
    """Return the section inside an annotation such as ``tuple[Camera, ...]`` or ``X | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _section(inner)
        if found is not None:
            return found
    return None
