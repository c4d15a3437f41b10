"""The model of the record held against a table: which tables, the answer, files of it.

State: none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sim import __version__
from sim.answer.results_folder import write_json, write_whole
from sim.errors import SimError
from sim.evidence.tables import deployments, trials
from sim.record.answer import answer
from sim.record.evaluation import Evaluation, evaluated
from sim.record.funnel import Funnel, funnels
from sim.record.log import Log, from_table, read_log, split_before
from sim.storage.environment import environment
from sim.storage.provenance import (
    FORMAT,
    MANIFEST,
    RECORD,
    provenance_of_manifest,
    text_hash,
    written,
)

SHIPPED = "the published record of London, 2020 to 2024"
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class AgainstRecord:
    """What was found, and the same as a mapping.

    seed : of the predictive draws
    """

    evaluation: Evaluation
    answer: dict[str, Any]
    seed: int

    @property
    def funnels(self) -> tuple[Funnel, ...]:
        """Return the log's rates against the record's."""
        return funnels(self.evaluation.test, self.evaluation.train)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest of its folder."""
        return record_manifest(self.evaluation.train, self.evaluation.test, seed=self.seed)

    @property
    def provenance(self) -> dict[str, Any]:
        """Return what its figures carry."""
        return provenance_of_manifest(self.manifest)


def against_record(
    *,
    train: Path | None = None,
    test: Path | None = None,
    train_before: str | None = None,
    seed: int = 1,
    progress: Tell = lambda _what, _share: None,
) -> AgainstRecord:
    """Fit a table and predict another; the shipped record stands in for a table not named.

    train_before : day that splits one table in two: ``train`` or else ``test`` or else the shipped

    >>> from sim import predict_record
    >>> found = predict_record(train_before="2024-09-01")
    >>> sorted(found.answer["outcomes"])[:2]
    ['alerts', 'arrests']
    """
    learnt, asked = _tables(train, test, train_before)
    found = evaluated(
        learnt, asked, seed=seed, progress=lambda share: progress("predicting deployments", share)
    )
    return AgainstRecord(found, answer(found, trials()), seed)


def write_record(
    found: AgainstRecord, folder: Path, *, also: Callable[[Path], None] | None = None
) -> None:
    """Write predictions row by row, funnels and the answer into ``folder``.

    also : writes more files into the folder that it is given
    """

    def write(staging: Path) -> None:
        found.evaluation.predictions.to_csv(staging / "predictions.csv", index=False)
        write_json(staging / "answer.json", found.answer)
        for funnel in found.funnels:
            name = f"funnel_{funnel.counts}_by_{funnel.unit}.csv"
            funnel.table.to_csv(staging / name, index=False)
        if also is not None:
            also(staging)
        write_json(staging / MANIFEST, found.manifest)

    write_whole(folder, write)


def record_manifest(train: Log, test: Log, *, seed: int) -> dict[str, Any]:
    """Return the manifest of one table of deployments that was predicted from another."""
    tables = [log.rows.to_csv(index=False, lineterminator="\n") for log in (train, test)]
    return {
        "kind": RECORD,
        "format": FORMAT,
        "study": "record",
        "title": f"{test.name}, predicted from {train.name}",
        "train": train.name,
        "test": test.name,
        "scenario": None,
        "scenario_hash": None,
        "study_hash": text_hash("\n\n".join([*tables, __version__])),
        "seed": seed,
        "seeds": [seed],
        **environment(),
        "written": written(),
        "runs_failed": 0,
    }


def _tables(train: Path | None, test: Path | None, train_before: str | None) -> tuple[Log, Log]:
    if train_before is None:
        if test is None:
            raise SimError(
                "record needs --test FILE, a table to predict, or --train-before DAY, which splits "
                "one table; --template prints a table to fill in"
            )
        return _shipped_or(train), read_log(test)
    if train is not None and test is not None:
        raise SimError("--train-before splits one table: give --train or --test, not both")
    day = _day(train_before)
    whole = _shipped_or(train or test)
    before, after = split_before(whole, day)
    for part, words in ((before, "before"), (after, "from")):
        if not len(part.rows):
            raise SimError(
                f"--train-before {day}: no deployment of {whole.name} lies {words} that day "
                f"(they run from {_span(whole)})"
            )
    return before, after


def _shipped_or(path: Path | None) -> Log:
    return from_table(deployments(), SHIPPED) if path is None else read_log(path)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise SimError(f"--train-before '{text}': is not a day written YYYY-MM-DD") from None


def _span(log: Log) -> str:
    days = log.rows["date"].dropna()
    return "no dates" if days.empty else f"{days.min().date()} to {days.max().date()}"
