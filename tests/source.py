"""The program's own source, parsed once for all tests that read it."""

import ast
from functools import cache
from pathlib import Path

SIM = Path(__file__).parents[1] / "sim"


@cache
def trees() -> dict[Path, ast.Module]:
    """Return the syntax tree of every file of ``sim``; not to be changed."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(SIM.rglob("*.py"))}
