"""Reading a study: what is sound, what is refused, and in which words."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sim.answer.outcomes import OUTCOMES
from sim.errors import ScenarioError, SimError
from sim.scenario.field_changes import flow_text
from sim.scenario.identity import walk_hash
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder
from sim.scenario.yaml_safe import parse_value
from sim.studies.define.design import design
from sim.studies.define.study import load_study, shipped_studies, study_hash
from sim.studies.define.study_levers import MOST_TRIED
from sim.studies.define.study_schema import study_schema
from sim.studies.run.plan import plan
from tests.properties import examples

FAULTS = Path(__file__).parent / "faults"
HEAD = """\
schema_version: 1
name: example
title: An example
purpose: To be read.
base: reference
"""
FACTORIAL = "design: {kind: full-factorial}\n"

WORDS = {
    "base_at_fault": [":5: base: ", "misspelt_key.yaml:3: policy.treshold: unknown field"],
    "base_not_found": [":5: base: 'refrence' is neither a file beside the study nor"],
    "billion_runs": ["1,000,000 points x 1,000 replications are 1,000,000,000 runs; at most"],
    "billion_walks": ["200,000 distinct walks (streets x replications); at most 100,000"],
    "crossing_ranges": [
        "point 1 (policy.cameras.west.far_m=4.0, policy.cameras.west.near_m=4.0)",
        "near_m (4 m) must be less than far_m (4 m)",
        "and 5 more streets that cannot be",
    ],
    "design_misspelt": [":7: design.kind: must be one of full-factorial", "did you mean 'sobol'?"],
    "design_of_odd_levels": [":7: design.levels: must be an even number; found 5"],
    "design_unknown_field": ["design.points: is missing", "pionts: unknown field; did you mean"],
    "design_without_kind": ["design.kind: must be one of full-factorial", "found None"],
    "draws_of_nothing": [":7: design.draws: there are no uncertainties to draw"],
    "lever_by_its_last_name": ["'officers' is no field", "did you mean 'policy.officers'?"],
    "lever_in_a_share": ["is part of policy.watchlist.composition", "whole, by named options"],
    "lever_inside_another": [":8: levers: 'policy.watchlist' is varied twice"],
    "lever_is_a_section": ["'policy' is a whole section: name one of its fields"],
    "lever_is_an_entry": ["'matching.listed_per_1000' is an entry", "name it under uncertainties"],
    "lever_is_one_number": ["must be a list of values, a range (low, high) or options; found 0.6"],
    "lever_is_the_seed": ["'run.seed' is not varied: replications are other days"],
    "lever_is_the_title": ["'title' is not varied: it changes no number"],
    "lever_misspelt": [":7: levers: 'policy.treshold' is no field", "'policy.threshold'?"],
    "lever_of_no_camera": ["'policy.cameras.wset.near_m'", "'policy.cameras.west.near_m'?"],
    "lever_twice_by_two_names": [":8: levers: 'policy.cameras.west.near_m' is varied twice"],
    "lever_without_values": [":7: levers.policy.threshold: has no values: give a list, a range"],
    "no_replications": [":8: replications: must be at least 1; found 0"],
    "nothing_varies": ["levers and uncertainties: there are none, so nothing varies"],
    "option_at_fault": [":9: levers.policy.watchlist.composition.options.even: sex shares add"],
    "outcome_misspelt": [":8: outcomes: no outcome is called", "'false_stops_per_true_match'?"],
    "outcome_twice": ["outcomes: 'people' is given twice"],
    "preset_misspelt": ["levers.assumptions.error_model: must be one of", "mean 'npl-2023'?"],
    "range_beyond_the_field": [":9: levers.policy.threshold.high: must be at most 1; found 1.5"],
    "range_empty": [":7:", "the range is empty: low (1000) must be less than high (1000)"],
    "range_log_of_zero": ["low (0) must be more than 0 on a log scale"],
    "range_of_a_switch": ["levers.policy.signs: holds no single number"],
    "range_of_half_people": ["holds whole numbers: low (0.5) and high (4) must be whole"],
    "range_unknown_field": ["policy.threshold.step: unknown field; did you mean 'steps'?"],
    "range_upside_down": ["the range is empty: low (0.64) must be less than high (0.56)"],
    "range_without_steps": ["a range in a full factorial needs steps"],
    "setting_at_fault": [":7: settings: policy.hours: must be at most 24; found 99.0"],
    "table_not_found": [":7: design.file: there is no 'none.csv' beside the study"],
    "uncertainty_is_a_field": ["'policy.threshold' is a field", "make it a lever"],
    "uncertainty_misspelt": [":7:", "did you mean 'matching.listed_per_1000'?"],
    "uncertainty_not_in_force": ["is not in force", "it is 'error_model.npl-2023.fmr_060'"],
    "uncertainty_of_a_varied_preset": ["under each assumptions.error_model, which is a lever"],
    "uncertainty_of_nothing": ["'weather.*' matches no entry of the evidence register"],
    "uncertainty_twice": ["'response.pursue_true' is given twice"],
    "uncertainty_without_range": ["has an empty range: low and high are both"],
    "unknown_field": [":8: replicatoins: unknown field; did you mean 'replications'?"],
    "value_is_a_list": ["give anything else as named options"],
    "value_too_large": [":9: levers.policy.threshold: must be at most 1", ":10: ", "'zwei'"],
    "value_twice": ["levers.policy.officers: the value 1 is given twice"],
    "values_none": ["levers.policy.officers: must have at least 1 entries; found 0"],
}


@pytest.fixture
def study(tmp_path):
    """Return a function of the text below the heading that reads it as a study."""

    def read(text, *, head=HEAD):
        path = tmp_path / "example.yaml"
        path.write_text(head + text, encoding="utf-8")
        return load_study(path)

    return read


@pytest.mark.parametrize("name", sorted(path.stem for path in FAULTS.glob("*.yaml")))
def test_a_bad_study_says_where_and_why(name):
    with pytest.raises(SimError) as caught:
        ready(FAULTS / f"{name}.yaml")
    for words in WORDS[name]:
        assert words in str(caught.value)


def ready(path):
    loaded = load_study(path)
    return plan(loaded, design(loaded))


def test_all_faults_of_a_study_are_told_at_once_in_the_order_of_its_lines(study):
    with pytest.raises(ScenarioError) as caught:
        study(
            "levers:\n  policy.treshold: [0.6]\n  policy.officers: {low: 3, high: 2}\n"
            "uncertainties:\n  - response.pursue_tru\n"
            "design: {kind: sobol}\nreplications: 0\noutcomes:\n  - peopel\n"
        )
    faults = caught.value.faults
    lines = [int(fault.split("example.yaml:")[1].partition(":")[0]) for fault in faults]
    assert lines == [7, 8, 10, 11, 12, 14]


@pytest.mark.parametrize("path", shipped_studies(), ids=lambda path: path.stem)
def test_a_shipped_study_is_sound_and_names_its_schema(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../study.schema.json\n#")
    Draft202012Validator(study_schema()).validate(yaml.safe_load(text))
    loaded = load_study(path.stem)
    assert loaded.study.name == path.stem
    assert loaded.path == str(path)


def test_three_studies_ship_and_the_smallest_has_the_rows_that_it_promises():
    assert len(shipped_studies()) == 3
    loaded = load_study("smoke")
    units = plan(loaded, design(loaded))
    assert len(units) >= 12
    assert sum(len(unit.points) for unit in units) >= 300


def test_the_committed_schema_equals_the_generated_one():
    committed = shipped_studies()[0].parents[1] / "study.schema.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == study_schema()


def test_the_schema_flags_what_the_reader_refuses():
    tree = yaml.safe_load(shipped_studies()[0].read_text(encoding="utf-8"))
    for change in ({"levrs": {}}, {"outcomes": ["peopel"]}, {"design": {"kind": "sobl"}}):
        assert list(Draft202012Validator(study_schema()).iter_errors(tree | change))


def test_values_are_held_as_the_scenario_holds_them(study):
    found = study(f"levers: {{policy.hours: [1, 2.5], policy.officers: [1, 2]}}\n{FACTORIAL}")
    hours, officers = found.levers
    assert [type(value) for value in hours.values] == [float, float]
    assert [type(value) for value in officers.values] == [int, int]


def test_a_long_list_of_values_is_held_like_a_short_one(study):
    many = ", ".join(str(value) for value in range(1, MOST_TRIED + 2))
    found = study(f"levers: {{policy.watchlist.size: [{many}]}}\n{FACTORIAL}")
    assert found.levers[0].values == tuple(range(1, MOST_TRIED + 2))
    assert all(type(value) is int for value in found.levers[0].values)
    with pytest.raises(ScenarioError, match=r"must be whole numbers; found 1\.5"):
        study(f"levers: {{policy.watchlist.size: [1.5, {many}]}}\n{FACTORIAL}")
    with pytest.raises(ScenarioError, match="must be at least 0; found -1"):
        study(f"levers: {{policy.watchlist.size: [{many}, -1]}}\n{FACTORIAL}")


def test_named_options_are_sorted_and_parsed(study):
    found = study(
        "levers:\n  policy.avoid_area_m:\n    options:\n"
        f"      none: []\n      all: [[2.0, 1.0], [6.0, 1.0], [6.0, 3.0]]\n{FACTORIAL}"
    )
    (lever,) = found.levers
    assert list(lever.options) == ["all", "none"]
    assert lever.parsed["all"] == ((2.0, 1.0), (6.0, 1.0), (6.0, 3.0))


def test_an_option_may_be_the_field_of_another_scenario_and_is_written_out(study):
    text = "levers: {policy.watchlist.composition: {options: {broad: {from: broad_list}, "
    found = study(f"{text}serious: {{from: serious_crime_list}}}}}}}}\n{FACTORIAL}")
    wanted = load_scenario(shipped_folder() / "broad_list.yaml").policy.watchlist.composition
    (lever,) = found.levers
    assert lever.parsed["broad"] == wanted
    written = found.study.levers["policy.watchlist.composition"].options["broad"]
    assert written == wanted.model_dump(mode="json")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("{from: broad_lst}", "composition.options.a.from: broad_lst: no such file"),
        ("{from: [1]}", "composition.options.a.from: must be the name of a scenario; found [1]"),
        ("{from_geojson: square.geojson}", "write {from: SCENARIO} with the scenario that has"),
    ],
)
def test_an_option_that_names_no_scenario_is_refused(study, option, words):
    with pytest.raises(ScenarioError) as caught:
        study(
            f"levers: {{policy.watchlist.composition: {{options: {{a: {option}}}}}}}\n{FACTORIAL}"
        )
    assert words in str(caught.value)


def test_an_option_of_a_scenario_without_that_camera_is_refused(study):
    text = "levers: {policy.cameras.west.near_m: {options: {a: {from: pavement}}}}\n"
    with pytest.raises(ScenarioError, match=r"has no field policy\.cameras\.west\.near_m"):
        study(f"{text}{FACTORIAL}")


def test_patterns_take_entries_with_a_range_and_by_generic_names(study):
    text = f"levers: {{policy.officers: [1, 2]}}\n{FACTORIAL}"
    whole = study(f'uncertainties: ["error_model.*"]\n{text}').uncertainties
    assert "error_model.npl-2023.fmr_060" in whole
    assert not any(name.startswith("error_model.met-street") for name in whole)
    assert study(f"uncertainties: [error_model.fmr_060]\n{text}").uncertainties == (
        "error_model.npl-2023.fmr_060",
    )
    assert study(f'uncertainties: ["error_model.fmr*"]\n{text}').uncertainties == (
        "error_model.npl-2023.fmr_060",
    )
    matching = study(f'uncertainties: ["matching.*"]\n{text}').uncertainties
    assert "matching.listed_per_1000" in matching
    assert "matching.listed_reference_size" not in matching


def test_what_was_rounded_or_is_not_used_is_said(study):
    found = study(
        "levers:\n  policy.officers: {low: 1, high: 9, steps: 3}\n"
        "design: {kind: sobol, points: 100}\n"
    )
    told = "\n".join(found.warnings)
    assert "design.points 100 is not a power of two" in told
    assert "128 are taken" in told
    assert "levers.policy.officers holds whole numbers: its values are rounded" in told
    assert "levers.policy.officers.steps is for a full factorial" in told


def test_nothing_is_said_where_nothing_was_changed(study):
    found = study(
        "levers: {policy.threshold: {low: 0.56, high: 0.64}}\ndesign: {kind: sobol, points: 64}\n"
    )
    assert found.warnings == ()


def test_outcomes_keep_their_usual_order(study):
    text = f"levers: {{policy.officers: [1, 2]}}\n{FACTORIAL}"
    assert study(text).outcomes == tuple(OUTCOMES)
    asked = study(f"{text}outcomes: [mistaken_stops, people]\n")
    assert asked.outcomes == ("people", "mistaken_stops")


BODY = """\
levers:
  policy.threshold: [0.58, 0.60]
  policy.officers: {low: 1, high: 4, steps: 2}
