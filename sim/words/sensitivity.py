"""What moves an outcome and what would be worth knowing, on a terminal.

State: none; functions take the JSON object of ``passerby sensitivity``.
"""

from collections.abc import Mapping
from math import exp
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import counted, plain
from sim.words.outcomes import outcome_name
from sim.words.terminal_layout import table, titled
from sim.words.value_of_information import (
    knowing_page,
    knowing_sentences,
    short_name,
    value_of,
)

LINES, SHOWN = 5, 12
BARE = ("mu", "sigma")  # without their interval: --json has it
PLACES = ("most", "second most", "third most", "fourth most", "fifth most")
_NEXT_TO_NOTHING = 0.005  # a share below it rounds to none
METHODS = {
    "morris": "Morris screening: mu* is the mean size of a move over the whole range, as a factor",
    "sobol": "Sobol' indices: shares of the variance of the logarithm",
    "slices": "first-order shares, from means within slices of each factor",
}
INDICES = {
    "morris": (("mu_star", "mu*"), ("mu", "mu"), ("sigma", "sigma")),
    "sobol": (("first_order", "alone"), ("total", "with others")),
    "slices": (("first_order", "alone"),),
}


def sensitivity_page(answer: Mapping[str, Any]) -> RenderableType:
    """Return every outcome in the same form, then what would be worth knowing."""
    parts: list[RenderableType] = [
        Text(f"{answer['study']}: {answer['title']}", style="bold"),
        Text(f"{METHODS[answer['method']]}; numbers in brackets: 95 % bootstrap interval."),
    ]
    for one in answer["outcomes"]:
        parts += [Text(), _outcome_table(one)]
        parts += [Text(line) for line in sentences(one, answer)]
        parts += [Text(line, style="dim") for line in notes(one, answer)]
    if "worth_knowing" in answer:
        parts += [Text(), knowing_page(answer["worth_knowing"])]
    return Group(*parts)


