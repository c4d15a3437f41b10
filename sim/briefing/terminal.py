"""A result, a comparison and the register as readable tables on a terminal.

State: none; functions return rich renderables and print nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.briefing.words import between, estimate, mistaken_per_match, plain, whole
from sim.evidence.register import Entry
from sim.experiments.comparison import COMPARED

COUNTS = (
    ("alerts", "false", "false alerts", "false_alerts"),
    ("alerts", "true", "true alerts (right matches)", "true_alerts"),
    ("stops", "mistaken", "people stopped by mistake", "mistaken_stops"),
    ("stops", "correct", "listed people stopped", "correct_stops"),
    ("stops", "arrests", "  arrested", "arrests"),
    ("stops", "no_action", "  no further action", ""),
    ("stops", "out_of_date", "  entry out of date", ""),
    ("missed", "unread", "alerts read too late", ""),
    ("missed", "dismissed", "alerts dismissed by an operator", ""),
    ("missed", "no_officer", "no officer free", ""),
    ("missed", "lost", "lost on the way", ""),
    ("burden", "minutes_of_mistaken_stops", "minutes of mistaken stops", ""),
    ("burden", "witnesses", "witnesses of stops", ""),
    ("burden", "officer_hours_on_alerts", "officer hours on alerts", ""),
)
DENOMINATORS = (
    ("per_true_match", "for each right match"),
    ("per_million_faces", "for each million faces scanned"),
    ("per_alert", "for each alert"),
    ("per_stop", "for each stop"),
)


def headline(answer: Mapping[str, Any]) -> str:
    """Return the answer in two sentences with natural frequencies."""
    people, faces = answer["people"], answer["faces_usable"]
    if people == 0:
        return "Nobody walks past, so nobody is scanned, matched or stopped."
    if faces == 0:
        return f"{whole(people)} people walk past; no face is scanned, so there is no alert."
    false, true = answer["expected"]["false_alerts"], answer["expected"]["true_alerts"]
    ratio = answer["false_stops_per_true_match"]
    first = (
        f"Of {whole(people)} people who walk past, {plain(false + true)} set off an alert: "
        f"{plain(true)} are on the list, {plain(false)} are not."
    )
    return f"{first} {mistaken_per_match(*_ratio(ratio))}"


def _ratio(ratio: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return estimate, low and high of a JSON ratio; null is infinite above, unknown at the value.

    JSON has no infinity: ``high`` is null where there is no upper end.
    """
    value, low, high = ratio["estimate"], ratio["low"], ratio["high"]
    if value is None:
        return float("nan"), float("nan"), float("nan")
    return value, _number(low), float("inf") if high is None else high


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def result_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return the whole answer: headline, counts beside the record, denominators, groups."""
    parts: list[RenderableType] = [
        Text(str(answer["title"]), style="bold"),
        Text(headline(answer)),
        Text(),
        _counts_table(answer),
        _denominator_table(answer),
    ]
    parts += [_group_table(by, answer["disparities"][by], answer) for by in answer["disparities"]]
    parts += [_error_model_table(answer), Text(footnotes(answer), style="dim")]
    parts += [Text(f"warning: {line}", style="bold") for line in answer["warnings"]]
    return Group(*parts)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False, box=None)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _counts_table(answer: Mapping[str, Any]) -> Table:
    recorded = answer["recorded"]
    percent = f"{100 * answer['interval_level']:.0f} in 100"
    columns = ["", "expected", f"one deployment, {percent}"]
    if recorded:
        share = recorded["deployments"]
        columns.append("recorded" if share == 1 else f"recorded, mean of {share}")
    table = _table("What happens", columns)
    facts = [
        ("people who walk past", answer["people"], None),
        ("people with a usable face", answer["faces_usable"], "faces_seen"),
    ]
    for label, value, field in facts:
        row = [label, whole(value), ""]
        if recorded:
            seen = recorded.get(field) if field else None
            row.append("" if seen is None else whole(seen))
        table.add_row(*row)
    for family, name, label, field in COUNTS:
        count = answer[family][name]
        row = [label, plain(count["mean"]), between(_number(count["low"]), _number(count["high"]))]
        if recorded:
            row.append(_recorded(recorded, field))
        table.add_row(*row)
    return table


def _recorded(recorded: Mapping[str, Any], field: str) -> str:
    rate = recorded["rates"].get(field)
    if not field or rate is None:
        return ""
    if rate["mean"] == 0:
        return f"none seen (up to {plain(rate['high'])})"
    return plain(rate["mean"]) if recorded["deployments"] > 1 else whole(int(rate["mean"]))


def _denominator_table(answer: Mapping[str, Any]) -> Table:
    table = _table(
        "People stopped by mistake, by four denominators",
        ["", "expected", "what we do not know", "luck of one deployment"],
    )
    for name, label in DENOMINATORS:
        ratio = answer["denominators"][name]
        value, low, high = _ratio(ratio)
        luck = [_number(ratio["luck"][0]), ratio["luck"][1]]
        luck_high = float("inf") if luck[1] is None and luck[0] == luck[0] else _number(luck[1])
        table.add_row(label, plain(value), between(low, high), between(luck[0], luck_high))
    chance = answer["false_stops_per_true_match"]["p_no_true_match"]
    table.add_row("chance of no right match at all", plain(chance), "", "")
    return table


def _group_table(by: str, rows: Iterable[Mapping[str, Any]], answer: Mapping[str, Any]) -> Table:
    table = _table(
        f"Who bears it, by {by.replace('_', ' ')}",
        [
            "",
            "people",
            "faces",
            "right matches",
            "stopped by mistake",
            "false alerts a face, everybody = 1",
            "could one deployment show it?",
        ],
    )
    for row in rows:
        members = [group for group in answer["groups"] if group[by] == row[by]]

        def total(name: str, members: list[Mapping[str, Any]] = members) -> float:
            return float(sum(member[name] for member in members))

        if total("people") == 0:
            continue
        ratio, detectable = row["ratio"], row["detectable_ratio"]
        table.add_row(
            str(row[by]),
            whole(int(total("people"))),
            whole(int(total("faces_usable"))),
            plain(total("true_alerts")),
            plain(total("mistaken_stops")),
            "" if ratio is None else estimate(ratio, _number(row["low"]), _number(row["high"])),
            "no: too few alerts" if detectable is None else f"from {plain(detectable)} times",
        )
    return table


def _error_model_table(answer: Mapping[str, Any]) -> Table:
    table = _table(
        "The same passages under each error model",
        ["", "false alerts", "true alerts", "mistaken stops", "per right match"],
    )
    for row in answer["error_models"]:
        chosen = row["error_model"] == answer["assumptions"]["error_model"]
        per_match = row["mistaken_stops"] / row["true_alerts"] if row["true_alerts"] else None
        table.add_row(
            row["error_model"] + (" (chosen)" if chosen else ""),
            plain(row["false_alerts"]),
            plain(row["true_alerts"]),
            plain(row["mistaken_stops"]),
            "" if per_match is None else plain(per_match),
        )
    return table


def footnotes(answer: Mapping[str, Any]) -> str:
    """Return what the reader must know to defend the table: basis, seed, hash, sources."""
    lines = [
        f"seed {answer['seed']}, hash {answer['hash']}, version {answer['version']}, "
        f"{answer['draws']} response draws, {answer['assumption_draws']} assumption draws.",
        f"Error model {answer['assumptions']['error_model']}, group differences "
        f"{answer['assumptions']['demographic_preset']}; sources: passerby evidence.",
        "Intervals hold the assumptions' ranges and the luck of one deployment; the walk's own "
        "assumptions are held.",
    ]
    for name, entry in answer["assumptions"]["overridden"].items():
        lines.append(f"{name} = {entry['value']:g} {entry['unit']}: {entry['source']}")
    if answer["recorded"]:
        lines.append(f"Recorded: {answer['recorded']['source']}. {answer['recorded']['note']}")
    return "\n".join(lines)


def entry_table(entries: Iterable[Entry]) -> Table:
    """Return the evidence register, or a part of it, one row a number."""
    table = _table("Evidence", ["name", "value", "range", "unit", "grade"])
    table.columns[0].overflow = "fold"
    for entry in entries:
        table.add_row(
            entry.name,
            f"{entry.value:g}",
            f"{entry.low:g} to {entry.high:g}",
            entry.unit,
            entry.grade,
        )
    return table


def entry_page(entry: Entry) -> Text:
    """Return one entry in full."""
    lines = [
        f"{entry.name} = {entry.value:g} {entry.unit}  (range {entry.low:g} to {entry.high:g})",
        f"grade:    {entry.grade}",
        f"source:   {entry.source}{f' ({entry.year})' if entry.year else ''}",
        f"where:    {entry.where or 'not said'}",
        f"disputed: {entry.disputed_by or 'nobody that we know of'}",
    ]
    return Text("\n".join(lines))


def scenario_table(rows: Iterable[Mapping[str, str]]) -> Table:
    """Return the scenarios that ship, with what each is for."""
    table = Table(title="Scenarios", title_justify="left", box=None, pad_edge=False)
    table.add_column("name", no_wrap=True)
    table.add_column("what it is for", overflow="fold")
    for row in rows:
        table.add_row(row["name"], f"{row['title']}. {row['purpose']}")
    return table


def comparison_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return each scenario against the baseline: a sentence, what changed, the differences."""
    parts: list[RenderableType] = []
    for other in answer["against_baseline"]:
        title = f"{answer['baseline']} (baseline) against {other['scenario']}"
        parts += [Text(title, style="bold"), Text(other["sentence"]), Text()]
        changed = _table("What differs", ["field", "baseline", "here"])
        for row in other["changed"]:
            changed.add_row(row["field"], str(row["baseline"]), str(row["here"]))
        table = _table(
            "What it does, expected", ["", "baseline", "here", "difference", "what we do not know"]
        )
        for name, label in COMPARED.items():
            row = other["differences"][name]
            interval = "" if row["low"] is None else _signed_interval(row["low"], row["high"])
            table.add_row(
                label,
                plain(_number(row["baseline"])),
                plain(_number(row["here"])),
                _signed(_number(row["difference"])),
                interval,
            )
        parts += [changed, Text(), table, Text()]
    level = 100 * answer["scenarios"][0]["interval_level"]
    parts.append(
        Text(
            f"Intervals of differences hold {level:.0f} in 100 draws of the assumptions, the same "
            "draws for both. Counts are expected values for one deployment.",
            style="dim",
        )
    )
    return Group(*parts)


def _signed(value: float) -> str:
    return "same" if value == 0 else f"{'+' if value > 0 else '-'}{plain(abs(value))}"


def _signed_interval(low: float, high: float) -> str:
    if low == high:
        return _signed(low)
    return f"{_signed(low)} to {_signed(high)}"


def calibration_table(found: Mapping[str, Any]) -> RenderableType:
    """Return the two constants beside the register's, and the targets that they meet."""
    table = _table("Calibration on the reference deployment", ["", "computed", "register"])
    for name, row in found.items():
        if isinstance(row, dict):
            table.add_row(name, *(f"{value:.6g}" for value in row.values()))
    return Group(
        table,
        Text(
            f"{whole(found['people'])} people, mean exposure {found['mean_exposure_s']:.3g} s, "
            f"{100 * found['never_seen_share']:.2g} % never seen. In the last two rows the second "
            "column is what was reached, the first the target.",
            style="dim",
        ),
    )
