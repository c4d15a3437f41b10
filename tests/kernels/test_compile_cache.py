"""Compiled kernels are kept for the next process, and two that start at once do not collide."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.kernels import _jit
from sim.words import progress

ROOT = Path(__file__).resolve().parents[2]
# One small kernel stands for all: they share decorator and folder.
SCRIPT = """
import json, os
from sim.kernels import _jit
from sim.kernels.draws import uniform_pair
was_in_cache = _jit.is_in_cache("draws.uniform_pair")
draws = [value.hex() for k in range(50) for value in uniform_pair(7, 1, 3, k)]
print(json.dumps({
    "draws": draws,
    "compiled": sum(uniform_pair.stats.cache_misses.values()),
    "was_in_cache": was_in_cache,
    "folder": os.environ["NUMBA_CACHE_DIR"],
}))
"""


def start(cache):
    left_out = ("NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        environment[name] = str(cache)
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, text=True
    )


def answer(process):
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(output)


@pytest.mark.slow
def test_two_processes_at_once_agree_and_the_next_compiles_nothing(tmp_path):
    both = [answer(process) for process in [start(tmp_path), start(tmp_path)]]
    assert both[0]["draws"] == both[1]["draws"]
    assert max(found["compiled"] for found in both) == 1
    assert Path(both[0]["folder"]).is_relative_to(tmp_path)
    third = answer(start(tmp_path))
    assert third["draws"] == both[0]["draws"]
    assert third["compiled"] == 0
    assert third["was_in_cache"]


class Terminal:
    """A standard error that says it is a terminal, and keeps what is written."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass


@pytest.mark.parametrize("compiled", [False, True])
def test_the_first_run_says_that_it_prepares(monkeypatch, tmp_path, compiled):
    if compiled:
        (tmp_path / "kernels_0").mkdir()
        (tmp_path / "kernels_0" / "walk.advance-43.py311.nbi").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    assert _jit.is_in_cache("walk.advance") is compiled

    def work(tell):
        tell("walking", 0.0)
        tell("walking", 0.5)
        return 1

    assert progress.with_progress(work, quiet=False) == 1
    # A narrow terminal cuts the line short.
    assert ("preparing the fast" in terminal.text) is not compiled
