"""The results of a study set out by policy and draw, so that policies meet the same unknowns.

A *policy* is one combination of lever values. A *draw* is one combination of everything else that
the study varies: assumptions, place, crowd. Replications of a point are averaged first. A ratio of
two outcomes is made from the averages of its parts, never averaged itself.

*Undefined* is an outcome without a value in a run that was done: no stop, and so no disparity of
stops. It is nan in ``values``, and not the same as a run that failed, which is left out.

State:  none.
Shapes: p policies, d draws, m outcomes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.outcomes import ratios as ratios_of
from sim.errors import SimError

Floats = NDArray[np.float64]

FEWEST_DRAWS = 20  # below it a chance is known to no better than some 0.2 either way
DONE = "done"
Ratios = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """Every policy under every draw.

    policies       : (p, levers), in the order of the lever values
    outcomes       : names, m of them
    values         : (p, d, m); nan: undefined there
    means          : (p, m) over draws; of a ratio, that of the averages of its parts
    excluded       : policies with too few draws, by their lever values
    failed_rows    : rows without a result
    draws_left_out : draws that some policy lacks
    """

    policies: pd.DataFrame
    outcomes: tuple[str, ...]
    values: Floats
    means: Floats
    excluded: tuple[dict[str, object], ...]
    failed_rows: int
    draws_left_out: int

    @property
    def draws(self) -> int:
        """Return how many draws every policy has."""
        return int(self.values.shape[1])

    def column(self, outcome: str) -> Floats:
        """Return one outcome, ``(p, d)``."""
        found: Floats = self.values[:, :, self.outcomes.index(outcome)]
        return found

    def mean(self, outcome: str) -> Floats:
        """Return the mean of one outcome, ``(p,)``."""
        found: Floats = self.means[:, self.outcomes.index(outcome)]
        return found

    def policy(self, place: int) -> dict[str, object]:
        """Return the lever values of one policy."""
        return named(self.policies.iloc[place])


def named(row: pd.Series) -> dict[str, object]:
    """Return a row as lever values of Python's own types."""
    return {
        str(name): value.item() if isinstance(value, np.generic) else value
        for name, value in row.items()
    }


def policy_table(
    results: pd.DataFrame,
    *,
    levers: Sequence[str],
    others: Sequence[str],
    outcomes: Sequence[str],
    ratios: Ratios | None = None,
) -> PolicyTable:
    """Set the results out by policy and draw.

    levers : columns that make a policy
    others : columns that make a draw; none: one draw
    ratios : outcome -> numerator and denominator, which must be columns too
    """
    if not levers:
        raise SimError("there is no choice: the study varies no field of policy.*")
    points, failed = averaged_points(
        results, [*levers, *others], outcomes=outcomes, ratios=ratios or {}
    )
    parts = [name for name in points.columns if name not in {*levers, *others}]
    groups = points.groupby(list(levers), sort=True, dropna=False)
    policy = groups.ngroup().to_numpy()
    draw = (
        points.groupby(list(others), sort=False, dropna=False).ngroup().to_numpy()
        if others
        else np.zeros(len(points), dtype=np.int64)
    )
    policies = (
        points[list(levers)]
        .assign(**{_POLICY: policy})
        .drop_duplicates(_POLICY)
        .sort_values(_POLICY)
        .drop(columns=_POLICY)
        .reset_index(drop=True)
    )
    count, draws = len(policies), int(draw.max()) + 1
    if count > 1 and draws > max(1, len(points) / 2):
        raise SimError(
            f"the study's {count:,} policies were not scored under the same draws of what is "
            "unknown, so that none can be set against another; give levers of policy.* as a few "
            "values, and design: {kind: full-factorial, draws: 100}"
        )
    is_there = np.zeros((count, draws), dtype=bool)
    is_there[policy, draw] = points[_IS_DONE].to_numpy(dtype=bool)
    kept, common = _common(is_there)
    cube = np.full((count, draws, len(parts) - 1), np.nan)
    names = [name for name in parts if name != _IS_DONE]
    cube[policy, draw] = points[names].to_numpy(dtype=np.float64)
    cube = cube[np.ix_(kept, common)]
    made, means = _outcomes(cube, names, outcomes, ratios or {})
    dropped = np.setdiff1d(np.arange(count), kept)
    return PolicyTable(
        policies=policies.iloc[kept].reset_index(drop=True),
        outcomes=tuple(outcomes),
        values=made,
        means=means,
        excluded=tuple(named(policies.iloc[place]) for place in dropped),
        failed_rows=failed,
        draws_left_out=draws - len(common),
    )


def averaged_points(
    results: pd.DataFrame, names: Sequence[str], *, outcomes: Sequence[str], ratios: Ratios
) -> tuple[pd.DataFrame, int]:
    """Return one row a point: design columns, outcomes (or their parts) averaged, and whether done.

    The last column says whether every replication was done. Also returns the number of rows that
    failed: not done, or without a value in any column.
    """
    wanted = list(dict.fromkeys(part for name in outcomes for part in ratios.get(name, (name,))))
    numbers = results[wanted].astype("float64")
    is_done = (results[col.STATUS] == DONE) & ~numbers.isna().all(axis=1)
    table = results[[col.POINT, *names]].drop_duplicates(col.POINT).set_index(col.POINT)
    keyed = numbers.where(is_done, axis=0).assign(**{col.POINT: results[col.POINT]})
    means = keyed.groupby(col.POINT)[wanted].mean()
    whole = is_done.groupby(results[col.POINT]).all()
    table = table.join(means).assign(**{_IS_DONE: whole}).reset_index(drop=True)
    return table, int((~is_done).sum())


def is_done_column(points: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of ``averaged_points`` were done in every replication."""
    return points[_IS_DONE].to_numpy(dtype=bool)


_POLICY, _IS_DONE = "_policy", "_is_done"  # never leave this package


def _common(is_there: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which policies and draws to keep: whole draws, enough of them.

    Policies that lack most draws go first, until the rest share enough.
    """
    count, draws = is_there.shape
    needed = min(FEWEST_DRAWS, max(1, ceil(draws / 2)))
    lacking = (~is_there).sum(axis=0)
    absent = (~is_there).sum(axis=1)
    order = np.argsort(-absent, kind="stable")
    gone = 0
    while gone < count and int((lacking == 0).sum()) < needed:
        lacking = lacking - ~is_there[order[gone]]
        gone += 1
    if gone == count:
        raise SimError(
            f"no policy has results in {needed} of the study's {draws:,} draws: too many runs "
            "failed, or the study has only begun; 'passerby status' says which"
        )
    return np.sort(order[gone:]), np.flatnonzero(lacking == 0)


def _outcomes(
    cube: Floats, names: Sequence[str], outcomes: Sequence[str], ratios: Ratios
) -> tuple[Floats, Floats]:
    values = np.empty((*cube.shape[:2], len(outcomes)))
    means = np.empty((cube.shape[0], len(outcomes)))
    for place, outcome in enumerate(outcomes):
        if outcome in ratios:
            top, bottom = (cube[:, :, names.index(part)] for part in ratios[outcome])
            values[:, :, place] = ratios_of(top, bottom)
            means[:, place] = ratios_of(top.mean(axis=1), bottom.mean(axis=1))
        else:
            value = cube[:, :, names.index(outcome)]
            values[:, :, place] = value
            means[:, place] = _mean(value)
    return values, means


def _mean(value: Floats) -> Floats:
    """Return the mean over the draws where it is defined; nan: nowhere."""
    is_defined = ~np.isnan(value)
    return ratios_of(np.where(is_defined, value, 0.0).sum(axis=1), is_defined.sum(axis=1))
