"""The pages and what they share.

State: none here; ``sim.ui.state`` holds the visitor's choices.
"""

from importlib.resources import files

import streamlit as st

from sim.ui import state
from sim.ui.glossary import show_words
from sim.ui.views import density, evidence, explore, frontier, record, teach, watch

PAGES = (
    (explore.view, "Explore", "explore"),
    (watch.view, "Watch", "watch"),
    (density.view, "Density", "density"),
    (frontier.view, "Frontier", "frontier"),
    (record.view, "Record", "record"),
    (evidence.view, "Evidence", "evidence"),
    (teach.view, "Teach", "teach"),
)


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Passerby", layout="wide", initial_sidebar_state="auto")
    st.html(f"<style>{_own('style.css')}</style>")
    pages = [
        st.Page(view, title=title, url_path=path, default=place == 0)
        for place, (view, title, path) in enumerate(PAGES)
    ]
    page = st.navigation(pages, position="top")
    state.begin()
    st.session_state[state.PAGES] = dict(zip((path for *_, path in PAGES), pages, strict=True))
    for note in st.session_state[state.NOTES]:
        st.info(note)
    if page is pages[0]:
        state.keep_link()
    page.run()
    show_words(next(path for (*_, path), one in zip(PAGES, pages, strict=True) if one is page))
    st.html(f"<script>{_own('names.js')}</script>", unsafe_allow_javascript=True)


def _own(name: str) -> str:
    return files("sim.ui").joinpath(name).read_text("utf-8")
