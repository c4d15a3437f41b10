"""A sweep in a process of its own, to be killed: ``python kill_target.py FOLDER WORKERS [I/N]``.

Writes the process ids of its workers into FOLDER.pids as they change, so that a test can aim.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import fakes

UNITS = 60


def main():
    # Workers import this file too, and start sooner without these.
    from sim.errors import OutputError
    from sim.studies.run import processes
    from sim.studies.run.run_settings import checked_shard
    from sim.studies.run.runner import run_study

    folder, workers, *rest = sys.argv[1:]
    names = Path(f"{folder}.pids")
    start = processes._started

    def started(*arguments):
        worker = start(*arguments)
        with names.open("a") as file:
            file.write(f"{worker.process.pid}\n")
        return worker

    processes._started = started
    try:
        run_study(
            fakes.asked(UNITS),
            Path(folder),
            workers=int(workers),
            shard=checked_shard(rest[0]) if rest else None,
            work=fakes.slow_rows,
        )
    except KeyboardInterrupt:
        return 130
    except OutputError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
