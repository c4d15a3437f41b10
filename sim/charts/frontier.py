"""Policies as points: what they find against what they cost, those that none beats marked.

State: none.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import columns as col
from sim.charts import theme

TITLE = "Policies that none beats"
LABELLED = 6
WIDEST, PANEL_IN = 4, 4.4
DECADES = 20.0  # from this ratio of largest to smallest on an axis is logarithmic


def frontier_figure(policies: pd.DataFrame, objectives: list[str], levers: list[str]) -> Figure:
    """Draw the first objective against each other one, a panel each.

    policies : levers, objectives with ``_low`` and ``_high``, is_not_beaten, p_not_beaten

    Diamonds are beaten by none on the means; those likeliest to stay so have their numbers, which
    the lines below the panels spell out.
    """
    up, others = objectives[0], objectives[1:] or objectives[:1]
    is_best = policies[col.IS_NOT_BEATEN].to_numpy(dtype=bool)
    best = policies[is_best].sort_values(col.P_NOT_BEATEN, ascending=False, kind="stable")
    named = best.head(LABELLED)
    with theme.style():
        wide = min(WIDEST, len(others))
        rows = -(-len(others) // wide)
        figure = theme.new_figure(PANEL_IN * wide, 3.6 * rows + 0.9 + 0.17 * len(named))
        panels = np.atleast_1d(figure.subplots(rows, wide, sharey=True, squeeze=False)).ravel()
        for axes, other in zip(panels, others, strict=False):
            _points(axes, policies, is_best, named, (other, up))
        for axes in panels[len(others) :]:
            axes.set_visible(False)
        for axes in panels[::wide]:
            axes.set_ylabel(_words(up))
        handles, labels = panels[0].get_legend_handles_labels()
        lines = [
            f"{place}  {_policy(row, levers)}: beaten by none in "
            f"{100 * row[col.P_NOT_BEATEN]:.0f} % of draws"
            for place, row in named.iterrows()
        ]
        figure.legend(handles, labels, loc="outside upper right", ncols=2, frameon=False)
        figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=theme.SIZES["small"])
        figure.suptitle(TITLE, x=0.01, ha="left", fontsize=theme.SIZES["title"])
    return figure


def _points(
    axes: Axes,
    policies: pd.DataFrame,
    is_best: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    named: pd.DataFrame,
    pair: tuple[str, str],
) -> None:
    across, up = pair
    rest = policies[~is_best]
    best = policies[is_best]
    axes.plot(
        rest[across], rest[up], "o", color=theme.GREY, markersize=3, alpha=0.5, label="beaten"
    )
    axes.plot(
        best[across],
        best[up],
        linestyle="none",
        marker="D",
        markersize=4.5,
        color=theme.TEAL,
        markerfacecolor=theme.PAPER,
        label="beaten by none, on average; lines: 95 % of draws",
    )
    axes.hlines(
        named[up],
        named[f"{across}_{col.LOW}"].astype(float),
        named[f"{across}_{col.HIGH}"].astype(float),
        color=theme.TEAL,
        linewidth=0.9,
    )
    axes.vlines(
        named[across],
        named[f"{up}_{col.LOW}"].astype(float),
        named[f"{up}_{col.HIGH}"].astype(float),
        color=theme.TEAL,
        linewidth=0.9,
    )
    for turn, (place, row) in enumerate(named.iterrows()):
        if np.isfinite(float(row[across])) and np.isfinite(float(row[up])):
            axes.annotate(
                str(place),
                (row[across], row[up]),
                xytext=(5, 4) if turn % 2 == 0 else (-5, -11),
                textcoords="offset points",
                ha="left" if turn % 2 == 0 else "right",
                fontweight="bold",
            )
    axes.set_xlabel(_words(across))
    if _is_wide(policies[across]):
        axes.set_xscale("log")
    if _is_wide(policies[up]):
        axes.set_yscale("log")
    theme.plain_axes(axes)


def _is_wide(values: pd.Series) -> bool:
    numbers = values.to_numpy(dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    return bool(len(numbers) and numbers.min() > 0 and numbers.max() / numbers.min() > DECADES)


def _words(outcome: str) -> str:
    about = col.TABLE_COLUMNS.get(outcome)
    unit = f" ({about.unit})" if about is not None and about.unit not in {"", "1", "event"} else ""
    return f"{outcome.replace('_', ' ')}{unit}"


def _policy(row: pd.Series, levers: list[str]) -> str:
    return ", ".join(f"{name.removeprefix('policy.')} {row[name]}" for name in levers)
