"""A chart of the page as a file: SVG or PNG, with its words and its provenance inside.

State: none.
"""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import theme
from sim.charts.plot import Bars, Curve, Dots, Kind, Panels, Plot

COLOURS: dict[Kind, str] = {
    "benefit": theme.TEAL,
    "harm": theme.ORANGE,
    "neutral": theme.INK,
    "quiet": theme.GREY,
}
WIDTH_IN, DOTS_AN_INCH = 7.2, 100.0
PANEL_IN, MOST_ACROSS = 4.4, 4
_DASHES = {"solid": "-", "dash": "--", "dot": ":"}
_SIGNS = {
    "circle": "o", "diamond": "D", "square": "s", "x": "x", "circle-open": "o", "diamond-open": "D",
    "square-open": "s",
}  # fmt: skip


def file_figure(plot: Plot) -> Figure:
    """Return the chart as a figure, its title included."""
    with theme.style():
        figure = theme.new_figure(WIDTH_IN, max(plot.height, 300) / DOTS_AN_INCH + 0.6)
        _draw(figure.subplots(), plot)
        if len(plot.marks) > 1:
            figure.legend(loc="outside lower left", frameon=False, ncols=2)
        theme.title_figure(figure, fill(plot.title, 84))
    return figure


def panels_figure(panels: Panels) -> Figure:
    """Return charts side by side, with one legend above and the note below."""
    wide = min(MOST_ACROSS, len(panels.plots))
    rows = -(-len(panels.plots) // wide)
    lines = panels.note.count("\n") + 1
    with theme.style():
        figure = theme.new_figure(PANEL_IN * wide, 3.6 * rows + 0.9 + 0.17 * lines)
        drawn = theme.panels_of(figure, len(panels.plots), wide, sharey=True)
        for place, (axes, plot) in enumerate(zip(drawn, panels.plots, strict=True)):
            _draw(axes, plot)
            if place % wide:
                axes.set_ylabel("")
        handles, labels = drawn[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper right", ncols=3, frameon=False)
        theme.title_figure(figure, panels.title, panels.note)
    return figure


def file_content(plot: Plot, kind: str, provenance: Mapping[str, Any]) -> bytes:
    """Return the chart as the bytes of a file; ``kind`` is svg, png, pdf or html."""
    return theme.figure_content(file_figure(plot), kind, plot.title, plot.words, provenance)


def _draw(axes: Axes, plot: Plot) -> None:
    for mark in plot.marks:
        if isinstance(mark, Curve):
            _draw_curve(axes, mark)
        elif isinstance(mark, Bars):
            _draw_bars(axes, mark)
        else:
            _draw_dots(axes, mark)
    axes.set_xlabel(plot.across.title)
    axes.set_ylabel(plot.up.title)
    if plot.across.is_log:
        axes.set_xscale("log")
    elif plot.across.ends is not None:
        axes.set_xlim(*plot.across.ends)
    if plot.up.is_log:
        axes.set_yscale("log")
    elif plot.up.ends is not None:
        axes.set_ylim(*plot.up.ends)
    if plot.ticks:
        axes.set_yticks(list(plot.ticks), list(plot.ticks.values()))
    theme.plain_axes(axes)


def _draw_curve(axes: Axes, mark: Curve) -> None:
    colour = COLOURS[mark.kind]
    if mark.low:
        axes.fill_between(mark.x, mark.low, mark.high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(mark.x, mark.y, _DASHES[mark.dash], color=colour, label=mark.name, linewidth=1.6)


def _draw_bars(axes: Axes, mark: Bars) -> None:
    colour = COLOURS[mark.kind]
    start = np.asarray(mark.start, dtype=float)
    length = np.asarray(mark.end, dtype=float) - start
    axes.barh(
        np.asarray(mark.y, dtype=float), length, left=start, height=0.5, label=mark.name,
        facecolor=(colour, 0.18), edgecolor=colour, linewidth=0.8,
    )  # fmt: skip


def _draw_dots(axes: Axes, mark: Dots) -> None:
    colour = COLOURS[mark.kind]
    x, y = np.asarray(mark.x, dtype=float), np.asarray(mark.y, dtype=float)
    if mark.low:
        axes.vlines(x, np.asarray(mark.low), np.asarray(mark.high), color=colour, linewidth=0.9)
    if mark.left:
        axes.hlines(y, np.asarray(mark.left), np.asarray(mark.right), color=colour, linewidth=0.9)
    axes.plot(
        x,
        y,
        linestyle="none",
        marker=_SIGNS[mark.sign],
        color=colour,
        markerfacecolor=theme.PAPER if mark.sign.endswith("open") else colour,
        markersize=0.6 * mark.size,
        label=mark.name,
    )
    for place, label in enumerate(mark.labels):
        if label and np.isfinite(x[place]) and np.isfinite(y[place]):
            is_right = place % 2 == 0
            axes.annotate(
                label,
                (x[place], y[place]),
                xytext=(5, 4) if is_right else (-5, -11),
                textcoords="offset points",
                ha="left" if is_right else "right",
                fontweight="bold",
            )
