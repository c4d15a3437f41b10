"""What is known of a deployment beforehand, as the numbers that a count model takes.

Each covariate is 0 at a common deployment, so that one that is not known can be left at 0 in the
fit and drawn from the known ones in a prediction.

State: none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.record.place_names import place_parts
from sim.record.pooled import Rows

Floats = NDArray[np.float64]

# A common London deployment of 2023 and 2024 (sim/evidence/data/deployments.csv): these only
# centre the covariates, no result depends on them.
COMMON_HOURS, COMMON_FACES_AN_HOUR, COMMON_LIST, COMMON_THRESHOLD = 5.4, 2000.0, 15_000.0, 0.62
THRESHOLD_STEP = 0.02
COVARIATES = ("one", "log hours", "log faces an hour", "log list size", "threshold / 0.02")
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Known:
    """Covariates ``(n, k)`` with nan where one is not known, and the rows as the model sees them.

    rows : the same with 0 in place of nan
    """

    values: Floats
    rows: Rows


def known_beforehand(log: pd.DataFrame) -> Known:
    """Return the covariates of each row of a log.

    Faces count only where the log does not flag them; a place without faces has none to divide.
    """
    hours = log["hours"].to_numpy(dtype=np.float64)
    faces = log["faces_seen"].to_numpy(dtype=np.float64)
    reliable = (faces > 0) & ~log["faces_seen_unreliable"].to_numpy(dtype=bool)
    shown_hours = np.where(np.isnan(hours), COMMON_HOURS, hours)
    rate = np.where(reliable, faces, np.nan) / shown_hours
    size = log["watchlist_size"].to_numpy(dtype=np.float64)
    values = np.column_stack(
        [
            np.ones(len(log)),
            np.log(hours / COMMON_HOURS),
            np.log(rate / COMMON_FACES_AN_HOUR),
            np.log(np.where(size > 0, size, np.nan) / COMMON_LIST),
            (log["threshold"].to_numpy(dtype=np.float64) - COMMON_THRESHOLD) / THRESHOLD_STEP,
        ]
    )
    date = log["date"]
    months = date.dt.year * MONTHS_A_YEAR + date.dt.month
    month = months.to_numpy(dtype=np.float64, na_value=np.nan)
    places = [place_parts(place) for place in log["place"]]
    return Known(values, Rows(np.nan_to_num(values, nan=0.0), places, month))
