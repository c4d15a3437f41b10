"""Parts of the first page under the headline: from alert to stop, who is stopped, denominators.

The charts are made by ``sim.ui.explore_charts``; here they are laid out. Of the tabs,
one is made at a time, so that a lever is not slowed down by what nobody looks at.

State: the tab that is open, in the session.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sim import columns as col
from sim.answer.counts import DENOMINATORS
from sim.scenario.schema import Composition, Scenario
from sim.ui.explore_charts import fates_chart, groups_chart
from sim.ui.figures import html_table, show_plot
from sim.words.explore import (
    FATES,
    denominator_words,
    difference_words,
    no_match_sentence,
)
from sim.words.groups import HEADINGS, group_name, grouped_by
from sim.words.numbers import (
    between,
    ends,
    expected,
    one_deployment_ends,
    plain,
    whole,
    with_range,
)
from sim.words.outcomes import outcome

FATES_REST_ON = (
    "response.review_s", "response.pursue_true", "response.pursue_false_intercept",
    "response.officer_speed_mps", "response.lost_in_crowd",
)  # fmt: skip
GROUPS_REST_ON = ("demographics.{preset}.w_black", "demographics.{preset}.w_asian",
                  "demographics.{preset}.w_female", "demographics.{preset}.w_child",
                  "demographics.{preset}.cross_sex")  # fmt: skip


def lists_of(base: Scenario) -> dict[str, Any]:
    """Return make-ups of the list to choose from; the place's own comes first."""
    own = base.policy.watchlist.composition.model_dump(mode="json")
    crowd = base.street.crowd
    half = {"female": 0.5, "male": 0.5}
    return {
        "as in this scenario (a guess)": own,
        "as the people who walk past": crowd.model_dump(mode="json"),
        "as many women as men": Composition.model_validate(
            base.policy.watchlist.composition.model_dump() | {"sex": half, "joint": ()}
        ).model_dump(mode="json"),
    }


