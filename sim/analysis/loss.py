"""How often somebody who was pursued after an alert was lost: the published settings, and a fit.

State:    none.
Evidence: docs/model/anchors.md, section 7.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.intervals import exact_interval
from sim.analysis.profiles import Bounds, Curve, Fitted, Loss, minimum, profile, profile_curve

Floats = NDArray[np.float64]

# Six London trials 2018-19 (Fussey and Murray 2019): 42 alerts, 16 screened out, 4 never caught.
TRIALS_PURSUED, TRIALS_LOST = 26, 4
_BOUNDS: Bounds = ((-7.0, 2.0), (-4.0, 4.0))  # logit of the mean share, log of the spread
_START = (-3.0, 0.0)
_SPREAD_PRIOR = 1.0  # half-normal width of the spread between settings, on the logit scale
_NODES = np.linspace(-7.0, 7.0, 4001)  # fine: 1,259 pursued make a narrow likelihood
_WEIGHTS = stats.norm.pdf(_NODES)


@dataclass(frozen=True, slots=True)
class LossSetting:
    """One period: how many were pursued, how many of them lost, and the share's exact interval."""

    period: str
    pursued: int
    lost: int
    share: Fitted


@dataclass(frozen=True, slots=True)
class LossFit:
    """What the settings say together.

    share  : of the middle setting
    spread : standard deviation between settings, logit scale
    """

    settings: tuple[LossSetting, ...]
    share: Fitted
    spread: Fitted


def loss_fit(deployments: pd.DataFrame) -> LossFit:
    """Fit the share that is lost: binomial in each setting, logits normal between settings.

    deployments : rows with true alerts and those that officers acted on; the rest count as lost,
                  though some may have been let go: an upper limit
    """
    settings = loss_settings(deployments)
    loss = _loss(settings)
    best = minimum(loss, np.array(_START), _BOUNDS)
    share, spread = (profile(loss, best, k, _BOUNDS) for k in (0, 1))
    return LossFit(
        settings,
        Fitted(*(float(1 / (1 + np.exp(-end))) for end in share)),
        Fitted(*(float(np.exp(end)) for end in spread)),
    )


def loss_curves(deployments: pd.DataFrame) -> dict[str, Curve]:
    """Return the profile likelihoods of the logit share and the logarithm of the spread."""
    loss = _loss(loss_settings(deployments))
    best = minimum(loss, np.array(_START), _BOUNDS)
    return {
        name: profile_curve(loss, best, k, _BOUNDS, profile(loss, best, k, _BOUNDS))
        for k, name in enumerate(("logit share lost", "ln spread between settings"))
    }


def loss_settings(deployments: pd.DataFrame) -> tuple[LossSetting, ...]:
    """Return the trials, and each year of the record in which officers acted on true alerts."""
    rows = deployments[deployments["true_alerts"].notna()]
    rows = rows[rows["true_alerts_engaged"].notna()]
    found = [_setting("London trials 2018-19", TRIALS_PURSUED, TRIALS_LOST)]
    for year, part in rows.groupby(rows["date"].dt.year):
        pursued, acted = (int(part[name].sum()) for name in ("true_alerts", "true_alerts_engaged"))
        found.append(_setting(f"London {year}", pursued, pursued - acted))
    return tuple(found)


def _setting(period: str, pursued: int, lost: int) -> LossSetting:
    return LossSetting(
        period, pursued, lost, Fitted(lost / pursued, *exact_interval(lost, pursued))
    )


def _loss(settings: tuple[LossSetting, ...]) -> Loss:
    pursued = np.array([setting.pursued for setting in settings])
    lost = np.array([setting.lost for setting in settings])

    def loss(point: Floats) -> float:
        logit, spread = point[0], np.exp(point[1])
        share = 1 / (1 + np.exp(-(logit + spread * _NODES)))
        likely = stats.binom.pmf(lost[:, None], pursued[:, None], share[None, :])
        weighted = likely @ (_WEIGHTS / _WEIGHTS.sum())
        return float(-np.log(weighted).sum() + 0.5 * (spread / _SPREAD_PRIOR) ** 2 - point[1])

    return loss
