"""How far a study has got, seen from outside, and what one would cost before it runs.

State: none; reads the study's folder and the folder of walks.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import columns as col
from sim.errors import CostError
from sim.scenario.advice import run_cost
from sim.scenario.identity import walk_hash
from sim.storage.json_values import json_value
from sim.storage.walk_cache import is_kept
from sim.studies.run.folder import RESULTS, opened

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

LATELY_S = 600.0  # the rate is that of the last ten minutes with a part in them
POINTS_A_CPU_SECOND = 1000.0  # half of what is measured alone on a core: benchmarks/README.md
BYTES_A_ROW = 200.0  # of some thirty numbers, compressed, in the part and in the table
BYTES_A_PERSON = 1500.0  # of a walk in the cache
SECONDS_TO_START = 2.0
LARGE_CPU_S = 2 * 3600.0
LOOKED_AT = 200  # walks whose cost is worked out; of more, evenly spaced ones


@dataclass(frozen=True, slots=True)
class Status:
    """How far a study has got.

    rows_a_unit   : rows of each unit
    failures      : unit key -> reason, of units set aside
    failed_rows   : rows without outcomes; None before the table is written
    is_running    : a sweep is at work in the folder now
    units_per_s   : units a second, lately; None if none has ended or nobody is at work
    """

    study: str
    title: str
    study_hash: str
    points: int
    replications: int
    units: int
    done: int
    failures: dict[str, str]
    rows: int
    failed_rows: int | None
    is_running: bool
    units_per_s: float | None
    finished: str | None

    @property
    def failed(self) -> int:
        """How many units were set aside."""
        return len(self.failures)

    @property
    def missing(self) -> int:
        """How many units have not ended."""
        return self.units - self.done - self.failed

    @property
    def remaining_s(self) -> float | None:
        """How long the missing units would take at the present rate."""
        return None if self.units_per_s is None else self.missing / self.units_per_s

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON."""
        counted = {name: getattr(self, name) for name in ("failed", "missing", "remaining_s")}
        return {**json_value(self), **counted}


def status_of(folder: Path) -> Status:
    """Return how far the study in a folder has got."""
    home = opened(folder)
    manifest, entries = home.manifest(), home.plan()["units"]
    times = []
    rows = 0
    for entry in entries:
        path = home.part_of(entry)
        if path.exists():
            times.append(path.stat().st_mtime)
            rows += entry["points"]
    failures = {failure["key"]: failure["reason"] for failure in home.failures(entries)}
    is_running = home.is_worked_on
    finished = manifest.get("finished") or {}
    return Status(
        study=manifest["study"],
        title=manifest["title"],
        study_hash=manifest["study_hash"],
        points=manifest["points"],
        replications=manifest["replications"],
        units=len(entries),
        done=len(times),
        failures=failures,
        rows=rows,
        failed_rows=finished.get("failed_rows"),
        is_running=is_running,
        units_per_s=_rate_per_s(times) if is_running else None,
        finished=finished.get("date") if (folder / RESULTS).exists() else None,
    )


def replication_advice(folder: Path) -> list[str]:
    """Return how sure the main outcomes are by now, and how many replications would do."""
    from sim.analysis.replications import ADVISED, status_lines  # noqa: PLC0415 - scipy.stats
    from sim.studies.run.results import read_results  # noqa: PLC0415 - duckdb

    wanted = (col.POINT, col.REPLICATION, col.SEED, *ADVISED)
    table = read_results(folder, columns=wanted)
    return status_lines(table) if len(table) else []


@dataclass(frozen=True, slots=True)
class StudyCost:
    """What a study is expected to take.

    runs   : rows of the table: a point and a replication each
    walks  : distinct streets; ``kept`` of them lie in the cache
    cpu_s  : of one processor
    """

    units: int
    runs: int
    walks: int
    kept: int
    workers: int
    cpu_s: float
    elapsed_s: float
    memory_mib: float
    disk_mib: float
    walk_disk_mib: float


def study_cost(units: Sequence["Unit"], workers: int) -> StudyCost:
    """Return what a study is expected to take on processors of 2024."""
    walks = {walk_hash(unit.scenario): unit.scenario for unit in units}
    to_walk = [scenario for scenario in walks.values() if not is_kept(scenario)]
    looked_at = [*walks.values()][:: 1 + len(walks) // LOOKED_AT]
    costs = [run_cost(scenario) for scenario in looked_at]
    share = len(to_walk) / max(1, len(costs))  # the walks looked at stand for all of them
    runs = sum(len(unit.points) for unit in units)
    cpu_s = share * sum(cost.cpu_s for cost in costs) + runs / POINTS_A_CPU_SECOND
    largest = max((cost.memory_mib for cost in costs), default=0.0)
    people = share * sum(cost.people for cost in costs)
    return StudyCost(
        units=len(units),
        runs=runs,
        walks=len(walks),
        kept=len(walks) - len(to_walk),
        workers=workers,
        cpu_s=cpu_s,
        elapsed_s=SECONDS_TO_START + cpu_s / min(workers, max(1, len(units))),
        memory_mib=largest * workers,
        disk_mib=2 * runs * BYTES_A_ROW / 2**20,
        walk_disk_mib=people * BYTES_A_PERSON / 2**20,
    )


def check_cost(cost: StudyCost) -> None:
    """Refuse a study that takes very long unless the user has said yes; say what it takes."""
    if cost.cpu_s > LARGE_CPU_S:
        raise CostError(
            f"{cost.runs:,} runs over {cost.walks:,} walks: some {cost.cpu_s / 3600:,.1f} hours "
            f"of processor time and {cost.disk_mib / 1024:,.1f} GiB; studies above "
            f"{LARGE_CPU_S / 3600:g} hours need --yes; --dry-run says more"
        )


def _rate_per_s(times: list[float]) -> float | None:
    """Return parts a second over the latest stretch in which there were any."""
    lately = [when for when in times if when >= max(times) - LATELY_S]
    spent = time.time() - min(lately) if lately else 0.0
    return len(lately) / spent if len(lately) > 1 and spent > 0 else None
