"""Print the tables of the places that ship, as they stand in docs/model/places.md.

    python scripts/describe_places.py [--walk]

With ``--walk`` each place is walked and the second table printed too: a minute.

State: none.
"""

import sys

import numpy as np
import shapely

from sim.answer.street_facts import mean_wait_s, minute_densities, walk_counts
from sim.model.passages import Passages
from sim.model.street import Street
from sim.scenario.load import load_scenario
from sim.scenario.place.ground import ground_in_view, walkable_polygon
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_folder

STANDING_M = 0.05
PLACES = (
    "pavement",
    "shopping_street",
    "station_exit",
    "town_square",
    "stadium_approach",
    "carnival",
)


def table() -> str:
    """Return the table: what can be read from the scenario files, without walking."""
    lines = [
        "| scenario | walkable, m2 | holes | doors | ways | people asked for | hours | cameras |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in PLACES:
        scenario = load_scenario(shipped_folder() / f"{name}.yaml")
        street, policy = scenario.street, scenario.policy
        doors = {frozenset([door.from_m, door.to_m]) for door in (*street.entrances, *street.exits)}
        lines.append(
            f"| `{name}` | {walkable_polygon(street).area:.0f} | {len(street.holes_m)} "
            f"| {len(doors)} | {len(street.flows)} | {street.footfall.people:,.0f} "
            f"| {policy.hours:g} | {len(policy.cameras)} |"
        )
    return "\n".join(lines)


def walked_table() -> str:
    """Return what a walk of each place shows."""
    lines = [
        "| scenario | came in | density in view | waited | standing | usable faces |",
        "|---|---|---|---|---|---|",
    ]
    for name in PLACES:
        scenario = load_scenario(shipped_folder() / f"{name}.yaml")
        passages = Street(scenario).walk()
        facts, wait = walk_counts(passages), mean_wait_s(passages)
        middle, most = densities_in_view(scenario, passages)
        waited = f"{facts['waited']:,}" + ("" if wait is None else f", {wait:.0f} s each")
        lines.append(
            f"| `{name}` | {facts['people']:,} | {middle:.2g} ({most:.2g}) | {waited} | "
            f"{100 * standing_share(passages):.1f} % | "
            f"{100 * facts['faces_usable'] / facts['people']:.0f} % |"
        )
    return "\n".join(lines)


def densities_in_view(scenario: Scenario, passages: Passages) -> tuple[float, float]:
    """Return people a square metre in view of any camera: median minute, busiest minute."""
    ground = walkable_polygon(scenario.street)
    views = [ground_in_view(camera) for camera in scenario.policy.cameras]
    zone = shapely.union_all(views).intersection(ground)
    density = minute_densities(scenario, passages, zone)
    return float(np.median(density)), float(density.max())


def standing_share(passages: Passages) -> float:
    """Return the share of person-seconds in which somebody moved less than 5 cm."""
    trail = passages.trail
    step = np.hypot(*np.diff(trail.xy.astype(np.float64), axis=0).T)
    own = np.ones(len(step), dtype=np.bool_)
    own[trail.start[1:-1][trail.start[1:-1] < len(trail.xy)] - 1] = False
    return float((step[own] < STANDING_M).mean())


if __name__ == "__main__":
    print(table())
    if "--walk" in sys.argv[1:]:
        print()
        print(walked_table())
