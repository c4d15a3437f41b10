"""Moves along Morris's trajectories, and blocks of Saltelli's scheme, out of a study's table.

*Elementary effects* are Morris's (1991): the change of the outcome as a factor goes up by a fixed
step, over that step; mu* is the mean of their sizes (Campolongo, Cariboni & Saltelli 2007), mu the
mean of the effects themselves, sigma their spread.

Both designs come in *blocks* of points that lose their meaning when one is missing: a trajectory
(k + 1 points, each factor moved once), or a base point of Saltelli's scheme (k + 2 points, or
2 k + 2 with second order). Points are numbered in the order of the design.

State:  none.
Shapes: values (points, replications) of whole blocks, in the order of the design.
"""

from math import pi

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.noise_floor import (
    Found,
    bootstrap_weights,
    noise_variance,
    told_apart,
    with_intervals,
)

Floats = NDArray[np.float64]
MU_STAR, MU, SIGMA = "mu_star", "mu", "sigma"
_ROUNDING = 1e-12  # of a logarithm; sums over people differ by less for no reason but order


def whole_blocks(is_complete: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    """Return which points lie in a block of which every point is complete, ``(points,)``."""
    if len(is_complete) % size:
        raise ValueError(f"{len(is_complete)} points are not whole blocks of {size}")
    whole = is_complete.reshape(-1, size).all(axis=1)
    return np.repeat(whole, size)


def elementary_effects(
    logs: Floats, factors: pd.DataFrame, *, levels: int, shared: bool, rng: np.random.Generator
) -> Found:
    """Return mu*, mu and sigma of each factor's elementary effects, over its whole range.

    logs    : (trajectories * (k + 1), replications)
    factors : the same rows, a column a factor
    levels  : of Morris's grid, whose step is levels / (2 (levels - 1))
    shared  : replications share people between points
    """
    delta = levels / (2 * (levels - 1))
    changes = moves(logs, factors) / delta
    effects = changes.mean(axis=2)
    count = len(effects)
    weights = bootstrap_weights(rng, count)

    def measures(weight: Floats) -> tuple[Floats, Floats, Floats]:
        mean = weight @ effects
        spread = np.maximum(0.0, weight @ effects**2 - mean**2) * count / (count - 1)
        return weight @ np.abs(effects), mean, np.sqrt(spread)

    even = np.full((1, count), 1 / count)
    noise = np.sqrt(2 * noise_variance(changes) / pi)
    parts = {
        name: with_intervals(point[0], draws)
        for name, point, draws in zip(
            (MU_STAR, MU, SIGMA), measures(even), measures(weights), strict=True
        )
    }
    return Found(parts, noise, told_apart(changes, shared=shared), moves=effects.mean(axis=0))


def moves(values: Floats, factors: pd.DataFrame) -> Floats:
    """Return what each factor's move did, signed as if the factor went up.

    values  : (trajectories * (k + 1), replications)
    factors : the same rows, a column a factor
    returns : (trajectories, k, replications)

    A factor whose value stays the same at its move (a list cut into fewer slices than levels)
    did nothing there: 0. A factor of names goes up in the order of its names.
    """
    count = factors.shape[1]
    ranks = np.column_stack([_ranks(factors[name]) for name in factors.columns])
    shape = (-1, count + 1, count)
    steps = np.diff(ranks.reshape(shape), axis=1)  # trajectory, move, factor
    change = np.diff(values.reshape(-1, count + 1, values.shape[1]), axis=1)
    found = np.zeros((steps.shape[0], count, values.shape[1]))
    for trajectory in range(steps.shape[0]):
        where, which = np.nonzero(steps[trajectory])
        if len(set(where.tolist())) < len(where) or len(set(which.tolist())) < len(which):
            raise ValueError("a trajectory moves one factor at a time, and each only once")
        signs = np.sign(steps[trajectory, where, which])
        found[trajectory, which] = signs[:, None] * change[trajectory, where]
    return without_rounding(found)


def without_rounding(change: Floats) -> Floats:
    """Return differences of logarithms with those at rounding's size as 0."""
    return np.where(np.abs(change) < _ROUNDING, 0.0, change)


def _ranks(column: pd.Series) -> Floats:
    is_number = pd.api.types.is_numeric_dtype(column)
    values = column.to_numpy() if is_number else column.astype(str).to_numpy(dtype=object)
    return np.asarray(np.unique(values, return_inverse=True)[1], dtype=np.float64)
