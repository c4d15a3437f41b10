"""Where counts fell in their predictions: a histogram of tenths, with what luck alone would give.

State: none.
"""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from scipy.stats import binom

from sim.charts import theme

PANEL_WIDTH_IN, HEIGHT_IN = 2.6, 2.6
TITLE = "Where the counts fell in their predictions"
DESCRIPTION = (
    "One panel an outcome: the share of deployments whose count fell in each tenth of its "
    "predictive distribution. A prediction that is right gives a tenth in each; the band holds 95 "
    "in 100 of what luck alone would give."
)


def pit_figure(found: Mapping[str, tuple[Sequence[float], int]]) -> Figure:
    """Draw one panel an outcome.

    found : words for the outcome -> (shares of each tenth, deployments)
    """
    with theme.style():
        figure = theme.new_figure(PANEL_WIDTH_IN * len(found), HEIGHT_IN)
        panels = theme.panels_of(figure, len(found), len(found), sharey=True)
        for axes, (words, (shares, rows)) in zip(panels, found.items(), strict=True):
            tenths = len(shares)
            low, high = (float(binom.ppf(q, rows, 1 / tenths)) / rows for q in (0.025, 0.975))
            axes.axhspan(100 * low, 100 * high, color=theme.FAINT)
            axes.axhline(100 / tenths, color=theme.QUIET, linewidth=1.0, linestyle="--")
            axes.bar(
                [100 * (place + 0.5) / tenths for place in range(tenths)],
                [100 * share for share in shares],
                width=80 / tenths,
                color=theme.TEAL,
            )
            theme.plain_axes(axes)
            axes.set_title(f"{words}, {rows} deployments", loc="left", fontsize=theme.SIZES["text"])
            axes.set_xlabel("tenth of the prediction, %")
        panels[0].set_ylabel("share of deployments, %")
    return figure
