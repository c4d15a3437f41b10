"""What replications say: how much of an outcome is the day, and when there are enough days.

A *replication* is the same point of a study on another day, a walk of its own. Studies give
expected values, with the luck of alerts and officers averaged out, so that what differs between
replications is who walks past. Where a replication has the same people at every point, a day that
is busy is busy for all points: that part cancels from differences between points, and only the
rest is noise in them.

State:  none.
Shapes: (points, replications), complete points only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, nan, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim import columns as col

Floats = NDArray[np.float64]

TARGET = 0.05  # half-width relative to the mean
LEVEL = 0.95
ADVISED: tuple[str, ...] = (col.MISTAKEN_STOPS, col.TRUE_ALERTS)
MOST_REPLICATIONS = 100_000  # of a study
FEWEST = 3  # with two replications a half-width is next to nothing known: t has 1 degree


@dataclass(frozen=True, slots=True)
class Noise:
    """How much of what varies between points is replications, on whatever scale it was given.

    share     : noise of a point's mean over all that varies between points; nan: cannot be said
    day_share : what all points of a replication have in common, over the variance of one run;
                nan where replications do not share people, or cannot be said
    """

    share: float
    day_share: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether an outcome has enough replications.

    mean         : over the complete points
    half_widths  : relative to the mean, after 2, 3, ... replications
    worst_point  : largest relative half-width of one point; nan: none can be said
    points_within: of ``points``, how many are within the target
    without      : points left out: a run is missing, or the outcome is not defined
    none_at      : points whose mean is 0: they have no relative half-width
    needed       : replications for the mean over points; None: cannot be said yet
    """

    outcome: str
    target: float
    replications: int
    mean: float
    half_widths: tuple[float, ...]
    worst_point: float
    points: int
    points_within: int
    without: int
    none_at: int
    needed: int | None

    @property
    def is_enough(self) -> bool:
        """Whether more replications are not needed for the mean over points."""
        return (
            self.replications >= FEWEST
            and bool(self.half_widths)
            and self.half_widths[-1] <= self.target
        )

    def sentence(self) -> str:
        """Return the advice in words."""
        if self.points == 0:
            return f"{self.outcome}: no point has all its replications yet"
        left = f" ({self.without:,} points left out: runs missing)" if self.without else ""
        if self.replications < 2:
            return (
                f"{self.outcome}: one replication says nothing about the luck of the day; "
                f"two or more would{left}"
            )
        if self.mean == 0:
            return f"{self.outcome}: none in any of {self.replications} replications{left}"
        now = f"±{_percent(self.half_widths[-1])} of the mean"
        words = (
            f"{self.outcome}: {now} after {self.replications} replications, "
            f"target ±{100 * self.target:g} %"
        )
        if self.is_enough:
            words += ": enough"
        elif self.needed is None or self.replications < FEWEST:
            words += f": too few to say how many are needed; try {max(FEWEST, 5)}"
        elif self.needed > MOST_REPLICATIONS:
            words += ": more replications than a study allows would be needed"
        else:
            words += f": about {self.needed:,} would do"
        if isfinite(self.worst_point):
            words += (
                f"; point by point {self.points_within:,} of {self.points:,} are within it, "
                f"the worst at ±{_percent(self.worst_point)}"
            )
        if self.none_at:
            words += f"; {self.none_at:,} points have none of it"
        return words + left


