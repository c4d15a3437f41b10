"""Charts of a crowd: who is seen, and mistaken stops for a right match, against crowd.

Lines of people have the luck of six walks as their band; those of stops have what is not known as
a band and luck as a thin line at each density.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Literal

import pandas as pd

from sim import columns as col
from sim.charts.plot import Axis, Curve, Dash, Dots, Kind, Plot, Sign

ACROSS = Axis("people a square metre", ends=(0.0, 1.02))
FACES_HEIGHT, STOPS_HEIGHT, REASONS_HEIGHT = 340, 340, 380
Line = tuple[str, float, float]  # name, first value and last
LinesSaid = Callable[[Sequence[Line]], tuple[str, str]]
AnglesSaid = Callable[[Sequence[Line], tuple[float, float], tuple[float, float]], tuple[str, str]]
StopsSaid = Callable[[tuple[float, float, float], tuple[float, float, float]], tuple[str, str]]
PartsSaid = Callable[[Sequence[tuple[str, float]]], tuple[str, str]]
_LOOKS: tuple[tuple[Kind, Dash], ...] = (
    ("neutral", "solid"),
    ("quiet", "dash"),
    ("neutral", "dot"),
    ("quiet", "solid"),
)
_SIGNS: tuple[Sign, ...] = ("circle", "diamond", "square")


def faces_plot(parts: Mapping[str, pd.DataFrame], *, what: str, said: LinesSaid) -> Plot:
    """Draw the share of each part of the crowd against density.

    parts  : name -> rows by rising density, with estimate and the ends of luck
    said   : title and words of the lines
    """
    marks = [
        Curve(
            name=name,
            x=rows[col.DENSITY].tolist(),
            y=_hundred(rows[col.ESTIMATE]),
            low=_hundred(rows[col.LUCK_LOW]),
            high=_hundred(rows[col.LUCK_HIGH]),
            kind=kind,
            dash=dash,
        )
        for (name, rows), (kind, dash) in zip(parts.items(), _LOOKS, strict=False)
    ]
    title, words = said([(mark.name, mark.y[0], mark.y[-1]) for mark in marks])
    return Plot(
        title=title,
        words=words,
        across=ACROSS,
        up=Axis(f"of 100, {what}", ends=(0.0, 103.0)),
        marks=marks,
        height=FACES_HEIGHT,
    )


def angles_plot(parts: Mapping[str, pd.DataFrame], *, what: str, said: AnglesSaid) -> Plot:
    """Draw the share of each part against the angle at which cameras look down.

    parts : name -> rows by rising angle, with estimate and the ends of luck
    said  : title and words of the lines, their angles and how far they lie apart
    """
    marks = [
        Dots(
            name=name,
            x=rows[col.DEPRESSION].tolist(),
            y=_hundred(rows[col.ESTIMATE]),
            names=[f"{name}, camera at {height:g} m" for height in rows[col.CAMERA_HEIGHT]],
            low=_hundred(rows[col.LUCK_LOW]),
            high=_hundred(rows[col.LUCK_HIGH]),
            kind=kind,
            sign=sign,
            size=10.0,
        )
        for (name, rows), (kind, _), sign in zip(parts.items(), _LOOKS, _SIGNS, strict=False)
    ]
    gaps = [max(column) - min(column) for column in zip(*(mark.y for mark in marks), strict=True)]
    angles = marks[0].x
    title, words = said(
        [(mark.name, mark.y[0], mark.y[-1]) for mark in marks],
        (angles[0], angles[-1]),
        (gaps[0], gaps[-1]),
    )
    return Plot(
        title=title,
        words=words,
        across=Axis("cameras look down", "degrees", ends=(0.0, 40.0)),
        up=Axis(f"of 100, {what}", ends=(0.0, 103.0)),
        marks=marks,
        height=FACES_HEIGHT,
    )


def stops_plot(
    rows: pd.DataFrame, *, kind: Literal["benefit", "harm"], per: float, axis: str, said: StopsSaid
) -> Plot:
    """Draw a measure of stops against density: what is not known as a band, luck as thin lines.

    rows : by rising density, with the estimate and the ends of both intervals
    per  : how many right matches it is counted for
    axis : what it is counted for, in words
    said : title and words of the first row and the last
    """
    x, y = rows[col.DENSITY].tolist(), _times(rows[col.ESTIMATE], per)
    low, high = _times(rows[col.UNKNOWN_LOW], per), _times(rows[col.UNKNOWN_HIGH], per)
    top = 1.08 * max(value for value in (*y, *high) if isfinite(value))
    ends = [min(value, top) for value in high]
    title, words = said((y[0], low[0], high[0]), (y[-1], low[-1], high[-1]))
    return Plot(
        title=title,
        words=words,
        across=ACROSS,
        up=Axis(axis, ends=(0.0, top)),
        marks=[
            Curve("expected, with what we do not know", x, y, low, ends, kind=kind),
            Dots(
                "luck, over six walks",
                x,
                y,
                low=_times(rows[col.LUCK_LOW], per),
                high=_times(rows[col.LUCK_HIGH], per),
                kind=kind,
                size=7.0,
            ),
        ],
        height=STOPS_HEIGHT,
    )


def reasons_plot(reasons: pd.DataFrame, *, said: PartsSaid) -> Plot:
    """Draw what each reason adds or takes away, and all together, from top to bottom.

    reasons : words, estimate and the ends of both intervals; the last row is the whole
    said    : title and words of the parts
    """
    count = len(reasons)
    places = [float(count - 1 - place) for place in range(count)]
    names = reasons[col.WORDS].tolist()
    x = reasons[col.ESTIMATE].tolist()
    title, words = said(list(zip(names, x, strict=True)))
    unknown = (reasons[col.UNKNOWN_LOW].tolist(), reasons[col.UNKNOWN_HIGH].tolist())
    marks = [
        Dots("each reason", x[:-1], places[:-1], names[:-1],
             left=unknown[0][:-1], right=unknown[1][:-1], kind="neutral", size=10.0),
        Dots("all together", x[-1:], places[-1:], names[-1:],
             left=unknown[0][-1:], right=unknown[1][-1:], kind="harm", sign="diamond", size=12.0),
    ]  # fmt: skip
    return Plot(
        title=title,
        words=words,
        across=Axis("more or fewer, of 100"),
        up=Axis(""),
        marks=marks,
        ticks=dict(zip(places, names, strict=True)),
        height=REASONS_HEIGHT,
    )


def _hundred(values: pd.Series) -> list[float]:
    """Return shares as so many of 100."""
    return (100 * values).tolist()


def _times(values: pd.Series, per: float) -> list[float]:
    return (per * values).tolist()
