"""The chart of predicted and published counts: a row a deployment of a record.

State: none.
"""

import pandas as pd

from sim.charts.plot import Axis, Bars, Curve, Dots, Plot, shorten

ROW_PX, FRAME_PX = 19, 110
LONGEST_NAME = 26


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
