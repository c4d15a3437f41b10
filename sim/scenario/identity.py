"""What a scenario is, as hashes: of all that determines its result, and of its walk alone.

State: none.
"""

import json
from hashlib import sha256

from sim import __version__
from sim.scenario.beliefs import beliefs
from sim.scenario.schema import Scenario

NAMING = {"name", "title", "purpose", "recorded"}  # changes no number
WALK_FAMILIES = ("walk", "crowd", "arrivals", "camera")
_LENGTH = 16


def canonical_json(scenario: Scenario) -> str:
    """Return the scenario as JSON with sorted keys and nothing left to defaults."""
    return json.dumps(scenario.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


def scenario_hash(scenario: Scenario) -> str:
    """Return the hash of all that determines the result, but the seed."""
    tree = scenario.model_dump(mode="json", exclude=NAMING)
    tree["run"].pop("seed")
    return _hash(tree)


def walk_hash(scenario: Scenario) -> str:
    """Return the hash of all that the walk depends on, seed and model version included."""
    policy = scenario.policy
    overridden = beliefs(scenario).overridden
    tree = {
        "street": scenario.street.model_dump(mode="json"),
        "cameras": [camera.model_dump(mode="json") for camera in policy.cameras],
        "start_hour": policy.start_hour,
        "hours": policy.hours,
        "signs": policy.signs,
        "avoid_area_m": policy.model_dump(mode="json")["avoid_area_m"],
        "locomotion": scenario.assumptions.locomotion,
        "beliefs": {
            name: entry.value
            for name, entry in overridden.items()
            if name.split(".")[0] in WALK_FAMILIES
        },
        "time_step_s": scenario.run.time_step_s,
        "seed": scenario.run.seed,
        "version": __version__,
    }
    return _hash(tree)


def _hash(tree: object) -> str:
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:_LENGTH]
