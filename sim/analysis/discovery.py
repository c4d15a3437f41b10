"""Under which assumptions does a policy fail: boxes by the patient rule induction method (PRIM).

A *case* is a point of the study, replications averaged. It *fails* if its outcomes fulfil what the
user wrote after --fails. A *box* restricts some of the factors to a range or to some of their
values. *Coverage* is the share of all failing cases that lie in the box, *density* the share of
the box's cases that fail, *mass* the share of all cases in it.

The box is found by ``sim.analysis.prim``. The same is done with the failing cases drawn again
(bootstrap: how often is a factor restricted?), and with them dealt out at random (permutation: how
often is so good a box found where there is nothing to find?).

Where policies share draws, cases are not independent: draws and policies are then redrawn and
dealt out whole, and quasi-p-values count draws or policies, not cases.

State:  none; draws come from the seed that is given.
Shapes: n cases, k factors.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.prim import (
    Bools,
    Bounds,
    Cases,
    Floats,
    Grid,
    Ints,
    excess,
    grid_of,
    prim,
    quasi_p,
)
from sim.errors import SimError

FEWEST_OF_A_KIND = 10  # cases that fail, and cases that do not, below which nothing is looked for
PERMUTATIONS = 99
BOOTSTRAPS = 50
FALSE_ALARMS = 0.05
MOST_CASES_REDRAWN = 2000  # for bootstrap and permutation: more would take minutes
MOST_SHARED_REDRAWN = 8000  # where policies share draws: few of either would show nothing


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


def discover(cases: Cases, *, seed: int = 1) -> Discovery:
    """Return the box in which cases fail most, and whether chance would give one as good."""
    fails = cases.fails
    count, failing = len(fails), int(fails.sum())
    if min(failing, count - failing) < FEWEST_OF_A_KIND:
        return Discovery(count, failing, None, False, None, _too_few(count, failing), 0)
    grid = grid_of(cases.factors)
    if not grid.names:
        raise SimError("nothing varies between the cases: there is no assumption to look at")
    found = prim(grid, fails, cases)
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
        again = prim(_rows(few_grid, rows), few.fails[rows], _of_rows(few, rows))
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


def _score_of(grid: Grid, fails: Bools, cases: Cases) -> float:
    """Return the excess of the kept box; 0: none is kept."""
    found = prim(grid, fails, cases)
    return 0.0 if found is None else excess(found.inside(grid.codes), fails)


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


def _fewer(cases: Cases, grid: Grid, rng: np.random.Generator) -> tuple[Cases, Grid]:
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


def _rows(grid: Grid, rows: Ints) -> Grid:
    return Grid(grid.names, grid.codes[rows], grid.is_number, grid.levels)


def _described(bounds: Bounds, grid: Grid, cases: Cases, often: Floats) -> Box:
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
                quasi_p=quasi_p(bounds, place, grid, fails, cases),
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
