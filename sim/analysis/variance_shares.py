"""Sobol' indices: the share of an outcome's variance that each factor answers for.

The *first-order* index is the share that goes when the factor alone is known (Saltelli et al.
2010); the *total* index the share that stays when everything else is known (Jansen 1999). The
estimators are SALib's; intervals are a bootstrap over base points.

State: none.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.elementary import without_rounding
from sim.analysis.noise_floor import (
    Found,
    bootstrap_weights,
    noise_variance,
    told_apart,
    with_intervals,
)
from sim.analysis.slices import slices_of
from sim.errors import SimError

Floats = NDArray[np.float64]

FIRST, TOTAL = "first_order", "total"


def sobol_indices(
    logs: Floats,
    factors: pd.DataFrame,
    *,
    second_order: bool,
    shared: bool,
    rng: np.random.Generator,
) -> Found:
    """Return first-order and total indices of each factor.

    logs    : (blocks * block, replications) in the order of Saltelli's scheme
    factors : the same rows, a column a factor
    shared  : replications share people between points
    """
    count = factors.shape[1]
    from SALib.analyze.sobol import (  # noqa: PLC0415 - heavy
        first_order,
        separate_output_values,
        total_order,
    )

    step = 2 * count + 2 if second_order else count + 2
    size = len(logs) // step
    means = logs.mean(axis=1)
    centred = means - means.mean()  # the first-order estimator is not free of a shift
    base, other, mixed, _ = separate_output_values(centred, count, size, second_order)
    variance = float(np.var(np.r_[base, other]))
    if variance <= 0:
        raise SimError("the outcome is the same at every point: nothing moves it")
    first = np.array([first_order(base, mixed[:, place], other) for place in range(count)])
    total = np.array([total_order(base, mixed[:, place], other) for place in range(count)])
    weights = bootstrap_weights(rng, size)
    both = (weights @ base + weights @ other) / 2
    spread = (weights @ base**2 + weights @ other**2) / 2 - both**2
    first_draws = weights @ (other[:, None] * (mixed - base[:, None])) / spread[:, None]
    total_draws = weights @ (0.5 * (base[:, None] - mixed) ** 2) / spread[:, None]
    runs = logs.reshape(size, step, -1)
    changes = without_rounding(runs[:, 1 : count + 1] - runs[:, :1])
    parts = {FIRST: with_intervals(first, first_draws), TOTAL: with_intervals(total, total_draws)}
    noise = 0.5 * noise_variance(changes) / variance
    own = np.column_stack(
        [
            _own_part(factors[name], changes[:, place].mean(axis=1), step, place)
            for place, name in enumerate(factors.columns)
        ]
    )
    told = told_apart(changes, shared=shared)
    return Found(parts, noise, told, own=own + means.mean())


def _own_part(column: pd.Series, change: Floats, step: int, place: int) -> Floats:
    """Return what a factor alone does, ``(points,)``, about 0; nan at points of no pair.

    The two points of a pair differ in this factor alone, so that their difference is free of what
    the others do: slices of the factor are fitted to the differences.
    """
    cut = slices_of(column)
    member = np.eye(cut.count)[cut.code]
    before, after = member[::step], member[place + 1 :: step]
    heights = np.linalg.lstsq(after - before, change, rcond=None)[0]
    # The scatter about the fit is kept: it says how sure a slice is.
    scatter = (change - (after - before) @ heights) / np.sqrt(2)
    middle = float((member @ heights).mean())
    own = np.full(len(member), np.nan)
    own[::step] = before @ heights - middle - scatter
    own[place + 1 :: step] = after @ heights - middle + scatter
    return own
