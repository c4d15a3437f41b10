"""From tables of passages, alerts and draws to the numbers that are reported.

*Expected* counts add up probabilities; *sampled* counts come from the response draws. Two
spreads are kept apart: *luck* (what another day like this one would give) and *unknown* (what
the assumptions' ranges allow). ``docs/model/results.md`` has the equations.

State:  none.
Shapes: people ``(n,)``; draws ``(k,)``; assumption draws ``(j,)``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import pdtrik

from sim import columns as col

Floats = NDArray[np.float64]

MISTAKEN_STOP = "mistaken stop"
ARREST = "arrest"
NO_ACTION = "no further action"
OUT_OF_DATE = "out of date"
CORRECT_STOPS = (ARREST, NO_ACTION, OUT_OF_DATE)


@dataclass(frozen=True, slots=True)
class Spread:
    """An estimate with its two spreads, and both together.

    estimate : the expected value under the central assumptions
    luck     : interval over response draws, assumptions held
    unknown  : interval over assumption draws of the expected value, luck averaged out
    both     : interval over assumption draws, each with its own luck
    """

    estimate: float
    luck: tuple[float, float]
    unknown: tuple[float, float]
    both: tuple[float, float]


def quantile_interval(values: Floats, level: float) -> tuple[float, float]:
    """Return the central interval of draws at ``level``; infinite draws count as highest."""
    ordered = np.sort(values)
    low = ordered[int(np.floor((1 - level) / 2 * (len(ordered) - 1)))]
    high = ordered[int(np.ceil((1 + level) / 2 * (len(ordered) - 1)))]
    return float(low), float(high)


def poisson_counts(means: Floats, uniforms: Floats) -> Floats:
    """Return one Poisson count for each mean, by inverting its distribution at a uniform."""
    counts = np.ceil(pdtrik(uniforms, np.maximum(means, 1e-300)))
    return np.where(means > 0, np.maximum(counts, 0.0), 0.0)


def ratios(numerators: Floats, denominators: Floats) -> Floats:
    """Return elementwise ratios: infinite over zero, nan for zero over zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(numerators / denominators)


def count_spread(
    estimate: float,
    sampled: Floats,
    means: Floats,
    day_means: Floats,
    uniforms: Floats,
    level: float,
) -> Spread:
    """Return the spread of a count.

    sampled  : (k,) the count in each response draw
    means    : (j,) its expected value under each draw of the assumptions
    day_means : (j,) likewise, on a deployment with a rate of its own
    uniforms : (j,) luck of each assumption draw
    """
    return Spread(
        estimate,
        luck=quantile_interval(sampled, level),
        unknown=quantile_interval(means, level),
        both=quantile_interval(poisson_counts(day_means, uniforms), level),
    )


def ratio_spread(
    numerator: tuple[float, Floats, Floats],
    denominator: tuple[float, Floats, Floats],
    uniforms: tuple[Floats, Floats],
    level: float,
) -> Spread:
    """Return the spread of a ratio of totals, never a mean of per-draw ratios.

    numerator, denominator : (estimate, counts in response draws, means in assumption draws)
    uniforms               : luck of the assumption draws, for numerator and denominator

    Draws without any event above and below say nothing and are left out; draws with none below
    count as infinite. With no draw left the interval is nan.
    """
    luck = ratios(numerator[1], denominator[1])
    unknown = ratios(numerator[2], denominator[2])
    both = ratios(
        poisson_counts(numerator[2], uniforms[0]), poisson_counts(denominator[2], uniforms[1])
    )

    def interval(values: Floats) -> tuple[float, float]:
        known = values[~np.isnan(values)]
        return quantile_interval(known, level) if len(known) else (np.nan, np.nan)

    estimate = float(ratios(np.array(numerator[0]), np.array(denominator[0])))
    return Spread(estimate, interval(luck), interval(unknown), interval(both))


def counts_by_draw(alerts: pd.DataFrame, draws: int, outcomes: Sequence[str]) -> Floats:
    """Return how many alerts of each draw ended in one of ``outcomes``, ``(draws,)``."""
    chosen = alerts.loc[alerts[col.OUTCOME].isin(list(outcomes)), col.DRAW].to_numpy()
    return np.bincount(chosen, minlength=draws).astype(np.float64)


def sums_by_draw(alerts: pd.DataFrame, draws: int, column: str) -> Floats:
    """Return the sum of a column over the alerts of each draw, ``(draws,)``."""
    weights = alerts[column].to_numpy(dtype=np.float64)
    return np.bincount(alerts[col.DRAW].to_numpy(), weights, draws).astype(np.float64)


def group_table(
    people: pd.DataFrame,
    counts: Mapping[str, Floats],
    unknown: Mapping[str, Floats],
    *,
    by: Sequence[str],
    level: float,
) -> pd.DataFrame:
    """Return one row a group: sums of per-person values, with intervals where draws are given.

    people  : one row a person
    counts  : name -> (n,) value a person adds to its group's total
    unknown : name -> (j, 40) totals by group under each draw of the assumptions

    The interval of a name in ``unknown`` is over the assumptions; ``<name>_luck_high`` is the
    upper end of the Poisson interval of one deployment, so that no zero stands bare.
    """
    frame = people[[*by, col.GROUP]].copy()
    for name, values in counts.items():
        frame[name] = values
    table = frame.groupby(list(by), observed=True)[list(counts)].sum()
    members = frame.groupby(list(by), observed=True)[col.GROUP].unique()
    for name, totals in unknown.items():
        sums = [totals[:, groups].sum(axis=1) for groups in members]
        ends = [quantile_interval(values, level) for values in sums]
        table[f"{name}_low"] = [low for low, _ in ends]
        table[f"{name}_high"] = [high for _, high in ends]
        table[f"{name}_luck_high"] = [
            _most_events(mean, level) for mean in table[name].to_numpy(dtype=float)
        ]
    return table.reset_index()


def _most_events(mean: float, level: float) -> float:
    """Return how many events one deployment may bring, with chance ``(1 + level) / 2`` at most."""
    return float(poisson_counts(np.array([mean]), np.array([(1 + level) / 2]))[0])
