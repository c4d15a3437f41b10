"""Sentences of a page about one answer: the headline and what stands behind it, as plain words.

Answers are mappings as ``run --json`` and ``instant.as_json`` give them.

State: none.
"""

from collections.abc import Mapping
from math import floor, isfinite
from typing import Any

from sim.words.numbers import mistaken_per_match, number, plain, upper_end, whole

MOST_ICONS = 100
DEPLOYMENTS = (1, 10, 100, 1000)


def headline(answer: Mapping[str, Any]) -> str:
    """Return the answer in natural frequencies, benefit and harm in one breath.

    Of one deployment, or of so many that the rarer kind of alert comes once or more.
    """
    people = int(answer["people"])
    true, false = (float(answer["alerts"][kind]["mean"]) for kind in ("true", "false"))
    if people == 0:
        return "Nobody walks past: nothing happens."
    if true + false == 0:
        return f"Of {whole(people)} people who walk past, nobody can set off an alert."
    rarer = min(kind for kind in (true, false) if kind > 0)
    days = next((many for many in DEPLOYMENTS if many * rarer >= 1), DEPLOYMENTS[-1])
    when = "" if days == 1 else f"In {whole(days)} deployments like this one: of "
    ratio = answer["false_stops_per_true_match"]
    value = upper_end(ratio["low"], ratio["estimate"])
    match = mistaken_per_match(value, number(ratio["low"]), upper_end(ratio["low"], ratio["high"]))
    if sum(float(stops["mean"]) for stops in answer["stops"].values()) == 0:
        match = "Nobody acts on an alert: nobody is stopped, rightly or by mistake."
    who = f"{plain(days * people)} people who walk past"
    return (
        f"{when or 'Of '}{who}, {_people(days * (true + false))} set off an alert: "
        f"{_kinds(days * true, days * false)}. {match}"
    )


def _kinds(true: float, false: float) -> str:
    """Return how many of those with an alert are on the list; the rarer kind is counted.

    The other is what remains, so that rounded numbers never fail to add up.
    """
    if false == 0:
        return "all of them on the list"
    if true == 0:
        return "none of them on the list"
    if true <= false:
        return f"{_people(true)} on the list, the others not"
    return f"{_people(false)} not on the list, the others on it"


def _people(count: float) -> str:
    """Return an expected count of people as people: whole, or fewer than one."""
    return "fewer than 1" if round(count) < 1 else plain(float(round(count))).removesuffix(".0")


def icons(answer: Mapping[str, Any]) -> tuple[int, int, str] | None:
    """Return right matches and mistaken stops to draw as people, and what they say in words.

    So many of each that the fewer are one or more; None where there is no ratio to draw.
    """
    right = float(answer["alerts"]["true"]["mean"])
    mistaken = float(answer["stops"]["mistaken"]["mean"])
    if not (right > 0 and mistaken > 0 and isfinite(right) and isfinite(mistaken)):
        return None
    if max(right, mistaken) / min(right, mistaken) > MOST_ICONS - 1:
        return None  # nothing that could still be counted by eye
    if right >= mistaken:
        drawn = floor(right / mistaken + 0.5), 1
    else:
        drawn = 1, floor(mistaken / right + 0.5)
    one, other = drawn
    words = (
        f"For {one} rightly matched {'person' if one == 1 else 'people'}, "
        f"{other} stopped by mistake. Discs: right matches; diamonds: mistaken stops."
    )
    return one, other, words


def range_words(low: float, high: float | None, *, nothing: str = "none") -> str:
    """Return a range as ``0.4 to 11``; an open end is said."""
    if high is None or not isfinite(high):
        return f"{plain(low)} or more" if low else "anything"
    if high == 0:
        return nothing
    return f"{plain(low)} to {plain(high)}"