uncertainties: [response.pursue_true]
design: {kind: full-factorial}
replications: 2
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.60", "0.61"),
        ("high: 4", "high: 5"),
        ("steps: 2", "steps: 3"),
        ("response.pursue_true", "response.arrest_share"),
        ("replications: 2", "replications: 3"),
        ("replications: 2", "replications: 2\nseed: 2"),
        ("replications: 2", "replications: 2\nsame_people: false"),
        ("replications: 2", "replications: 2\noutcomes: [people]"),
        ("replications: 2", "replications: 2\nsettings: {policy.hours: 2.0}"),
        ("full-factorial}", "full-factorial, draws: 3}"),
    ],
)
def test_the_hash_changes_with_all_that_determines_the_result(study, old, new):
    assert study_hash(study(BODY.replace(old, new))) != study_hash(study(BODY))


def test_the_hash_does_not_change_with_names_or_the_order_of_the_file(study):
    levers = BODY.splitlines()
    turned = "\n".join([levers[0], levers[2], levers[1], *levers[3:], ""])
    named = HEAD.replace("An example", "Another title").replace("name: example", "name: other")
    assert study_hash(study(turned, head=named)) == study_hash(study(BODY))


def test_the_hash_hangs_on_what_a_table_holds_not_on_its_name(study, tmp_path):
    text = "levers: {policy.threshold: }\ndesign: {kind: table, file: FILE}\n"
    for name, values in (("a", "0.58\n0.60"), ("b", "0.58\n0.60"), ("c", "0.58\n0.61")):
        (tmp_path / f"{name}.csv").write_text(f"policy.threshold\n{values}\n", encoding="utf-8")
    a, b, c = (study_hash(study(text.replace("FILE", f"{name}.csv"))) for name in "abc")
    assert a == b != c


