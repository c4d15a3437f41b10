"""Passerby: false stops per true match of police live facial recognition, simulated.

A *scenario* (one YAML file) is walked, matched and responded to; the result says how many people
are stopped by mistake for each person rightly matched, who they are, and how sure that is.
``docs/model/odd.md`` describes the model, ``passerby evidence`` every number in it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.answer.result import Result, simulate
    from sim.scenario.load import load_scenario
    from sim.scenario.schema import Scenario

__version__ = "0.1.0"
__all__ = ["Result", "Scenario", "__version__", "load_scenario", "simulate"]

_HOMES = {
    "Result": "sim.answer.result",
    "Scenario": "sim.scenario.schema",
    "load_scenario": "sim.scenario.load",
    "simulate": "sim.answer.result",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``passerby --help`` is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only when a name is asked for

    return getattr(import_module(_HOMES[name]), name)
