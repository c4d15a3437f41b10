"""Charts of a crowd: who is seen, and mistaken stops for a right match, against crowd.

Lines of people have the luck of six walks as their band; those of stops have what is not known as
a band and luck as a thin line at each density.

State: none.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Literal

import pandas as pd

from sim import columns as col
from sim.charts.plot import Axis, Curve, Dash, Dots, Kind, Plot, Sign

ACROSS = Axis("people a square metre", ends=(0.0, 1.02))
FACES_HEIGHT, STOPS_HEIGHT, REASONS_HEIGHT = 340, 340, 380
_LOOKS: tuple[tuple[Kind, Dash], ...] = (
    ("neutral", "solid"),
    ("quiet", "dash"),
    ("neutral", "dot"),
    ("quiet", "solid"),
)
_SIGNS: tuple[Sign, ...] = ("circle", "diamond", "square")


def faces_plot(parts: Mapping[str, pd.DataFrame], *, what: str, camera: str) -> Plot:
    """Draw the share of each part of the crowd against density.

    parts  : name -> rows by rising density, with estimate and the ends of luck
    camera : how it hangs, in words
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
    said = "; ".join(
        f"{mark.name} {mark.y[0]:.0f} in the emptiest street, {mark.y[-1]:.0f} in the densest"
        for mark in marks
    )
    last = sorted(marks, key=lambda mark: mark.y[-1])
    title = (
        f"In the densest crowd, {last[0].name}: {last[0].y[-1]:.0f} of 100, {last[-1].name}: "
        f"{last[-1].y[-1]:.0f} of 100 ({camera})"
    )
    return Plot(
        title=title,
        words=f"Of 100: {said}. Bands: luck, over six walks of the street.",
        across=ACROSS,
        up=Axis(f"of 100, {what}", ends=(0.0, 103.0)),
        marks=marks,
        height=FACES_HEIGHT,
    )


def angles_plot(parts: Mapping[str, pd.DataFrame], *, what: str, crowd: str) -> Plot:
    """Draw the share of each part against the angle at which cameras look down.

    parts : name -> rows by rising angle, with estimate and the ends of luck
    crowd : how dense it is, in words
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
    said = "; ".join(
        f"{mark.name} {mark.y[0]:.0f} with the flattest camera, {mark.y[-1]:.0f} with the steepest"
        for mark in marks
    )
    gaps = [max(column) - min(column) for column in zip(*(mark.y for mark in marks), strict=True)]
    angles = marks[0].x
    title = (
        f"Looking down {angles[0]:.0f} degrees the three differ by {gaps[0]:.0f} of 100, looking "
        f"down {angles[-1]:.0f} degrees by {gaps[-1]:.0f} ({crowd})"
    )
    return Plot(
        title=title,
        words=f"Of 100: {said}. Lines: luck, over six walks of the street.",
        across=Axis("cameras look down", "degrees", ends=(0.0, 40.0)),
        up=Axis(f"of 100, {what}", ends=(0.0, 103.0)),
        marks=marks,
        height=FACES_HEIGHT,
    )


def stops_plot(
    rows: pd.DataFrame, *, kind: Literal["benefit", "harm"], per: float, what: str
) -> Plot:
    """Draw a measure of stops against density: what is not known as a band, luck as thin lines.

    rows : by rising density, with the estimate and the ends of both intervals
    per  : how many right matches it is counted for
    """
    x, y = rows[col.DENSITY].tolist(), _times(rows[col.ESTIMATE], per)
    low, high = _times(rows[col.UNKNOWN_LOW], per), _times(rows[col.UNKNOWN_HIGH], per)
    top = 1.08 * max(value for value in (*y, *high) if isfinite(value))
    no_limit = "" if isfinite(high[-1]) else " Where the band reaches the top, there is no limit."
    ends = [min(value, top) for value in high]
    return Plot(
        title=(
            f"For {per:,.0f} right matches, {what}: {y[0]:.2g} in the emptiest street, "
            f"{y[-1]:.2g} in the densest"
        ),
        words=(
            f"For {per:,.0f} right matches, {what}: {y[0]:.2g} in the emptiest street "
            f"({_range(low[0], high[0])}), "
            f"{y[-1]:.2g} in the densest ({_range(low[-1], high[-1])}). Band: what we do not "
            f"know. Thin lines: luck, over six walks.{no_limit}"
        ),
        across=ACROSS,
        up=Axis(f"for {per:,.0f} right matches", ends=(0.0, top)),
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


def reasons_plot(reasons: pd.DataFrame, *, crowd: str) -> Plot:
    """Draw what each reason adds or takes away, and all together, from top to bottom.

    reasons : words, estimate and the ends of both intervals; the last row is the whole
    crowd   : how dense it is, in words
    """
    count = len(reasons)
    places = [float(count - 1 - place) for place in range(count)]
    names = reasons[col.WORDS].tolist()
    x = reasons[col.ESTIMATE].tolist()
    said = "; ".join(f"{name} {value:+.2g}" for name, value in zip(names, x, strict=True))
    unknown = (reasons[col.UNKNOWN_LOW].tolist(), reasons[col.UNKNOWN_HIGH].tolist())
    marks = [
        Dots("each reason", x[:-1], places[:-1], names[:-1],
             left=unknown[0][:-1], right=unknown[1][:-1], kind="neutral", size=10.0),
        Dots("all together", x[-1:], places[-1:], names[-1:],
             left=unknown[0][-1:], right=unknown[1][-1:], kind="harm", sign="diamond", size=12.0),
    ]  # fmt: skip
    return Plot(
        title=(
            f"Of 100 mistaken stops in a nearly empty street, {abs(x[-1]):.2g} "
            f"{'more' if x[-1] > 0 else 'fewer'} for as many right matches ({crowd})"
        ),
        words=(
            f"Of 100 people stopped by mistake in a nearly empty street, more (+) or fewer (-) "
            f"for as many right matches: {said}. The reasons add up to all together. Lines: what "
            f"we do not know."
        ),
        across=Axis("more or fewer, of 100"),
        up=Axis(""),
        marks=marks,
        ticks=dict(zip(places, names, strict=True)),
        height=REASONS_HEIGHT,
    )


def _hundred(values: pd.Series) -> list[float]:
    """Return shares as so many of 100."""
    return (100 * values).tolist()


def _range(low: float, high: float) -> str:
    return f"could be {low:.2g} to {high:.2g}" if isfinite(high) else f"could be {low:.2g} or more"


def _times(values: pd.Series, per: float) -> list[float]:
    return (per * values).tolist()
