"""The chart of the printed page: right matches and mistaken stops on one axis, with both spreads.

A dot is what is expected, the thin dark line what luck alone may show, the wide pale band what the
assumptions leave open. Right matches are circles and mistaken stops diamonds, so that a grey print
tells them apart; both have one axis, so that a length means the same number of people in each.

State: none.
"""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim import columns as col
from sim.charts import theme

WIDTH_IN = 7.0
_HEAD_IN, _ROW_IN = 0.5, 0.23  # axis with its label; one row
_BAND, _LINE = 9.0, 1.5  # points
BENEFIT, HARM = "benefit", "harm"
SMALL = theme.SIZES["small"]
_MARKS = {"benefit": ("o", theme.TEAL), "harm": ("D", theme.ORANGE)}


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
    ends = table[[col.ESTIMATE, col.LUCK_HIGH, col.UNKNOWN_HIGH]].to_numpy(dtype=np.float64)
    reach = float(ends[np.isfinite(ends)].max(initial=0.0)) or 1.0
    with theme.style():
        figure = theme.new_figure(WIDTH_IN, _HEAD_IN + _ROW_IN * len(table))
        axes = figure.subplots()
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
                [row[col.ESTIMATE]], [place], marker=mark, color=colour, markersize=7.5,
                markeredgecolor=theme.PAPER, markeredgewidth=0.8, clip_on=False, zorder=4,
            )  # fmt: skip
            axes.annotate(
                values[place], (1.0, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
                textcoords="offset points", va="center", ha="left", color=colour, weight="bold",
                fontsize=SMALL,
            )  # fmt: skip
        axes.set_yticks(range(len(table)), list(table[col.MEASURE]), fontsize=SMALL)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_xlim(-0.025 * reach, 1.04 * reach)  # a mark at none is drawn whole
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,g}"))
        axes.set_xlabel(axis, fontsize=SMALL)
        theme.plain_axes(axes)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", labelsize=SMALL)
    return figure


def svg_text(figure: Figure) -> str:
    """Return a figure as SVG for the page, the same text for the same figure; text stays text."""
    buffer = io.StringIO()
    with theme.style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
