"""What a lesson is made of: screens, each with a question, then an answer worked out on demand.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from sim.errors import SimError
from sim.scenario.schema import Scenario
from sim.words.numbers import between, plain

Kind = Literal["number", "choice", "read"]
Guesses = Mapping[str, Sequence[float]]  # name of a screen -> what was guessed there


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree of natural frequencies: how many, of whom, and how they divide."""

    label: str
    branches: Sequence["Branch"] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown once a guess has been committed.

    value, low, high : in the unit of the guess; None where nothing is right or wrong
    words   : the answer as a sentence, then what follows from it
    rests   : what the range means, and which of it is a guess
    source  : where the figures come from
    entries : names in the register of what they rest on
    table   : rows of the same numbers; the first is the heading
    """

    words: Sequence[str]
    rests: str
    source: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    entries: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    tree: Branch | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """One question.

    facts   : what a student knows before the guess
    low, high, unit : of a number
    choices : of a vote; a guess is the number of its place
    discuss : questions for the room, after the answer
    say     : what the teacher may say, and what to expect of the room
    uses    : names of the screens whose guesses the answer is worked out from
    """

    name: str
    title: str
    question: str
    kind: Kind
    minutes: int
    answer: Callable[[Guesses], Answer]
    facts: Sequence[str] = ()
    low: int = 0
    high: int = 100
    unit: str = ""
    choices: Sequence[str] = ()
    discuss: Sequence[str] = ()
    say: Sequence[str] = ()
    uses: Sequence[str] = ()
    has_roles: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Whom a student speaks for: what this person hopes and fears, in equal measure."""

    name: str
    asks: str
    benefit: str
    harm: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is asked in class, or of the teacher, and its answer."""

    asked: str
    answer: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: its screens in order, and the streets that they need walked.

    streets : what has to be walked -> its scenario
    before, after : the same kind of question on paper, before and after the lesson
    prepare : what a teacher does beforehand
    """

    name: str
    title: str
    minutes: int
    about: str
    screens: Sequence[Screen]
    streets: Callable[[], Mapping[str, Scenario]]
    before: Question
    after: Question
    prepare: Sequence[str]
    questions: Sequence[Question]
    roles: Sequence[Role] = ()


def no_streets() -> Mapping[str, Scenario]:
    """Return what a lesson of published figures alone needs."""
    return {}


def spread(answer: Answer) -> str:
    """Return an answer's range as words; empty where it has none."""
    if answer.low is None or answer.high is None:
        return ""
    if plain(answer.low) == plain(answer.high):
        return "the same whatever is assumed"
    return f"it could be {between(answer.low, answer.high)}"


def checked_guess(screen: Screen, value: float) -> float:
    """Return a guess that the screen can take; raises SimError with what is allowed."""
    if screen.kind == "choice":
        if value in range(len(screen.choices)):
            return value
        raise SimError(f"choose one of the {len(screen.choices)} answers")
    if isfinite(value) and screen.low <= value <= screen.high:
        return value
    raise SimError(f"a guess lies between {screen.low:,} and {screen.high:,} here")
