"""One printed page for a committee: what is on it, and the PDF that it becomes.

``brief_content`` gathers all that the page says as one JSON object: words and numbers, no layout.
``brief_pdf`` hands it to the typesetter as data, never as part of its program, so that a title
such as ``#evil [x]`` comes out as it is written. The page is tagged (PDF/UA-1) for readers who
hear it; the same content gives the same bytes.

State: none.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.briefing import brief_words as say
from sim.briefing.brief_words import Amount
from sim.briefing.terminal import headline, plain_mean
from sim.briefing.words import (
    counted,
    estimate,
    for_every,
    mistaken_per_match,
    number,
    plain,
    upper_end,
)
from sim.errors import OutputError, SimError
from sim.experiments.comparison import against, changes, differences, same_people, sentence
from sim.experiments.counts import counts
from sim.experiments.report import as_json, recorded_measures
from sim.experiments.single import Progress, Result
from sim.experiments.sweep.provenance import written
from sim.experiments.trace import as_rows, trace
from sim.scenario.identity import scenario_hash
from sim.scenario.link import share_text

SHOWN_NUMBERS = 3  # that would change the answer
LONGEST_LINKS = 800  # characters that the page has room for, all options together
_LONGEST = {
    "title": 120,
    "place": 80,
    "purpose": 300,
    "change": 300,
    "recorded": 280,
    "warning": 150,
    "source": 150,
}
_MOST_SOURCES, _MOST_WARNINGS = 6, 2
_NOTHING = 1.01  # a swing below it is none
_MISSING_SIGN = "\N{WHITE SQUARE}"  # stands for a letter that the page's fonts lack

LIMITS = (
    "It counts matches and stops. It does not say whether to use live facial recognition.",
    "Who is on a list, and how many listed people walk past unseen, is published nowhere: both are "
    "guesses here.",
    "How often the system takes one person for another is known within a factor of ten: laboratory "
    "and street disagree.",
    "Differences between groups come from tests of many other systems, not of the one in use.",
    "The street is simplified. Nobody hides or turns away, and the police do not learn.",
    "Distress, trust and deterrence are not counted.",
)

Floats = NDArray[np.float64]
Content = dict[str, Any]


def brief_content(
    option: Result, baseline: Result | None = None, *, progress: Progress | None = None
) -> Content:
    """Return all that the page says.

    baseline : what the option is compared with; None: the page is about the option alone
    progress : hears of the numbers that are moved to see what would change the answer
    """
    results = [option] if baseline is None else [baseline, option]
    answers = [as_json(result) for result in results]
    shown = say.deployments_shown(answers)
    answer, scenario = answers[-1], option.scenario
    changed = None if baseline is None else against(baseline, option)
    moved = [] if option.true_alerts == 0 else as_rows(trace(option, progress=progress))
    moved = [row for row in moved if row["swing"] is not None and row["swing"] > _NOTHING]
    sources = _Sources()
    numbers = _numbers(answers, results, shown, changed)
    rests_on = answer["assumptions"]["rests_on"]
    has_alerts = sum(answer["expected"].values()) > 0
    for measure in ("false_alerts", "true_alerts", "mistaken") if has_alerts else ():
        sources.add(rests_on[measure]["source"])
    return {
        "title": say.clipped(scenario.title, _LONGEST["title"]),
        "against": None if baseline is None else _against(option, baseline),
        "date": _date(),
        "question": _question(baseline),
        # Against a baseline the automatic sentence says more: a purpose may speak of another one.
        "purpose": ""
        if baseline is not None
        else say.clipped(scenario.purpose, _LONGEST["purpose"]),
        "answer": answer_sentence(answer, shown),
        "change": None if baseline is None else _change(baseline, option, shown),
        "difference_head": None if changed is None else _difference_head(changed),
        "options": [
            _option(result, role, LONGEST_LINKS // len(results))
            for result, role in zip(results, _roles(results), strict=True)
        ],
        "deployments": shown,
        "denominator": say.in_deployments(shown),
        "numbers": numbers,
        "four_ways": _four_ways(answers, results),
        "chart": _chart(results, answers, shown),
        "moves": [_move(row, shown, sources) for row in moved[:SHOWN_NUMBERS]],
        "moves_note": _moves_note(answer, moved),
        "error_models": _error_models(answer),
        "groups": _groups(answer),
        "recorded": _recorded(option),
        "notes": _notes(answer) if has_alerts else [],
        "limits": list(LIMITS),
        "sources": sources.texts[:_MOST_SOURCES],
        "footer": _footer(answer),
        "hash": answer["hash"],
        "version": __version__,
    }


def answer_sentence(answer: Mapping[str, Any], shown: int) -> str:
    """Return the answer in natural frequencies, over the page's one denominator."""
    mistaken, matched = answer["stops"]["mistaken"], answer["alerts"]["true"]
    where = say.in_deployments(shown)
    walkers = f"{where[0].upper()}{where[1:]}, {plain(answer['people'] * shown)} people walk past"
    if answer["people"] == 0:
        return headline(answer)
    if answer["faces_usable"] == 0:
        return f"{walkers} and no face is scanned, so nobody is matched or stopped."
    if sum(answer["expected"].values()) == 0:
        return f"{walkers} and nobody can set off an alert, so nobody is matched or stopped."
    first = (
        f"{walkers}: "
        f"{_people(matched, shown)} rightly matched and {_people(mistaken, shown)} stopped by "
        "mistake."
    )
    ratio = answer["false_stops_per_true_match"]
    if mistaken["at_most"] == 0:
        return f"{first} Nobody is there to stop anybody."
    if mistaken["mean"] == 0:
        found = say.ratio_amount(answer)
        return f"{first} Mistaken stops per right match: {found.value}; {found.spread}."
    value = float("inf") if ratio["estimate"] is None else ratio["estimate"]
    high = upper_end(ratio["low"], ratio["high"])
    return f"{first} {mistaken_per_match(value, number(ratio['low']), high)}"


