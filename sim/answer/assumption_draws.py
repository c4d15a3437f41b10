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
from sim.scenario.schema import Scenario

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
_COLUMN_STRIDE = 1 << 24  # keys of different columns lie further apart than any study has rows


def varied_names(believed: Beliefs) -> tuple[str, ...]:
    """Return the entries that are drawn: those with a range, that need no new walk."""
    return tuple(
        name
        for name in believed.names()
        if (name.split(".")[0] in VARIED_FAMILIES or name in VARIED_RESPONSES)
        and name not in NOT_VARIED
        and believed.entry(name).low < believed.entry(name).high
    )


def latin_hypercube(seed: int, rows: int, names: Sequence[str]) -> Floats:
    """Return ``(rows, names)`` points in the unit cube, one in each of ``rows`` slices.

    A column is keyed by its name: it is drawn alike whichever others there are, in a run and in
    a study of as many draws.
    """
    design = np.empty((rows, len(names)))
    for place, name in enumerate(names):
        keys = np.arange(rows) + crc32(name.encode()) * _COLUMN_STRIDE
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
    design = latin_hypercube(seed, draws, names)
    values: dict[str, Floats] = {}
    for column, name in enumerate(names):
        entry = believed.entry(name)
        values[name] = triangular(design[:, column], entry.low, entry.value, entry.high)
    return values


def drawn_beliefs(believed: Beliefs, scenario: Scenario) -> tuple[dict[str, Floats], list[Beliefs]]:
    """Return what is drawn of the assumptions, and what is believed under each draw."""
    draws = scenario.run.assumption_draws
    values = drawn_values(believed, scenario.run.seed, draws)
    return values, [
        believed.replaced({name: float(column[j]) for name, column in values.items()})
        for j in range(draws)
    ]
