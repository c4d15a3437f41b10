"""The study: which levers and uncertainties vary, over which points, how often.

A *lever* is a field of the scenario that the study varies; an *uncertainty* an entry of the
evidence register, varied over its low to high. A *point* has a value for each of them, a
*replication* is the same point on another day.

State: none; a ``LoadedStudy`` is read-only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from sim import __version__
from sim.answer.outcomes import ALL_OUTCOMES, OUTCOMES
from sim.errors import ScenarioError
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.faults import Mark, Marks, mark_of
from sim.scenario.field_changes import setting_text
from sim.scenario.identity import scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_folder
from sim.scenario.yaml_safe import parse, read_text
from sim.studies.define.lever_names import lever_name_faults
from sim.studies.define.points_table import read_points
from sim.studies.define.study_faults import (
    has_range,
    in_order,
    matching_entries,
    outcome_faults,
    schema_faults,
    uncertainty_faults,
)
from sim.studies.define.study_levers import Lever, levers_of, scenario_path
from sim.studies.define.study_schema import FullFactorial, Options, Sobol, Study, Table

__all__ = ["Lever", "LoadedStudy", "Study", "load_study", "shipped_studies", "study_hash"]

_HASH_LENGTH = 16


@dataclass(frozen=True, slots=True)
class LoadedStudy:
    """A study with its base scenario, checked.

    study                 : options written out, so that it hangs on no other file but the base
    base                  : with the study's settings
    levers, uncertainties : sorted by name, so that the order of the file changes nothing; entries
                            of the register by their full names
    table                 : of a table design, as ``design`` returns it; else None
    warnings              : what was changed or left out, for the user to know
    """

    study: Study
    base: Scenario
    path: str
    levers: tuple[Lever, ...]
    uncertainties: tuple[str, ...]
    table: pd.DataFrame | None = None
    warnings: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the design but ``point``: levers, then uncertainties."""
        return (*(lever.field for lever in self.levers), *self.uncertainties)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes asked for, in their usual order."""
        asked = self.study.outcomes
        return tuple(
            OUTCOMES if asked is None else (name for name in ALL_OUTCOMES if name in asked)
        )


def shipped_studies() -> list[Path]:
    """Return the files of the studies that ship, by name."""
    return sorted((shipped_folder() / "studies").glob("*.yaml"))


def load_study(path: str | Path) -> LoadedStudy:
    """Return the study in a file, or the shipped one of that bare name, checked whole.

    >>> from sim import load_study
    >>> load_study("smoke").outcomes[:2]
    ('people', 'faces_usable')

    Raises ``ScenarioError`` with one line a fault.
    """
    file = _shipped_study(Path(path))
    origin = str(file)
    tree, lines = parse(read_text(file, kind="a study"), origin=origin)
    marks: Marks = {where: Mark(origin, line) for where, line in lines.items()}
    faults: list[str] = []
    study: Study | None = None
    try:
        study = Study.model_validate_json(json.dumps(tree))
    except ValidationError as error:
        faults += schema_faults(error, origin=origin, marks=marks)
    base = _base(tree, file, marks, faults)
    faults += _name_faults(tree, base, origin=origin, marks=marks)
    if study is not None:
        faults += _together_faults(study, origin=origin, marks=marks)
    if faults or study is None or base is None:
        raise ScenarioError(in_order(faults, origin))
    if "seed" not in study.model_fields_set:
        study = study.model_copy(update={"seed": base.run.seed})
    levers, faults = levers_of(study, base, origin=origin, marks=marks)
    if faults:
        raise ScenarioError(faults)
    if isinstance(study.design, Table) and not (file.parent / study.design.file).exists():
        mark = mark_of(("design", "file"), marks, origin=origin)
        raise ScenarioError(
            [f"{mark}: design.file: there is no '{study.design.file}' beside the study"]
        )
    return _loaded(study, base, file, levers)


def study_hash(loaded: LoadedStudy) -> str:
    """Return the hash of all that determines the result."""
    believed = beliefs(loaded.base)
    ranges = {name: believed.entry(name) for name in loaded.uncertainties}
    tree = {
        "base": scenario_hash(loaded.base),
        "levers": {lever.field: _lever_tree(lever) for lever in loaded.levers},
        "uncertainties": {
            name: [entry.low, entry.value, entry.high] for name, entry in ranges.items()
        },
        "design": loaded.study.design.model_dump(mode="json", exclude={"file"}),
        "table": None if loaded.table is None else loaded.table.to_csv(index=False),
        "replications": loaded.study.replications,
        "seed": loaded.study.seed,
        "same_people": loaded.study.same_people,
        "outcomes": loaded.outcomes,
        "version": __version__,
    }
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def _lever_tree(lever: Lever) -> dict[str, Any]:
    return {
        name: getattr(lever, name)
        for name in ("kind", "values", "low", "high", "steps", "scale", "options")
    }


def _shipped_study(path: Path) -> Path:
    if path.is_file() or path.suffix or len(path.parts) > 1:  # a folder of results may be so named
        return path
    shipped = shipped_folder() / "studies" / f"{path.name}.yaml"
    return shipped if shipped.is_file() else path


def _base(tree: Mapping[str, Any], file: Path, marks: Marks, faults: list[str]) -> Scenario | None:
    """Return the base with the study's settings; None, with the faults added, if it has none."""
    base, given = tree.get("base"), tree.get("settings") or {}
    if not isinstance(base, str) or not base or "\0" in base or not isinstance(given, dict):
        return None  # the schema's to report
    path = scenario_path(file.parent, base)
    settings = {field: setting_text(field, value) for field, value in given.items()}
    try:
        return load_scenario(path, settings=list(settings.values()))
    except ScenarioError as error:
        mark = mark_of(("base",), marks, origin=str(file))
        if not path.exists():
            faults.append(
                f"{mark}: base: '{base}' is neither a file beside the study nor the name of a "
                "scenario that ships (passerby scenarios lists them)"
            )
            return None
        for fault in error.faults:
            faults.append(f"{mark}: base: {fault}")
            for field, setting in settings.items():
                if fault.startswith(f"--set {setting}: "):
                    at = mark_of(("settings", field), marks, origin=str(file))
                    words = fault.removeprefix(f"--set {setting}: ")
                    faults[-1] = f"{at}: settings: {words}"
        return None


