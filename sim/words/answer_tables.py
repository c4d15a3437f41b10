"""A result on a terminal: the answer in words, then tables a stranger can read.

State: none; functions take the JSON object of ``run``, return rich renderables and print nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.by_group import by_table
from sim.words.error_models import error_model_name
from sim.words.explore import no_match_sentence
from sim.words.groups import group_name, grouped_by
from sim.words.headline import headline
from sim.words.numbers import (
    between,
    counted,
    ends,
    expected,
    luck_ends,
    number,
    one_deployment_ends,
    plain,
    upper_end,
    whole,
    with_range,
)
from sim.words.outcomes import outcome
from sim.words.terminal_layout import table, titled

COUNTS = (  # family and name in the JSON object, name in the record; steps in of a row above
    ("alerts", "true", "true_alerts", ""),
    ("alerts", "false", "false_alerts", ""),
    ("stops", "correct", "correct_stops", ""),
    ("stops", "arrests", "arrests", "  "),
    ("stops", "no_action", "", "  "),
    ("stops", "out_of_date", "", "  "),
    ("stops", "mistaken", "mistaken_stops", ""),
    ("missed", "unread", "", ""),
    ("missed", "dismissed", "", ""),
    ("missed", "no_officer", "", ""),
    ("missed", "lost", "", ""),
    ("burden", "minutes_of_mistaken_stops", "", ""),
    ("burden", "witnesses", "", ""),
    ("burden", "officer_hours_on_alerts", "", ""),
)
DENOMINATORS = ("per_true_match", "per_million_faces", "per_alert", "per_stop")
SUMMARIES = (
    ("max_over_min", "highest over lowest"),
    ("max_over_geometric_mean", "over the geometric mean"),
    ("gini", "Gini"),
)
GUESS = "assumption"  # the register's grade of a guess


def result_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return the whole answer: headline, counts beside the record, denominators, groups."""
    parts: list[RenderableType] = [
        Text(str(answer["title"]), style="bold"),
        Text(headline(answer)),
    ]
    has_alerts = sum(answer["expected"].values()) > 0
    if has_alerts:
        parts.append(Text(basis(answer)))
    parts += [Text(f"Note: {line}.", style="bold") for line in answer["warnings"]]
    parts += [Text(), _counts_table(answer)]
    note = _counts_note(answer)
    if note:
        parts.append(Text(note, style="dim"))
    if has_alerts:
        parts += [Text(), _denominator_table(answer)]
        for by, rows in answer["disparities"].items():
            parts += [Text(), _group_table(by, rows, answer)]
            parts += _summary_lines(answer["disparity_summaries"][by])
        if answer.get("by"):
            parts += by_table(answer["by"])
        parts += [Text(_GROUP_NOTE, style="dim"), Text(), _error_model_table(answer)]
    return Group(*parts, Text(), Text(footnotes(answer), style="dim"))


def basis(answer: Mapping[str, Any]) -> str:
    """Say which error model the answer rests on."""
    model = answer["assumptions"]["error_model"]
    return f"It rests on the error model {model} ({error_model_name(model)})."


def _counts_table(answer: Mapping[str, Any]) -> Group:
    recorded = answer["recorded"]
    percent = f"{100 * answer['interval_level']:.0f} in 100"
    columns = ["", "expected", f"one deployment,\n{percent}"]
    if recorded:
        share = recorded["deployments"]
        columns.append("recorded" if share == 1 else f"recorded,\nmean of {share}")
    made = table(columns)
    facts = [
        ("people who walk past", answer["people"], None),
        ("people with a usable face", answer["faces_usable"], "faces_seen"),
    ]
    for label, value, field in facts:
        row = [label, whole(value) if value else "none", ""]
        if recorded:
            seen = recorded.get(field) if field else None
            row.append("" if seen is None else plain_mean(seen, recorded["deployments"]))
        made.add_row(*row)
    for family, name, field, step in COUNTS:
        rests_on = f"{name}_alerts" if family == "alerts" else name
        count = answer[family][name]
        row = [
            step
            + outcome(name).heading
            + (" †" if count["mean"] and _is_guess(answer, rests_on) else ""),
            "none seen"
            if count["mean"] == 0 and count["at_most"] is None
            else expected(count["mean"], count["at_most"]),
            ""
            if count["mean"] == 0 and one_deployment_ends(count)[1] == 0
            else between(*one_deployment_ends(count), nothing="mostly none"),
        ]
        if recorded:
            row.append(_recorded(recorded, field))
        made.add_row(*row)
    return titled("What happens", made)


def plain_mean(total: int, deployments: int) -> str:
    """Return a recorded total as a mean deployment: whole if there was one."""
    return whole(total) if deployments == 1 else plain(total / deployments)


def _is_guess(answer: Mapping[str, Any], measure: str) -> bool:
    entry = answer["assumptions"]["rests_on"].get(measure)
    return entry is not None and entry["grade"] == GUESS


def _recorded(recorded: Mapping[str, Any], field: str) -> str:
    rate = recorded["rates"].get(field)
    if not field or rate is None:
        return ""
    if rate["mean"] == 0:
        return f"none; up to {plain(rate['high'])}"
    return plain_mean(recorded[field], recorded["deployments"])


