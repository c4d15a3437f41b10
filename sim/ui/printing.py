"""The printed page of an option, made for visitors one at a time by a worker of its own.

The page plays the street in full and moves each number that matters, which takes half a minute.
Walks have other workers, so that nobody's street waits for a page.

State: the pages made last, a pool of one worker.
"""

from functools import lru_cache

from sim.errors import SimError
from sim.scenario.advice import run_cost
from sim.scenario.texts import scenario_of
from sim.storage.bounded_cache import BoundedCache
from sim.storage.walk_cache import is_kept
from sim.ui.jobs import DIED, WorkerPool

LONGEST_S, WAITS_S = 240.0, 90.0
PAGES_HELD = 16
TRACED_S = 30.0  # both runs and moving every number: 13 to 33 s of one core of 2024, by the place


@lru_cache(maxsize=1)
def printing_pool() -> WorkerPool:
    """Return the one worker that makes pages, started with the first."""
    return WorkerPool(1)


class Printer:
    """Has pages made, and keeps the last few; a page is of two canonical JSON texts."""

    def __init__(self, *, waits_s: float = WAITS_S) -> None:
        self._waits_s = waits_s
        self._held: BoundedCache[tuple[str, str], bytes] = BoundedCache(PAGES_HELD)

    def held(self, base: str, option: str) -> bytes | None:
        """Return a page that has been made, or None."""
        return self._held.get((base, option))

    @property
    def is_busy(self) -> bool:
        """Whether somebody's page is being made, so that the next one waits for it."""
        return printing_pool().is_busy

    def page(self, base: str, option: str) -> bytes:
        """Return the page, made if need be; raises SimError with what to do where it cannot be."""
        known = self.held(base, option)
        if known is not None:
            return known
        pool = printing_pool()
        job = pool.submit_page(scenario_of(base), scenario_of(option))
        try:
            if not pool.wait(job, "queued", self._waits_s):
                raise SimError("Others are printing; please try again in a minute.")
            if not pool.wait(job, "running", LONGEST_S):
                raise SimError(
                    f"The page took more than {LONGEST_S / 60:.0f} minutes and was given up. A "
                    "shorter deployment or a thinner crowd will do."
                )
        finally:
            pool.forget(job.owner)
        if job.status != "done":
            raise SimError("The page could not be made." if job.reason == DIED else job.reason)
        self._held.keep((base, option), job.result)
        return job.result


def about_seconds(base: str, option: str) -> float:
    """Return about how long a page takes where nobody else is at work."""
    asked = [scenario_of(text) for text in {base, option}]
    return TRACED_S + sum(run_cost(one).cpu_s for one in asked if not is_kept(one))


PRINTER = Printer()
