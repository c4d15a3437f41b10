"""Lessons on paper: worksheet, teacher's guide and answers, made from the screens themselves.

A handout is a row of blocks; ``in_markdown`` and ``in_print`` write the same blocks as text and as
a page, so that page, worksheet and guide cannot differ.

State: none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.lessons.answering import answer_of
from sim.lessons.histogram import LETTERS
from sim.lessons.screens import (
    Answer,
    Branch,
    Guesses,
    Lesson,
    Question,
    Role,
    Screen,
    spread,
)
from sim.lessons.shared_sentences import HELD_WORDS
from sim.words.numbers import amount_of

Kind = Literal["heading", "text", "strong", "list", "choices", "space", "field", "table", "tree"]
EXAMPLE: Guesses = {"mistaken": (10.0,), "ratio": (3.0,), "scanned": (20_000.0,)}
CEILINGS = (
    "10 mistaken stops for every 100 right matches, 3 times everybody's rate, 20,000 people "
    "scanned for each right match"
)
LICENCE = "Passerby lessons, CC BY 4.0: use, change and share them, and say where they come from."


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a handout.

    text  : of a heading, a paragraph, or the label of a field
    items : of a list, or choices to tick
    rows  : of a table; the first is its head
    lines : empty lines to write on
    tree  : of natural frequencies
    """

    kind: Kind
    text: str = ""
    items: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: int = 0
    tree: Branch | None = None


@dataclass(frozen=True, slots=True)
class Handout:
    """A worksheet, a guide, or the answers of a lesson.

    is_written_on : students write on it: what stands under a heading stays on one page
    """

    name: str
    title: str
    about: str
    blocks: Sequence[Block]
    is_written_on: bool = False


def worksheet(lesson: Lesson) -> Handout:
    """Return what a student writes on; it tells no answer."""
    return Handout(
        f"{lesson.name}-worksheet",
        f"Worksheet: {lesson.title}",
        f"{lesson.minutes} minutes. Write your guess before you hear the answer. No name needed.",
        tuple(_worksheet(lesson)),
        is_written_on=True,
    )


def _worksheet(lesson: Lesson) -> Iterator[Block]:
    yield Block("heading", "Before the lesson")
    yield Block("text", lesson.before.asked)
    yield Block("space", lines=3)
    for place, screen in enumerate(lesson.screens, start=1):
        yield Block("heading", f"{place}. {screen.title}")
        for fact in screen.facts:
            yield Block("text", fact)
        yield Block("strong", screen.question)
        if screen.has_roles and place == 1:
            yield from _role_cards(lesson.roles)
        if screen.kind == "number":
            yield Block("field", f"My guess ({screen.unit})")
            yield Block("field", "The answer, and how sure it is")
            yield Block("text", "What I think now:")
            yield Block("space", lines=2)
        elif screen.kind == "choice":
            yield Block("choices", items=_lettered(screen.choices))
            yield Block("text", "Because:")
            yield Block("space", lines=2)
        else:
            yield Block("space", lines=4)
        if screen.discuss:
            yield Block("text", "To discuss:")
            yield Block("list", items=screen.discuss)
    yield Block("heading", "After the lesson")
    yield Block("text", lesson.after.asked)
    yield Block("space", lines=4)


def _role_cards(roles: Sequence[Role]) -> Iterator[Block]:
    for role in roles:
        yield Block(
            "table",
            rows=(
                (f"You speak for: {role.name}", role.asks),
                ("What could be gained", role.benefit),
                ("What could be lost", role.harm),
            ),
        )


