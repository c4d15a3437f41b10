"""What a user says about where a study runs, read and checked.

State: none.
"""

import os
import re
import sys

from sim.errors import SimError


def checked_shard(text: str) -> tuple[int, int]:
    """Return (i, n) of a shard written as ``i/n``, from 1/n to n/n."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if found is not None:
        number, of = int(found[1]), int(found[2])
        if 1 <= number <= of:
            return number, of
    raise SimError(f"--shard {text}: must be I/N with I from 1 to N, such as 3/20")


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