def _against(option: Result, baseline: Result) -> str:
    if option.scenario.title == baseline.scenario.title:
        return "the same scenario, unchanged"
    return say.clipped(baseline.scenario.title, _LONGEST["title"])


def _change(baseline: Result, option: Result, shown: int) -> str:
    """Return what was changed and what it did, over the page's denominator."""
    table = {
        name: {
            key: value if value is None or name == "per_true_match" else value * shown
            for key, value in row.items()
        }
        for name, row in differences(baseline, option).items()
    }
    changed = say.told_changes(changes(baseline.scenario, option.scenario))
    words = sentence(changed, table, same_people=same_people(baseline, option))
    return say.clipped(say.without_fields(words), _LONGEST["change"])


def _difference_head(changed: Mapping[str, Any]) -> str:
    return "Difference, same people" if changed["same_people"] else "Difference, other people"


def _people(count: Mapping[str, Any], shown: int) -> str:
    found = say.amount(count, shown)
    if found.value != "none seen":
        return found.value
    return f"none seen ({found.spread})" if found.spread else found.value


def _roles(results: Sequence[Result]) -> list[str]:
    return ["Option"] if len(results) == 1 else ["Baseline", "Option"]


def _question(baseline: Result | None) -> str:
    if baseline is None:
        return "How many people are rightly matched, and how many are stopped by mistake?"
    return "What does the option change, for right matches and for mistaken stops?"


def _option(result: Result, role: str, longest_link: int) -> Content:
    scenario = result.scenario
    text = share_text(scenario)
    fits = len(text) <= longest_link
    return {
        "role": role,
        "title": say.clipped(scenario.title, _LONGEST["title"]),
        "policy": f"{say.policy_line(scenario)} Place: "
        f"{say.clipped(scenario.street.place, _LONGEST['place'])}.",
        "hash": scenario_hash(scenario),
        "link": text,
        "link_shown": text
        if fits
        else f"{len(text):,} characters, too long for a page; passerby brief --json prints it",
    }


