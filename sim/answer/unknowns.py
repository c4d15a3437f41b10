"""What the assumptions' ranges allow: Latin hypercube draws, scored on the same passages.

The street is not walked again: entries that the walk rests on (walk.*, crowd.*, camera.*,
arrivals.*) are held. Shares of alerts that end in a stop are carried over from the central
response draws and scaled by the chances that an entry moves (docs/model/results.md, equation T7).

State: none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.assumption_draws import drawn_values
from sim.groups import GROUP_COUNT
from sim.model.alerts import pursue_false_chance, response_parameters, shift_load
from sim.model.matching import matching_parameters, score
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

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
