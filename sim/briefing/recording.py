"""How well a table of deployments was predicted, on a terminal.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.briefing.layout import table, titled
from sim.briefing.words import chance, whole

MOST_MISSES_SHOWN = 8
NAMES = {
    "alerts": "alerts",
    "true_alerts": "true alerts",
    "false_alerts": "false alerts",
    "arrests": "arrests",
}


def record_tables(answer: Mapping[str, Any]) -> RenderableType:
    """Return what the log says, the scores, the histograms, the misses and the limits."""
    parts: list[RenderableType] = [_head(answer), Text(), _facts(answer["log"]), Text()]
    if answer["outcomes"]:
        parts += [_scores(answer["outcomes"]), Text(), _histograms(answer["outcomes"]), Text()]
        parts += [_misses(answer["outcomes"]), Text()]
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
        made.add_row(NAMES[name], "not recorded" if count is None else whole(count), "", "", "")
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
            NAMES[name],
            whole(found["rows"]),
            whole(found["events"]),
            *(f"{100 * share:.0f} %" for share in found["coverage"].values()),
        )
        for words, key in (("interval score", "interval_score"), ("CRPS", "crps")):
            plain = found["baselines" if key == "interval_score" else "baselines_crps"]
            score.add_row(
                f"{NAMES[name]}, {words}",
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
    made = table(["tenth of the prediction", *(NAMES[name] for name in outcomes)])
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
                NAMES[name],
                whole(miss["seen"]),
                f"{whole(miss['low'])} to {whole(miss['high'])}",
            )
    if not made.row_count:
        return Text("No count fell outside its 95 % interval.")
    return titled("Misses: counts outside their 95 % interval", made)


def _cannot(limits: list[str]) -> RenderableType:
    lines = ["What cannot be known from this table:", *(f"- {words}" for words in limits)]
    return Text("\n".join(lines))