def figure_provenance(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the files of the option's charts carry: scenario, hash, seed, version."""
    return {
        "scenario": answer["scenario"],
        "hash": answer["hash"],
        "seeds": [answer["seed"]],
        "passerby": answer["version"],
    }


def show_tabs(found: dict[str, Any], option: Scenario) -> None:
    """Show what stands behind the answer; of the tabs, the open one is made."""
    answer = found["option"]
    fates, who, why, below = st.tabs(
        ["From alert to stop", "Who is stopped", "What changed", "All denominators"],
        key="explore-tabs",
        on_change="rerun",
    )
    if fates.open:
        with fates:
            _show_fates(answer)
    if who.open:
        with who:
            _show_groups(answer, option)
    if why.open:
        with why:
            _show_changes(found["against"])
    if below.open:
        with below:
            _show_denominators(found)


def _show_fates(answer: dict[str, Any]) -> None:
    st.html(
        '<p class="p-note">An alert is a message to an operator. Not every alert ends in a stop: '
        "each step takes some away. First the people on the list, then all others.</p>"
    )
    for column, kind in zip(st.columns(2), ("true", "false"), strict=True):
        with column:
            show_plot(
                fates_chart(answer, kind),  # type: ignore[arg-type]
                key=f"explore-fates-{kind}",
                provenance=figure_provenance(answer),
                entries=FATES_REST_ON,
            )
    with st.expander("Luck and what we do not know, together"):
        st.html(html_table(_fates_table(answer)))


def _fates_table(answer: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for kind, label, end in (
        ("true", "on the list", "correct"),
        ("false", "not on the list", "mistaken"),
    ):
        rows.append((f"Alerts on people {label}", *_both(answer["alerts"][kind])))
        rows += [
            (f"{label}: {outcome(name).heading}", *_both(answer["fates"][kind][name]))
            for name in FATES
        ]
        stopped = "stopped by mistake" if kind == "false" else "stopped"
        rows.append((f"{label}: {stopped}", *_both(answer["stops"][end])))
    columns = ["What becomes of an alert", "Expected", "One deployment, 95 in 100"]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def _both(count: dict[str, Any]) -> tuple[str, str]:
    return expected(count["mean"], count["at_most"]), between(
        *one_deployment_ends(count), nothing="mostly none"
    )


def _show_groups(answer: dict[str, Any], option: Scenario) -> None:
    by = st.segmented_control(
        "Groups",
        list(HEADINGS),
        default="sex",
        required=True,
        format_func=grouped_by,
        key="explore-groups",
    )
    st.html(f'<p class="p-sentence">{difference_words(answer, by)}</p>')
    preset = option.assumptions.demographic_preset
    entries = [name.format(preset=preset) for name in GROUPS_REST_ON]
    for column, measure in zip(st.columns(2), (col.TRUE_ALERTS, col.MISTAKEN_STOPS), strict=True):
        with column:
            _show_group_chart(answer, measure, by, entries)
    _show_group_chart(answer, col.RATIO, by, entries)
    with st.expander("All numbers by group"):
        st.html(html_table(_groups_table(answer, by)))
        st.html(
            '<p class="p-note">In brackets what we do not know. “Can show from”: the smallest '
            "difference that the stops of one such day could tell from chance. Most single days "
            "can show none.</p>"
        )


def _show_group_chart(answer: dict[str, Any], measure: str, by: str, entries: list[str]) -> None:
    plot = groups_chart(answer, measure, by)
    if plot is None:
        st.html('<p class="p-note">No mistaken stop is expected: no rates to compare.</p>')
        return
    show_plot(
        plot,
        key=f"explore-{measure}-{by}",
        provenance=figure_provenance(answer),
        entries=entries,
    )


def _groups_table(answer: dict[str, Any], by: str) -> pd.DataFrame:
    rates = {row[by]: row for row in answer["disparities"][by]}
    rows = [
        (
            group_name(row[by]),
            whole(row["faces_usable"]),
            _spread(row["true_alerts"]),
            _spread(row["mistaken_stops"]),
            _rate(rates.get(row[by], {})),
            _detectable(rates.get(row[by], {}).get(col.DETECTABLE)),
        )
        for row in answer["by_group"][by]
    ]
    columns = [
        grouped_by(by).capitalize(),
        "faces scanned",
        "right matches",
        "stopped by mistake",
        "false alerts a face, everybody = 1",
        "can show from",
    ]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def _spread(value: dict[str, Any]) -> str:
    return with_range(value["estimate"], *ends(value))


def _rate(row: Mapping[str, Any]) -> str:
    ratio = row.get(col.RATIO)
    return "cannot be said" if ratio is None else with_range(ratio, *ends(row))


def _detectable(ratio: float | None) -> str:
    return "nothing" if ratio is None else f"{plain(ratio)} times"


def _show_changes(against: dict[str, Any]) -> None:
    if not against["changed"]:
        st.html('<p class="p-note">Nothing differs between baseline and option yet.</p>')
        return
    rows = [(row["field"], str(row["baseline"]), str(row["here"])) for row in against["changed"]]
    changed = pd.DataFrame(rows, columns=["What", "Baseline", "Your option"]).set_index("What")
    st.html(html_table(changed))
    same = "the same people" if against["same_people"] else "another walk of the street"
    st.html(
        f'<p class="p-sentence">{against["sentence"]}</p><p class="p-note">Compared on {same}.</p>'
    )


def _show_denominators(found: dict[str, Any]) -> None:
    rows = []
    for name in DENOMINATORS:
        cells = []
        for side in ("baseline", "option"):
            ratio = found[side]["denominators"][name]
            cells.append(denominator_words(name, ratio))
        rows.append((outcome(name).name, *cells))
    columns = ["The same stops, by", "Baseline", "Your option"]
    st.html(html_table(pd.DataFrame(rows, columns=columns).set_index(columns[0])))
    none = found["option"]["false_stops_per_true_match"]["p_no_true_match"]
    st.html(
        '<p class="p-note">The same stops, divided by four things: no one of them is the right '
        f"one. {no_match_sentence(none)}</p>"
    )
