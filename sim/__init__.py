"""Passerby: false stops per true match of police live facial recognition, simulated.

A *scenario* (one YAML file) is walked, matched and responded to; the result says how many people
are stopped by mistake for each person rightly matched, who they are, and how sure that is.
``docs/model/odd.md`` describes the model, ``passerby evidence`` every number in it.

Everything that a notebook, a batch or a how-to needs is here; what lies below may move. Names are
imported when they are first used, so that ``import sim`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.answer.comparison import compare
    from sim.answer.result import Result, simulate
    from sim.evidence.register import entry as evidence_entry
    from sim.model.cameras import CameraAgent
    from sim.model.response import Response
    from sim.model.street import Street
    from sim.playback.replay import read_replay
    from sim.record.against_record import against_record as predict_record
    from sim.scenario.link import scenario_from_share, share_text
    from sim.scenario.load import load_scenario
    from sim.scenario.schema import Scenario
    from sim.studies.define.design import design
    from sim.studies.define.study import load_study
    from sim.studies.judge.frontier import frontier_answer as frontier
    from sim.studies.run.results import read_results
    from sim.studies.run.runner import run_study

__version__ = "0.1.0"

_HOMES = {
    "CameraAgent": "sim.model.cameras",
    "Response": "sim.model.response",
    "Result": "sim.answer.result",
    "Scenario": "sim.scenario.schema",
    "Street": "sim.model.street",
    "compare": "sim.answer.comparison",
    "design": "sim.studies.define.design",
    "evidence_entry": "sim.evidence.register:entry",
    "frontier": "sim.studies.judge.frontier:frontier_answer",
    "load_scenario": "sim.scenario.load",
    "load_study": "sim.studies.define.study",
    "predict_record": "sim.record.against_record:against_record",
    "read_replay": "sim.playback.replay",
    "read_results": "sim.studies.run.results",
    "run_study": "sim.studies.run.runner",
    "scenario_from_share": "sim.scenario.link",
    "share_text": "sim.scenario.link",
    "simulate": "sim.answer.result",
}
__all__ = [
    "CameraAgent",
    "Response",
    "Result",
    "Scenario",
    "Street",
    "compare",
    "design",
    "evidence_entry",
    "frontier",
    "load_scenario",
    "load_study",
    "predict_record",
    "read_replay",
    "read_results",
    "run_study",
    "scenario_from_share",
    "share_text",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``passerby --help`` is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    home, _, other = _HOMES[name].partition(":")
    return getattr(import_module(home), other or name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
