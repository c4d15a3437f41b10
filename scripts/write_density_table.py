"""Write the density table that ships with the program; takes about ten minutes on one core.

    python -m scripts.write_density_table

State: none.
"""

import time

from sim.crowding.density import density_plan
from sim.crowding.density_shipped import FILE, about_table, density_content, density_scenario
from sim.crowding.density_table import density_table


def main() -> None:
    """Walk, score, write."""
    began = time.monotonic()
    scenario = density_scenario()
    rows = density_table(
        density_plan(scenario),
        progress=lambda words: print(f"{time.monotonic() - began:4.0f} s  {words}", flush=True),
    )
    content = density_content(rows, about_table(scenario))
    FILE.path.write_bytes(content)
    print(f"{FILE.path}: {len(rows):,} rows, {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
