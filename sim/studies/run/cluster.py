"""Units worked on by a Dask cluster, which the user has started and whose address is given.

Tasks return rows and this process writes the parts, so that workers need no common disk and a
task that runs twice leaves one part. Dask moves the units of a dead worker to another; a unit over
which several workers died comes back as a dead try.

State: a connection to the scheduler; nothing on disk.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sim.errors import SimError
from sim.studies.run.attempts import Answer, Work, tried

try:
    import distributed
except ImportError:
    raise SimError(
        "--scheduler needs the extra named cluster: pip install 'passerby[cluster]'"
    ) from None

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

ANSWERS_WITHIN_S = 5.0
WORKERS_WITHIN_S = 60.0
UNITS_A_THREAD = 2  # in flight, so that no worker waits for this process
KINDS = ("tcp", "tls", "ucx", "ws", "wss", "inproc")


class Cluster:
    """A Dask cluster as a place to work."""

    def __init__(
        self, work: Work, scheduler: str, *, prepare: Callable[[], None] | None = None
    ) -> None:
        self._work = work
        self._prepare = prepare
        self._client = _connected(scheduler)
        self._address = scheduler
        self._futures: dict[Any, str] = {}
        self._round = 0

    @property
    def ready(self) -> int:
        """How many workers the scheduler knows."""
        return len(self._threads())

    @property
    def room(self) -> int:
        """How many units can be in flight at once."""
        return max(1, UNITS_A_THREAD * sum(self._threads()))

    def begin(self, unit: "Unit") -> None:
        """Hand a unit to the scheduler."""
        self._round += 1
        future = self._client.submit(
            _tried_there,
            self._work,
            unit,
            self._prepare,
            key=f"passerby-{unit.key}-{self._round}",
            pure=False,
        )
        self._futures[future] = unit.key

    def answers(self, wait_s: float) -> list[Answer]:
        """Return the tries that have ended, after at most about so many seconds."""
        self._threads()  # says so if the connection is lost
        with suppress(TimeoutError, distributed.CancelledError), self._client.as_current():
            distributed.wait(list(self._futures), timeout=wait_s, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
        ended = [future for future in self._futures if future.done()]
        return [self._answer(future, self._futures.pop(future)) for future in ended]

    def close(self) -> None:
        """Take back what is in flight, and disconnect."""
        if self._client.status == "running":
            self._client.cancel(list(self._futures))
        self._futures = {}
        self._client.close(timeout=ANSWERS_WITHIN_S)

    def _threads(self) -> list[int]:
        """Return how many threads each worker has."""
        known = None
        if self._client.status == "running":
            known = self._client.scheduler_info(n_workers=-1).get("workers")
        if known is None:
            raise SimError(
                f"--scheduler {self._address}: the connection is lost; finished units are kept, "
                "the same command goes on once the scheduler is back"
            )
        return [worker["nthreads"] for worker in known.values()]

    def _answer(self, future: Any, key: str) -> Answer:
        if future.status == "finished":
            answer: Answer = future.result()
            return answer
        error = future.exception() if future.status == "error" else None
        if isinstance(error, distributed.KilledWorker):
            return Answer(key, None, "its workers died; short of memory?", is_dead=True)
        if error is None:
            return Answer(key, None, f"the cluster gave it up ({future.status})", is_dead=True)
        return Answer(key, None, f"{type(error).__name__}: {error}")


def _connected(scheduler: str) -> Any:
    """Return a client, or say within seconds that there is no scheduler."""
    if urlsplit(scheduler).scheme not in KINDS or "://" not in scheduler:
        raise SimError(f"--scheduler {scheduler}: must be an address such as tcp://127.0.0.1:8786")
    try:
        asyncio.run(asyncio.wait_for(_greeted(scheduler), ANSWERS_WITHIN_S))
        client = distributed.Client(scheduler, timeout=ANSWERS_WITHIN_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise SimError(
            f"--scheduler {scheduler}: does not answer within {ANSWERS_WITHIN_S:g} s "
            f"({type(error).__name__}); is it running, and is this its address?"
        ) from None
    try:
        client.wait_for_workers(1, timeout=WORKERS_WITHIN_S)
    except TimeoutError:
        client.close(timeout=ANSWERS_WITHIN_S)  # type: ignore[no-untyped-call]
        raise SimError(
            f"--scheduler {scheduler}: has had no worker for {WORKERS_WITHIN_S:g} s; start one "
            f"with: dask worker {scheduler} --nthreads 1"
        ) from None
    return client


async def _greeted(scheduler: str) -> None:
    """Ask the scheduler who it is; a client would wait for ever for one that says nothing."""
    async with distributed.rpc(scheduler) as line:  # type: ignore[no-untyped-call]
        await line.identity()


def _tried_there(work: Work, unit: "Unit", prepare: Callable[[], None] | None) -> Answer:
    """Work on a unit on a worker, which prepares itself before its first."""
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")
    if prepare is not None:
        prepare()
    return tried(work, unit)
