"""Any value as JSON holds it: numbers that are none are null, paths are text.

State: none.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

DIGITS = 9  # of an answer: more than any reader needs, fewer than processors differ in


def json_number(value: float, digits: int | None = None) -> float | None:
    """Return a number, None where it is infinite or not known.

    digits : significant ones that are kept; None: all
    """
    if not isfinite(value):
        return None
    return float(value) if digits is None else float(f"{value:.{digits}g}")


def json_value(value: Any, digits: int | None = None) -> Any:  # JSON is untyped
    """Return a value with all that it holds; of a dataclass its fields, see ``json_number``."""
    if is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    elif isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return json_number(value, digits)
        case Mapping():
            return {str(key): json_value(item, digits) for key, item in value.items()}
        case list() | tuple():
            return [json_value(item, digits) for item in value]
        case Path():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON")
