"""Fit one table of deployments, predict another, and say how well that went.

State: none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimError
from sim.record.baselines import Baseline, Exposure, baseline
from sim.record.count_models import RecordModel, record_model
from sim.record.log import Log
from sim.record.log_columns import OUTCOMES
from sim.record.scores import LEVELS, Scores, ScoreSheet, counts_interval

Floats = NDArray[np.float64]
Progress = Callable[[float], None]

BASELINES: tuple[Exposure, ...] = ("face", "hour")
_BASELINE_SEED = 77_000


@dataclass(frozen=True, slots=True)
class OutcomeScores:
    """How one outcome was predicted: scores of the model, and of each baseline that could be fit.

    rows   : deployments in which the outcome is known
    events : how many of it happened in them
    """

    rows: int
    events: int
    scores: Scores
    baselines: dict[str, Scores]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What ``evaluated`` found.

    predictions : the rows of the test table with, for each outcome, median and bounds
    totals      : outcome -> (draws,) predicted sum over the rows in which it is known
    """

    train: Log
    test: Log
    model: RecordModel
    outcomes: dict[str, OutcomeScores]
    predictions: pd.DataFrame
    totals: dict[str, Floats]


def evaluated(
    train: Log,
    test: Log,
    *,
    seed: int = 1,
    model: RecordModel | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Fit ``train``, predict every row of ``test`` and score what is known of it.

    model : what was fitted to ``train`` before, if anything was
    """
    if not len(test.rows):
        raise SimError(f"{test.name}: holds no rows to predict")
    if not len(train.rows):
        raise SimError(f"{train.name}: holds no rows to learn from")
    model = record_model(train) if model is None else model
    plain = {
        (outcome, exposure): fitted
        for outcome in OUTCOMES
        for exposure in BASELINES
        if train.rows[outcome].notna().any()
        and (fitted := baseline(train.rows, outcome, exposure)) is not None
    }
    sheets = {outcome: ScoreSheet() for outcome in OUTCOMES}
    plain_sheets = {key: ScoreSheet() for key in plain}
    events = dict.fromkeys(OUTCOMES, 0.0)
    totals: dict[str, Floats] = {}
    tables = []
    rng = np.random.default_rng(seed + _BASELINE_SEED)
    for piece, draws in model.predictions(test.rows, seed):
        rows = test.rows.iloc[piece]
        tables.append(_predicted(rows, draws))
        for outcome, drawn in draws.items():
            seen = rows[outcome].to_numpy(dtype=np.float64)
            events[outcome] += float(np.nansum(seen))
            sheets[outcome].add(drawn, seen)
            known = drawn[:, ~np.isnan(seen)].sum(axis=1)
            totals[outcome] = totals.get(outcome, 0.0) + known
            _score_baselines(plain, plain_sheets, outcome, rows, seen, len(drawn), rng)
        if progress is not None:
            progress(piece.stop / len(test.rows))
    return Evaluation(
        train=train,
        test=test,
        model=model,
        outcomes={
            outcome: OutcomeScores(
                rows=sheet.rows,
                events=int(events[outcome]),
                scores=sheet.scores(),
                baselines={
                    exposure: plain_sheets[outcome, exposure].scores()
                    for exposure in BASELINES
                    if (outcome, exposure) in plain_sheets
                },
            )
            for outcome, sheet in sheets.items()
            if sheet.rows
        },
        predictions=pd.concat(tables),
        totals=totals,
    )


def misses(evaluation: Evaluation, outcome: str, level: int = 95) -> pd.DataFrame:
    """Return the rows whose count fell outside the interval, the furthest first.

    Columns: line of the table, date, place, seen, low, high.
    """
    table = evaluation.predictions
    low, high = table[f"{outcome}_low_{level}"], table[f"{outcome}_high_{level}"]
    seen = table[outcome]
    out = seen.notna() & ((seen < low) | (seen > high))
    found = pd.DataFrame(
        {
            "id": table.loc[out, "id"],
            "date": table.loc[out, "date"],
            "place": table.loc[out, "place"],
            "seen": seen[out],
            "low": low[out],
            "high": high[out],
        }
    )
    counts = found[["low", "seen", "high"]].to_numpy(dtype=np.float64)
    away = np.maximum(counts[:, 0] - counts[:, 1], counts[:, 1] - counts[:, 2])
    return found.iloc[np.argsort(-away, kind="stable")]


def _score_baselines(
    plain: dict[tuple[str, Exposure], Baseline],
    sheets: dict[tuple[str, Exposure], ScoreSheet],
    outcome: str,
    rows: pd.DataFrame,
    seen: Floats,
    count: int,
    rng: np.random.Generator,
) -> None:
    for (name, exposure), fitted in plain.items():
        if name == outcome:
            sheets[name, exposure].add(fitted.draws(rows, count, rng), seen)


def _predicted(rows: pd.DataFrame, draws: dict[str, Floats]) -> pd.DataFrame:
    """Return rows with the mean, the median and the bounds of each outcome's prediction."""
    table = rows[["id", "date", "place"]].copy()
    for outcome, drawn in draws.items():
        table[outcome] = rows[outcome]
        table[f"{outcome}_mean"] = drawn.mean(axis=0)
        table[f"{outcome}_median"] = np.quantile(drawn, 0.5, axis=0, method="inverted_cdf")
        for level in LEVELS:
            low, high = counts_interval(drawn, level)
            table[f"{outcome}_low_{level}"], table[f"{outcome}_high_{level}"] = low, high
    return table
