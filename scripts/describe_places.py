"""Print the table of the places that ship, as it stands in docs/model/places.md.

    python scripts/describe_places.py

State: none.
"""

from sim.scenario.load import load_scenario
from sim.scenario.place import walkable_polygon
from sim.scenario.shipped import shipped_folder

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


if __name__ == "__main__":
    print(table())
