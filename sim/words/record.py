"""How well a table of deployments was predicted, on a terminal.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import between, chance, plain, upper_end, whole
from sim.words.outcomes import outcome_name
from sim.words.terminal_layout import table, titled

MOST_MISSES_SHOWN = 8
MOST_NAMED = 4
_PER = 100_000
_AN = {"hour": "an hour", "face": "a face"}


def record_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return what the log says, the scores, the histograms, the misses and the limits."""
    parts: list[RenderableType] = [_head(answer), Text(), _facts(answer["log"]), Text()]
    if answer["outcomes"]:
        parts += [_scores(answer["outcomes"]), Text(), _histograms(answer["outcomes"]), Text()]
        parts += [_misses(answer["outcomes"]), Text()]
    parts += [_compared(answer), Text()]
    for family in answer["groups"]:
        parts += [_groups(family), Text()]
    parts += [_cannot(answer["log"]["cannot_be_known"])]
    if answer["warnings"]:
        parts += [Text(), Text("\n".join(f"note: {words}" for words in answer["warnings"]))]
    return Group(*parts)


def _head(answer: Mapping[str, Any]) -> Text:
    train, test = answer["train"], answer["test"]
    return Text(
        f"Learnt from {train['name']} ({whole(train['rows'])} deployments),\n"
        f"asked to predict {test['name']} ({whole(test['rows'])})."
    )


def _facts(facts: Mapping[str, Any]) -> RenderableType:
    made = table(["", "seen", "of", "rate", "95 % interval"])
    for name, count in facts["totals"].items():
        made.add_row(
            outcome_name(name), "not recorded" if count is None else whole(count), "", "", ""
        )
    for name, key in (
        ("false alerts a face", "false_alerts_a_face"),
        ("false alerts an alert", "false_alerts_an_alert"),
    ):
        row = facts[key]
        if row is not None:
            made.add_row(
                name,
                whole(row["events"]),
                whole(row["of"]),
                f"{row['estimate']:.2g}" if row["events"] else "none seen",
                f"{row['low']:.2g} to {row['high']:.2g}",
            )
    hours = facts["hours"]
    words = f"{whole(facts['deployments'])} deployments"
    return titled(
        "What the table says" + ("" if hours is None else f": {words}, {hours:,.0f} hours"), made
    )


def _scores(outcomes: Mapping[str, Any]) -> RenderableType:
    cover = table(["", "rows", "seen", "50 %", "80 %", "95 %"])
    score = table(["", "model", "a rate a face", "a rate an hour"])
    for name, found in outcomes.items():
        cover.add_row(
            outcome_name(name),
            whole(found["rows"]),
            whole(found["events"]),
            *(f"{100 * share:.0f} %" for share in found["coverage"].values()),
        )
        for words, key in (("interval score", "interval_score"), ("CRPS", "crps")):
            plain = found["baselines" if key == "interval_score" else "baselines_crps"]
            score.add_row(
                f"{outcome_name(name)}, {words}",
                f"{found[key]:.2f}",
                *(
                    f"{plain[kind]:.2f}" if kind in plain else "no faces"
                    for kind in ("per_face", "per_hour")
                ),
            )
    return Group(
        titled("How often the intervals held what happened", cover),
        Text(),
        titled("Scores: smaller is better; interval score of the 80 % intervals", score),
    )


def _histograms(outcomes: Mapping[str, Any]) -> RenderableType:
    made = table(["tenth of the prediction", *(outcome_name(name) for name in outcomes)])
    tenths = len(next(iter(outcomes.values()))["pit"])
    for tenth in range(tenths):
        made.add_row(
            f"{tenth * 10} to {tenth * 10 + 10} %",
            *(chance(found["pit"][tenth]) for found in outcomes.values()),
        )
    return titled("Where the counts fell in their predictions: 10 % in each is right", made)


def _misses(outcomes: Mapping[str, Any]) -> RenderableType:
    made = table(["date", "place", "what", "seen", "95 % interval"], left=3)
    made.columns[0].no_wrap = True
    for name, found in outcomes.items():
        for miss in found["misses"][:MOST_MISSES_SHOWN]:
            made.add_row(
                miss["date"] or "no date",
                miss["place"],
                outcome_name(name),
                whole(miss["seen"]),
                f"{whole(miss['low'])} to {whole(miss['high'])}",
            )
    if not made.row_count:
        return Text("No count fell outside its 95 % interval.")
    return titled("Misses: counts outside their 95 % interval", made)


