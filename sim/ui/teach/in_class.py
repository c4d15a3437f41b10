"""A lesson with a class: the teacher's page, which moves it on, and the students', which follow.

State: the store of classes; the address, ``?class=CODE`` with ``&key=`` or ``&seat=``.
"""

from html import escape
from typing import Literal

import streamlit as st

from sim.errors import SimError
from sim.lessons.answering import answer_of
from sim.lessons.catalogue import lesson_of
from sim.lessons.screens import Guesses, Lesson, Screen
from sim.lessons.shared_sentences import HELD_WORDS
from sim.ui.classroom import Place, classroom, tidy_code
from sim.ui.teach.address import CLASS, KEY, SEAT, go
from sim.ui.teach.showing import (
    asked_guess,
    show_answer,
    show_choices,
    show_question,
    show_role,
    show_where,
    told_guess,
)

NOTE = "teach-note"  # in the session: said once, on the first page
FOLLOW_S, COUNT_S = 3.0, 2.0  # thirty students ask ten times a second, for a few bytes each


def begin_class(lesson: Lesson) -> None:
    """Begin a class and go to its teacher's page."""
    code, key = classroom().begin(lesson.name)
    go(**{CLASS: code, KEY: key})


def join_class(code: str) -> None:
    """Take a seat and go to its page."""
    seat = classroom().join(code)
    go(**{CLASS: tidy_code(code), SEAT: seat})


def show_student() -> None:
    """Show the page of the seat that the address names; raises SimError where there is none."""
    code, seat = tidy_code(st.query_params[CLASS]), st.query_params.get(SEAT, "")
    room = classroom()
    number = room.seat_number(code, seat)
    place = room.place(code)
    lesson = lesson_of(place.lesson)
    screen = lesson.screens[place.step]
    show_where(lesson, place.step, f"class {code}")
    show_question(screen)
    if screen.has_roles:
        show_role(lesson.roles[number % len(lesson.roles)])
    if screen.kind == "read":
        st.html('<p class="p-note">Your teacher moves the class on. This page follows.</p>')
    elif place.is_revealed:
        own = room.own_guess(code, seat, place.step)
        if own is None:
            st.html('<p class="p-note">You made no guess here.</p>')
        _show_revealed(code, lesson, place, own)
    else:
        _ask(code, seat, screen, place)
    _follow(code, place)
    st.html(
        f'<p class="p-note">{HELD_WORDS} The address of this page brings you back to your seat; '
        "keep it to yourself.</p>"
    )


def _ask(code: str, seat: str, screen: Screen, place: Place) -> None:
    room = classroom()
    own = room.own_guess(code, seat, place.step)
    found = asked_guess(screen, f"teach-{code}-{place.step}", own)
    if found is not None:
        try:
            room.guess(code, seat, place.step, found)
        except SimError as error:
            st.warning(str(error))
            return
        st.rerun()
    if own is None:
        words = "The answer appears when you have guessed and your teacher shows it."
    else:
        words = (
            f"Your guess is in: {told_guess(screen, own)}. You can change it until your teacher "
            "shows the answer."
        )
    st.html(f'<p class="p-note" role="status">{escape(words)}</p>')


def _show_revealed(code: str, lesson: Lesson, place: Place, own: float | None) -> None:
    guesses = guesses_of(code, lesson)
    screen = lesson.screens[place.step]
    answer = answer_of(lesson, screen, guesses)
    show_answer(
        screen, answer, own=own, guesses=guesses[screen.name], key=f"{lesson.name}-{place.step}"
    )


def guesses_of(code: str, lesson: Lesson) -> Guesses:
    """Return what the class guessed at the screens whose answers have been shown."""
    room = classroom()
    return {screen.name: room.guesses(code, step) for step, screen in enumerate(lesson.screens)}


@st.fragment(run_every=FOLLOW_S)
def _follow(code: str, seen: Place) -> None:
    """Start the page again when the class has gone elsewhere, or has ended."""
    try:
        place = classroom().place(code)
    except SimError:
        st.rerun()
    if place != seen:
        st.rerun()


def show_teacher() -> None:
    """Show the page of the class's teacher; raises SimError for a wrong key."""
    code, key = tidy_code(st.query_params[CLASS]), st.query_params.get(KEY, "")
    room = classroom()
    if not room.is_teacher(code, key):
        raise SimError(f"this link's key is not that of class {code}'s teacher")
    place = room.place(code)
    lesson = lesson_of(place.lesson)
    screen = lesson.screens[place.step]
    st.html(
        f'<p class="p-note">Class code: students open this address, choose Teach, and type it</p>'
        f'<p class="p-code">{code}</p>'
    )
    _show_ways(code, key, lesson, place)
    show_where(lesson, place.step, f"{screen.minutes} minutes")
    show_question(screen)
    if screen.kind == "choice" and not place.is_revealed:
        show_choices(screen)
    if screen.has_roles:
        with st.expander("All roles; seats are dealt them in turn"):
            for role in lesson.roles:
                show_role(role)
    if place.is_revealed and screen.kind != "read":
        _show_revealed(code, lesson, place, None)
    if screen.say:
        with st.expander("For the teacher: what to say"):
            st.markdown("\n".join(f"- {line}" for line in screen.say))
    st.html(
        f'<p class="p-note">{HELD_WORDS} The address of this page holds your key: keep it to '
        "yourself. It brings you back if this laptop stops.</p>"
    )


def _show_ways(code: str, key: str, lesson: Lesson, place: Place) -> None:
    room, screen = classroom(), lesson.screens[place.step]
    _count(code, place, screen.kind == "read")
    with st.container(horizontal=True):
        can_reveal = screen.kind != "read" and not place.is_revealed
        if can_reveal and st.button("Show the answer", key="teach-reveal", type="primary"):
            answer_of(lesson, screen, guesses_of(code, lesson))  # so that thirty find it made
            room.reveal(code, key)
            st.rerun()
        is_last = place.step + 1 == len(lesson.screens)
        kind: Literal["primary", "secondary"] = "secondary" if can_reveal else "primary"
        if st.button("Next screen", key="teach-next", type=kind, disabled=is_last):
            room.move(code, key, place.step + 1)
            st.rerun()
        if st.button("Back", key="teach-back", disabled=place.step == 0):
            room.move(code, key, place.step - 1)
            st.rerun()
        with st.popover("End the class"):
            st.write("All guesses of this class are deleted, and its students' pages close.")
            if st.button("End and delete", key="teach-end"):
                room.end(code, key)
                st.session_state[NOTE] = (
                    f"Class {code} has ended. Its code, seats and guesses are deleted."
                )
                go()
                st.rerun()


@st.fragment(run_every=COUNT_S)
def _count(code: str, seen: Place, is_read: bool) -> None:
    """Show how many are done: a count, never who."""
    try:
        guessed, seats = classroom().done(code)
        place = classroom().place(code)
    except SimError:
        st.rerun()
    if place != seen:  # moved by another window of the teacher
        st.rerun()
    told = f"{seats} {'seat' if seats == 1 else 'seats'} taken"
    if not is_read:
        told += f" · {guessed} of {seats} have guessed"
    st.html(f'<p class="p-sentence" role="status">{told}</p>')
