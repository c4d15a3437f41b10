"""Record: real deployments against what was predicted of them, and a visitor's own log.

State: the chosen outcome, and the answer to the visitor's own log while the page is open.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from sim import columns as col
from sim.charts.deployments import deployments_plot
from sim.charts.funnel import funnel_plot, sizes
from sim.errors import SimError
from sim.record.against_record import AgainstRecord
from sim.record.funnel import limit_curve
from sim.record.log_columns import OUTCOMES, template
from sim.record.own_log import (
    INSIDE,
    LARGEST_BYTES,
    MOST_ROWS,
    deployment_rows,
    inside,
    names,
    own_answer,
    shipped_answer,
)
from sim.ui.figures import html_table, show_plot
from sim.words.figures import funnel_said
from sim.words.numbers import between, chance, plain, whole
from sim.words.outcomes import outcome_name
from sim.words.record_page import (
    about_false_alerts,
    compared_sentence,
    coverage_words,
    deployments_title,
    misses_sentence,
    own_sentence,
    record_headline,
)

OWN = "record-own"
LEVEL = 80
LONGEST_FAULT = 300
MOST_DRAWN = 80
SOURCE = (
    "Published deployments of the Metropolitan Police, row by row in `deployments.csv` of this "
    "program (`passerby evidence` and NOTICE name the sources); what is learnt from them: "
    "[Predicting real deployments](evidence?page=record.md)."
)


def view() -> None:
    """Show the page."""
    try:
        with st.spinner("Predicting 62 deployments from 150 earlier ones: some seconds, once ..."):
            found = shipped_answer()
    except SimError as error:
        st.error(f"The record cannot be shown: {error}")
        return
    table = found.evaluation.predictions
    first = record_headline(inside(table, "alerts", LEVEL), inside(table, "arrests", LEVEL))
    st.html(f'<h1 class="p-headline">{first}</h1>')
    st.html(f'<p class="p-sentence">{compared_sentence(found.answer)}</p>')
    st.html(f'<p class="p-note">{about_false_alerts(found.answer)}</p>')
    _show_deployments(found, "record-shipped")
    _show_scores(found)
    st.markdown(
        "Single days, trials in other cities and the four published ratios of mistaken stops to "
        "right matches are on [Against the record](evidence?page=validation.md): one of the four, "
        "Cardiff in 2017, lies outside what the street model says. How this page predicts: "
        "[Predicting real deployments](evidence?page=record.md)."
    )
    _show_own()


def _show_deployments(found: AgainstRecord, key: str) -> None:
    outcome = st.segmented_control(
        "What is counted",
        [name for name in OUTCOMES if name in found.answer["outcomes"]],
        default=next(iter(found.answer["outcomes"])),
        format_func=outcome_name,
        required=True,
        key=f"{key}-outcome",
    )
    table = deployment_rows(found.evaluation.predictions, outcome)
    held = inside(found.evaluation.predictions, outcome, LEVEL)
    wide, _ = inside(found.evaluation.predictions, outcome, 95)
    title = deployments_title(outcome, held, wide)
    drawn = table.head(MOST_DRAWN)
    if len(drawn) < len(table):
        st.info(f"The latest {MOST_DRAWN} are drawn; the numbers above count all {len(table)}.")
    show_plot(
        deployments_plot(
            drawn, outcome=outcome_name(outcome), words=missed(table, outcome), title=title
        ),
        key=f"{key}-{outcome}",
        provenance=found.provenance,
        source=SOURCE,
    )


def missed(table: pd.DataFrame, outcome: str) -> str:
    """Name the deployments outside their wider range, and count those outside the narrower one."""
    return misses_sentence(
        outcome,
        narrow=int((table["side_80"] != INSIDE).sum()),
        of=len(table),
        out=table[table["side_95"] != INSIDE].to_dict("records"),
    )


def _show_scores(found: AgainstRecord) -> None:
    st.html('<h2 class="p-sentence">How often each range held what happened</h2>')
    st.html(scores_html(found.answer["outcomes"]))
    st.html(
        '<p class="p-note">A range for 50 in 100 should hold 50. Where a count is small a range '
        "holds more than it says; the shares are corrected for that. Points: width of the range "
        "for 80 in 100 plus a fine for each miss, on average; fewer is better.</p>"
    )


def scores_html(outcomes: Mapping[str, Any]) -> str:
    """Return coverage and points of each outcome as a table that a phone can show."""
    heads = (
        "What is counted",
        "Range for 50",
        "Range for 80",
        "Range for 95",
        "Points",
        "Same a face",
        "Same an hour",
    )
    rows = []
    for name, told in outcomes.items():
        rules = told["baselines"]
        cells = [coverage_words(share) for share in told["coverage"].values()]
        cells.append(_points(told["interval_score"]))
        cells += [
            _points(rules[kind]) if kind in rules else "not known"
            for kind in ("per_face", "per_hour")
        ]
        seen = whole(told["events"]) if told["events"] else "none"
        rows.append((f"{outcome_name(name)} ({seen} seen)", *cells))
    return _as_html(heads, rows)


def _as_html(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    return html_table(pd.DataFrame(rows, columns=list(heads)).set_index(heads[0]))


def _points(value: float) -> str:
    return plain(value) if value else "none: no width, no miss"


def _show_own() -> None:
    st.html('<h2 class="p-sentence">Your own log</h2>')
    st.markdown(
        "Have a table of deployments? Upload it as CSV and it is held against London’s record, "
        "with the same answer as `passerby record --test mylog.csv`. It is read in memory, "
        "answered for you alone and **not kept**: it is gone when you remove it or close the page. "
        f"At most 1 MB and {MOST_ROWS} rows here."
    )
    st.download_button(
        "Template (CSV)", template(), file_name="mylog.csv", mime="text/csv", on_click="ignore"
    )
    file = st.file_uploader("Your log, as CSV (1 MB at most)", type="csv", key="record-upload")
    if file is None:
        st.session_state.pop(OWN, None)
        st.html('<p class="p-note">No log yet. The template shows what a row holds.</p>')
        return
    try:
        if file.size > LARGEST_BYTES:
            raise SimError("your log: is larger than 1 MB")
        show_own_answer(_own(file.getvalue()))
    except SimError as error:
        st.error("This log was not used. Mend what is named below and upload it again.")
        st.html(faults_html(str(error)))


def faults_html(message: str) -> str:
    """Return the lines of a message as a list; free text in it is escaped and cut."""
    items = "".join(f"<li>{escape(line[:LONGEST_FAULT])}</li>" for line in message.splitlines())
    return f'<ul class="p-faults">{items}</ul>'


def _own(content: bytes) -> AgainstRecord:
    """Return the answer to an upload; the session holds the latest one alone."""
    mark = sha256(content).hexdigest()
    held = st.session_state.get(OWN)
    if held is None or held[0] != mark:
        with st.spinner("Predicting your deployments; other visitors may be before you ..."):
            st.session_state[OWN] = held = (mark, own_answer(content))
    found: AgainstRecord = held[1]
    return found


def show_own_answer(found: AgainstRecord) -> None:
    """Show what a log says, how it compares, and what it cannot say."""
    told = found.answer
    held = [inside(found.evaluation.predictions, name, 95) for name in told["outcomes"]]
    st.html(f'<p class="p-sentence">{own_sentence(told, held)}</p>')
    if told["totals"]:
        rows = [
            (
                outcome_name(row["outcome"]),
                whole(int(row["seen"])) if row["seen"] else "none",
                f"{plain(row['expected'])} ({between(row['low'], row['high'])})",
                chance(row["chance_of_more"]),
            )
            for row in told["totals"]
        ]
        heads = ("What is counted", "In your log", "Model (95 in 100)", "Chance of more")
        st.html(_as_html(heads, rows))
    if told["outcomes"]:
        _show_deployments(found, "record-own")
        st.html(scores_html(told["outcomes"]))
    for funnel in found.funnels:
        most = float(funnel.table[col.EXPOSED].max())
        table = funnel.table.assign(name=names(funnel.table))
        show_plot(
            funnel_plot(
                table,
                limit_curve(funnel, sizes(most)),
                rate=funnel.rate,
                counts=outcome_name(funnel.counts),
                unit=funnel.unit,
                said=partial(funnel_said, counts=outcome_name(funnel.counts), unit=funnel.unit),
            ),
            key=f"record-own-{funnel.counts}-{funnel.unit}",
            provenance=found.provenance,
            source=SOURCE,
        )
    st.html('<h3 class="p-sentence">What cannot be known from this log</h3>')
    st.html(faults_html("\n".join(told["log"]["cannot_be_known"])))
    for words in told["warnings"]:
        st.html(f'<p class="p-note">Note: {escape(words[:LONGEST_FAULT])}</p>')
