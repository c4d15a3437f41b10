"""Work for visitors: few processes, one job a visitor, a queue, and a real cancel.

A walk takes seconds of a whole core, and so do a recording and a page to print; were they done in
the page's own process, everybody would wait. Each of a pool's workers is a process of its own
(``sim.ui.worker``). Whoever cancels gets their worker killed, which stops the work at once;
another is started for the next job.

State: the pool's processes and jobs, guarded by one lock.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from sim.errors import SimError
from sim.playback.kept_replays import replay_key
from sim.playback.wished_minutes import Wish
from sim.scenario.advice import run_cost
from sim.scenario.identity import canonical_json, walk_hash
from sim.scenario.schema import Scenario
from sim.words.walks import too_long_a_walk, too_many_people

log = logging.getLogger(__name__)

MOST_PEOPLE = 60_000  # a walk of more is for the command line
MOST_SECONDS = 120.0
MOST_QUEUED = 40
WORKER = (sys.executable, "-m", "sim.ui.worker")
DIED = "it was stopped by the machine"

Kind = Literal["walk", "playback", "page"]
Status = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass
class Job:
    """What one visitor has asked for: a walk, minutes to watch, or a page to print.

    what   : the hash of what is asked for
    asked  : what the worker is told, as a line of JSON
    ahead  : jobs that come first; 0 when it is running or over
    share  : of the work that is done
    result : what the worker has handed back: the page; nothing of a walk
    """

    owner: str
    what: str
    asked: str
    kind: Kind
    status: Status = "queued"
    share: float = 0.0
    ahead: int = 0
    reason: str = ""
    result: bytes = b""
    worker: "subprocess.Popen[str] | None" = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.status in {"queued", "running"}

    @property
    def is_cancelled(self) -> bool:
        """Whether the visitor, or another job of theirs, has stopped it."""
        return self.status == "cancelled"


def refusal(scenario: Scenario) -> str | None:
    """Return why a visitor's walk is too large, or None."""
    cost = run_cost(scenario)
    if cost.people > MOST_PEOPLE:
        return too_many_people(cost.people, MOST_PEOPLE)
    if cost.cpu_s > MOST_SECONDS:
        return too_long_a_walk(cost.cpu_s, MOST_SECONDS)
    return None


class WorkerPool:
    """A few processes that do what visitors ask for, one after the other, in that order."""

    def __init__(self, workers: int, *, command: Sequence[str] = WORKER) -> None:
        self._command = command
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._is_open = True
        self._threads = [
            threading.Thread(target=self._serve, name=f"worker {k}", daemon=True)
            for k in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, owner: str, scenario: Scenario) -> Job:
        """Ask for a walk; an earlier job of the same owner is cancelled unless it is the same."""
        return self._submit(owner, "walk", walk_hash(scenario), {"scenario": scenario})

    def submit_playback(self, owner: str, scenario: Scenario, wish: Wish) -> Job:
        """Ask for minutes to watch, likewise."""
        what = replay_key(scenario, wish)
        return self._submit(owner, "playback", what, {"scenario": scenario}, wish=asdict(wish))

    def submit_page(self, base: Scenario, option: Scenario) -> Job:
        """Ask for a printed page, in nobody's name: whoever asks for the same page gets it."""
        texts = [canonical_json(one) for one in (base, option)]
        what = sha256("\n".join(texts).encode()).hexdigest()
        return self._submit(f"page {what}", "page", what, {"base": base, "option": option})

    def job(self, owner: str) -> Job | None:
        """Return the latest job of an owner."""
        with self._changed:
            return self._jobs.get(owner)

    @property
    def is_busy(self) -> bool:
        """Whether anything waits or runs, so that the next job may have to wait."""
        with self._changed:
            return any(job.is_open for job in self._jobs.values())

    def wait(self, job: Job, status: Status, seconds: float) -> bool:
        """Wait until a job is no more of that status; return False if it still is."""
        with self._changed:
            return self._changed.wait_for(lambda: job.status != status, seconds)

    def cancel(self, owner: str) -> None:
        """Stop an owner's job, whether it waits or runs."""
        with self._changed:
            job = self._jobs.get(owner)
            if job is not None:
                self._cancel(job)

    def forget(self, owner: str) -> None:
        """Cancel an owner's job and drop what is known of it, as when the visitor has left."""
        self.cancel(owner)
        with self._changed:
            self._jobs.pop(owner, None)

    def close(self) -> None:
        """Stop every job and every process."""
        with self._changed:
            self._is_open = False
            for job in self._jobs.values():
                self._cancel(job)
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _submit(
        self, owner: str, kind: Kind, what: str, streets: dict[str, Scenario], **more: Any
    ) -> Job:
        for scenario in streets.values():
            reason = refusal(scenario)
            if reason is not None:
                raise SimError(reason)
        asked = {name: scenario.model_dump(mode="json") for name, scenario in streets.items()}
        job = Job(owner, what, json.dumps({"kind": kind, **asked, **more}), kind)
        with self._changed:
            known = self._jobs.get(owner)
            if known is not None and known.is_open:
                if known.what == job.what:
                    return known
                self._cancel(known)
            if len(self._queue) >= MOST_QUEUED:
                raise SimError(
                    f"{len(self._queue)} others are waiting already; please try again in a minute."
                )
            self._jobs[owner] = job
            self._queue.append(job)
            self._count()
            self._changed.notify_all()
            return job

    def _cancel(self, job: Job) -> None:
        if job.is_open:
            job.status = "cancelled"
            if job.worker is not None:
                job.worker.kill()
            with suppress(ValueError):
                self._queue.remove(job)
            self._count()
            self._changed.notify_all()

    def _count(self) -> None:
        for ahead, job in enumerate(self._queue):
            job.ahead = ahead + 1

    def _serve(self) -> None:
        """Take jobs, one after the other; keep a worker process as long as it lives."""
        worker: subprocess.Popen[str] | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or not self._is_open)
                if not self._is_open:
                    break
                if worker is None or worker.poll() is not None:
                    _end(worker)
                    worker = self._new_worker()
                job = self._queue.popleft()
                job.status, job.ahead, job.worker = "running", 0, worker
                self._count()
                self._changed.notify_all()
            self._run(worker, job)
            if job.is_cancelled:  # killed, though it may not be dead yet
                _end(worker)
                worker = None
        _end(worker)

    def _run(self, worker: "subprocess.Popen[str]", job: Job) -> None:
        """Have a job done; a worker that dies is the end of the job."""
        assert worker.stdin is not None  # noqa: S101 - both are pipes
        assert worker.stdout is not None  # noqa: S101
        told: dict[str, Any] = {"kind": "failed", "reason": DIED}
        try:
            worker.stdin.write(job.asked + "\n")
            worker.stdin.flush()
            for line in worker.stdout:
                heard = json.loads(line)
                if heard["kind"] != "share":
                    told = heard
                    break
                job.share = float(heard["share"])
        except OSError:
            log.warning("a working process died")
        with self._changed:
            job.worker = None
            if job.status == "running":  # else it was cancelled meanwhile
                job.reason = told.get("reason", "")
                job.result = b64decode(told.get("result", ""))
                job.status = told["kind"]
                self._changed.notify_all()

    def _new_worker(self) -> "subprocess.Popen[str]":
        """Start a process. Not multiprocessing: it would run the page's script again."""
        return subprocess.Popen(  # noqa: S603 - the program's own, or a test's
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


@lru_cache(maxsize=1)
def pool() -> WorkerPool:
    """Return the one pool of processes that walk and record for visitors."""
    return WorkerPool(max((os.cpu_count() or 2) - 1, 1))


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
