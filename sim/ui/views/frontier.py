"""Frontier: the policies of a study as points, ceilings as sliders, those that keep them lit.

State: the policy looked at, in ``st.session_state``; limits are the widgets' own.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sim import columns as col
from sim.analysis.ceilings import Kept, Limit, kept_limits
from sim.analysis.frontier import quantiles
from sim.charts.frontier import Ends, frontier_plot
from sim.studies.judge.shipped_frontier import ShippedPolicies, shipped_policies
from sim.ui import state
from sim.ui.figures import html_table, show_plot
from sim.words.levers import policy_words
from sim.words.numbers import between, plain, whole
from sim.words.outcomes import outcome_name
from sim.words.policies import (
    in_ten,
    limit_words,
    limits_headline,
    lit_heading,
    means_in_days,
    obstacle_words,
)

LOOKED_AT = "frontier-policy"
NO_LIMIT = float("inf")
SLIDERS = (  # outcome, whether a floor, label, choices, at first
    (col.PER_TRUE_MATCH, False, "Mistaken stops for each right match: at most",
     (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, NO_LIMIT), 0.2),
    (col.DISPARITY, False, "Most stopped group over least stopped: at most",
     (5.0, 7.5, 10.0, 15.0, 20.0, 30.0, NO_LIMIT), NO_LIMIT),
    (col.FACES_USABLE, False, "People scanned: at most",
     (5500.0, 6500.0, 8000.0, 10000.0, 12000.0, NO_LIMIT), NO_LIMIT),
    (col.STAFF_HOURS, False, "Staff hours: at most",
     (10.0, 15.0, 20.0, 30.0, 40.0, 50.0, NO_LIMIT), NO_LIMIT),
    (col.TRUE_ALERTS, True, "People rightly matched: at least",
     (0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0), 0.2),
)  # fmt: skip
SURE = (0.5, 0.7, 0.8, 0.9, 0.95)
ACROSS = (col.PER_TRUE_MATCH, col.MISTAKEN_STOPS, col.DISPARITY, col.FACES_USABLE, col.STAFF_HOURS)
SHOWN = 12
ENTRIES = ("matching.listed_per_1000", "error_model.met-street.fmr_060", "response.pursue_true")


def view() -> None:
    """Show the page."""
    found = shipped_policies()
    top = st.container()
    with st.container(border=True):
        limits, sure = _asked()
    kept = kept_limits(found.table, limits, sure=sure)
    top.html(f'<h1 class="p-headline">{limits_headline(kept)}</h1>')
    top.html(
        f'<p class="p-note">{found.about["title"]}: {len(kept.chance_all)} policies, each under '
        f"the same {found.table.draws} draws of what is not known, over "
        f"{found.about['replications']} days. A chance is a share of those draws; which policy to "
        "prefer is a judgement that no chart makes.</p>"
    )
    _show_points(found, kept)
    _show_policy(found, kept)
    _show_lit(kept)


def _asked() -> tuple[list[Limit], float]:
    """Return the limits of the sliders, at least one, and how surely they are to be kept."""
    limits = []
    columns = st.columns(2)
    for place, (outcome, is_floor, label, choices, first) in enumerate(SLIDERS):
        value = columns[place % 2].select_slider(
            label,
            choices,
            value=first,
            key=f"frontier-{outcome}",
            format_func=_choice,
            help=f"Expected {outcome_name(outcome)}, of one deployment.",
        )
        if value not in {NO_LIMIT, 0.0}:
            limits.append(Limit(outcome, float(value), is_floor=is_floor))
    sure = columns[1].select_slider(
        "How surely: in at least",
        SURE,
        value=0.9,
        key="frontier-sure",
        format_func=in_ten,
        help="A policy is lit when it keeps every limit in so many of the cases.",
    )
    return limits or [Limit(col.TRUE_ALERTS, 0.0, is_floor=True)], float(sure)


def _choice(value: float) -> str:
    if value == NO_LIMIT:
        return "no limit"
    return whole(int(value)) if value >= 100 else plain(value)


def _show_points(found: ShippedPolicies, kept: Kept) -> None:
    across = st.selectbox(
        "Across", ACROSS, format_func=lambda name: outcome_name(name).capitalize(),
        key="frontier-across",
    )  # fmt: skip
    names = [
        f"{policy_words(found.table.policy(place))}: limits kept in "
        f"{in_ten(float(kept.chance_all[place]))}"
        for place in range(len(kept.chance_all))
    ]
    lit = int(kept.meets.sum())
    plot, places = frontier_plot(
        across=_ends(found, across),
        up=_ends(found, col.TRUE_ALERTS),
        axes=(outcome_name(across), outcome_name(col.TRUE_ALERTS)),
        names=names,
        is_lit=kept.meets,
        is_not_beaten=found.frontier.is_not_beaten,
        chosen=_looked_at(kept),
        title=f"{lit} of {len(names)} policies keep your limits"
        if lit
        else "No policy keeps your limits surely enough",
    )
    clicked = show_plot(
        plot,
        key="frontier-points",
        provenance=_provenance(found.about),
        entries=ENTRIES,
        is_clickable=True,
    )
    if clicked is not None:
        place = int(places[clicked[0]][clicked[1]])
        if place != st.session_state.get("frontier-clicked"):
            st.session_state["frontier-clicked"] = place
            st.session_state[LOOKED_AT] = place
            st.rerun()


def _ends(found: ShippedPolicies, outcome: str) -> Ends:
    low, high = quantiles(found.table.column(outcome)[:, :, None])
    return found.table.mean(outcome), low[:, 0], high[:, 0]


def _looked_at(kept: Kept) -> int:
    """Return the policy that the visitor looks at: clicked or chosen, else the one with most."""
    return int(st.session_state.get(LOOKED_AT, kept.nearest if kept.best is None else kept.best))


def _show_policy(found: ShippedPolicies, kept: Kept) -> None:
    order = np.lexsort((-kept.table.mean(col.TRUE_ALERTS), ~kept.meets)).tolist()
    place = _looked_at(kept)
    chosen = st.selectbox(
        "The policy you look at (or click a point)",
        order,
        index=order.index(place),
        format_func=lambda each: policy_words(found.table.policy(each)),
        key=f"frontier-choose-{place}",
    )
    if chosen != place:
        st.session_state[LOOKED_AT] = chosen
        st.rerun()
    rows = [
        (
            limit_words(limit),
            in_ten(float(kept.chance[place, at])),
            between(float(kept.low[place, at] * 100), float(kept.high[place, at] * 100)),
        )
        for at, limit in enumerate(kept.limits)
    ]
    rows.append(
        (
            "all of them",
            in_ten(float(kept.chance_all[place])),
            between(float(kept.low_all[place] * 100), float(kept.high_all[place] * 100)),
        )
    )
    columns = ["Limit", "kept in", "for so few draws, in 100"]
    st.html(html_table(pd.DataFrame(rows, columns=columns).set_index(columns[0])))
    for line in obstacle_words(kept, place):
        st.html(f'<p class="p-note">{line}</p>')
    if st.button("Make it my option", type="primary", help="Opens Explore with this policy"):
        option = found.scenario(place)
        state.choose_place(option.name)
        state.set_option(option)
        st.switch_page(st.session_state[state.PAGES]["explore"])


def _show_lit(kept: Kept) -> None:
    lit = np.flatnonzero(kept.meets)
    if not len(lit):
        return
    order = lit[np.argsort(-kept.table.mean(kept.price)[lit], kind="stable")][:SHOWN]
    heads, means = means_in_days(
        {
            name: kept.table.mean(name)[order].tolist()
            for name in (col.TRUE_ALERTS, col.MISTAKEN_STOPS)
        }
    )
    columns = ["Policy", "kept in", *heads]
    rows = [
        (
            policy_words(kept.table.policy(int(place))),
            in_ten(float(kept.chance_all[place])),
            *row,
        )
        for place, row in zip(order, means, strict=True)
    ]
    with st.expander(lit_heading(len(rows), len(lit))):
        st.html(html_table(pd.DataFrame(rows, columns=columns).set_index(columns[0])))


def _provenance(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "scenario": about["scenario"],
        "study": about["study"],
        "hash": about["study_hash"],
        "seeds": [about["seed"]],
        "passerby": about["passerby"],
        "python": about["python"],
        "packages": about["packages"],
        "commit": about["commit"],
        "date": about["date"],
        "failures": 0,
    }
