"""Tables that come with a drawing, written side by side.

State: none.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.charts.theme import write_figure
from sim.charts.tornado import TITLE, tornado_figure

DESCRIPTION = (
    "A bar an entry of the register: mistaken stops per true match with the entry at the low and "
    "at the high end of its range, everything else held. The longest bar is on top."
)


def trace_files(
    table: pd.DataFrame, headline: float, title: str, *, provenance: Mapping[str, Any]
) -> Callable[[Path], None]:
    """Return what writes ``trace.csv`` and ``trace.svg`` into a folder."""

    def write(folder: Path) -> None:
        table.to_csv(folder / "trace.csv", index=False)
        figure = tornado_figure(table, headline)
        write_figure(
            figure,
            folder / "trace.svg",
            title=f"{title}. {TITLE}",
            description=DESCRIPTION,
            provenance=provenance,
        )

    return write
