"""Published figures that the walk is held against, each with its source.

Units:  people/m2, m/s, people/(m s), s.
"""

import numpy as np
from numpy.typing import NDArray

FREE_SPEED = 1.34  # m/s, Weidmann (1993)
WEIDMANN = "Weidmann 1993"

# Speed against density in the one-way corridor of 1.8 m of the HERMES project (Juelich); mean
# speed and classic density in a box of 1.8 by 2 m, middle of each run; about +-10 %.
HERMES = np.array(
    [
        [0.48, 1.19],
        [0.56, 1.26],
        [0.61, 1.25],
        [1.17, 1.17],
        [1.56, 0.96],
        [1.68, 0.94],
        [2.13, 0.61],
        [2.48, 0.41],
        [2.58, 0.31],
    ]
)
TWO_WAY_DENSITY, TWO_WAY_SPEED = 0.98, 1.01  # BI_CORR_400, Juelich, computed the same way
TWO_WAY_TO_BEAT = 0.77  # m/s near 0.98 /m2, the best of the models tried: JuPedSim 1.4.2
FLOW_LOW, FLOW_HIGH = 1.3, 2.2  # people/(m s), accepted for bottlenecks of 1.0 to 2.0 m
IMO_FLOW_LIMIT = 1.33  # people/s through 1.0 m, IMO test 4
EVACUATION_S = {4: 221.0, 2: 413.0}  # FDS+Evac, IMO test 9
COUNTERFLOW_S = {0: 50.0, 10: 75.0, 50: 107.0, 100: 136.0}  # FDS+Evac, IMO test 8
PARTY_SLOPE_LOW, PARTY_SLOPE_HIGH = 0.04, 0.08  # m/s a member, Moussaid et al. (2010)
HOURLY_CV, HOURLY_CV_LOW, HOURLY_CV_HIGH = 0.23, 0.17, 0.36  # Auckland street counts 2023-25


def weidmann(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the speed of the fundamental diagram, m/s, of densities in people/m2 (below 5.4).

    v = 1.34 (1 - exp(-1.913 (1 / density - 1 / 5.4))), Weidmann (1993).
    """
    return np.asarray(FREE_SPEED * (1 - np.exp(-1.913 * (1 / density - 1 / 5.4))))
