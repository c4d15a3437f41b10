"""The capture chart: share of looks captured against crowd density, one panel a camera setting.

State: none.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import columns as col
from sim.charts import theme

PANEL_WIDTH_IN, PANEL_HEIGHT_IN, MOST_ACROSS = 3.6, 3.4, 3
LABEL_GAP = 0.065  # of the height of a panel, between labels at line ends
NEAR_THE_END = 0.9  # of the width: a measured line that gets so far carries its label
LABEL_ROOM = 0.34  # of the width of a panel, right of the last point, for those labels


class Line(NamedTuple):
    """One part of the crowd: which rows, what it is called, how it is drawn."""

    sex: str
    age_band: str
    label: str
    colour: str
    marker: str
    dashes: tuple[float, ...]


TITLE = "In a crowd, cameras capture fewer looks at those who are short"
LINES = (
    Line("male", "adult", "men", theme.TEAL, "s", ()),
    Line("all", "older", "65 and over", theme.GREY, "D", (1, 1)),
    Line("female", "adult", "women", theme.ORANGE, "o", ()),
    Line("all", "child", "children", theme.INDIGO, "^", (4, 1.5)),
)
NOTE = (
    "Bands: interval of the walk.  Filled marks: steady crowd, whole passages.  Open marks: the "
    "street fills up, moments at that density.\nThin dotted lines: the same people standing at "
    "random (closed form).  65 and over and children: both sexes.  No matcher is involved."
)


def capture_figure(table: pd.DataFrame, standing: pd.DataFrame, *, measure: str) -> Figure:
    """Draw one panel a setting: density across, share captured upwards, a line a kind of people.

    table    : one row a setting, density, part of the crowd and measure, with its interval
    standing : the closed form, one row a setting, part of the crowd and density
    measure  : which rows of ``table`` are drawn
    """
    settings = list(dict.fromkeys(standing[col.SETTING]))
    across = min(MOST_ACROSS, len(settings))
    down = -(-len(settings) // across)
    with theme.style():
        figure = theme.new_figure(PANEL_WIDTH_IN * across, PANEL_HEIGHT_IN * down + 1.0)
        panels = theme.panels_of(figure, len(settings), across, sharex=True, sharey=True)
        measured = table[col.DENSITY].max() if len(table) else 0.0
        furthest = max(float(standing[col.DENSITY].max()), float(measured))
        for axes, setting in zip(panels, settings, strict=True):
            rows = table[(table[col.SETTING] == setting) & (table[col.MEASURE] == measure)]
            curves = standing[standing[col.SETTING] == setting]
            _panel(axes, rows, curves, furthest)
            axes.set_title(f"Camera: {setting}", loc="left", fontsize=theme.SIZES["text"])
        for axes in panels[::across]:
            axes.set_ylabel("share of looks captured")
        for axes in panels[-across:]:
            axes.set_xlabel("people a square metre in the cameras' zone")
        theme.title_figure(figure, TITLE, NOTE, colour=theme.QUIET)
    return figure


def describe(table: pd.DataFrame, *, measure: str) -> str:
    """Return the chart in words, for those who do not see it."""
    parts = []
    rows = table[table[col.MEASURE] == measure].dropna(subset=[col.ESTIMATE])
    for setting, of_setting in rows.groupby(col.SETTING, sort=False):
        densest = of_setting[of_setting[col.DENSITY] == of_setting[col.DENSITY].max()]
        said = [
            f"{line.label} {value:.2f}"
            for line in LINES
            for value in _part(densest, line)[col.ESTIMATE].tolist()
        ]
        density = densest[col.DENSITY].iloc[0]
        parts.append(f"{setting}: at {density:.2g} people a square metre {', '.join(said)}")
    return (
        "Share of looks captured against crowd density, one panel a camera setting. "
        + ("; ".join(parts) or "No density was reached: only the closed form is drawn")
        + "."
    )


def _part(rows: pd.DataFrame, line: Line) -> pd.DataFrame:
    meant = (rows[col.SEX] == line.sex) & (rows[col.AGE_BAND] == line.age_band)
    return rows[meant].sort_values(col.DENSITY)


def _panel(axes: Axes, rows: pd.DataFrame, curves: pd.DataFrame, furthest: float) -> None:
    theme.plain_axes(axes)
    axes.set_xlim(0, furthest * (1 + LABEL_ROOM))
    axes.set_ylim(0, 1.02)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= furthest])
    axes.tick_params(labelbottom=True)
    ends = []
    for line in LINES:
        curve = _part(curves, line)
        x, y = curve[col.DENSITY].to_numpy(), curve[col.STANDING].to_numpy()
        axes.plot(x, y, color=line.colour, linewidth=0.9, linestyle=(0, (1, 2)))
        part = _part(rows, line).dropna(subset=[col.ESTIMATE])
        _measured(axes, part, line)
        reaches = len(part) > 0 and part[col.DENSITY].iloc[-1] > NEAR_THE_END * furthest
        ends.append(float(part[col.ESTIMATE].iloc[-1] if reaches else y[-1]))
    heights = theme.spread_labels(ends, LABEL_GAP, 0.02, 1.0)
    for line, end, height in zip(LINES, ends, heights, strict=True):
        if np.isfinite(end):
            axes.annotate(
                line.label,
                (furthest * 1.035, height),
                color=line.colour,
                va="center",
                fontsize=theme.SIZES["text"],
            )


def _measured(axes: Axes, part: pd.DataFrame, line: Line) -> None:
    x, y = part[col.DENSITY].to_numpy(), part[col.ESTIMATE].to_numpy()
    low, high = part[col.LOW].to_numpy(), part[col.HIGH].to_numpy()
    steady = part[col.IS_STEADY].to_numpy(dtype=bool)
    axes.fill_between(x, low, np.minimum(high, 1.0), color=line.colour, alpha=0.15, linewidth=0)
    axes.plot(x, y, color=line.colour, linewidth=1.8, dashes=line.dashes or (None, None))
    for filled, face in ((True, line.colour), (False, theme.PAPER)):
        chosen = steady == filled
        axes.plot(
            x[chosen],
            y[chosen],
            linestyle="none",
            marker=line.marker,
            markersize=4.5,
            markerfacecolor=face,
            markeredgecolor=line.colour,
        )
