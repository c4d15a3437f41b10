"""What an experiment asks, what it finds, and what it keeps for the plots.

Units:  named in each finding; curves are lists of plain numbers, so that JSON holds them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np

from sim.scenario.schema import Locomotion

COLLISION_FREE_SPEED: Locomotion = "collision-free-speed"
MODELS: tuple[Locomotion, ...] = get_args(Locomotion)


@dataclass(frozen=True, slots=True)
class Setting:
    """How much to compute.

    models : locomotion models to walk with; seeds : replications of each case
    quick  : smaller crowds and shorter windows, for a look and for the tests
    """

    models: tuple[Locomotion, ...]
    seeds: int
    quick: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One number beside what was published.

    ours, spread : mean and standard deviation over seeds; None where there is no such number
    criterion    : what it has to meet; empty: only reported
    met          : None where there is no criterion
    """

    what: str
    model: str
    published: str
    ours: float | None
    spread: float | None
    unit: str
    criterion: str = ""
    met: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of one experiment and the curves that its plot draws."""

    findings: tuple[Finding, ...]
    curves: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experiment:
    """One validation.

    name  : W1 to W9; tests : the same test in RiMEA, IMO MSC.1/Circ.1533, NIST TN 1822, Juelich
    method : what is done, in a sentence or two; plot : name of the figure, empty if none
    remark : how to read it, what a miss comes from
    """

    name: str
    title: str
    tests: str
    method: str
    run: Callable[[Setting], Outcome]
    plot: str = ""
    remark: str = ""


def mean_and_spread(values: Sequence[float]) -> tuple[float, float | None]:
    """Return the mean and, from two values on, their standard deviation."""
    found = np.asarray(values, dtype=np.float64)
    return float(found.mean()), float(found.std(ddof=1)) if len(found) > 1 else None
