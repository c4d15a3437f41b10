"""Run the experiments, write what they found, and say which criteria are missed.

    python -m scripts.validation [--only W1,W3] [--quick] [--out docs/model]
    python -m scripts.validation --rewrite    the page again, from its copy, without a run

Exit status: 0 every criterion met, 3 some missed (named on stderr), 2 a wrong call.
"""

import argparse
import sys
import time
from pathlib import Path

from scripts.validation.experiments import EXPERIMENTS
from scripts.validation.report import ROOT, missed, read_records, record_of, section, write
from scripts.validation.results import MODELS, Setting

SEEDS, QUICK_SEEDS = 5, 2
DOCS = ROOT / "docs" / "model"
MISSED = 3


def main() -> int:
    """Return the exit status."""
    arguments = _arguments()
    wanted = arguments.only or [experiment.name for experiment in EXPERIMENTS]
    running = [] if arguments.rewrite else wanted
    setting = Setting(arguments.models, arguments.seeds, arguments.quick)
    # A quick look is shown, not written, unless somebody says where.
    folder = arguments.out or (None if arguments.quick else DOCS)
    records = read_records(folder) if folder else {}
    for experiment in EXPERIMENTS:
        if experiment.name not in running:
            continue
        print(f"{experiment.name} {experiment.title} ...", end=" ", file=sys.stderr, flush=True)
        began = time.process_time()
        records[experiment.name] = record_of(experiment, experiment.run(setting), setting)
        print(f"{time.process_time() - began:.0f} s of CPU", file=sys.stderr, flush=True)
        records = {e.name: records[e.name] for e in EXPERIMENTS if e.name in records}
        if folder is not None:  # at once: a run that is broken off keeps what it has found
            write(records, folder)
    if folder is None:
        print(section(records))
    else:
        for path in write(records, folder):
            print(path)
    faults = missed({name: record for name, record in records.items() if name in wanted})
    for line in faults:
        print(f"missed: {line}", file=sys.stderr)
    return MISSED if faults else 0


def _arguments() -> argparse.Namespace:
    names = [experiment.name for experiment in EXPERIMENTS]
    parser = argparse.ArgumentParser(
        prog="python -m scripts.validation", description="Hold the walk against measurements."
    )
    parser.add_argument("--only", help="experiments, by name: W1,W3", default="")
    parser.add_argument("--quick", action="store_true", help="small and noisy; shown, not written")
    parser.add_argument("--rewrite", action="store_true", help="run nothing, write the page anew")
    parser.add_argument("--out", type=Path, help="folder of the page; plots go to ../img")
    parser.add_argument("--seeds", type=int, help=f"replications; {SEEDS}, quick {QUICK_SEEDS}")
    parser.add_argument("--model", choices=MODELS, action="append", help="one locomotion model")
    arguments = parser.parse_args()
    arguments.only = [name.strip() for name in arguments.only.split(",") if name.strip()]
    unknown = [name for name in arguments.only if name not in names]
    if unknown:
        parser.error(f"--only: no experiment {', '.join(unknown)}; there are {', '.join(names)}")
    if arguments.seeds is None:
        arguments.seeds = QUICK_SEEDS if arguments.quick else SEEDS
    if arguments.seeds < 1:
        parser.error(f"--seeds: at least 1; found {arguments.seeds}")
    arguments.models = tuple(arguments.model or MODELS)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
