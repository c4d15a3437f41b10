"""Under which assumptions does a policy fail: boxes by the patient rule induction method (PRIM).

A *case* is a point of the study, replications averaged. It *fails* if its outcomes fulfil what the
user wrote after --fails. A *box* restricts some of the factors to a range or to some of their
values. *Coverage* is the share of all failing cases that lie in the box, *density* the share of
the box's cases that fail, *mass* the share of all cases in it.

A box is peeled: 5 % of its cases go at a time, from that end of that factor which wins most
density for each case given up, until 5 % of all cases are left; of the boxes on the way the one is
kept with the largest *excess*, the failing cases in it beyond those of as many cases at random;
restrictions that do not earn their place are taken out again, and ends pasted back while the
excess rises (after Friedman & Fisher 1999, who leave the choice among boxes to the reader). The
*quasi-p-value* of a restriction is the chance that so many of the box's cases fail, or more, if
they failed as often as those of the box without that restriction (binomial; Bryant & Lempert
2010). The same is done with the failing cases drawn again (bootstrap: how often is a factor
restricted?), and with them dealt out at random (permutation: how often is so good a box found
where there is nothing to find?).

Where policies share draws, cases are not independent: draws and policies are then redrawn and
dealt out whole, and quasi-p-values count draws or policies, not cases.

State:  none; draws come from the seed that is given.
Shapes: n cases, k factors.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from sim.errors import SimError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

PEEL = 0.05  # share of a box's cases that go at a time
LEAST_MASS = 0.05  # share of all cases that a box must hold
FEWEST_OF_A_KIND = 10  # cases that fail, and cases that do not, below which nothing is looked for
LARGEST_QUASI_P = 0.05
PERMUTATIONS = 99
BOOTSTRAPS = 50
FALSE_ALARMS = 0.05
MOST_CASES_REDRAWN = 2000  # for bootstrap and permutation: more would take minutes
MOST_SHARED_REDRAWN = 8000  # where policies share draws: few of either would show nothing


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
class Restriction:
    """One factor of a box.

    low, high      : of a number, both ends belong to the box; None: not restricted on that side
    values         : of a factor without an order, what it may be
    quasi_p        : chance of so many failures if it did not matter
    reproduced     : share of bootstrap draws whose box restricts the same factor
    """

    name: str
    low: float | None
    high: float | None
    values: tuple[object, ...] | None
    quasi_p: float
    reproduced: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box and how well it tells failing cases from others."""

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    mass: float
    inside: int
    failing_inside: int


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found.

    box      : None: too few of a kind, or no restriction that earns its place
    is_found : whether so good a box is rare (5 in 100) where there is nothing to find
    p_chance : how often chance gives so good a box; None: not asked, as there is no box
    reason   : why there is no box; empty
    redrawn  : cases used for bootstrap and permutation
    """

    cases: int
    failing: int
    box: Box | None
    is_found: bool
    p_chance: float | None
    reason: str
    redrawn: int


@dataclass(frozen=True, slots=True)
class _Grid:
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
class _Bounds:
    """A box in codes: allowed[j] says which codes of factor j are inside."""

    allowed: tuple[Bools, ...]

    def inside(self, codes: Ints) -> Bools:
        is_in = np.ones(len(codes), dtype=bool)
        for place, allowed in enumerate(self.allowed):
            if not allowed.all():
                is_in &= allowed[codes[:, place]]
        return is_in

    def restricted(self) -> list[int]:
        return [place for place, allowed in enumerate(self.allowed) if not allowed.all()]

    def replaced(self, place: int, allowed: Bools) -> "_Bounds":
        return _Bounds((*self.allowed[:place], allowed, *self.allowed[place + 1 :]))


def discover(cases: Cases, *, seed: int = 1) -> Discovery:
    """Return the box in which cases fail most, and whether chance would give one as good."""
    fails = cases.fails
    count, failing = len(fails), int(fails.sum())
    if min(failing, count - failing) < FEWEST_OF_A_KIND:
        return Discovery(count, failing, None, False, None, _too_few(count, failing), 0)
    grid = _grid(cases.factors)
    if not grid.names:
        raise SimError("nothing varies between the cases: there is no assumption to look at")
    found = _prim(grid, fails, cases)
    if found is None:
        why = "no range of any factor makes failing likelier than chance would"
        return Discovery(count, failing, None, False, None, why, 0)
    rng = np.random.default_rng(seed)
    few, few_grid = _fewer(cases, grid, rng)
    score = _score_of(few_grid, few.fails, few)
    by_chance = np.array([_score_of(few_grid, _dealt(few, rng), few) for _ in range(PERMUTATIONS)])
    p_chance = (1 + int((by_chance >= score).sum())) / (1 + PERMUTATIONS)
    often = np.zeros(len(grid.names))
    for _ in range(BOOTSTRAPS):
        rows = _redrawn(few, rng)
        again = _prim(_rows(few_grid, rows), few.fails[rows], _of_rows(few, rows))
        if again is not None:
            often[again.restricted()] += 1 / BOOTSTRAPS
    box = _described(found, grid, cases, often)
    return Discovery(count, failing, box, p_chance <= FALSE_ALARMS, p_chance, "", len(few.fails))


def _too_few(count: int, failing: int) -> str:
    if failing == 0:
        return f"none of {count:,} cases fails"
    if failing == count:
        return f"all of {count:,} cases fail: no assumption of the study saves the policy"
    return (
        f"{failing:,} of {count:,} cases fail: at least {FEWEST_OF_A_KIND} must fail and "
        f"{FEWEST_OF_A_KIND} not, to look for what tells them apart"
    )


def _grid(factors: pd.DataFrame) -> _Grid:
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
    return _Grid(tuple(names), table, np.array(numbers, dtype=bool), tuple(values))


def _prim(grid: _Grid, fails: Bools, cases: Cases) -> _Bounds | None:
    """Return the box that is kept; None: no restriction earns its place."""
    whole = _Bounds(tuple(np.ones(len(values), dtype=bool) for values in grid.levels))
    best, best_score = whole, _excess(whole.inside(grid.codes), fails)
    bounds, is_in = whole, np.ones(len(fails), dtype=bool)
    while True:
        step = _peeled(bounds, is_in, grid, fails)
        if step is None:
            break
        bounds, is_in = step
        score = _excess(is_in, fails)
        if score > best_score:
            best, best_score = bounds, score
    best = _thinned(best, grid, fails, cases)
    if not best.restricted():
        return None
    return _thinned(_pasted(best, grid, fails), grid, fails, cases)


def _peeled(
    bounds: _Bounds, is_in: Bools, grid: _Grid, fails: Bools
) -> tuple[_Bounds, Bools] | None:
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


def _thinned(bounds: _Bounds, grid: _Grid, fails: Bools, cases: Cases) -> _Bounds:
    """Take out restrictions one at a time, the least telling first, while one does not earn it."""
    while restricted := bounds.restricted():
        p_values = [_quasi_p(bounds, place, grid, fails, cases) for place in restricted]
        worst = int(np.argmax(p_values))
        if p_values[worst] <= LARGEST_QUASI_P / len(grid.names):
            return bounds
        place = restricted[worst]
        bounds = bounds.replaced(place, np.ones_like(bounds.allowed[place]))
    return bounds


def _pasted(bounds: _Bounds, grid: _Grid, fails: Bools) -> _Bounds:
    """Give ends back by 5 % of the box's cases while its score does not fall."""
    score = _excess(bounds.inside(grid.codes), fails)
    while True:
        best: tuple[float, _Bounds] | None = None
        for place in bounds.restricted():
            for wider in _wider(bounds, place, grid):
                made = bounds.replaced(place, wider)
                found = _excess(made.inside(grid.codes), fails)
                if found > score and (best is None or found > best[0]):
                    best = (found, made)
        if best is None:
            return bounds
        score, bounds = best


