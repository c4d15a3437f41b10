"""Cases that fail and cases that do not, in the two factors that a box restricts most.

State: none.
"""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim import columns as col
from sim.charts import theme

TITLE = "Where it fails"
MOST_POINTS = 1000  # more would be a blot
SPREAD = 0.3  # how far cases with the same value are set apart, of the step between values
FEW_VALUES = 12
_STEPS = np.arange(1, MOST_POINTS + 1, dtype=np.float64)
EVEN = (0.7548776662466927, 0.5698402909980532)  # fill a square evenly, the same each time


def discovery_figure(
    cases: pd.DataFrame, restrictions: Sequence[Mapping[str, Any]], *, said: str
) -> Figure:
    """Draw cases as points, failing ones filled, and the box as a frame.

    cases        : factors, then ``fails``
    restrictions : name, low, high, values of each, the most telling first; none: no frame
    said         : the finding as a sentence
    """
    factors = [str(name) for name in cases.columns if name != col.FAILS]
    names = [str(one["name"]) for one in restrictions[:2]]
    names += [name for name in factors if name not in names][: 2 - len(names)]
    # Drawn at random: every so-manieth case of a regular design would be the same draw again.
    shown = cases.sample(min(MOST_POINTS, len(cases)), random_state=0)
    fails = shown[col.FAILS].to_numpy(dtype=bool)
    by_name = {str(one["name"]): one for one in restrictions}
    with theme.style():
        figure = theme.new_figure(6.4, 5.6)
        axes = figure.subplots()
        places, frames = [], []
        for axis, name in enumerate(names):
            place, frame = _places(shown[name], cases[name], by_name.get(name), axes, axis)
            places.append(place)
            frames.append(frame)
        if len(names) == 1:
            places.append(np.mod(_STEPS[: len(shown)] * EVEN[1], 1.0))
            frames.append((0.0, 1.0))
            axes.set_yticks([])
        across, up = places[0], places[1]
        axes.plot(
            across[~fails],
            up[~fails],
            "o",
            markersize=3.5,
            markerfacecolor="none",
            color=theme.GREY,
            alpha=0.6,
            label="does not fail",
        )
        axes.plot(across[fails], up[fails], "x", markersize=4, color=theme.ORANGE, label="fails")
        if restrictions:
            (left, right), (low, high) = frames
            axes.add_patch(
                Rectangle(
                    (left, low),
                    right - left,
                    high - low,
                    fill=False,
                    edgecolor=theme.INK,
                    linewidth=1.8,
                    label="the box",
                )
            )
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1] if len(names) > 1 else "cases, spread out")
        theme.plain_axes(axes)
        figure.legend(loc="outside upper right", ncols=3, frameon=False)
        theme.title_figure(figure, TITLE, fill(said, 100))
    return figure


def _places(
    shown: pd.Series,
    every: pd.Series,
    restriction: Mapping[str, Any] | None,
    axes: Axes,
    axis: int,
) -> tuple["np.ndarray[Any, np.dtype[np.float64]]", tuple[float, float]]:
    """Return where cases stand on an axis, and the ends of the box there."""
    is_number = bool(pd.api.types.is_numeric_dtype(every)) and every.dtype != bool
    values = every.drop_duplicates().sort_values().tolist()
    if is_number and len(values) > FEW_VALUES:
        least, most = float(values[0]), float(values[-1])
        margin = 0.03 * (most - least)
        low, high = least - margin, most + margin
        if restriction is not None:
            low = low if restriction["low"] is None else float(restriction["low"])
            high = high if restriction["high"] is None else float(restriction["high"])
        return shown.to_numpy(dtype=np.float64), (low, high)
    ticks = list(range(len(values)))
    labels = [f"{value:g}" if is_number else str(value) for value in values]
    (axes.set_xticks if axis == 0 else axes.set_yticks)(ticks, labels)
    code = {value: place for place, value in enumerate(values)}
    spread = SPREAD * (2 * np.mod(_STEPS[: len(shown)] * EVEN[axis], 1.0) - 1)
    place = shown.map(code).to_numpy(dtype=np.float64) + spread
    inside = [code[value] for value in values if _is_inside(value, restriction)]
    return place, (min(inside) - 0.4, max(inside) + 0.4)


def _is_inside(value: Any, restriction: Mapping[str, Any] | None) -> bool:
    if restriction is None:
        return True
    if restriction["values"] is not None:
        return value in restriction["values"]
    low, high = restriction["low"], restriction["high"]
    return (low is None or value >= low) and (high is None or value <= high)
