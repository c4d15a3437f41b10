"""Which policy is preferred: least harm for the benefit, among those with enough benefit.

Which policy is preferred is a value judgement, and the user's: a ``Criterion`` says how much of
the benefit may be given up for less harm. A policy is judged by its expected harm over its expected
benefit, not by an average of ratios.

State: none.
"""

from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.errors import SimError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Criterion:
    """How policies are judged: least harm for the benefit, among those with enough benefit.

    least_share : a policy needs at least this share of the largest expected benefit of any
    """

    harm: str = col.MISTAKEN_STOPS
    benefit: str = col.TRUE_ALERTS
    least_share: float = LEAST_SHARE

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.least_share <= 1:
            raise SimError(
                f"--least-share {self.least_share:g}: a share of the best true alerts, 0 to 1"
            )


@dataclass(frozen=True, slots=True)
class Points:
    """Complete points of a study: policy, harm and benefit of each.

    count : of policies
    """

    policy: Ints
    harm: Floats
    benefit: Floats
    count: int

    def averages(self, code: Ints, slices: int) -> tuple[Floats, Floats]:
        """Return mean harm and benefit, ``(slices, policies)``; nan: no draw there."""
        cell, size = code * self.count + self.policy, slices * self.count
        with np.errstate(invalid="ignore"):
            many = np.bincount(cell, minlength=size).astype(np.float64)
            harm = np.bincount(cell, self.harm, minlength=size) / many
            benefit = np.bincount(cell, self.benefit, minlength=size) / many
        return harm.reshape(slices, -1), benefit.reshape(slices, -1)


def preferred(harm: Floats, benefit: Floats, least_share: float) -> Ints:
    """Return the number of the policy preferred, a row each.

    harm, benefit : (rows, policies), expected; nan: not known there, and never preferred
    """
    ratio = harm / np.where(benefit > 0, benefit, nan)
    ratio = np.where(np.isnan(ratio) & ~np.isnan(benefit), inf, ratio)
    best = np.nanmax(np.where(np.isnan(benefit), -inf, benefit), axis=1, keepdims=True)
    ratio = np.where(benefit >= least_share * best, ratio, nan)
    # Where no policy has any benefit all ratios are infinite: the least harm is left to decide.
    key = np.where(np.isnan(ratio), inf, np.where(np.isinf(ratio), 1e300, ratio))
    tied = key <= key.min(axis=1, keepdims=True)
    return np.asarray(np.argmin(np.where(tied, harm, inf), axis=1), dtype=np.int64)
