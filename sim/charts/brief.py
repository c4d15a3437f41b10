"""The chart of the printed page: right matches and mistaken stops on one axis, with both spreads.

A dot is what is expected, the thin dark line what luck alone may show, the wide pale band what the
assumptions leave open. Right matches are circles and mistaken stops diamonds, so that a grey print
tells them apart. Both have one axis, so that a length means as many people in each; where one kind
is too small there to show its range, its rows stand below once more, enlarged, and say so.

State: none.
"""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim import columns as col
from sim.charts import theme

WIDTH_IN = 7.0
BENEFIT, HARM = "benefit", "harm"
ENLARGED_FROM = 12.0  # times that the axis is longer than the range of one kind
SMALL = 7.0  # points: the page around it is set in 8 to 10 of a narrower face
_AXIS_IN, _ROW_IN = 0.42, 0.19  # axis with its label; one row
_BAND, _LINE, _MARK = 9.0, 1.5, 7.5  # points
_MARKS = {BENEFIT: ("o", theme.TEAL), HARM: ("D", theme.ORANGE)}


def spread_figure(
    table: pd.DataFrame, *, kinds: Sequence[str], values: Sequence[str], axis: str
) -> Figure:
    """Draw one row a line of the table, from the top.

    table  : ``measure`` (the row's label), ``estimate``, ``luck_low``, ``luck_high``,
             ``unknown_low``, ``unknown_high``, in people
    kinds  : ``benefit`` or ``harm``, one a row
    values : the estimate in words, one a row; it stands at the right end
    axis   : what is counted, for the axis
    """
    reach = _reach(table)
    shown = [(list(range(len(table))), reach, axis)]
    for kind in (BENEFIT, HARM):
        rows = [row for row, its_kind in enumerate(kinds) if its_kind == kind]
        own = _reach(table.iloc[rows])
        if 0 < own < reach / ENLARGED_FROM:
            power = 10.0 ** np.floor(np.log10(reach / own))
            times = float(np.floor(reach / own / power) * power)  # one figure, never too many
            words = f"{axis}: the same, enlarged {times:,g} times"
            shown.append((rows, reach / times, words))
    heights = [_AXIS_IN + _ROW_IN * len(rows) for rows, *_ in shown]
    with theme.style():
        figure = theme.new_figure(WIDTH_IN, sum(heights))
        panels = figure.subplots(len(shown), 1, height_ratios=heights, squeeze=False)[:, 0]
        for panel, (rows, length, words) in zip(panels, shown, strict=True):
            _draw(
                panel,
                table.iloc[rows],
                kinds=[kinds[row] for row in rows],
                values=[values[row] for row in rows],
                length=length,
            )
            panel.set_xlabel(words, fontsize=SMALL)
    return figure


def _reach(table: pd.DataFrame) -> float:
    """Return how far the rows go to the right; 0 where all are none."""
    ends = table[[col.ESTIMATE, col.LUCK_HIGH, col.UNKNOWN_HIGH]].to_numpy(dtype=np.float64)
    return float(ends.max(initial=0.0))


def _draw(
    axes: Axes, table: pd.DataFrame, *, kinds: Sequence[str], values: Sequence[str], length: float
) -> None:
    """Draw the rows on an axis that is ``length`` people long."""
    for place, (row, kind) in enumerate(zip(table.to_dict("records"), kinds, strict=True)):
        mark, colour = _MARKS[kind]
        axes.plot(
            [row[col.UNKNOWN_LOW], row[col.UNKNOWN_HIGH]], [place, place], color=theme.FAINT,
            linewidth=_BAND, solid_capstyle="butt", zorder=2,
        )  # fmt: skip
        axes.plot(
            [row[col.LUCK_LOW], row[col.LUCK_HIGH]], [place, place], color=theme.INK,
            linewidth=_LINE, solid_capstyle="butt", zorder=3,
        )  # fmt: skip
        axes.plot(
            [row[col.ESTIMATE]], [place], marker=mark, color=colour, markersize=_MARK,
            markeredgecolor=theme.PAPER, markeredgewidth=0.8, clip_on=False, zorder=4,
        )  # fmt: skip
        axes.annotate(
            values[place], (1.0, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
            textcoords="offset points", va="center", ha="left", color=colour, weight="bold",
            fontsize=SMALL,
        )  # fmt: skip
    axes.set_yticks(range(len(table)), list(table[col.MEASURE]), fontsize=SMALL)
    axes.set_ylim(len(table) - 0.4, -0.6)
    whole = length or 1.0  # all are none: an axis all the same
    axes.set_xlim(-0.025 * whole, 1.04 * whole)  # a mark at none is drawn whole
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,g}"))
    theme.plain_axes(axes)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=SMALL)


def svg_text(figure: Figure) -> str:
    """Return a figure as SVG for the page, the same text for the same figure; text stays text."""
    buffer = io.StringIO()
    with theme.style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
