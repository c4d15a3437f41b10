"""The lessons' answers on the streets that they are about, walked whole."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from sim.lessons.answering import answer_of
from sim.lessons.catalogue import lessons
from sim.lessons.handouts import EXAMPLE
from sim.words.numbers import amount_of as amount
from tests.streets import walk_lessons

pytestmark = pytest.mark.slow  # three streets and fourteen policies

ROOT = Path(__file__).parents[2]
LOADED = ("only", "just", "merely", "as many as", "as few as")


@pytest.fixture(scope="module", autouse=True)
def streets(walks):
    walk_lessons()


def test_the_lessons_in_docs_are_up_to_date():
    spec = spec_from_file_location("write_lessons", ROOT / "scripts" / "write_lessons.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    for name, text in script.pages().items():
        written = (ROOT / "docs" / "lessons" / name).read_text(encoding="utf-8")
        assert written == text, f"{name}: run python scripts/write_lessons.py"


@pytest.mark.parametrize("name", list(lessons()))
def test_an_answer_takes_no_side_and_gives_no_bare_zero(name):
    lesson = lessons()[name]
    for screen in lesson.screens:
        answer = answer_of(lesson, screen, EXAMPLE)
        cells = [cell for row in answer.table for cell in row]
        said = [*answer.words, answer.rests, *screen.facts, *screen.discuss, *screen.say, *cells]
        for words in said:
            assert not any(f" {word} " in f" {words.lower()} " for word in LOADED), words
            assert " 0 " not in f" {words} "
            assert "0.0 " not in f"{words} ".replace("10.0", "")
        if screen.kind == "number" and answer.value is not None:
            assert screen.low <= answer.value <= screen.high
            assert amount(answer.value)
            assert answer.source
            assert answer.rests
