"""How good predictions of counts were: coverage, interval score, CRPS, and the PIT histogram.

A count is a step of its distribution, not a point: a closed interval of whole numbers always holds
more than it says. Coverage and histogram therefore share each count out over the step that it
fills (the non-randomised transform of Czado, Gneiting and Held 2009), so that right predictions
cover their nominal share exactly, on average.

State:  none.
Shapes: ``draws`` (draws, rows) predicted counts; ``seen`` (rows,) counts that happened.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = (50, 80, 95)
SCORED_LEVEL = 80
PIT_BINS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of predictions over rows.

    coverage       : nominal level in % -> share covered
    interval_score : mean, of the intervals at 80 %; smaller is better
    crps           : mean continuous ranked probability score; smaller is better
    pit            : (10,) share of the rows in each tenth of their predictions; 0.1 each is right
    """

    coverage: dict[int, float]
    interval_score: float
    crps: float
    pit: Floats


def counts_interval(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the central interval of ``level`` % of whole numbers, both included.

    draws : (k,) or (k, rows); an end is a count that was drawn, where the distribution reaches the
            tail, unlike ``sim.analysis.outcomes.quantile_interval`` of numbers that are not whole
    """
    tail = (100 - level) / 200  # 1 - level / 100 would miss it by a rounding, and by a draw
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return low, high


def step_of(draws: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Return where the step of each count begins and ends in its distribution, P(< y), P(<= y)."""
    return (draws < seen).mean(axis=0), (draws <= seen).mean(axis=0)


def covered_share(below: Floats, up_to: Floats, level: float) -> Floats:
    """Return for each row the part of the count's step that lies inside the central interval.

    A count that no draw reached has a step of no width: it lies inside or outside as a point.
    """
    tail = (1 - level / 100) / 2
    inside = np.minimum(up_to, 1 - tail) - np.maximum(below, tail)
    width = up_to - below
    is_point = width <= 0
    point = ((below > tail) & (below < 1 - tail)).astype(np.float64)
    return np.where(is_point, point, np.clip(inside, 0, None) / np.where(is_point, 1, width))


def interval_scores(low: Floats, high: Floats, seen: Floats, level: float) -> Floats:
    """Return the interval score of each row (Gneiting and Raftery 2007, section 6.2)."""
    penalty = 2 / (1 - level / 100)
    return np.asarray(
        high - low + penalty * np.maximum(low - seen, 0) + penalty * np.maximum(seen - high, 0)
    )


def crps_of(draws: Floats, seen: Floats) -> Floats:
    """Return the continuous ranked probability score of each row, from the draws as they are."""
    count = len(draws)
    ordered = np.sort(draws, axis=0)
    weights = (2 * np.arange(1, count + 1) - count - 1)[:, None]
    spread = (weights * ordered).sum(axis=0) / count**2
    return np.asarray(np.abs(draws - seen).mean(axis=0) - spread)


def pit_histogram(below: Floats, up_to: Floats) -> Floats:
    """Return the share of rows in each of ten equal parts of their own predictions, ``(10,)``."""
    if len(below) == 0:
        return np.full(PIT_BINS, np.nan)
    edges = np.linspace(0, 1, PIT_BINS + 1)
    width = np.maximum(up_to - below, 1e-12)[:, None]
    reached = np.clip((edges[None, :] - below[:, None]) / width, 0, 1)
    return np.asarray(np.diff(reached, axis=1).mean(axis=0))


class ScoreSheet:
    """Scores gathered piece by piece, so that a long table never stands in memory whole."""

    def __init__(self) -> None:
        self._covered: dict[int, list[Floats]] = {level: [] for level in LEVELS}
        self._interval_scores: list[Floats] = []
        self._crps: list[Floats] = []
        self._below: list[Floats] = []
        self._up_to: list[Floats] = []

    def add(self, draws: Floats, seen: Floats) -> None:
        """Score some rows; those whose count is not known (nan) are left out."""
        known = ~np.isnan(seen)
        if not known.any():
            return
        draws, seen = draws[:, known], seen[known]
        below, up_to = step_of(draws, seen)
        for level in LEVELS:
            self._covered[level].append(covered_share(below, up_to, level))
        low, high = counts_interval(draws, SCORED_LEVEL)
        self._interval_scores.append(interval_scores(low, high, seen, SCORED_LEVEL))
        self._crps.append(crps_of(draws, seen))
        self._below.append(below)
        self._up_to.append(up_to)

    @property
    def rows(self) -> int:
        """How many rows have been scored."""
        return sum(len(piece) for piece in self._crps)

    def scores(self) -> Scores:
        """Return the means over all rows; there must be some."""
        return Scores(
            coverage={level: _mean(pieces) for level, pieces in self._covered.items()},
            interval_score=_mean(self._interval_scores),
            crps=_mean(self._crps),
            pit=pit_histogram(np.concatenate(self._below), np.concatenate(self._up_to)),
        )


def _mean(pieces: list[Floats]) -> float:
    return float(np.concatenate(pieces).mean())
