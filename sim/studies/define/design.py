"""The design of a study: one row a point, a column a lever or uncertainty.

A design is drawn in the unit cube and laid over the levers and uncertainties. Uncertainties are
triangular between low and high with their mode at the value (``unknowns.triangular``); a full
factorial takes low, value and high, or joint draws. Lists, options and whole numbers have equal
slices of the cube each.

Latin hypercubes are drawn by our own counter-based generator, keyed by name: the same on every
version of numpy and scipy. Sobol' and Morris designs are SALib's; the manifest names its version.

State: none.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from math import log, prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.assumption_draws import latin_hypercube, triangular
from sim.errors import SimError
from sim.evidence.register import Entry
from sim.scenario.beliefs import beliefs
from sim.studies.define.study import Lever, LoadedStudy
from sim.studies.define.study_schema import (
    FullFactorial,
    LatinHypercube,
    Morris,
    Sobol,
    Table,
)

Floats = NDArray[np.float64]

_ROUNDING = 1e-9  # a place of Morris's grid on the border of two slices belongs to the upper one
MOST_ROWS = 10_000_000  # points times replications: some 4 GB of results
MOST_CELLS = 100_000_000  # of the design: 0.8 GB of memory


def design(loaded: LoadedStudy) -> pd.DataFrame:
    """Return the points: ``point`` from 0, then a column a lever and uncertainty, by name.

    >>> from sim import design, load_study
    >>> len(design(load_study("smoke")))
    54
    """
    count = point_count(loaded)
    rows = count * loaded.study.replications
    if rows > MOST_ROWS:
        raise SimError(
            f"{loaded.path}: {count:,} points x {loaded.study.replications:,} replications are "
            f"{rows:,} runs; at most {MOST_ROWS:,}: fewer values, points or replications"
        )
    cells = count * len(loaded.names)
    if cells > MOST_CELLS:
        raise SimError(
            f"{loaded.path}: {count:,} points of {len(loaded.names):,} levers and uncertainties "
            f"are {cells:,} values; at most {MOST_CELLS:,}: fewer points, or vary less"
        )
    match loaded.study.design:
        case Table():
            assert loaded.table is not None  # noqa: S101 - the reader has read it
            return loaded.table
        case FullFactorial() as given:
            columns = _factorial(loaded, given.draws)
        case _:
            columns = _laid_over(loaded, unit_points(loaded))
    return pd.DataFrame({col.POINT: np.arange(count, dtype=np.int64), **columns})


def point_count(loaded: LoadedStudy) -> int:
    """Return how many points the design has, without making it."""
    factors = len(loaded.levers) + len(loaded.uncertainties)
    match loaded.study.design:
        case FullFactorial() as given:
            combinations = prod(len(_levels(lever)) for lever in loaded.levers)
            if given.draws is not None:
                return combinations * given.draws
            return combinations * prod(len(_three(loaded, name)) for name in loaded.uncertainties)
        case LatinHypercube() as given:
            return given.points
        case Sobol() as given:
            blocks = 2 * factors + 2 if given.second_order else factors + 2
            return given.base_points * blocks
        case Morris() as given:
            return given.trajectories * (factors + 1)
        case Table():
            assert loaded.table is not None  # noqa: S101 - the reader has read it
            return len(loaded.table)


def unit_points(loaded: LoadedStudy) -> Floats:
    """Return the points of a drawn design in the unit cube, ``(points, factors)``."""
    names = loaded.names
    seed = loaded.study.seed
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    match loaded.study.design:
        case LatinHypercube() as given:
            return latin_hypercube(seed, given.points, names)
        case Sobol() as given:
            from SALib.sample import sobol  # noqa: PLC0415 - heavy

            return np.asarray(
                sobol.sample(
                    problem,
                    given.base_points,
                    calc_second_order=given.second_order,
                    scramble=True,
                    seed=_design_seed(seed),
                )
            )
        case Morris() as given:
            from SALib.sample import morris  # noqa: PLC0415 - heavy

            return np.asarray(
                morris.sample(
                    problem, given.trajectories, num_levels=given.levels, seed=_design_seed(seed)
                )
            )
        case _:
            raise ValueError("a full factorial and a table are not drawn")


def _design_seed(seed: int) -> int:
    """Return a seed of 32 bits for the draw of a design."""
    return int.from_bytes(sha256(f"passerby design {seed}".encode()).digest()[:4], "big")


def _laid_over(loaded: LoadedStudy, unit: Floats) -> dict[str, Any]:
    believed = beliefs(loaded.base)
    columns: dict[str, Any] = {}
    for place, lever in enumerate(loaded.levers):
        columns[lever.field] = _lever_values(lever, unit[:, place])
    for place, name in enumerate(loaded.uncertainties, start=len(loaded.levers)):
        columns[name] = _uncertainty_values(believed.entry(name), unit[:, place])
    return columns


def _uncertainty_values(entry: Entry, unit: Floats) -> Floats:
    return triangular(unit, entry.low, entry.value, entry.high)


def _lever_values(lever: Lever, unit: Floats) -> Any:
    """Return what a lever holds at places of the unit interval, ``(points,)``."""
    if lever.kind == "range":
        return _range_values(lever, unit)
    choices = list(lever.options or ()) if lever.kind == "options" else list(lever.values)
    slices = np.floor(unit * len(choices) + _ROUNDING).astype(np.int64)
    index = np.minimum(slices, len(choices) - 1)
    return pd.Series(choices).to_numpy()[index]


def _range_values(lever: Lever, unit: Floats) -> Any:
    """Lay the unit interval over a range; whole numbers have equal slices of it each."""
    margin = 0.5 if lever.whole else 0.0
    low, high = lever.low - margin, lever.high + margin
    if lever.scale == "log":
        found = np.exp(log(low) + unit * (log(high) - log(low)))
    else:
        found = low + unit * (high - low)
    if not lever.whole:
        return np.clip(found, lever.low, lever.high)
    return np.clip(np.rint(found), lever.low, lever.high).astype(np.int64)


def _levels(lever: Lever) -> list[Any]:
    """Return what a lever holds in a full factorial."""
    if lever.kind == "options":
        return list(lever.options or ())
    if lever.kind == "values":
        return list(lever.values)
    spaced: Callable[..., Floats] = np.geomspace if lever.scale == "log" else np.linspace
    found = spaced(lever.low, lever.high, lever.steps)
    if lever.whole:
        return [int(value) for value in np.unique(np.rint(found))]
    return [float(value) for value in found]


def _three(loaded: LoadedStudy, name: str) -> list[float]:
    entry: Entry = beliefs(loaded.base).entry(name)
    return list(dict.fromkeys([entry.low, entry.value, entry.high]))


def _factorial(loaded: LoadedStudy, draws: int | None) -> dict[str, Any]:
    """Return every combination: of levers, then of the draws or levels of uncertainties."""
    names = loaded.uncertainties
    levels = [_levels(lever) for lever in loaded.levers]
    levels += [_three(loaded, name) for name in names] if draws is None else [[*range(draws)]]
    index = _combinations([len(choices) for choices in levels])
    columns = {
        lever.field: pd.Series(levels[place]).to_numpy()[index[place]]
        for place, lever in enumerate(loaded.levers)
    }
    levels, index = levels[len(columns) :], index[len(columns) :]
    if draws is None:
        return columns | {
            name: np.array(levels[place])[index[place]] for place, name in enumerate(names)
        }
    unit = latin_hypercube(loaded.study.seed, draws, names)
    believed = beliefs(loaded.base)
    for place, name in enumerate(names):
        columns[name] = _uncertainty_values(believed.entry(name), unit[:, place])[index[0]]
    return columns


def _combinations(counts: Sequence[int]) -> list[NDArray[np.int64]]:
    """Return which of its values each thing takes in every combination; the last moves fastest."""
    number = np.arange(prod(counts), dtype=np.int64)
    strides = [prod(counts[place + 1 :]) for place in range(len(counts))]
    return [number // stride % count for stride, count in zip(strides, counts, strict=True)]
