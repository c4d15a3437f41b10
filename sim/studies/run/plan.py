"""The plan of a study: units of work, each one walk with the points that are scored on it.

Points that differ only in what the walk does not depend on share a walk. A unit is named by the
hash of all that determines its rows, so that it is the same wherever and whenever it is worked on
(docs/decisions/0013-units-and-seeds.md).

State: none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.errors import ScenarioError, SimError
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.field_changes import is_walk_field, with_changes
from sim.scenario.identity import WALK_FAMILIES, scenario_hash
from sim.scenario.schema import Scenario
from sim.studies.define.study import LoadedStudy
from sim.studies.define.study_faults import family_of, first_of

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
    """Return the seed of a walk, 0 to 2**63 - 1: the study's own, then hashed from what it is for.

    The first replication has the people and the luck of ``passerby run``.

    point : None where all points of a replication have the same people
    """
    if replication == 0 and point is None:
        return study_seed
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
    size = MOST_POINTS if study.same_people else 1
    blocks = [_blocks(scored, rows, size) for rows in groups]
    units = []
    for replication in range(study.replications):
        for walk, digest, cut in zip(walks, hashes, blocks, strict=True):
            seeded: dict[int, Scenario] = {}  # one object a walk, by which a runner knows it
            for block in cut:
                point = None if study.same_people else block.first_point
                seed = replication_seed(study.seed, replication, point)
                if seed not in seeded:
                    seeded[seed] = _with_seed(walk, seed)
                text = "\n".join([digest, str(seed), str(replication), block.digest, shared])
                units.append(
                    Unit(
                        key=sha256(text.encode()).hexdigest()[:_KEY_LENGTH],
                        replication=replication,
                        scenario=seeded[seed],
                        points=block.points,
                        outcomes=loaded.outcomes,
                        options=options,
                    )
                )
    return units


class _Block(NamedTuple):
    """Points that are scored together; replications share them.

    digest : hash of every value
    """

    points: pd.DataFrame
    first_point: int
    digest: str


def _groups(points: pd.DataFrame, walk_names: list[str]) -> list[Rows]:
    """Return the rows of each distinct street, in order of their first point."""
    if not walk_names:
        return [np.arange(len(points))]
    number = points.groupby(walk_names, sort=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order]))
    return np.split(order, starts + 1)


def _blocks(scored: pd.DataFrame, rows: Rows, size: int) -> list[_Block]:
    """Return the points of one street, cut into blocks of ``size`` at most."""
    found = []
    for start in range(0, len(rows), size):
        part = scored.iloc[rows[start : start + size]]
        columns = {name: part[name].tolist() for name in part.columns}
        text = json.dumps(columns, sort_keys=True, ensure_ascii=False)
        digest = sha256(text.encode()).hexdigest()
        found.append(_Block(part, columns[col.POINT][0], digest))
    return found


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
