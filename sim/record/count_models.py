"""What happened at deployments, as one model: true alerts, false alerts, their sum, arrests.

True and false alerts are counts of their own (``pooled``); alerts are their sum, or a count of
their own where a table does not tell them apart; arrests are a share of the true alerts.

State:    none.
Evidence: docs/model/record.md, with what each prior rests on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimError
from sim.record.arrest_share import ArrestShare, arrest_share
from sim.record.covariates import Known, known_beforehand
from sim.record.forecast import SCALE_DRAWS, Forecast
from sim.record.log import Log
from sim.record.pooled import PooledFit, Prior, ScalePriors, pooled_fit

Floats = NDArray[np.float64]

PIECE_ROWS = 500
MOST_DRAWS, FEWEST_DRAWS = 4000, 200
DRAWS_IN_ALL = 10_000_000  # draws times rows; a long table gets fewer draws a row

# Means and standard deviations of the coefficients, in the order of covariates.COVARIATES. None
# was chosen by how well a prediction came out: docs/model/record.md says what each rests on.
TRUE_PRIOR = Prior(
    mean=np.array([log(7.0), 0.8, 0.5, 0.8, -0.1]), spread=np.array([1.5, 0.25, 0.1, 0.3, 0.1])
)
FALSE_PRIOR = Prior(
    mean=np.array([log(0.3), 1.0, 0.8, 1.0, -1.8]), spread=np.array([2.0, 0.25, 0.3, 0.3, 0.5])
)
TRUE_SCALES = ScalePriors(place=0.5, dispersion=0.5, drift=0.08)
FALSE_SCALES = ScalePriors(place=0.3, dispersion=2.0, drift=0.05)


@dataclass(frozen=True, slots=True)
class CountModel:
    """One fitted count and the covariates that it was fitted on."""

    fit: PooledFit
    known: Known


@dataclass(frozen=True, slots=True)
class RecordModel:
    """Everything fitted to a table of deployments.

    true, false : None where the table does not tell them apart
    alerts      : None where it does
    arrests     : None where no arrest is recorded
    """

    true: CountModel | None
    false: CountModel | None
    alerts: CountModel | None
    arrests: ArrestShare | None

    def predictions(
        self, rows: pd.DataFrame, seed: int
    ) -> Iterator[tuple[slice, dict[str, Floats]]]:
        """Yield pieces of the rows with draws ``(draws, rows)`` of each outcome that was fitted."""
        draws = int(np.clip(DRAWS_IN_ALL // max(len(rows), 1), FEWEST_DRAWS, MOST_DRAWS))
        draws -= draws % SCALE_DRAWS
        forecasts = {
            name: Forecast(model.fit, model.known, draws=draws, seed=seed + number)
            for number, name in enumerate(("true", "false", "alerts"))
            if (model := getattr(self, name)) is not None
        }
        rng = np.random.default_rng(seed + len(forecasts) + 1)
        for start in range(0, len(rows), PIECE_ROWS):
            piece = slice(start, min(start + PIECE_ROWS, len(rows)))
            known = known_beforehand(rows.iloc[piece])
            found: dict[str, Floats] = {}
            if "true" in forecasts:
                found["true_alerts"] = forecasts["true"].counts(known)
                found["false_alerts"] = forecasts["false"].counts(known)
                found["alerts"] = found["true_alerts"] + found["false_alerts"]
                if self.arrests is not None:
                    found["arrests"] = self.arrests.draws(found["true_alerts"], rng)
            else:
                found["alerts"] = forecasts["alerts"].counts(known)
            yield piece, found


def record_model(log: Log) -> RecordModel:
    """Fit everything to a log; raise SimError where it holds nothing to learn from."""
    rows = log.rows
    told_apart = rows["true_alerts"].notna() & rows["false_alerts"].notna()
    alerts = rows["alerts"].fillna(rows["true_alerts"])
    if not alerts.notna().any():
        raise SimError(f"{log.name}: no row says how many alerts there were: nothing to learn from")
    if alerts.sum() == 0:
        raise SimError(
            f"{log.name}: not a single alert in {int(alerts.notna().sum())} deployments: a rate of "
            "alerts cannot be learnt from it; train on another table"
        )
    if told_apart.sum() >= rows["alerts"].notna().sum() / 2 and rows["true_alerts"].sum() > 0:
        arrests = rows["arrests"].to_numpy(dtype=np.float64)
        true = rows["true_alerts"].to_numpy(dtype=np.float64)
        has_arrests = bool((~np.isnan(arrests) & ~np.isnan(true)).any())
        return RecordModel(
            true=_count_model(rows[told_apart], "true_alerts", TRUE_PRIOR, TRUE_SCALES),
            false=_count_model(
                _with_threshold(rows[told_apart]), "false_alerts", FALSE_PRIOR, FALSE_SCALES
            ),
            alerts=None,
            arrests=arrest_share(true, arrests) if has_arrests else None,
        )
    counted = rows.assign(alerts=alerts)[alerts.notna()]
    fitted = _count_model(counted, "alerts", TRUE_PRIOR, TRUE_SCALES)
    return RecordModel(true=None, false=None, alerts=fitted, arrests=None)


def _with_threshold(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows without a threshold where most have one: false alerts hang on it tenfold."""
    known = rows["threshold"].notna()
    return rows[known] if known.sum() >= len(rows) / 2 else rows


def _count_model(
    rows: pd.DataFrame, outcome: str, prior: Prior, scale_priors: ScalePriors
) -> CountModel:
    known = known_beforehand(rows)
    counts = rows[outcome].to_numpy(dtype=np.float64)
    return CountModel(pooled_fit(known.rows, counts, prior, scale_priors), known)
