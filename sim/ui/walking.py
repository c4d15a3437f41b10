"""The button that has a street walked, its progress, and the cancel that stops it.

State: the visitor's job in the pool.
"""

import streamlit as st

from sim.errors import SimError
from sim.scenario.advice import run_cost
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario
from sim.ui import state
from sim.ui.jobs import pool, refusal
from sim.words.walks import walk_sentence

POLL_S = 0.5


def show_walk(scenario: Scenario) -> None:
    """Show the button, or how far the walk is; the page starts again when it is done."""
    reason = refusal(scenario)
    if reason is not None:
        st.warning(reason)
        return
    job = pool().job(state.owner())
    if job is None or job.what != walk_hash(scenario) or job.status in {"cancelled", "failed"}:
        if job is not None and job.status == "failed":
            st.error(f"The walk did not finish: {job.reason}. Nothing is lost; try again.")
        cost = run_cost(scenario)
        st.html(f'<p class="p-note">{walk_sentence(cost.people, cost.cpu_s)}</p>')
        if st.button("Run the street", type="primary"):
            try:
                pool().submit(state.owner(), scenario)
            except SimError as error:
                st.warning(str(error))
                return
            st.rerun()
        return
    show_progress(f"Walking {run_cost(scenario).people:,.0f} people past the cameras")


@st.fragment(run_every=POLL_S)
def show_progress(doing: str) -> None:
    """Show how far the visitor's job is, in the words of what is done, with a cancel."""
    job = pool().job(state.owner())
    if job is None or not job.is_open:
        st.rerun()
        return
    if job.status == "queued":
        st.progress(0.0, text=f"Waiting: {job.ahead} before you")
    else:
        st.progress(min(job.share, 1.0), text=f"{doing}: {100 * job.share:.0f} %")
    if st.button("Cancel"):
        pool().cancel(state.owner())
        st.rerun()
