"""Drawings of answers as files, and the tables that are written beside them.

State: none.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim import columns as col
from sim.charts import discovery as discovery_chart
from sim.charts import frontier as frontier_chart
from sim.charts import funnel as funnel_chart
from sim.charts import pit_histogram as pit
from sim.charts import sensitivity as sensitivity_chart
from sim.charts.in_file import file_figure, panels_figure
from sim.charts.theme import write_figure
from sim.charts.tornado import TITLE, tornado_figure
from sim.errors import OutputError
from sim.record.funnel import Funnel, limit_curve
from sim.storage.provenance import provenance_of_folder
from sim.studies.judge.frontier import frontier_table
from sim.studies.judge.sensitivity import indices_table
from sim.words import discovery as discovery_words
from sim.words import frontier as frontier_words
from sim.words import sensitivity as sensitivity_words
from sim.words.figures import funnel_said
from sim.words.outcomes import outcome_name

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
            counts = outcome_name(funnel.counts)
            said = partial(funnel_said, counts=counts, unit=funnel.unit)
            most = float(funnel.table[col.EXPOSED].max())
            curve = limit_curve(funnel, funnel_chart.sizes(most))
            plot = funnel_chart.funnel_plot(
                funnel.table, curve, rate=funnel.rate, counts=counts, unit=funnel.unit, said=said
            )
            write_figure(
                file_figure(plot),
                folder / f"funnel_{funnel.counts}_by_{funnel.unit}.svg",
                title=plot.title,
                description=plot.words,
                provenance=provenance,
            )

    return write


def sensitivity_file(answer: Mapping[str, Any], path: Path, folder: Path) -> None:
    """Draw the indices of every outcome side by side into a file; ``folder`` is the study's."""
    _write_drawing(
        sensitivity_chart.sensitivity_figure(indices_table(answer), answer["method"]),
        path,
        folder,
        title=f"{answer['title']}. {sensitivity_chart.title_of(answer['method'])}",
        lines=[
            line
            for one in answer["outcomes"]
            for line in [
                *sensitivity_words.sentences(one, answer),
                *sensitivity_words.notes(one, answer),
            ]
        ],
    )


def frontier_file(answer: Mapping[str, Any], path: Path, folder: Path) -> None:
    """Write the policies as a table or a drawing, as the file's name asks."""
    policies = frontier_table(answer)
    if path.suffix.lower() == ".csv":
        _write_csv(policies, path, provenance_of_folder(folder))
        return
    lines = [*frontier_words.sentences(answer), *frontier_words.notes(answer)]
    if "limits" in answer:
        lines += frontier_words.limit_sentences(answer)
    levers = list(answer["policies"][0]["policy"])
    _write_drawing(
        panels_figure(frontier_chart.frontier_panels(policies, list(answer["objectives"]), levers)),
        path,
        folder,
        title=f"{answer['title']}. {frontier_chart.TITLE}",
        lines=lines,
    )


def discovery_file(
    answer: Mapping[str, Any], cases: pd.DataFrame, path: Path, folder: Path
) -> None:
    """Draw the cases and the box into a file."""
    restrictions = answer["box"]["restrictions"] if answer["is_found"] else []
    said = discovery_words.sentences(answer)
    _write_drawing(
        discovery_chart.discovery_figure(cases, restrictions, said=said[-1]),
        path,
        folder,
        title=f"{answer['title']}. {discovery_chart.TITLE}: {answer['fails']}",
        lines=[*said, *discovery_words.notes(answer)],
    )


def _write_drawing(
    figure: Figure, path: Path, folder: Path, *, title: str, lines: Sequence[str]
) -> None:
    """Write what was drawn of a study's folder, with its sentences for those who cannot see it."""
    write_figure(
        figure,
        path,
        title=title,
        description=" ".join(lines),
        provenance=provenance_of_folder(folder),
    )


def _write_csv(table: pd.DataFrame, path: Path, provenance: Mapping[str, Any]) -> None:
    """Write a table, and beside it where its numbers come from."""
    beside = path.with_name(f"{path.name}.manifest.json")
    try:
        table.to_csv(path, index=False, lineterminator="\n")
        beside.write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
