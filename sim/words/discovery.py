"""Where a policy fails, on a terminal.

State: none; functions take the JSON object of ``passerby discover``.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import counted, per_cent
from sim.words.outcomes import outcome_name
from sim.words.terminal_layout import table, titled
from sim.words.value_of_information import value_of

FEW_DRAWS = 100
SMALLEST_P = 1e-4


def discovery_page(answer: Mapping[str, Any]) -> RenderableType:
    """Return what was found in sentences, the box as a table, and what to know of it."""
    parts: list[RenderableType] = [
        Text(f"{answer['study']}: {answer['title']}", style="bold"),
        *(Text(line) for line in sentences(answer)),
    ]
    if answer["box"] is not None and answer["is_found"]:
        parts += [Text(), _box_table(answer["box"])]
    parts += [Text(line, style="dim") for line in notes(answer)]
    return Group(*parts)


def with_sentences(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with its sentences and notes, for those who read it as JSON."""
    return {**answer, "sentences": sentences(answer), "notes": notes(answer)}


def sentences(answer: Mapping[str, Any]) -> list[str]:
    """Return how often it fails, and where most."""
    held = ", ".join(f"{name} {value_of(value)}" for name, value in answer["held"].items())
    lines = [
        f"Failing is: {answer['fails']}{f', with {held}' if held else ''}. "
        f"{answer['failing']:,} of {counted(answer['cases'], 'case')} fail "
        f"({per_cent(answer['share_failing'])})."
    ]
    box = answer["box"]
    if box is None:
        lines.append(f"Nothing found: {answer['reason']}.")
    elif not answer["is_found"]:
        lines.append(
            f"Nothing found that chance would not give: with failures dealt out at random a box as "
            f"good comes up in {per_cent(answer['p_chance'])} of tries."
        )
    else:
        where = " and ".join(restriction_words(one) for one in box["restrictions"])
        lines.append(
            f"It fails in {per_cent(box['density'])} of the cases where {where}: "
            f"{box['failing_inside']:,} of {box['inside']:,}, against "
            f"{per_cent(answer['share_failing'])} of all. That holds {per_cent(box['coverage'])} "
            f"of all failures in {per_cent(box['mass'])} of the cases."
        )
    return lines


def restriction_words(one: Mapping[str, Any]) -> str:
    """Return one restriction of a box as words."""
    unit = "" if one["unit"] in {None, "", "1"} else f" {one['unit']}"
    if one["values"] is not None:
        return f"{one['name']} is {' or '.join(value_of(value) for value in one['values'])}"
    if one["low"] is None:
        return f"{one['name']} is at most {value_of(one['high'])}{unit}"
    if one["high"] is None:
        return f"{one['name']} is at least {value_of(one['low'])}{unit}"
    return f"{one['name']} is {value_of(one['low'])} to {value_of(one['high'])}{unit}"


def notes(answer: Mapping[str, Any]) -> list[str]:
    """Return what the reader must know: how sure, over what, and what was left out."""
    lines = []
    if answer["p_chance"] is not None:
        lines.append(
            f"So good a box came up in {per_cent(answer['p_chance'])} of tries with failures dealt "
            f"out at random (5 % or less counts as found; {answer['redrawn']:,} cases used)."
        )
    if answer["is_crossed"]:
        lines.append(
            f"{counted(answer['policies'], 'policy', 'policies')} share "
            f"{counted(answer['draws'], 'draw')} of what is not known: draws, not cases, are what "
            "tells assumptions apart"
            + (
                f", and {answer['draws']:,} are few for that; a latin-hypercube study of one "
                "policy tells more."
                if answer["draws"] < FEW_DRAWS
                else "."
            )
        )
    for name, count in answer["undefined"].items():
        if count:
            lines.append(
                f"{outcome_name(name)} has no value in {count:,} cases; they count as not failing."
            )
    left = answer["left_out"]
    if left["failed_rows"]:
        lines.append(
            f"{left['failed_rows']:,} rows have no result; {counted(left['points'], 'point')} left "
            "out."
        )
    lines.append("A box says where failures lie in this study, not what causes them.")
    return lines


def _box_table(box: Mapping[str, Any]) -> RenderableType:
    made = table(["restricted", "quasi-p", "found again"])
    for one in box["restrictions"]:
        p_value = one["quasi_p"]
        made.add_row(
            restriction_words(one),
            f"under {SMALLEST_P:.4f}" if p_value < SMALLEST_P else f"{p_value:.4f}",
            f"{100 * one['reproduced']:.0f} of 100",
        )
    said = (
        "quasi-p: chance of so many failures if that restriction did not matter; found again: of "
        "bootstrap draws whose box restricts it too."
    )
    return Group(titled("The box", made), Text(said, style="dim"))
