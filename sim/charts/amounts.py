"""Expected numbers with what is not known: from alert to stop, who bears it, an entry's range.

State: none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from sim.charts.plot import Axis, Bars, Curve, Dots, Kind, Plot, Sign

ROW_PX, FRAME_PX = 46, 96  # height of a row, and of what is around the rows
_ROOM = 1.08  # how far the axis goes beyond what is drawn


@dataclass(frozen=True, slots=True)
class Amount:
    """An expected number with the ends of what is not known, and all three as words.

    high : inf where there is no upper end
    said : as "1.6 (0.78 to 3.2)"
    """

    label: str
    said: str
    value: float
    low: float
    high: float


def fates_plot(
    steps: Sequence[Amount], *, kind: Literal["benefit", "harm"], who: str, title: str
) -> Plot:
    """Draw what becomes of alerts as a waterfall: alerts, what is lost on the way, stops.

    steps : alerts first, stops last, between them what takes away; they add up
    who   : whom the alerts are about
    """
    first, *lost, last = steps
    places = [float(len(steps) - 1 - place) for place in range(len(steps))]
    start, end, level = [0.0], [first.value], first.value
    for step in lost:
        start.append(level - step.value)
        end.append(level)
        level -= step.value
    start.append(0.0)
    end.append(last.value)
    totals, ends = (first, last), (places[0], places[-1])
    tops = [one.high for one in totals if isfinite(one.high)]
    reach = _ROOM * max(first.value, last.value, *tops) or 1.0
    return Plot(
        title=title,
        words=f"Alerts on people {who}, one deployment: "
        + "; ".join(f"{one.label} {one.said}" for one in steps)
        + ". Bars: what to expect. Lines: what we do not know of the first and the last.",
        across=Axis("people, one deployment", ends=(0.0, reach)),
        up=Axis(""),
        marks=[
            Bars(
                "expected", start, end, places,
                [f"{one.label}: {one.said}" for one in steps], kind=kind,
            ),
            Dots(
                "could be", [one.value for one in totals], ends,
                [f"{one.label}: {one.said}" for one in totals],
                left=[one.low for one in totals], right=[min(one.high, reach) for one in totals],
                kind=kind, sign="circle" if kind == "benefit" else "diamond", size=10.0,
            ),
        ],
        ticks={
            place: f"{one.label}\n{one.said}" for place, one in zip(places, steps, strict=True)
        },
        height=FRAME_PX + ROW_PX * len(steps),
    )  # fmt: skip


def groups_plot(
    rows: Sequence[Amount],
    *,
    kind: Kind,
    across: str,
    title: str,
    note: str,
    even: float | None = None,
) -> Plot:
    """Draw one number a group with the ends of what is not known, from top to bottom.

    even : where all groups would stand if they were treated alike; None: nowhere
    note : what to know of it, for the words
    """
    places = [float(len(rows) - 1 - place) for place in range(len(rows))]
    tops = [one.high for one in rows if isfinite(one.high)]
    reach = _ROOM * max([one.value for one in rows] + tops + [even or 0.0]) or 1.0
    sign: Sign = {"benefit": "circle", "harm": "diamond"}.get(kind, "square")  # type: ignore[assignment]
    marks: list[Curve | Dots | Bars] = [
        Dots(
            "expected, and what we do not know", [one.value for one in rows], places,
            [one.label for one in rows], left=[one.low for one in rows],
            right=[min(one.high, reach) for one in rows], kind=kind, sign=sign, size=10.0,
        )
    ]  # fmt: skip
    if even is not None:
        line = [even, even], [-0.5, len(rows) - 0.5]
        marks.append(Curve("everybody", *line, kind="quiet", dash="dash"))
    return Plot(
        title=title,
        words="; ".join(f"{one.label} {one.said}" for one in rows) + f". {note}",
        across=Axis(across, ends=(0.0, reach)),
        up=Axis("", ends=(-0.6, len(rows) - 0.4)),
        marks=marks,
        ticks={place: one.label for place, one in zip(places, rows, strict=True)},
        height=FRAME_PX + 34 * len(rows),
    )


def entry_plot(rows: Sequence[Amount], *, across: str, title: str, used: int = 0) -> Plot:
    """Draw a number of the register with its range, and below it what others say it is.

    rows : the register's own first; those of others have no range: low and high are the value
    """
    places = [float(len(rows) - 1 - place) for place in range(len(rows))]
    own, others = rows[used], [one for place, one in enumerate(rows) if place != used]
    marks: list[Curve | Dots | Bars] = [
        Dots(
            "used here, with its range", [own.value], [places[used]], [own.label],
            left=[own.low], right=[own.high], kind="neutral", size=11.0,
        )
    ]  # fmt: skip
    if others:
        where = [place for number, place in enumerate(places) if number != used]
        marks.append(
            Dots(
                "what others say", [one.value for one in others], where,
                [one.label for one in others], kind="quiet", sign="square-open", size=11.0,
            )
        )  # fmt: skip
    low = min([own.low, *(one.value for one in rows)])
    high = max([own.high, *(one.value for one in rows)])
    room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return Plot(
        title=title,
        words="; ".join(f"{one.label}: {one.said}" for one in rows) + ".",
        across=Axis(across, ends=(low - room, high + room)),
        up=Axis("", ends=(-0.6, len(rows) - 0.4)),
        marks=marks,
        ticks={place: one.label for place, one in zip(places, rows, strict=True)},
        height=FRAME_PX + 30 + 34 * len(rows),
    )
