"""Answers of screens, each worked out once however many ask; and whether their streets are walked.

State: a bounded cache, keyed by lesson, screen and the guesses that the answer uses.
"""

from sim.lessons.screens import Answer, Guesses, Lesson, Screen
from sim.scenario.schema import Scenario
from sim.storage.bounded_cache import BoundedCache
from sim.storage.walk_cache import is_kept

Key = tuple[str, str, tuple[tuple[float, ...], ...]]

_ANSWERS: BoundedCache[Key, Answer] = BoundedCache(256)


def answer_of(lesson: Lesson, screen: Screen, guesses: Guesses) -> Answer:
    """Return a screen's answer."""
    used = {name: tuple(guesses.get(name, ())) for name in screen.uses}
    key = (lesson.name, screen.name, tuple(used.values()))
    return _ANSWERS.of(key, lambda: screen.answer(used))


def unwalked(lesson: Lesson) -> dict[str, Scenario]:
    """Return the streets of a lesson that nobody has walked yet."""
    return {name: scenario for name, scenario in lesson.streets().items() if not is_kept(scenario)}
