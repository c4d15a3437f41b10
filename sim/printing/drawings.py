"""Tables that come with a drawing, written side by side.

State: none.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim import columns as col
from sim.charts import funnel as funnel_chart
from sim.charts import pit_histogram as pit
from sim.charts.theme import write_figure
from sim.charts.tornado import TITLE, tornado_figure
from sim.record.funnel import Funnel, limit_curve

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


def record_files(
    answer: Mapping[str, Any], funnels: Sequence[Funnel], *, provenance: Mapping[str, Any]
) -> Callable[[Path], None]:
    """Return what writes ``pit.svg`` and a funnel plot for each rate into a folder."""

    def write(folder: Path) -> None:
        outcomes = {
            name.replace("_", " "): (found["pit"], found["rows"])
            for name, found in answer["outcomes"].items()
        }
        if outcomes:
            write_figure(
                pit.pit_figure(outcomes),
                folder / "pit.svg",
                title=pit.TITLE,
                description=pit.DESCRIPTION,
                provenance=provenance,
            )
        for funnel in funnels:
            counts = funnel.counts.replace("_", " ")
            most = float(funnel.table[col.EXPOSED].max())
            curve = limit_curve(funnel, funnel_chart.sizes(most))
            rate, unit = funnel.rate, funnel.unit
            write_figure(
                funnel_chart.funnel_figure(
                    funnel.table, curve, rate=rate, counts=counts, unit=unit
                ),
                folder / f"funnel_{funnel.counts}_by_{unit}.svg",
                title=funnel_chart.TITLE,
                description=funnel_chart.describe(
                    funnel.table, rate=rate, counts=counts, unit=unit
                ),
                provenance=provenance,
            )

    return write
