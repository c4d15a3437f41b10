"""The code in the how-tos runs, as it is printed."""

import re
from pathlib import Path

import pytest

from sim.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


def code_of(name):
    text = (ROOT / "docs" / "howto" / name).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def run(blocks):
    """Run blocks one after the other in one session; return its names."""
    known = {}
    for number, block in enumerate(blocks):
        exec(compile(block, f"block {number}", "exec"), known)  # noqa: S102 - our own pages
    return known


def test_the_code_for_mesa_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    blocks = code_of("use-from-mesa.md")
    assert len(blocks) == 3
    known = run(blocks)
    assert known["mine"].faces_usable > 0
    assert known["shift"].steps >= 1
    assert "west" in capsys.readouterr().out


def test_the_code_for_a_replay_runs(monkeypatch, tmp_path, capsys):
    text = (ROOT / "docs" / "howto" / "replay.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"```sh\npasserby (.*)\n```", text)
    monkeypatch.chdir(tmp_path)
    few = [
        "--set",
        "run.draws=50",
        "--set",
        "policy.hours=1.25",
        "--set",
        "street.footfall.people=2000.0",
    ]
    assert main([*command.split(), *few]) == 0
    blocks = code_of("replay.md")
    assert len(blocks) == 2
    known = run(blocks)
    assert known["replay"].about["frames"] == 6000
    assert "density" in capsys.readouterr().out
