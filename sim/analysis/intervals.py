"""Intervals: how far a count, a share or a ratio of counts may lie from what was seen.

``level`` is the coverage of a two-sided interval unless a docstring says otherwise. An interval
is a pair (low, high). Rare events are the rule here, so every one is sound for zero events.

State:    none.
Evidence: docs/model/response.md, section "Intervals", names the method of each.
"""

from math import floor, inf, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import beta, binom, chi2, norm

MOST_EVENTS_SEARCHED = 100_000
LARGEST_RATIO = 1e9


def exact_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a proportion (Clopper and Pearson 1934): covers at least."""
    _check_counts(successes, trials, level)
    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else float(beta.ppf(tail, successes, trials - successes + 1))
    high = 1.0 if successes == trials else float(beta.isf(tail, successes + 1, trials - successes))
    return low, high


def jeffreys_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Jeffreys interval of a proportion, closed at 0 and 1: covers on average."""
    _check_counts(successes, trials, level)
    tail = (1 - level) / 2
    a, b = successes + 0.5, trials - successes + 0.5
    low = 0.0 if successes == 0 else float(beta.ppf(tail, a, b))
    high = 1.0 if successes == trials else float(beta.isf(tail, a, b))
    return low, high


def wilson_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion (Newcombe 1998, method 3)."""
    _check_counts(successes, trials, level)
    z = float(norm.isf((1 - level) / 2))
    p = successes / trials
    centre = p + z * z / (2 * trials)
    half = z * sqrt(p * (1 - p) / trials + z * z / (4 * trials**2))
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else (centre - half) / scale  # exact at the ends: rounding
    high = 1.0 if successes == trials else (centre + half) / scale  # would miss by 1e-16
    return low, high


def upper_bound_for_zero(trials: int, level: float = 0.95) -> float:
    """Return the rate that 0 events in ``trials`` still allow: a one-sided bound.

    1 - (1 - level)^(1/trials); about 3/trials at 95 % (the rule of three).
    """
    _check_counts(0, trials, level)
    return float(-np.expm1(np.log1p(-level) / trials))


def poisson_interval(count: int, exposure: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a rate from a Poisson count (Garwood 1936)."""
    _check_level(level)
    if count < 0 or not exposure > 0:
        raise ValueError(f"need count >= 0 and exposure > 0, got {count} over {exposure}")
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(chi2.ppf(tail, 2 * count)) / 2
    high = float(chi2.isf(tail, 2 * count + 2)) / 2
    return low / exposure, high / exposure


def ratio_of_counts_interval(
    numerator: int, denominator: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of the ratio of two Poisson means from one count of each.

    Given the sum, the numerator is binomial with p = r / (1 + r): the exact interval of p,
    turned back. (0, inf) where both counts are zero: they say nothing.
    """
    if numerator == denominator == 0:
        _check_level(level)
        return 0.0, inf
    low, high = exact_interval(numerator, numerator + denominator, level=level)
    return low / (1 - low), high / (1 - high) if high < 1 else inf


def detection_power(events: int, share: float, ratio: float, level: float = 0.95) -> float:
    """Return the chance that an exact test sees a rate ratio in ``events`` events.

    events : of both groups together
    share  : expected share of the first group's events if the rates are even
    ratio  : rate of the first group over that of the other

    Conditional binomial test of share, two-sided with equal tails at 1 - ``level``.
    """
    if not 0 < share < 1 or events < 0 or not ratio > 0:
        raise ValueError(f"need 0 < share < 1, events >= 0, ratio > 0: {share}, {events}, {ratio}")
    _check_level(level)
    below, above = _rejected(events, share, level)
    p = ratio * share / (ratio * share + 1 - share)
    return float(binom.cdf(below, events, p) + binom.sf(above - 1, events, p))


def events_needed(share: float, ratio: float, level: float = 0.95, power: float = 0.8) -> int:
    """Return the smallest number of events in which a rate ratio is seen with ``power``.

    The power of an exact test does not rise evenly: a few more events can have a little less.
    """
    if ratio == 1:
        raise ValueError("no number of events can tell a ratio of 1 from a ratio of 1")
    for events in range(1, MOST_EVENTS_SEARCHED + 1):
        if detection_power(events, share, ratio, level=level) >= power:
            return events
    raise ValueError(f"a ratio of {ratio} needs more than {MOST_EVENTS_SEARCHED} events")


def binomial_disparity(
    expected_events: float, share: float, level: float = 0.95, power: float = 0.8
) -> float:
    """Return the smallest rate ratio above 1 that these numbers could have shown.

    expected_events : events to expect of a group and of everybody else together
    share           : the group's part of them if the rates were even

    The events, rounded down, are those of an exact conditional test of ``share``; inf where so
    few can show no ratio at all.
    """
    _check_level(level)
    if not (0 <= expected_events < inf and 0 <= share <= 1):
        raise ValueError(
            f"need expected_events >= 0 and a share in 0..1, got {expected_events} and {share}"
        )
    if share in {0.0, 1.0}:
        return inf
    events = floor(expected_events)
    _, above = _rejected(events, share, level)
    if above > events:
        return inf

    # Only the upper tail counts: that a large ratio looks like a small one shows nothing.
    def shortfall(log_ratio: float) -> float:
        odds = np.exp(log_ratio) * share / (1 - share)
        return float(binom.sf(above - 1, events, odds / (1 + odds))) - power

    top = float(np.log(LARGEST_RATIO))
    return float(np.exp(brentq(shortfall, 0.0, top))) if shortfall(top) >= 0 else inf


def _rejected(events: int, share: float, level: float) -> tuple[int, int]:
    """Return the largest and smallest counts at which the exact test rejects ``share``.

    -1 and ``events`` + 1 where no count does.
    """
    tail = (1 - level) / 2
    counts = np.arange(events + 1)
    below = int(np.count_nonzero(binom.cdf(counts, events, share) <= tail)) - 1
    above = events + 1 - int(np.count_nonzero(binom.sf(counts - 1, events, share) <= tail))
    return below, above


def _check_counts(successes: int, trials: int, level: float) -> None:
    _check_level(level)
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"need 0 <= successes <= trials and trials > 0, got {successes}/{trials}")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
