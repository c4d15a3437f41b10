"""Parts of a crowd that are told apart: everybody, women, men, ages, and each sex at each age.

State: none.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.groups import AGE_BANDS, GROUPS

ALL, ADULT = "all", "adult"
WHO: tuple[tuple[str, str], ...] = (
    (ALL, ALL),
    ("female", ADULT),
    ("male", ADULT),
    *((ALL, band) for band in AGE_BANDS),
    *((sex, band) for sex in ("female", "male") for band in AGE_BANDS),
)


def is_meant(sex: str, age_band: str) -> NDArray[np.bool_]:
    """Return which of the 40 groups belong to a part of the crowd."""
    return np.array(
        [
            sex in (ALL, of_sex) and age_band in (ALL, band, ADULT if band != "child" else band)
            for of_sex, _, band in GROUPS
        ]
    )


def rows_of(table: pd.DataFrame, sex: str, age_band: str) -> pd.DataFrame:
    """Return the rows of a table that are about one part of the crowd."""
    return table[(table[col.SEX] == sex) & (table[col.AGE_BAND] == age_band)]
