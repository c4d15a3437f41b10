"""Phrases of the printed page: counts for so many deployments, options in a line, numbers by name.

Every count on a page is given for the same number of days, so that benefit and harm have one
denominator. Functions take the JSON objects of ``run`` and ``compare``.

State: none.
"""

import re
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any, NamedTuple

from sim.scenario.schema import Scenario
from sim.words.change import Change
from sim.words.numbers import (
    between,
    counted,
    ends,
    one_in,
    one_in_range,
    people,
    people_range,
    plain,
    upper_end,
    whole,
)
from sim.words.ratios import base_of, for_matches, of_json, on_one_base

LONGEST = {  # characters of a text that the page has room for
    "title": 120,
    "place": 80,
    "purpose": 300,
    "change": 300,
    "recorded": 280,
    "warning": 150,
    "source": 150,
}
LINK_LINE = 108  # characters of a link in one line, at the largest letters


_FIELD = re.compile(r"\b(?:street|policy|assumptions|run)(?:\.[a-z_0-9]+)*\.([a-z_0-9]+)")
_ENTRY = re.compile(r" \([a-z_]+\.[a-z_0-9.]+\)")  # a name of the register in brackets
_LINE_OF_WORD = re.compile(r".{30}")
_PLACED = ("policy.cameras", "policy.officer_posts_m", "policy.avoid_area_m")


class Amount(NamedTuple):
    """A number of the page.

    value  : the number, or what stands for it
    spread : what the assumptions leave open, in words; empty where there is nothing to say
    luck   : what luck alone may show; empty where that is not counted
    """

    value: str
    spread: str
    luck: str = ""


def amount(count: Mapping[str, Any], shown: int, *, hours: bool = False) -> Amount:
    """Return an expected count for ``shown`` deployments, with what is not known about it."""
    mean, bound = count["mean"], count["at_most"]
    if mean == 0:
        if bound == 0:
            return Amount("none", "it cannot happen here")
        upper = "" if bound is None else f"could be up to {plain(bound * shown)}"
        return Amount("none seen", upper)
    low, high = ends(count)
    if hours:
        return Amount(plain(mean * shown), between(low * shown, high * shown))
    return Amount(people(mean * shown), people_range(low * shown, high * shown))


def people_said(count: Mapping[str, Any], shown: int) -> str:
    """Return an expected count in one breath, its bound behind it where none was seen."""
    found = amount(count, shown)
    if found.value != "none seen":
        return found.value
    return f"none seen ({found.spread})" if found.spread else found.value


def finding(answers: Sequence[Mapping[str, Any]], shown: int) -> str:
    """Return the chart's title: what it shows, benefit and harm in one breath."""
    pairs = [
        (
            people_said(answer["alerts"]["true"], shown),
            people_said(answer["stops"]["mistaken"], shown),
        )
        for answer in answers
    ]
    if len(pairs) == 1:
        return f"Right matches: {pairs[0][0]}. Mistaken stops: {pairs[0][1]}."
    (there, wrong_there), (here, wrong_here) = pairs
    return (
        f"Right matches: {there} in the baseline, {here} in the option. "
        f"Mistaken stops: {wrong_there} in the baseline, {wrong_here} in the option."
    )


def chart_key(level: float) -> str:
    """Return what the marks of the chart are."""
    return (
        "Dot: expected. Thin dark line: luck alone. Wide pale band: what we do not know. "
        f"Each holds {100 * level:.0f} in 100 cases."
    )


def roles(options: int) -> list[str]:
    """Return what the options of a page are called, in order."""
    return ["Option"] if options == 1 else ["Baseline", "Option"]


def luck_range(low: float, high: float) -> str:
    """Return what luck may show, in whole people."""
    if high == 0:
        return "mostly none"
    return people_range(low, high)


def ratio_base(answers: Sequence[Mapping[str, Any]]) -> int:
    """Return for how many right matches the mistaken stops of all options are told."""
    ratios = [of_json(answer["denominators"]["per_true_match"]) for answer in answers]
    return base_of([value for value, *_ in ratios], [end for _, *ends in ratios for end in ends])


def ratio_amount(answer: Mapping[str, Any], base: int) -> Amount:
    """Return mistaken stops for ``base`` right matches."""
    ratio = answer["denominators"]["per_true_match"]
    value, low, high = of_json(ratio)
    if ratio["low"] is None:
        return Amount("no ratio", "no right match and no mistaken stop is expected")
    if not isfinite(value):
        return Amount("no right match", between(base * low, high))
    if value == 0 and high == 0:
        bound = answer["stops"]["mistaken"]["at_most"]
        matches = answer["expected"]["true_alerts"]
        if bound and matches:
            return Amount("none seen", f"could be up to {plain(base * bound / matches)}")
        return Amount("none", "nobody is stopped")
    found = on_one_base(value, low, high, base=base)
    return Amount(found.value, found.spread)


