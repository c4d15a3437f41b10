"""Claims taken apart and plans for seeing a disparity, on a terminal.

State: none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import whole
from sim.words.terminal_layout import table, titled

_COARSE = 1e-4  # shares below it are printed to one digit, as they are published


def percent(share: float) -> str:
    """Return a share in per cent: two digits, one where it is very small."""
    digits = 1 if share < _COARSE else 2
    return f"{Decimal(f'{100 * share:.{digits}g}'):f} %"  # never in powers of ten


def one_in(share: float) -> str:
    """Return a share as one in so many, to three digits."""
    of = 1 / share
    rounded = float(f"{of:.3g}")
    return f"1 in {rounded:,.0f}" if rounded >= 100 else f"1 in {rounded:g}"


def claim_page(claim: Mapping[str, Any]) -> RenderableType:
    """Return what a claim divides by what, by each denominator, and what is missing."""
    made = table(["divided by", "share", "", "exact 95 % interval"])
    for row in claim["shares"]:
        interval = "not known: no counts"
        if row["low"] is not None:
            interval = f"{percent(row['low'])} to {percent(row['high'])}"
        named = (
            row["divided_by"] if row["of"] is None else f"{whole(row['of'])} {row['divided_by']}"
        )
        share = percent(row["share"]) if row["share"] else "none seen"
        made.add_row(named, share, one_in(row["share"]) if row["share"] else "", interval)
    parts: list[RenderableType] = [
        Text(f"\u201c{claim['text']}\u201d says: {claim['says']}."),
        Text(),
        made,
    ]
    if claim["missing"]:
        lines = ["What is missing before it means what it seems to:"]
        lines += [f"- {words}" for words in claim["missing"]]
        parts += [Text(), Text("\n".join(lines))]
    return Group(*parts)


def power_page(found: Mapping[str, Any]) -> RenderableType:
    """Return how many false alerts and scans show a disparity, and when to pause."""
    asked = found["asked"]
    words = (
        f"A group that makes up {percent(asked['share'])} of those scanned and is falsely alerted "
        f"{asked['ratio']:g} times as often as everybody else, at a rate of "
        f"{one_in(asked['rate'])} scans:\n"
        f"an exact test at {100 * asked['level']:g} % shows it with a chance of "
        f"{100 * asked['power']:g} % from {whole(found['false_alerts'])} false alerts "
        f"on, that is after about {whole(found['scans'])} scans."
    )
    seen = table(["false alerts seen", "smallest disparity they could have shown"])
    for row in found["smallest_disparity"]:
        ratio = row["ratio"]
        seen.add_row(
            whole(row["false_alerts"]),
            "none, however large" if ratio is None else f"{ratio:.1f} times",
        )
    pause = table(["false alerts", "within so many scans"])
    for row in found["pause_limits"]:
        pause.add_row(whole(row["false_alerts"]), whole(row["scans"]))
    return Group(
        Text(words),
        Text(),
        titled("What fewer could show", seen),
        Text(),
        titled(
            f"When to pause: limits for a claimed rate of {one_in(asked['rate'])}, "
            f"against one {asked['pause_ratio']:g} times as high",
            pause,
        ),
        Text(
            "If the claim is true, these limits are ever crossed with a chance of at most "
            f"{100 * found['false_pause_chance']:.1f} %.",
            style="dim",
        ),
    )
