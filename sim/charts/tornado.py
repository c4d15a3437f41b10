"""The tornado: how far the headline moves when each number goes over its range.

State: none.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim import columns as col
from sim.charts import theme

MOST_BARS = 15
WIDTH_IN, BAR_HEIGHT_IN = 8.0, 0.3
TITLE = "What the ratio leans on"


def tornado_figure(table: pd.DataFrame, headline: float) -> Figure:
    """Draw a bar an entry, the longest on top, from its low end to its high end.

    table    : of ``sim.answer.trace``: name, low, high, ratio_at_low, ratio_at_high, swing
    headline : the ratio with every number at its value; the line between the bars' two colours
    """
    rows = table[np.isfinite(table[col.SWING]) & (table[col.SWING] > 1.0)].head(MOST_BARS)
    rows = rows[(rows[col.RATIO_AT_LOW] > 0) & (rows[col.RATIO_AT_HIGH] > 0)]
    with theme.style():
        figure = theme.new_figure(WIDTH_IN, 1.6 + BAR_HEIGHT_IN * max(len(rows), 1))
        axes = figure.subplots()
        places = np.arange(len(rows))[::-1]
        ends = (
            (col.RATIO_AT_LOW, theme.TEAL, "number at the low end of its range"),
            (col.RATIO_AT_HIGH, theme.ORANGE, "at the high end"),
        )
        for column, colour, label in ends:
            ratio = rows[column].to_numpy(dtype=np.float64)
            axes.barh(
                places, ratio - headline, left=headline, color=colour, label=label, height=0.7
            )
        axes.set_yticks(places, [_label(row) for row in rows.to_dict("records")])
        axes.axvline(headline, color=theme.INK, linewidth=1.0)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
        axes.set_xlabel("mistaken stops per true match (log scale)")
        theme.plain_axes(axes)
        if len(rows):
            axes.legend(frameon=False, loc="lower right", fontsize=theme.SIZES["small"])
        theme.title_figure(figure, TITLE)
    return figure


def _label(row: dict[str, float | str]) -> str:
    return f"{row[col.NAME]}  {row[col.LOW]:.3g} to {row[col.HIGH]:.3g}"
