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

POLL_S = 0.5


def show_walk(scenario: Scenario) -> None:
    """Show the button, or how far the walk is; the page starts again when it is done."""
    reason = refusal(scenario)
    if reason is not None:
        st.warning(reason)
        return
    job = pool().job(state.owner())
    if job is None or job.walk != walk_hash(scenario) or job.status in {"cancelled", "failed"}:
        if job is not None and job.status == "failed":
            st.error(f"The walk did not finish: {job.reason}. Nothing is lost; try again.")
        cost = run_cost(scenario)
        st.html(
            f'<p class="p-note">About {cost.people:,.0f} people will walk past; that takes some '
            f"{max(cost.cpu_s, 1):.0f} s.</p>"
        )
        if st.button("Run the street", type="primary"):
            try:
                pool().submit(state.owner(), scenario)
            except SimError as error:
                st.warning(str(error))
                return
            st.rerun()
        return
    _progress(scenario)


@st.fragment(run_every=POLL_S)
def _progress(scenario: Scenario) -> None:
    job = pool().job(state.owner())
    if job is None or job.status not in {"queued", "walking"}:
        st.rerun()
        return
    people = run_cost(scenario).people
    if job.status == "queued":
        st.progress(0.0, text=f"Waiting: {job.ahead} before you")
    else:
        text = f"Walking {people:,.0f} people past the cameras: {100 * job.share:.0f} %"
        st.progress(min(job.share, 1.0), text=text)
    if st.button("Cancel"):
        pool().cancel(state.owner())
        st.rerun()
