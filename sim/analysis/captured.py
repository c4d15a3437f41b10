"""Shares of people and of looks, with intervals, from arrays of one row a person.

State:    none.
Evidence: Newcombe (1998) for differences of proportions; ratios by the usual linearisation, with
          parties as the units, because people who walk together hide, and are hidden, together.
"""

from math import log, nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from sim.analysis.intervals import wilson_interval

Floats = NDArray[np.float64]
Estimate = tuple[float, float, float]  # value, low, high; nan where there is nothing to say

FEWEST_PARTIES = 5  # with fewer the spread between parties says nothing


def share_of_people(is_one: NDArray[np.bool_], level: float = 0.95) -> Estimate:
    """Return the share of people for whom ``is_one`` holds, with its Wilson interval."""
    trials, successes = len(is_one), int(np.count_nonzero(is_one))
    if trials == 0:
        return nan, nan, nan
    return successes / trials, *wilson_interval(successes, trials, level)


def ratio_of_sums(
    part: Floats, whole: Floats, party: NDArray[np.int64], level: float = 0.95
) -> Estimate:
    """Return sum(part) / sum(whole) with an interval over parties.

    part, whole : (n,) 0 or more
    party       : (n,) who belongs together

    Linearised: the spread of part - ratio * whole between parties, over the mean of ``whole``. The
    interval is cut at 0, and nan where fewer than ``FEWEST_PARTIES`` parties had anything.
    """
    ratio, error, parties = _ratio_and_error(part, whole, party)
    if parties < FEWEST_PARTIES:
        return ratio, nan, nan
    reach = float(norm.isf((1 - level) / 2)) * error
    return ratio, max(0.0, ratio - reach), ratio + reach


def share_of_sums(
    part: Floats, whole: Floats, party: NDArray[np.int64], level: float = 0.95
) -> Estimate:
    """Return sum(part) / sum(whole) for parts of wholes: an interval within 0 and 1.

    As ``ratio_of_sums``, on the scale of log odds; where the share is 0 or 1 the parties are so
    many trials of which none, or all, succeeded (Wilson).
    """
    share, error, parties = _ratio_and_error(part, whole, party)
    if parties < FEWEST_PARTIES:
        return share, nan, nan
    if share in {0.0, 1.0}:
        return share, *wilson_interval(round(share) * parties, parties, level)
    odds = log(share / (1 - share))
    reach = float(norm.isf((1 - level) / 2)) * error / (share * (1 - share))
    return share, float(expit(odds - reach)), float(expit(odds + reach))


def difference_of_shares(first: Estimate, second: Estimate) -> Estimate:
    """Return first - second of two independent shares, from their own intervals.

    For Wilson intervals this is Newcombe's hybrid score interval (1998, method 10).
    """
    (p, p_low, p_high), (q, q_low, q_high) = first, second
    difference = p - q
    low = difference - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = difference + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return difference, low, high


def _ratio_and_error(
    part: Floats, whole: Floats, party: NDArray[np.int64]
) -> tuple[float, float, int]:
    """Return the ratio, its standard error and the number of parties that had anything."""
    has_any = whole > 0
    part, whole, party = part[has_any], whole[has_any], party[has_any]
    if not len(whole):
        return nan, nan, 0
    total = float(whole.sum())
    ratio = float(part.sum()) / total
    _, of_party = np.unique(party, return_inverse=True)
    rests = np.bincount(of_party, part - ratio * whole)
    parties = len(rests)
    if parties < FEWEST_PARTIES:
        return ratio, nan, parties
    return ratio, sqrt(parties / (parties - 1) * float(rests @ rests)) / total, parties
