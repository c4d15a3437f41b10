"""Charts of the Record page: counts against their intervals, and rates against a record.

State: none.
"""

import pandas as pd

from sim import columns as col
from sim.charts.plot import Axis, Bars, Curve, Dots, Plot, shorten

ROW_PX, FRAME_PX = 19, 110
LONGEST_NAME = 26
HALF_PX = 420


def deployments_plot(table: pd.DataFrame, *, outcome: str, words: str, title: str) -> Plot:
    """Draw one row a deployment: what was predicted, and what was published.

    table   : name, seen, median, low_80, high_80, low_95, high_95; and side_80 and
              side_95: "above", "below" or "inside"
    outcome : what is counted, in plain words
    """
    count = len(table)
    places = [float(count - 1 - row) for row in range(count)]
    names = [str(name) for name in table["name"]]
    marks: list[Curve | Dots | Bars] = [
        Bars(
            "predicted, 80 in 100",
            table["low_80"].tolist(),
            table["high_80"].tolist(),
            places,
            [
                f"{name}: {low:g} to {high:g} predicted"
                for name, low, high in zip(names, table["low_80"], table["high_80"], strict=True)
            ],
            kind="quiet",
        ),
        Dots(
            "predicted, 95 in 100",
            table["median"].tolist(),
            places,
            names,
            left=table["low_95"].tolist(),
            right=table["high_95"].tolist(),
            kind="quiet",
            sign="square-open",
            size=5,
        ),
    ]
    for name, chosen, kind, sign in (
        ("published, inside 80", table["side_80"] == "inside", "benefit", "circle"),
        (
            "published, outside 80",
            (table["side_80"] != "inside") & (table["side_95"] == "inside"),
            "harm",
            "diamond-open",
        ),
        ("published, outside 95: a miss", table["side_95"] != "inside", "harm", "x"),
    ):
        rows = [row for row in range(count) if chosen.iloc[row]]
        if rows:
            marks.append(
                Dots(
                    name,
                    [float(table["seen"].iloc[row]) for row in rows],
                    [places[row] for row in rows],
                    [names[row] for row in rows],
                    kind=kind,  # type: ignore[arg-type]  # the three literals above
                    sign=sign,  # type: ignore[arg-type]  # the same
                    size=9,
                )
            )
    return Plot(
        title=title,
        words=words,
        across=Axis(f"{outcome} on the day"),
        up=Axis("", ends=(-0.8, count - 0.2)),
        marks=marks,
        ticks={
            place: shorten(name, LONGEST_NAME) for place, name in zip(places, names, strict=True)
        },
        height=FRAME_PX + ROW_PX * count,
    )


def funnel_plot(
    table: pd.DataFrame, curve: pd.DataFrame, *, rate: float, counts: str, unit: str
) -> Plot:
    """Draw each deployment of a log by size, with the limits that a record allows that size.

    table : name, exposed, rate, and side_95
    curve : exposed, and low and high of each level as rates
    rate  : the record's
    """
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
                    rows["name"].tolist(),
                    kind="benefit" if name == "inside" else "harm",
                    sign="circle" if name == "inside" else "diamond",
                )
            )
    outside = table[~is_inside]["name"].tolist()
    named = ", ".join(outside[:8]) or "none"
    words = (
        f"{len(table)} deployments: {counts} for each {unit} by how large the deployment was. "
        f"Outside the limits of 95 in 100, as diamonds: {named}."
    )
    title = (
        f"{counts.capitalize()} for each {unit}: {len(outside)} of {len(table)} lie outside what "
        "London’s rate allows"
    )
    return Plot(
        title=title,
        words=words,
        across=Axis("faces seen" if unit == "face" else "hours"),
        up=Axis(f"{counts} per {per}"),
        marks=marks,
        height=HALF_PX,
    )
