"""Write the study of policies that ships with the page: sweep it, average it, keep it.

    python -m scripts.write_frontier_table [FOLDER]

A minute or two. FOLDER: where the study has been swept already, or is to be kept.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.studies.define.study import load_study
from sim.studies.judge.shipped_frontier import FILE, STUDY, averages_of
from sim.studies.run.run_settings import processors
from sim.studies.run.runner import ready_study, run_study


def main() -> None:
    """Write the table; print where and how large."""
    with TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "study"
        run_study(ready_study(load_study(STUDY)), folder, workers=processors())
        content = averages_of(folder)
    FILE.path.write_bytes(content)
    print(f"{FILE.path}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
