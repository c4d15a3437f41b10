"""What a lesson is made of: screens, each with a question, then an answer worked out on demand.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.briefing.words import plain
from sim.scenario.schema import Scenario

Kind = Literal["number", "choice", "read"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown once a guess has been committed.

    value, low, high : in the unit of the guess; None where nothing is right or wrong
    words  : the answer as a sentence, then what follows from it
    rests  : what the range means, and which of it is a guess
    source : where a published figure comes from
    table  : rows of the same numbers; the first is the heading
    """

    words: Sequence[str]
    rests: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """One question.

    facts   : what a student knows before the guess
    choices : of a vote; a guess is the number of its place
    unit    : of a number
    discuss : questions for the room, after the answer
    answer  : worked out from the class's guesses, which most screens ignore
    """

    name: str
    title: str
    question: str
    kind: Kind
    answer: Callable[[Sequence[float]], Answer]
    facts: Sequence[str] = ()
    low: int = 0
    high: int = 100
    unit: str = ""
    choices: Sequence[str] = ()
    discuss: Sequence[str] = ()
    has_roles: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: its screens in order, and the streets that they need walked."""

    name: str
    title: str
    minutes: int
    about: str
    screens: Sequence[Screen]
    scenarios: Callable[[], Mapping[str, Scenario]] = field(default=dict)


def range_words(low: float, high: float) -> str:
    """Return an answer's range as words."""
    return f"it could be {plain(low)} to {plain(high)}"
