"""The printed page of an option, made for visitors: one at a time, in a process of its own.

The page plays the street in full and moves each number that matters, which takes half a minute; in
the server's own process everybody would wait for it.

State: the pages made last, a queue of one.
"""

import json
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock

from sim.errors import SimError
from sim.scenario.advice import run_cost
from sim.scenario.texts import scenario_of
from sim.storage.walk_cache import is_kept
from sim.ui.jobs import refusal
from sim.ui.printer import REFUSED

LONGEST_S, WAITS_S = 240.0, 90.0
PAGES_HELD = 16
TRACED_S = 30.0  # both runs and moving every number: 13 to 33 s of one core of 2024, by the place


class Printer:
    """Makes pages, one after the other, and keeps the last few.

    make : from two canonical JSON texts, baseline and option, to the bytes of a page
    """

    def __init__(self, make: Callable[[str, str], bytes], *, waits_s: float = WAITS_S) -> None:
        self._make, self._waits_s = make, waits_s
        self._room, self._lock = BoundedSemaphore(1), Lock()
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def held(self, base: str, option: str) -> bytes | None:
        """Return a page that has been made, or None."""
        with self._lock:
            return self._held.get((base, option))

    @property
    def is_busy(self) -> bool:
        """Whether somebody's page is being made, so that the next one waits for it."""
        if self._room.acquire(blocking=False):
            self._room.release()
            return False
        return True

    def page(self, base: str, option: str) -> bytes:
        """Return the page, made if need be; raises SimError with what to do where it cannot be."""
        known = self.held(base, option)
        if known is not None:
            return known
        for text in (base, option):
            reason = refusal(scenario_of(text))
            if reason is not None:
                raise SimError(reason)
        if not self._room.acquire(timeout=self._waits_s):
            raise SimError("Others are printing; please try again in a minute.")
        try:
            page = self._make(base, option)
        finally:
            self._room.release()
        with self._lock:
            self._held[base, option] = page
            while len(self._held) > PAGES_HELD:
                self._held.popitem(last=False)
        return page


def made_page(base: str, option: str) -> bytes:
    """Make a page in a process of its own."""
    asked = json.dumps({"base": json.loads(base), "option": json.loads(option)})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sim.ui.printer"],
            input=asked.encode(),
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SimError(
            f"The page took more than {LONGEST_S / 60:.0f} minutes and was given up. A shorter "
            "deployment or a thinner crowd will do."
        ) from None
    if done.returncode == REFUSED:
        raise SimError(done.stderr.decode(errors="replace"))
    if done.returncode != 0:
        raise SimError("The page could not be made.")
    return done.stdout


def about_seconds(base: str, option: str) -> float:
    """Return about how long a page takes where nobody else is at work."""
    asked = [scenario_of(text) for text in {base, option}]
    return TRACED_S + sum(run_cost(one).cpu_s for one in asked if not is_kept(one))


PRINTER = Printer(made_page)
