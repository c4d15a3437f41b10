"""Which factors of a study move an outcome: screening, indices, slices; each with its chance.

A *factor* is a lever or an uncertainty of a study. Everything is worked out on the natural
logarithm of an outcome, the mean of the logarithms over a point's replications; numerator and
denominator of a ratio are taken apart, because a share of a ratio says little.

* Morris: *elementary effects*, the change of the logarithm as a factor goes up over its whole
  range, from moves by a fixed step; mu* is the mean of their sizes, mu of the effects themselves,
  sigma their spread (Morris 1991; mu* Campolongo, Cariboni & Saltelli 2007).
* Sobol': *first-order* index, the share of the variance that goes when the factor alone is
  known, and *total* index, the share that stays when everything else is known, by the estimators
  of Saltelli et al. 2010 and Jansen 1999 as SALib has them.
* Slices, for every other design: the first-order share, from means within slices of the factor.

A factor is *told apart from chance* when its squared effect is larger than replications (Morris,
Sobol') or the scatter within slices explain, by a one-sided test at 5 % over all factors together.

State: none; bootstrap draws from the seed that is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, nan, pi, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim import columns as col
from sim.analysis.elementary import moves, whole_blocks, without_rounding
from sim.analysis.replications import Noise, by_replication, has_shared_people, noise_of
from sim.analysis.slices import slices_of
from sim.errors import SimError

Floats = NDArray[np.float64]

MORRIS, SOBOL, SLICES = "morris", "sobol", "slices"
MU_STAR, MU, SIGMA = "mu_star", "mu", "sigma"
FIRST, TOTAL = "first_order", "total"
LEADING: Mapping[str, str] = {MORRIS: MU_STAR, SOBOL: TOTAL, SLICES: FIRST}  # sorts the factors
DRAWS = 1000  # of the bootstrap
LEVEL = 0.95
FALSE_ALARMS = 0.05  # chance that any factor without effect is told apart, over all factors
FEWEST_BLOCKS = 4
FEWEST_POINTS = 20  # for slices
FEWEST_ROWS_A_REGRESSOR = 2  # with fewer rows, what others do cannot be taken off


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a study's points were laid.

    levels       : of Morris's grid
    second_order : Saltelli's scheme has 2 k + 2 points a block, not k + 2
    """

    method: str
    levels: int = 4
    second_order: bool = False

    def block(self, factors: int) -> int:
        """Return how many points lose their meaning when one of them is missing."""
        if self.method == MORRIS:
            return factors + 1
        if self.method == SOBOL:
            return 2 * factors + 2 if self.second_order else factors + 2
        return 1


@dataclass(frozen=True, slots=True)
class Index:
    """An estimate with its 95 % bootstrap interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the outcome goes with one factor, all else averaged (geometric means).

    at_low, at_high : values of the factor: its ends, or the medians of its end slices; of names,
                      those with the lowest and the highest mean
    low, high       : the outcome there
    turns_at, turn  : a slice between that lies beyond both ends by two standard errors, and the
                      outcome there; None: there is none
    """

    at_low: object
    at_high: object
    low: float
    high: float
    turns_at: object = None
    turn: float | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """What is known of one factor's part.

    noise_floor    : of the leading index, what replications alone would give; nan: cannot be said
    is_told_apart  : None where one replication cannot say
    """

    name: str
    indices: Mapping[str, Index]
    noise_floor: float
    is_told_apart: bool | None
    ends: Ends


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not used, and why; in rows, points and blocks of the design.

    failed  : rows without outcomes, or where the outcome is not defined
    missing : rows that have not been run yet
    none    : rows with none of the outcome, which have no logarithm
    floored : of these, how many were counted as the floor that was asked for
    points, blocks : how many were left out, of how many
    """

    rows: int
    failed: int
    missing: int
    none: int
    floored: int
    points: int
    of_points: int
    blocks: int
    of_blocks: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Which factors move one outcome, the one that moves it most first."""

    outcome: str
    method: str
    replications: int
    mean: float
    spread: float
    noise: Noise
    left_out: LeftOut
    factors: tuple[Factor, ...] = field(default=())

    @property
    def leading(self) -> str:
        """The index by which the factors are sorted."""
        return LEADING[self.method]