def _wider(bounds: _Bounds, place: int, grid: _Grid) -> list[Bools]:
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


def _excess(is_in: Bools, fails: Bools) -> float:
    """Return how many more cases of the box fail than of as many at random, a case of all."""
    return float(((is_in & fails).mean()) - is_in.mean() * fails.mean())


def _quasi_p(bounds: _Bounds, place: int, grid: _Grid, fails: Bools, cases: Cases) -> float:
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


def _score_of(grid: _Grid, fails: Bools, cases: Cases) -> float:
    """Return the excess of the kept box; 0: none is kept."""
    found = _prim(grid, fails, cases)
    return 0.0 if found is None else _excess(found.inside(grid.codes), fails)


def _dealt(cases: Cases, rng: np.random.Generator) -> Bools:
    """Return failures dealt out at random: cases, or whole policies and whole draws."""
    if cases.policy is None or cases.draw is None:
        return np.asarray(rng.permutation(cases.fails))
    policies, policy = np.unique(cases.policy, return_inverse=True)
    draws, draw = np.unique(cases.draw, return_inverse=True)
    square = np.zeros((len(policies), len(draws)), dtype=bool)
    square[policy, draw] = cases.fails
    mixed = square[rng.permutation(len(policies))][:, rng.permutation(len(draws))]
    return np.asarray(mixed[policy, draw])


