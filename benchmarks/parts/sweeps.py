"""Studies to be timed: of walks, of ten thousand policies, and of units that are next to no work.

Units:  SI.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from sim import __version__
from sim import columns as col
from sim.answer.point_scores import score_points
from sim.answer.result import simulate
from sim.model.street import Street
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path
from sim.storage import walk_cache
from sim.storage.progress import StudyProgress, Watch
from sim.studies.define.study import load_study
from sim.studies.run.folder import ReadyStudy
from sim.studies.run.plan import Unit
from sim.studies.run.runner import ready_study, run_study, run_unit

STUDY = """
schema_version: 1
name: {name}
title: Benchmark
purpose: To be timed.
base: {base}
settings: {{street.footfall.people: {people}, policy.hours: {hours}}}
levers: {levers}
uncertainties: [matching.*]
design: {{kind: full-factorial, draws: {draws}}}
replications: {replications}
"""
FEW_LEVERS = "{policy.threshold: [0.58, 0.6, 0.62]}"
MANY_LEVERS = """
  policy.threshold: {{low: 0.56, high: 0.64, steps: {steps}}}
  policy.watchlist.size: {{low: 500, high: 32000, steps: 5, scale: log}}
  policy.operators: [1, 2]
  policy.officers: [2, 4]
"""
SMOKE = Path(__file__).parents[2] / "scenarios" / "studies" / "smoke.yaml"
NAIVE_SAMPLE = 3
CURVE_POINTS = 20


def start_up_s(runs: int) -> list[float]:
    """Return how long `passerby sweep --dry-run` takes, its bytecode written as pip writes it."""
    command = [sys.executable, "-m", "sim", "sweep", str(SMOKE)]
    with tempfile.TemporaryDirectory() as folder:
        kept = {key: value for key, value in os.environ.items() if "BYTECODE" not in key}
        kept["PYTHONPYCACHEPREFIX"] = folder
        found = []
        for _ in range(runs + 1):
            begun = time.perf_counter()
            subprocess.run([*command, "--dry-run"], env=kept, capture_output=True, check=True)
            found.append(time.perf_counter() - begun)
    return found[1:]  # the first writes the bytecode


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast units were worked on, once the first worker was ready."""

    units: int
    rows: int
    starting_s: float
    working_s: float
    whole_s: float


