"""One printed page for a committee: all that it says, as one JSON object of words and numbers.

No layout here: ``sim.printing.brief_page`` makes the page of it.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from sim import __version__
from sim.answer.comparison import against, changes, differences, same_people
from sim.answer.report import as_json
from sim.answer.result import Progress, Result
from sim.answer.trace import as_rows, trace
from sim.printing.brief_numbers import chart, four_numbers, four_ways
from sim.scenario.identity import scenario_hash
from sim.scenario.link import share_text
from sim.storage.provenance import written
from sim.words import printed as say
from sim.words.change import change_sentence
from sim.words.headline import comparison_headline, days_shown, headline, in_days
from sim.words.numbers import counted
from sim.words.printed_reasons import (
    Sources,
    error_models_line,
    groups_line,
    move,
    moves_note,
    recorded_line,
)

SHOWN_NUMBERS = 3  # that would change the answer
LONGEST_LINK = {1: 1_200, 2: 400}  # options -> characters of a link that the page has room for
_MOST_SOURCES, _MOST_WARNINGS = 6, 2
_TOO_LONG = "The link is too long for a page; passerby brief --json prints it."
_NOTHING = 1.01  # a swing below it is none

LIMITS = (
    "It counts matches and stops. It does not say whether to use live facial recognition.",
    "Who is on a list, and how many listed people walk past unseen, is published nowhere: both are "
    "guesses here.",
    "How often the system takes one person for another is known within a factor of ten: laboratory "
    "and street disagree.",
    "Differences between groups come from tests of many other systems, not of the one in use.",
    "The street is simplified. Nobody hides or turns away, and the police do not learn.",
    "Distress, trust and deterrence are not counted.",
)

Content = dict[str, Any]


def brief_content(
    option: Result, baseline: Result | None = None, *, progress: Progress | None = None
) -> Content:
    """Return all that the page says.

    baseline : what the option is compared with; None: the page is about the option alone
    progress : hears of the numbers that are moved to see what would change the answer
    """
    results = [option] if baseline is None else [baseline, option]
    answers = [as_json(result) for result in results]
    shown = days_shown(*answers)
    answer, scenario = answers[-1], option.scenario
    changed = None if baseline is None else against(baseline, option)
    moving, why = results[-1], answer  # what the reasons are about: the option, if anything happens
    if baseline is not None and answers[-1]["expected"]["true_alerts"] == 0:
        moving, why = baseline, answers[0]
    moved = [] if why["expected"]["true_alerts"] == 0 else as_rows(trace(moving, progress=progress))
    moved = [row for row in moved if row["swing"] is not None and row["swing"] > _NOTHING]
    sources = Sources()
    if sum(why["expected"].values()) > 0:
        for measure in ("false_alerts", "true_alerts", "mistaken"):
            sources.add(why["assumptions"]["rests_on"][measure]["source"])
    return {
        "title": say.clipped(scenario.title, say.LONGEST["title"]),
        "against": None if baseline is None else _against(option, baseline),
        "date": _date(),
        "question": _question(baseline),
        # Against a baseline the automatic sentence says more: a purpose may speak of another one.
        "purpose": ""
        if baseline is not None
        else say.clipped(scenario.purpose, say.LONGEST["purpose"]),
        "answer": headline(answer) if baseline is None else comparison_headline(*answers),
        "change": None if baseline is None else _change(baseline, option),
        "difference_head": None if changed is None else _difference_head(changed),
        "options": [
            _option(result, role, LONGEST_LINK[len(results)])
            for result, role in zip(results, say.roles(len(results)), strict=True)
        ],
        "deployments": shown,
        "denominator": in_days(shown),
        "numbers": four_numbers(answers, results, shown, changed),
        "four_ways": four_ways(answers, results),
        "chart": chart(results, answers, shown),
        "moves": [move(row, shown, sources) for row in moved[:SHOWN_NUMBERS]],
        "moves_note": moves_note(why, moved, is_baseline=why is not answer),
        "error_models": error_models_line(why),
        "groups": groups_line(why),
        "recorded": recorded_line(answer),
        "notes": _notes(answer) if sum(answer["expected"].values()) > 0 else [],
        "limits": list(LIMITS),
        "sources": sources.texts[:_MOST_SOURCES],
        "footer": _footer(answer),
        "hash": answer["hash"],
        "version": __version__,
    }


def _against(option: Result, baseline: Result) -> str:
    if option.scenario.title == baseline.scenario.title:
        return "the same scenario, unchanged"
    return say.clipped(baseline.scenario.title, say.LONGEST["title"])


def _change(baseline: Result, option: Result) -> str:
    """Return what was changed and what it did."""
    changed = say.told_changes(changes(baseline.scenario, option.scenario))
    table = differences(baseline, option)
    words = change_sentence(changed, table, same_people=same_people(baseline, option))
    return say.clipped(say.without_fields(words), say.LONGEST["change"])


def _difference_head(changed: Mapping[str, Any]) -> str:
    return "Difference, same people" if changed["same_people"] else "Difference, other people"


def _question(baseline: Result | None) -> str:
    if baseline is None:
        return "How many people are rightly matched, and how many are stopped by mistake?"
    return "What does the option change, for right matches and for mistaken stops?"


def _option(result: Result, role: str, longest_link: int) -> Content:
    scenario = result.scenario
    text = share_text(scenario)
    return {
        "role": role,
        "title": say.clipped(scenario.title, say.LONGEST["title"]),
        "policy": f"{say.policy_line(scenario)} Place: "
        f"{say.clipped(scenario.street.place, say.LONGEST['place'])}.",
        "hash": scenario_hash(scenario),
        "link": text,
        "link_shown": say.in_lines(text) if len(text) <= longest_link else [_TOO_LONG],
    }


def _notes(answer: Mapping[str, Any]) -> list[str]:
    """Return what the run warns of, without the names of fields."""
    return [
        say.clipped(say.without_fields(line), say.LONGEST["warning"])
        for line in answer["warnings"][:_MOST_WARNINGS]
    ]


def _footer(answer: Mapping[str, Any]) -> str:
    return (
        f"Passerby {answer['version']}, seed {answer['seed']}, "
        f"{counted(answer['assumption_draws'], 'assumption draw')}"
    )


def _date() -> str:
    return written()[:10]
