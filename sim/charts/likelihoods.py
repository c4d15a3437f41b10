"""Profile likelihoods of fitted numbers: how sharply the record speaks for each.

State: none.
"""

import pandas as pd
from matplotlib.figure import Figure

from sim import columns as col
from sim.charts import theme

PANEL_WIDTH_IN, PANEL_HEIGHT_IN, ACROSS = 2.9, 2.2, 3
INTERVAL_DROP = -1.92  # log likelihood units: half of chi-squared's 95 % quantile, 1 df
TITLE = "How sharply the published record speaks for each fitted number"
DESCRIPTION = (
    "One panel a fitted number: its profile log likelihood, highest at the best value, with the "
    "register's value and the height above which lies the 95 % interval."
)


def likelihood_figure(curves: pd.DataFrame, values: pd.DataFrame) -> Figure:
    """Draw one panel a number.

    curves : name, value, log_likelihood relative to the best
    values : name, estimate; what the register holds, on the same scale
    """
    names = list(dict.fromkeys(curves[col.NAME]))
    down = -(-len(names) // ACROSS)
    with theme.style():
        figure = theme.new_figure(PANEL_WIDTH_IN * ACROSS, PANEL_HEIGHT_IN * down + 0.7)
        panels = theme.panels_of(figure, len(names), ACROSS)
        for axes, name in zip(panels, names, strict=True):
            rows = curves[curves[col.NAME] == name]
            axes.plot(rows[col.VALUE], rows[col.LOG_LIKELIHOOD], color=theme.TEAL)
            axes.axhline(INTERVAL_DROP, color=theme.QUIET, linewidth=0.8, linestyle=":")
            held = float(values.loc[values[col.NAME] == name, col.ESTIMATE].iloc[0])
            axes.axvline(held, color=theme.ORANGE, linewidth=1.0, linestyle="--")
            axes.set_title(name, loc="left", fontsize=theme.SIZES["text"])
            theme.plain_axes(axes)
        for axes in panels[::ACROSS]:
            axes.set_ylabel("log likelihood")
        note = "Dashed: the register's value.  Above the dotted line: the 95 % interval."
        theme.title_figure(figure, TITLE, note, colour=theme.QUIET)
    return figure
