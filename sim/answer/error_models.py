"""The same passages under every error model: what the sources disagree on, beside the answer.

State: none.
"""

import pandas as pd

from sim import columns as col
from sim.answer.unknowns import response_chances
from sim.model.matching import matching_parameters, score
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

ERROR_MODELS = ("npl-2023", "met-street", "trials-2016-2019")


def error_models(
    scenario: Scenario,
    believed: Beliefs,
    passages: Passages,
    *,
    mistaken_share: float,
    crowding_ratio: float,
) -> pd.DataFrame:
    """Return what each error model expects on the same passages: shown beside the chosen one.

    mistaken_share : of the false alerts of the chosen model that end in a stop; it is scaled by
                     the chance of a pursuit at each model's own load
    crowding_ratio : see ``Result``
    """
    own = response_chances(
        scenario,
        believed,
        float(score(passages, matching_parameters(scenario, believed)).false_alerts.sum()),
        crowding_ratio,
    )
    rows = []
    for name in ERROR_MODELS:
        other = believed.with_error_model(name)
        scored = score(passages, matching_parameters(scenario, other))
        false_alerts = float(scored.false_alerts.sum())
        true_alerts = float(scored.true_alerts.sum())
        chances = response_chances(scenario, other, false_alerts, crowding_ratio)
        moved = chances.pursued_false / own.pursued_false if own.pursued_false > 0 else 0.0
        stops = false_alerts * mistaken_share * moved
        rows.append((name, false_alerts, true_alerts, stops))
    return pd.DataFrame(
        rows, columns=[col.ERROR_MODEL, col.FALSE_ALERTS, col.TRUE_ALERTS, col.MISTAKEN_STOPS]
    )
