"""Regression: docs/model/parameters.md says what the register says."""

import runpy
from pathlib import Path

from sim.evidence.alternatives import alternatives
from sim.evidence.register import register

ROOT = Path(__file__).parents[2]
WRITER = runpy.run_path(str(ROOT / "scripts" / "write_parameter_tables.py"))


def test_the_tables_on_the_page_are_those_of_the_register():
    written = (ROOT / "docs" / "model" / "parameters.md").read_text(encoding="utf-8")
    assert written == WRITER["page"](), "run: python scripts/write_parameter_tables.py"


def test_every_entry_and_every_reading_has_one_row():
    lines = WRITER["page"]().splitlines()
    for name in register():
        assert sum(line.startswith(f"| `{name}` |") for line in lines) == 1, name
    for found in alternatives():
        assert sum(line.startswith(f"| {found.figure} | {found.reading} |") for line in lines) == 1


def test_every_family_of_the_register_has_a_heading_of_its_own():
    assert {name.split(".")[0] for name in register()} == set(WRITER["FAMILIES"])
