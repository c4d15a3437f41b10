"""Units worked on by processes of this machine, each with a line of its own to the parent.

The parent knows which unit each worker holds, so when one dies that unit alone has lost a try;
the others go on and a new worker takes the dead one's place. Workers are spawned, not forked,
use one thread each, leave Ctrl-C to the parent and end with it, however it ends.

State: the worker processes; compiled kernels in their cache.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from sim.studies.run.attempts import Answer, Work, tried

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

THREAD_SETTINGS = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
MOST_STILLBORN = 3  # workers in a row that end before they are ready: the fault is not a unit's
CLOSING_S = 5.0  # what a worker told to end is given before it is killed

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    line: Connection
    is_ready: bool = False
    unit: "Unit | None" = None
    ended: bool = False


class Processes:
    """A number of worker processes, kept up to that number."""

    def __init__(
        self, work: Work, workers: int, *, prepare: Callable[[], None] | None = None
    ) -> None:
        self.room = workers
        self._work = work
        self._prepare = prepare
        self._stillborn = 0
        self._workers: list[_Worker] = []
        try:
            for _ in range(workers):
                self._workers.append(_started(work, prepare))
        except BaseException:
            self.close()
            raise

    @property
    def ready(self) -> int:
        """How many workers are ready for units."""
        return sum(worker.is_ready for worker in self._workers)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def begin(self, unit: "Unit") -> None:
        """Give a unit to a worker that has none, one that is ready if there is one."""
        free = [worker for worker in self._workers if worker.unit is None]
        worker = next((worker for worker in free if worker.is_ready), free[0])
        self._give(worker, unit)

    def answers(self, wait_s: float) -> list[Answer]:
        """Return the tries that have ended; replace the workers that have died."""
        lines = {worker.line: worker for worker in self._workers}
        ends = {worker.process.sentinel: worker for worker in self._workers}
        spoke = wait([*lines, *ends], wait_s)
        ended: list[Answer] = []
        for line, worker in lines.items():
            if line in spoke:
                ended += self._heard(worker)
        for sentinel, worker in ends.items():
            if sentinel in spoke and not worker.ended:
                while not worker.ended:  # what it still said before it died
                    ended += self._heard(worker)
        return ended

    def close(self) -> None:
        """End all workers; a unit in flight is given up and keeps nothing."""
        for worker in self._workers:
            worker.line.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(CLOSING_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers = []

    @staticmethod
    def _give(worker: _Worker, unit: "Unit") -> None:
        worker.unit = unit
        with suppress(OSError):  # it has died: ``answers`` finds that out
            worker.line.send(unit)

    def _heard(self, worker: _Worker) -> list[Answer]:
        """Take what a worker says; nothing but the end of its line: it is dead."""
        try:
            said = worker.line.recv()
        except (EOFError, OSError):
            return self._buried(worker)
        if said is None:
            worker.is_ready = True
            self._stillborn = 0
            return []
        worker.unit = None
        return [said]

    def _buried(self, worker: _Worker) -> list[Answer]:
        worker.ended = True
        worker.line.close()
        worker.process.join()
        code = worker.process.exitcode
        worker.process.close()
        how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else code
        if not worker.is_ready:
            self._stillborn += 1
            if self._stillborn >= MOST_STILLBORN:
                self._workers.remove(worker)
                raise RuntimeError(
                    f"{self._stillborn} workers in a row ended before they were ready, the last "
                    f"with {how}"
                )
        successor = _started(self._work, self._prepare)
        self._workers[self._workers.index(worker)] = successor
        unit = worker.unit
        if unit is None:
            return []
        if not worker.is_ready:  # it had not begun the unit: that loses no try
            self._give(successor, unit)
            return []
        reason = f"its worker process ended ({how}); short of memory?"
        return [Answer(unit.key, None, reason, is_dead=True)]


def _started(work: Work, prepare: Callable[[], None] | None) -> _Worker:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(
        target=_serve, args=(theirs, work, prepare), name="passerby worker", daemon=True
    )
    with _one_thread(), _no_interrupts():
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(line: Connection, work: Work, prepare: Callable[[], None] | None) -> None:
    """Work on the units that come along the line, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from here on; until here it was held back
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()
    line.send(None)
    while True:
        try:
            unit = line.recv()
        except EOFError:
            return
        line.send(tried(work, unit))


def _end_with_parent() -> None:
    """Wait for the parent's end, however it comes, and end at once: nobody wants the rows."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let processes that start meanwhile use one thread each: there are as many as processors."""
    before = {name: os.environ.get(name) for name in THREAD_SETTINGS}
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Let processes that start meanwhile be deaf to Ctrl-C, which a terminal sends to all."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # its own start would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
