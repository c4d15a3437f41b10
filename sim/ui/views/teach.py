"""Teach: three lessons, alone or with a class; the guess comes before anything is shown.

State: the address says which lesson, class and seat.
"""

from collections.abc import Callable
from html import escape
from typing import TypeVar

import streamlit as st

from sim.errors import SimError
from sim.lessons.answering import unwalked
from sim.lessons.catalogue import lessons
from sim.lessons.handouts import answers, guide, worksheet
from sim.lessons.in_print import handouts_pdf
from sim.lessons.screens import Lesson
from sim.lessons.shared_sentences import HELD_WORDS
from sim.ui.teach.address import CLASS, KEY, LESSON, SCREEN, SEAT, come_back, go, remember
from sim.ui.teach.alone import show_alone
from sim.ui.teach.in_class import NOTE, begin_class, join_class, show_student, show_teacher
from sim.ui.teach.walking import show_walks

T = TypeVar("T")

_MOST_LETTERS = 8  # a code with spaces between its letters
_TO_WALK = "teach-to-walk"  # in the session: the lesson that is made ready


def view() -> None:
    """Show the page."""
    come_back()
    try:
        if CLASS in st.query_params and KEY in st.query_params:
            show_teacher()
        elif CLASS in st.query_params and SEAT in st.query_params:
            show_student()
        elif LESSON in st.query_params:
            show_alone()
        else:
            _show_start()
    except SimError as error:
        go()
        st.warning(_sentence(error))
        _show_start()
    remember()


def _show_start() -> None:
    note = st.session_state.pop(NOTE, None)
    if note:
        st.success(note)
    st.html(
        '<h1 class="p-headline">Guess first, then see. Three lessons, alone or with a class.</h1>'
    )
    with (
        st.form("teach-join", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        code = st.text_input(
            "Class code, four letters",
            value=st.query_params.get(CLASS, "")[:_MOST_LETTERS],
            max_chars=_MOST_LETTERS,
            width=220,
        )
        pressed = st.form_submit_button("Join the class", type="primary")
    if pressed:
        _do(join_class, code)
    st.html(f'<p class="p-note">No names and no accounts. {HELD_WORDS}</p>')
    for lesson in lessons().values():
        _show_lesson(lesson)


def _show_lesson(lesson: Lesson) -> None:
    st.html(
        f'<p class="p-teach-title">{escape(lesson.title)} · {lesson.minutes} minutes</p>'
        f'<p class="p-fact">{escape(lesson.about)}</p>'
    )
    if unwalked(lesson) and st.session_state.get(_TO_WALK) == lesson.name:
        show_walks(lesson)
        return
    with st.container(horizontal=True):
        if st.button("Work alone", key=f"teach-alone-{lesson.name}"):
            go(**{LESSON: lesson.name, SCREEN: "1"})
            st.rerun()
        if st.button("Begin a class", key=f"teach-begin-{lesson.name}"):
            if unwalked(lesson):
                st.session_state[_TO_WALK] = lesson.name
                st.rerun()
            else:
                _do(begin_class, lesson)
        _show_prints(lesson)


def _show_prints(lesson: Lesson) -> None:
    """Show what can be printed; made when it is asked for."""
    st.download_button(
        "Print worksheets",
        lambda: handouts_pdf(worksheet(lesson)),
        file_name=f"{lesson.name}-worksheet.pdf",
        mime="application/pdf",
        key=f"teach-print-{lesson.name}",
        on_click="ignore",
    )
    is_ready = not unwalked(lesson)
    st.download_button(
        "Teacher's guide and answers" if is_ready else "Teacher's guide",
        lambda: handouts_pdf(guide(lesson), *([answers(lesson)] if is_ready else [])),
        file_name=f"{lesson.name}-guide.pdf",
        mime="application/pdf",
        key=f"teach-guide-{lesson.name}",
        on_click="ignore",
    )


def _do(act: Callable[[T], None], what: T) -> None:
    """Do something that leads to another page of the lessons, or say why it cannot be done."""
    try:
        act(what)
    except SimError as error:
        st.warning(_sentence(error))
        return
    st.rerun()


def _sentence(error: SimError) -> str:
    words = str(error)
    return f"{words[0].upper()}{words[1:]}."
