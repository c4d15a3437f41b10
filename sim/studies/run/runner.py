"""A study, run: every unit worked on, kept as it ends, and joined into one table at the end.

The same command goes on where an earlier one ended, however that ended: units whose part lies
there and is sound are not worked on again. A unit gets three tries, the last alone if processes
died over it, and is then set aside as failed; the others go on.

State: the study's folder; the processes that work for it.
"""

import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.storage.progress import Watch
from sim.studies.run.attempts import Answer, Place, ThisProcess, Work
from sim.studies.run.folder import RESULTS, Folder, ReadyStudy
from sim.studies.run.interrupts import deaf_to_interrupts, terminating_like_an_interrupt
from sim.studies.run.processes import Processes
from sim.studies.run.progress_count import ProgressCount, nobody
from sim.studies.run.queueing import TRIES, Queue
from sim.studies.run.unit_files import fault_in_part, fault_in_rows
from sim.studies.run.unit_work import compile_kernels, run_unit

if TYPE_CHECKING:
    from sim.studies.define.study import LoadedStudy
    from sim.studies.run.plan import Unit

log = logging.getLogger(__name__)

TICK_S = 0.5  # how often progress is told


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command has left behind.

    units, failed : of the whole study: how many there are, how many were set aside
    missing       : units of the whole study that other shards have yet to do
    worked        : units that this command worked on
    rows          : of the whole study, once it is done
    failed_rows   : rows without outcomes, those of failed units included; None: not all is there
    results       : the table; None while units are missing
    """

    folder: Path
    units: int
    failed: int
    missing: int
    worked: int
    rows: int
    failed_rows: int | None
    results: Path | None
    elapsed_s: float


def run_study(
    study: "LoadedStudy | ReadyStudy",
    folder: Path,
    *,
    workers: int = 1,
    shard: tuple[int, int] | None = None,
    scheduler: str | None = None,
    progress: Watch | None = None,
    allow_mixed: bool = False,
    retry_failed: bool = False,
    work: Work = run_unit,
) -> Finished:
    """Run a study in a folder, or go on with it.

    study     : as it was loaded, or made ready with ``ready_study``
    workers   : processes; 0: this one alone, with nothing between it and a unit that kills it
    shard     : (i, n), from 1: only every n-th unit, beginning with the i-th
    scheduler : address of a Dask scheduler, which then works instead of processes

    >>> from sim import load_study, run_study
    >>> run_study(load_study(study_file), folder, workers=0).missing  # of a study in a file
    0
    """
    began = time.monotonic()
    ready = study if isinstance(study, ReadyStudy) else ready_study(study)
    home = Folder(folder)
    with terminating_like_an_interrupt(), home.working(shard):
        home.prepare(ready, allow_mixed=allow_mixed, alone=shard is None)
        count = ProgressCount(watch=progress or nobody, began=began)
        ours = [
            unit
            for number, unit in enumerate(ready.units)
            if shard is None or number % shard[1] == shard[0] - 1
        ]
        todo = _left_to_do(home, ours, count, retry_failed=retry_failed)
        if todo:
            place = _place(work, min(workers, len(todo)), scheduler)
            try:
                _work_through(home, todo, place, count)
            finally:
                with deaf_to_interrupts():
                    place.close()
        return _joined(home, count)


def ready_study(loaded: "LoadedStudy") -> ReadyStudy:
    """Return a study made ready to run: its design, units and manifest."""
    from sim.studies.define.design import design  # noqa: PLC0415 - scipy
    from sim.studies.run.manifest import study_manifest  # noqa: PLC0415
    from sim.studies.run.plan import plan  # noqa: PLC0415

    points = design(loaded)
    units = plan(loaded, points)
    return ReadyStudy(
        units=units,
        outcomes=loaded.outcomes,
        design=points,
        study={
            "study": loaded.study.model_dump(mode="json"),
            "base": loaded.base.model_dump(mode="json"),
            "uncertainties": list(loaded.uncertainties),
        },
        manifest=study_manifest(loaded, points, units),
    )


def _place(work: Work, workers: int, scheduler: str | None) -> Place:
    prepare = compile_kernels if work is run_unit else None
    if scheduler is not None:
        from sim.studies.run.cluster import Cluster  # noqa: PLC0415 - an extra

        return Cluster(work, scheduler, prepare=prepare)
    if workers == 0:
        return ThisProcess(work)
    return Processes(work, workers, prepare=prepare)


def _left_to_do(
    home: Folder, units: list["Unit"], count: ProgressCount, *, retry_failed: bool
) -> list["Unit"]:
    """Return the units that have no sound part and have not been set aside."""
    stand_ins = {entry["key"]: entry["part"] for entry in home.plan()["units"] if "part" in entry}
    count.total = len(units)
    todo = []
    for unit in units:
        path = home.part(unit.key)
        if unit.key in stand_ins:
            count.done += 1
        elif path.exists():
            fault = fault_in_part(path, unit)
            if fault is None:
                count.done += 1
                continue
            count.tell(f"{path}: {fault}; it is computed again")
            todo.append(unit)
        elif home.failure(unit.key).exists() and not retry_failed:
            count.failed += 1
        else:
            todo.append(unit)
    count.earlier = count.done + count.failed
    count.tell()
    return todo


def _work_through(home: Folder, todo: list["Unit"], place: Place, count: ProgressCount) -> None:
    """Work on units until each has its part or has been set aside."""
    queue = Queue(todo)
    while queue.is_busy:
        queue.fill(place)
        if not place.ready:
            count.working_since = time.monotonic()
        ended = [(queue.ended(answer), answer) for answer in place.answers(TICK_S)]
        queue.fill(place)  # workers go on while this process writes
        for unit, answer in ended:
            reason = _kept(home, unit, answer)
            if reason is None:
                count.done += 1
                count.worked += 1
                continue
            tries = queue.again(unit, is_dead=answer.is_dead)
            log.info("unit %s, try %d: %s", unit.key, tries, reason)
            if tries >= TRIES:
                home.set_aside(unit, reason, tries)
                count.failed += 1
                count.worked += 1
                count.tell(f"unit {unit.key} failed {tries} times, the last: {reason}")
        count.workers = place.ready
        count.tell()


def _kept(home: Folder, unit: "Unit", answer: Answer) -> str | None:
    """Keep the rows of a try; return the reason where there are none that can be kept."""
    if answer.rows is None:
        return answer.reason
    fault = fault_in_rows(unit, answer.rows)
    if fault is None:
        home.keep(unit, answer.rows)
    return fault


def _joined(home: Folder, count: ProgressCount) -> Finished:
    """Write the table and finish the manifest once every unit of the study has ended."""
    entries = home.plan()["units"]
    has_part = [home.part_of(entry).exists() for entry in entries]
    failed = sum(
        home.failure(entry["key"]).exists()
        for entry, there in zip(entries, has_part, strict=True)
        if not there
    )
    missing = len(entries) - sum(has_part) - failed
    finished = Finished(
        folder=home.path,
        units=len(entries),
        failed=failed,
        missing=missing,
        worked=count.worked,
        rows=sum(entry["points"] for entry in entries),
        failed_rows=None,
        results=None,
        elapsed_s=time.monotonic() - count.began,
    )
    if missing:
        return finished
    from sim.studies.run.results import finish  # noqa: PLC0415 - duckdb

    failed_rows = finish(home, is_changed=count.worked > 0)
    return replace(
        finished,
        failed_rows=failed_rows,
        results=home.path / RESULTS,
        elapsed_s=time.monotonic() - count.began,
    )