@contextmanager
def fresh_cache() -> Iterator[None]:
    """Walk everything anew meanwhile."""
    before = os.environ.get(walk_cache.FOLDER_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[walk_cache.FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[walk_cache.FOLDER_VARIABLE]
            else:
                os.environ[walk_cache.FOLDER_VARIABLE] = before


def asked_for(
    name: str, *, people: float, hours: float, levers: str, replications: int, draws: int = 2
) -> ReadyStudy:
    """Return a study of the High Street made ready.

    draws : of what is believed, each a point of its own, so that every point is one score
    """
    text = STUDY.format(
        name=name,
        base="high_street",
        people=people,
        hours=hours,
        levers=levers,
        replications=replications,
        draws=draws,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(text)
        return ready_study(load_study(file))


def timed(
    asked: ReadyStudy, workers: int, work: Callable[[Unit], pd.DataFrame] = run_unit
) -> Speed:
    """Run a study in a folder that is then thrown away."""
    ready: list[float] = []

    def watch(progress: StudyProgress) -> None:
        if progress.workers >= workers and not ready:
            ready.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = run_study(asked, Path(folder) / "study", workers=workers, progress=watch, work=work)
        ended = time.perf_counter()
    if done.failed_rows:
        raise RuntimeError(f"{done.failed_rows} rows failed")
    start = ready[0] if workers else began
    return Speed(done.units, done.rows, start - began, ended - start, ended - began)


def bare_s(asked: ReadyStudy) -> float:
    """Return the seconds of the walks and the scores alone: nothing kept, nothing joined."""
    began = time.perf_counter()
    for unit in asked.units:
        passages = Street(unit.scenario).walk()
        score_points(unit.scenario, passages, unit.points, options=unit.options)
    return time.perf_counter() - began


def speed_up(asked: ReadyStudy, pairs: int) -> list[float]:
    """Return, pair by pair, how much faster two workers are than one, walks included."""
    ratios = []
    for _ in range(pairs):
        taken = []
        for workers in (1, 2):
            with fresh_cache():
                taken.append(timed(asked, workers).working_s)
        ratios.append(taken[0] / taken[1])
    return ratios


def overhead(asked: ReadyStudy, pairs: int) -> list[float]:
    """Return, pair by pair, what running, keeping and joining add to the bare work, as a share."""
    shares = []
    for _ in range(pairs):
        bare = bare_s(asked)
        with fresh_cache():
            shares.append(timed(asked, 0).working_s / bare - 1)
    return shares


@dataclass(frozen=True, slots=True)
class Policies:
    """Many policies scored on few walks, beside a whole run for each."""

    points: int
    walks: int
    walking_s: float
    scored_a_second_a_core: float
    naive_s_a_point: float
    times_the_naive_way: float
    peak_mib: float


def policies(asked: ReadyStudy, workers: int) -> Policies:
    """Walk, then score everything again on the walks kept, then run a sample the naive way."""
    rows = sum(len(unit.points) for unit in asked.units)
    with fresh_cache():
        first = timed(asked, workers)
        second = timed(asked, workers)
    sample = [unit.scenario for unit in islice(asked.units, NAIVE_SAMPLE)]
    naive = []
    for scenario in sample:
        began = time.perf_counter()
        simulate(scenario)
        naive.append(time.perf_counter() - began)
    one = statistics.median(naive)
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return Policies(
        points=rows,
        walks=len({unit.scenario.run.seed for unit in asked.units}),
        walking_s=first.working_s - second.working_s,
        scored_a_second_a_core=rows / second.working_s / workers,
        naive_s_a_point=one,
        times_the_naive_way=one * rows / (first.working_s * workers),
        peak_mib=max(peaks),
    )


def next_to_nothing(unit: Unit) -> pd.DataFrame:
    """Return rows at once."""
    return pd.DataFrame(
        {
            col.POINT: unit.points[col.POINT],
            col.REPLICATION: unit.replication,
            col.SEED: unit.scenario.run.seed,
            col.STATUS: "done",
            col.REASON: "",
            col.PEOPLE: 1.0,
        }
    )


def idle_study(units: int) -> ReadyStudy:
    """Return a study of many units that take no time."""
    base = load_scenario(shipped_path(Path("reference")))
    design = pd.DataFrame({col.POINT: np.arange(units)})
    asked = [
        Unit(
            key=f"{number:016x}",
            replication=0,
            scenario=base.model_copy(update={"run": base.run.model_copy(update={"seed": number})}),
            points=design.iloc[number : number + 1],
            outcomes=(col.PEOPLE,),
        )
        for number in range(units)
    ]
    about = {"study": "idle", "title": "Idle", "study_hash": "", "passerby": __version__}
    manifest = about | {"units": units, "points": units, "replications": 1}
    return ReadyStudy(asked, (col.PEOPLE,), design, {"idle": units}, manifest)


def memory_curve(asked: ReadyStudy, workers: int) -> list[tuple[int, float]]:
    """Return (units done, MiB of parent and workers) as a study of idle units goes on."""
    here = psutil.Process()
    curve: list[tuple[int, float]] = []
    every = max(1, len(asked.units) // CURVE_POINTS)

    def watch(progress: StudyProgress) -> None:
        if progress.workers and progress.done >= len(curve) * every:
            processes = [here, *here.children(recursive=True)]
            held = sum(process.memory_info().rss for process in processes)
            curve.append((progress.done, held / 2**20))

    _run_aside(asked, workers, watch)
    return curve


def _run_aside(asked: ReadyStudy, workers: int, watch: Watch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run_study(
            replace(asked),
            Path(folder) / "study",
            workers=workers,
            progress=watch,
            work=next_to_nothing,
        )
