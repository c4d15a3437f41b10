"""Lessons on paper: the same words as on the page, no answer on a worksheet, a tagged PDF."""

import io

import pytest
from pypdf import PdfReader

from sim.lessons.catalogue import lessons
from sim.lessons.handouts import answers, guide, worksheet
from sim.lessons.histogram import guesses_plot
from sim.lessons.in_markdown import markdown
from sim.lessons.in_print import handouts_pdf
from sim.words.numbers import amount_of as amount

pytestmark = pytest.mark.whole

LESSONS = list(lessons())


@pytest.fixture(scope="module", autouse=True)
def small(small_lessons):
    """Ask of a street with few people: the words around the numbers are the same."""


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


@pytest.mark.parametrize("name", LESSONS)
def test_a_worksheet_asks_every_question_and_tells_no_answer(name):
    lesson = lessons()[name]
    said = " ".join(words_of(handouts_pdf(worksheet(lesson))).split())
    for screen in lesson.screens:
        assert screen.question in said
        answer = screen.answer({})
        for words in answer.words:
            assert words not in said
    assert lesson.before.answer not in said
    assert lesson.after.answer not in said


@pytest.mark.parametrize("name", LESSONS)
def test_answers_and_guide_hold_every_screen(name):
    lesson = lessons()[name]
    told, guided = markdown(answers(lesson)), markdown(guide(lesson))
    for screen in lesson.screens:
        assert screen.title in guided
        if screen.kind == "number" and not screen.uses:
            assert f"Answer: {amount(screen.answer({}).value)} {screen.unit}" in told
    for question in lesson.questions:
        assert question.answer in guided


@pytest.mark.parametrize("name", LESSONS)
def test_a_print_is_a_tagged_pdf_with_a_title_and_the_licence(name):
    pdf = handouts_pdf(worksheet(lessons()[name]))
    document = read(pdf)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.metadata.title.startswith("Worksheet")
    assert b"pdfuaid" in pdf
    assert "CC BY 4.0" in words_of(pdf)
    assert round(float(document.pages[0].mediabox.width)) == 595  # points: A4


def test_the_same_lesson_is_the_same_print():
    one = handouts_pdf(worksheet(lessons()["rare"]))
    handouts_pdf.__globals__["_set"].cache_clear()
    assert handouts_pdf(worksheet(lessons()["rare"])) == one


def test_words_are_never_read_as_program():
    from dataclasses import replace

    evil = replace(worksheet(lessons()["rare"]), title='#evil [x] $y$ @z "b" \\ // *c*')
    assert "#evil [x] $y$ @z" in words_of(handouts_pdf(evil))


@pytest.mark.parametrize("guesses", [(), (5.0,), (0.0, 0.0, 1000.0), tuple(map(float, range(60)))])
@pytest.mark.parametrize("own", [None, 500.0])
def test_every_guess_is_one_dot_inside_the_chart(guesses, own):
    screen = lessons()["rare"].screens[0]
    plot = guesses_plot(screen, screen.answer({}), guesses, own)
    dots = {mark.name: mark for mark in plot.marks}
    assert len(dots["a guess"].x if guesses else ()) == len(guesses)
    low, high = plot.across.ends
    bottom, top = plot.up.ends
    for mark in plot.marks:
        assert all(low <= x <= high for x in mark.x)
        assert all(bottom < y < top for y in mark.y)
    places = [(x, y) for mark in plot.marks for x, y in zip(mark.x, mark.y, strict=True)]
    assert len(set(places)) == len(places), "no dot hides another"
    assert ("your guess" in dots) == (own is not None)
    assert list(dots["the answer"].left)


@pytest.mark.parametrize("votes", [(0.0,), (0.0, 0.0, 6.0), (3.0,) * 40])
def test_every_vote_is_one_dot(votes):
    screen = next(one for one in lessons()["board"].screens if one.kind == "choice")
    plot = guesses_plot(screen, screen.answer({}), votes, votes[0])
    assert sum(len(mark.x) for mark in plot.marks) == len(votes)
    assert max(x for mark in plot.marks for x in mark.x) < plot.across.ends[1]
