"""Funnel plots of a log: each deployment's rate by its size, in the limits of the record.

State: none.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim import columns as col
from sim.charts import theme

WIDTH_IN, HEIGHT_IN = 7.0, 4.0
TITLE = "Deployments of the log against the published record"


def funnel_figure(
    table: pd.DataFrame, curve: pd.DataFrame, *, rate: float, counts: str, unit: str
) -> Figure:
    """Draw each deployment's rate against its size, with the limits of 95 and 99.8 %.

    table : one row a deployment: exposed, rate, and on which side of the limits it lies
    curve : exposed, and low and high of each level as rates, by size
    rate  : the record's
    """
    scale, words = (1000.0, "1,000 faces") if unit == "face" else (1.0, "hour")
    with theme.style():
        figure = theme.new_figure(WIDTH_IN, HEIGHT_IN)
        axes = figure.subplots()
        theme.plain_axes(axes)
        size = curve[col.EXPOSED]
        for level, line in (("99.8", ":"), ("95", "--")):
            low, high = curve[f"{col.LOW}_{level}"] * scale, curve[f"{col.HIGH}_{level}"] * scale
            axes.step(size, high, color=theme.QUIET, linestyle=line, linewidth=1.0, where="post")
            axes.step(size, low, color=theme.QUIET, linestyle=line, linewidth=1.0, where="post")
            axes.annotate(f" {level} %", (size.iloc[-1], high.iloc[-1]), color=theme.QUIET)
        axes.axhline(rate * scale, color=theme.INK, linewidth=1.2)
        axes.annotate(" record", (size.iloc[-1], rate * scale), va="bottom")
        inside = table[f"{col.SIDE}_95"] == "inside"
        for where, marker, colour in ((inside, "o", theme.TEAL), (~inside, "D", theme.ORANGE)):
            rows = table[where]
            axes.plot(
                rows[col.EXPOSED], rows[col.RATE] * scale, marker, color=colour, linestyle="none"
            )
        widest = float(curve[f"{col.HIGH}_99.8"].iloc[-1])  # of the largest deployment
        top = scale * max(float(table[col.RATE].max()), rate, widest)
        axes.set_ylim(0.0, 1.2 * top if top > 0 else 1.0)
        axes.set_xlim(0.0, 1.12 * float(size.iloc[-1]))
        axes.set_xlabel("faces seen" if unit == "face" else "hours")
        axes.set_ylabel(f"{counts} per {words}")
    return figure


def describe(table: pd.DataFrame, *, rate: float, counts: str, unit: str) -> str:
    """Say in words what the plot shows."""
    outside = table[table[f"{col.SIDE}_95"] != "inside"]
    shown = outside.head(8).to_dict("records")
    names = [str(row[col.DEPLOYMENT] or row[col.DATE] or row[col.PLACE]) for row in shown]
    named = ", ".join(names) or "none"
    return (
        f"{len(table)} deployments: {counts} a {unit} against the size of each. The record's rate "
        f"is {rate:.2g}. Outside the 95 % limits, as diamonds: {named}."
    )


def sizes(most: float) -> NDArray[np.float64]:
    """Return the sizes at which limits are drawn, up to the largest deployment."""
    return np.linspace(most / 200.0, most, 200)
