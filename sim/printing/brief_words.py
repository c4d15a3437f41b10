"""Phrases of the printed page: counts for so many deployments, options in a line, numbers by name.

Every count on a page is given for the same number of deployments (``deployments_shown``), so that
benefit and harm have one denominator. Functions take the JSON objects of ``run`` and ``compare``.

State: none.
"""

import re
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any, NamedTuple

from sim.scenario.schema import Scenario
from sim.words.changed_levers import Change
from sim.words.numbers import (
    between,
    counted,
    for_every,
    number,
    plain,
    upper_end,
    whole,
)

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
MOST_DEPLOYMENTS = 1_000  # more of them than anybody holds
MOST_MATCHES = 1_000_000
OFTEN = 0.1  # from this share on it is given in 100, below as one in so many
_NEARLY_ALL = 0.995  # two figures would read 100 in 100


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


def deployments_shown(answers: Sequence[Mapping[str, Any]]) -> int:
    """Return for how many deployments counts are given: 1, 10, 100 or 1,000.

    The fewest in which at least one person is expected of each kind that can happen at all.
    """
    means = [
        answer[family][name]["mean"]
        for answer in answers
        for family, name in (("stops", "mistaken"), ("alerts", "true"))
    ]
    least = min((mean for mean in means if mean > 0), default=1.0)
    shown = 1
    while shown * least < 0.995 and shown < MOST_DEPLOYMENTS:  # 0.995 reads 1.0
        shown *= 10
    return shown


def in_deployments(shown: int) -> str:
    """Return the page's denominator in words."""
    return f"in {counted(shown, 'deployment')} like this one"


def amount(count: Mapping[str, Any], shown: int) -> Amount:
    """Return an expected count for ``shown`` deployments, with what is not known about it."""
    mean, bound = count["mean"], count["at_most"]
    if mean == 0:
        if bound == 0:
            return Amount("none", "it cannot happen here")
        upper = "" if bound is None else f"could be up to {plain(bound * shown)}"
        return Amount("none seen", upper)
    low, high = count["unknown"]
    low, high = number(low) * shown, upper_end(low, high) * shown
    return Amount(plain(mean * shown), between(low, high))


def people(count: Mapping[str, Any], shown: int) -> str:
    """Return an expected count in one breath, its bound behind it where none was seen."""
    found = amount(count, shown)
    if found.value != "none seen":
        return found.value
    return f"none seen ({found.spread})" if found.spread else found.value


def roles(options: int) -> list[str]:
    """Return what the options of a page are called, in order."""
    return ["Option"] if options == 1 else ["Baseline", "Option"]


def luck_range(low: float, high: float) -> str:
    """Return what luck may show, in whole people."""
    if high == 0:
        return "mostly none"
    first, last = (_people(value) for value in (low, high))
    return first if first == last else f"{first} to {last}"


def _people(value: float) -> str:
    if value == 0:
        return "none"
    return whole(int(value)) if value < 100 and value == int(value) else plain(value)


def ratio_amount(answer: Mapping[str, Any]) -> Amount:
    """Return mistaken stops for each right match, as one for every so many."""
    ratio = answer["denominators"]["per_true_match"]
    value, low, high = ratio["estimate"], ratio["low"], ratio["high"]
    if low is None:
        return Amount("no ratio", "no right match and no mistaken stop is expected")
    top = upper_end(low, high)
    if value == 0 and top == 0:
        bound = answer["stops"]["mistaken"]["at_most"]
        matches = answer["expected"]["true_alerts"]
        if bound and matches:
            return Amount("none seen", f"could be up to {for_every(bound / matches)}")
        return Amount("none", "nobody is stopped")
    shown = "no right match" if value is None else for_every(value)
    return Amount(shown, _ratio_range(low, top))


def _ratio_range(low: float, high: float) -> str:
    """Return a range of ratios, both ends for every so many of the same kind where they can be."""
    if not isfinite(high):
        return f"{for_every(low)}, or more" if low else "anything"
    if low > 0 and high < 1:
        return f"1 for every {plain(1 / low)} to {plain(1 / high)}"
    if low >= 1:
        return f"{plain(low)} to {plain(high)} for every 1"
    return f"{for_every(low)} to {for_every(high)}"


def denominator_amount(answer: Mapping[str, Any], name: str) -> Amount:
    """Return mistaken stops by one of the four denominators, as a natural frequency."""
    if name == "per_true_match":
        return ratio_amount(answer)
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


def one_in(share: float) -> str:
    """Return a share as one in so many.

    >>> one_in(0.025), one_in(0.0), one_in(0.67), one_in(1.0)
    ('1 in 40', 'none', '67 in 100', 'all')
    """
    if share == 0:
        return "none"
    if share >= _NEARLY_ALL:
        return "all" if share == 1 else "nearly all"
    return f"1 in {plain(1 / share)}" if share < OFTEN else f"{plain(100 * share)} in 100"


def one_in_range(low: float, high: float) -> str:
    """Return a range of shares, the rarer end first."""
    if low > 0 and high < OFTEN:
        return f"1 in {plain(1 / low)} to {plain(1 / high)}"
    if low >= OFTEN and high < _NEARLY_ALL:
        return f"{plain(100 * low)} to {plain(100 * high)} in 100"
    return f"{one_in(low)} to {one_in(high)}"


def ratio_difference(row: Mapping[str, Any]) -> Amount:
    """Return how the ratio differs, for so many right matches that it is a number of people."""
    size = max(row["baseline"] or 0.0, row["here"] or 0.0)
    if row["difference"] is None or size == 0:
        return Amount("cannot be said" if row["difference"] is None else "the same", "")
    matches = 1
    while matches * size < 0.995 and matches < MOST_MATCHES:
        matches *= 10
    found = difference(row, matches)
    if found.value == "the same":
        return found
    over = "for each match" if matches == 1 else f"in {whole(matches)} matches"
    return Amount(f"{found.value} {over}", found.spread)


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
