"""A capsule, run again: the same study or run with the same seeds, held against what is stored.

Nothing computed before is used: streets are walked anew, whatever the cache of walks holds.

State: a folder for the new results; the environment variable of the walk cache, meanwhile.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim import columns as col
from sim.capsules.archive import MOST_BYTES
from sim.capsules.capsule import RUN_RESULTS, Capsule, unpacked
from sim.capsules.drift import Moved, differences, likely_causes, moved_columns
from sim.errors import OutputError, SimError
from sim.storage.environment import environment
from sim.storage.json_values import json_value
from sim.storage.provenance import RESULTS, STUDY
from sim.storage.walk_cache import FOLDER_VARIABLE

KEYS = (col.POINT, col.REPLICATION)
DESCRIBING = frozenset({"version", "run_id", "hash"})  # of an answer: what ran, not what came out
MOST_ROWS_NAMED = 3
MOST_ROWS = 50_000_000

Again = Callable[[Capsule, Path], None]  # fills a folder with the results of a capsule, run again


@dataclass(frozen=True, slots=True)
class Rerun:
    """What running a capsule again has found.

    rows     : rows (of a study) or numbers and rows (of a run) that were compared
    moved    : columns that do not agree
    others   : what else does not agree, as sentences
    failed   : rows of a study without a result, then as now if nothing drifted
    causes   : why, probably; empty if nothing drifted
    differs  : what else is not as it was then, such as a package's version, drift or not
    missing  : what the capsule lacked when it was made; empty: nothing
    out      : folder of the new results; None: they are gone
    """

    capsule: Path
    title: str
    kind: str
    rows: int
    tolerance: float
    moved: tuple[Moved, ...]
    others: tuple[str, ...]
    failed: int
    causes: tuple[str, ...]
    differs: tuple[str, ...]
    missing: str
    out: Path | None

    @property
    def has_drifted(self) -> bool:
        """Whether anything does not agree."""
        return bool(self.moved or self.others)

    def as_json(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return {**json_value(self), "has_drifted": self.has_drifted}


def rerun_capsule(
    file: Path, *, out: Path | None = None, tolerance: float = 0.0, again: Again
) -> Rerun:
    """Run a capsule again and compare.

    out       : folder that keeps the new results; None: they go when this returns
    tolerance : largest difference that counts as none, as a share of the value
    again     : runs it: ``run_again``, with workers and progress bound
    """
    if not 0.0 <= tolerance < 1.0:
        raise SimError(f"--tolerance {tolerance:g}: must be 0 (exact) or a share below 1, as 1e-9")
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(
            f"--out {out}: is not empty; everything is computed anew: name a new folder"
        )
    with unpacked(file) as capsule, ExitStack() as stack:
        home = out
        if home is None:
            scratch = tempfile.TemporaryDirectory(prefix="passerby-rerun-")
            home = Path(stack.enter_context(scratch)) / "again"
        with walks_of_its_own():
            again(capsule, home)
        is_study = capsule.manifest["kind"] == STUDY
        compared = _study_compared if is_study else _run_compared
        rows, moved, others = compared(capsule, home, tolerance)
        if capsule.is_edited:
            others.insert(0, f"the stored {RESULTS} is not the file that the manifest names")
        then, now = capsule.manifest, environment()
        causes = (
            likely_causes(then, now, moved, is_edited=capsule.is_edited) if moved or others else []
        )
        done = then.get("finished")
        return Rerun(
            capsule=file,
            title=capsule.manifest["title"],
            kind=capsule.manifest["kind"],
            rows=rows,
            tolerance=tolerance,
            moved=tuple(moved),
            others=tuple(others),
            failed=0 if done is None else done["failed_rows"],
            causes=tuple(causes),
            differs=tuple(differences(then, now)),
            missing=capsule.missing,
            out=out,
        )


@contextmanager
def walks_of_its_own() -> Iterator[None]:
    """Keep walks in a folder that nobody has used before, and drop it afterwards."""
    before = os.environ.get(FOLDER_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="passerby-walks-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[FOLDER_VARIABLE]
            else:
                os.environ[FOLDER_VARIABLE] = before


def numbers_in(answer: object, name: str = "") -> dict[str, float]:
    """Return every number of a JSON value by its path; nan where there is none (null).

    >>> numbers_in({"stops": {"mean": 2, "ways": [0.5, None]}})
    {'stops.mean': 2.0, 'stops.ways.0': 0.5, 'stops.ways.1': nan}
    """
    if isinstance(answer, Mapping):
        inner: list[tuple[str, object]] = [
            (str(key), value) for key, value in answer.items() if key not in DESCRIBING
        ]
    elif isinstance(answer, list):
        inner = [(str(place), value) for place, value in enumerate(answer)]
    elif answer is None:
        return {name: float("nan")}
    elif isinstance(answer, (bool, int, float)):
        return {name: float(answer)}
    else:
        return {}
    found: dict[str, float] = {}
    for key, value in inner:
        found |= numbers_in(value, f"{name}.{key}" if name else key)
    return found


def _study_compared(
    capsule: Capsule, home: Path, tolerance: float
) -> tuple[int, list[Moved], list[str]]:
    """Compare the rows that are stored; an unfinished capsule has only some."""
    stored, again = _rows(capsule.folder), _rows(home)
    others = []
    lost = [name for name in stored.columns if name not in again.columns]
    if lost:
        others.append(f"columns that are not computed any more: {', '.join(lost)}")
    stored, again = stored.set_index(list(KEYS)), again.set_index(list(KEYS))
    for words, rows in (
        ("stored, but not computed again", stored.index.difference(again.index)),
        ("computed again, but not stored", again.index.difference(stored.index)),
    ):
        if len(rows) and not (capsule.missing and words.startswith("computed")):
            named = "; ".join(f"point {p}, replication {r}" for p, r in rows[:MOST_ROWS_NAMED])
            others.append(f"{len(rows):,} rows {words}: {named}")
    shared = stored.index.intersection(again.index).sort_values()
    moved = moved_columns(
        stored.loc[shared].reset_index(),
        again.loc[shared].reset_index(),
        keys=KEYS,
        tolerance=tolerance,
    )
    return len(shared), moved, others


def _rows(folder: Path) -> pd.DataFrame:
    results = folder / RESULTS
    table = _table(results) if results.exists() else _joined_parts(folder)
    lacking = [name for name in KEYS if name not in table.columns]
    if lacking:
        raise SimError(f"{RESULTS}: has no column {lacking[0]!r}; it is no table of a study")
    if table.duplicated(list(KEYS)).any():
        raise SimError(f"{RESULTS}: has the same point and replication twice")
    return table


def _joined_parts(folder: Path) -> pd.DataFrame:
    """Return the rows of an unfinished study; its files may be a stranger's."""
    import duckdb  # noqa: PLC0415 - heavy

    from sim.studies.run.results import read_results  # noqa: PLC0415 - duckdb

    try:
        return read_results(folder)
    except (duckdb.Error, pa.ArrowException, LookupError, TypeError, ValueError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0].replace(f"{folder}/", "")
        raise SimError(f"the parts of the study do not fit together: {why}") from None


