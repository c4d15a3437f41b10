"""The headline of an answer and of a comparison: one sentence, word for word the same everywhere.

Answers are mappings as ``run --json`` gives them. Counts are for so many days like the one asked
about that they are whole people; the number of days is chosen once, for a baseline and its option
together.

State: none.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from sim.words.numbers import Amount, counted, ends, number, people, people_amount, subject
from sim.words.ratios import of_json, on_one_base

ENOUGH = 9.5  # of the rarest kind of event: from so many on two figures are whole people
MOST_DAYS = 1_000_000

Answer = Mapping[str, Any]


def days_shown(*answers: Answer) -> int:
    """Return for how many days counts are given: 1, 10, 100 ..., the same for all answers.

    The fewest in which the rarest kind that can happen, a right match or a mistaken stop, comes
    ten times.
    """
    means = []
    for answer in answers:
        alerts = {kind: number(answer["alerts"][kind]["mean"]) for kind in ("true", "false")}
        mistaken = number(answer["stops"]["mistaken"]["mean"])
        means += [alerts["true"], mistaken if mistaken > 0 else alerts["false"]]
    return days_for(means)


def days_for(means: Iterable[float]) -> int:
    """Return for how many days expected counts of one day are given."""
    least = min((mean for mean in means if mean > 0), default=ENOUGH)
    days = 1
    while days * least < ENOUGH and days < MOST_DAYS:
        days *= 10
    return days


def in_days(days: int) -> str:
    """Return the denominator of counts in words.

    >>> in_days(1), in_days(100)
    ('in one such day', 'in 100 such days')
    """
    return "in one such day" if days == 1 else f"in {counted(days, 'such day')}"


def headline(answer: Answer) -> str:
    """Return the whole answer in a sentence: who walks past, alerts, mistaken stops a match."""
    walkers = int(answer["people"])
    nothing = _nothing(answer)
    if walkers == 0:
        return "Nobody walks past, so nobody is scanned, matched or stopped."
    if nothing:
        walk = f"{counted(walkers, 'person walks', 'people walk')} past"
        return f"{walk} and {nothing}, so nobody is matched or stopped."
    true, false = (number(answer["alerts"][kind]["mean"]) for kind in ("true", "false"))
    days = days_shown(answer)
    when = "Of" if days == 1 else f"{_capital(in_days(days))}, of"
    who = "person who walks" if days * walkers == 1 else "people who walk"
    return (
        f"{when} {people(days * walkers)} {who} past, {_alerts(days * true, days * false)} set off "
        f"an alert; {_stops(answer, days)}."
    )


def _nothing(answer: Answer) -> str:
    """Say why there can be no alert; empty where there can be one."""
    if answer["people"] == 0:
        return "nobody walks past"
    if answer["faces_usable"] == 0:
        return "no face is scanned"
    can = any(number(answer["alerts"][kind]["mean"]) > 0 for kind in ("true", "false"))
    return "" if can else "nobody can set off an alert"


def _alerts(true: float, false: float) -> str:
    """Return who sets off an alert; two parts, so that there is no sum that could fail to add up.

    >>> _alerts(11.0, 1.0)
    '11 on the list and 1 other'
    """
    others = people(false)
    if others == "none":
        return f"{_nobody(people(true))} on the list and nobody else"
    noun = "other" if Amount(others).is_one else "others"
    return f"{_nobody(people(true))} on the list and {others} {noun}"


def _stops(answer: Answer, days: int) -> str:
    """Return mistaken stops for so many right matches, with what is not known about them."""
    stops = answer["stops"]
    if sum(number(stops[kind]["mean"]) for kind in ("mistaken", "correct")) == 0:
        return "nobody acts on an alert, so nobody is stopped"
    value, low, high = of_json(answer["false_stops_per_true_match"])
    if number(answer["alerts"]["true"]["mean"]) == 0 or not isfinite(value):
        mistaken = amount(stops["mistaken"], days)
        return f"{subject(mistaken)} stopped by mistake and nobody is rightly matched"
    found = on_one_base(value, low, high)
    if value == 0 and not found.spread:
        return "nobody is stopped by mistake"
    verb = "is" if Amount(found.value).is_one else "are"
    spread = f" ({found.spread})" if found.spread else ""
    return f"for every {found.matches}, {_nobody(found.value)} {verb} stopped by mistake{spread}"


def comparison_headline(
    baseline: Answer, option: Answer, *, names: tuple[str, str] = ("baseline", "option")
) -> str:
    """Return what two answers bring, benefit and harm alike, in the same number of days.

    names : what the two are called
    """
    days = days_shown(baseline, option)
    there, here = _nothing(baseline), _nothing(option)
    if not there:
        right, wrong = _right_and_wrong(baseline, days)
        there = f"{subject(right)} rightly matched and {_nobody(wrong)} stopped by mistake"
    if not here:
        right, wrong = _right_and_wrong(option, days)
        here = (
            f"{_nobody(right)} and {_nobody(wrong)}"
            if not _nothing(baseline)
            else f"{subject(right)} rightly matched and {_nobody(wrong)} stopped by mistake"
        )
    return f"{_capital(in_days(days))}, {there} in the {names[0]}; in the {names[1]}, {here}."


def _right_and_wrong(answer: Answer, days: int) -> tuple[Amount, Amount]:
    return amount(answer["alerts"]["true"], days), amount(answer["stops"]["mistaken"], days)


def amount(count: Mapping[str, Any], days: int) -> Amount:
    """Return an expected count of people in so many days, with what is not known about it.

    >>> str(amount({"mean": 0.02, "low": 0.01, "high": 0.06, "at_most": None}, 1000))
    '20 (10 to 60)'
    """
    mean, bound = number(count["mean"]), count["at_most"]
    low, high = ends(count)
    if mean == 0 and bound:
        low, high = 0.0, bound
    return people_amount(days * mean, days * low, days * high)


def _nobody(who: str | Amount) -> str:
    who = str(who)
    return f"nobody{who.removeprefix('none')}" if who.startswith("none") else who


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
