"""The patient rule induction method (PRIM): a box of factors in which cases fail most.

A box is peeled: 5 % of its cases go at a time, from that end of that factor which wins most
density for each case given up, until 5 % of all cases are left; of the boxes on the way the one is
kept with the largest *excess*, the failing cases in it beyond those of as many cases at random;
restrictions that do not earn their place are taken out again, and ends pasted back while the
excess rises (after Friedman & Fisher 1999, who leave the choice among boxes to the reader). The
*quasi-p-value* of a restriction is the chance that so many of the box's cases fail, or more, if
they failed as often as those of the box without that restriction (binomial; Bryant & Lempert
2010).

State:  none.
Shapes: n cases, k factors.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

PEEL = 0.05  # share of a box's cases that go at a time
LEAST_MASS = 0.05  # share of all cases that a box must hold
LARGEST_QUASI_P = 0.05


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases with their factors.

    factors       : (n, k) table; numbers are ranges, all else is sets of values
    fails         : (n,)
    policy, draw  : (n,) which policy and draw a case is of, where policies share draws; else None
    policy_factors: names of the factors that belong to the policy
    """

    factors: pd.DataFrame
    fails: Bools
    policy: Ints | None = None
    draw: Ints | None = None
    policy_factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Factors as codes: ranks of a number's values, or numbers of a set's values.

    codes     : (n, k)
    is_number : (k,)
    levels    : what each code stands for, a factor
    """

    names: tuple[str, ...]
    codes: Ints
    is_number: Bools
    levels: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in codes: allowed[j] says which codes of factor j are inside."""

    allowed: tuple[Bools, ...]

    def inside(self, codes: Ints) -> Bools:
        """Return which cases are in the box."""
        is_in = np.ones(len(codes), dtype=bool)
        for place, allowed in enumerate(self.allowed):
            if not allowed.all():
                is_in &= allowed[codes[:, place]]
        return is_in

    def restricted(self) -> list[int]:
        """Return the places of the factors that the box restricts."""
        return [place for place, allowed in enumerate(self.allowed) if not allowed.all()]

    def replaced(self, place: int, allowed: Bools) -> "Bounds":
        """Return the box with other codes allowed of one factor."""
        return Bounds((*self.allowed[:place], allowed, *self.allowed[place + 1 :]))


def grid_of(factors: pd.DataFrame) -> Grid:
    """Return the factors that vary, as codes."""
    names, codes, numbers, values = [], [], [], []
    for name in factors.columns:
        column = factors[name]
        is_number = bool(pd.api.types.is_numeric_dtype(column)) and column.dtype != bool
        code, distinct = pd.factorize(column, sort=True)
        if len(distinct) < 2:
            continue
        names.append(str(name))
        codes.append(np.asarray(code, dtype=np.int64))
        numbers.append(is_number)
        values.append(tuple(one.item() if isinstance(one, np.generic) else one for one in distinct))
    table = np.stack(codes, axis=1) if codes else np.zeros((len(factors), 0), dtype=np.int64)
    return Grid(tuple(names), table, np.array(numbers, dtype=bool), tuple(values))


def prim(grid: Grid, fails: Bools, cases: Cases) -> Bounds | None:
    """Return the box that is kept; None: no restriction earns its place."""
    whole = Bounds(tuple(np.ones(len(values), dtype=bool) for values in grid.levels))
    best, best_score = whole, excess(whole.inside(grid.codes), fails)
    bounds, is_in = whole, np.ones(len(fails), dtype=bool)
    while True:
        step = _peeled(bounds, is_in, grid, fails)
        if step is None:
            break
        bounds, is_in = step
        score = excess(is_in, fails)
        if score > best_score:
            best, best_score = bounds, score
    best = _thinned(best, grid, fails, cases)
    if not best.restricted():
        return None
    return _thinned(_pasted(best, grid, fails), grid, fails, cases)


