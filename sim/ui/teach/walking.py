"""The streets of a lesson: walked in the pool before it starts, once for everybody.

State: the jobs in the pool, one a street, shared by all visitors.
"""

import streamlit as st

from sim.errors import SimError
from sim.lessons.answering import unwalked
from sim.lessons.screens import Lesson
from sim.scenario.advice import run_cost
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario
from sim.ui.jobs import pool
from sim.ui.walking import POLL_S
from sim.words.walks import walk_sentence


def show_walks(lesson: Lesson) -> None:
    """Show which streets the lesson still needs, a button that has them walked, and progress."""
    missing = unwalked(lesson)
    people = sum(run_cost(scenario).people for scenario in missing.values())
    seconds = sum(run_cost(scenario).cpu_s for scenario in missing.values())
    st.html(
        '<h1 class="p-headline">This lesson is not ready yet: its streets have to be walked.</h1>'
        f'<p class="p-note">{walk_sentence(people, seconds)} The streets are kept, and Explore has '
        "them too.</p>"
    )
    jobs = [pool().job(owner(scenario)) for scenario in missing.values()]
    for job in jobs:
        if job is not None and job.status == "failed":
            st.error(f"A walk did not finish: {job.reason}. Nothing is lost; try again.")
    if any(job is not None and job.is_open for job in jobs):
        _progress(lesson)
        return
    if st.button("Walk the streets of this lesson", type="primary", key="teach-walk"):
        try:
            for scenario in missing.values():
                pool().submit(owner(scenario), scenario)
        except SimError as error:
            st.warning(str(error))
            return
        st.rerun()


def owner(scenario: Scenario) -> str:
    """Return in whose name a street of a lesson is walked: nobody's, so that all share it."""
    return f"lesson {walk_hash(scenario)}"


@st.fragment(run_every=POLL_S)
def _progress(lesson: Lesson) -> None:
    jobs = [pool().job(owner(scenario)) for scenario in lesson.streets().values()]
    waiting = [job for job in jobs if job is not None and job.is_open]
    if not waiting:
        st.rerun()
        return
    asked = [job for job in jobs if job is not None]
    share = sum(1.0 if job not in waiting else job.share for job in asked) / len(asked)
    st.progress(
        min(share, 1.0),
        text=f"Walking the streets of this lesson: {len(waiting)} of {len(asked)} still to finish",
    )
