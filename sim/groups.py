"""The demographic groups that people and watchlist entries belong to.

A *group* is one sex, one ethnicity and one age band. Ethnicities are the five broad headings of
the 2021 census of England and Wales; ``docs/decisions/0004-groups.md`` says why no finer split.

Shapes: a vector over groups is ``(40,)``, sex slowest, then ethnicity, then age band.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEXES = ("female", "male")
ETHNICITIES = ("white", "black", "asian", "mixed", "other")
AGE_BANDS = ("child", "young", "middle", "older")

GROUPS: tuple[tuple[str, str, str], ...] = tuple(product(SEXES, ETHNICITIES, AGE_BANDS))
GROUP_COUNT = len(GROUPS)
HEADINGS = {"sex": SEXES, "ethnicity": ETHNICITIES, "age_band": AGE_BANDS}


def group_index(sex: str, ethnicity: str, age_band: str) -> int:
    """Return the place of a group in every vector over groups."""
    return GROUPS.index((sex, ethnicity, age_band))


def members_of(**labels: str) -> NDArray[np.bool_]:
    """Return which groups ``(40,)`` have these labels, such as ``sex="male", age_band="child"``."""
    found = np.ones(GROUP_COUNT, dtype=np.bool_)
    for place, heading in enumerate(HEADINGS):
        if heading in labels:
            found &= np.array([group[place] == labels[heading] for group in GROUPS])
    return found


def product_shares(
    sex: Mapping[Any, float], ethnicity: Mapping[Any, float], age_band: Mapping[Any, float]
) -> NDArray[np.float64]:
    """Return the joint shares ``(40,)`` of three independent distributions, keyed by label."""
    return np.array([sex[s] * ethnicity[e] * age_band[a] for s, e, a in GROUPS])
