"""Answers of screens, each worked out once however many ask; and whether their streets are walked.

State: a bounded cache, keyed by lesson, screen and the guesses that the answer uses.
"""

from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from sim.lessons.screens import Answer, Guesses, Lesson, Screen
from sim.scenario.schema import Scenario
from sim.ui.streets import is_walked

HELD = 256

Key = tuple[str, str, tuple[tuple[float, ...], ...]]


def answer_of(lesson: Lesson, screen: Screen, guesses: Guesses) -> Answer:
    """Return a screen's answer."""
    used = {name: tuple(guesses.get(name, ())) for name in screen.uses}
    return _answers().of((lesson.name, screen.name, tuple(used.values())), screen, used)


def unwalked(lesson: Lesson) -> dict[str, Scenario]:
    """Return the streets of a lesson that nobody has walked yet."""
    return {
        name: scenario for name, scenario in lesson.streets().items() if not is_walked(scenario)
    }


class _Answers:
    """The latest answers; one is worked out at a time, so that thirty who wait share it."""

    def __init__(self) -> None:
        self._held: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Key, screen: Screen, guesses: Guesses) -> Answer:
        with self._lock:
            if key not in self._held:
                self._held[key] = screen.answer(guesses)
                if len(self._held) > HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            return self._held[key]


@lru_cache(maxsize=1)
def _answers() -> _Answers:
    return _Answers()
