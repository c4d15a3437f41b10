"""Measures of a crowd, written out plainly here and leaning on no library for trajectories.

Units:  SI.
Shapes: people are rows.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LANE_HALF_WIDTH = 0.4  # m aside, who counts as in the same lane: a body
LANE_REACH = 5.0  # m ahead or behind
MIDDLE_FROM, MIDDLE_TO = 0.2, 0.8  # shares of the crowd between which a flow is measured


class Line(NamedTuple):
    """A fitted straight line and the share of the variance that it explains."""

    slope: float
    at_zero: float
    r_squared: float


def root_mean_square(differences: Floats) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(differences))))


def fitted_line(x: Floats, y: Floats) -> Line:
    """Return the least-squares line of ``y`` on ``x``."""
    slope, at_zero = np.polyfit(x, y, 1)
    rest = y - slope * x - at_zero
    return Line(float(slope), float(at_zero), float(1 - rest.var() / y.var()))


def steady_flow(times: Floats) -> float:
    """Return people a second while the middle of a crowd passes a line; times : (n,) s.

    The first and the last fifth are left out: the jam is forming or gone.
    """
    ordered = np.sort(times)
    first, last = (round(share * (len(ordered) - 1)) for share in (MIDDLE_FROM, MIDDLE_TO))
    return float((last - first) / (ordered[last] - ordered[first]))


def lane_order(x: Floats, y: Floats, heading: Floats, length: float) -> float:
    """Return how far people walk behind their own kind: 1 in pure lanes, low when mixed.

    x, y    : (n,) m, along and across a corridor that closes on itself after ``length`` m
    heading : (n,) +1 or -1

    For each person, over those at most a body aside and 5 m ahead or behind:
    ((same way - other way) / all)^2; then the mean. After Nowak and Schadschneider (2012), with a
    window instead of whole rows, because a lane here need not run the whole length.
    """
    apart = np.abs(x[:, None] - x)
    apart = np.minimum(apart, length - apart)
    near = (apart <= LANE_REACH) & (np.abs(y[:, None] - y) <= LANE_HALF_WIDTH)
    np.fill_diagonal(near, val=False)
    with_them = near.sum(axis=1)
    balance = near @ heading
    known = with_them > 0
    return float(np.mean((balance[known] / with_them[known]) ** 2))


def mixed_lane_order(
    x: Floats, y: Floats, heading: Floats, length: float, *, shuffles: int, seed: int
) -> tuple[float, float]:
    """Return mean and 99 % point of the lane order when headings are dealt out anew."""
    rng = np.random.default_rng(seed)
    found = [lane_order(x, y, rng.permutation(heading), length) for _ in range(shuffles)]
    return float(np.mean(found)), float(np.quantile(found, 0.99))
