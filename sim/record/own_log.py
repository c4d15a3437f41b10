"""What the Record page shows: the shipped record predicted, and a visitor's own log.

The answer to a log is the one of ``passerby record --test``; only its size is held lower here.

State: the shipped answer, what was fitted to the record, and one lock: a single log is worked on
at a time.
"""

import re
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, Lock

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.evidence.tables import deployments, trials
from sim.record.against_record import SHIPPED, AgainstRecord, against_record
from sim.record.answer import answer
from sim.record.count_models import RecordModel, record_model
from sim.record.evaluation import evaluated
from sim.record.log import Log, from_table, log_of

SPLIT = "2024-09-01"
ABOVE, BELOW, INSIDE = "above", "below", "inside"
LONGEST_NAME = 40
OWN_LOG = "your log"
LARGEST_BYTES = 2**20
MOST_ROWS = 400
WAIT_S = 60.0
SEED = 1
_COMMAND = "`passerby record --test mylog.csv` answers it on your own machine"
_UNSAFE = re.compile(r"[^\w ,.\-]|_")
_turn = BoundedSemaphore(1)
_shipped_lock = Lock()


def shipped_answer() -> AgainstRecord:
    """Return the published record split at SPLIT: the first part learnt, the second predicted."""
    with _shipped_lock:
        return _shipped_once()


@lru_cache(maxsize=1)
def _shipped_once() -> AgainstRecord:
    return against_record(train_before=SPLIT, seed=SEED)


@lru_cache(maxsize=1)
def _whole_record() -> tuple[Log, RecordModel]:
    """Return the published record and its model, fitted once for all visitors."""
    learnt = from_table(deployments(), SHIPPED)
    return learnt, record_model(learnt)


def own_answer(content: bytes) -> AgainstRecord:
    """Predict an uploaded log from the whole published record; raise SimError in words.

    content : the bytes of the file; its name is not used
    """
    if len(content) > LARGEST_BYTES:
        raise SimError(
            f"{OWN_LOG}: holds {len(content) / 1e6:.1f} MB; 1 MB is allowed here. {_COMMAND}"
        )
    log = log_of(content, Path(OWN_LOG))
    if len(log.rows) > MOST_ROWS:
        raise SimError(
            f"{OWN_LOG}: has {len(log.rows):,} rows; {MOST_ROWS} are allowed here. {_COMMAND}"
        )
    if not _turn.acquire(timeout=WAIT_S):
        raise SimError("Other visitors' logs are still being answered: try again in a minute.")
    try:
        learnt, model = _whole_record()
        found = evaluated(learnt, log, seed=SEED, model=model)
        return AgainstRecord(found, answer(found, trials()), SEED)
    finally:
        _turn.release()


def sides(predictions: pd.DataFrame, outcome: str, level: int) -> pd.Series:
    """Return on which side of its interval each known count lies, by the row's index."""
    known = predictions[predictions[outcome].notna()]
    seen, low = known[outcome], known[f"{outcome}_low_{level}"]
    found = np.select([seen > known[f"{outcome}_high_{level}"], seen < low], [ABOVE, BELOW], INSIDE)
    return pd.Series(found, index=known.index)


def inside(predictions: pd.DataFrame, outcome: str, level: int) -> tuple[int, int]:
    """Return how many deployments lie inside their interval, and of how many."""
    found = sides(predictions, outcome, level)
    return int((found == INSIDE).sum()), len(found)


def deployment_rows(predictions: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return what the chart of deployments needs, the rows with a known count alone, latest first.

    Columns: name, seen, median, low_80, high_80, low_95, high_95, side_80, side_95.
    """
    known = predictions[predictions[outcome].notna()]
    table = pd.DataFrame({"name": names(known), "seen": known[outcome]})
    for bound in ("median", "low_80", "high_80", "low_95", "high_95"):
        table[bound] = known[f"{outcome}_{bound}"].astype("float64")
    for level in (80, 95):
        table[f"side_{level}"] = sides(predictions, outcome, level)
    order = known["date"].sort_values(ascending=False, kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)


def names(table: pd.DataFrame) -> list[str]:
    """Return a name for each deployment that is safe to show: no markup, no formula.

    table : columns date, place
    """
    days = pd.to_datetime(table["date"]).dt.strftime("%Y-%m-%d")
    places = table["place"].astype("str")
    return [
        safe(f"{'' if pd.isna(day) else day} {place}") or "unnamed"
        for day, place in zip(days, places, strict=True)
    ]


def safe(text: str) -> str:
    """Return free text without what a page, a drawing or a spreadsheet could act upon."""
    plain = " ".join(_UNSAFE.sub(" ", text).split()).lstrip("-., ")
    return plain[:LONGEST_NAME].rstrip()
