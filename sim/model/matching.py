"""From passages to chances: who is on the list, who sets off a true or a false alert.

Scoring is arithmetic on arrays: a new threshold, list or error model costs milliseconds and never
walks the street again. ``docs/model/matching.md`` numbers the equations. Not in the model: a
listed person who is taken for somebody else on the list.

State:  none.
Shapes: people are rows ``(n,)``, cameras columns, groups ``(40,)``.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.biometrics.error_rates import (
    Differentials,
    false_match_rate,
    false_matches_per_look,
    group_matrix,
    mean_relative_rate,
    true_positive_rate,
)
from sim.biometrics.looks import (
    effective_looks,
    false_alert_probability,
    genuine_shift,
    true_alert_probability,
)
from sim.evidence.tables import composition_shares
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

# Whose false match rate each error model gives: people and list of the anchor, never the
# scenario's own. The bench test was balanced; the others were measured in use.
ANCHOR_PEOPLE = {
    "npl-2023": ("balanced", "balanced"),
    "met-street": ("street crowd", "street list"),
    "trials-2016-2019": ("street crowd", "street list"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """Each person's chances.

    p_listed : (n,) of being on the list
    p_true   : (n,) of a true alert, if listed
    p_false  : (n,) of a false alert, if not
    """

    p_listed: Floats
    p_true: Floats
    p_false: Floats

    @property
    def true_alerts(self) -> Floats:
        """Expected true alerts of each person, ``(n,)``."""
        return self.p_listed * self.p_true

    @property
    def false_alerts(self) -> Floats:
        """Expected false alerts of each person, ``(n,)``."""
        return (1 - self.p_listed) * self.p_false

    def table(self) -> pd.DataFrame:
        """Return one row a person."""
        return pd.DataFrame(
            {
                col.PERSON: np.arange(len(self.p_listed)),
                col.P_LISTED: self.p_listed,
                col.P_TRUE: self.p_true,
                col.P_FALSE: self.p_false,
            }
        )


@dataclass(frozen=True, slots=True)
class MatchingParameters:
    """All that scoring needs beside the passages.

    false_matches : (40,) expected false matches of one reference look at a person of each group
    listed        : (40,) chance that a passer-by of each group is on the list
    tpir          : of the reference passage at the threshold
    """

    false_matches: Floats
    listed: Floats
    tpir: float
    probit_shift: float
    reference_exposure_s: float
    repeat_frame: float
    repeat_camera: float
    camera_weight: float
    frame_weight: float
    proneness_shape: float


def matching_parameters(scenario: Scenario, beliefs: Beliefs) -> MatchingParameters:
    """Return what ``scenario`` and its ``beliefs`` say about matching."""
    watchlist = scenario.policy.watchlist
    on_list = watchlist.composition.shares()
    slope, fmr_060 = (
        beliefs.value(f"error_model.{name}") for name in ("threshold_slope", "fmr_060")
    )
    fmr = false_match_rate(scenario.policy.threshold, fmr_060=fmr_060, threshold_slope=slope)
    differentials = Differentials(
        **{
            name: beliefs.value(f"demographics.{name}")
            for name in Differentials.__dataclass_fields__
        }
    )
    relative = _relative_rates(differentials, *ANCHOR_PEOPLE[beliefs.error_model])
    ageing = beliefs.value("matching.ageing_probit_per_year") * watchlist.photo_age_years
    return MatchingParameters(
        false_matches=false_matches_per_look(
            relative, fmr, on_list, watchlist.size, beliefs.value("matching.list_exponent")
        ),
        listed=listed_chances(
            scenario.street.crowd.shares(),
            on_list,
            beliefs.value("matching.listed_per_1000")
            / 1000
            * watchlist.size
            / beliefs.value("matching.listed_reference_size"),
        ),
        tpir=true_positive_rate(
            fmr,
            fmr_060=fmr_060,
            fnir_060=beliefs.value("error_model.fnir_060"),
            fnir_per_decade=beliefs.value("error_model.fnir_per_decade"),
        ),
        probit_shift=beliefs.value("calibration.probit_shift") + ageing,
        reference_exposure_s=beliefs.value("calibration.exposure_s"),
        repeat_frame=beliefs.value("matching.repeat_frame"),
        repeat_camera=beliefs.value("matching.repeat_camera"),
        camera_weight=beliefs.value("matching.genuine_camera_weight"),
        frame_weight=beliefs.value("matching.genuine_frame_weight"),
        proneness_shape=beliefs.value("matching.proneness_shape"),
    )


@lru_cache(maxsize=512)  # a page asks of every policy under the same few hundred beliefs
def _relative_rates(differentials: Differentials, people: str, listed: str) -> Floats:
    """Return M / Mbar ``(40, 40)``, Mbar over the anchor's people and list; read-only."""
    matrix = group_matrix(differentials)
    relative = matrix / mean_relative_rate(matrix, _anchor_shares(people), _anchor_shares(listed))
    relative.flags.writeable = False
    return np.asarray(relative)


@lru_cache(maxsize=8)
def _anchor_shares(name: str) -> Floats:
    return composition_shares(name)


def listed_chances(crowd: Floats, on_list: Floats, listed_share: float) -> Floats:
    """Return the chance that a passer-by of each group is on the list, equation M9.

    crowd, on_list : (40,) shares
    listed_share   : listed people among all passers-by

    Listed passers-by are made up as the list is. Groups that never pass cannot be listed here,
    and no chance exceeds 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = listed_share * on_list / crowd
    return np.where(crowd > 0, np.minimum(chance, 1.0), 0.0)


def score(passages: Passages, parameters: MatchingParameters) -> Scored:
    """Return everybody's chances; who was never seen has none of an alert."""
    return score_arrays(
        passages.people[col.GROUP].to_numpy(dtype=np.int64), passages.exposure_s, parameters
    )


def score_arrays(
    group: NDArray[np.int64], exposure_s: Floats, parameters: MatchingParameters
) -> Scored:
    """Return chances from groups ``(n,)`` and exposures ``(n, cameras)``."""
    exposure = exposure_s / parameters.reference_exposure_s
    looks = effective_looks(
        exposure, repeat_frame=parameters.repeat_frame, repeat_camera=parameters.repeat_camera
    )
    shift = genuine_shift(
        exposure, camera_weight=parameters.camera_weight, frame_weight=parameters.frame_weight
    )
    listed = parameters.listed[group]
    is_seen = looks > 0
    # At a threshold where every comparison matches, the count is infinite, but not for the unseen.
    per_look = np.where(is_seen, parameters.false_matches[group], 0.0)
    return Scored(
        p_listed=listed,
        p_true=np.where(
            is_seen & (listed > 0),
            true_alert_probability(
                shift, tpir=parameters.tpir, probit_shift=parameters.probit_shift
            ),
            0.0,
        ),
        p_false=false_alert_probability(
            looks * per_look, proneness_shape=parameters.proneness_shape
        ),
    )
