"""The folder of a study: what lies in it, who may work in it, and whether it is this study's.

``manifest.json`` comes first, then ``study.json`` (the study with its base scenario),
``design.parquet`` (one row a point) and ``plan.json`` (one entry a unit); then
``units/part-<key>.parquet`` or ``failed/<key>.json`` for each unit as it ends; last
``results.parquet`` (``sim.studies.run.results``). Every file is whole or absent.

State: the file system.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

from sim import columns as col
from sim.errors import OutputError
from sim.storage.durable import (
    LockedError,
    locked,
    sweep_temporaries,
    write_durably,
    write_json_durably,
)
from sim.studies.run.unit_files import (
    asked_hash,
    fault_in_part,
    part_about,
    rows_of_failure,
    write_part,
)

if TYPE_CHECKING:
    from sim.studies.run.plan import Unit

MANIFEST, STUDY, DESIGN, PLAN = "manifest.json", "study.json", "design.parquet", "plan.json"
UNITS, FAILED, RESULTS = "units", "failed", "results.parquet"
LOCK, PREPARING_LOCK = ".lock", ".lock-preparing"
SORTING_PREFIX = ".sorting-"
PATIENCE_S = 1.0  # with whoever only looks whether a sweep is at work
STRAY_AFTER_S = 3600.0  # a part is written in far less: a temporary file so old is nobody's


@dataclass(frozen=True, slots=True)
class ReadyStudy:
    """A study made ready to run.

    design   : one row a point
    study    : the study with its base scenario, as JSON: two that are equal ask the same
    manifest : of the study before it has run (``sim.studies.run.manifest``)
    """

    units: Sequence["Unit"]
    outcomes: Sequence[str]
    design: pd.DataFrame
    study: Mapping[str, Any]
    manifest: Mapping[str, Any]


class Folder:
    """A folder in which a study runs, or has run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def part(self, key: str) -> Path:
        """Return where the part of a unit lies, or will lie."""
        return self.path / UNITS / f"part-{key}.parquet"

    def failure(self, key: str) -> Path:
        """Return where the failure of a unit lies, or would lie."""
        return self.path / FAILED / f"{key}.json"

    @contextmanager
    def working(self, shard: tuple[int, int] | None) -> Iterator[None]:
        """Keep others out: everybody, or everybody but the other shards."""
        with ExitStack() as locks:
            with writing(self.path):
                self._refuse_strangers()
                self.path.mkdir(parents=True, exist_ok=True)
                try:
                    is_shared = shard is not None
                    locks.enter_context(
                        locked(
                            self.path / LOCK, shared=is_shared, wait=False, patience_s=PATIENCE_S
                        )
                    )
                    if shard is not None:
                        own = f"{LOCK}-shard-{shard[0]}-of-{shard[1]}"
                        locks.enter_context(locked(self.path / own, wait=False))
                except LockedError:
                    raise OutputError(
                        f"--out {self.path}: another sweep is at work in this folder; wait for "
                        "it, stop it, or name another folder. Several may share one with --shard "
                        "1/n, 2/n, ... each"
                    ) from None
            yield

    @property
    def is_worked_on(self) -> bool:
        """Whether a sweep is at work here now."""
        try:
            with locked(self.path / LOCK, wait=False):
                return False
        except LockedError:
            return True
        except OSError:  # it cannot be written to, by a sweep neither
            return False

    def prepare(self, asked: ReadyStudy, *, allow_mixed: bool, alone: bool) -> None:
        """Put down what is asked, the manifest first, or make sure that it is what lies here.

        allow_mixed : keep what another version of the model has answered
        alone       : nobody else works here, so every temporary file is a stray
        """
        with writing(self.path), locked(self.path / PREPARING_LOCK):
            for name in (UNITS, FAILED):
                (self.path / name).mkdir(exist_ok=True)
            if (self.path / MANIFEST).exists():
                self._compare(asked, allow_mixed=allow_mixed)
            else:
                write_json_durably(self.path / MANIFEST, dict(asked.manifest))
            self._put_down(asked, self._standing_in(asked.units) if allow_mixed else {})
            for folder in (self.path, self.path / UNITS, self.path / FAILED):
                sweep_temporaries(folder, older_than_s=0.0 if alone else STRAY_AFTER_S)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        return dict(_read_json(self.path / MANIFEST))

    def study(self) -> dict[str, Any]:
        """Return the study with its base scenario, as JSON."""
        return dict(_read_json(self.path / STUDY))

    def plan(self) -> dict[str, Any]:
        """Return ``outcomes`` (names) and ``units``: key, replication, points of each.

        A unit that another version of the model has answered has ``part``, the key of that part.
        """
        return dict(_read_json(self.path / PLAN))

    def part_of(self, entry: Mapping[str, Any]) -> Path:
        """Return where the part of an entry of the plan lies, or will lie."""
        return self.part(entry.get("part", entry["key"]))

    def failures(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Return what is known of each unit that has failed and has no part."""
        for entry in entries:
            path = self.failure(entry["key"])
            if path.exists() and not self.part_of(entry).exists():
                yield dict(_read_json(path))

    def keep(self, unit: "Unit", rows: pd.DataFrame) -> None:
        """Write the part of a unit."""
        with writing(self.path):
            write_part(self.part(unit.key), unit, rows)
            self.failure(unit.key).unlink(missing_ok=True)

    def set_aside(self, unit: "Unit", reason: str, tries: int) -> None:
        """Write down that a unit has failed, with all that its rows need."""
        rows = rows_of_failure(unit, reason)
        about = {
            "key": unit.key,
            "replication": unit.replication,
            "seed": int(unit.scenario.run.seed),
            "points": [int(point) for point in rows[col.POINT]],
            "reason": reason,
            "tries": tries,
        }
        with writing(self.path):
            write_json_durably(self.failure(unit.key), about)

    def _compare(self, asked: ReadyStudy, *, allow_mixed: bool) -> None:
        """Refuse a folder that holds another study, or another version's results."""
        old = self.manifest()
        ours, theirs = asked.manifest["passerby"], old.get("passerby")
        study = self.path / STUDY
        if study.exists() and self.study() != json.loads(json.dumps(dict(asked.study))):
            raise OutputError(
                f"--out {self.path}: holds the study {old.get('study')!r} "
                f"(hash {old.get('study_hash')}), which is not the one asked for "
                f"({asked.manifest['study']!r}, hash {asked.manifest['study_hash']}); "
                "name another folder"
            )
        if ours != theirs and not allow_mixed:
            raise OutputError(
                f"--out {self.path}: holds results of passerby {theirs}, this is {ours}; name "
                "another folder, or keep those results beside new ones with --allow-mixed"
            )

    def _refuse_strangers(self) -> None:
        """Refuse a folder that holds something else, before anything is put into it.

        The manifest is looked for after the rest is listed: another shard may begin meanwhile,
        and writes it first.
        """
        if not self.path.exists():
            return
        own = {UNITS, FAILED}
        found = sorted(
            path.name
            for path in self.path.iterdir()
            if path.name not in own and not path.name.startswith((LOCK, ".part-", SORTING_PREFIX))
        )
        if found and not (self.path / MANIFEST).exists():
            raise OutputError(
                f"--out {self.path}: is not empty ({found[0]}) and holds no {MANIFEST}; name a "
                "new folder, or that of this study"
            )

    def _put_down(self, asked: ReadyStudy, standing_in: Mapping[str, str]) -> None:
        if not (self.path / STUDY).exists():
            write_json_durably(self.path / STUDY, dict(asked.study))
        if not (self.path / DESIGN).exists():
            table = pa.Table.from_pandas(asked.design, preserve_index=False)
            table = table.replace_schema_metadata(None)
            write_durably(self.path / DESIGN, lambda file: pq.write_table(table, file))
        units = [
            {"key": unit.key, "replication": unit.replication, "points": len(unit.points)}
            | ({"part": standing_in[unit.key]} if unit.key in standing_in else {})
            for unit in asked.units
        ]
        plan = {"outcomes": list(asked.outcomes), "units": units}
        if not (self.path / PLAN).exists() or self.plan() != plan:
            write_json_durably(self.path / PLAN, plan)

    def _standing_in(self, units: Sequence["Unit"]) -> dict[str, str]:
        """Return unit key -> key of a sound part by another version that answers the same."""
        known = {asked_hash(unit): unit for unit in units}
        found: dict[str, str] = {}
        for path in sorted((self.path / UNITS).glob("part-*.parquet")):
            unit = known.get(str(part_about(path).get("asked")))
            if unit is not None and not self.part(unit.key).exists():
                key = path.stem.removeprefix("part-")
                if key != unit.key and fault_in_part(path, unit, same_version=False) is None:
                    found[unit.key] = key
        return found


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into one clear error."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"--out {folder}: cannot be written to ({error.strerror}); what was finished is kept. "
            "Make room, or name a folder that can be written to, and give the same command again"
        ) from None


def opened(path: Path) -> Folder:
    """Return the folder of a study that has begun."""
    if not (path / MANIFEST).exists():
        raise OutputError(f"{path}: no {MANIFEST} there; name a folder that passerby sweep wrote")
    return Folder(path)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not JSON"
        raise OutputError(
            f"{path}: cannot be read ({why}); name another folder, or put the file back"
        ) from None
