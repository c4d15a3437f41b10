"""A factor cut into a few slices: what an outcome does from slice to slice, for any design.

A column with few different values, or of names, has a slice a value; any other has slices with
equally many rows, by rank.

State: none.
Shapes: one row a point of a study, (n,).
"""

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.noise_floor import (
    FALSE_ALARMS,
    Found,
    bootstrap_weights,
    follows_days,
    is_beyond_days,
    is_beyond_scatter,
    with_intervals,
)
from sim.errors import SimError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_VALUES = 8  # with more different numbers than that, a column is cut by rank
SLICES = 5
FIRST = "first_order"
MOST_RESAMPLED = 20_000  # points; of more, the bootstrap takes so many
FEWEST_ROWS_A_REGRESSOR = 2  # with fewer rows, what others do cannot be taken off


@dataclass(frozen=True, slots=True)
class Slices:
    """A column in slices.

    code   : (n,) number of each row's slice, from 0 at the low end
    labels : what stands for each slice: its value, or its median
    is_cut : slices hold a range of values each, not one value
    is_ordered : a later slice has larger values; not so for names
    """

    code: Ints
    labels: tuple[object, ...]
    is_cut: bool
    is_ordered: bool

    @property
    def count(self) -> int:
        """How many slices there are."""
        return len(self.labels)


def slices_of(column: pd.Series, *, most: int = SLICES) -> Slices:
    """Return a column in slices; ``most`` of them if it is cut by rank."""
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number or column.nunique() <= MOST_VALUES:
        found, code = np.unique(
            column.to_numpy() if is_number else column.astype(str).to_numpy(dtype=object),
            return_inverse=True,
        )
        labels = tuple(value.item() if isinstance(value, np.generic) else value for value in found)
        return Slices(code.astype(np.int64), labels, is_cut=False, is_ordered=is_number)
    values = column.to_numpy(dtype=np.float64)
    # By rank among the different values' rows: rows with one value stay together.
    share = (pd.Series(values).rank(method="average").to_numpy() - 0.5) / len(values)
    _, code = np.unique(np.minimum((share * most).astype(np.int64), most - 1), return_inverse=True)
    medians = [float(np.median(values[code == place])) for place in range(int(code.max()) + 1)]
    return Slices(code.astype(np.int64), tuple(medians), is_cut=True, is_ordered=True)


def slice_shares(
    logs: Floats, factors: pd.DataFrame, *, shared: bool, rng: np.random.Generator
) -> Found:
    """First-order shares from means within slices, less what scatter alone would give.

    What the other factors do in a straight line, by rank, is taken off first: the columns of a
    design are never quite unrelated, and a strong factor would leak into the others.

    logs    : (points, replications)
    factors : the same rows, a column a factor
    shared  : replications share people between points
    """
    means = logs.mean(axis=1)
    if means.var() <= 0:
        raise SimError("the outcome is the same at every point: nothing moves it")
    level = FALSE_ALARMS / factors.shape[1]
    few = np.arange(len(means))
    if len(few) > MOST_RESAMPLED:
        few = rng.choice(len(means), MOST_RESAMPLED, replace=False)
    shrink = np.sqrt(len(few) / len(means))  # an interval of so many points is so much wider
    weights = bootstrap_weights(rng, len(few))
    even = np.full((1, len(means)), 1 / len(means))
    partial, spent = _without_others(means, factors)
    told: list[bool | None] = []
    shares, draws, floors = [], [], []
    for place, name in enumerate(factors.columns):
        cut = slices_of(factors[name])
        member = np.eye(cut.count)[cut.code]
        rest = len(means) - cut.count - spent[place]
        rows = partial[:, place]
        share = float(_slice_share(even, member, rows, means, rest)[0])
        # A resample scatters twice: its mean shift is taken off.
        found = _slice_share(weights, member[few], rows[few], means[few], rest)
        shares.append(share)
        draws.append(
            (found - found.mean()) * shrink + share
        )  # a resample scatters twice: take that off
        between, within = _sums_of_squares(member, rows)
        is_told: bool | None = is_beyond_scatter(between, within, cut.count - 1, rest, level)
        signal, noise, alone = _over_days(member, logs)
        floors.append(noise / float(means.var()))
        if is_told and logs.shape[1] < 2:
            is_told = None
        elif is_told and shared:
            groups, days = cut.count - 1, logs.shape[1]
            freedom = (len(means) - cut.count) * (days - 1)
            is_told = not follows_days(noise, alone, groups * (days - 1), freedom) or (
                is_beyond_days(signal, noise, groups, days)
            )
        told.append(is_told)
    parts = {FIRST: with_intervals(np.array(shares), np.column_stack(draws))}
    return Found(parts, np.array(floors), told, own=partial)


