"""The plan of a study: units of work, each one walk with the points that are scored on it.

Points that differ only in what the walk does not depend on share a walk. A unit is named by the
hash of all that determines its rows, so that it is the same wherever and whenever it is worked on
(docs/decisions/0013-units-and-seeds.md).

State: none.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.errors import ScenarioError, SimError
from sim.experiments.sweep.changes import is_walk_field, with_changes
from sim.experiments.sweep.study import LoadedStudy
from sim.experiments.sweep.study_faults import family_of, first_of
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.identity import WALK_FAMILIES, scenario_hash
from sim.scenario.schema import Scenario

Rows = NDArray[np.int64]

MOST_POINTS = 2000  # of a unit: a few seconds of scoring, which is what a kill may cost
MOST_WALKS = 100_000  # distinct streets, days included: each is a scenario held in memory
SHOWN_POINTS = 5  # that cannot be; the others are counted
TRIED_AFTER = 200  # walks after the first that cannot be
_WHY = "varied by a study within the range in force"
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Unit:
    """One walk with the points that are scored on it.

    key      : hash of all that determines the rows
    scenario : with the walk's levers and uncertainties, and the replication's seed
    points   : ``point`` and the columns of the design that do not change the walk
    options  : field -> name of an option -> what the field then holds, for columns of names
    """

    key: str
    replication: int
    scenario: Scenario
    points: pd.DataFrame
    outcomes: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def changes_walk(name: str) -> bool:
    """Whether the walk depends on a field of the scenario, or an entry of the register."""
    return family_of(name) in WALK_FAMILIES or is_walk_field(name)


def replication_seed(study_seed: int, replication: int, point: int | None) -> int:
    """Return the seed of a walk, 0 to 2**63 - 1, hashed from what it is for.

    point : None where all points of a replication have the same people
    """
    text = f"passerby walk {study_seed} {replication} {'all' if point is None else point}"
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 1


def plan(loaded: LoadedStudy, points: pd.DataFrame) -> list[Unit]:
    """Return the units of a study: a replication after the other, each in order of its points.

    Raises ``ScenarioError`` where levers that are sound one by one cannot be together, with the
    first few points of which this is so.
    """
    study = loaded.study
    names = [name for name in points.columns if name != col.POINT]
    scored = points[[col.POINT, *(name for name in names if not changes_walk(name))]]
    groups = _groups(points, [name for name in names if changes_walk(name)])
    days = study.replications * (len(groups) if study.same_people else len(points))
    if days > MOST_WALKS:
        raise SimError(
            f"{loaded.path}: {days:,} distinct walks (streets x replications); at most "
            f"{MOST_WALKS:,}: vary less of what the walk depends on, or in fewer steps"
        )
    walks = _walks(loaded, points, groups)
    hashes = [scenario_hash(walk) for walk in walks]
    shared = _shared_text(loaded)
    options = {
        lever.field: dict(lever.parsed)
        for lever in loaded.levers
        if lever.parsed is not None and not changes_walk(lever.field)
    }
    units = []
    for replication in range(study.replications):
        for walk, digest, rows in zip(walks, hashes, groups, strict=True):
            for seed, block in _blocks(loaded, points, rows, replication):
                part = scored.iloc[block]
                units.append(
                    Unit(
                        key=_key(digest, seed, replication, part, shared),
                        replication=replication,
                        scenario=_with_seed(walk, seed),
                        points=part,
                        outcomes=loaded.outcomes,
                        options=options,
                    )
                )
    return units


def _groups(points: pd.DataFrame, walk_names: list[str]) -> list[Rows]:
    """Return the rows of each distinct street, in order of their first point."""
    if not walk_names:
        return [np.arange(len(points))]
    number = points.groupby(walk_names, sort=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order]))
    return np.split(order, starts + 1)


def _blocks(
    loaded: LoadedStudy, points: pd.DataFrame, rows: Rows, replication: int
) -> Iterator[tuple[int, Rows]]:
    """Yield the rows of each unit of one street, with the seed of their walk."""
    study = loaded.study
    if study.same_people:
        seed = replication_seed(study.seed, replication, None)
        for start in range(0, len(rows), MOST_POINTS):
            yield seed, rows[start : start + MOST_POINTS]
        return
    for place, point in enumerate(points[col.POINT].iloc[rows].tolist()):
        yield replication_seed(study.seed, replication, point), rows[place : place + 1]


def _walks(loaded: LoadedStudy, points: pd.DataFrame, groups: list[Rows]) -> list[Scenario]:
    """Return the scenario of each distinct street, its levers and uncertainties applied."""
    firsts = np.array([rows[0] for rows in groups])
    number = points[col.POINT].iloc[firsts].tolist()
    names = [name for name in points.columns if name != col.POINT and changes_walk(name)]
    columns = {name: points[name].iloc[firsts].tolist() for name in names}
    levers = {lever.field: lever for lever in loaded.levers}
    believed = beliefs(loaded.base)
    walks: list[Scenario] = []
    bad: list[str] = []
    first_bad: int | None = None
    untried = 0
    for place in range(len(groups)):
        changes: dict[str, Any] = {}
        for name in names:
            value = columns[name][place]
            if name not in levers:
                changes[f"assumptions.values.{name}"] = _override(believed, name, value)
            else:
                options = levers[name].options
                changes[name] = value if options is None else options[value]
        given = ", ".join(f"{name}={columns[name][place]}" for name in names)
        try:
            origin = f"{loaded.path}: point {number[place]} ({given})"
            walks.append(with_changes(loaded.base, changes, origin=origin))
        except ScenarioError as error:
            bad.append(error.faults[0])
            first_bad = place if first_bad is None else first_bad
        if first_bad is not None and place - first_bad >= TRIED_AFTER:
            untried = len(groups) - place - 1
            break
    if bad:
        shown = first_of(bad, SHOWN_POINTS, "streets that cannot be")
        if untried:
            shown.append(f"and {untried:,} streets that were not tried")
        raise ScenarioError(shown)
    return walks


def _override(believed: Beliefs, name: str, value: float) -> dict[str, Any]:
    """Return the override that gives an entry a value and leaves its range."""
    entry = believed.entry(name)
    return {"value": value, "low": entry.low, "high": entry.high, "why": _WHY}


def _with_seed(scenario: Scenario, seed: int) -> Scenario:
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"seed": seed})})


def _shared_text(loaded: LoadedStudy) -> str:
    """Return what determines every unit's rows alike: options, outcomes, version."""
    options = {
        lever.field: lever.options
        for lever in loaded.levers
        if lever.options is not None and not changes_walk(lever.field)
    }
    tree = {"options": options, "outcomes": loaded.outcomes, "version": __version__}
    return json.dumps(tree, sort_keys=True, ensure_ascii=False)


def _key(digest: str, seed: int, replication: int, points: pd.DataFrame, shared: str) -> str:
    """Return the hash of all that determines a unit's rows."""
    columns = {name: points[name].tolist() for name in points.columns}
    rows = json.dumps(columns, sort_keys=True)
    text = "\n".join([digest, str(seed), str(replication), rows, shared])
    return sha256(text.encode()).hexdigest()[:_KEY_LENGTH]