def by_replication(results: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return an outcome, a row a point and a column a replication; nan: failed or undefined."""
    # Not pivot_table: it drops points of which every run has failed.
    table = results.pivot(index=col.POINT, columns=col.REPLICATION, values=outcome)  # noqa: PD010
    return table.sort_index().astype("float64").replace([inf, -inf], nan)


def has_shared_people(results: pd.DataFrame) -> bool:
    """Whether each replication has one seed for all its points."""
    seeds = results.groupby(col.REPLICATION)[col.SEED].nunique()
    return bool((seeds == 1).all()) and len(results) > len(seeds)


def noise_of(values: Floats, *, shared: bool) -> Noise:
    """Return how much of the variance between points' means is replications.

    values : (points, replications), complete
    shared : a replication has the same people at all points
    """
    points, replications = values.shape
    if points < 2 or replications < 2:
        return Noise(nan, nan)
    between = float(values.mean(axis=1).var(ddof=1))
    deviation = values - values.mean(axis=1, keepdims=True)
    day = deviation.mean(axis=0, keepdims=True)
    rest = deviation - day if shared else deviation
    freedom = ((points - 1) if shared else points) * (replications - 1)
    within = float((rest**2).sum()) / freedom
    share = nan if between <= 0 else min(1.0, within / replications / between)
    if not shared:
        return Noise(share, nan)
    # The mean over points of the rest varies too, by within / points.
    common = max(0.0, float(day.var(ddof=1)) - within / points)
    one_run = between + common + within * (1 - 1 / replications)
    return Noise(share, nan if one_run <= 0 else common / one_run)


def advice(results: pd.DataFrame, outcome: str, target: float = TARGET) -> Advice:
    """Return whether an outcome has enough replications.

    results : as ``sim.studies.run`` leaves it
    target  : half-width of the 95 % interval of the mean, relative to the mean
    """
    if not target > 0:
        raise ValueError(f"the target must be above 0, got {target}")
    wide = by_replication(results, outcome)
    complete = wide.dropna()
    values = complete.to_numpy(dtype=np.float64)
    points, replications = values.shape
    without = int(results[col.POINT].nunique()) - points
    pooled = values.mean(axis=0) if points else np.empty(0)
    mean = float(pooled.mean()) if points else nan
    each = relative_half_widths(values[values.any(axis=1)])
    said = each[np.isfinite(each)]
    return Advice(
        outcome=outcome,
        target=target,
        replications=replications,
        mean=mean,
        half_widths=tuple(_running(pooled).tolist()),
        worst_point=float(said.max()) if said.size else nan,
        points=points,
        points_within=int((said <= target).sum()) + int((~values.any(axis=1)).sum()),
        without=without,
        none_at=int((~values.any(axis=1)).sum()),
        needed=_needed(pooled, target),
    )


def status_lines(
    results: pd.DataFrame, outcomes: Sequence[str] = ADVISED, target: float = TARGET
) -> list[str]:
    """Return a line an outcome that the table holds: how sure it is, and when to stop."""
    return [
        advice(results, outcome, target).sentence() for outcome in outcomes if outcome in results
    ]


def relative_half_widths(values: Floats) -> Floats:
    """Return the half-width of the 95 % interval of each row's mean over that mean (Student's t).

    values : (rows, replications); nan where there is one replication, or the mean is not above 0
    """
    count = values.shape[1]
    if count < 2:
        return np.full(len(values), nan)
    mean = values.mean(axis=1)
    width = float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * values.std(axis=1, ddof=1)
    return np.asarray(width / sqrt(count) / np.where(mean > 0, mean, nan))


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:,.0f} %"


def _running(values: Floats) -> Floats:
    """Return the relative half-width after 2, 3, ... of the values."""
    count = np.arange(2, len(values) + 1)
    if not len(count):
        return np.empty(0)
    middle = values.mean()  # taken off first, so that little is lost in the sums of squares
    sums, squares = np.cumsum(values - middle)[1:], np.cumsum((values - middle) ** 2)[1:]
    spread = np.sqrt(np.maximum(0.0, squares - sums**2 / count) / (count - 1))
    mean = middle + sums / count
    width = stats.t.ppf((1 + LEVEL) / 2, count - 1) * spread / np.sqrt(count)
    return np.asarray(width / np.where(mean > 0, mean, nan))


def _needed(values: Floats, target: float) -> int | None:
    """Return the fewest replications whose half-width, with the spread seen, meets the target."""
    if len(values) < 2 or not values.mean() > 0:
        return None
    spread = float(values.std(ddof=1) / values.mean())
    count = max(FEWEST, ceil((float(stats.norm.ppf((1 + LEVEL) / 2)) * spread / target) ** 2))
    while (
        count <= MOST_REPLICATIONS
        and float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * spread / sqrt(count) > target
    ):
        count += 1
    return count
