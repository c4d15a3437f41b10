"""What counts as failing, as the user writes it: NAME OP NUMBER, joined by ``and``.

State: none. Text is taken apart, never evaluated.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from sim.errors import SimError
from sim.scenario.faults import suggestion

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST = 1000
_TERM = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*)\s*(>=|<=|>|<)\s*(\S+)\s*\Z")
_COMPARED = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of an outcome with a number; nan fulfils none."""

    outcome: str
    sign: str
    value: float

    def holds(self, values: Floats) -> Bools:
        """Return where it is fulfilled."""
        return np.asarray(_COMPARED[self.sign](values, self.value), dtype=np.bool_)

    def __str__(self) -> str:
        """Return the comparison as it is written."""
        return f"{self.outcome} {self.sign} {self.value:g}"


def conditions(text: str, known: Sequence[str]) -> tuple[Condition, ...]:
    """Return the comparisons of a text; raise a SimError that says which part is at fault."""
    if len(text) > LONGEST:
        raise SimError(f"--fails: {len(text):,} characters; at most {LONGEST:,}")
    found = []
    for term in re.split(r"\s+and\s+", text.strip()):
        match = _TERM.match(term)
        if match is None:
            raise SimError(
                f"--fails '{text}': '{term}' is not NAME OP NUMBER with one of >, >=, <, <=, such "
                "as 'false_stops_per_true_match > 0.1'; several are joined by 'and'"
            )
        name, sign, number = match.groups()
        if name not in known:
            raise SimError(f"--fails '{text}': unknown outcome '{name}'{suggestion(name, known)}")
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise SimError(f"--fails '{text}': '{number}' is not a number")
        found.append(Condition(name, sign, value))
    return tuple(found)


def all_hold(wanted: Sequence[Condition], values: Mapping[str, Floats]) -> Bools:
    """Return where every comparison is fulfilled."""
    held = np.stack([one.holds(values[one.outcome]) for one in wanted])
    return np.asarray(held.all(axis=0), dtype=np.bool_)
