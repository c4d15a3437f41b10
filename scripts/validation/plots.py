"""The plots of the experiments: small SVG files, the same bytes for the same numbers.

Colours are Okabe and Ito's, told apart by the colour-blind; markers and lines differ, too.
"""

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.validation import published
from scripts.validation.results import MODELS

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#777777"
LOOKS: Mapping[str, tuple[str, str, str]] = dict(
    zip(MODELS, ((BLUE, "o", "-"), (ORANGE, "s", "--")), strict=True)
)
SIZE = (5.2, 3.4)  # inches: readable in a column
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "passerby",
    "svg.fonttype": "none",
    "font.size": 10,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9,
}
Curves = Mapping[str, Any]


def drawn(plot: str, curves: Curves) -> str:
    """Return the SVG text of the plot called ``plot``."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        PLOTS[plot](figure, curves)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _band(axes: Axes, x: str, y: str, curves: Curves) -> None:
    """Draw each model's line with the range over seeds."""
    for model, curve in curves.items():
        colour, marker, line = LOOKS[model]
        at, value = np.array(curve[x]), np.array(curve[y])
        bars = [value - np.array(curve["low"]), np.array(curve["high"]) - value]
        axes.errorbar(
            at, value, yerr=bars, color=colour, marker=marker, linestyle=line, markersize=4,
            capsize=2, linewidth=1.4, label=model,
        )  # fmt: skip


def _one_way(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    density = np.linspace(0.2, 4.0, 200)
    axes.plot(density, published.weidmann(density), color=GREY, label="Weidmann 1993")
    axes.plot(*published.HERMES.T, "x", color="black", label="HERMES, measured")
    _band(axes, "density", "speed", curves)
    axes.set(xlabel="density (people/m²)", ylabel="mean speed (m/s)", xlim=(0, 4.1), ylim=(0, 1.45))
    axes.legend()


def _two_way(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    _band(axes, "density", "speed", curves)
    axes.plot(
        published.TWO_WAY_DENSITY, published.TWO_WAY_SPEED, "*", color="black", markersize=11,
        label="measured, BI_CORR_400",
    )  # fmt: skip
    for model, curve in curves.items():
        colour, marker, _ = LOOKS[model]
        axes.plot(
            curve["density"], curve["standing"], color=colour, marker=marker, linestyle=":",
            markersize=3, linewidth=1, label=f"share standing, {model}",
        )  # fmt: skip
    axes.set(
        xlabel="density, half each way (people/m²)",
        ylabel="mean speed (m/s); share",
        xlim=(0, 2.1),
        ylim=(0, 1.45),
    )
    axes.legend(fontsize=8)


def _bottleneck(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    width = np.linspace(0.7, 2.5, 2)
    axes.fill_between(
        width, published.FLOW_LOW * width, published.FLOW_HIGH * width, color="#e8e8e8",
        label="1.3 to 2.2 a metre and second",
    )  # fmt: skip
    axes.plot(width, published.IMO_FLOW_LIMIT * width, color=GREY, label="IMO limit, 1.33")
    _band(axes, "width", "flow", curves)
    axes.set(xlabel="width of the opening (m)", ylabel="flow (people/s)", xlim=(0.7, 2.5))
    axes.set_ylim(bottom=0)
    axes.legend()


def _counterflow(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    opposing, time = zip(*published.COUNTERFLOW_S.items(), strict=True)
    axes.plot(opposing, time, "x-", color=GREY, label="FDS+Evac")
    for model, curve in curves.items():
        colour, marker, line = LOOKS[model]
        runs = np.array(curve["time"], dtype=float)
        middle = np.array([np.mean(row[np.isfinite(row)]) if np.isfinite(row).any() else np.nan
                           for row in runs])  # fmt: skip
        axes.plot(curve["opposing"], middle, color=colour, marker=marker, linestyle=line,
                  label=model)  # fmt: skip
        axes.plot(np.repeat(curve["opposing"], runs.shape[1]), runs.ravel(), marker,
                  color=colour, markersize=3, alpha=0.5)  # fmt: skip
    axes.set(xlabel="people coming the other way", ylabel="last of 100 across (s)")
    axes.set_ylim(bottom=0)
    axes.legend()


def _lanes(figure: Figure, curves: Curves) -> None:
    all_axes = np.atleast_1d(figure.subplots(len(curves), 1, sharex=True))
    for axes, (model, curve) in zip(all_axes, curves.items(), strict=True):
        x, y, heading = (np.array(curve[name]) for name in ("x", "y", "heading"))
        for sign, marker, colour in ((1, ">", BLUE), (-1, "<", ORANGE)):
            mine = heading == sign
            axes.plot(x[mine], y[mine], marker, color=colour, markersize=4, linestyle="none")
        axes.set(title=f"{model}, {curve['density']:g} people/m²", ylabel="across (m)")
        axes.set_ylim(0, 4)
        axes.grid(visible=False)
    all_axes[-1].set_xlabel("along (m); each mark points the way the person walks")


def _parties(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    size = np.array([1.0, 4.0])
    axes.plot(size, 1.26 - 0.04 * size, color=GREY, label="Moussaïd 2010, A: 1.26 - 0.04 n")
    axes.plot(size, 1.24 - 0.08 * size, ":", color=GREY, label="Moussaïd 2010, B: 1.24 - 0.08 n")
    _band(axes, "size", "speed", curves)
    axes.set(xlabel="people in the party", ylabel="mean speed (m/s)", xticks=[1, 2, 3, 4])
    axes.legend()


def _arrivals(figure: Figure, curves: Curves) -> None:
    axes = figure.subplots()
    hour = np.array(curves["hour"]) + 0.5
    axes.fill_between(hour, curves["low"], curves["high"], color="#cfe3f2",
                      label="8 of 10 simulated days")  # fmt: skip
    axes.plot(hour, curves["ours"], "o-", color=BLUE, markersize=4, label="mean, simulated")
    axes.plot(hour, curves["counted"], "x", color="black", label="counted profile")
    axes.set(xlabel="hour of the day", ylabel="people an hour")
    axes.set_ylim(bottom=0)
    axes.legend()


PLOTS: Mapping[str, Callable[[Figure, Curves], None]] = {
    "walk-one-way": _one_way,
    "walk-two-way": _two_way,
    "walk-bottleneck": _bottleneck,
    "walk-counterflow": _counterflow,
    "walk-lanes": _lanes,
    "walk-parties": _parties,
    "walk-arrivals": _arrivals,
}