def test_a_study_written_as_json_is_the_same_study(study, tmp_path):
    before = study(BODY)
    text = json.dumps(before.study.model_dump(mode="json"), sort_keys=True)
    path = tmp_path / "again.yaml"
    path.write_text(text, encoding="utf-8")
    assert study_hash(load_study(path)) == study_hash(before)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc -_:{}'\"\n", max_size=6), inner)
    ),
    max_leaves=8,
)


@given(value=PLAIN)
def test_a_value_written_for_a_setting_is_read_as_that_value(value):  # property
    found = parse_value(flow_text(value))
    assert found == value
    assert repr(found) == repr(value)  # 1 is no True and no 1.0


@settings(max_examples=examples(100))
@given(text=st.text(max_size=200))
def test_any_text_is_a_study_or_is_refused_with_words(text, tmp_path_factory):  # property
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(SimError) as caught:
        load_study(path)
    assert str(caught.value)


@pytest.mark.whole
@given(data=st.data(), junk=PLAIN)
def test_any_field_holding_anything_is_read_or_refused_with_words(data, junk, tmp_path_factory):
    tree = yaml.safe_load(HEAD + BODY)  # property
    field = data.draw(st.sampled_from([*tree, "settings", "outcomes", "same_people"]))
    if field in ("levers", "design") and data.draw(st.booleans()):
        tree[field][data.draw(st.sampled_from(sorted(tree[field])))] = junk
    else:
        tree[field] = junk
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_text(flow_text(tree), encoding="utf-8")
    try:
        assert load_study(path).names
    except SimError as error:
        assert str(error)  # noqa: PT017 - either is right


HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "design-a-study.md"


def test_the_study_in_the_howto_is_sound(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "my_study.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load_study(path)
    units = plan(loaded, design(loaded))
    assert len(units) == 2 * 3
    assert sum(len(unit.points) for unit in units) == 3 * 3 * 2 * 2 * 20 * 3


@pytest.mark.whole
@pytest.mark.parametrize("path", shipped_studies(), ids=lambda path: path.stem)
def test_the_howto_says_how_many_runs_and_walks_a_shipped_study_has(path):
    units = ready(path)
    runs = sum(len(unit.points) for unit in units)
    walks = len({walk_hash(unit.scenario) for unit in units})
    (row,) = re.findall(rf"\| `{path.stem}` .*", HOWTO.read_text(encoding="utf-8"))
    assert f"{runs:,} runs" in row
    assert re.search(rf"\b{walks} (small )?walks", row)
    heading = path.read_text(encoding="utf-8").partition("schema_version")[0]
    assert f"{runs:,} runs over {walks} " in heading.replace("\n# ", " ")
