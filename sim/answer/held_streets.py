"""Walked streets and answers, held for whoever asks again.

Caches are keyed by what they hold: a street by the hash of its walk, an answer by the scenarios as
canonical JSON.

State: the caches.
"""

from functools import lru_cache
from typing import Any

from sim.answer.comparison import against
from sim.answer.report import answer_json
from sim.answer.result import AnsweringStreet, Result
from sim.scenario.identity import walk_hash
from sim.scenario.texts import scenario_of
from sim.storage.bounded_cache import BoundedCache
from sim.storage.walk_cache import walked

_STREETS: BoundedCache[str, AnsweringStreet] = BoundedCache(12)


@lru_cache(maxsize=512)
def answers(base: str, option: str) -> dict[str, Any]:
    """Return both answers and what the option does, for two canonical JSON texts; not to change."""
    there = answered(base)
    here = there if option == base else answered(option)
    return {
        "baseline": answer_json(there),
        "option": answer_json(here),
        "against": against(there, here),
    }


@lru_cache(maxsize=64)
def answered(text: str) -> Result:
    """Return the answer for a canonical JSON text; its street is walked if nobody has yet."""
    scenario = scenario_of(text)
    street = _STREETS.of(walk_hash(scenario), lambda: AnsweringStreet(scenario, walked(scenario)))
    return street.answer(scenario)