def _without_others(means: Floats, factors: pd.DataFrame) -> tuple[Floats, list[int]]:
    """Return the outcome less what the other factors do, ``(points, k)``, and what that spent.

    Numbers enter by rank, names by an indicator each.
    """
    blocks = [_regressors(factors[name]) for name in factors.columns]
    widths = [block.shape[1] for block in blocks]
    ends = np.cumsum(widths)
    matrix = np.column_stack(blocks)
    if len(means) < FEWEST_ROWS_A_REGRESSOR * matrix.shape[1]:
        return np.repeat(means[:, None], len(blocks), axis=1), [0] * len(blocks)
    slopes = np.linalg.lstsq(matrix, means - means.mean(), rcond=None)[0]
    fitted = matrix @ slopes
    own = np.column_stack(
        [
            matrix[:, end - width : end] @ slopes[end - width : end]
            for end, width in zip(ends, widths, strict=True)
        ]
    )
    return means[:, None] - fitted[:, None] + own, [int(ends[-1]) - width for width in widths]


def _regressors(column: pd.Series) -> Floats:
    """Return a factor's columns in a regression, each of mean 0."""
    cut = slices_of(column)
    if cut.is_ordered:
        found = column.rank(method="average").to_numpy(dtype=np.float64)[:, None]
    else:
        found = np.eye(cut.count)[cut.code][:, 1:]
    return np.asarray(found - found.mean(axis=0))


def _over_days(member: Floats, logs: Floats) -> tuple[float, float, float]:
    """Return the mean square of slices about their mean, and what replications leave in it.

    The third is what they would leave if every point had noise of its own.
    """
    days = logs.shape[1]
    sizes = member.sum(axis=0)
    slices = (member.T @ (logs - logs.mean(axis=0))) / sizes[:, None]
    weight = sizes / sizes.sum()
    signal = float(weight @ slices.mean(axis=1) ** 2)
    if days < 2:
        return signal, nan, nan
    rest = logs - logs.mean(axis=0) - member @ slices
    freedom = max(1, len(logs) - len(sizes))
    own = float(rest.var(axis=1, ddof=1).sum()) / freedom * (len(sizes) - 1) / len(logs)
    return signal, float(weight @ slices.var(axis=1, ddof=1)) / days, own / days


def _sums_of_squares(member: Floats, rows: Floats) -> tuple[float, float]:
    sizes = member.sum(axis=0)
    averages = member.T @ rows / sizes
    between = float((sizes * (averages - rows.mean()) ** 2).sum())
    return between, float(((rows - member @ averages) ** 2).sum())


def _slice_share(weights: Floats, member: Floats, rows: Floats, means: Floats, rest: int) -> Floats:
    """Return the variance between slices over that of the outcome, less scatter's part.

    returns : ``(draws,)``; epsilon squared (Kelley 1935) where nothing was taken off ``rows``
    """
    slices = member.shape[1]
    mass, sums = weights @ member, weights @ (member * rows[:, None])
    overall = weights @ rows
    with np.errstate(divide="ignore", invalid="ignore"):
        averages = np.where(mass > 0, sums / mass, 0.0)
    between = (mass * averages**2).sum(axis=1) - overall**2
    within = weights @ rows**2 - overall**2 - between
    scatter = within * (slices - 1) / max(rest, 1)
    return np.asarray((between - scatter) / (weights @ means**2 - (weights @ means) ** 2))
