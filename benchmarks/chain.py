"""A whole run of a real deployment against its limits: processor time and memory.

The second run of Oxford Circus, 27 February 2020 (8,600 people), cameras and 1,000 response
draws included, in a process of its own with compiled kernels cached by the first.

    python benchmarks/chain.py [--json]
"""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CPU_LIMIT_S = 15.0
MEMORY_LIMIT_MIB = 1024.0
COMMAND = [
    *(sys.executable, "-m", "sim", "run", str(ROOT / "scenarios" / "oxford_circus_2020.yaml")),
    *("--set", "run.draws=1000", "--json", "--quiet"),
]


def measure() -> tuple[float, float]:
    """Run once in a child; return its processor time, s, and the peak memory so far, MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(COMMAND, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, after.ru_maxrss / 1024


def main() -> None:
    """Print the figures and their share of the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    arguments = parser.parse_args()
    first, _ = measure()
    runs = [measure() for _ in range(3)]
    cpu = sorted(used for used, _ in runs)[1]
    memory = max(peak for _, peak in runs)
    found = {
        "first_run_cpu_s": first,
        "cpu_s": cpu,
        "cpu_of_limit": cpu / CPU_LIMIT_S,
        "memory_mib": memory,
        "memory_of_limit": memory / MEMORY_LIMIT_MIB,
    }
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    print(f"first run (cache as found): {first:.1f} s of processor time")
    print(f"second run: {cpu:.1f} s, {cpu / CPU_LIMIT_S:.2f} of the limit of {CPU_LIMIT_S:g} s")
    print(f"peak memory: {memory:.0f} MiB, {memory / MEMORY_LIMIT_MIB:.2f} of 1 GiB")


if __name__ == "__main__":
    main()
