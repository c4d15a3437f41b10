"""Walked streets and answers, shared by all visitors and bounded.

Caches are keyed by what they hold: a walk by its hash, an answer by the scenarios as JSON.

State: Streamlit's caches, one pool of walking processes.
"""

import json
import os
from typing import Any

import streamlit as st

from sim.experiments.instant import Instant, InstantStreet, against, as_json
from sim.experiments.sweep.walk_cache import is_kept, walked
from sim.scenario.identity import canonical_json, walk_hash
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios
from sim.ui.jobs import WalkingPool

STREETS_HELD = 12
ANSWERS_HELD = 512


@st.cache_resource(show_spinner=False)
def pool() -> WalkingPool:
    """Return the one pool of processes that walk for visitors."""
    return WalkingPool(max((os.cpu_count() or 2) - 1, 1))


@st.cache_data(show_spinner=False)
def places() -> dict[str, tuple[str, str]]:
    """Return the shipped scenarios: name -> (title, canonical JSON)."""
    found = [load_scenario(path) for path in shipped_scenarios()]
    return {one.name: (one.title, canonical_json(one)) for one in found}


@st.cache_data(max_entries=ANSWERS_HELD, show_spinner=False)
def scenario_of(text: str) -> Scenario:
    """Return the scenario of a canonical JSON text; raises ScenarioError with its faults."""
    return scenario_from_mapping(json.loads(text), origin="the scenario of this page")


def is_walked(scenario: Scenario) -> bool:
    """Whether the scenario's street can be answered without walking it."""
    return walk_hash(scenario) in _held() or is_kept(scenario)


def answers(base: str, option: str) -> dict[str, Any]:
    """Return both answers and what the option does, for two canonical JSON texts."""
    return _answers(base, option)


@st.cache_data(max_entries=ANSWERS_HELD, show_spinner=False)
def _answers(base: str, option: str) -> dict[str, Any]:
    there = _instant(base)
    here = there if option == base else _instant(option)
    return {
        "baseline": as_json(there),
        "option": as_json(here),
        "against": against(there, here),
    }


@st.cache_resource(max_entries=64, show_spinner=False)
def _instant(text: str) -> Instant:
    scenario = scenario_of(text)
    return _street(walk_hash(scenario), scenario).answer(scenario)


@st.cache_resource(max_entries=STREETS_HELD, show_spinner=False)
def _street(walk: str, _scenario: Scenario) -> InstantStreet:
    _held().add(walk)
    return InstantStreet(_scenario, walked(_scenario))


@st.cache_resource(show_spinner=False)
def _held() -> set[str]:
    """Return the hashes of streets that were read; one that has left the cache is read again."""
    return set()
