"""One book of words: every lever, outcome, group, error model and entry has one entry in it."""

import ast
from pathlib import Path

import pytest

from sim import columns as col
from sim.answer.outcomes import OUTCOMES as STUDY_OUTCOMES
from sim.evidence.register import GRADES as REGISTER_GRADES
from sim.groups import AGE_BANDS, ETHNICITIES, SEXES
from sim.scenario.load import load_scenario
from sim.scenario.schema import DemographicPreset, ErrorModel
from sim.scenario.shipped import shipped_scenarios
from sim.studies.define.lever_names import known_fields, lever_name_faults
from sim.ui.explore_tabs import lists_of
from sim.ui.levers import levers_of
from sim.words.assumptions import GRADES
from sim.words.error_models import ERROR_MODELS, GROUP_DIFFERENCES
from sim.words.groups import HEADINGS, NAMES, ages
from sim.words.levers import LEVERS, lever, policy_words
from sim.words.outcomes import OUTCOMES, SHORT_NAMES
from tests.source import trees

ROOT = Path(__file__).parents[2]


def fields_to_vary():
    """Every field of a shipped scenario that a study may vary."""
    found = {}
    for path in shipped_scenarios():
        base = load_scenario(path)
        for field in known_fields(base.model_dump(mode="json")):
            if field not in found:
                found[field] = lever_name_faults([field], base, origin="here", marks={})
    return [field for field, faults in found.items() if not faults]


def test_every_field_that_a_study_may_vary_has_an_entry():
    fields = fields_to_vary()
    assert len(fields) > 60
    assert [field for field in fields if lever(field) is None] == []


def test_every_lever_of_the_page_takes_its_words_from_the_book():
    place = load_scenario(shipped_scenarios()[0])
    for one in levers_of(place, lists_of(place)):
        assert any(one.words is words for words in LEVERS.values()), one.field


@pytest.mark.parametrize("book", [LEVERS, OUTCOMES])
def test_names_are_plain_and_every_entry_is_described(book):
    for key, words in book.items():
        assert words.name
        assert "_" not in words.name
        assert words.description.endswith("."), key


def test_no_two_outcomes_have_one_name():
    names = [words.name for words in OUTCOMES.values()]
    assert len(names) == len(set(names))


def test_every_outcome_has_an_entry():
    assert set(STUDY_OUTCOMES) <= set(OUTCOMES)
    assert set(SHORT_NAMES.values()) <= set(OUTCOMES)
    counted = [words for words in OUTCOMES.values() if words.singular]
    assert all(words.singular != words.name for words in counted)


def test_every_group_has_an_entry():
    assert set(NAMES) == {*SEXES, *ETHNICITIES, *AGE_BANDS}
    assert set(HEADINGS) == {col.SEX, col.ETHNICITY, col.AGE_BAND}
    assert [ages(band) for band in AGE_BANDS] == ["under 18", "18-34", "35-64", "65 and over"]


def test_every_error_model_and_preset_has_an_entry():
    assert set(ERROR_MODELS) == set(ErrorModel.__args__)
    assert set(GROUP_DIFFERENCES) == set(DemographicPreset.__args__)


def test_every_grade_has_plain_words():
    assert set(GRADES) == set(REGISTER_GRADES)
    assert GRADES["assumption"] == "guess"


def test_a_policy_is_said_in_one_line():
    policy = {
        "policy.threshold": 0.6,
        "policy.watchlist.size": 1000,
        "policy.officers": 1,
        "policy.operators": 0,
        "policy.signs": False,
        "policy.hours": 1.0,
        "assumptions.error_model": "npl-2023",
    }
    assert policy_words(policy) == (
        "threshold 0.60, 1,000 on the list, 1 officer, no operators, no signs, 1 hour, error rates "
        "of the laboratory test of 2023"
    )


def tables_of_names(tree):
    """Yield every table in a module that gives keys of the book words of its own."""
    keys = {*OUTCOMES, *NAMES, *ERROR_MODELS, *GROUP_DIFFERENCES, *SHORT_NAMES, *HEADINGS}
    constants = {
        name for name, value in vars(col).items() if isinstance(value, str) and value in keys
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict):
            continue
        named = 0
        for key, value in zip(node.keys, node.values, strict=True):
            is_ours = (isinstance(key, ast.Constant) and key.value in keys) or (
                isinstance(key, ast.Attribute) and key.attr in constants
            )
            said = isinstance(value, ast.Constant) and isinstance(value.value, str)
            named += is_ours and said and " " in value.value
        if named >= 2:
            yield node.lineno


def test_no_other_module_has_a_table_of_such_names():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, tree in trees().items()
        if path.parent.name != "words"
        for line in tables_of_names(tree)
    ]
    assert found == []