def _redrawn(cases: Cases, rng: np.random.Generator) -> Ints:
    """Return rows drawn again with replacement: cases, or whole draws."""
    count = len(cases.fails)
    if cases.draw is None:
        return rng.integers(count, size=count)
    draws = np.unique(cases.draw)
    rows = [np.flatnonzero(cases.draw == draw) for draw in rng.choice(draws, len(draws))]
    return np.concatenate(rows)


def _fewer(cases: Cases, grid: _Grid, rng: np.random.Generator) -> tuple[Cases, _Grid]:
    """Return at most so many cases as redrawing can afford; of shared draws, fewer policies."""
    count = len(cases.fails)
    if count <= (MOST_CASES_REDRAWN if cases.draw is None else MOST_SHARED_REDRAWN):
        return cases, grid
    if cases.policy is None or cases.draw is None:
        rows = np.sort(rng.choice(count, MOST_CASES_REDRAWN, replace=False))
    else:
        policies = np.unique(cases.policy)
        many = max(2, MOST_SHARED_REDRAWN // len(np.unique(cases.draw)))
        kept = rng.choice(policies, min(many, len(policies)), replace=False)
        rows = np.flatnonzero(np.isin(cases.policy, kept))
    return _of_rows(cases, rows), _rows(grid, rows)


def _of_rows(cases: Cases, rows: Ints) -> Cases:
    return Cases(
        cases.factors.iloc[rows],
        cases.fails[rows],
        None if cases.policy is None else cases.policy[rows],
        None if cases.draw is None else cases.draw[rows],
        cases.policy_factors,
    )


def _rows(grid: _Grid, rows: Ints) -> _Grid:
    return _Grid(grid.names, grid.codes[rows], grid.is_number, grid.levels)


def _described(bounds: _Bounds, grid: _Grid, cases: Cases, often: Floats) -> Box:
    is_in, fails = bounds.inside(grid.codes), cases.fails
    found = []
    for place in bounds.restricted():
        allowed, values = bounds.allowed[place], grid.levels[place]
        first, last = np.flatnonzero(allowed)[[0, -1]]
        is_number = bool(grid.is_number[place])
        found.append(
            Restriction(
                name=grid.names[place],
                low=float(values[first]) if is_number and first > 0 else None,
                high=float(values[last]) if is_number and last < len(values) - 1 else None,
                values=None
                if is_number
                else tuple(value for value, kept in zip(values, allowed, strict=True) if kept),
                quasi_p=_quasi_p(bounds, place, grid, fails, cases),
                reproduced=float(often[place]),
            )
        )
    found.sort(key=lambda one: one.quasi_p)
    hits = int(fails[is_in].sum())
    return Box(
        restrictions=tuple(found),
        coverage=hits / int(fails.sum()),
        density=hits / int(is_in.sum()),
        mass=float(is_in.mean()),
        inside=int(is_in.sum()),
        failing_inside=hits,
    )


def crossed(policy: Ints, draw: Ints) -> bool:
    """Whether every policy has every draw, more than one of each: cases are not independent."""
    policies, draws = len(np.unique(policy)), len(np.unique(draw))
    return min(policies, draws) > 1 and policies * draws == len(policy)