def _compared(answer: Mapping[str, Any]) -> RenderableType:
    """Return the table as a whole against model, record and other forces."""
    model = table(["", "seen", "model expected", "95 %", "chance of more"])
    for row in answer["totals"]:
        model.add_row(
            outcome_name(row["outcome"]),
            whole(row["seen"]),
            plain(row["expected"]),
            between(row["low"], row["high"]),
            chance(row["chance_of_more"]),
        )
    record = table(
        ["", "rate", "by the record's rate", "outside 95 %", "by luck", "outside 99.8 %"]
    )
    for row in answer["funnels"]:
        ratio, outside = row["whole"]["ratio"], row["outside"]
        record.add_row(
            f"{outcome_name(row['counts'])} {_AN[row['unit']]}",
            plain(row["whole"]["rate"]),
            _ratio(ratio),
            _named(outside["95"]),
            f"up to {plain(outside['95']['by_luck_at_most'])}",
            _named(outside["99.8"]),
        )
    forces = table(["false alerts among alerts", "where", "wrong", "of", "share"], left=2)
    for row in answer["other_forces"]:
        forces.add_row(
            row["name"],
            row["place"],
            whole(row["wrong"]),
            whole(row["alerts"]),
            f"{plain(row['share'])} ({between(row['low'], row['high'])})",
        )
    parts: list[RenderableType] = []
    for words, made in (
        ("The whole table against the model", model),
        ("Each deployment against the published record, as in a funnel plot", record),
        (
            "Beside published counts of other forces and years; they differ in all but the name",
            forces,
        ),
    ):
        if made.row_count:
            parts += [titled(words, made), Text()]
    return Group(*parts[:-1])


def _named(outside: Mapping[str, Any]) -> str:
    if not outside["deployments"]:
        return "none"
    names = [row["id"] or row["date"] or row["place"] or "unnamed" for row in outside["named"]]
    more = "" if outside["deployments"] <= MOST_NAMED else " ..."
    return f"{whole(outside['deployments'])}: {', '.join(names[:MOST_NAMED])}{more}"


def _groups(family: Mapping[str, Any]) -> RenderableType:
    """Return who was counted among how many scanned, and what these numbers could have shown."""
    counts = family["counts"].replace("_", " ")
    made = table(
        [
            family["heading"],
            "seen",
            "scanned",
            "per 100,000 scanned",
            "others = 1",
            "can show from",
            "twofold needs",
        ]
    )
    for row in family["groups"]:
        rate, ratio = row["rate"], row["ratio"]
        made.add_row(
            row["group"],
            whole(row["events"]) if row["events"] else "none",
            whole(row["faces"]),
            "nobody scanned" if rate is None else _rate(row["events"], rate),
            "" if ratio is None else _ratio(ratio),
            "nothing" if row["detectable"] is None else f"{plain(row['detectable'])} times",
            "" if row["needed_for_twofold"] is None else whole(row["needed_for_twofold"]),
        )
    made.columns[0].no_wrap = True
    words = f"{counts.capitalize()} by {family['heading']}, with exact 95 % intervals"
    summary = family["disparity"].get("max_over_min")
    if summary is None or summary["estimate"] is None:
        return titled(words, made)
    high = "no upper limit" if summary["high"] is None else plain(summary["high"])
    note = Text(
        f"Highest over lowest rate, small counts shrunk towards the common rate: "
        f"{plain(summary['estimate'])} ({plain(summary['low'] or 0.0)} to {high})."
    )
    return Group(titled(words, made), note)


def _rate(events: int, rate: Mapping[str, Any]) -> str:
    if events == 0:
        return f"none; up to {plain(_PER * rate['high'])}"
    low, high = _PER * rate["low"], _PER * rate["high"]
    return f"{plain(_PER * rate['estimate'])} ({between(low, high)})"


def _ratio(ratio: Mapping[str, Any]) -> str:
    value = "all of them" if ratio["estimate"] is None else plain(ratio["estimate"])
    return f"{value} ({between(ratio['low'], upper_end(ratio['low'], ratio['high']))})"


def _cannot(limits: list[str]) -> RenderableType:
    lines = ["What cannot be known from this table:", *(f"- {words}" for words in limits)]
    return Text("\n".join(lines))
