"""The model's two constants, computed on the reference deployment (docs/model/calibration.md).

``calibration.exposure_s`` is the exposure at which a passage counts as one look of the bench
test, ``calibration.probit_shift`` makes the mean chance of a true alert there what the test found.

State: none.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import brentq

from sim import columns as col
from sim.evidence.register import entry
from sim.model.matching import matching_parameters, score
from sim.model.street import Street
from sim.scenario.beliefs import beliefs
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder

REFERENCE = "reference.yaml"
EXPOSURE = "calibration.exposure_s"
SHIFT = "calibration.probit_shift"
WIDEST_SHIFT = 5.0  # probits; a shift beyond it would mean that the geometry is wrong


def calibration(*, progress: Callable[[str, float], None] | None = None) -> dict[str, Any]:
    """Walk the reference deployment; return both constants, their targets and the register's.

    Solved in turn: the false alerts fix the exposure, then the true alerts the shift.
    """
    scenario = load_scenario(shipped_folder() / REFERENCE)
    believed = beliefs(scenario)
    passages = Street(scenario).walk(
        None if progress is None else lambda share: progress("walking", share)
    )
    walked = ~passages.people[col.TURNED_AWAY].to_numpy()
    target_false = believed.value("error_model.fmr_060") * scenario.policy.watchlist.size
    target_true = 1 - believed.value("error_model.fnir_060")

    def mean_chances(log_exposure: float, shift: float) -> tuple[float, float]:
        tried = believed.replaced({EXPOSURE: float(np.exp(log_exposure)), SHIFT: shift})
        scored = score(passages, matching_parameters(scenario, tried))
        return float(scored.p_false[walked].mean()), float(scored.p_true[walked].mean())

    log_exposure = brentq(
        lambda x: np.log(mean_chances(x, 0.0)[0] / target_false), np.log(1e-3), np.log(1e3)
    )
    shift = brentq(
        lambda z: mean_chances(log_exposure, z)[1] - target_true, -WIDEST_SHIFT, WIDEST_SHIFT
    )
    reached = mean_chances(log_exposure, shift)
    return {
        "scenario": scenario.name,
        "people": int(walked.sum()),
        "mean_exposure_s": float(passages.exposure_s.sum(axis=1)[walked].mean()),
        "never_seen_share": float(1 - passages.usable[walked].mean()),
        EXPOSURE: {"computed": float(np.exp(log_exposure)), "register": entry(EXPOSURE).value},
        SHIFT: {"computed": float(shift), "register": entry(SHIFT).value},
        "mean_p_false": {"target": target_false, "reached": reached[0]},
        "mean_p_true": {"target": target_true, "reached": reached[1]},
    }
