"""What a chart is made of: one description, from which all its forms are drawn.

``on_page`` draws it for the browser, ``in_file`` for a file, and ``table`` gives its numbers, so
that the three cannot differ. Kinds name meanings, not colours: each form has its own palette.

State: none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from typing import Literal

import pandas as pd

Kind = Literal["benefit", "harm", "neutral", "quiet"]
Dash = Literal["solid", "dash", "dot"]
Sign = Literal["circle", "diamond", "square", "circle-open", "diamond-open", "square-open", "x"]
MOST_DECADES = 4
WIDE = 20.0  # from this ratio of largest to smallest on an axis is logarithmic


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it shows, in which unit, and how.

    unit : in plain words; empty where the name says it
    ends : lowest and highest value shown; None: what the marks need
    """

    name: str
    unit: str = ""
    is_log: bool = False
    ends: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points in order, with what it could be as a band.

    low, high : ends of the interval at each point; empty: drawn without one, and said why nearby
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    kind: Kind = "neutral"
    dash: Dash = "solid"


@dataclass(frozen=True, slots=True)
class Dots:
    """Separate marks, each with a name of its own and perhaps an interval along either axis.

    names        : one a mark, shown when it is pointed at and in the table
    labels       : one a mark, written beside it in a file; empty: none
    low, high    : ends along the upright axis; left, right : along the other; NaN: no interval
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    names: Sequence[str] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    left: Sequence[float] = ()
    right: Sequence[float] = ()
    kind: Kind = "neutral"
    sign: Sign = "circle"
    size: float = 8.0
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, each from one number to another, as the steps of a waterfall; no intervals.

    start, end : along the lower axis; y: place along the upright one; names: one a bar
    """

    name: str
    start: Sequence[float]
    end: Sequence[float]
    y: Sequence[float]
    names: Sequence[str]
    kind: Kind = "neutral"


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: its finding as a title, what it shows in words, axes and marks.

    words  : the text alternative: what somebody who does not see it should know
    ticks  : names for places on the upright axis, where it has no numbers: place -> name; a
             new line within a name is kept in drawings and a comma in the table
    """

    title: str
    words: str
    across: Axis
    up: Axis
    marks: Sequence[Curve | Dots | Bars]
    ticks: dict[float, str] = field(default_factory=dict)
    height: int = 420


@dataclass(frozen=True, slots=True)
class Panels:
    """Several charts with the same marks side by side, for a file.

    note : what stands below them
    """

    title: str
    plots: Sequence[Plot]
    note: str = ""


def is_wide(values: Iterable[float]) -> bool:
    """Whether an axis of these values is better logarithmic."""
    shown = [float(value) for value in values if isfinite(value)]
    return bool(shown) and min(shown) > 0 and max(shown) / min(shown) > WIDE


def table(plot: Plot) -> pd.DataFrame:
    """Return the numbers of a chart, one row a mark, with their intervals as they were drawn."""
    frames = [_rows(plot, mark) for mark in plot.marks]
    found = pd.concat(frames, ignore_index=True)
    return found.dropna(axis="columns", how="all")


def _rows(plot: Plot, mark: Curve | Dots | Bars) -> pd.DataFrame:
    if isinstance(mark, Bars):
        return _bar_rows(plot, mark)
    count = len(mark.x)
    across, up = plot.across.title, plot.up.title
    spare = [float("nan")] * count
    frame = pd.DataFrame({"what": [mark.name] * count})
    if isinstance(mark, Dots) and mark.names:
        frame["which"] = list(mark.names)
    frame[across] = list(mark.x)
    if isinstance(mark, Dots) and mark.left:
        frame[f"{across}, low"], frame[f"{across}, high"] = list(mark.left), list(mark.right)
    frame[up] = _placed(plot, mark.y)
    frame[f"{up}, low"] = list(mark.low) if mark.low else spare
    frame[f"{up}, high"] = list(mark.high) if mark.high else spare
    return frame


def _bar_rows(plot: Plot, mark: Bars) -> pd.DataFrame:
    across = plot.across.title
    return pd.DataFrame(
        {
            "what": [mark.name] * len(mark.start),
            "which": list(mark.names),
            f"{across}, from": list(mark.start),
            f"{across}, to": list(mark.end),
            plot.up.title: _placed(plot, mark.y),
        }
    )


def _placed(plot: Plot, places: Sequence[float]) -> list[float | str]:
    """Return places on the upright axis by their names, where they have names."""
    named = {place: name.replace("\n", ", ") for place, name in plot.ticks.items()}
    return [named.get(place, place) for place in places]


def shown(plot: Plot, axis: Literal["x", "y"]) -> list[float]:
    """Return all values of a chart along one axis, ends of intervals included."""
    found: list[float] = []
    for mark in plot.marks:
        if isinstance(mark, Bars):
            found += [*mark.start, *mark.end] if axis == "x" else mark.y
        elif axis == "x":
            found += [*mark.x, *(() if isinstance(mark, Curve) else (*mark.left, *mark.right))]
        else:
            found += [*mark.y, *mark.low, *mark.high]
    return found


def log_ticks(values: Sequence[float]) -> list[float]:
    """Return the 1, 2 and 5 of each decade that the values span; tens alone over four decades."""
    positive = [value for value in values if isfinite(value) and value > 0]
    if not positive:
        return []
    low, high = floor(log10(min(positive))), ceil(log10(max(positive)))
    steps = (1.0, 2.0, 5.0) if high - low <= MOST_DECADES else (1.0,)
    places = [float(f"{step}e{decade}") for decade in range(low, high + 1) for step in steps]
    return [place for place in places if min(positive) / 2 <= place <= max(positive) * 2]


def shorten(words: str, most: int) -> str:
    """Return words cut to ``most`` letters, with a sign that they go on."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
