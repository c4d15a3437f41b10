"""Studies: two workers against one, what running adds to the work, memory, policies a second.

    python benchmarks/sweep.py [--quick] [--json]

``--quick`` has fewer people, units and policies: to see that it works, not for figures.
"""

import argparse
import json
import statistics
from dataclasses import asdict, dataclass
from typing import Any

from parts import sweeps

LEAST_SPEED_UP = 1.8
MOST_OVERHEAD = 0.05
LEAST_SCORED = 2000.0  # points a second a core
LEAST_TIMES = 100.0  # the naive way
MOST_START_UP = 2.0  # s


@dataclass(frozen=True, slots=True)
class Size:
    """How large the studies are."""

    people: float
    hours: float
    walks: int
    pairs: int
    idle_units: int
    steps: int
    policy_walks: int


POLICY_DRAWS = 5
FULL = Size(6000.0, 3.0, 16, 3, 10_000, 5, 20)
QUICK = Size(600.0, 0.5, 4, 1, 200, 2, 2)


def measured(size: Size) -> dict[str, Any]:
    """Return all figures."""
    crowd = {"people": size.people, "hours": size.hours}
    walks = sweeps.asked_for("walks", **crowd, levers=sweeps.FEW_LEVERS, replications=size.walks)
    many = sweeps.asked_for(
        "policies",
        **crowd,
        levers=sweeps.MANY_LEVERS.format(steps=size.steps),
        replications=size.policy_walks,
        draws=POLICY_DRAWS,
    )
    sweeps.bare_s(walks)  # compiles what is not compiled yet
    starting = sweeps.timed(walks, 2)
    return {
        "start_up_s": sweeps.start_up_s(size.pairs),
        "workers_ready_s": starting.starting_s,
        "speed_up_of_two_workers": sweeps.speed_up(walks, size.pairs),
        "overhead": sweeps.overhead(walks, size.pairs),
        "policies": asdict(sweeps.policies(many, 1)),
        "memory_mib": sweeps.memory_curve(sweeps.idle_study(size.idle_units), 2),
    }


def main() -> None:
    """Print the figures beside what is wanted of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small: only to see that it works")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    arguments = parser.parse_args()
    found = measured(QUICK if arguments.quick else FULL)
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    ups, shares, many = found["speed_up_of_two_workers"], found["overhead"], found["policies"]
    curve = found["memory_mib"]
    print(
        f"a command starts in {_spread(found['start_up_s'], 1)} s "
        f"(under {MOST_START_UP:g} wanted), "
        f"workers are ready after {found['workers_ready_s']:.1f} s"
    )
    print(
        f"two workers: {_spread(ups, 2)} times one ({LEAST_SPEED_UP:g} wanted)\n"
        f"running, keeping and joining add {_spread([100 * s for s in shares], 1)} % to the bare "
        f"work (under {100 * MOST_OVERHEAD:g} % wanted)\n"
        f"{many['points']:,} policies and draws on {many['walks']} walks: "
        f"{many['scored_a_second_a_core']:,.0f} a second a core after the walks "
        f"({LEAST_SCORED:,.0f} wanted), {many['times_the_naive_way']:,.0f} times as fast as a run "
        f"each ({LEAST_TIMES:g} wanted), {many['peak_mib']:,.0f} MiB"
    )
    print("units done, MiB of all three processes:")
    for units, held in curve:
        print(f"{units:>8,}  {held:,.0f}")


def _spread(values: list[float], digits: int) -> str:
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


if __name__ == "__main__":
    main()
