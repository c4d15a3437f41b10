"""What a visitor takes along is what the page showed."""

import io

import pandas as pd

from sim.evidence.register import register
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_scenarios
from sim.ui.keeping import MEASURES, _full_names, scenario_file, table_file
from sim.ui.levers import levers_of
from sim.ui.parts import lists_of
from sim.ui.streets import answers


def test_the_scenario_file_is_the_option(small_place, tmp_path):
    path = tmp_path / "option.yaml"
    path.write_text(scenario_file(small_place), encoding="utf-8")
    assert scenario_hash(load_scenario(path)) == scenario_hash(small_place)


def test_every_shipped_scenario_comes_back_from_its_file(tmp_path):
    for shipped in shipped_scenarios():
        scenario = load_scenario(shipped)
        path = tmp_path / shipped.name
        path.write_text(scenario_file(scenario), encoding="utf-8")
        assert load_scenario(path) == scenario


def test_the_table_has_both_sides_and_their_hash(small_place):
    text = canonical_json(small_place)
    table = pd.read_csv(io.StringIO(table_file(answers(text, text))))
    assert len(table) == 2 * len(MEASURES)
    assert set(table["scenario_hash"]) == {scenario_hash(small_place)}
    assert (table["unknown_low"] <= table["unknown_high"]).all()


def test_every_lever_leans_on_entries_that_exist(small_place):
    levers = levers_of(small_place, lists_of(small_place))
    for lever in levers:
        for name in lever.rests_on:
            assert _full_names(lever, register()), (lever.label, name)


def test_every_lever_reads_and_writes_every_shipped_place():
    for shipped in shipped_scenarios():
        scenario = load_scenario(shipped)
        tree = scenario.model_dump(mode="json")
        for lever in levers_of(scenario, lists_of(scenario)):
            before = lever.value(tree)
            lever.apply(tree, before)
            assert lever.value(tree) == before, (scenario.name, lever.label)
        del tree["recorded"]
        assert tree["policy"] == scenario.model_dump(mode="json")["policy"], scenario.name
