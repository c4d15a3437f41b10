"""Parts of the first page under the headline: from alert to stop, who is stopped, denominators.

State: none.
"""

from typing import Any

import pandas as pd
import streamlit as st

from sim.briefing.sentences import range_words
from sim.briefing.words import expected, plain, whole
from sim.experiments.counts import DENOMINATORS
from sim.scenario.schema import Composition, Scenario

GROUP_WORDS = {"sex": "by sex", "ethnicity": "by ethnicity", "age_band": "by age"}
FATES = {
    "unread": "read too late",
    "dismissed": "dismissed by an operator",
    "no_officer": "no officer free",
    "lost": "lost on the way",
}


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


def show_tabs(found: dict[str, Any]) -> None:
    """Show what stands behind the answer."""
    option = found["option"]
    fates, who, why, below = st.tabs(
        ["From alert to stop", "Who is stopped", "What changed", "All denominators"]
    )
    with fates:
        _show_fates(option)
    with who:
        _show_groups(option)
    with why:
        _show_changes(found["against"])
    with below:
        _show_denominators(found)


def _show_fates(answer: dict[str, Any]) -> None:
    rows = []
    for kind, label, end in (
        ("false", "not on the list", "mistaken"),
        ("true", "on the list", "correct"),
    ):
        alerts = answer["alerts"][kind]
        rows.append((f"Alerts on people {label}", *_both(alerts)))
        rows += [
            (f"   {words}", *_both(answer["missed"][kind][name])) for name, words in FATES.items()
        ]
        stopped = "stopped by mistake" if kind == "false" else "stopped, on the list"
        rows.append((f"   {stopped}", *_both(answer["stops"][end])))
    columns = ["What becomes of an alert", "Expected", "One deployment, 95 in 100"]
    st.table(pd.DataFrame(rows, columns=columns).set_index(columns[0]))


def _both(count: dict[str, Any]) -> tuple[str, str]:
    return expected(count["mean"], count["at_most"]), range_words(count["low"], count["high"])


def _show_groups(answer: dict[str, Any]) -> None:
    st.html(
        '<p class="p-note">Expected numbers of one deployment, with what we do not know in '
        "brackets. “Can show from” is the smallest difference that the stops of one such day "
        "could tell from chance: most single days can show none.</p>"
    )
    for by, words in GROUP_WORDS.items():
        rows = [
            (
                row[by],
                whole(row["faces_usable"]),
                _spread(row["true_alerts"]),
                _spread(row["mistaken_stops"]),
                "nobody scanned" if row["ratio"] is None else _spread(row["ratio"]),
                _detectable(row["detectable_ratio"]),
            )
            for row in answer["by_group"][by]
        ]
        columns = [
            words.capitalize(),
            "faces scanned",
            "right matches",
            "stopped by mistake",
            "stops a face, everybody = 1",
            "can show from",
        ]
        st.table(pd.DataFrame(rows, columns=columns).set_index(columns[0]))


def _spread(value: dict[str, Any]) -> str:
    return f"{plain(value['estimate'])} ({range_words(value['low'], value['high'])})"


def _detectable(ratio: float | None) -> str:
    return "nothing" if ratio is None else f"{plain(ratio)} times"


def _show_changes(against: dict[str, Any]) -> None:
    if not against["changed"]:
        st.html('<p class="p-note">Nothing differs between baseline and option yet.</p>')
        return
    rows = [(row["field"], str(row["baseline"]), str(row["here"])) for row in against["changed"]]
    st.table(pd.DataFrame(rows, columns=["What", "Baseline", "Your option"]).set_index("What"))
    same = "the same people" if against["same_people"] else "another walk of the street"
    st.html(f'<p class="p-sentence">{against["sentence"]}</p><p class="p-note">Compared on {same}.')


def _show_denominators(found: dict[str, Any]) -> None:
    rows = []
    for name, words in DENOMINATORS.items():
        cells = []
        for side in ("baseline", "option"):
            ratio = found[side]["denominators"][name]
            if ratio["estimate"] is None and ratio["low"] is None:
                cells.append("cannot be said")
            else:
                value = "no limit" if ratio["estimate"] is None else plain(ratio["estimate"])
                cells.append(f"{value} ({range_words(ratio['low'] or 0.0, ratio['high'])})")
        rows.append((words, *cells))
    columns = ["The same stops, by", "Baseline", "Your option"]
    st.table(pd.DataFrame(rows, columns=columns).set_index(columns[0]))
    chance = found["option"]["false_stops_per_true_match"]["p_no_true_match"]
    st.html(
        f'<p class="p-note">Chance that one deployment brings no right match at all: '
        f"{plain(100 * chance)} in 100.</p>"
    )