def with_sentences(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with its sentences and notes, for those who read it as JSON."""
    outcomes = [
        {**one, "sentences": sentences(one, answer), "notes": notes(one, answer)}
        for one in answer["outcomes"]
    ]
    found = {**answer, "outcomes": outcomes}
    if "worth_knowing" in answer:
        given = answer["worth_knowing"]
        found["worth_knowing"] = {**given, "sentences": knowing_sentences(given)}
    return found


def sentences(one: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return a line for each of the five factors that move an outcome most."""
    moving = [factor for factor in one["factors"] if factor["told_apart"] is not False]
    if not moving:
        return [
            f"Nothing that varies here moves {outcome_name(one['outcome'])} by more than chance."
        ]
    return [
        _sentence(factor, place, one, answer)
        for factor, place in zip(moving[:LINES], PLACES, strict=False)
    ]


def notes(one: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return what the reader must know of an outcome's numbers: noise, and what was left out."""
    lines = []
    chance = sum(factor["told_apart"] is False for factor in one["factors"])
    if one["replications"] < 2:
        lines.append(
            "One replication: nothing here can be told from the luck of that day. Two or more "
            "replications give a noise floor."
        )
    else:
        share = one["noise_share"]
        said = "cannot be said" if share is None else _share(share)
        lines.append(
            f"Noise floor: replications are {said} of what varies between points "
            f"({counted(one['replications'], 'replication')})."
        )
    if chance:
        lines.append(
            f"{counted(chance, 'factor is', 'factors are')} not told apart from chance "
            "(5 in 100 that any of all factors without effect would be)."
        )
    left = one["left_out"]
    lost = [
        f"{left[key]:,} {what}"
        for key, what in (
            ("failed", "rows have no value"),
            ("missing", "rows have not been run"),
        )
        if left[key]
    ]
    if left["none"] and left["floored"]:
        lost.append(f"{left['none']:,} rows have none of it and are counted as {answer['floor']:g}")
    elif left["none"]:
        lost.append(f"{left['none']:,} rows have none of it, and so no logarithm")
    if lost:
        kind = {"morris": "trajectory", "sobol": "block of the scheme"}.get(one["method"])
        whole = "" if kind is None else f"; a {kind} with a missing run is left out whole"
        lines.append(
            f"{', '.join(lost)}{whole}: {left['points']:,} of {left['of_points']:,} points are "
            "left out" + (", and the numbers hold for the rest." if left["points"] else ".")
        )
    return lines


def _sentence(
    factor: Mapping[str, Any], place: str, one: Mapping[str, Any], answer: Mapping[str, Any]
) -> str:
    about, ends = answer["factors"][factor["name"]], factor["ends"]
    subject = "What is believed about" if about["kind"] == "uncertainty" else "The choice of"
    turn = ""
    if ends["turn"] is not None:
        turn = f", by way of {plain(ends['turn'])} at {value_of(ends['turns_at'])}"
    line = (
        f"{subject} {factor['name']} moves {outcome_name(one['outcome'])} {place}: from "
        f"{value_of(ends['at_low'])} to {value_of(ends['at_high'])} they go from "
        f"{plain(ends['low'])} to {plain(ends['high'])}{turn} (all else averaged), "
        f"{_weight(factor, one['method'], answer)}."
    )
    if about["kind"] == "uncertainty":
        line += f" It is {_grade(about['grade'])}: {about['source'].rstrip('.')}."
    if factor["told_apart"] is None:
        line += " One replication cannot tell it from chance."
    return line


def _weight(factor: Mapping[str, Any], method: str, answer: Mapping[str, Any]) -> str:
    index = factor["indices"]["mu_star" if method == "morris" else "first_order"]
    if method == "morris":
        low, high = exp(index["low"]), exp(index["high"])
        return (
            f"by a factor of {plain(exp(index['estimate']))} on average wherever the others are "
            f"({plain(low)} to {plain(high)}); screening orders, it gives no shares"
        )
    all_unknown = all(about["kind"] == "uncertainty" for about in answer["factors"].values())
    of = "what we do not know" if all_unknown else "what varies here, choices included"
    words = f"{_about(index['estimate'])} of {of} ({_range(index)})"
    if method == "sobol":
        total = factor["indices"]["total"]
        words += f"; with what it does together with others {_share(total['estimate'])}"
    return words


def _grade(grade: str) -> str:
    article = "an" if grade[0] in "aeiou" else "a"
    return {"measured": "measured", "calibrated": "calibrated"}.get(grade, f"{article} {grade}")


def _share(value: float) -> str:
    if value < _NEXT_TO_NOTHING:
        return "under 1 %"
    return f"{100 * min(value, 1.0):.0f} %"


def _about(share: float) -> str:
    return _share(share) if share < _NEXT_TO_NOTHING else f"about {_share(share)}"


def _range(index: Mapping[str, float]) -> str:
    low, high = max(0.0, index["low"]), max(0.0, index["high"])
    if high < _NEXT_TO_NOTHING:
        return "at most 1 %"
    return f"{100 * low:.0f} to {100 * min(high, 1.0):.0f} %"


def _outcome_table(one: Mapping[str, Any]) -> RenderableType:
    columns = INDICES[one["method"]]
    made = table(["factor", *(label for _, label in columns)])
    made.columns[0].no_wrap = True
    for factor in one["factors"][:SHOWN]:
        indices = factor["indices"]
        cells = [_cell(indices[key], one["method"], is_bare=key in BARE) for key, _ in columns]
        mark = " ~" if factor["told_apart"] is False else ""
        made.add_row(short_name(factor["name"]) + mark, *cells)
    tail = []
    if any(factor["told_apart"] is False for factor in one["factors"][:SHOWN]):
        tail.append("~ not told apart from chance")
    rest = len(one["factors"]) - SHOWN
    if rest > 0:
        tail.append(f"{counted(rest, 'more factor')} moved it less: --json lists all")
    title = f"What moves {outcome_name(one['outcome'])} (on average {plain(one['mean'])})"
    parts: list[RenderableType] = [titled(title, made)]
    if tail:
        parts.append(Text("; ".join(tail) + ".", style="dim"))
    return Group(*parts)


def _effect(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= _NEXT_TO_NOTHING else "under 0.01"


def _cell(index: Mapping[str, float], method: str, *, is_bare: bool) -> str:
    if method == "morris":
        value = _effect(index["estimate"])
        if is_bare or value.startswith("under"):
            return value
        return f"{value} ({index['low']:.2f} to {index['high']:.2f})"
    if index["high"] < _NEXT_TO_NOTHING:
        return "under 1 %"
    return f"{_share(index['estimate'])} ({_range(index)})"
