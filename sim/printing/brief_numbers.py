"""The printed page's numbers: the four, the same stops by four denominators, and the chart.

Counts are for ``shown`` days (``sim.words.headline.days_shown``).

State: none.
"""

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.counts import BURDENS, DENOMINATORS
from sim.answer.result import Result
from sim.words import printed as say
from sim.words.headline import in_days
from sim.words.numbers import between, ends, luck_ends
from sim.words.outcomes import outcome
from sim.words.printed import Amount
from sim.words.ratios import ratio_label

Content = dict[str, Any]
Floats = NDArray[np.float64]


def four_numbers(
    answers: Sequence[Mapping[str, Any]],
    results: Sequence[Result],
    shown: int,
    changed: Mapping[str, Any] | None,
) -> list[Content]:
    """Return the four numbers: a label, what it means, and an amount for each column."""
    rows = (
        ("Rightly matched", "alerts for somebody on the list", "alerts", "true", "true_alerts"),
        ("Stopped by mistake", "people not on the list", "stops", "mistaken", "mistaken"),
        (
            "Officer hours on alerts",
            "time that officers spend on them",
            "burden",
            "officer_hours_on_alerts",
            "officer_hours_on_alerts",
        ),
    )
    found = []
    for label, note, family, name, measure in rows:
        hours = family == "burden"
        cells = [say.amount(answer[family][name], shown, hours=hours) for answer in answers]
        lucks = [
            luck(result, answer[family][name], measure, shown)
            for result, answer in zip(results, answers, strict=True)
        ]
        words = [
            "" if cell.value in ("none", "none seen") else _range(low, high, hours=hours)
            for cell, (low, high) in zip(cells, lucks, strict=True)
        ]
        cells = [
            Amount(cell.value, cell.spread, word) for cell, word in zip(cells, words, strict=True)
        ]
        row = None if changed is None else changed["differences"][measure]
        found.append(_row(label, note, cells, row, shown))
    base = say.ratio_base(answers)
    ratios = [say.ratio_amount(answer, base) for answer in answers]
    found.insert(
        2,
        {
            "label": ratio_label(base),
            "note": "in the long run",
            "cells": [cell._asdict() for cell in ratios],
            "difference": _ratio_difference(changed, base),
        },
    )
    return found


def _row(
    label: str, note: str, cells: Sequence[Amount], change: Mapping[str, Any] | None, shown: int
) -> Content:
    return {
        "label": label,
        "note": note,
        "cells": [cell._asdict() for cell in cells],
        "difference": None if change is None else say.difference(change, shown)._asdict(),
    }


def _ratio_difference(changed: Mapping[str, Any] | None, base: int) -> Content | None:
    if changed is None:
        return None
    return say.ratio_difference(changed["differences"]["per_true_match"], base)._asdict()


def _range(low: float, high: float, *, hours: bool) -> str:
    """Return a range of luck: whole people, or hours."""
    if hours:
        return between(low, high)
    return say.luck_range(low, high)


def luck(
    result: Result, count: Mapping[str, Any], name: str, deployments: int
) -> tuple[float, float]:
    """Return what luck alone may show over so many deployments, the assumptions held.

    One deployment: the interval of the response draws. Several: of a count, the negative binomial
    with the draws' variance for their mean (Poisson where they vary no more than that); of hours,
    the gamma distribution with the draws' mean and variance.
    """
    from scipy import stats  # noqa: PLC0415 - slow to import, and not every page needs it

    if deployments == 1:
        return luck_ends(count)
    drawn = result.counted[name]
    mean = drawn.estimate * deployments
    if mean == 0:
        return 0.0, 0.0
    hours, seen = name in BURDENS, bool(drawn.sampled.any())
    if hours and not seen:
        return nan, nan  # no draw says how long one takes
    spread = float(drawn.sampled.var() / drawn.sampled.mean()) if seen else 1.0
    tails = np.array([(1 - result.level) / 2, (1 + result.level) / 2])
    if hours:
        ends: Floats = stats.gamma.ppf(tails, mean / spread, scale=spread)
    elif spread > 1:
        ends = stats.nbinom.ppf(tails, mean / (spread - 1), 1 / spread)
    else:
        ends = stats.poisson.ppf(tails, mean)
    return float(ends[0]), float(ends[1])


def four_ways(answers: Sequence[Mapping[str, Any]], results: Sequence[Result]) -> list[Content]:
    """Return the same mistaken stops by each of the four denominators."""
    base = say.ratio_base(answers)
    labels = {
        name: outcome(name).heading.replace("million people", "person") for name in DENOMINATORS
    }
    return [
        {
            "role": role,
            "cells": [
                {"label": label, **say.denominator_amount(answer, name, base)._asdict()}
                for name, label in labels.items()
            ],
        }
        for answer, role in zip(answers, say.roles(len(results)), strict=True)
    ]


def chart(results: Sequence[Result], answers: Sequence[Mapping[str, Any]], shown: int) -> Content:
    """Return the chart as SVG with its title and its text alternative."""
    from sim.charts.brief import BENEFIT, HARM, spread_figure, svg_text  # noqa: PLC0415 - slow

    rows, kinds, values, said = [], [], [], []
    for label, kind, family, name, measure in (
        ("rightly matched", BENEFIT, "alerts", "true", "true_alerts"),
        ("stopped by mistake", HARM, "stops", "mistaken", "mistaken"),
    ):
        for result, answer, role in zip(results, answers, say.roles(len(results)), strict=True):
            count = answer[family][name]
            low, high = ends(count)
            first, last = luck(result, count, measure, shown)
            whose = label if len(results) == 1 else f"{label}: {role.lower()}"
            rows.append((whose, count["mean"] * shown, first, last, low * shown, high * shown))
            found = say.amount(count, shown)
            kinds.append(kind)
            values.append(found.value)
            open_ = f", with what we do not know {found.spread}" if found.spread else ""
            lucky = say.luck_range(first, last)
            said.append(f"{whose} {found.value}{open_}, with luck alone {lucky}")
    table = pd.DataFrame(
        rows,
        columns=[
            col.MEASURE, col.ESTIMATE, col.LUCK_LOW, col.LUCK_HIGH, col.UNKNOWN_LOW,
            col.UNKNOWN_HIGH,
        ],
    )  # fmt: skip
    axis = f"people, {in_days(shown)}"
    return {
        "title": say.finding(answers, shown),
        "svg": svg_text(spread_figure(table, kinds=kinds, values=values, axis=axis)),
        "key": say.chart_key(results[-1].level),
        "alt": f"Dots with their ranges, on one axis ({axis}): {'; '.join(said)}.",
    }
