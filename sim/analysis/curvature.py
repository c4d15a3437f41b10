"""The curvature of a function at a point, by differences: how sharply a likelihood peaks.

State: none.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def curvature(loss: Callable[[Floats], float], point: Floats, step: float) -> Floats:
    """Return the matrix of second derivatives of ``loss`` at ``point``, ``(k, k)``, symmetric."""
    size = len(point)
    unit = np.eye(size) * step
    found = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = (
                loss(point + unit[i] + unit[j])
                - loss(point + unit[i] - unit[j])
                - loss(point - unit[i] + unit[j])
                + loss(point - unit[i] - unit[j])
            )
            found[i, j] = found[j, i] = corners / (4 * step**2)
    return found
