"""What the assumptions' ranges allow: Latin hypercube draws, scored on the same passages.

The street is not walked again: entries that the walk rests on (walk.*, crowd.*, camera.*,
arrivals.*) are held. Shares of alerts that end in a stop are carried over from the central
response draws and scaled by the chances that an entry moves (docs/model/results.md, equation T7).

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.groups import GROUP_COUNT
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.model.alerts import pursue_false_chance, response_parameters, shift_load
from sim.model.matching import matching_parameters, score
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs, beliefs
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
_COLUMN_STRIDE = 1 << 20  # keys of different entries lie so far apart


Value = TypeVar("Value")


class ResponseChances(NamedTuple, Generic[Value]):
    """Chances on an alert's way to an outcome, one number or one array each.

    pursued_false, pursued_true : that an alert is pursued
    found                       : that a pursued person is picked out of the crowd
    arrest_share, out_of_date_share : of the stops of people on the list
    """

    pursued_false: Value
    pursued_true: Value
    found: Value
    arrest_share: Value
    out_of_date_share: Value


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Expected values under each draw of the assumptions; one row a draw.

    false_alerts, true_alerts : (j, 40) by group
    chances : each (j,)
    values : entry name -> (j,) what was drawn
    """

    false_alerts: Floats
    true_alerts: Floats
    chances: ResponseChances[Floats]
    values: Mapping[str, Floats]


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


def unknowns(scenario: Scenario, passages: Passages, crowding_ratio: float, draws: int) -> Unknowns:
    """Score ``draws`` draws of the assumptions on the passages of one walk.

    crowding_ratio : mean crowding at alerts, relative to ``response.lost_reference_density_per_m2``
    """
    believed = beliefs(scenario)
    values = drawn_values(believed, scenario.run.seed, draws)
    group = passages.people[col.GROUP].to_numpy()
    false_alerts, true_alerts = np.empty((draws, GROUP_COUNT)), np.empty((draws, GROUP_COUNT))
    chances: list[ResponseChances[float]] = []
    for j in range(draws):
        drawn = believed.replaced({name: float(column[j]) for name, column in values.items()})
        scored = score(passages, matching_parameters(scenario, drawn))
        false_alerts[j] = np.bincount(group, scored.false_alerts, minlength=GROUP_COUNT)
        true_alerts[j] = np.bincount(group, scored.true_alerts, minlength=GROUP_COUNT)
        load = float(false_alerts[j].sum())
        chances.append(response_chances(scenario, drawn, load, crowding_ratio))
    by_chance = np.array(chances).reshape(draws, len(ResponseChances._fields)).T
    return Unknowns(false_alerts, true_alerts, ResponseChances(*by_chance), values)


def response_chances(
    scenario: Scenario, believed: Beliefs, false_alerts: float, crowding_ratio: float
) -> ResponseChances[float]:
    """Return the chances on an alert's way to an outcome under one set of beliefs."""
    parameters = response_parameters(believed)
    load = shift_load(false_alerts, scenario.policy.hours, believed)
    return ResponseChances(
        pursued_false=pursue_false_chance(parameters, load),
        pursued_true=parameters.pursue_true,
        found=(1 - parameters.lost_in_crowd) ** crowding_ratio,
        arrest_share=parameters.arrest_share,
        out_of_date_share=parameters.out_of_date_share,
    )
