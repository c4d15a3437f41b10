"""What figures say: the finding above each, and its words for those who do not see it.

A figure hands over the numbers that it draws; what it is about is given before, by ``partial``.

State: none.
"""

from collections.abc import Sequence
from math import isfinite

from sim.words.numbers import counted, people, people_range, plain, whole

Ends = tuple[str, float, float]  # a line's name, its first value and its last
Said = tuple[str, str]  # title and words
MOST_OUTSIDE = 8


def faces_said(lines: Sequence[Ends], *, camera: str) -> Said:
    """Return what a chart of faces seen against density says, of 100."""
    said = "; ".join(
        f"{name} {people(first)} in the emptiest street, {people(last)} in the densest"
        for name, first, last in lines
    )
    least, *_, most = sorted(lines, key=lambda line: line[2])
    return (
        f"In the densest crowd, {least[0]}: {people(least[2])} of 100, {most[0]}: "
        f"{people(most[2])} of 100 ({camera})",
        f"Of 100: {said}. Bands: luck, over six walks of the street.",
    )


def angles_said(
    lines: Sequence[Ends], angles: tuple[float, float], gaps: tuple[float, float], *, crowd: str
) -> Said:
    """Return what a chart of faces seen against the cameras' angle says, of 100.

    angles, gaps : the flattest and the steepest, deg, and how far the lines lie apart at each
    """
    said = "; ".join(
        f"{name} {people(first)} with the flattest camera, {people(last)} with the steepest"
        for name, first, last in lines
    )
    return (
        f"Looking down {angles[0]:.0f} degrees the three differ by {people(gaps[0])} of 100, "
        f"looking down {angles[1]:.0f} degrees by {people(gaps[1])} ({crowd})",
        f"Of 100: {said}. Lines: luck, over six walks of the street.",
    )


def per_matches(per: float) -> str:
    """Return what stops are counted for.

    >>> per_matches(100.0)
    'for 100 right matches'
    """
    return f"for {whole(round(per))} right matches"


def stops_said(
    first: tuple[float, float, float], last: tuple[float, float, float], *, per: float, what: str
) -> Said:
    """Return what a chart of stops against density says.

    first, last : estimate, low and high in the emptiest street and in the densest
    """
    lead = f"{per_matches(per).capitalize()}, {what}"
    no_limit = "" if isfinite(last[2]) else " Where the band reaches the top, there is no limit."
    return (
        f"{lead}: {people(first[0])} in the emptiest street, {people(last[0])} in the densest",
        f"{lead}: {people(first[0])} in the emptiest street ({people_range(*first[1:])}), "
        f"{people(last[0])} in the densest ({people_range(*last[1:])}). Band: what we do not know. "
        f"Thin lines: luck, over six walks.{no_limit}",
    )


def reasons_said(parts: Sequence[tuple[str, float]], *, crowd: str) -> Said:
    """Return what a chart of reasons says; the last part is the whole."""
    said = "; ".join(f"{name} {_more(value)}" for name, value in parts)
    return (
        f"Of 100 mistaken stops in a nearly empty street, {_more(parts[-1][1])} for as many right "
        f"matches ({crowd})",
        "Of 100 people stopped by mistake in a nearly empty street, more or fewer for as many "
        f"right matches: {said}. The reasons add up to all together. Lines: what we do not know.",
    )


def _more(value: float) -> str:
    size = plain(abs(value))
    return "as many" if size == "none" else f"{size} {'more' if value > 0 else 'fewer'}"


def funnel_said(deployments: int, outside: Sequence[str], *, counts: str, unit: str) -> Said:
    """Return what a funnel says: which deployments lie outside their limits, by name."""
    named = ", ".join(outside[:MOST_OUTSIDE]) or "none"
    return (
        f"{counts.capitalize()} for each {unit}: {whole(len(outside))} of {deployments} lie "
        "outside what London’s rate allows",
        f"{counted(deployments, 'deployment')}: {counts} for each {unit} by how large the "
        f"deployment was. Outside the limits of 95 in 100, as diamonds: {named}.",
    )