def _lettered(choices: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{LETTERS[place]}: {choice}" for place, choice in enumerate(choices))


def answers(lesson: Lesson) -> Handout:
    """Return the answers of a lesson; its streets must have been walked."""
    return Handout(
        f"{lesson.name}-answers",
        f"Answers: {lesson.title}",
        "For teachers. The page works the same numbers out; ranges and sources belong to them.",
        tuple(_answers(lesson)),
    )


def _answers(lesson: Lesson) -> Iterator[Block]:
    yield from _asked_and_answered("Before the lesson", lesson.before)
    if any(screen.uses for screen in lesson.screens):
        yield Block(
            "text",
            f"Answers that depend on the board are those of an example board: {CEILINGS}.",
        )
    for place, screen in enumerate(lesson.screens, start=1):
        if screen.kind == "read":
            continue
        answer = answer_of(lesson, screen, EXAMPLE)
        yield Block("heading", f"{place}. {screen.title}")
        yield Block("strong", screen.question)
        yield Block("text", _answered(screen, answer))
        for words in answer.words:
            yield Block("text", words)
        if answer.tree is not None:
            yield Block("tree", tree=answer.tree)
        if answer.table:
            yield Block("table", rows=answer.table)
        yield Block("text", f"How sure: {answer.rests}")
        yield Block("text", f"Source: {answer.source}.")
    yield from _asked_and_answered("After the lesson", lesson.after)


def _answered(screen: Screen, answer: Answer) -> str:
    if answer.value is None:
        return "No answer is right or wrong here."
    told = spread(answer)
    return f"Answer: {amount_of(answer.value)} {screen.unit}{f'; {told}' if told else ''}."


def _asked_and_answered(heading: str, question: Question) -> Iterator[Block]:
    yield Block("heading", heading)
    yield Block("strong", question.asked)
    yield Block("text", question.answer)


def guide(lesson: Lesson) -> Handout:
    """Return the teacher's guide of a lesson: preparation, minutes, what to say, questions."""
    return Handout(
        f"{lesson.name}-guide",
        f"Teacher's guide: {lesson.title}",
        f"{lesson.minutes} minutes. {lesson.about}",
        tuple(_guide(lesson)),
    )


def _guide(lesson: Lesson) -> Iterator[Block]:
    yield Block("heading", "Before class")
    yield Block(
        "list",
        items=(
            *lesson.prepare,
            "Start the page with `passerby app --classroom`; it prints the address to type.",
            "Print the worksheets, one each. The lesson works on paper if the network fails.",
            HELD_WORDS,
        ),
    )
    yield Block("heading", "Minute by minute")
    yield Block("table", rows=(("From minute", "Screen", "Minutes"), *_minutes(lesson)))
    yield Block("text", "A screen's minutes hold the guess, the answer and the talk after it.")
    yield Block("heading", "How a screen goes")
    yield Block(
        "list",
        items=(
            "Read the question aloud. Everybody guesses alone, in silence, and commits.",
            "Wait until the count of those who are done stands still; then “Show the answer”.",
            "Ask one low and one high guess for its reason before you explain anything.",
            "Read the range and the source aloud. Then the questions for the room, then the next.",
        ),
    )
    yield Block("heading", "What to say")
    for place, screen in enumerate(lesson.screens, start=1):
        if screen.say:
            yield Block("strong", f"{place}. {screen.title}")
            yield Block("list", items=screen.say)
    if lesson.roles:
        yield Block("heading", "Roles")
        yield Block("text", "Seats are dealt the roles in turn. Benefit and harm weigh the same.")
        yield from _role_cards(lesson.roles)
    yield Block("heading", "Questions that come")
    for question in lesson.questions:
        yield Block("strong", question.asked)
        yield Block("text", question.answer)
    yield Block("heading", "What to say when ...")
    for when, words in WHEN.items():
        yield Block("strong", when)
        yield Block("text", words)
    yield Block("heading", "Check before and after")
    yield Block("text", f"Before: {lesson.before.asked}")
    yield Block("text", f"After: {lesson.after.asked}")
    yield Block(
        "text",
        "Compare how many got the first and how many the second; worksheets carry no names, so "
        "compare the class, not the students.",
    )


WHEN: Mapping[str, str] = {
    "... somebody is hurt by the subject": (
        "The mistakes in this lesson happen to real people, some of whom are like students in the "
        "room. Nobody has to tell of themselves. You may leave the room without a reason."
    ),
    "... somebody says that those who have nothing to hide need not mind": (
        "Ask the room for one thing that is harmless and still private, then go back to the "
        "question on the screen."
    ),
    "... somebody says that all of it should be banned, or used everywhere": (
        "Ask what they would have to see to change their mind, and write it down. Both answers "
        "count."
    ),
    "... they ask what you think": (
        "Say that you will tell them after the last screen, and that the numbers do not decide it."
    ),
    "... a student's page is lost": (
        "The address of a student's page leads back to its seat. If it is lost as well, join anew "
        "with the code."
    ),
}


def _minutes(lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    start = 0
    for screen in lesson.screens:
        yield str(start), screen.title, str(screen.minutes)
        start += screen.minutes


def all_handouts(lesson: Lesson) -> tuple[Handout, ...]:
    """Return guide, worksheet and answers of a lesson; its streets must have been walked."""
    return guide(lesson), worksheet(lesson), answers(lesson)