def sensitivity(
    results: pd.DataFrame,
    names: Sequence[str],
    *,
    outcome: str,
    scheme: Scheme,
    replications: int | None = None,
    floor: float | None = None,
    seed: int = 1,
) -> Sensitivity:
    """Return which of the factors ``names`` move an outcome.

    results      : a row a point and replication, every point of the design; a block with a missing
                   run is dropped whole
    replications : of the study; None: as many as the table has
    floor        : count none of the outcome as so much; None: such rows are left out
    """
    logs, points, left_out = _logarithms(
        results, names, outcome=outcome, scheme=scheme, replications=replications, floor=floor
    )
    noise = noise_of(logs, shared=has_shared_people(results))
    factors = points[list(names)]
    rng = np.random.default_rng(seed)
    match scheme.method:
        case "morris":
            found = _morris(logs, factors, scheme.levels, rng)
        case "sobol":
            found = _sobol(logs, factors, second_order=scheme.second_order, rng=rng)
        case _:
            found = _slices(logs, factors, rng)
    means = logs.mean(axis=1)
    order = sorted(found, key=lambda one: -_sortable(one.indices[LEADING[scheme.method]].estimate))
    return Sensitivity(
        outcome=outcome,
        method=scheme.method,
        replications=logs.shape[1],
        mean=exp(float(means.mean())),
        spread=float(means.std(ddof=1)),
        noise=noise,
        left_out=left_out,
        factors=tuple(order),
    )


def _logarithms(
    results: pd.DataFrame,
    names: Sequence[str],
    *,
    outcome: str,
    scheme: Scheme,
    replications: int | None,
    floor: float | None,
) -> tuple[Floats, pd.DataFrame, LeftOut]:
    """Return logarithms (points, replications) of whole blocks, their points, what was left out."""
    wide = by_replication(results, outcome)
    days = wide.shape[1] if replications is None else replications
    there = len(results)
    failed = int((~np.isfinite(results[outcome].to_numpy(dtype=np.float64))).sum())
    none = int((results[outcome] <= 0).sum())
    if floor is not None:
        wide = wide.mask(wide <= 0, floor)
    values = wide.to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0, np.log(values), nan)
    if logs.shape[1] < days:
        logs = np.pad(logs, ((0, 0), (0, days - logs.shape[1])), constant_values=nan)
    size = scheme.block(len(names))
    if len(wide) % size or not np.array_equal(wide.index.to_numpy(), np.arange(len(wide))):
        raise SimError(
            f"the table has {len(wide):,} points, and this design comes in blocks of {size} for "
            f"{len(names)} factors, numbered from 0: points were added or taken away"
        )
    keep = whole_blocks(np.isfinite(logs).all(axis=1), size)
    first = results.drop_duplicates(col.POINT).set_index(col.POINT).sort_index()
    fewest = FEWEST_POINTS if scheme.method == SLICES else FEWEST_BLOCKS * size
    left_out = LeftOut(
        rows=there,
        failed=failed,
        missing=len(wide) * days - there,
        none=none,
        floored=none if floor is not None else 0,
        points=int((~keep).sum()),
        of_points=len(wide),
        blocks=int((~keep).sum()) // size,
        of_blocks=len(wide) // size,
    )
    if int(keep.sum()) < fewest:
        raise SimError(
            f"{outcome}: {int(keep.sum()):,} of {len(wide):,} points can be used, and {fewest} "
            f"are the fewest: {failed:,} rows have no value, {left_out.missing:,} have not been "
            f"run, {none:,} have none of it (no logarithm; --floor VALUE counts these as VALUE)"
        )
    return logs[keep], first[keep], left_out


def _sortable(value: float) -> float:
    return -1.0 if np.isnan(value) else value


def _weights(rng: np.random.Generator, count: int) -> Floats:
    """Return bootstrap weights ``(DRAWS, count)``, each row adding to 1."""
    return rng.multinomial(count, np.full(count, 1 / count), size=DRAWS) / count


