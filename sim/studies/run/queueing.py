"""Which unit is worked on next, and how often one has been tried.

A unit has three tries. After two deaths of processes over it, the next try has the place to
itself: if memory was short because of others, it is not now.

State: the units of one command that have not ended.
"""

from collections import Counter, deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.studies.run.attempts import Answer, Place

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

TRIES = 3
DEATHS_BEFORE_ALONE = 2


class Queue:
    """Units that wait, are in flight, or wait until they can be alone."""

    def __init__(self, units: Iterable["Unit"]) -> None:
        self._waiting: deque[Unit] = deque(units)
        self._alone: deque[Unit] = deque()
        self._in_flight: dict[str, Unit] = {}
        self._is_one_alone = False
        self._tries: Counter[str] = Counter()
        self._deaths: Counter[str] = Counter()

    @property
    def is_busy(self) -> bool:
        """Whether any unit has not ended."""
        return bool(self._waiting or self._alone or self._in_flight)

    def fill(self, place: Place) -> None:
        """Begin units while the place has room; one that must be alone once nothing else is."""
        if self._in_flight and self._is_one_alone:
            return
        self._is_one_alone = False
        while self._waiting and len(self._in_flight) < place.room:
            self._begin(self.next(), place)
        if self._alone and not self._in_flight:
            self._is_one_alone = True
            self._begin(self._alone.popleft(), place)

    def next(self) -> "Unit":
        """Take the next unit, one whose walk nobody is at if there is one soon.

        Units cut from one walk lie side by side: the second would wait for the first one's walk.
        """
        busy = [unit.scenario for unit in self._in_flight.values()]
        for number in range(min(len(self._waiting), 2 * len(busy) + 1)):
            if not any(self._waiting[number].scenario is scenario for scenario in busy):
                unit = self._waiting[number]
                del self._waiting[number]
                return unit
        return self._waiting.popleft()

    def ended(self, answer: Answer) -> "Unit":
        """Return the unit of an answer, which is in flight no more."""
        return self._in_flight.pop(answer.key)

    def again(self, unit: "Unit", *, is_dead: bool) -> int:
        """Count a try that failed and let the unit wait for another, if it has one left."""
        self._tries[unit.key] += 1
        self._deaths[unit.key] += is_dead
        if self._tries[unit.key] < TRIES:
            is_suspect = self._deaths[unit.key] >= DEATHS_BEFORE_ALONE
            (self._alone if is_suspect else self._waiting).append(unit)
        return self._tries[unit.key]

    def _begin(self, unit: "Unit", place: Place) -> None:
        self._in_flight[unit.key] = unit
        place.begin(unit)
