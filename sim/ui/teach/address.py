"""Where a visitor is in the lessons, as the address says it; the session remembers it.

State: the address; the session, under ``teach-link``, so that another page of the app leads back.
"""

import streamlit as st

CLASS, SEAT, KEY = "class", "seat", "key"
LESSON, SCREEN, GUESSES = "lesson", "screen", "guesses"
OWN = (CLASS, SEAT, KEY, LESSON, SCREEN, GUESSES)
_LINK = "teach-link"


def come_back() -> None:
    """Go on where the visitor was before another page of the app."""
    if not any(name in st.query_params for name in OWN):
        st.query_params.update(st.session_state.get(_LINK, {}))


def remember() -> None:
    """Keep where the visitor is."""
    st.session_state[_LINK] = {
        name: st.query_params[name] for name in OWN if name in st.query_params
    }


def go(**where: str) -> None:
    """Go to a place in the lessons, or to their first page."""
    for name in OWN:
        st.query_params.pop(name, None)
    st.query_params.update(where)
    remember()
