"""One number of the register with its range, and the other accounts of it beside.

State: none.
"""

from collections.abc import Sequence

from sim.charts.plot import Axis, Dots, Plot, shorten

DECADE = 20.0  # from this ratio of the ends of a range on the axis is logarithmic


def entry_plot(
    name: str,
    unit: str,
    *,
    value: float,
    ends: tuple[float, float],
    others: Sequence[tuple[str, float]],
) -> Plot:
    """Return the chart of one entry.

    value, ends : what the model uses, and the range that it allows
    others      : who, and what the number would be after them
    """
    ticks = {0.0: "used here"} | {
        float(place): shorten(who, 28) for place, (who, _) in enumerate(others, start=1)
    }
    marks = [
        Dots(
            "used here, with its range",
            [value],
            [0.0],
            [name],
            left=[ends[0]],
            right=[ends[1]],
            size=11.0,
        )
    ]
    if others:
        marks.append(
            Dots(
                "other published accounts",
                [other for _, other in others],
                [float(place) for place in range(1, len(others) + 1)],
                [who for who, _ in others],
                kind="quiet",
                sign="diamond",
                size=11.0,
            )
        )
    values = [*ends, value, *(other for _, other in others)]
    told = "; ".join(f"{who}: {other:g}" for who, other in others)
    return Plot(
        title="What is used, what could be",
        words=f"Used: {value:g}, between {ends[0]:g} and {ends[1]:g}."
        + (f" Others: {told}." if told else ""),
        across=Axis(name, unit, is_log=min(values) > 0 and max(values) / min(values) > DECADE),
        up=Axis("", ends=(-0.6, len(others) + 0.6)),
        marks=marks,
        ticks=ticks,
        height=150 + 34 * len(others),
    )
