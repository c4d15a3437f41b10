"""A study that has been run, as whoever judges it needs it: its table, levers and uncertainties.

Levers of ``policy.*`` make a policy; all else that the study varies makes a draw.

State: none; reads the study's folder.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.answer.outcomes import ALL_OUTCOMES
from sim.errors import SimError
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.faults import suggestion
from sim.scenario.schema import Scenario
from sim.studies.define.study import load_study, shipped_studies
from sim.studies.define.study_schema import Study
from sim.studies.run.folder import opened
from sim.studies.run.results import read_results

POLICY = "policy."
RATIOS = {
    name: one.is_ratio_of for name, one in ALL_OUTCOMES.items() if one.is_ratio_of is not None
}


@dataclass(frozen=True, slots=True)
class RunStudy:
    """A study that has been run, or is being run.

    points                : of the design, run or not
    levers, uncertainties : columns of the table, in the order of the design
    """

    folder: Path
    study: Study
    believed: Beliefs
    results: pd.DataFrame
    points: int
    levers: tuple[str, ...]
    uncertainties: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the design but ``point``: levers, then uncertainties."""
        return (*self.levers, *self.uncertainties)

    @property
    def policy_levers(self) -> list[str]:
        """Levers that a force chooses."""
        return [name for name in self.levers if name.startswith(POLICY)]

    @property
    def circumstances(self) -> list[str]:
        """Levers that no force chooses, such as the crowd."""
        return [name for name in self.levers if not name.startswith(POLICY)]

    @property
    def drawn_names(self) -> list[str]:
        """What makes a draw: circumstances, then uncertainties."""
        return [*self.circumstances, *self.uncertainties]

    def check_has(self, outcomes: Iterable[str], asked_by: str = "") -> None:
        """Refuse outcomes that the table does not have, parts of ratios included."""
        parts = [part for name in outcomes for part in RATIOS.get(name, (name,))]
        gone = [name for name in dict.fromkeys(parts) if name not in self.results]
        if gone:
            there = ", ".join(name for name in ALL_OUTCOMES if name in self.results)
            raise SimError(
                f"{self.folder}: {asked_by}the study has no {' and no '.join(gone)}; it has {there}"
            )


def opened_study(
    path: Path, command: str, hint: Callable[[Study], str] = lambda _study: ""
) -> RunStudy:
    """Return the study in a folder; a study that has not been run is refused, with the command.

    command : that asks for it
    hint    : what else to say of a study that has not been run
    """
    if not path.is_dir():
        _refuse_file(path, command, hint)
    home = opened(path)
    given = home.study()
    study = Study.model_validate_json(json.dumps(given["study"]))
    results = read_results(path)
    if results.empty:
        raise SimError(
            f"{path}: no unit has ended yet; 'passerby status {path}' says how far it is"
        )
    uncertain = set(given["uncertainties"])
    return RunStudy(
        folder=path,
        study=study,
        believed=beliefs(Scenario.model_validate_json(json.dumps(given["base"]))),
        results=results,
        points=int(home.manifest()["points"]),
        levers=tuple(name for name in results.columns if name in study.levers),
        uncertainties=tuple(name for name in results.columns if name in uncertain),
    )


def check_outcome(name: str, option: str, known: Iterable[str] = ALL_OUTCOMES) -> None:
    """Refuse a name that is no outcome, with the one that may be meant."""
    if name not in known:
        raise SimError(f"{option}: unknown outcome{suggestion(name, list(known))}")


def _refuse_file(path: Path, command: str, hint: Callable[[Study], str]) -> None:
    names = [file.stem for file in shipped_studies()]
    if not path.exists() and not path.suffix and path.name not in names:
        raise SimError(
            f"{path}: no such folder, and no shipped study of that name"
            f"{suggestion(path.name, names)}; 'passerby sweep STUDY --out DIR' makes a folder"
        )
    study = load_study(path).study
    raise SimError(
        f"{path}: a study that has not been run; first 'passerby sweep {path} --out "
        f"results/{study.name}', then 'passerby {command} results/{study.name}'{hint(study)}"
    )
