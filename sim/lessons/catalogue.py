"""The lessons, by name.

State: the lessons, made once.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sim.errors import SimError
from sim.lessons import board, rare, who
from sim.lessons.screens import Lesson


@lru_cache(maxsize=1)
def lessons() -> Mapping[str, Lesson]:
    """Return all lessons, the shortest first."""
    made = (rare.lesson(), who.lesson(), board.lesson())
    return MappingProxyType({lesson.name: lesson for lesson in made})


def lesson_of(name: str) -> Lesson:
    """Return a lesson; raises SimError with those there are."""
    found = lessons().get(name)
    if found is None:
        raise SimError(f"there is no such lesson; there are {', '.join(lessons())}")
    return found