def _interval(draws: Floats) -> tuple[Floats, Floats]:
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def _squares_beyond_noise(changes: Floats) -> Floats:
    """Return squared changes less what replications explain of them.

    changes : (blocks, k, replications)
    returns : (blocks, k), of mean 0 for a factor that does nothing
    """
    days = changes.shape[2]
    squares = np.asarray(changes.mean(axis=2) ** 2, dtype=np.float64)
    return squares if days < 2 else squares - changes.var(axis=2, ddof=1) / days


def _told_apart(changes: Floats) -> list[bool | None]:
    """Return for each factor whether its squared effect is above what replications explain."""
    blocks, count, days = changes.shape
    if days < 2:
        return [None] * count
    beyond = _squares_beyond_noise(changes)
    mean, error = beyond.mean(axis=0), beyond.std(axis=0, ddof=1) / sqrt(blocks)
    quantile = float(stats.t.ppf(1 - FALSE_ALARMS / count, blocks - 1))
    return [bool(value > 0 and value > quantile * near) for value, near in zip(mean, error)]  # noqa: B905


def _noise_variance(changes: Floats) -> Floats:
    """Return the variance that replications leave in a mean change, ``(k,)``; nan: one only."""
    days = changes.shape[2]
    if days < 2:
        return np.full(changes.shape[1], nan)
    return np.asarray(changes.var(axis=2, ddof=1).mean(axis=0) / days)


def _morris(
    logs: Floats, factors: pd.DataFrame, levels: int, rng: np.random.Generator
) -> list[Factor]:
    delta = levels / (2 * (levels - 1))
    changes = moves(logs, factors) / delta
    effects = changes.mean(axis=2)
    count = len(effects)
    weights = _weights(rng, count)

    def measures(weight: Floats) -> tuple[Floats, Floats, Floats]:
        mean = weight @ effects
        spread = np.maximum(0.0, weight @ effects**2 - mean**2) * count / (count - 1)
        return weight @ np.abs(effects), mean, np.sqrt(spread)

    even = np.full((1, count), 1 / count)
    noise = np.sqrt(2 * _noise_variance(changes) / pi)
    parts = {
        name: _indices(point[0], draws)
        for name, point, draws in zip(
            (MU_STAR, MU, SIGMA), measures(even), measures(weights), strict=True
        )
    }
    return _factors(logs, factors, parts, noise, _told_apart(changes))


def _sobol(
    logs: Floats, factors: pd.DataFrame, *, second_order: bool, rng: np.random.Generator
) -> list[Factor]:
    from SALib.analyze.sobol import (  # noqa: PLC0415 - heavy
        first_order,
        separate_output_values,
        total_order,
    )

    count = factors.shape[1]
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
    weights = _weights(rng, size)
    both = (weights @ base + weights @ other) / 2
    spread = (weights @ base**2 + weights @ other**2) / 2 - both**2
    first_draws = weights @ (other[:, None] * (mixed - base[:, None])) / spread[:, None]
    total_draws = weights @ (0.5 * (base[:, None] - mixed) ** 2) / spread[:, None]
    runs = logs.reshape(size, step, -1)
    changes = without_rounding(runs[:, 1 : count + 1] - runs[:, :1])
    parts = {FIRST: _indices(first, first_draws), TOTAL: _indices(total, total_draws)}
    noise = 0.5 * _noise_variance(changes) / variance
    return _factors(logs, factors, parts, noise, _told_apart(changes))


def _slices(logs: Floats, factors: pd.DataFrame, rng: np.random.Generator) -> list[Factor]:
    """First-order shares from means within slices, less what scatter alone would give.

    What the other factors do in a straight line, by rank, is taken off first: the columns of a
    design are never quite unrelated, and a strong factor would leak into the others.
    """
    means = logs.mean(axis=1)
    if means.var() <= 0:
        raise SimError("the outcome is the same at every point: nothing moves it")
    level = FALSE_ALARMS / factors.shape[1]
    weights = _weights(rng, len(means))
    even = np.full((1, len(means)), 1 / len(means))
    partial, spent = _without_others(means, factors)
    shares, told, draws = [], [], []
    for place, name in enumerate(factors.columns):
        cut = slices_of(factors[name])
        member = np.eye(cut.count)[cut.code]
        rest = len(means) - cut.count - spent[place]
        rows = partial[:, place]
        share = float(_slice_share(even, member, rows, means, rest)[0])
        found = _slice_share(weights, member, rows, means, rest)
        shares.append(share)
        draws.append(found - found.mean() + share)  # a resample scatters twice: take that off
        between, within = _sums_of_squares(member, rows)
        told.append(_is_beyond_scatter(between, within, cut.count - 1, rest, level))
    parts = {FIRST: _indices(np.array(shares), np.column_stack(draws))}
    return _factors(logs, factors, parts, np.full(len(told), nan), told)


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


