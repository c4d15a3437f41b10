"""Results on disk: tables and a manifest, whole or not at all.

Everything is written beside the folder first and moved in at the end, the manifest last.

State: the file system.
"""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from sim import __version__
from sim.errors import OutputError
from sim.experiments.by_group import groups
from sim.experiments.report import as_json, run_id, summary
from sim.scenario.identity import canonical_json, scenario_hash

if TYPE_CHECKING:
    from sim.experiments.single import Result

MANIFEST = "manifest.json"
_PACKAGES = ("mesa", "numba", "numpy", "pandas", "scipy", "shapely")


def prepare_folder(folder: Path) -> None:
    """Make sure that results can be written, before anything is computed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"--out {folder}: cannot be written to ({error.strerror}); name a folder that can"
        ) from None


def write_result(result: "Result", folder: Path) -> None:
    """Write all tables of a run into ``folder``, replacing those of an earlier run."""
    try:
        staging = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
        try:
            _write_tables(result, staging)
            files = sorted(path.name for path in staging.iterdir())
            for name in [*(name for name in files if name != MANIFEST), MANIFEST]:
                (staging / name).replace(folder / name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"--out {folder}: {error.strerror}; nothing was kept") from None


def _write_tables(result: "Result", folder: Path) -> None:
    summary(result).to_csv(folder / "summary.csv", index=False)
    groups(result).to_csv(folder / "groups.csv", index=False)
    result.passages.people.to_parquet(folder / "people.parquet", index=False)
    result.passages.looks().to_parquet(folder / "looks.parquet", index=False)
    result.scored.table().to_parquet(folder / "scored.parquet", index=False)
    result.alerts.to_parquet(folder / "alerts.parquet", index=False)
    _write_json(folder / "answer.json", as_json(result))
    _write_json(
        folder / MANIFEST,
        {
            "run_id": run_id(result),
            "scenario": json.loads(canonical_json(result.scenario)),
            "scenario_hash": scenario_hash(result.scenario),
            "seed": result.scenario.run.seed,
            "passerby": __version__,
            "packages": {name: version(name) for name in _PACKAGES},
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "runs_failed": 0,
        },
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
