"""What a year of walking past adds up to for one person, and how unevenly it falls.

A person's own proneness to be mistaken for somebody (gamma, mean 1) is kept over every passage:
so a year is not so many independent chances, and few people bear much of it.

State:    none.
Evidence: docs/model/exposure.md, equations E1 to E4.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

Floats = NDArray[np.float64]


def at_least_once(chance: float | Floats, times: float | Floats) -> float | Floats:
    """Return the chance of an event of the given chance at least once in so many times (E1).

    times : may be a mean of times, each of which happens or not
    """
    return -np.expm1(times * np.log1p(-np.minimum(chance, 1.0 - 1e-15)))


def prone_at_least_once(expected: float | Floats, shape: float | Floats) -> float | Floats:
    """Return the chance of at least one event when the expected number scales with proneness (E2).

    expected : mean number of events in the year, of a person of mean proneness
    shape    : of the gamma-distributed proneness; large: everybody alike
    """
    return -np.expm1(-shape * np.log1p(expected / shape))


def share_of_most_prone(top: float, shape: float) -> float:
    """Return the share of events borne by the ``top`` share of people, by proneness alone (E3).

    The events of a person are in proportion to a gamma variable of this shape; those above its
    1 - top quantile hold the upper tail of the gamma of shape + 1.
    """
    if not 0 < top <= 1:
        raise ValueError(f"need 0 < top <= 1, got {top}")
    return float(gamma.sf(gamma.isf(top, shape), shape + 1))


def share_of_most_exposed(burden: Floats, weight: Floats, top: float) -> float:
    """Return the share of the whole burden borne by the ``top`` share of people (E4).

    burden : (n,) expected events of each person
    weight : (n,) how many people each row stands for
    """
    order = np.argsort(-burden, kind="stable")
    people = np.cumsum(weight[order]) / weight.sum()
    events = np.cumsum((burden * weight)[order])
    if events[-1] == 0:
        return float("nan")
    people, events = (np.concatenate([[0.0], total]) for total in (people, events))
    return float(np.interp(top, people, events) / events[-1])
