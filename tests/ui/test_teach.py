"""Lessons on the page: the guess comes first, a class shares what it may share and no more."""

import pytest
from streamlit.testing.v1 import AppTest

from sim.lessons.catalogue import lessons
from sim.ui.classroom import classroom
from sim.ui.teach.alone import guesses_text, read_guesses

pytestmark = pytest.mark.whole

ANSWER = ">The answer<"  # heads the card that holds it
REVEALED = "10 of 2,077"  # said by the first screen's answer alone


def open_teach():
    import streamlit as st

    from sim.ui import state
    from sim.ui.views import teach

    state.begin()
    teach.view()
    st.write("end")


@pytest.fixture
def room():
    yield classroom()
    classroom().close()
    classroom.cache_clear()


@pytest.fixture
def visit(walks, room):
    """Return a function that opens the page for another visitor."""

    def new(**parameters):
        app = AppTest.from_function(open_teach, default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        return seen(app.run())

    return new


def seen(app):
    assert not app.exception
    return app


def text(app):
    blocks = [block.proto.body for block in app.get("html")]
    blocks += [block.value for block in (*app.warning, *app.success, *app.markdown)]
    blocks += [str(table.value) for table in app.table]
    return " ".join(blocks)


def press(app, label):
    return seen(next(one for one in app.button if one.label == label).click().run())


def guess(app, value):
    app.number_input[0].set_value(value)
    return press(app, next(one.label for one in app.button if "guess" in one.label))


def link(app):
    return {name: value[0] if isinstance(value, list) else value for name, value in
            app.query_params.items()}  # fmt: skip


@pytest.fixture
def held(visit):
    """Return a class: its teacher, two students, and its code."""
    teacher = press(visit(), "Begin a class")
    code = link(teacher)["class"]
    students = []
    for _ in range(2):
        one = visit()
        one.text_input[0].set_value(code.lower())
        students.append(press(one, "Join the class"))
    return teacher, students, code


def test_nothing_is_shown_before_the_guess(visit):
    alone = press(visit(), "Work alone")
    assert "how many were false?" in text(alone)
    assert ANSWER not in text(alone)
    assert REVEALED not in text(alone)
    assert next(one for one in alone.button if one.label == "Next").disabled


def test_the_answer_stands_beside_the_guess_with_range_and_source(visit):
    alone = guess(press(visit(), "Work alone"), 500)
    said = text(alone)
    assert ANSWER in said
    assert REVEALED in said
    assert "it could be 2.3 to 8.8" in said
    assert "Metropolitan Police, annual report" in said
    assert ">500<" in said
    assert not alone.number_input, "a guess that has been answered is not changed"


def test_a_guess_left_empty_shows_nothing(visit):
    alone = press(press(visit(), "Work alone"), "This is my guess")
    assert "Type a number first" in text(alone)
    assert ANSWER not in text(alone)


def test_a_link_brings_somebody_alone_back_to_their_screen_and_guesses(visit):
    alone = press(guess(press(visit(), "Work alone"), 500), "Next")
    assert "screen 2 of 6" in text(alone)
    again = visit(**link(alone))
    assert "screen 2 of 6" in text(again)
    assert ANSWER not in text(again)
    assert ">500<" in text(press(again, "Back"))


@pytest.mark.parametrize("guesses", ["nan", "-1", "1e9", "x", "½", "_" * 500, "inf_3"])
def test_a_guess_in_a_link_that_cannot_be_counts_as_none(visit, guesses):
    assert ANSWER not in text(visit(lesson="rare", screen="1", guesses=guesses))


def test_guesses_survive_the_link():
    lesson = lessons()["rare"]
    own = [5.0, None, 7.0, None, None, 100.0]
    assert read_guesses(lesson, guesses_text(own)) == own


@pytest.mark.parametrize("screen", ["0", "-1", "999", "x", ""])
def test_a_screen_that_is_not_there_is_another_one(visit, screen):
    assert "of 6" in text(visit(lesson="rare", screen=screen))


def test_a_class_sees_the_answer_when_the_teacher_shows_it(held):
    teacher, (one, two), _ = held
    guess(one, 300)
    assert "Your guess is in" in text(one)
    assert ANSWER not in text(one)
    guess(two, 900)
    teacher.run()
    assert "2 of 2 have guessed" in text(teacher)
    assert ANSWER not in text(teacher)
    press(teacher, "Show the answer")
    assert REVEALED in text(teacher)
    assert "2 guesses" in text(teacher)
    seen(one.run())
    assert REVEALED in text(one)
    assert "2 guesses, the middle one 600" in text(one)


def test_a_student_does_not_see_what_another_guessed_before_the_answer(held):
    _, (one, two), _ = held
    guess(one, 417)
    seen(two.run())
    assert "417" not in text(two)
    assert two.number_input[0].value is None


def test_nobody_is_told_whose_guess_is_whose(held):
    teacher, (one, two), _ = held
    guess(one, 417)
    press(teacher, "Show the answer")
    seen(two.run())
    assert "You made no guess here" in text(two)
    seats = (link(one)["seat"], link(two)["seat"])
    assert not any(seat in text(app) for seat in seats for app in (teacher, one, two))


def test_a_guess_can_be_changed_until_the_answer_is_shown(held):
    teacher, (one, _), _ = held
    guess(one, 300)
    one.number_input[0].set_value(200)
    press(one, "Change it")
    press(teacher, "Show the answer")
    assert ">200<" in text(seen(one.run()))


def test_the_class_moves_on_together_and_asks_anew(held):
    teacher, (one, _), _ = held
    guess(one, 300)
    press(press(teacher, "Show the answer"), "Next screen")
    seen(one.run())
    assert "screen 2 of 6" in text(one)
    assert ANSWER not in text(one)


def test_another_session_sees_nothing_of_a_class(held, visit):
    _, (one, _), code = held
    guess(one, 417)
    stranger = visit()
    assert code not in text(stranger)
    assert "417" not in text(stranger)
    for parameters in ({"seat": "x"}, {"key": "x"}, {"key": link(one)["seat"]}):
        intruder = visit(**{"class": code, **parameters})
        assert "417" not in text(intruder)
        assert not any(one.label == "Show the answer" for one in intruder.button)


def test_a_link_without_a_seat_offers_to_join(held, visit):
    _, _, code = held
    offered = visit(**{"class": code})
    assert offered.text_input[0].value == code
    assert "screen 1" in text(press(offered, "Join the class"))


@pytest.mark.parametrize(
    ("code", "words"), [("ABC", "is no class code"), ("HHHH", "There is no class HHHH here")]
)
def test_a_wrong_code_is_said_in_words(visit, code, words):
    one = visit()
    one.text_input[0].set_value(code)
    press(one, "Join the class")
    assert words in text(one)
    assert one.text_input, "the form is still there"


@pytest.mark.parametrize(
    "parameters",
    [
        {"key": "x"},
        {"seat": "x"},
        {"class": "a" * 20_000},
        {"class": "<b>", "key": "x"},
        {"class": "", "seat": ""},
        {"lesson": "x" * 500},
        {"lesson": "", "screen": "2"},
    ],
)
def test_a_link_that_leads_nowhere_shows_the_first_page(visit, parameters):
    assert "Guess first, then see" in text(visit(**parameters))


def test_both_links_bring_back(held, visit):
    teacher, (one, _), code = held
    guess(one, 300)
    assert "Your guess is in: 300" in text(visit(**link(one)))
    assert code in text(visit(**link(teacher)))
    assert classroom().done(code) == (1, 2), "coming back takes no other seat"


def test_ending_deletes_the_class_and_says_so(held, visit, room):
    teacher, (one, _), code = held
    guess(one, 300)
    file = room.folder / f"{code}.sqlite"
    assert file.exists()
    press(teacher, "End and delete")
    assert not file.exists()
    assert "are deleted" in text(teacher)
    seen(one.run())
    assert "it has ended" in text(one)
    assert "it has ended" in text(visit(**link(teacher), **{"class": code, "key": "k"}))


def test_where_guesses_are_held_is_said_on_every_page_of_a_class(held, visit):
    teacher, (one, _), _ = held
    for app in (teacher, one, visit()):
        assert "It is deleted when the teacher ends the class" in text(app)


def test_roles_are_dealt_by_seat(room, visit, small_lessons):
    code, _ = room.begin("board")
    roles = lessons()["board"].roles
    for number in range(6):
        student = visit(**{"class": code, "seat": room.join(code)})
        assert f"You speak for: {roles[number % 5].name}" in text(student)


def test_a_vote_is_shown_as_votes(room, visit, small_lessons):
    code, key = room.begin("board")
    teacher = visit(**{"class": code, "key": key})
    student = visit(**{"class": code, "seat": room.join(code)})
    for _ in range(5):
        press(teacher, "Next screen")
    seen(student.run())
    student.radio[0].set_value(student.radio[0].options[0])
    press(student, "This is my choice")
    press(teacher, "Show the answer")
    assert "1 votes" not in text(teacher)
    assert "A: 1 vote;" in text(teacher)


def test_a_lesson_whose_streets_are_not_walked_offers_to_walk_them(visit, monkeypatch):
    lesson = lessons()["who"]
    monkeypatch.setattr("sim.lessons.answering.is_kept", lambda scenario: False)
    app = visit(lesson=lesson.name)
    assert "not ready yet" in text(app)
    assert any(one.label == "Walk the streets of this lesson" for one in app.button)


@pytest.mark.parametrize("name", list(lessons()))
def test_every_screen_works_alone(visit, small_lessons, name):
    app = visit(lesson=name)
    for place, screen in enumerate(lessons()[name].screens, start=1):
        assert f"screen {place} of" in text(app)
        if screen.kind == "number":
            assert ANSWER not in text(app)
            guess(app, screen.high // 2)
        elif screen.kind == "choice":
            app.radio[0].set_value(app.radio[0].options[-1])
            press(app, "This is my choice")
        if place < len(lessons()[name].screens):
            press(app, "Next")
    assert "That was the last screen" in text(app)
