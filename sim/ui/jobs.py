"""Walking streets for visitors: few processes, one job a visitor, a queue, and a real cancel.

A walk takes seconds of a whole core; were it done in the page's own process, everybody would
wait. Each of the pool's workers is a process of its own (``sim.ui.walker``). Whoever cancels gets
their worker killed, which stops the walk at once; another is started for the next job. What a
finished job leaves is the walk in the cache of walks (``walk_cache.walked``), from which the page
reads it.

State: the pool's processes and jobs, guarded by one lock.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal

from sim.errors import SimError
from sim.playback.kept_replays import replay_key
from sim.playback.wished_minutes import Wish
from sim.scenario.advice import run_cost
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario

log = logging.getLogger(__name__)

MOST_PEOPLE = 60_000  # a walk of more is for the command line
MOST_SECONDS = 120.0
MOST_QUEUED = 40

Kind = Literal["walk", "playback"]
Status = Literal["queued", "walking", "done", "failed", "cancelled"]


@dataclass
class Job:
    """One visitor's walk, or the minutes of a walk that are recorded to be watched.

    walk  : the hash of what is asked for
    asked : what the worker is told, as a line of JSON
    kind  : "walk", or "playback"
    ahead : jobs that come first; 0 when it is walking or over
    share : of the walk that is done
    """

    owner: str
    walk: str
    asked: str
    kind: Kind = "walk"
    status: Status = "queued"
    share: float = 0.0
    ahead: int = 0
    reason: str = ""
    worker: "subprocess.Popen[str] | None" = None

    @property
    def is_cancelled(self) -> bool:
        """Whether the visitor, or another job of theirs, has stopped it."""
        return self.status == "cancelled"


def refusal(scenario: Scenario) -> str | None:
    """Return why a visitor's walk is too large, or None."""
    cost = run_cost(scenario)
    if cost.people > MOST_PEOPLE:
        return (
            f"About {cost.people:,.0f} people would walk past; this page walks up to "
            f"{MOST_PEOPLE:,}. Fewer hours or a smaller crowd will do, or the command line."
        )
    if cost.cpu_s > MOST_SECONDS:
        return (
            f"This walk would take about {cost.cpu_s / 60:.0f} minutes; this page walks for up to "
            f"{MOST_SECONDS / 60:.0f}. A thinner crowd or fewer hours will do."
        )
    return None


class WalkingPool:
    """A few processes that walk streets, one after the other, in the order they were asked."""

    def __init__(self, workers: int) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._is_open = True
        self._threads = [
            threading.Thread(target=self._serve, name=f"walker {k}", daemon=True)
            for k in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, owner: str, scenario: Scenario) -> Job:
        """Ask for a walk; an earlier job of the same owner is cancelled unless it is the same."""
        line = json.dumps({"kind": "walk", "scenario": scenario.model_dump(mode="json")})
        return self._submit(owner, scenario, Job(owner, walk_hash(scenario), line))

    def submit_playback(self, owner: str, scenario: Scenario, wish: Wish) -> Job:
        """Ask for minutes to watch, likewise."""
        line = json.dumps(
            {
                "kind": "playback",
                "scenario": scenario.model_dump(mode="json"),
                "wish": asdict(wish),
            }
        )
        return self._submit(
            owner, scenario, Job(owner, replay_key(scenario, wish), line, kind="playback")
        )

    def _submit(self, owner: str, scenario: Scenario, job: Job) -> Job:
        reason = refusal(scenario)
        if reason is not None:
            raise SimError(reason)
        with self._wake:
            known = self._jobs.get(owner)
            if known is not None and known.status in {"queued", "walking"}:
                if known.walk == job.walk:
                    return known
                self._cancel(known)
            if len(self._queue) >= MOST_QUEUED:
                raise SimError(
                    f"{len(self._queue)} walks are waiting already; please try again in a minute."
                )
            self._jobs[owner] = job
            self._queue.append(job)
            self._count()
            self._wake.notify()
            return job

    def job(self, owner: str) -> Job | None:
        """Return the latest job of an owner."""
        with self._lock:
            return self._jobs.get(owner)

    def cancel(self, owner: str) -> None:
        """Stop an owner's job, whether it waits or walks."""
        with self._lock:
            job = self._jobs.get(owner)
            if job is not None:
                self._cancel(job)

    def forget(self, owner: str) -> None:
        """Cancel an owner's job and drop what is known of it, as when the visitor has left."""
        self.cancel(owner)
        with self._lock:
            self._jobs.pop(owner, None)

    def close(self) -> None:
        """Stop every walk and every process."""
        with self._wake:
            self._is_open = False
            for job in self._jobs.values():
                self._cancel(job)
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _cancel(self, job: Job) -> None:
        if job.status in {"queued", "walking"}:
            job.status = "cancelled"
            if job.worker is not None:
                job.worker.kill()
            with suppress(ValueError):
                self._queue.remove(job)
            self._count()

    def _count(self) -> None:
        for ahead, job in enumerate(self._queue):
            job.ahead = ahead + 1

    def _serve(self) -> None:
        """Take jobs, one after the other; keep a worker process as long as it lives."""
        worker: subprocess.Popen[str] | None = None
        while True:
            with self._wake:
                while self._is_open and not self._queue:
                    self._wake.wait()
                if not self._is_open:
                    break
                if worker is None or worker.poll() is not None:
                    _end(worker)
                    worker = _new_worker()
                job = self._queue.popleft()
                job.status, job.ahead, job.worker = "walking", 0, worker
                self._count()
            self._walk(worker, job)
            if job.is_cancelled:  # killed, though it may not be dead yet
                _end(worker)
                worker = None
        _end(worker)

    def _walk(self, worker: "subprocess.Popen[str]", job: Job) -> None:
        """Have a job walked; a worker that dies is the end of the job."""
        assert worker.stdin is not None  # noqa: S101 - both are pipes
        assert worker.stdout is not None  # noqa: S101
        status: Status = "failed"
        reason = "the walk was stopped by the machine"
        try:
            worker.stdin.write(job.asked + "\n")
            worker.stdin.flush()
            for line in worker.stdout:
                told = json.loads(line)
                if told["kind"] != "share":
                    status, reason = told["kind"], told["reason"]
                    break
                job.share = float(told["share"])
        except OSError:
            log.warning("a walking process died")
        with self._lock:
            job.worker = None
            if job.status == "walking":  # else it was cancelled meanwhile
                job.status, job.reason = status, reason


@lru_cache(maxsize=1)
def pool() -> WalkingPool:
    """Return the one pool of processes that walk for visitors."""
    return WalkingPool(max((os.cpu_count() or 2) - 1, 1))


def _new_worker() -> "subprocess.Popen[str]":
    """Start a process that walks. Not multiprocessing: it would run the page's script again."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim.ui.walker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _end(worker: "subprocess.Popen[str] | None") -> None:
    """Kill a worker, if there is one, and let go of its pipes."""
    if worker is None:
        return
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was not read any more
                pipe.close()
