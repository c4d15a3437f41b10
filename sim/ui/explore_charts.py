"""What the first page draws of an answer: from alert to stop, and measures by group.

Answers are mappings as ``run --json`` gives them.

State: none.
"""

from collections.abc import Mapping
from typing import Any, Literal

from sim import columns as col
from sim.charts.amounts import Amount, fates_plot, groups_plot
from sim.charts.plot import Plot
from sim.words.explore import FATES
from sim.words.groups import group_name
from sim.words.numbers import ends, plain, with_range
from sim.words.outcomes import outcome

_MEASURES: dict[str, tuple[str, Literal["benefit", "harm", "neutral"], str, str]] = {
    col.MISTAKEN_STOPS: ("Stopped by mistake, by group", "harm", "people, one deployment", ""),
    col.TRUE_ALERTS: ("Rightly matched, by group", "benefit", "people, one deployment", ""),
    col.RATIO: (
        "False alerts for each face scanned, by group",
        "neutral",
        "times the rate of everybody",
        "Everybody together is 1.",
    ),
}


def fates_chart(answer: Mapping[str, Any], kind: Literal["true", "false"]) -> Plot:
    """Return the way from alert to stop, of people on the list or of others."""
    is_true = kind == "true"
    stops = answer["stops"]["correct" if is_true else "mistaken"]
    steps = [
        _amount("alerts", answer["alerts"][kind]),
        *(_amount(outcome(name).heading, answer["fates"][kind][name]) for name in FATES),
        _amount("stopped" if is_true else "stopped by mistake", stops),
    ]
    who = "on the list" if is_true else "not on the list"
    return fates_plot(
        steps,
        kind="benefit" if is_true else "harm",
        who=who,
        title=f"{steps[0].said.split(' (')[0].capitalize()} alerts on people {who}: "
        f"{plain(stops['mean'])} stopped",
    )


def _amount(label: str, count: Mapping[str, Any]) -> Amount:
    low, high = ends(count)
    return Amount(label, with_range(count["mean"], low, high), float(count["mean"]), low, high)


def groups_chart(answer: Mapping[str, Any], measure: str, by: str) -> Plot | None:
    """Return one measure by group with intervals; None where there is nothing to draw."""
    title, kind, across, note = _MEASURES[measure]
    if measure == col.RATIO:
        found = [(row[by], row) for row in answer["disparities"][by] if row[measure] is not None]
    else:
        found = [(row[by], row[measure]) for row in answer["by_group"][by]]
    rows = [_group(label, value, measure) for label, value in found]
    if not rows:
        return None
    return groups_plot(
        rows,
        kind=kind,
        across=across,
        title=title,
        note=f"Lines: what we do not know. {note}".strip(),
        even=1.0 if measure == col.RATIO else None,
    )


def _group(label: str, value: Mapping[str, Any], measure: str) -> Amount:
    estimate = float(value[measure if measure == col.RATIO else col.ESTIMATE])
    low, high = ends(value)
    return Amount(group_name(label), with_range(estimate, low, high), estimate, low, high)
