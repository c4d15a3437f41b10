"""What moves each outcome: a panel an outcome, all of one size, a dot an index.

State: none.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import columns as col
from sim.charts import theme

MOST_ROWS = 12
PANEL_IN, ROW_IN = 5.0, 0.34
MARKERS = {  # measure: colour, filled, label
    "total": (theme.ORANGE, True, "with what it does together with others"),
    "first_order": (theme.TEAL, False, "alone"),
    "mu_star": (theme.ORANGE, True, "mu*, mean size of the move"),
    "mu": (theme.TEAL, False, "mu, mean of the move"),
}
AXES = {
    "morris": "change of the natural logarithm\nover the whole range",
    "sobol": "share of the variance\nof the logarithm",
    "slices": "share of the variance\nof the logarithm",
}
TITLES = {
    "morris": "What moves the outcome: Morris screening",
    "sobol": "What moves the outcome: Sobol' indices",
    "slices": "What moves the outcome: first-order shares",
}


def title_of(method: str) -> str:
    """Return the figure's title."""
    return TITLES[method]


def sensitivity_figure(indices: pd.DataFrame, method: str) -> Figure:
    """Draw a panel an outcome, the factor that moves it most on top.

    indices : outcome, name, measure, estimate, low, high; factors of an outcome in order; the
              measure noise_floor is what replications alone would give of the leading index
    """
    outcomes = list(dict.fromkeys(indices[col.OUTCOME]))
    rows = max(
        min(MOST_ROWS, indices.loc[indices[col.OUTCOME] == outcome, col.NAME].nunique())
        for outcome in outcomes
    )
    with theme.style():
        figure = theme.new_figure(PANEL_IN * len(outcomes), 2.0 + ROW_IN * rows)
        panels = theme.panels_of(figure, len(outcomes), len(outcomes), sharex=True)
        for axes, outcome in zip(panels, outcomes, strict=True):
            _panel(axes, indices[indices[col.OUTCOME] == outcome], rows)
            axes.set_title(outcome.replace("_", " "), fontsize=theme.SIZES["text"], loc="left")
            axes.set_xlabel(AXES[method])
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=len(handles),
            frameon=False,
            fontsize=theme.SIZES["small"],
        )
        theme.title_figure(figure, TITLES[method])
    return figure


def _panel(axes: Axes, indices: pd.DataFrame, rows: int) -> None:
    names = list(dict.fromkeys(indices[col.NAME]))[:MOST_ROWS]
    shown = indices[indices[col.NAME].isin(names)]
    places = {name: rows - 1 - place for place, name in enumerate(names)}
    for measure, (colour, is_filled, label) in MARKERS.items():
        part = shown[shown[col.MEASURE] == measure]
        if part.empty:
            continue
        height = part[col.NAME].map(places).to_numpy(dtype=np.float64) + (
            0.12 if is_filled else -0.12
        )
        axes.hlines(height, part[col.LOW], part[col.HIGH], color=colour, linewidth=1.4)
        axes.plot(
            part[col.ESTIMATE],
            height,
            linestyle="none",
            marker="o" if is_filled else "s",
            markersize=5,
            color=colour,
            markerfacecolor=colour if is_filled else theme.PAPER,
            label=label,
        )
    floor = shown[(shown[col.MEASURE] == "noise_floor") & shown[col.ESTIMATE].notna()]
    if len(floor):
        height = floor[col.NAME].map(places).to_numpy(dtype=np.float64) + 0.12
        axes.plot(
            floor[col.ESTIMATE],
            height,
            linestyle="none",
            marker="|",
            markersize=11,
            color=theme.GREY,
            label="noise floor: replications alone",
        )
    axes.axvline(0.0, color=theme.QUIET, linewidth=0.8)
    axes.set_yticks(list(places.values()), list(places))
    axes.set_ylim(-0.7, rows - 0.3)
    theme.plain_axes(axes)
