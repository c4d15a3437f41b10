"""Funnel plots of a log: each deployment's rate by its size, in the limits of the record.

State: none.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.charts.plot import Axis, Bars, Curve, Dots, Plot

HEIGHT_PX = 420

Said = Callable[[int, Sequence[str]], tuple[str, str]]


def funnel_plot(
    table: pd.DataFrame, curve: pd.DataFrame, *, rate: float, counts: str, unit: str, said: Said
) -> Plot:
    """Draw each deployment of a log by size, with the limits that a record allows that size.

    table : exposed, rate, side_95, and name; or what a name is made of: deployment, date, place
    curve : exposed, and low and high of each level as rates
    rate  : the record's
    said  : title and words, of how many deployments and those outside their limits
    """
    names = table["name"] if "name" in table else table.apply(_name, axis="columns")
    scale, per = (1000.0, "1,000 faces") if unit == "face" else (1.0, "hour")
    size = curve[col.EXPOSED].tolist()
    marks: list[Curve | Dots | Bars] = [
        Curve("the record’s rate", size, [rate * scale] * len(size)),
    ]
    for level, dash in (("95", "dash"), ("99.8", "dot")):
        for side, end in ((col.HIGH, "highest"), (col.LOW, "lowest")):
            rates = (curve[f"{side}_{level}"] * scale).tolist()
            named = f"{end} that {level} in 100 allow"
            marks.append(Curve(named, size, rates, kind="quiet", dash=dash))  # type: ignore[arg-type]
    is_inside = table[f"{col.SIDE}_95"] == "inside"
    for name, rows in (("inside", table[is_inside]), ("outside 95 in 100", table[~is_inside])):
        if len(rows):
            marks.append(
                Dots(
                    f"your deployments, {name}",
                    rows[col.EXPOSED].tolist(),
                    (rows[col.RATE] * scale).tolist(),
                    names[rows.index].tolist(),
                    kind="benefit" if name == "inside" else "harm",
                    sign="circle" if name == "inside" else "diamond",
                )
            )
    widest = float(curve[f"{col.HIGH}_99.8"].iloc[-1])  # of the largest deployment
    top = scale * max(float(table[col.RATE].max()), rate, widest)
    title, words = said(len(table), names[~is_inside].tolist())
    return Plot(
        title=title,
        words=words,
        across=Axis("faces seen" if unit == "face" else "hours", ends=(0.0, 1.05 * size[-1])),
        up=Axis(f"{counts} per {per}", ends=(0.0, 1.2 * top if top > 0 else 1.0)),
        marks=marks,
        height=HEIGHT_PX,
    )


def sizes(most: float) -> NDArray[np.float64]:
    """Return the sizes at which limits are drawn, up to the largest deployment."""
    return np.linspace(most / 200.0, most, 200)


def _name(row: pd.Series) -> str:
    return str(row[col.DEPLOYMENT] or row[col.DATE] or row[col.PLACE])
