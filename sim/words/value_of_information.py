"""What would be worth knowing, on a terminal: the choice, what would change it, whom to ask.

State: none; functions take ``worth_knowing`` of the JSON object of ``passerby sensitivity``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.scenario.beliefs import PRESET_FAMILIES
from sim.words.numbers import counted, plain
from sim.words.outcomes import outcome_name
from sim.words.terminal_layout import table, titled

LINES, SHOWN = 5, 12
LOOSE = 0.1  # chance of a change by luck alone, above which draws of one's own tell little
_LARGE, _SMALL = 1000, 1e-3


def knowing_page(found: Mapping[str, Any]) -> RenderableType:
    """Return the unknowns, what knowing each would do, and the questions to put."""
    made = table(
        ["unknown", "choice changes,\nof 100", "by\nchance", "stops a match\nnow, if known"]
    )
    made.columns[0].no_wrap = True
    for one in found["unknowns"][:SHOWN]:
        by_chance = one["by_chance"]
        made.add_row(
            short_name(one["name"]) + ("" if one["told_apart"] else " ~"),
            f"{100 * one['chance_of_change']:.0f}" if one["chance_of_change"] else "none",
            "" if by_chance is None else f"{100 * by_chance:.0f}",
            f"{_ratio(one, 'now')}, {_ratio(one, 'known')}",
        )
    lines: Sequence[str] = knowing_sentences(found)
    tail = (
        f"~ not told apart from chance. {counted(len(found['policies']), 'policy', 'policies')}, "
        f"{counted(found['draws'], 'draw')} of what is unknown each"
        + (", the same for all" if found["paired"] else ", different ones for each policy")
        + (f"; {found['points_left_out']:,} points left out" if found["points_left_out"] else "")
        + "."
    )
    return Group(
        titled("What would be worth knowing", made),
        *(Text(line) for line in lines),
        Text(tail, style="dim"),
    )


def knowing_sentences(found: Mapping[str, Any]) -> list[str]:
    """Return what measuring each unknown would do to the choice, with the question to put."""
    criterion = found["criterion"]
    now = _policy(found["policies"][found["preferred"]]["policy"])
    harm, benefit = (outcome_name(criterion[side]) for side in ("harm", "benefit"))
    lines = [
        "Which policy is preferred is your judgement. Here: the fewest "
        f"{harm} for each of {benefit}, among policies with at least "
        f"{100 * criterion['least_share']:g} % of the most {benefit} that any has (--least-share). "
        f"On average that is {now}."
    ]
    levels = [one["by_chance"] for one in found["unknowns"] if one["by_chance"] is not None]
    if not found["paired"] and max(levels, default=0.0) > LOOSE:
        lines.append(
            "Each policy has draws of its own, and by that alone the choice would change in up to "
            f"{100 * max(levels):.0f} of 100 cases: a table with every policy under the same draws "
            "tells more (docs/howto/which-unknown-matters.md)."
        )
    telling = [one for one in found["unknowns"] if one["told_apart"]]
    if not telling:
        lines.append(
            "Knowing any one of them would not change that choice more often than chance would "
            "have it."
        )
    for one in telling[:LINES]:
        other = sorted({at["policy"] for at in one["preferred"]} - {found["preferred"]})
        named = "; ".join(_policy(found["policies"][place]["policy"]) for place in other)
        line = (
            f"If {one['name']} were known, another policy would be preferred in "
            f"{100 * one['chance_of_change']:.0f} of 100 cases ({100 * one['by_chance']:.0f} by "
            f"chance): {named}."
        )
        if one["question"] is not None:
            line += (
                f" Ask {one['question']['to']}: {one['question']['question']} "
                f"It would measure: {one['question']['measures']}."
            )
        lines.append(line)
    return lines


def value_of(value: Any) -> str:
    """Return a value that a factor takes, to three digits; a name or a switch as it is."""
    if isinstance(value, (str, bool)):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) >= _LARGE:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}" if abs(value) >= _SMALL else plain(value)


def short_name(name: str) -> str:
    """Return a name without its preset, which the sentences give."""
    family, *preset, entry = name.split(".")
    return f"{family}.{entry}" if preset and family in PRESET_FAMILIES else name


def _policy(policy: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value_of(value)}" for name, value in policy.items())


def _ratio(one: Mapping[str, Any], when: str) -> str:
    harm, benefit = one[f"harm_{when}"], one[f"benefit_{when}"]
    return plain(harm / benefit) if benefit > 0 else "no match"
