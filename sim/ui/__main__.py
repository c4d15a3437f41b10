"""`python -m sim.ui`: what `passerby app` starts."""

import argparse
import sys

from sim.errors import SimError
from sim.ui.serving import check_port, serve, warm
from sim.words.progress import with_progress


def main() -> int:
    """Make ready, then serve until stopped; 2: the port cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m sim.ui")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--classroom", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    try:
        check_port(given.port, classroom=given.classroom)
        with_progress(warm, quiet=given.quiet)
        serve(given.port, classroom=given.classroom)
    except SimError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a program of its own
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