def _is_beyond_scatter(between: float, within: float, groups: int, rest: int, level: float) -> bool:
    """Whether slices differ by more than scatter within them explains (F test)."""
    if groups < 1 or rest < 1 or between <= 0:
        return False
    return (
        within <= 0 or float(stats.f.sf(between / groups / (within / rest), groups, rest)) < level
    )


def _sums_of_squares(member: Floats, rows: Floats) -> tuple[float, float]:
    sizes = member.sum(axis=0)
    averages = member.T @ rows / sizes
    between = float((sizes * (averages - rows.mean()) ** 2).sum())
    return between, float(((rows - member @ averages) ** 2).sum())


def _slice_share(weights: Floats, member: Floats, rows: Floats, means: Floats, rest: int) -> Floats:
    """Return the variance between slices over that of the outcome, less scatter's part.

    returns : ``(draws,)``; epsilon squared (Kelley 1935) where nothing was taken off ``rows``
    """
    count, slices = member.shape
    mass, sums = weights @ member, weights @ (member * rows[:, None])
    overall = weights @ rows
    with np.errstate(divide="ignore", invalid="ignore"):
        averages = np.where(mass > 0, sums / mass, 0.0)
    between = (mass * averages**2).sum(axis=1) - overall**2
    within = weights @ rows**2 - overall**2 - between
    scatter = within * (slices - 1) / max(rest, 1)
    return np.asarray((between - scatter) / (weights @ means**2 - (weights @ means) ** 2))


def _indices(points: Floats, draws: Floats) -> list[Index]:
    low, high = _interval(draws)
    return [
        Index(float(value), float(least), float(most))
        for value, least, most in zip(points, low, high, strict=True)
    ]


def _factors(
    logs: Floats,
    factors: pd.DataFrame,
    parts: Mapping[str, Sequence[Index]],
    noise: Floats,
    told: Sequence[bool | None],
) -> list[Factor]:
    means = logs.mean(axis=1)
    return [
        Factor(
            name=str(name),
            indices={measure: found[place] for measure, found in parts.items()},
            noise_floor=float(noise[place]),
            is_told_apart=told[place],
            ends=ends_of(factors[name], means),
        )
        for place, name in enumerate(factors.columns)
    ]


def ends_of(column: pd.Series, means: Floats) -> Ends:
    """Return where an outcome goes from one end of a factor to the other.

    means : logarithms, ``(points,)``
    """
    cut = slices_of(column)
    sizes = np.bincount(cut.code, minlength=cut.count)
    averages = np.bincount(cut.code, means, minlength=cut.count) / sizes
    order = np.arange(cut.count) if cut.is_ordered else np.argsort(averages, kind="stable")
    low, high = int(order[0]), int(order[-1])
    turning = None
    if cut.is_ordered and cut.count > 2:
        inner = order[1:-1]
        error = float(means.std(ddof=1)) / np.sqrt(sizes[inner])
        least, most = sorted((averages[low], averages[high]))
        beyond = np.maximum(averages[inner] - most, least - averages[inner])
        if (beyond > 2 * sqrt(2) * error).any():
            turning = int(inner[np.argmax(beyond)])
    return Ends(
        at_low=cut.labels[low],
        at_high=cut.labels[high],
        low=exp(float(averages[low])),
        high=exp(float(averages[high])),
        turns_at=None if turning is None else cut.labels[turning],
        turn=None if turning is None else exp(float(averages[turning])),
    )
