"""What a visitor takes along is what the page showed."""

import io
import json

import pandas as pd
import pytest

from sim import __version__
from sim.answer.held_streets import answers
from sim.charts.in_file import file_content
from sim.charts.metadata import provenance_of_figure
from sim.evidence.register import register
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.texts import scenario_of
from sim.ui.explore_charts import fates_chart, groups_chart
from sim.ui.explore_tabs import figure_provenance, lists_of
from sim.ui.levers import levers_of
from sim.ui.printing import Printer
from sim.ui.share_and_save import MEASURES, lever_line, scenario_file, table_file
from sim.words.explore import difference_words

pytestmark = pytest.mark.whole


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
    assert (table["low"] <= table["high"]).all()


def test_every_lever_leans_on_entries_that_exist(small_place):
    levers = levers_of(small_place, lists_of(small_place))
    for lever in levers:
        for name in lever.rests_on:
            family, _, rest = name.partition(".")
            assert any(
                entry == name or (entry.startswith(f"{family}.") and entry.endswith(f".{rest}"))
                for entry in lever.entries
            ), (lever.label, name)
        assert all(entry in register() for entry in lever.entries)


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


def test_every_lever_names_a_source_or_is_called_a_guess(small_place):
    for lever in levers_of(small_place, lists_of(small_place)):
        line = lever_line(lever)
        assert lever.entries or lever.source or lever.is_guess, lever.label
        assert ("Source: none, a guess" in line) == (not lever.entries and not lever.source)
        assert lever.range in line
        assert all(f"evidence?entry={entry}" in line for entry in lever.entries)


def test_a_lever_that_rests_on_guesses_alone_is_tagged(small_place):
    levers = {one.field: one for one in levers_of(small_place, lists_of(small_place))}
    assert levers["policy.watchlist.composition"].is_guess
    assert levers["policy.operators"].is_guess
    assert not levers["policy.threshold"].is_guess
    assert not levers["policy.watchlist.photo_age_years"].is_guess


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_files_of_a_chart_say_where_its_numbers_come_from(small_place, tmp_path, kind):
    text = canonical_json(small_place)
    answer = answers(text, text)["option"]
    path = tmp_path / f"chart.{kind}"
    path.write_bytes(file_content(fates_chart(answer, "false"), kind, figure_provenance(answer)))
    assert provenance_of_figure(path) == {
        "scenario": small_place.name,
        "hash": scenario_hash(small_place),
        "seeds": [small_place.run.seed],
        "passerby": __version__,
    }


@pytest.mark.parametrize("kind", ["true", "false"])
def test_the_waterfall_falls_from_the_alerts_to_the_stops(small_place, kind):
    text = canonical_json(small_place)
    answer = answers(text, text)["option"]
    bars, totals = fates_chart(answer, kind).marks
    assert bars.end[0] == answer["alerts"][kind]["mean"]
    # Each step starts where the one before ended; the last stands on nothing: rounding alone.
    for step in range(1, len(bars.start) - 1):
        above = bars.end[0] if step == 1 else bars.start[step - 1]
        assert bars.end[step] == pytest.approx(above, abs=1e-6)
    assert bars.end[-1] == pytest.approx(bars.start[-2], abs=1e-6)
    assert list(totals.left) <= list(totals.right)


def test_groups_are_drawn_with_their_intervals_and_add_up(small_place):
    text = canonical_json(small_place)
    answer = answers(text, text)["option"]
    for by in ("sex", "ethnicity", "age_band"):
        dots = groups_chart(answer, "mistaken_stops", by).marks[0]
        assert sum(dots.x) == pytest.approx(answer["stops"]["mistaken"]["mean"], rel=1e-6)
        assert all(low <= high for low, high in zip(dots.left, dots.right, strict=True))


def test_a_day_of_few_stops_is_said_to_show_no_difference():
    rows = [{"sex": "female", "detectable_ratio": None}, {"sex": "male", "detectable_ratio": None}]
    answer = {"alerts": {"false": {"mean": 1.6}}, "disparities": {"sex": rows}}
    assert "No. With 1.6 false alerts expected" in difference_words(answer, "sex")
    rows[1]["detectable_ratio"] = 3.2
    assert "men and boys would have to be alerted at 3.2 times" in difference_words(answer, "sex")
    answer["alerts"]["false"]["mean"] = 0.0
    assert "no difference between groups could show" in difference_words(answer, "sex")


@pytest.mark.slow
def test_the_page_of_the_app_is_one_tagged_page_of_the_option(small_place):
    from pypdf import PdfReader

    tree = json.loads(canonical_json(small_place))
    tree["policy"]["threshold"] = 0.64
    option = json.dumps(tree)
    read = PdfReader(io.BytesIO(Printer().page(canonical_json(small_place), option)))
    assert len(read.pages) == 1
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert scenario_hash(scenario_of(option)) in read.pages[0].extract_text()