def _counts_note(answer: Mapping[str, Any]) -> str:
    notes = []
    guessed = {
        entry["name"]: measure
        for measure, entry in answer["assumptions"]["rests_on"].items()
        if entry["grade"] == GUESS
    }
    if guessed and sum(answer["expected"].values()) > 0:
        names = ", ".join(sorted(guessed))
        notes.append(f"† assumption: a guess with a range, not a measurement ({names}).")
    recorded = answer["recorded"]
    if recorded and any(rate["mean"] == 0 for rate in recorded["rates"].values()):
        notes.append("Recorded 'none; up to x': none in that many deployments still allows x.")
    if recorded:
        notes.append(f"Recorded: {recorded['source'].rstrip('.')}. {recorded['note']}".strip())
    return "\n".join(notes)


def _denominator_table(answer: Mapping[str, Any]) -> Group:
    made = table(
        ["", "expected", "what we do\nnot know", "luck of one\ndeployment"],
    )
    for name in DENOMINATORS:
        label = outcome(name).heading
        ratio = answer["denominators"][name]
        value, low = ratio["estimate"], ratio["low"]
        if low is None or (value == 0 and ratio["high"] == 0):
            made.add_row(label, "no such case" if low is None else "none", "", "")
            continue
        made.add_row(
            label,
            "no upper limit" if value is None else plain(value),
            between(*ends(ratio)),
            between(*luck_ends(ratio), nothing="mostly none"),
        )
    none = answer["false_stops_per_true_match"]["p_no_true_match"]
    return Group(
        titled("Stopped by mistake: the same stops, four ways to count them", made),
        Text(no_match_sentence(none)),
    )


_GROUP_NOTE = (
    "Last two columns: false alerts for each face scanned, relative to everybody's rate, with "
    "what we do not know in brackets; and the smallest such ratio that one deployment of this "
    "size could tell from chance. Rates apart: the highest rate over the lowest and over the "
    "geometric mean of all, and their Gini coefficient (1: one group bears all; all alike have "
    "none). These are expected rates: counts would lie further apart by luck alone."
)


def _group_table(by: str, rows: Iterable[Mapping[str, Any]], answer: Mapping[str, Any]) -> Group:
    columns = (
        "",
        "walk\npast",
        "faces\nusable",
        "right\nmatches",
        "stopped by\nmistake",
        "false alerts a\nface, all = 1",
        "can show\nfrom",
    )
    made = table(columns)
    present = [row for row in rows if _total(answer, by, row[by], "people") > 0]
    for row in present:
        faces, detectable = _total(answer, by, row[by], "faces_usable"), row["detectable_ratio"]
        shown = "too few" if detectable is None else f"{plain(detectable)} times"
        if len(present) == 1:
            shown = "no others"
        compared = ""
        if row["ratio"] is not None:
            compared = with_range(
                row["ratio"], number(row["low"]), upper_end(row["low"], row["high"])
            )
        made.add_row(
            group_name(row[by]),
            whole(int(_total(answer, by, row[by], "people"))),
            whole(int(faces)) if faces else "none",
            plain(_total(answer, by, row[by], "true_alerts")),
            plain(_total(answer, by, row[by], "mistaken_stops")),
            compared,
            shown,
        )
    return titled(f"Who bears it, {grouped_by(by)}", made)


def _summary_lines(rows: Iterable[Mapping[str, Any]]) -> list[RenderableType]:
    """Return how far apart the groups of a table lie, in a line; none where only one is there."""
    found = {row["measure"]: row for row in rows}
    if found["gini"]["estimate"] is None:
        return []
    parts = []
    for name, label in SUMMARIES:
        row = found[name]
        high = upper_end(row["low"], row["high"])
        parts.append(f"{label} {with_range(row['estimate'], number(row['low']), high)}")
    return [Text("Rates apart: " + "; ".join(parts) + ".")]


def _total(answer: Mapping[str, Any], by: str, label: str, name: str) -> float:
    return float(sum(group[name] for group in answer["groups"] if group[by] == label))


def _error_model_table(answer: Mapping[str, Any]) -> Group:
    made = table(
        [
            "",
            "right\nmatches",
            "false\nalerts",
            "stopped by\nmistake",
            "stopped by mistake\na match",
        ],
    )
    for row in answer["error_models"]:
        model = row["error_model"]
        per_match = row["mistaken_stops"] / row["true_alerts"] if row["true_alerts"] else None
        made.add_row(
            model + (" (chosen)" if model == answer["assumptions"]["error_model"] else ""),
            plain(row["true_alerts"]),
            plain(row["false_alerts"]),
            plain(row["mistaken_stops"]),
            "no match" if per_match is None else plain(per_match),
        )
    return titled("The same passages under each error model", made)


def footnotes(answer: Mapping[str, Any]) -> str:
    """Return what the reader must know to defend the table: basis, seed, hash, sources."""
    chosen = answer["assumptions"]
    lines = [
        f"Group differences follow the preset {chosen['demographic_preset']}; who is on the list "
        "is an assumption of the scenario. 'passerby evidence NAME' shows the source of a number.",
        "One deployment: assumptions and luck together. Assumptions about the walk itself are "
        "held, so that intervals are somewhat too narrow.",
    ]
    for name, entry in chosen["overridden"].items():
        lines.append(f"{name} = {entry['value']:g} {entry['unit']}: {entry['source']}")
    lines.append(
        f"Seed {answer['seed']}, hash {answer['hash']}, version {answer['version']}, "
        f"{counted(answer['assumption_draws'], 'assumption draw')}."
    )
    return "\n".join(lines)
