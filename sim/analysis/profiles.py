"""Profile likelihoods: the best value of one parameter, its interval, and the curve to draw.

A *loss* is minus the log likelihood. The profile of a parameter is the least loss with it held;
the interval is where that has risen by half of chi-squared's quantile.

State: none.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
Loss = Callable[[Floats], float]
Bounds = Sequence[tuple[float, float]]

LEVEL = 0.95
_TOLERANCE = 1e-12
_CURVE_POINTS = 61
_CURVE_DROP = 4.0  # log likelihood units below the best that a curve shows


class Fitted(NamedTuple):
    """A fitted number with its 95 % interval."""

    value: float
    low: float
    high: float


class Curve(NamedTuple):
    """A profile to draw: values of the parameter, log likelihood relative to the best ``(n,)``."""

    values: Floats
    log_likelihood: Floats


def minimum(loss: Loss, start: Floats, bounds: Bounds) -> Floats:
    """Return where a loss is least, within bounds."""
    found = optimize.minimize(loss, start, method="L-BFGS-B", bounds=bounds, tol=_TOLERANCE)
    return np.asarray(found.x, dtype=np.float64)


def profile(loss: Loss, best: Floats, index: int, bounds: Bounds) -> Fitted:
    """Return the best value of one parameter and where its profile has dropped to 95 %."""
    drop = loss(best) + 0.5 * float(stats.chi2.ppf(LEVEL, 1))

    def excess(value: float) -> float:
        return _held(loss, best, index, bounds, value) - drop

    low, high = bounds[index]
    middle = float(best[index])
    return Fitted(
        middle,
        float(optimize.brentq(excess, low, middle, xtol=1e-4)),
        float(optimize.brentq(excess, middle, high, xtol=1e-4)),
    )


def profile_curve(loss: Loss, best: Floats, index: int, bounds: Bounds, fitted: Fitted) -> Curve:
    """Return the profile around the best value, as far as it says anything."""
    low = max(bounds[index][0], fitted.value - 2.0 * (fitted.value - fitted.low))
    high = min(bounds[index][1], fitted.value + 2.0 * (fitted.high - fitted.value))
    values = np.linspace(low, high, _CURVE_POINTS)
    least = loss(best)
    height = least - np.array([_held(loss, best, index, bounds, value) for value in values])
    shown = height >= -_CURVE_DROP
    return Curve(values[shown], height[shown])


def _held(loss: Loss, best: Floats, index: int, bounds: Bounds, value: float) -> float:
    """Return the least loss with one parameter held."""
    others = [k for k in range(len(best)) if k != index]
    if not others:
        return loss(np.array([value]))

    def rest(point: Floats) -> float:
        return loss(np.insert(point, index, value))

    found = optimize.minimize(
        rest,
        best[others],
        method="L-BFGS-B",
        bounds=[bounds[k] for k in others],
        tol=_TOLERANCE,
    )
    return float(found.fun)