def _name_faults(
    tree: Mapping[str, Any], base: Scenario | None, *, origin: str, marks: Marks
) -> list[str]:
    """Return what is wrong with the names that a study's tree uses, whatever else is."""
    levers = tree.get("levers")
    fields = list(levers) if isinstance(levers, dict) else []
    named = {key: tree.get(key) for key in ("uncertainties", "outcomes")}
    lists = {key: names if isinstance(names, list) else [] for key, names in named.items()}
    faults = []
    if base is not None:
        faults += lever_name_faults(fields, base, origin=origin, marks=marks)
        faults += uncertainty_faults(
            lists["uncertainties"], beliefs(base), fields, origin=origin, marks=marks
        )
    return faults + outcome_faults(lists["outcomes"], origin=origin, marks=marks)


def _together_faults(study: Study, *, origin: str, marks: Marks) -> list[str]:
    """Return what is wrong with sound fields side by side."""
    if not study.levers and not study.uncertainties:
        return [
            f"{origin}: levers and uncertainties: there are none, so nothing varies; for one "
            "scenario there is passerby run"
        ]
    is_drawn = isinstance(study.design, FullFactorial) and study.design.draws is not None
    if is_drawn and not study.uncertainties:
        mark = mark_of(("design", "draws"), marks, origin=origin)
        return [f"{mark}: design.draws: there are no uncertainties to draw"]
    return []


def _loaded(study: Study, base: Scenario, file: Path, given: list[Lever]) -> LoadedStudy:
    """Return a study without faults, its table read."""
    believed = beliefs(base)
    levers = tuple(sorted(given, key=lambda lever: lever.field))
    names = sorted(
        {
            entry
            for name in study.uncertainties
            for entry in matching_entries(name, believed)
            if has_range(believed, entry)
        }
    )
    table = None
    if isinstance(study.design, Table):
        path = file.parent / study.design.file
        table = read_points(path, levers, names, base=base, believed=believed)
    options = {
        lever.field: Options(options=dict(lever.options))
        for lever in levers
        if lever.options is not None
    }
    return LoadedStudy(
        study=study.model_copy(update={"levers": {**study.levers, **options}}),
        base=base,
        path=str(file),
        levers=levers,
        uncertainties=tuple(names),
        table=table,
        warnings=tuple(_warnings(study, levers, believed)),
    )


def _warnings(study: Study, levers: tuple[Lever, ...], believed: Beliefs) -> list[str]:
    """Return what was changed or left out."""
    found = []
    design = study.design
    if isinstance(design, Sobol) and design.base_points != design.points:
        found.append(
            f"design.points {design.points:,} is not a power of two, which a Sobol' sequence "
            f"needs: {design.base_points:,} are taken"
        )
    for lever in levers:
        if lever.kind != "range":
            continue
        if lever.whole and not isinstance(design, Table):
            found.append(f"levers.{lever.field} holds whole numbers: its values are rounded")
        if lever.steps is not None and not isinstance(design, FullFactorial):
            found.append(
                f"levers.{lever.field}.steps is for a full factorial: a {design.kind} design "
                "does not use it"
            )
    for name in study.uncertainties:
        empty = [one for one in matching_entries(name, believed) if not has_range(believed, one)]
        if empty:
            found.append(f"uncertainties: of '{name}', {len(empty)} have no range and are held")
    return found
