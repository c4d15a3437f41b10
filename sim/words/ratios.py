"""Mistaken stops for so many right matches: a ratio and its ends, all on one base.

The base is a power of ten, chosen so that the ratio and its ends are whole people.

State: none.
"""

from collections.abc import Iterable, Mapping
from math import floor, inf, isfinite
from typing import Any, NamedTuple

from sim.words.numbers import Amount, ends, people_amount, upper_end, whole

BASES = tuple(int(f"1{'0' * zeros}") for zeros in range(10))
MOST_FOR_AN_END = 10_000  # no larger base for the sake of an end of the range alone
CLOSE = 0.1  # a whole number this near, as a share, stands for what it is near
ICON_BASES = (1, 2, 5, 10, 20, 50, 100)
MOST_ICONS = 100


class OnBase(NamedTuple):
    """A ratio for ``base`` right matches: the value, and its range in words (empty: none known)."""

    base: int
    value: str
    spread: str

    def __str__(self) -> str:
        """Return ``2 (1 to 6)``."""
        return str(Amount(self.value, self.spread))

    @property
    def matches(self) -> str:
        """What the base counts: ``100 people rightly matched``."""
        if self.base == 1:
            return "person rightly matched"
        return f"{whole(self.base)} people rightly matched"


def is_close(value: float) -> bool:
    """Return whether some whole number of people stands for a value, within a tenth of it."""
    nearest = floor(value + 0.5)
    return nearest >= 1 and abs(nearest - value) <= CLOSE * value


def base_of(values: Iterable[float], ends: Iterable[float] = ()) -> int:
    """Return the smallest base on which every value, and every end that can be, is whole people."""
    softer = [end for end in ends if 0 < end < inf]
    firm = [value for value in values if 0 < value < inf] or softer[-1:]
    fitting = [base for base in BASES if all(is_close(base * value) for value in firm)]
    for base in fitting:
        if base > MOST_FOR_AN_END:
            break
        if all(is_close(base * end) for end in softer):
            return base
    return fitting[0] if fitting else BASES[-1]


def for_matches(base: int) -> str:
    """Return what a ratio is for: ``for each``, ``for every 100``."""
    return "for each" if base == 1 else f"for every {whole(base)}"


def ratio_label(base: int) -> str:
    """Return the label of the ratio's row."""
    return f"Mistaken stops {for_matches(base)} right {'match' if base == 1 else 'matches'}"


def on_one_base(value: float, low: float, high: float, *, base: int | None = None) -> OnBase:
    """Return a ratio with its range.

    >>> str(on_one_base(0.02, 0.01, 0.06)), on_one_base(0.02, 0.01, 0.06).base
    ('2 (1 to 6)', 100)
    """
    base = base_of([value], [low, high]) if base is None else base
    return OnBase(base, *people_amount(base * value, base * low, base * high))


def of_json(ratio: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return estimate, low and high of a ratio of the JSON object: infinite or unknown for null."""
    return upper_end(ratio["low"], ratio["estimate"]), *ends(ratio)


def icons(pairs: Iterable[tuple[float, float]]) -> tuple[int, list[int]] | None:
    """Return for how many right matches to draw mistaken stops as icons, and how many for each.

    Whole people only: None where no base is small enough to count by eye.

    pairs : (right matches, mistaken stops) of every answer side by side
    """
    ratios = [mistaken / right if right > 0 else inf for right, mistaken in pairs]
    if not all(map(isfinite, ratios)):
        return None
    for base in ICON_BASES:
        drawn = [base * ratio for ratio in ratios]
        if all(value == 0 or is_close(value) for value in drawn) and max(drawn) <= MOST_ICONS:
            return base, [floor(value + 0.5) for value in drawn]
    return None
