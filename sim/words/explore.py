"""Words of the first page: groups, what becomes of an alert, what small numbers can show.

Answers are mappings as ``run --json`` gives them.

State: none.
"""

from collections.abc import Mapping, Sequence
from math import isfinite, isnan
from typing import Any

from sim import columns as col
from sim.words.groups import group_name
from sim.words.numbers import chance, one_in_with_range, plain, whole, with_range
from sim.words.ratios import for_matches, of_json, on_one_base
from sim.words.ratios import icons as whole_icons

FATES = ("unread", "dismissed", "no_officer", "lost")


def icons(answers: Mapping[str, Mapping[str, Any]]) -> list[tuple[int, int, str]]:
    """Return right matches and mistaken stops to draw as people, and what they say in words.

    One row for each answer, all for the same number of right matches; none where no whole people
    could stand for the ratios.

    answers : what each is called -> the answer
    """
    pairs = [
        (answer["alerts"]["true"]["mean"], answer["stops"]["mistaken"]["mean"])
        for answer in answers.values()
    ]
    found = whole_icons(pairs)
    if found is None:
        return []
    right, drawn = found
    who = "person" if right == 1 else "people"
    return [
        (
            right,
            mistaken,
            f"{f'{name}: for' if name else 'For'} {right} rightly matched {who}, "
            f"{whole(mistaken)} stopped by mistake. "
            "Discs: right matches; diamonds: mistaken stops.",
        )
        for name, mistaken in zip(answers, drawn, strict=True)
    ]


def denominator_words(name: str, ratio: Mapping[str, Any]) -> str:
    """Return mistaken stops by one of the four denominators: a share as one in so many."""
    value, low, high = of_json(ratio)
    if isnan(low):
        return "cannot be said"
    if name in ("per_alert", "per_stop"):
        return one_in_with_range(value, low, high)
    if name == "per_true_match" and isfinite(value):
        found = on_one_base(value, low, high)
        return f"{found} {for_matches(found.base)}"
    return with_range(value, low, high)


def no_match_sentence(none: float) -> str:
    """Say how likely a deployment without any right match is."""
    return f"Chance that one deployment brings no right match at all: {chance(none)}."


def difference_words(answer: Mapping[str, Any], by: str) -> str:
    """Say whether the false alerts of one deployment could show a difference between groups."""
    rows: Sequence[Mapping[str, Any]] = answer["disparities"][by]
    expected = plain(answer["alerts"]["false"]["mean"])
    if not answer["alerts"]["false"]["mean"]:
        return "No false alert is expected, so no difference between groups could show."
    shown = [
        (group_name(row[by]), float(row[col.DETECTABLE]))
        for row in rows
        if row[col.DETECTABLE] is not None
    ]
    if not shown:
        return (
            f"Could one such day show a difference? No. With {expected} false alerts expected, "
            "even a large difference could not be told from chance."
        )
    name, least = min(shown, key=lambda pair: pair[1])
    return (
        f"Could one such day show a difference? Only a large one. With {expected} false alerts "
        f"expected, {name} would have to be alerted at {plain(least)} times the rate of everybody "
        "else, or more, to be told from chance."
    )
