"""The study or the scenario of a capsule: read back, and run.

Both go through the same readers as a user's own files, with all their checks: a capsule comes
from a stranger.

State: the folder of the new results.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
from pydantic import ValidationError

from sim import columns as col
from sim.capsules.capsule import Capsule
from sim.errors import CostError, SimError
from sim.scenario.field_changes import flow_text
from sim.scenario.load import scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.storage.progress import Watch
from sim.studies.define.study_levers import FROM
from sim.studies.run.status import LARGE_CPU_S, StudyCost, study_cost

if TYPE_CHECKING:
    from sim.studies.define.study import LoadedStudy

STUDY_FILE, DESIGN_FILE = "study.json", "design.parquet"


def scenario_of(capsule: Capsule) -> Scenario:
    """Return the scenario of a capsule of one run."""
    tree = _checked_scenario(capsule, capsule.manifest["scenario"])
    return scenario_from_mapping(tree, origin=str(capsule.file))


def run_again(
    capsule: Capsule, home: Path, *, progress: Callable[[str, float], None] | None = None
) -> None:
    """Run the scenario of a capsule again and write its tables into ``home``."""
    from sim.answer.result import simulate  # noqa: PLC0415 - numba
    from sim.answer.results_folder import write_result  # noqa: PLC0415 - likewise

    write_result(simulate(scenario_of(capsule), progress=progress), home)


def study_again(
    capsule: Capsule,
    home: Path,
    *,
    workers: int,
    is_allowed_to_be_large: bool = True,
    progress: Watch | None = None,
) -> None:
    """Run the study of a capsule again in ``home``."""
    from sim.studies.run.runner import ready_study, run_study  # noqa: PLC0415 - numba

    asked = ready_study(study_of(capsule))
    if not is_allowed_to_be_large:
        _refuse_large(capsule, study_cost(asked.units, workers))
    run_study(asked, home, workers=workers, progress=progress)


def study_of(capsule: Capsule) -> "LoadedStudy":
    """Return the study of a capsule, read like any other; a table of points is its design."""
    from sim.studies.define.study import load_study  # noqa: PLC0415 - heavy, and waits for need

    tree = _tree(capsule)
    study, base = dict(tree["study"]), _checked_scenario(capsule, tree["base"])
    _refuse_other_files(capsule, study)
    with tempfile.TemporaryDirectory(prefix="passerby-study-") as name:
        folder = Path(name)
        (folder / "base.yaml").write_text(flow_text(base), encoding="utf-8")
        study["base"], study["settings"] = "base.yaml", {}  # the base has them in it
        if study["design"]["kind"] == "table":
            _points(capsule).to_parquet(folder / DESIGN_FILE, index=False)
            study["design"] = {**study["design"], "file": DESIGN_FILE}
        file = folder / f"{study['name']}.yaml"
        file.write_text(flow_text(study), encoding="utf-8")
        try:
            return load_study(file)
        except SimError as error:
            then = capsule.manifest["passerby"]
            raise SimError(
                f"{capsule.file}: its study cannot be read by this version (it was made by "
                f"passerby {then}): {error}"
            ) from None


def _refuse_other_files(capsule: Capsule, study: dict[str, Any]) -> None:
    """Refuse a study that would read a file of this machine: a capsule holds all it needs."""
    levers = study.get("levers")
    for field, lever in (levers if isinstance(levers, dict) else {}).items():
        options = lever.get("options") if isinstance(lever, dict) else None
        for name, option in (options if isinstance(options, dict) else {}).items():
            if isinstance(option, dict) and FROM in option:
                raise SimError(
                    f"{capsule.file}: option '{name}' of {field} names another file; a capsule "
                    "that Passerby packed never does: it was changed by somebody"
                )


def _points(capsule: Capsule) -> pd.DataFrame:
    """Return the points of a table, which the reader checks cell by cell."""
    try:
        return pd.read_parquet(capsule.folder / DESIGN_FILE).drop(columns=col.POINT)
    except (OSError, ValueError, LookupError, pa.ArrowException):
        raise SimError(f"{capsule.file}: its {DESIGN_FILE} is no table of points") from None


def _refuse_large(capsule: Capsule, cost: StudyCost) -> None:
    if cost.cpu_s > LARGE_CPU_S:
        raise CostError(
            f"{capsule.file}: its study takes some {cost.cpu_s / 3600:,.1f} hours of processor "
            f"time ({cost.runs:,} runs over {cost.walks:,} walks); above {LARGE_CPU_S / 3600:g} "
            "hours it needs --yes"
        )


def _checked_scenario(capsule: Capsule, tree: object) -> dict[str, Any]:
    """Return a scenario's fields, and nothing beside: it may name no file of the reader's."""
    try:
        scenario = Scenario.model_validate_json(json.dumps(tree))
    except ValidationError as error:
        raise SimError(
            f"{capsule.file}: its scenario cannot be read by this version (it was made by "
            f"passerby {capsule.manifest['passerby']}): {error.error_count()} faults, the first: "
            f"{'.'.join(map(str, error.errors()[0]['loc']))}: {error.errors()[0]['msg']}"
        ) from None
    return scenario.model_dump(mode="json")


def _tree(capsule: Capsule) -> dict[str, Any]:
    file = capsule.folder / STUDY_FILE
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
        found = {"study": dict(tree["study"]), "base": dict(tree["base"])}
        found["study"]["design"]["kind"], found["study"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SimError(
            f"{capsule.file}: its {STUDY_FILE} is not a study with its base scenario"
        ) from None
    return found
