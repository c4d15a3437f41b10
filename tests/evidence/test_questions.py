import pytest

from sim.errors import EvidenceError
from sim.evidence.questions import parse_questions, question_about, questions
from sim.evidence.register import register

GOOD = {
    "entries": "matching.listed_per_1000",
    "to": "the force",
    "question": "How many?",
    "measures": "a count",
}


def test_every_entry_that_a_study_can_vary_has_a_question():
    families = ("calibration",)  # recomputed from the model itself: nobody could be asked
    without = [
        name
        for name in register()
        if question_about(name) is None and name.split(".")[0] not in families
    ]
    assert without == []


def test_the_closest_pattern_answers():
    assert "found" in question_about("response.lost_in_crowd").question
    assert question_about("response.stop_log_sd").entries == "response.*"
    assert question_about("error_model.met-street.fmr_060").entries == "error_model.*.fmr_060"


def test_every_pattern_is_some_entrys_closest():
    used = {question_about(name).entries for name in register() if question_about(name)}
    assert used == {question.entries for question in questions()} - _GENERAL


# General questions that closer ones have taken over for every entry of the register today.
_GENERAL = {"error_model.*"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": ""}, "to missing"),
        ({"question": "Say how many."}, "is no question"),
        ({"entries": "matching.listet_*"}, "no entry of the evidence register is meant"),
    ],
)
def test_a_faulty_question_says_where_and_why(change, words):
    with pytest.raises(EvidenceError, match=words):
        parse_questions([{**GOOD, **change}])


def test_a_question_that_is_there_twice_is_refused():
    with pytest.raises(EvidenceError, match="there twice"):
        parse_questions([GOOD, GOOD])
