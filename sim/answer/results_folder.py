"""Results on disk: tables and a manifest, whole or not at all.

A new folder is written beside its place and renamed. In a folder that exists, the old manifest
goes first and the new one comes last: a folder with a manifest is whole.

State: the file system.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.answer.report import as_json, run_id
from sim.answer.result import Result
from sim.errors import OutputError
from sim.groups import HEADINGS
from sim.storage.provenance import MANIFEST, manifest_of_run


def prepare_folder(folder: Path) -> None:
    """Make sure that results can be written, before anything is computed; leave no trace."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise OutputError(
            f"--out {folder}: cannot be written to ({error.strerror}); name a folder that can"
        ) from None


def write_result(
    result: Result, folder: Path, *, also: Callable[[Path], None] | None = None
) -> None:
    """Write all tables of a run into ``folder``, replacing those of an earlier run.

    also : writes more files into the folder that it is given
    """

    def write(staging: Path) -> None:
        _write_tables(result, staging)
        if also is not None:
            also(staging)

    write_whole(folder, write)


def write_whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a folder aside, a manifest among its files, and move all of it in."""
    try:
        is_new = not folder.exists()
        beside = folder.absolute().parent if is_new else folder
        beside.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".partial-", dir=beside))
        try:
            write(staging)
            if is_new:
                staging.chmod(0o777 & ~_umask())
                staging.rename(folder)
            else:
                _move_in(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"--out {folder}: {error.strerror}; nothing was kept") from None


def _move_in(staging: Path, folder: Path) -> None:
    files = sorted(path.name for path in staging.iterdir())
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in [*(name for name in files if name != MANIFEST), MANIFEST]:
        (staging / name).replace(folder / name)


def _umask() -> int:
    """Return the mask of new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_tables(result: Result, folder: Path) -> None:
    shifts = result.shifts()
    result.summary().to_csv(folder / "summary.csv", index=False)
    result.by(*HEADINGS).to_csv(folder / "groups.csv", index=False)
    result.passages.people.to_parquet(folder / "people.parquet", index=False)
    result.passages.looks().to_parquet(folder / "looks.parquet", index=False)
    shifts.scored.table().to_parquet(folder / "scored.parquet", index=False)
    shifts.alerts.to_parquet(folder / "alerts.parquet", index=False)
    write_json(folder / "answer.json", as_json(result))
    write_json(folder / MANIFEST, manifest_of_run(result.scenario, run_id(result)))


def write_json(path: Path, value: object) -> None:
    """Write a value as indented JSON."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
