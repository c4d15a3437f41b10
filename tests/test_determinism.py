"""The same scenario and seed give the same bytes: in another process, on any threads, any hash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [
    *(sys.executable, "-m", "sim", "run", str(ROOT / "tests" / "scenario" / "minimal.yaml")),
    "--json",
]


def answer(**environment):
    found = subprocess.run(
        COMMAND, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=True
    )
    assert found.stderr == b""  # no progress where there is no terminal
    return found.stdout


@pytest.mark.processes
def test_hash_seed_and_threads_change_no_byte():
    first = answer(PYTHONHASHSEED="0", NUMBA_NUM_THREADS="1")
    assert first.startswith(b"{")
    assert answer(PYTHONHASHSEED="1", NUMBA_NUM_THREADS="2") == first
    assert answer(PYTHONHASHSEED="12345", OMP_NUM_THREADS="1") == first
