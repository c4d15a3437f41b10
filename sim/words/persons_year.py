"""One person's year at a place, on a terminal.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import chance, plain, spoken, with_spread
from sim.words.terminal_layout import table, titled

DAYS = "exposure.deployments_a_year"
EVENTS = {"falsely_alerted": "falsely alerted", "mistakenly_stopped": "mistakenly stopped"}


def year_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return the chances of a year, by group, and how unevenly they fall."""
    asked, shares = answer["asked"], answer["concentration"]
    head = Text(
        f"One person who passes this place {asked['days_a_week']:g} days a week, with the cameras "
        f"here on {asked['deployments_a_year']:g} days a year:\n"
        f"{plain(answer['passages_under_cameras_a_year'])} passages under the cameras in a year "
        f"({chance(answer['passes_in_camera_hours'])} of a day's passages fall into their hours)."
    )
    made = table(["at least once in a year", "scanned", *EVENTS.values()])
    for row in answer["chances"]:
        made.add_row(
            row["group"],
            chance(row["scanned"]["estimate"]),
            *(_with_range(row[event]) for event in EVENTS),
        )
    top = f"{100 * shares['top_share']:g} %"
    words = (
        f"Of all false alerts, the {top} of people most prone to them bear "
        f"{chance(shares['by_proneness_alone'])}; counting also who passes often and how groups "
        f"differ, the most exposed {top} bear {chance(shares['in_all'])}. "
    )
    guesses = [_guess(guess) for guess in answer["guesses"] if guess["name"] != DAYS]
    words += f"These shares rest on guesses: {', '.join(guesses)}. "
    days = [_guess(guess) for guess in answer["guesses"] if guess["name"] == DAYS]
    if days:
        words += f"So do the chances: {days[0]} is a guess, and --deployments gives your own."
    tail = Text(words.rstrip())
    return Group(head, Text(), titled("Chances, with what the assumptions leave open", made),
                 Text(), tail)  # fmt: skip


def _guess(guess: Mapping[str, Any]) -> str:
    return (
        f"{guess['name']} {plain(guess['value'])} ({plain(guess['low'])} to {plain(guess['high'])})"
    )


def _with_range(found: Mapping[str, float]) -> str:
    """Return a chance as one in so many, the likelier end of its range first."""
    if not found["estimate"]:
        return "none expected"
    likely, least = _people(found["high"]), _people(found["low"])
    return f"1 in {with_spread(_people(found['estimate']), _to(likely, least))}"


def _to(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _people(share: float) -> str:
    return spoken(1 / share) if share else "no limit"