def _run_compared(
    capsule: Capsule, home: Path, tolerance: float
) -> tuple[int, list[Moved], list[str]]:
    """Compare the answer number by number, and each table row by row."""
    rows, moved, others = 0, [], []
    for name in RUN_RESULTS:
        if not (capsule.folder / name).exists():
            continue
        if not (home / name).exists():
            others.append(f"{name}: not written any more")
            continue
        stored, again = _as_table(capsule.folder / name), _as_table(home / name)
        lost = [column for column in stored.columns if column not in again.columns]
        if lost:
            others.append(f"{name}: not computed any more: {', '.join(lost[:MOST_ROWS_NAMED])}")
        if len(stored) != len(again):
            others.append(f"{name}: {len(stored):,} rows stored, {len(again):,} computed again")
            continue
        rows += len(stored)
        moved += [
            Moved(**{**asdict(found), "name": f"{name}: {found.name}"})
            for found in moved_columns(stored, again, keys=(), tolerance=tolerance)
        ]
    return rows, moved, others


def _as_table(path: Path) -> pd.DataFrame:
    """Return a file of a run as a table; the answer is one row, a column a number."""
    if path.suffix == ".json":
        try:
            return pd.DataFrame([numbers_in(json.loads(path.read_text(encoding="utf-8")))])
        except ValueError:
            raise SimError(f"{path.name}: cannot be read as JSON") from None
    return _table(path)


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".csv":
            return pd.read_csv(path)
        about = pq.read_metadata(path)
        size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        if about.num_rows > MOST_ROWS or size > MOST_BYTES:
            raise SimError(
                f"{path.name}: would hold {about.num_rows:,} rows of {size:,} bytes in memory; at "
                f"most {MOST_ROWS:,} rows of {MOST_BYTES:,} bytes are compared"
            )
        return pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SimError(f"{path.name}: cannot be read as a table: {error}") from None