def _peeled(bounds: Bounds, is_in: Bools, grid: Grid, fails: Bools) -> tuple[Bounds, Bools] | None:
    """Return the box after the peel that wins most; None: it would be too small."""
    rows = np.flatnonzero(is_in)
    codes, failing = grid.codes[rows], fails[rows]
    least = max(1.0, LEAST_MASS * len(fails))
    if failing.all():
        return None
    share = failing.mean()
    best: tuple[float, int, Bools] | None = None
    for place in range(codes.shape[1]):
        size = len(grid.levels[place])
        many = np.bincount(codes[:, place], minlength=size)
        bad = np.bincount(codes[:, place], failing, minlength=size)
        for gone in _peels(many, is_number=bool(grid.is_number[place])):
            left = len(rows) - int(many[gone].sum())
            if left < least or left == len(rows):
                continue
            density = (failing.sum() - bad[gone].sum()) / left
            # Density won for each case given up: else a coarse factor, which can only be peeled
            # in large pieces, would always go first.
            gain = (density - share) / (len(rows) - left)
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, place, bounds.allowed[place] & ~gone)
    if best is None:
        return None
    _, place, allowed = best
    made = bounds.replaced(place, allowed)
    return made, is_in & allowed[grid.codes[:, place]]


def _peels(many: Ints, *, is_number: bool) -> list[Bools]:
    """Return which codes each possible peel takes: an end of a range, or one value of a set."""
    there = np.flatnonzero(many)
    if len(there) < 2:
        return []
    if not is_number:
        return [np.arange(len(many)) == code for code in there]
    wanted = PEEL * many.sum()
    from_low = there[int(np.searchsorted(np.cumsum(many[there]), wanted))]
    from_high = there[::-1][int(np.searchsorted(np.cumsum(many[there[::-1]]), wanted))]
    places = np.arange(len(many))
    return [places <= from_low, places >= from_high]


def _thinned(bounds: Bounds, grid: Grid, fails: Bools, cases: Cases) -> Bounds:
    """Take out restrictions one at a time, the least telling first, while one does not earn it."""
    while restricted := bounds.restricted():
        p_values = [quasi_p(bounds, place, grid, fails, cases) for place in restricted]
        worst = int(np.argmax(p_values))
        if p_values[worst] <= LARGEST_QUASI_P / len(grid.names):
            return bounds
        place = restricted[worst]
        bounds = bounds.replaced(place, np.ones_like(bounds.allowed[place]))
    return bounds


def _pasted(bounds: Bounds, grid: Grid, fails: Bools) -> Bounds:
    """Give ends back by 5 % of the box's cases while its score does not fall."""
    score = excess(bounds.inside(grid.codes), fails)
    while True:
        best: tuple[float, Bounds] | None = None
        for place in bounds.restricted():
            for wider in _wider(bounds, place, grid):
                made = bounds.replaced(place, wider)
                found = excess(made.inside(grid.codes), fails)
                if found > score and (best is None or found > best[0]):
                    best = (found, made)
        if best is None:
            return bounds
        score, bounds = best


def _wider(bounds: Bounds, place: int, grid: Grid) -> list[Bools]:
    allowed = bounds.allowed[place]
    if not grid.is_number[place]:
        return [allowed | (np.arange(len(allowed)) == code) for code in np.flatnonzero(~allowed)]
    free = bounds.replaced(place, np.ones_like(allowed)).inside(grid.codes)
    many = np.bincount(grid.codes[free, place], minlength=len(allowed))
    step = max(1.0, PEEL * many[allowed].sum())
    first, last = np.flatnonzero(allowed)[[0, -1]]
    places, made = np.arange(len(allowed)), []
    if first > 0:
        below = np.cumsum(many[:first][::-1])
        more = min(int(np.searchsorted(below, step)), first - 1)
        made.append(allowed | ((places >= first - 1 - more) & (places < first)))
    if last < len(allowed) - 1:
        above = np.cumsum(many[last + 1 :])
        more = min(int(np.searchsorted(above, step)), len(allowed) - last - 2)
        made.append(allowed | ((places > last) & (places <= last + 1 + more)))
    return made


def excess(is_in: Bools, fails: Bools) -> float:
    """Return how many more cases of the box fail than of as many at random, a case of all."""
    return float(((is_in & fails).mean()) - is_in.mean() * fails.mean())


def quasi_p(bounds: Bounds, place: int, grid: Grid, fails: Bools, cases: Cases) -> float:
    """Return the chance of so many failures in the box if one restriction did not matter."""
    is_in = bounds.inside(grid.codes)
    free = bounds.replaced(place, np.ones_like(bounds.allowed[place])).inside(grid.codes)
    count, hits = int(is_in.sum()), int(fails[is_in].sum())
    if count == 0:
        return 1.0
    unit = cases.policy if grid.names[place] in cases.policy_factors else cases.draw
    if unit is not None:  # cases of one draw, or of one policy, are one witness
        independent = len(np.unique(unit[is_in]))
        hits = floor(hits / count * independent)
        count = independent
    return float(binom.sf(hits - 1, count, fails[free].mean()))
