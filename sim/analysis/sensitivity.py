"""Which factors of a study move an outcome: screening, indices, slices; each with its chance.

A *factor* is a lever or an uncertainty of a study. Everything is worked out on the natural
logarithm of an outcome, the mean of the logarithms over a point's replications; numerator and
denominator of a ratio are taken apart, because a share of a ratio says little.

* A Morris design is screened by elementary effects (``sim.analysis.elementary``).
* A Sobol' design gives first-order and total indices (``sim.analysis.variance_shares``).
* Any other gives first-order shares, from slices of each factor (``sim.analysis.slices``).

A factor is *told apart from chance* as ``sim.analysis.noise_floor`` has it.

State: none; bootstrap draws from the seed that is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, nan, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.elementary import MU_STAR, elementary_effects, whole_blocks
from sim.analysis.noise_floor import Found, Index
from sim.analysis.replications import Noise, by_replication, has_shared_people, noise_of
from sim.analysis.slices import FIRST, slice_shares, slices_of
from sim.analysis.variance_shares import TOTAL, sobol_indices
from sim.errors import SimError

Floats = NDArray[np.float64]

MORRIS, SOBOL, SLICES = "morris", "sobol", "slices"
LEADING: Mapping[str, str] = {MORRIS: MU_STAR, SOBOL: TOTAL, SLICES: FIRST}  # sorts the factors
FEWEST_BLOCKS = 4
FEWEST_POINTS = 20  # for slices


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
    points: int | None = None,
    replications: int | None = None,
    floor: float | None = None,
    seed: int = 1,
) -> Sensitivity:
    """Return which of the factors ``names`` move an outcome.

    results      : a row a point and replication; a block with a missing run is dropped whole
    points, replications : of the study; None: as many as the table has
    floor        : count none of the outcome as so much; None: such rows are left out
    """
    logs, rows, left_out = _logarithms(
        results,
        names,
        outcome=outcome,
        scheme=scheme,
        points=points,
        replications=replications,
        floor=floor,
    )
    shared = has_shared_people(results)
    noise = noise_of(logs, shared=shared)
    factors = rows[list(names)]
    rng = np.random.default_rng(seed)
    match scheme.method:
        case "morris":
            found = elementary_effects(logs, factors, levels=scheme.levels, shared=shared, rng=rng)
        case "sobol":
            found = sobol_indices(
                logs, factors, second_order=scheme.second_order, shared=shared, rng=rng
            )
        case _:
            found = slice_shares(logs, factors, shared=shared, rng=rng)
    means = logs.mean(axis=1)
    order = sorted(
        _factors(logs, factors, found),
        key=lambda one: -_sortable(one.indices[LEADING[scheme.method]].estimate),
    )
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


def _logarithms(
    results: pd.DataFrame,
    names: Sequence[str],
    *,
    outcome: str,
    scheme: Scheme,
    points: int | None,
    replications: int | None,
    floor: float | None,
) -> tuple[Floats, pd.DataFrame, LeftOut]:
    """Return logarithms (points, replications) of whole blocks, their points, what was left out."""
    wide = by_replication(results, outcome)
    if points is not None:
        wide = wide.reindex(pd.RangeIndex(max(points, int(wide.index.max()) + 1)))
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
    keep = whole_blocks(np.asarray(np.isfinite(logs).all(axis=1)), size)
    first = results.drop_duplicates(col.POINT).set_index(col.POINT).reindex(wide.index)
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


def _ends(column: pd.Series, means: Floats, found: Found, place: int) -> Ends:
    if found.own is not None:
        own = found.own[:, place]
        return ends_of(column[np.isfinite(own)], own[np.isfinite(own)])
    if found.moves is None:
        raise ValueError("a method says what each factor alone does, or its mean move")
    values = slices_of(column).labels
    middle, half = float(means.mean()), float(found.moves[place]) / 2
    return Ends(values[0], values[-1], low=exp(middle - half), high=exp(middle + half))


def _factors(logs: Floats, factors: pd.DataFrame, found: Found) -> list[Factor]:
    means = logs.mean(axis=1)
    return [
        Factor(
            name=str(name),
            indices={measure: one[place] for measure, one in found.indices.items()},
            noise_floor=float(found.noise[place]),
            is_told_apart=found.told[place],
            ends=_ends(factors[name], means, found, place),
        )
        for place, name in enumerate(factors.columns)
    ]


def _sortable(value: float) -> float:
    return -1.0 if np.isnan(value) else value
