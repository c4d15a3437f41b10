"""Small scenarios for tests of the walk."""

import math
from pathlib import Path

import yaml

from sim.scenario.load import load_scenario, scenario_from_mapping

MINIMAL = Path(__file__).parent / "scenario" / "minimal.yaml"
ALONE = "arrivals.hourly_cv", "walk.party_size_lambda"


def minimal(*settings):
    return load_scenario(MINIMAL, settings=settings)


def tree(**street):
    """Return the minimal scenario as a mapping, some fields of its street replaced."""
    found = yaml.safe_load(MINIMAL.read_text(encoding="utf-8"))
    found["street"].update(street)
    return found


def place(outline, entrance, exit_, *, people=60.0, holes=(), cameras=()):
    """Return a scenario on another ground, one entrance, one exit, alone and without parties."""
    found = tree(
        walkable_m=[list(point) for point in outline],
        holes_m=[[list(point) for point in hole] for hole in holes],
        entrances=[{"name": "in", "from_m": list(entrance[0]), "to_m": list(entrance[1])}],
        exits=[{"name": "out", "from_m": list(exit_[0]), "to_m": list(exit_[1])}],
        flows=[{"entrance": "in", "exit": "out", "share": 1.0}],
    )
    found["street"]["footfall"]["people"] = people
    found["policy"]["cameras"] = list(cameras)
    found["policy"]["signs"] = False
    found["policy"]["officers"] = 0
    found["assumptions"] = {
        "values": {
            "walk.party_size_lambda": {"value": 1e-6, "low": 1e-6, "high": 1.11, "why": "alone"}
        }
    }
    return scenario_from_mapping(found)


def turned(point, angle, shift):
    """Return a point turned about the origin by ``angle`` rad, then moved by ``shift`` m."""
    x, y = point
    cos, sin = math.cos(angle), math.sin(angle)
    return (x * cos - y * sin + shift[0], x * sin + y * cos + shift[1])
