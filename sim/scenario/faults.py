"""What is wrong with a scenario, in words: where, what was found, what is allowed, what was meant.

State: none.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.scenario.schema import Scenario
from sim.scenario.yaml_safe import Where

_LONGEST = 60  # characters of a found value that a message repeats
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


def lines_of(error: ValidationError, *, origin: str, lines: Mapping[Where, int]) -> list[str]:
    """Return one line a fault, in the order of the file."""
    found = []
    for fault in error.errors(include_url=False):
        where = _in_tree(fault["loc"], lines)
        line = next((lines[where[:n]] for n in range(len(where), 0, -1) if where[:n] in lines), 0)
        place = f"{origin}:{line}" if line else origin
        field = ".".join(str(part) for part in where) or "the file"
        found.append((line, f"{place}: {field}: {_words(fault)}"))
    return [text for _, text in sorted(dict.fromkeys(found), key=lambda row: row[0])]


def _in_tree(location: Sequence[str | int], lines: Mapping[Where, int]) -> Where:
    """Return a fault's place without the marks that pydantic adds for keys of a mapping."""
    where: Where = tuple(part for part in location if part != "[key]")
    if where != tuple(location) and where not in lines:
        return where[:-1]
    return where


def _words(fault: Any) -> str:  # pydantic's ErrorDetails, whose keys differ by kind
    kind, context = fault["type"], fault.get("ctx", {})
    found = _shown(fault["input"])
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        name = str(fault["loc"][-1])
        return f"unknown field{suggestion(name, _allowed(fault['loc'][:-1]))}"
    if kind in _KINDS:
        return f"must be {_KINDS[kind]}; found {found}{_hint(fault['input'])}"
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return f"must be {words} {context[name]:g}; found {found}"
    if kind == "finite_number":
        return f"must be a finite number; found {found}"
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        names = allowed.split(", ")
        return f"must be one of {allowed}; found {found}{suggestion(str(fault['input']), names)}"
    if kind == "value_error":
        return str(context["error"])
    if kind in ("too_short", "too_long"):
        limit = context.get("min_length", context.get("max_length"))
        words = "at least" if kind == "too_short" else "at most"
        return f"must have {words} {limit} entries; found {context['actual_length']}"
    if kind == "string_pattern_mismatch":
        return (
            "must be lower-case letters, digits and underscores, starting with a letter or "
            f"digit; found {found}"
        )
    message = str(fault["msg"]).replace("Input should", "must").replace("String should", "must")
    return f"{message[0].lower()}{message[1:]}; found {found}"


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list, tuple)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _hint(value: Any) -> str:
    """Say what YAML made of a value that was meant otherwise."""
    if isinstance(value, bool):
        return " (YAML reads yes, no, on and off as true or false: put text in quotes)"
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return ""
        return f" (write {number!r}: YAML takes 1e3 and numbers in quotes for text)"
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