def _numbers(
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
        cells = [say.amount(answer[family][name], shown) for answer in answers]
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
    ratios = [say.ratio_amount(answer) for answer in answers]
    ratio = None if changed is None else Amount("", "")
    found.insert(
        2,
        {
            "label": "Mistaken stops per right match",
            "note": "in the long run",
            "cells": [cell._asdict() for cell in ratios],
            "difference": None if ratio is None else _ratio_difference(changed),
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


def _ratio_difference(changed: Mapping[str, Any] | None) -> Content | None:
    if changed is None:
        return None
    return say.ratio_difference(changed["differences"]["per_true_match"])._asdict()


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
        low, high = count["luck"]
        return number(low), upper_end(low, high)
    drawn = counts(result)[name]
    mean = drawn.estimate * deployments
    if mean == 0:
        return 0.0, 0.0
    spread = float(drawn.sampled.var() / drawn.sampled.mean()) if drawn.sampled.any() else 1.0
    tails = np.array([(1 - result.level) / 2, (1 + result.level) / 2])
    if name == "officer_hours_on_alerts":
        ends: Floats = stats.gamma.ppf(tails, mean / spread, scale=spread)
    elif spread > 1:
        ends = stats.nbinom.ppf(tails, mean / (spread - 1), 1 / spread)
    else:
        ends = stats.poisson.ppf(tails, mean)
    return float(ends[0]), float(ends[1])


def _range(low: float, high: float, *, hours: bool) -> str:
    """Return a range of luck: whole people, or hours."""
    if hours:
        return f"{plain(low)} to {plain(high)}"
    return say.luck_range(low, high)


def _four_ways(answers: Sequence[Mapping[str, Any]], results: Sequence[Result]) -> list[Content]:
    """Return the same mistaken stops by each of the four denominators."""
    labels = {
        "per_true_match": "right match",
        "per_alert": "alert",
        "per_stop": "stop",
        "per_million_faces": "face scanned",
    }
    return [
        {
            "role": role,
            "cells": [
                {"label": label, **say.denominator_amount(answer, name)._asdict()}
                for name, label in labels.items()
            ],
        }
        for answer, role in zip(answers, _roles(results), strict=True)
    ]


def _chart(results: Sequence[Result], answers: Sequence[Mapping[str, Any]], shown: int) -> Content:
    """Return the chart as SVG with its title and its text alternative."""
    from sim.charts.brief import BENEFIT, HARM, spread_figure, svg_text  # noqa: PLC0415 - slow

    rows, kinds, values, said = [], [], [], []
    for label, kind, family, name, measure in (
        ("rightly matched", BENEFIT, "alerts", "true", "true_alerts"),
        ("stopped by mistake", HARM, "stops", "mistaken", "mistaken"),
    ):
        for result, answer, role in zip(results, answers, _roles(results), strict=True):
            count = answer[family][name]
            low, high = count["unknown"]
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
    axis = f"people, {say.in_deployments(shown)}"
    return {
        "title": _finding(answers, shown),
        "svg": svg_text(spread_figure(table, kinds=kinds, values=values, axis=axis)),
        "key": f"Dot: expected. Thin dark line: luck alone. Wide pale band: what we do not know. "
        f"Each holds {_level(results[-1])} cases.",
        "alt": f"Dots with their ranges, on one axis ({axis}): {'; '.join(said)}.",
    }


def _finding(answers: Sequence[Mapping[str, Any]], shown: int) -> str:
    """Return the chart's title: what it shows, benefit and harm in one breath."""
    pairs = [
        (_people(answer["alerts"]["true"], shown), _people(answer["stops"]["mistaken"], shown))
        for answer in answers
    ]
    if len(pairs) == 1:
        return f"Right matches: {pairs[0][0]}. Mistaken stops: {pairs[0][1]}."
    (there, wrong_there), (here, wrong_here) = pairs
    return (
        f"Right matches: {there} in the baseline, {here} in the option. "
        f"Mistaken stops: {wrong_there} in the baseline, {wrong_here} in the option."
    )


def _level(result: Result) -> str:
    return f"{100 * result.level:.0f} in 100"


class _Sources:
    """The sources of a page in the order in which they are named, each once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def add(self, text: str) -> int:
        """Return the number of a source, from 1."""
        short = say.clipped(text, _LONGEST["source"])
        if short not in self.texts:
            self.texts.append(short)
        return self.texts.index(short) + 1


def _move(row: Mapping[str, Any], shown: int, sources: _Sources) -> Content:
    """Return one number that would change the answer, and what it does to benefit and harm."""
    stops = [row[name] * shown for name in (col.STOPS_AT_LOW, col.STOPS_AT_HIGH)]
    ratios = [row[name] for name in (col.RATIO_AT_LOW, col.RATIO_AT_HIGH)]
    matches = [stop / ratio for stop, ratio in zip(stops, ratios, strict=True)]
    return {
        "name": say.number_name(row[col.NAME]),
        "grade": say.GRADES[row[col.GRADE]],
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


def _moves_note(answer: Mapping[str, Any], moved: Sequence[object]) -> str:
    if moved:
        return ""
    if answer["expected"]["true_alerts"] == 0:
        return "No right match is expected, so there is no ratio that a number could move."
    if answer["stops"]["mistaken"]["mean"] == 0:
        return "No mistaken stop is seen, so no number moves the ratio."
    return "No number moves the ratio over its range."


def _error_models(answer: Mapping[str, Any]) -> str:
    """Say what other measurements of the matcher would give, benefit and harm alike."""
    if sum(answer["expected"].values()) == 0:
        return ""
    chosen = answer["assumptions"]["error_model"]
    if answer["stops"]["mistaken"]["at_most"] == 0:
        return f"All this rests on {say.ERROR_MODELS[chosen]}."
    parts = []
    for row in answer["error_models"]:
        if row["error_model"] == chosen:
            continue
        stops, matches = row["mistaken_stops"], row["true_alerts"]
        ratio = for_every(stops / matches) if matches else "no right match"
        parts.append(f"{ratio} by {say.ERROR_MODELS[row['error_model']]}")
    return (
        f"All this rests on {say.ERROR_MODELS[chosen]}. Mistaken stops per right match on the "
        f"same people would be {' and '.join(parts)}."
    )


def _groups(answer: Mapping[str, Any]) -> str:
    """Say whose faces set off false alerts more often, and whether one deployment could show it."""
    parts, detectable = [], []
    for by in (col.ETHNICITY, col.SEX, col.AGE_BAND):
        rows = [row for row in answer["disparities"][by] if row["ratio"] is not None]
        if len(rows) < 2:
            continue
        detectable += [row["detectable_ratio"] for row in rows]
        words = ", ".join(
            f"{say.GROUPS.get(row[by], row[by])} "
            f"{estimate(row['ratio'], number(row['low']), upper_end(row['low'], row['high']))}"
            for row in rows
        )
        parts.append(f"by {by.replace('_band', '')}: {words}")
    if not parts:
        return ""
    shown = [value for value in detectable if value is not None]
    power = (
        f"One deployment could show a rate from {plain(min(shown))} times everybody's."
        if shown
        else "One deployment of this size is too small to show any of it."
    )
    return f"{'; '.join(parts)}. {power}"


def _recorded(option: Result) -> str:
    recorded = option.scenario.recorded
    if recorded is None:
        return ""
    rates = recorded_measures(recorded)
    labels = {
        "true_alerts": "right matches",
        "false_alerts": "false alerts",
        "mistaken_stops": "mistaken stops",
    }
    parts = [
        f"{label} none seen (could be up to {plain(rate['high'])})"
        if rate["mean"] == 0
        else f"{label} {plain_mean(getattr(recorded, name), recorded.deployments)} "
        f"({plain(rate['low'])} to {plain(rate['high'])})"
        for name, label in labels.items()
        if (rate := rates.get(name)) is not None
    ]
    if not parts:
        return ""
    days = recorded.deployments
    over = "in one deployment" if days == 1 else f"mean of {counted(days, 'deployment')}"
    source = say.clipped(recorded.source.rstrip("."), _LONGEST["source"])
    words = f"Recorded, {over}: {'; '.join(parts)}. {source}."
    return say.clipped(words, _LONGEST["recorded"])


def _notes(answer: Mapping[str, Any]) -> list[str]:
    """Return what the run warns of, without the names of fields."""
    return [
        say.clipped(say.without_fields(line), _LONGEST["warning"])
        for line in answer["warnings"][:_MOST_WARNINGS]
    ]


def _footer(answer: Mapping[str, Any]) -> str:
    return (
        f"Passerby {answer['version']}, seed {answer['seed']}, "
        f"{counted(answer['draws'], 'response draw')}, "
        f"{counted(answer['assumption_draws'], 'assumption draw')}"
    )


def _date() -> str:
    return written()[:10]


def checked_page(path: Path) -> Path:
    """Return the path of a page that can be written; say so before the work if it cannot."""
    if path.suffix.lower() != ".pdf":
        raise OutputError(f"{path}: the page is a PDF; give a name that ends in .pdf")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; give the name of a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: no permission")
    return path


def write_brief(content: Content, path: Path) -> None:
    """Write the page of a content."""
    pdf = brief_pdf(content)
    try:
        checked_page(path).write_bytes(pdf)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def typesetter() -> Any:  # the module has no types worth naming
    """Return the typesetter; ``SimError`` where it is not installed."""
    try:
        import typst  # noqa: PLC0415 - only this page needs it
    except ImportError:
        raise SimError(
            "the page is set by typst, which is not installed: install the Python package 'typst'"
        ) from None
    return typst


def brief_pdf(content: Content) -> bytes:
    """Return the page as PDF, one page of A4."""
    return bytes(_set(content, format="pdf", pdf_standards=["ua-1"]))


def brief_png(content: Content, *, dots_per_inch: float = 144.0) -> bytes:
    """Return the page as a picture, to look at."""
    return bytes(_set(content, format="png", ppi=dots_per_inch))


def _set(content: Content, **options: Any) -> Any:  # as the typesetter has them
    source = files("sim.briefing").joinpath("brief.typ").read_bytes()
    seconds = int(datetime.fromisoformat(f"{content['date']}T00:00:00+00:00").timestamp())
    return typesetter().compile(
        source,
        sys_inputs={"content": json.dumps(printable(content))},
        font_paths=[str(_font().parent)],
        ignore_system_fonts=True,  # the same page on every machine
        timestamp=seconds,
        **options,
    )


def printable(value: Any) -> Any:  # JSON is untyped
    """Return a content with a white square for every letter that the page's fonts lack.

    PDF/UA allows no letter without a picture; a name in another script would stop the page.
    """
    match value:
        case dict():
            return {key: item if key == "svg" else printable(item) for key, item in value.items()}
        case list():
            return [printable(item) for item in value]
        case str():
            known = _letters()
            return "".join(sign if ord(sign) in known else _MISSING_SIGN for sign in value)
        case _:
            return value


@cache
def _letters() -> frozenset[int]:
    """Return the letters that the page can print: those of the sans font, which backs the other."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - slow

    return frozenset(
        code for code in FT2Font(str(_font())).get_charmap() if chr(code).isprintable()
    )


@cache
def _font() -> Path:
    """Return the file of the sans font, which comes with the drawing library."""
    from matplotlib import get_data_path  # noqa: PLC0415 - slow

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
