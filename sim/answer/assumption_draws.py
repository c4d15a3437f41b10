"""Draws of the assumptions: which entries of the register vary, and where in their ranges.

Kept apart from what is computed with them, so that a study is planned without loading the model.

State: none.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.beliefs import Beliefs

Floats = NDArray[np.float64]

VARIED_FAMILIES = ("error_model", "demographics", "matching")
VARIED_RESPONSES = (
    "response.pursue_true",
    "response.pursue_false_intercept",
    "response.pursue_false_slope",
    "response.lost_in_crowd",
    "response.arrest_share",
    "response.out_of_date_share",
)
NOT_VARIED = ("matching.listed_reference_size",)
WIDE_RANGE = 10.0  # a range wider than this factor is drawn on a log scale
_COLUMN_STRIDE = 1 << 20  # keys of different entries lie so far apart


def varied_names(believed: Beliefs) -> tuple[str, ...]:
    """Return the entries that are drawn: those with a range, that need no new walk."""
    return tuple(
        name
        for name in believed.names()
        if (name.split(".")[0] in VARIED_FAMILIES or name in VARIED_RESPONSES)
        and name not in NOT_VARIED
        and believed.entry(name).low < believed.entry(name).high
    )


def latin_hypercube(seed: int, rows: int, columns: Sequence[int]) -> Floats:
    """Return ``(rows, columns)`` points in the unit cube, one in each of ``rows`` slices.

    columns : the key of each column; it is drawn alike whichever others there are
    """
    design = np.empty((rows, len(columns)))
    for place, column in enumerate(columns):
        keys = np.arange(rows) + column * _COLUMN_STRIDE
        slices = np.argsort(uniforms(seed, ASSUMPTION, keys, 0), kind="stable")
        design[:, place] = (slices + uniforms(seed, ASSUMPTION, keys, 1)) / rows
    return design


def triangular(draw: Floats, low: float, value: float, high: float) -> Floats:
    """Return draws from the triangular distribution with its mode at ``value``.

    On a log scale where the range is positive and spans more than a factor of ten.
    """
    if low > 0 and high > WIDE_RANGE * low:
        return np.exp(triangular(draw, np.log(low), np.log(value), np.log(high)))
    turn = (value - low) / (high - low)
    rising = low + np.sqrt(draw * (high - low) * (value - low))
    falling = high - np.sqrt((1 - draw) * (high - low) * (high - value))
    return np.where(draw < turn, rising, falling)


def drawn_values(believed: Beliefs, seed: int, draws: int) -> dict[str, Floats]:
    """Return what is drawn for each entry that is varied, ``(draws,)`` each."""
    names = varied_names(believed)
    # Keyed by name: whichever entries are fixed or added, the others are drawn alike.
    design = latin_hypercube(seed, draws, [crc32(name.encode()) for name in names])
    values: dict[str, Floats] = {}
    for column, name in enumerate(names):
        entry = believed.entry(name)
        values[name] = triangular(design[:, column], entry.low, entry.value, entry.high)
    return values
