"""Two plain predictions that a model must beat: one rate a face, one rate an hour.

Each is negative binomial with its rate and its dispersion fitted to the same table. Hours that
are missing are set to the table's median; so are faces, where none are printed or the force flags
their count as unreliable, when a deployment is predicted (such rows are left out of the fit).

State: none.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from sim.analysis.negative_binomial import negative_binomial_draws, negative_binomial_log

Floats = NDArray[np.float64]
Exposure = Literal["face", "hour"]

_LEAST_RATE = 1e-12  # a table without a single event still has a rate


@dataclass(frozen=True, slots=True)
class Baseline:
    """A rate for each unit of exposure, the dispersion, and the exposure where none is known."""

    exposure: Exposure
    rate: float
    dispersion: float
    common: float

    def draws(self, rows: pd.DataFrame, count: int, rng: np.random.Generator) -> Floats:
        """Return ``(count, rows)`` predicted counts."""
        known = np.nan_to_num(exposure_of(rows, self.exposure), nan=self.common)
        mean = np.broadcast_to(self.rate * known, (count, len(rows)))
        return negative_binomial_draws(mean, self.dispersion, rng)


def exposure_of(rows: pd.DataFrame, exposure: Exposure) -> Floats:
    """Return faces or hours of each row, nan where they are not known."""
    if exposure == "hour":
        return rows["hours"].to_numpy(dtype=np.float64)
    faces = rows["faces_seen"].to_numpy(dtype=np.float64)
    usable = (faces > 0) & ~rows["faces_seen_unreliable"].to_numpy(dtype=bool)
    return np.where(usable, faces, np.nan)


def baseline(rows: pd.DataFrame, outcome: str, exposure: Exposure) -> Baseline | None:
    """Fit one to the rows that have the outcome; None where no row has the exposure."""
    seen = rows[outcome].to_numpy(dtype=np.float64)
    units = exposure_of(rows, exposure)
    if np.isnan(units).all():
        return None
    common = float(np.nanmedian(units))
    if exposure == "hour":
        units = np.nan_to_num(units, nan=common)
    fitted = ~np.isnan(seen) & ~np.isnan(units)
    seen, units = seen[fitted], units[fitted]
    start = np.log([max(seen.sum() / units.sum(), _LEAST_RATE), 0.5])

    def loss(point: Floats) -> float:
        mean = np.exp(np.clip(point[0], -40, 20)) * units
        return float(-negative_binomial_log(seen, mean, np.exp(np.clip(point[1], -8, 4))).sum())

    log_rate, log_dispersion = optimize.minimize(loss, start, method="Nelder-Mead").x
    dispersion = float(np.exp(np.clip(log_dispersion, -8, 4)))
    return Baseline(exposure, float(np.exp(log_rate)), dispersion, common)
