"""Walked streets and answers, shared by all visitors and bounded.

Caches are keyed by what they hold: a walk by its hash, an answer by the scenarios as JSON. They are
plain, not the framework's: ``sim.ui.serving`` fills them before the port opens.

State: the caches, one pool of walking processes.
"""

import json
import os
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from sim.answer.instant import Instant, InstantStreet, against, as_json
from sim.scenario.identity import canonical_json, walk_hash
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios
from sim.storage.walk_cache import is_kept, walked
from sim.ui.jobs import WalkingPool

STREETS_HELD, ANSWERS_HELD = 12, 512
FIRST_PLACE = "oxford_circus_2020"


@lru_cache(maxsize=1)
def pool() -> WalkingPool:
    """Return the one pool of processes that walk for visitors."""
    return WalkingPool(max((os.cpu_count() or 2) - 1, 1))


@lru_cache(maxsize=1)
def places() -> Mapping[str, tuple[str, str]]:
    """Return the shipped scenarios: name -> (title, canonical JSON)."""
    found = [load_scenario(path) for path in shipped_scenarios()]
    return {one.name: (one.title, canonical_json(one)) for one in found}


@lru_cache(maxsize=ANSWERS_HELD)
def scenario_of(text: str) -> Scenario:
    """Return the scenario of a canonical JSON text; raises ScenarioError with its faults."""
    return scenario_from_mapping(json.loads(text), origin="the scenario of this page")


def is_walked(scenario: Scenario) -> bool:
    """Whether the scenario's street can be answered without walking it."""
    return is_kept(scenario)


@lru_cache(maxsize=ANSWERS_HELD)
def answers(base: str, option: str) -> dict[str, Any]:
    """Return both answers and what the option does, for two canonical JSON texts; not to change."""
    there = instant(base)
    here = there if option == base else instant(option)
    return {
        "baseline": as_json(there),
        "option": as_json(here),
        "against": against(there, here),
    }


@lru_cache(maxsize=64)
def instant(text: str) -> Instant:
    """Return the answer for a canonical JSON text whose street has been walked."""
    scenario = scenario_of(text)
    return _streets().of(scenario).answer(scenario)


class _Streets:
    """Streets read from the cache of walks, the latest few; one is read at a time."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, InstantStreet] = OrderedDict()
        self._lock = Lock()

    def of(self, scenario: Scenario) -> InstantStreet:
        """Return the street of a scenario that has been walked."""
        walk = walk_hash(scenario)
        with self._lock:
            if walk not in self._held:
                self._held[walk] = InstantStreet(scenario, walked(scenario))
                if len(self._held) > STREETS_HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(walk)
            return self._held[walk]


@lru_cache(maxsize=1)
def _streets() -> _Streets:
    return _Streets()
