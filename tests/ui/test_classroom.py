"""What the store of classes keeps, from whom, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SimError
from sim.ui.classroom import (
    KEPT_S,
    LETTERS,
    MOST_CLASSES,
    MOST_SEATS,
    Classroom,
    tidy_code,
)


@pytest.fixture
def room():
    one = Classroom()
    yield one
    one.close()


def test_thirty_seats_that_guess_at_once_are_all_counted(room):
    code, key = room.begin("rare")
    with ThreadPoolExecutor(8) as threads:
        seats = list(threads.map(lambda _: room.join(code), range(30)))
        for value in (1.0, 2.0):  # the second replaces the first
            list(threads.map(lambda seat, v=value: room.guess(code, seat, 0, v), seats))
    assert len(set(seats)) == 30
    assert sorted(room.seat_number(code, seat) for seat in seats) == list(range(30))
    assert room.done(code) == (30, 30)
    room.reveal(code, key)
    assert room.guesses(code, 0) == [2.0] * 30


def test_a_code_that_is_taken_is_drawn_again():
    letters = cycle("AAAAAAAACCCC")
    room = Classroom(choose=lambda _: next(letters))
    try:
        assert [room.begin("rare")[0] for _ in range(2)] == ["AAAA", "CCCC"]
    finally:
        room.close()


def test_a_class_and_its_file_go_after_twelve_hours():
    now = [0.0]
    room = Classroom(clock=lambda: now[0])
    try:
        code, _ = room.begin("rare")
        now[0] = KEPT_S - 1
        assert room.place(code).step == 0
        now[0] = KEPT_S
        with pytest.raises(SimError, match="has ended"):
            room.place(code)
        assert list(room.folder.iterdir()) == []
    finally:
        room.close()


def test_ending_a_class_deletes_its_file_and_no_other(room):
    (code, key), (other, _) = room.begin("rare"), room.begin("who")
    room.guess(code, room.join(code), 0, 5.0)
    room.end(code, key)
    assert [file.name for file in room.folder.iterdir()] == [f"{other}.sqlite"]
    with pytest.raises(SimError, match="there is no class"):
        room.join(code)


def test_closing_deletes_the_folder():
    room = Classroom()
    room.begin("rare")
    assert room.folder.exists()
    room.close()
    assert not room.folder.exists()


def test_only_the_owner_may_read_the_files(room):
    room.begin("rare")
    assert room.folder.stat().st_mode & 0o077 == 0
    assert [file.stat().st_mode & 0o777 for file in room.folder.iterdir()] == [0o600]


def test_a_seat_of_one_class_is_none_in_another(room):
    (code, _), (other, _) = room.begin("rare"), room.begin("rare")
    seat = room.join(code)
    with pytest.raises(SimError, match="join anew"):
        room.guess(other, seat, 0, 1.0)
    assert room.done(other) == (0, 0)


def test_a_seat_sees_its_own_guess_alone(room):
    code, _ = room.begin("rare")
    one, two = room.join(code), room.join(code)
    room.guess(code, one, 0, 3.0)
    assert room.own_guess(code, one, 0) == 3.0
    assert room.own_guess(code, two, 0) is None
    assert room.guesses(code, 0) == [], "nobody sees guesses before the answer"


def test_guesses_end_when_the_answer_is_shown(room):
    code, key = room.begin("rare")
    seat = room.join(code)
    room.reveal(code, key)
    with pytest.raises(SimError, match="has been shown"):
        room.guess(code, seat, 0, 1.0)
    room.move(code, key, 1)
    with pytest.raises(SimError, match="moved on"):
        room.guess(code, seat, 0, 1.0)


@pytest.mark.parametrize("wrong", ["", "x", "ключ"])
def test_a_student_cannot_do_what_a_teacher_can(room, wrong):
    code, _ = room.begin("rare")
    for act in (room.reveal, room.end, lambda c, k: room.move(c, k, 1)):
        with pytest.raises(SimError, match="only the teacher"):
            act(code, wrong)
    assert room.place(code).step == 0


def test_classes_and_seats_are_bounded(room):
    code, _ = room.begin("rare")
    for _ in range(MOST_SEATS):
        room.join(code)
    with pytest.raises(SimError, match="60 seats"):
        room.join(code)
    for _ in range(MOST_CLASSES - 1):
        room.begin("rare")
    with pytest.raises(SimError, match="20 classes"):
        room.begin("rare")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_guess_that_is_no_number_is_refused(room, value):
    code, _ = room.begin("rare")
    with pytest.raises(SimError, match="must be a number"):
        room.guess(code, room.join(code), 0, value)


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_is_refused_in_words(text):
    assert told(text) == "code" or "is no class code" in told(text)


def told(text):
    try:
        code = tidy_code(text)
    except SimError as error:
        return str(error)
    return "code" if len(code) == 4 and set(code) <= set(LETTERS) else code


def test_going_back_and_forth_opens_no_question_again(room):
    code, key = room.begin("rare")
    seat = room.join(code)
    room.guess(code, seat, 0, 4.0)
    room.reveal(code, key)
    room.move(code, key, 1)
    room.move(code, key, 0)
    with pytest.raises(SimError, match="has been shown"):
        room.guess(code, seat, 0, 1.0)
    assert room.guesses(code, 0) == [4.0]
    room.move(code, key, 1)
    assert not room.place(code).is_revealed