def denominator_amount(answer: Mapping[str, Any], name: str, base: int) -> Amount:
    """Return mistaken stops by one of the four denominators, as a natural frequency."""
    if name == "per_true_match":
        found = ratio_amount(answer, base)
        is_number = found.value[0].isdigit()
        return Amount(f"{found.value} {for_matches(base)}", found.spread) if is_number else found
    ratio = answer["denominators"][name]
    value, low = ratio["estimate"], ratio["low"]
    if low is None:
        return Amount("no ratio", "there is nothing to divide by")
    high = upper_end(low, ratio["high"])
    if value == 0 and high == 0:
        bound = answer["stops"]["mistaken"]["at_most"]
        return Amount("none seen" if bound else "none", "" if bound else "nobody is stopped")
    scale = 1e-6 if name == "per_million_faces" else 1.0
    value, low, high = (inf if value is None else value) * scale, low * scale, high * scale
    return Amount(one_in(value), one_in_range(low, high))


def ratio_difference(row: Mapping[str, Any], base: int) -> Amount:
    """Return how the ratio differs, for as many right matches as the ratios are told for."""
    if row["difference"] is None:
        return Amount("cannot be said", "")
    return difference(row, base)


def difference(
    row: Mapping[str, Any], shown: int, *, more: str = "more", fewer: str = "fewer"
) -> Amount:
    """Return a paired difference: how many more or fewer, and its range."""
    change, low, high = row["difference"], row["low"], row["high"]
    if change is None:
        return Amount("cannot be said", "")
    if change == 0 and (low is None or low == high == 0):
        return Amount("the same", "")

    def signed(value: float) -> str:
        if value == 0:
            return "none"
        return f"{plain(abs(value) * shown)} {more if value > 0 else fewer}"

    spread = "" if low is None else f"{signed(low)} to {signed(high)}"
    if low is not None and low * high > 0:
        ends = sorted((abs(low), abs(high)))
        word = more if low > 0 else fewer
        spread = f"{plain(ends[0] * shown)} to {plain(ends[1] * shown)} {word}"
    return Amount("the same" if change == 0 else signed(change), spread)


def policy_line(scenario: Scenario) -> str:
    """Return what an option is: cameras, list, threshold, staff, hours."""
    policy = scenario.policy
    if not policy.cameras:
        return f"No cameras; {policy.hours:g} hours at the same place."
    cameras = counted(len(policy.cameras), "camera")
    staff = [
        counted(number_of, name) if number_of else f"no {name}s"
        for number_of, name in ((policy.operators, "operator"), (policy.officers, "officer"))
    ]
    signs = "with signs" if policy.signs else "without signs"
    listed = (
        f"a list of {whole(policy.watchlist.size)}" if policy.watchlist.size else "an empty list"
    )
    return (
        f"{cameras} for {policy.hours:g} hours {signs}, {listed}, threshold "
        f"{_threshold(policy.threshold)}, {', '.join(staff)}."
    )


def _threshold(value: float) -> str:
    return f"{value:.2f}" if round(value, 2) == value else f"{value:g}"


def without_fields(text: str) -> str:
    """Return a text with plain words for the names of fields and without those of the register.

    >>> without_fields("changing street.place from a to b: hours differ (arrivals.hourly_cv)")
    'changing place from a to b: hours differ'
    """
    bare = _ENTRY.sub("", text)
    return _FIELD.sub(lambda field: field[1].removesuffix("_m").replace("_", " "), bare)


def told_changes(changed: Sequence[Change]) -> list[Change]:
    """Return the changes that a sentence should count: another place is one change, not twelve."""
    if "street.place" not in {field for field, *_ in changed}:
        return list(changed)
    followed = ("street.footfall.people", "street.crowd")
    return [
        (field, there, here)
        for field, there, here in changed
        if field == "street.place"
        or (
            (not field.startswith("street.") or field.startswith(followed)) and field not in _PLACED
        )
    ]


def in_lines(link: str) -> list[str]:
    """Return a link in lines that fit the page: a break is nothing that a reader must take out."""
    return [link[at : at + LINK_LINE] for at in range(0, len(link), LINK_LINE)]


def clipped(text: str, longest: int) -> str:
    """Return a text of at most ``longest`` characters, cut at a word; a cut is shown.

    A word that no line could hold is broken.
    """
    text = " ".join(_LINE_OF_WORD.sub(r"\g<0> ", word).rstrip() for word in text.split())
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at = head.rfind(" ")
    return f"{head[: at if at > longest // 2 else len(head)].rstrip(' ,;:.')}…"
