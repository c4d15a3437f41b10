"""What was packed into a capsule, and what became of it when it was run again, on a terminal.

State: none.
"""

from collections.abc import Callable
from math import isfinite, isnan
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from sim.capsules.asked_again import run_again, scenario_of, study_again
from sim.capsules.capsule import Capsule, Packed
from sim.capsules.drift import Moved
from sim.capsules.run_again import Again, Replayed
from sim.scenario.schema import Scenario
from sim.storage.provenance import STUDY
from sim.words.numbers import counted
from sim.words.progress import study_progress, with_progress
from sim.words.terminal_layout import table

MOST_MOVED_SHOWN = 20


def packed_sentence(packed: Packed) -> str:
    """Return what was written, in words."""
    size = f"{counted(packed.files, 'file')}, {packed.file_bytes / 1024:,.0f} KiB"
    lines = [f"{packed.file}: {size}{' (replaced)' if packed.is_replaced else ''}"]
    if packed.missing:
        lines.append(f"incomplete: {packed.missing}")
    if packed.left_out:
        lines.append(f"left out: {', '.join(packed.left_out)}")
    return "\n".join(lines)


def again_with_progress(
    *,
    workers: int,
    is_allowed_to_be_large: bool,
    check_run: Callable[[Scenario], None],
    quiet: bool,
) -> Again:
    """Return what runs a capsule again, with a bar where a person is looking.

    check_run : refuses a run that is too large
    """

    def again(capsule: Capsule, home: Path) -> None:
        if capsule.manifest["kind"] == STUDY:
            with study_progress(quiet=quiet, log_json=False) as watch:
                study_again(
                    capsule,
                    home,
                    workers=workers,
                    is_allowed_to_be_large=is_allowed_to_be_large,
                    progress=watch,
                )
        else:
            check_run(scenario_of(capsule))
            with_progress(lambda tell: run_again(capsule, home, progress=tell), quiet=quiet)

    return again


def replayed_tables(found: Replayed) -> RenderableType:
    """Return whether the same came out, and if not what moved and why, probably."""
    compared = f"{found.title}: {counted(found.rows, 'row')} computed again"
    exactly = "exactly" if found.tolerance == 0 else f"within {found.tolerance:g} of each value"
    parts: list[RenderableType] = []
    if found.missing:
        parts.append(Text(f"The capsule is incomplete: {found.missing}."))
    if not found.has_drifted:
        parts.append(Text(f"{compared}. The same {exactly}: every number, in every row."))
        if found.failed:
            parts.append(Text(f"{counted(found.failed, 'row')} failed, then as now."))
        if found.differs:
            parts += [Text("That although these differ:")]
            parts += [Text(f"- {words}") for words in found.differs]
        return Group(*parts)
    parts += [Text(f"{compared}. NOT the same ({exactly} was asked for)."), Text()]
    if found.moved:
        parts += [_moved_table(found.moved), Text()]
        worst = max(found.moved, key=lambda row: row.rows)
        parts += [Text(f"For example {worst.name}, {worst.example}"), Text()]
    parts += [Text(f"Also: {words}.") for words in found.others]
    parts.append(Text("Why, the most likely first:"))
    parts += [Text(f"- {words}") for words in found.causes]
    return Group(*parts)


def _moved_table(moved: tuple[Moved, ...]) -> RenderableType:
    """Return what moved, most rows first."""
    made = table(["moved", "rows", "largest", "share", "missing"])
    for row in sorted(moved, key=lambda row: -row.rows)[:MOST_MOVED_SHOWN]:
        made.add_row(
            row.name,
            f"{row.rows:,} of {row.of:,}",
            _difference(row.largest),
            _difference(row.largest_relative),
            f"{row.gone + row.come:,}",
        )
    if len(moved) > MOST_MOVED_SHOWN:
        made.add_row(f"and {len(moved) - MOST_MOVED_SHOWN:,} more", "", "", "", "")
    legend = "largest difference; largest as a share of the value; missing then, or now"
    return Group(made, Text(legend))


def _difference(value: float) -> str:
    if isnan(value):
        return "-"  # words, or no row with a number both times
    return f"{value:.2g}" if isfinite(value) else "infinite"
