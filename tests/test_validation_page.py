"""The walk's validation: its page, the tests that the page names, and two experiments, small."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from scripts.validation import corridor, report, rooms
from scripts.validation.__main__ import main
from scripts.validation.experiments import EXPERIMENTS
from scripts.validation.filled import FilledStreet, room_scenario
from scripts.validation.measures import fitted_line, lane_order, steady_flow
from scripts.validation.plots import PLOTS, drawn
from scripts.validation.published import weidmann
from scripts.validation.results import COLLISION_FREE_SPEED, MODELS, Finding, Outcome, Setting
from scripts.validation.verification import CASES
from sim import columns as col

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "model" / "validation.md"
QUICK = Setting(MODELS, seeds=1, quick=True)


# --- the page


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_test_that_the_page_names_exists(case):
    assert case.ours
    for name in case.ours:
        file, _, function = name.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert function in functions, name


def test_the_cases_are_v1_to_v15_and_the_experiments_w1_to_w9():
    assert [case.name for case in CASES] == [f"V{number}" for number in range(1, 16)]
    assert [entry.name for entry in EXPERIMENTS] == [f"W{number}" for number in range(1, 10)]


def test_the_page_has_its_marks_and_every_case_and_experiment():
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(report.BEGIN) == page.count(report.END) == 1
    section = page[page.index(report.BEGIN) : page.index(report.END)]
    for case in CASES:
        assert f"| {case.name} | {case.what} |" in section
    for experiment in EXPERIMENTS:
        assert f"### {experiment.name}. {experiment.title}" in section


def test_the_page_shows_what_its_copy_holds():
    records = report.read_records(PAGE.parent)
    page = PAGE.read_text(encoding="utf-8")
    assert records.keys() == {experiment.name for experiment in EXPERIMENTS}
    assert report.with_section(page, report.section(records)) == page
    assert not any(record["quick"] for record in records.values())


def test_every_picture_on_the_page_is_there_and_small():
    pictures = re.findall(r"\]\((\.\./img/walk-[\w-]+\.svg)\)", PAGE.read_text(encoding="utf-8"))
    assert len(pictures) == len(PLOTS)
    for picture in pictures:
        assert 1_000 < (PAGE.parent / picture).stat().st_size < 150_000


def test_what_is_outside_the_marks_stays():
    page = f"# Before\n\n{report.BEGIN}\nold\n{report.END}\n\nafter\n"
    assert report.with_section(page, "new") == page.replace("old", "new")
    assert report.with_section("# Before\n", "new").startswith("# Before\n\n<!-- walk: begin -->")


def test_a_missed_criterion_is_named_with_its_number():
    findings = (
        Finding("flow", "a model", "1", 0.5, None, "1", "at least 1", met=False),
        Finding("speed", "a model", "1", 1.5, None, "1", "at least 1", met=True),
        Finding("only reported", "a model", "1", 0.1, None, "1"),
    )
    record = report.record_of(EXPERIMENTS[0], Outcome(findings), QUICK)
    assert report.missed({"W1": record}) == ["W1, a model: flow: 0.50; wanted at least 1"]


def test_the_same_numbers_give_the_same_plot():
    curves = {
        model: {"size": [1, 2], "speed": [1.3, 1.2], "low": [1.2, 1.1], "high": [1.4, 1.3]}
        for model in MODELS
    }
    first = drawn("walk-parties", curves)
    assert first == drawn("walk-parties", curves)
    assert "mean speed (m/s)" in first


def test_a_wrong_name_of_an_experiment_is_refused_with_the_right_ones(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["validation", "--only", "W1,W10"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "no experiment W10; there are W1, W2" in capsys.readouterr().err


# --- measures


def test_weidmann_has_its_free_speed_and_its_jam():
    assert weidmann(np.array([1e-3, 1.75, 5.4])) == pytest.approx([1.34, 0.70, 0.0], abs=5e-3)


def test_a_crowd_that_passes_evenly_has_its_rate():
    assert steady_flow(np.random.default_rng(1).permutation(np.arange(100) * 0.4)) == (
        pytest.approx(2.5)
    )


def test_a_line_is_found_and_explains_itself():
    line = fitted_line(np.array([1.0, 2.0, 3.0]), np.array([3.0, 5.0, 7.0]))
    assert line == pytest.approx((2.0, 1.0, 1.0))


def test_lane_order_is_one_in_lanes_and_none_where_every_other_comes_towards_one():
    x = np.repeat(np.arange(0.0, 50.0, 1.0), 2)
    y = np.tile([1.0, 3.0], 50)
    assert lane_order(x, y, np.tile([1.0, -1.0], 50), 50.0) == 1.0
    alternating = np.repeat(np.where(np.arange(50) % 2, 1.0, -1.0), 2)
    # Five each side: four of one's own, six of the others.
    assert lane_order(x, y, alternating, 50.0) == pytest.approx(((4 - 6) / 10) ** 2)


# --- the walk, small


@pytest.mark.slow
def test_one_way_and_two_way_speeds_are_sane():
    for model in MODELS:
        flow = corridor.corridor_flow(model, (0.5, 2.0), QUICK, two_way=False)
        assert 1.0 < flow.speed[0, 0] < 1.34
        assert 0.4 < flow.speed[1, 0] < 0.8
        opposed = corridor.corridor_flow(model, (0.5,), QUICK, two_way=True)
        assert 0.7 < opposed.speed[0, 0] <= flow.speed[0, 0] + 0.05


def test_a_wider_bottleneck_lets_more_people_through():
    narrow, wide = (
        rooms.bottleneck_flow(COLLISION_FREE_SPEED, width, 60, 1) for width in (1.0, 2.0)
    )
    assert 0.7 < narrow < 2.2
    assert 1.5 < wide / narrow < 3.0


def test_people_leave_by_their_own_exit_and_in_the_shares_of_the_flows():  # V9, RiMEA 10
    outline = [(0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0)]
    doors = {
        "west": ((0.0, 0.0), (0.0, 10.0)),
        "east": ((20.0, 0.0), (20.0, 10.0)),
        "north": ((6.0, 10.0), (14.0, 10.0)),
    }
    scenario = room_scenario(
        outline, doors, {("west", "east"): 0.7, ("west", "north"): 0.3}, people=400, seed=3
    )
    street = FilledStreet(scenario, {"east": np.array([[3.0, 5.0]]), "north": np.array([[4, 3.0]])})
    last = {}
    while street.present:
        places = dict(zip(street.present_ids.tolist(), street.positions_m.tolist(), strict=True))
        last.update(places)
        street.step()
    (to_east,), (to_north,) = street.placed["east"].tolist(), street.placed["north"].tolist()
    assert last[to_east][0] > 17.0
    assert last[to_north][1] > 7.0
    people = street.passages().people
    share = (people[col.EXIT] == "east").mean()
    # 400 people or so: 4 standard errors of 0.023, missed once in 16,000 seeds.
    assert share == pytest.approx(0.7, abs=0.092)


def test_more_people_than_were_drawn_are_refused():
    scenario = room_scenario(
        [(0.0, 0.0), (9.0, 0.0), (9.0, 4.0), (0.0, 4.0)],
        {"west": ((0.0, 0.0), (0.0, 4.0)), "east": ((9.0, 0.0), (9.0, 4.0))},
        {("west", "east"): 1.0},
        people=5,
        seed=1,
    )
    with pytest.raises(ValueError, match=r"people head for 'east', 90 wanted"):
        FilledStreet(scenario, {"east": np.zeros((90, 2))})
