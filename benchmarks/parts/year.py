"""A year of deployments, walked and watched on two cores.

London's report year 2024-25 had 3.15 million people in 207 deployments of 5.8 h on average. Each
is a pedestrian street of its own seed; numbers of people vary from day to day (log-normal, which
is a guess) and add up to the year's.

Units:  SI.
"""

import gc
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from parts.real_load import PLAIN
from sim.kernels.routes import distance_field
from sim.kernels.walk import advance
from sim.model.street import Street
from sim.scenario.load import load_scenario

PEOPLE, DEPLOYMENTS, CORES = 3_150_000, 207, 2
DAY_TO_DAY = 0.5  # standard deviation of the logarithm of a deployment's people


@dataclass(frozen=True, slots=True)
class Day:
    """One deployment done: people, faces that were usable, CPU s, peak MiB, compilations."""

    people: int
    faces: int
    cpu_s: float
    peak_mib: float
    compilations: int
    worker: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year done. ``cpu_minutes_a_core``: CPU time of all processes over the number of cores."""

    deployments: int
    people: int
    faces: int
    minutes: float
    cpu_minutes_a_core: float
    people_a_second: float
    peak_mib: float
    compilations_in_workers: int


def footfalls(deployments: int, people: int) -> list[float]:
    """Return the expected people of each deployment; they add up to ``people``."""
    drawn = np.random.default_rng(2024).lognormal(0.0, DAY_TO_DAY, deployments)
    return (people * drawn / drawn.sum()).tolist()


def walk_day(task: tuple[int, float]) -> Day:
    """Walk and watch one deployment; the task is its seed and its expected people."""
    seed, people = task
    began = time.process_time()
    settings = [
        f"run.seed={seed}",
        f"street.footfall.people={people}",
        # The year's total is what it was: no further luck from hour to hour.
        "assumptions.values.arrivals.hourly_cv={value: 0.0, low: 0.0, why: the total is known}",
    ]
    street = Street(load_scenario(PLAIN, settings=settings))
    street.walk()
    gc.collect()  # a model and its agents hold each other
    return Day(
        people=len(street.crowd),
        faces=int((street.exposure_s.max(axis=1) > 0).sum()),
        cpu_s=time.process_time() - began,
        peak_mib=_own_peak_mib(),
        compilations=sum(
            sum(function.stats.cache_misses.values()) for function in (advance, distance_field)
        ),
        worker=multiprocessing.current_process().pid or 0,
    )


def walk_year(deployments: int = DEPLOYMENTS, people: int = PEOPLE) -> Year:
    """Walk every deployment of a year; the kernels are compiled before the workers start."""
    walk_day((0, 100.0))
    before = _cpu_s()
    began = time.perf_counter()
    # Largest first, so that no worker is left alone with one at the end.
    tasks = sorted(enumerate(footfalls(deployments, people), start=1), key=lambda task: -task[1])
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, mp_context=spawn) as pool:
        days = list(pool.map(walk_day, tasks))
    seconds = time.perf_counter() - began
    peaks = {day.worker: 0.0 for day in days}
    for day in days:
        peaks[day.worker] = max(peaks[day.worker], day.peak_mib)
    walked = sum(day.people for day in days)
    return Year(
        deployments=len(days),
        people=walked,
        faces=sum(day.faces for day in days),
        minutes=seconds / 60,
        cpu_minutes_a_core=(_cpu_s() - before) / CORES / 60,
        people_a_second=walked / seconds,
        peak_mib=_own_peak_mib() + sum(peaks.values()),
        compilations_in_workers=max(
            sum(day.compilations for day in days if day.worker == worker) for worker in peaks
        ),
    )


def _own_peak_mib() -> float:
    """Return this process's peak resident memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu_s() -> float:
    """Return the CPU time of this process and of the children that it has waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(process) for process in who]
    return sum(each.ru_utime + each.ru_stime for each in used)
