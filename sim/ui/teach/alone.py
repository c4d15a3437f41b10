"""A lesson at one's own pace: the same screens, the guesses kept in the link alone.

State: the address, ``?lesson=NAME&screen=N&guesses=...``.
"""

from math import isfinite

import streamlit as st

from sim.errors import SimError
from sim.lessons.answering import answer_of, unwalked
from sim.lessons.catalogue import lesson_of
from sim.lessons.screens import Lesson, Screen, checked_guess
from sim.ui.teach.address import GUESSES, LESSON, SCREEN, go
from sim.ui.teach.showing import (
    asked_guess,
    own_as_guesses,
    show_answer,
    show_question,
    show_role,
    show_where,
)
from sim.ui.teach.walking import show_walks

_BETWEEN = "_"


def show_alone() -> None:
    """Show the screen that the address names; raises SimError for a lesson that is not there."""
    lesson = lesson_of(st.query_params[LESSON])
    if unwalked(lesson):
        show_walks(lesson)
        return
    step = _step(lesson)
    own = read_guesses(lesson, st.query_params.get(GUESSES, ""))
    screen = lesson.screens[step]
    show_where(lesson, step, "alone; the address of this page brings you back")
    show_question(screen)
    if screen.has_roles:
        _show_roles(lesson)
    if screen.kind != "read" and own[step] is None:
        found = asked_guess(screen, f"teach-alone-{lesson.name}-{step}", None)
        if found is not None:
            own[step] = found
            st.query_params[GUESSES] = guesses_text(own)
            st.rerun()
        st.html('<p class="p-note">The answer appears once you have committed a guess.</p>')
    elif screen.kind != "read":
        answer = answer_of(lesson, screen, own_as_guesses(lesson, own))
        show_answer(screen, answer, own=own[step], guesses=(), key=f"{lesson.name}-{step}")
    _show_ways(lesson, step, is_done=screen.kind == "read" or own[step] is not None)


def _show_ways(lesson: Lesson, step: int, *, is_done: bool) -> None:
    """Show the ways back and on; on only once the guess is committed."""
    is_last = step + 1 == len(lesson.screens)
    if is_last and is_done:
        st.html('<p class="p-fact">That was the last screen.</p>')
    with st.container(horizontal=True):
        if step > 0 and st.button("Back", key="teach-back"):
            st.query_params[SCREEN] = str(step)
            st.rerun()
        if not is_last and st.button(
            "Next", key="teach-next", type="primary", disabled=not is_done
        ):
            st.query_params[SCREEN] = str(step + 2)
            st.rerun()
        if st.button("All lessons", key="teach-all"):
            go()
            st.rerun()


def _show_roles(lesson: Lesson) -> None:
    names = [role.name for role in lesson.roles]
    chosen = st.selectbox("Whom do you speak for?", names, key="teach-role", width=360)
    show_role(lesson.roles[names.index(chosen)])


def _step(lesson: Lesson) -> int:
    text = st.query_params.get(SCREEN, "1")
    number = int(text) if text.isdecimal() and len(text) < 4 else 1
    return min(max(number, 1), len(lesson.screens)) - 1


def guesses_text(own: list[float | None]) -> str:
    """Return guesses for the address."""
    return _BETWEEN.join("" if value is None else f"{value:g}" for value in own)


def read_guesses(lesson: Lesson, text: str) -> list[float | None]:
    """Return the guesses of an address, one a screen; what cannot be a guess counts as none."""
    parts = text.split(_BETWEEN) + [""] * len(lesson.screens)
    return [_guess(screen, part) for screen, part in zip(lesson.screens, parts, strict=False)]


def _guess(screen: Screen, text: str) -> float | None:
    if not text or len(text) > 12:
        return None
    try:
        value = float(text)
        return checked_guess(screen, value) if isfinite(value) else None
    except (ValueError, SimError):
        return None
