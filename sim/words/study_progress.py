"""What a study would cost, how far it has got and what it left behind, on a terminal.

State: none; functions take the JSON objects of ``passerby sweep`` and ``passerby status``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import counted
from sim.words.progress import duration
from sim.words.terminal_layout import table

REASONS_SHOWN = 5


def cost_table(cost: Mapping[str, Any], title: str) -> RenderableType:
    """Return what a study is expected to take, before it runs."""
    made = table([title, ""])
    workers = f"{cost['workers']} workers" if cost["workers"] > 1 else "1 worker"
    walks = f"{cost['walks']:,}" + (f" ({cost['kept']:,} walked before)" if cost["kept"] else "")
    for name, value in (
        ("runs (a point and a replication each)", f"{cost['runs']:,}"),
        ("walks", walks),
        ("units of work", f"{cost['units']:,}"),
        ("processor time, about", duration(cost["cpu_s"])),
        (f"time with {workers}, about", duration(cost["elapsed_s"])),
        ("memory, about", _size(cost["memory_mib"])),
        ("disk, results, about", _size(cost["disk_mib"])),
        ("disk, cache of walks, about", _size(cost["walk_disk_mib"])),
    ):
        made.add_row(name, value)
    return made


def status_table(status: Mapping[str, Any], advice: Sequence[str]) -> RenderableType:
    """Return how far a study has got, why units failed, and whether replications suffice."""
    made = table([f"{status['study']}: {status['title']}", ""])
    for name, value in (
        ("points", f"{status['points']:,}"),
        ("replications", f"{status['replications']:,}"),
        ("units done", f"{status['done']:,} of {status['units']:,}"),
        ("units failed", _counted(status["failed"])),
        ("units missing", _counted(status["missing"])),
        ("rows so far", f"{status['rows']:,}"),
    ):
        made.add_row(name, value)
    if status["failed_rows"] is not None:
        made.add_row("rows without outcomes", _counted(status["failed_rows"]))
    if status["is_running"]:
        made.add_row("a sweep is at work here", "yes")
        if status["units_per_s"] is not None and status["remaining_s"] is not None:
            made.add_row("units a minute, lately", f"{60 * status['units_per_s']:,.3g}")
            made.add_row("time left, about", duration(status["remaining_s"]))
    if status["finished"]:
        made.add_row("finished", status["finished"])
    parts: list[RenderableType] = [made]
    shown = list(status["failures"].items())[:REASONS_SHOWN]
    if shown:
        lines = ["", *(f"failed: unit {key}: {reason}" for key, reason in shown)]
        if status["failed"] > len(shown):
            lines.append(f"and {status['failed'] - len(shown):,} more: --json names all")
        parts.append(Text("\n".join(lines)))
    if advice:
        parts.append(Text("\n".join(["", "Are there enough replications?", *advice])))
    return Group(*parts)


def finished_sentence(finished: Mapping[str, Any]) -> str:
    """Return what a sweep has left behind."""
    if finished["results"] is None:
        units, missing = finished["units"], finished["missing"]
        return (
            f"{units - missing:,} of {units:,} units have ended; "
            f"{missing:,} are left to the other shards. The one that ends last writes "
            f"{finished['folder']}/results.parquet"
        )
    took = duration(finished["elapsed_s"])
    worked = f"{finished['worked']:,} of {counted(finished['units'], 'unit')} in {took}"
    if not finished["worked"]:
        worked = "nothing was left to do"
    words = f"{counted(finished['rows'], 'row')} in {finished['results']} ({worked})"
    if finished["failed_rows"]:
        words += (
            f"; {finished['failed_rows']:,} rows have no outcomes: their column reason says why, "
            "and every estimate says how many were left out"
        )
    return words


def _counted(number: int) -> str:
    return f"{number:,}" if number else "none"


def _size(mebibytes: float) -> str:
    if mebibytes >= 1024:
        return f"{mebibytes / 1024:,.1f} GiB"
    return f"{mebibytes:,.0f} MiB" if mebibytes >= 1 else "under 1 MiB"
