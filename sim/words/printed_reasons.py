"""Why the printed page says what it says: what would change it, by group, the record, the sources.

State: none, but the list of sources that a page gathers.
"""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any

from sim import columns as col
from sim.words import printed as say
from sim.words.answer_tables import plain_mean
from sim.words.assumptions import GRADES, number_name
from sim.words.error_models import error_model_name
from sim.words.groups import group_name, grouped_by
from sim.words.numbers import between, counted, number, people, plain, upper_end, with_range
from sim.words.outcomes import outcome_name
from sim.words.ratios import base_of, ratio_label

Content = dict[str, Any]


class Sources:
    """The sources of a page in the order in which they are named, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, text: str) -> int:
        """Return the number of a source, from 1."""
        short = say.clipped(text, say.LONGEST["source"])
        if short not in self.texts:
            self.texts.append(short)
        return self.texts.index(short) + 1


def move(row: Mapping[str, Any], shown: int, sources: Sources) -> Content:
    """Return one number that would change the answer, and what it does to benefit and harm."""
    stops = [row[name] * shown for name in (col.STOPS_AT_LOW, col.STOPS_AT_HIGH)]
    ratios = [row[name] for name in (col.RATIO_AT_LOW, col.RATIO_AT_HIGH)]
    matches = [stop / ratio for stop, ratio in zip(stops, ratios, strict=True)]
    return {
        "name": number_name(row[col.NAME]),
        "grade": GRADES[row[col.GRADE]],
        "range": f"{_end(row[col.LOW])} to {_end(row[col.HIGH])}",
        "matches": _from_to(matches),
        "stops": _from_to(stops),
        "source": sources.add(row[col.SOURCE]),
    }


def _end(value: float) -> str:
    return plain(value) if value else "0"


def _from_to(ends: Sequence[float]) -> str:
    first, last = (plain(end) for end in ends)
    return f"stay {first}" if first == last else f"{first} to {last}"


def moves_note(answer: Mapping[str, Any], moved: Sequence[object], *, is_baseline: bool) -> str:
    """Say why no number would change the answer; empty where some would change the option's.

    is_baseline : the answer is the baseline's, since the option brings no right match
    """
    if moved:
        return "The option brings no right match. In the baseline:" if is_baseline else ""
    if answer["expected"]["true_alerts"] == 0:
        return "No right match is expected, so there is no ratio that a number could move."
    if answer["stops"]["mistaken"]["mean"] == 0:
        return "No mistaken stop is seen, so no number moves the ratio."
    return "No number moves the ratio over its range."


def error_models_line(answer: Mapping[str, Any]) -> str:
    """Say what other measurements of the matcher would give, benefit and harm alike."""
    if sum(answer["expected"].values()) == 0:
        return ""
    chosen = answer["assumptions"]["error_model"]
    if answer["stops"]["mistaken"]["at_most"] == 0:
        return f"All this rests on {error_model_name(chosen)}."
    ratios = {
        row["error_model"]: row["mistaken_stops"] / row["true_alerts"]
        if row["true_alerts"]
        else inf
        for row in answer["error_models"]
        if row["error_model"] != chosen
    }
    base = base_of(ratios.values())
    parts = [
        f"{people(base * ratio) if isfinite(ratio) else 'no right match'} by "
        f"{error_model_name(model)}"
        for model, ratio in ratios.items()
    ]
    return (
        f"All this rests on {error_model_name(chosen)}. {ratio_label(base)} on the same people "
        f"would be {' and '.join(parts)}."
    )


def groups_line(answer: Mapping[str, Any]) -> str:
    """Say whose faces set off false alerts more often, and whether one deployment could show it."""
    parts, detectable = [], []
    for by in (col.ETHNICITY, col.SEX, col.AGE_BAND):
        rows = [row for row in answer["disparities"][by] if row["ratio"] is not None]
        if len(rows) < 2:
            continue
        detectable += [row["detectable_ratio"] for row in rows]
        words = ", ".join(
            f"{group_name(row[by])} "
            f"{with_range(row['ratio'], number(row['low']), upper_end(row['low'], row['high']))}"
            for row in rows
        )
        parts.append(f"{grouped_by(by)}: {words}")
    if not parts:
        return ""
    shown = [value for value in detectable if value is not None]
    power = (
        f"One deployment could show a rate from {plain(min(shown))} times everybody's."
        if shown
        else "One deployment of this size is too small to show any of it."
    )
    return f"{'; '.join(parts)}. {power}"


def recorded_line(answer: Mapping[str, Any]) -> str:
    """Return what was recorded there, with the interval of each rate; empty if nothing was."""
    recorded = answer["recorded"]
    if recorded is None:
        return ""
    days = recorded["deployments"]
    parts = [
        f"{outcome_name(name)} none seen (could be up to {plain(rate['high'])})"
        if rate["mean"] == 0
        else f"{outcome_name(name)} {plain_mean(recorded[name], days)} "
        f"({between(rate['low'], rate['high'])})"
        for name in ("true_alerts", "false_alerts", "mistaken_stops")
        if (rate := recorded["rates"].get(name)) is not None
    ]
    if not parts:
        return ""
    over = "in one deployment" if days == 1 else f"mean of {counted(days, 'deployment')}"
    source = say.clipped(recorded["source"].rstrip("."), say.LONGEST["source"])
    words = f"Recorded, {over}: {'; '.join(parts)}. {source}."
    return say.clipped(words, say.LONGEST["recorded"])
