"""Scenarios as canonical JSON texts: those that ship, and any text read back.

A text is what a page keeps and a cache is keyed by.

State: what was read, bounded.
"""

import json
from collections.abc import Mapping
from functools import lru_cache

from sim.scenario.identity import canonical_json
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios

FIRST_PLACE = "oxford_circus_2020"
TEXTS_HELD = 512


@lru_cache(maxsize=1)
def places() -> Mapping[str, tuple[str, str]]:
    """Return the shipped scenarios: name -> (title, canonical JSON)."""
    found = [load_scenario(path) for path in shipped_scenarios()]
    return {one.name: (one.title, canonical_json(one)) for one in found}


@lru_cache(maxsize=TEXTS_HELD)
def scenario_of(text: str) -> Scenario:
    """Return the scenario of a canonical JSON text; raises ScenarioError with its faults."""
    return scenario_from_mapping(json.loads(text), origin="the scenario of this page")
