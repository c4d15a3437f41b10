"""One try at one unit, wherever it runs, and what a place to run units has to offer.

A *unit* is one walk with the points that are scored on it (``sim.studies.run.plan``). A
*try* ends in the unit's rows, in a reason, or with the death of the process that made it.

State: none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.run.plan import Unit

LONGEST_REASON = 1000  # characters: it stands in every row of the unit

Work = Callable[["Unit"], "pd.DataFrame"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try ended.

    rows    : of the unit; None where it failed
    reason  : why it failed; empty where it did not
    is_dead : the process that made the try is gone, and what went wrong in it is not known
    """

    key: str
    rows: "pd.DataFrame | None"
    reason: str = ""
    is_dead: bool = False


class Place(Protocol):
    """Where units are worked on: this process, other processes here, or a cluster."""

    @property
    def room(self) -> int:
        """How many units can be in flight at once."""

    @property
    def ready(self) -> int:
        """How many workers are ready for units; 0 while they start."""

    def begin(self, unit: "Unit") -> None:
        """Take a unit in; there must be room."""

    def answers(self, wait_s: float) -> list[Answer]:
        """Return the tries that have ended, after at most about so many seconds."""

    def close(self) -> None:
        """Let go of everything, units in flight included."""


def tried(work: Work, unit: "Unit") -> Answer:
    """Work on a unit once; whatever it raises becomes the reason."""
    try:
        return Answer(unit.key, work(unit))
    except Exception as error:  # noqa: BLE001 - a failed unit is a row with its reason
        reason = f"{type(error).__name__}: {error}"
        return Answer(unit.key, None, reason.encode(errors="replace").decode()[:LONGEST_REASON])


class ThisProcess:
    """Work on units here, one after another."""

    room = ready = 1

    def __init__(self, work: Work) -> None:
        self._work = work
        self._units: list[Unit] = []

    def begin(self, unit: "Unit") -> None:
        """Take a unit in."""
        self._units.append(unit)

    def answers(self, wait_s: float) -> list[Answer]:  # noqa: ARG002 - there is nothing to wait for
        """Work on what has been taken in."""
        taken, self._units = self._units, []
        return [tried(self._work, unit) for unit in taken]

    def close(self) -> None:
        """Have nothing to let go of."""
