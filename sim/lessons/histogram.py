"""Guesses as dots, one a person, with the answer and its range on the same axis.

State: none.
"""

from collections import Counter
from collections.abc import Sequence
from math import ceil, floor

from sim.charts.plot import Axis, Dots, Plot
from sim.lessons.screens import Answer, Screen, spread
from sim.words.numbers import amount_of as amount
from sim.words.numbers import counted

COLUMNS = 40  # of dots across a chart; more would touch each other
LETTERS = "ABCDEFGHIJKLMNOP"  # of choices
_ANSWER_ROW, _OWN_ROW = -2.0, -1.0
_ROW_PX, _LEAST_PX, _ALONE_PX = 22, 220, 170


def guesses_plot(
    screen: Screen, answer: Answer, guesses: Sequence[float], own: float | None
) -> Plot:
    """Return the chart of a screen's guesses.

    guesses : of the class, the visitor's own among them; empty for somebody alone
    """
    if screen.kind == "choice":
        return _votes(screen, guesses, own)
    return _numbers(screen, answer, guesses, own)


def _numbers(screen: Screen, answer: Answer, guesses: Sequence[float], own: float | None) -> Plot:
    width = max(1, ceil((screen.high - screen.low) / COLUMNS))
    columns = Counter(floor((value - screen.low) / width + 0.5) for value in guesses)
    places = [
        (float(screen.low + column * width), float(row))
        for column, count in sorted(columns.items())
        for row in range(1, count + 1)
    ]
    marks = []
    if places:
        marks.append(
            Dots("a guess", [x for x, _ in places], [y for _, y in places], kind="quiet", size=10)
        )
    ticks: dict[float, str] = {}
    if own is not None:
        marks.append(Dots("your guess", [own], [_OWN_ROW], kind="neutral", sign="square", size=11))
        ticks[_OWN_ROW] = "yours"
    if answer.value is not None:
        has_range = answer.low is not None and answer.high is not None
        marks.append(
            Dots(
                "the answer",
                [answer.value],
                [_ANSWER_ROW],
                left=[answer.low] if has_range and answer.low is not None else (),
                right=[answer.high] if has_range and answer.high is not None else (),
                kind="benefit",
                sign="diamond",
                size=12,
            )
        )
        ticks[_ANSWER_ROW] = "answer"
    most = max(columns.values(), default=0)
    step = max(1, ceil(most / 5))
    ticks |= {float(count): str(count) for count in range(step, most + 1, step)}
    return Plot(
        title=_title(answer, guesses),
        words=_words(screen, answer, guesses, own, width),
        across=Axis("Guess", screen.unit, ends=(screen.low - width, screen.high + width)),
        up=Axis("Guesses" if guesses else "", ends=(-2.8, max(most, -0.8) + 0.8)),
        marks=marks,
        ticks=ticks,
        height=(_LEAST_PX if most else _ALONE_PX) + _ROW_PX * min(most, 12),
    )


def _title(answer: Answer, guesses: Sequence[float]) -> str:
    if not guesses:
        return "Your guess and the answer"
    told = f"The class: {counted(len(guesses), 'guess', 'guesses')}"
    if len(guesses) > 1:
        told += f", the middle one {amount(middle(guesses))}"
    return told if answer.value is None else f"{told}; the answer is {amount(answer.value)}"


def _words(
    screen: Screen, answer: Answer, guesses: Sequence[float], own: float | None, width: int
) -> str:
    said = []
    if guesses:
        said.append(
            f"Each circle is one guess: {len(guesses)} in all, from {amount(min(guesses))} to "
            f"{amount(max(guesses))} {screen.unit}."
        )
        if width > 1:
            said.append(f"A column holds {width} neighbouring numbers.")
    if own is not None:
        said.append(f"The square is your guess, {amount(own)}.")
    if answer.value is not None:
        told = spread(answer)
        line = f" The line: {told}." if told else ""
        said.append(f"The diamond is the answer, {amount(answer.value)}.{line}")
    return " ".join(said)


def _votes(screen: Screen, guesses: Sequence[float], own: float | None) -> Plot:
    counts = Counter(int(vote) for vote in guesses)
    last = len(screen.choices) - 1
    dots: list[tuple[float, float]] = []
    for choice, count in sorted(counts.items()):
        dots += [(float(place), float(last - choice)) for place in range(1, count + 1)]
    mine = None if own is None else (1.0, float(last - int(own)))
    others = [dot for dot in dots if dot != mine]
    marks = []
    if others:
        marks.append(
            Dots("a vote", [x for x, _ in others], [y for _, y in others], kind="quiet", size=12)
        )
    if mine is not None:
        marks.append(
            Dots("your vote", [mine[0]], [mine[1]], kind="neutral", sign="square", size=12)
        )
    told = "; ".join(
        f"{LETTERS[choice]}: {counts[choice] or 'no'} vote{'' if counts[choice] == 1 else 's'}"
        for choice in range(last + 1)
    )
    return Plot(
        title=f"The class: {counted(len(guesses), 'vote')}" if guesses else "Your vote",
        words=f"{told}." if guesses else "The square is your vote.",
        across=Axis("Votes", ends=(0, max([*counts.values(), 5]) + 1)),
        up=Axis("", ends=(-0.6, last + 0.6)),
        marks=marks,
        ticks={float(last - choice): LETTERS[choice] for choice in range(last + 1)},
        height=120 + 34 * (last + 1),
    )


def middle(guesses: Sequence[float]) -> float:
    """Return the median: half of the guesses lie below it."""
    ordered = sorted(guesses)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
