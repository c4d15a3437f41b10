"""A study that asks next to nothing: for tests of what happens around the work."""

import os
import signal
import time
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim import __version__
from sim import columns as col

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

SCENARIO = Path(__file__).parents[1] / "scenarios" / "reference.yaml"
OUTCOMES = (col.PEOPLE, col.MISTAKEN_STOPS)
THRESHOLD = "policy.threshold"


@dataclass(frozen=True)
class FakeUnit:
    key: str
    replication: int
    scenario: "Scenario"
    points: pd.DataFrame
    outcomes: tuple[str, ...] = OUTCOMES
    options: dict = field(default_factory=dict)


@cache
def base():
    from sim.scenario.load import load_scenario

    return load_scenario(SCENARIO)


def asked(units=12, points_a_unit=3, *, study="fake", version=__version__):
    """Ask for a number of units; each replication of a point is a unit's."""
    from sim.studies.run.folder import ReadyStudy

    replications = 2 if units % 2 == 0 else 1
    points = units // replications * points_a_unit
    design = pd.DataFrame({col.POINT: np.arange(points), THRESHOLD: np.linspace(0.5, 0.7, points)})
    found = []
    for number in range(units):
        block, replication = divmod(number, replications)
        seed = 1000 + number
        run = base().run.model_copy(update={"seed": seed})
        rows = design.iloc[block * points_a_unit : (block + 1) * points_a_unit]
        key = sha256(f"{study} {number} {version}".encode()).hexdigest()[:16]
        scenario = base().model_copy(update={"run": run})
        found.append(FakeUnit(key, replication, scenario, rows))
    return ReadyStudy(
        units=found,
        outcomes=OUTCOMES,
        design=design,
        study={"study": {"name": study}, "units": units, "points_a_unit": points_a_unit},
        manifest={
            "kind": "passerby study",
            "study": study,
            "title": "A fake",
            "study_hash": sha256(f"{study} {units} {version}".encode()).hexdigest()[:16],
            "passerby": version,
            "units": units,
            "points": points,
            "replications": replications,
            "finished": None,
        },
    )


def rows(unit):
    """Return rows that only the unit determines, infinite and missing numbers among them."""
    rng = np.random.default_rng(unit.scenario.run.seed)
    people = rng.normal(1000, 30, len(unit.points))
    stops = np.where(rng.random(len(people)) < 0.2, np.nan, rng.exponential(size=len(people)))
    stops[rng.random(len(people)) < 0.1] = np.inf
    return pd.DataFrame(
        {
            col.POINT: unit.points[col.POINT],
            col.REPLICATION: unit.replication,
            col.SEED: unit.scenario.run.seed,
            col.STATUS: "done",
            col.REASON: "",
            col.PEOPLE: people,
            col.MISTAKEN_STOPS: stops,
        }
    )


def slow_rows(unit):
    """Take a moment that differs from unit to unit."""
    time.sleep(0.01 + unit.scenario.run.seed % 7 * 0.005)
    return rows(unit)


def poisoned_rows(unit):
    """Kill the process at one unit, every time."""
    if unit.scenario.run.seed == 1004:
        os.kill(os.getpid(), signal.SIGKILL)
    return slow_rows(unit)


def failing_rows(unit):
    """Fail at one unit, every time."""
    if unit.scenario.run.seed == 1003:
        raise ZeroDivisionError("nobody to divide by")
    return rows(unit)


def wrong_rows(unit):
    """Leave a row out at one unit."""
    return rows(unit).iloc[1:] if unit.scenario.run.seed == 1002 else rows(unit)


def bytes_of(folder):
    return (folder / "results.parquet").read_bytes()
