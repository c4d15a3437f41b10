"""Which walk each point shares, with which seed, and what names a unit."""

import pickle
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import columns as col
from sim.errors import ScenarioError
from sim.evidence.register import register
from sim.scenario.beliefs import beliefs
from sim.scenario.field_changes import is_walk_field
from sim.scenario.identity import NAMING, walk_hash
from sim.scenario.load import load_scenario
from sim.scenario.schema import GroupShare, Override
from sim.studies.define.design import design
from sim.studies.define.lever_names import known_fields
from sim.studies.define.study import load_study
from sim.studies.run import plan as module
from sim.studies.run.plan import changes_walk, plan, replication_seed
from tests.properties import examples

BASE = Path(__file__).parents[2] / "scenarios" / "reference.yaml"
HEAD = """\
schema_version: 1
name: example
title: An example
purpose: To be planned.
base: reference
"""
LEVERS = {
    "policy.threshold": "[0.58, 0.60, 0.62]",
    "policy.operators": "[1, 2]",
    "policy.signs": "[false, true]",
    "policy.hours": "[1.0, 2.0]",
    "street.footfall.people": "[400.0, 500.0]",
    "policy.cameras.west.near_m": "{low: 2.0, high: 4.0, steps: 2}",
    "assumptions.error_model": "[npl-2023, met-street]",
    "policy.watchlist.size": "{low: 1000, high: 4000, steps: 2}",
}
WALK = ("policy.signs", "policy.hours", "street.footfall.people", "policy.cameras.west.near_m")
UNCERTAINTIES = ("response.pursue_true", "walk.free_speed_mps", "walk.time_gap_s")


def written(folder, levers, rest):
    lines = [f"  {field}: {given or LEVERS[field]}\n" for field, given in levers.items()]
    path = folder / "example.yaml"
    path.write_text(HEAD + "levers:\n" + "".join(lines) + rest, encoding="utf-8")
    return load_study(path)


@pytest.fixture
def study(tmp_path):
    """Return a function of fields, and of the text after them, that reads it as a study."""

    def read(*fields, rest="design: {kind: full-factorial}\n", **given):
        return written(tmp_path, dict.fromkeys(fields) | given, rest)

    return read


def units_of(loaded):
    return plan(loaded, design(loaded))


LEVER_LISTS = st.lists(st.sampled_from(sorted(LEVERS)), min_size=1, max_size=5, unique=True)


@pytest.mark.whole
@settings(max_examples=examples(30))
@given(
    fields=LEVER_LISTS,
    uncertainties=st.lists(st.sampled_from(UNCERTAINTIES), max_size=2, unique=True),
    replications=st.integers(1, 3),
    same_people=st.booleans(),
    most=st.integers(1, 7),
)
def test_every_point_and_replication_is_in_one_unit_of_the_right_walk(
    fields, uncertainties, replications, same_people, most, tmp_path_factory
):  # property
    loaded = written(
        tmp_path_factory.mktemp("plan"),
        dict.fromkeys(fields),
        f"uncertainties: [{', '.join(uncertainties)}]\n"
        "design: {kind: full-factorial}\n"
        f"replications: {replications}\nsame_people: {str(same_people).lower()}\n",
    )
    points = design(loaded)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_POINTS", most)
        units = plan(loaded, points)
    met = Counter(
        (point, unit.replication) for unit in units for point in unit.points[col.POINT].tolist()
    )
    assert met == Counter(
        (point, replication) for point in points[col.POINT] for replication in range(replications)
    )
    assert len({unit.key for unit in units}) == len(units)
    assert max(len(unit.points) for unit in units) <= most
    walks = {}
    by_point = points.set_index(col.POINT)
    for unit in units:
        for point in unit.points[col.POINT]:
            row = by_point.loc[point]
            asked = tuple((name, row[name]) for name in by_point if changes_walk(name))
            person = None if same_people else point
            walks.setdefault((asked, unit.replication, person), set()).add(walk_hash(unit.scenario))
    assert all(len(found) == 1 for found in walks.values())
    assert len({next(iter(found)) for found in walks.values()}) == len(walks)


@settings(max_examples=examples(12))
@given(fields=LEVER_LISTS, data=st.data())
def test_the_order_of_levers_in_the_file_changes_no_unit(
    fields, data, tmp_path_factory
):  # property
    folder = tmp_path_factory.mktemp("order")
    rest = "uncertainties: [{}]\ndesign: {{kind: {}}}\nreplications: 2\n"
    kind = data.draw(st.sampled_from(["full-factorial", "latin-hypercube, points: 5"]))
    names = ["response.pursue_true", "response.arrest_share"]
    one = units_of(written(folder, dict.fromkeys(fields), rest.format(", ".join(names), kind)))
    turned = data.draw(st.permutations(fields))
    text = rest.format(", ".join(reversed(names)), kind)
    two = units_of(written(folder, dict.fromkeys(turned), text))
    assert [unit.key for unit in one] == [unit.key for unit in two]


@settings(max_examples=examples(8))
@given(fields=st.lists(st.sampled_from(WALK), min_size=1, max_size=3, unique=True))
def test_the_walk_of_a_point_is_the_walk_of_the_same_settings(fields, tmp_path_factory):  # property
    loaded = written(
        tmp_path_factory.mktemp("walk"), dict.fromkeys(fields), "design: {kind: full-factorial}\n"
    )
    points = design(loaded).set_index(col.POINT)
    for unit in plan(loaded, points.reset_index()):
        row = points.loc[unit.points[col.POINT].iloc[0]]
        given_so = [f"{field}={str(row[field]).lower()}" for field in fields]
        given_so.append(f"run.seed={unit.scenario.run.seed}")
        assert walk_hash(unit.scenario) == walk_hash(load_scenario(BASE, settings=given_so))


def test_an_uncertainty_of_the_walk_is_an_override_within_its_range(study):
    loaded = study(
        "policy.threshold",
        rest="uncertainties: [walk.free_speed_mps]\ndesign: {kind: latin-hypercube, points: 4}\n",
    )
    points = design(loaded)
    for unit in plan(loaded, points):
        (point,) = unit.points[col.POINT]
        held = beliefs(unit.scenario).entry("walk.free_speed_mps")
        registered = register()["walk.free_speed_mps"]
        assert held.value == points["walk.free_speed_mps"].iloc[point]
        assert (held.low, held.high) == (registered.low, registered.high)
        assert "walk.free_speed_mps" not in unit.points


def test_an_option_of_the_walk_is_applied_and_any_other_goes_with_the_unit(study):
    loaded = study(
        **{
            "policy.officer_posts_m": "{options: {a: [[3.0, 2.0]], b: [[9.0, 2.0]]}}",
            "street.footfall": "{options: {few: {people: 100.0, counted_from_hour: 12.0, "
            "counted_hours: 5.0}, many: {people: 900.0, counted_from_hour: 12.0, "
            "counted_hours: 5.0}}}",
        }
    )
    few, many = units_of(loaded)
    assert few.scenario.street.footfall.people == 100.0
    assert many.scenario.street.footfall.people == 900.0
    assert few.points["policy.officer_posts_m"].tolist() == ["a", "b"]
    assert few.options == {"policy.officer_posts_m": {"a": ((3.0, 2.0),), "b": ((9.0, 2.0),)}}


def test_a_table_sets_places_and_their_cameras_together(study, tmp_path):
    places = ("oxford_circus_2020", "stadium_approach", "market_square")
    rows = "".join(f"{place},{place}\n" for place in places)
    (tmp_path / "points.csv").write_text(f"street,policy.cameras\n{rows}", encoding="utf-8")
    options = "{options: {" + ", ".join(f"{place}: {{from: {place}}}" for place in places) + "}}"
    loaded = study(
        **{"street": options, "policy.cameras": options},
        rest="settings: {policy.avoid_area_m: [], policy.officer_posts_m: []}\n"
        "design: {kind: table, file: points.csv}\n",
    )
    units = units_of(loaded)
    for unit, place in zip(units, places, strict=True):
        there = load_scenario(BASE.with_name(f"{place}.yaml"))
        assert unit.scenario.street == there.street
        assert unit.scenario.policy.cameras == there.policy.cameras


def test_replications_share_their_seed_between_points_unless_asked_not_to(study):
    text = "design: {kind: full-factorial}\nreplications: 2\n"
    shared = units_of(study("policy.threshold", "policy.signs", rest=text))
    assert [unit.scenario.run.seed for unit in shared] == [
        replication_seed(1, 0, None),
        replication_seed(1, 0, None),
        replication_seed(1, 1, None),
        replication_seed(1, 1, None),
    ]
    own = units_of(study("policy.threshold", "policy.signs", rest=f"{text}same_people: false\n"))
    seeds = {
        (unit.points[col.POINT].iloc[0], unit.replication): unit.scenario.run.seed for unit in own
    }
    assert seeds == {(p, r): replication_seed(1, r, p) for p in range(6) for r in range(2)}
    assert len(set(seeds.values())) == 12


def test_seeds_are_the_same_on_every_machine_and_fit_a_column(study):  # regression
    assert replication_seed(1, 0, None) == 1  # the people of a run
    assert replication_seed(1, 0, 0) == 8224797725035792653
    assert all(0 <= replication_seed(seed, 3, None) < 2**63 for seed in range(200))


def test_units_come_replication_by_replication_and_long_ones_are_cut(study, monkeypatch):
    monkeypatch.setattr(module, "MOST_POINTS", 4)
    loaded = study(
        "policy.threshold",
        "policy.operators",
        "policy.signs",
        rest="design: {kind: full-factorial}\nreplications: 2\n",
    )
    units = units_of(loaded)
    assert [(unit.replication, len(unit.points)) for unit in units] == [
        (replication, size) for replication in (0, 1) for _ in range(2) for size in (4, 2)
    ]
    assert units[0].scenario is units[1].scenario  # a runner knows one walk by it
    assert units[1].scenario is not units[2].scenario
    assert units[0].points is units[4].points  # memory does not grow with replications


def test_a_scenario_is_built_for_each_walk_not_for_each_point(study, monkeypatch):
    built = []
    real = module.with_changes
    monkeypatch.setattr(
        module, "with_changes", lambda *args, **kw: built.append(1) or real(*args, **kw)
    )
    loaded = study(
        "policy.threshold",
        "policy.signs",
        rest="uncertainties: [response.pursue_true]\n"
        "design: {kind: latin-hypercube, points: 3000}\nreplications: 5\n",
    )
    units = units_of(loaded)
    assert len(built) == 2
    assert sum(len(unit.points) for unit in units) == 15_000


def test_the_key_changes_with_all_that_determines_the_rows(study, monkeypatch):
    plain = "design: {kind: full-factorial}\n"
    fields = ("policy.threshold", "policy.signs")
    before = {unit.key for unit in units_of(study(*fields, rest=plain))}
    others = [
        study("policy.operators", "policy.signs", rest=plain),
        study(*fields, rest=f"{plain}seed: 2\n"),
        study(*fields, rest=f"{plain}outcomes: [people]\n"),
        study(*fields, rest=f"{plain}settings: {{policy.officers: 3}}\n"),
        study(*fields, rest=f"{plain}settings: {{street.footfall.people: 30.0}}\n"),
    ]
    for other in others:
        assert before.isdisjoint(unit.key for unit in units_of(other))
    loaded = study(*fields, rest=plain)
    assert before == {unit.key for unit in units_of(loaded)}
    monkeypatch.setattr(module, "__version__", "99")
    assert before.isdisjoint(unit.key for unit in units_of(loaded))


def test_the_key_changes_with_what_an_option_stands_for(study):
    posts = "{{options: {{a: [[3.0, {}]]}}}}"
    keys = [
        {unit.key for unit in units_of(study(**{"policy.officer_posts_m": posts.format(y)}))}
        for y in (1.5, 2.0)
    ]
    assert keys[0].isdisjoint(keys[1])


def test_adding_values_to_a_lever_leaves_the_units_of_other_walks(study):
    some = units_of(study(**{"policy.hours": "[1.0, 2.0]"}))
    more = units_of(study(**{"policy.hours": "[1.0, 2.0, 3.0]"}))
    assert {unit.key for unit in some} < {unit.key for unit in more}


def test_a_unit_goes_to_another_process_and_back(study):
    (unit,) = units_of(
        study(**{"policy.officer_posts_m": "{options: {a: [[3.0, 2.0]], b: [[9.0, 2.0]]}}"})
    )
    back = pickle.loads(pickle.dumps(unit))  # noqa: S301 - our own
    assert (back.key, back.scenario, back.options) == (unit.key, unit.scenario, unit.options)
    pd.testing.assert_frame_equal(back.points, unit.points)


def test_a_table_of_points_that_cannot_be_names_the_first_of_them(study, tmp_path):
    rows = "".join(f"{near},{near - 1.0}\n" for near in range(3, 12))
    header = "policy.cameras.west.near_m,policy.cameras.west.far_m\n"
    (tmp_path / "points.csv").write_text(f"{header}2.0,8.0\n{rows}", encoding="utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(
        f"{HEAD}levers:\n  policy.cameras.west.near_m:\n  policy.cameras.west.far_m:\n"
        "design: {kind: table, file: points.csv}\n",
        encoding="utf-8",
    )
    loaded = load_study(path)
    with pytest.raises(ScenarioError) as caught:
        plan(loaded, design(loaded))
    faults = caught.value.faults
    assert len(faults) == 6
    assert ": point 1 (" in faults[0]
    assert "near_m (3 m) must be less than far_m (2 m)" in faults[0]
    assert faults[-1] == "and 4 more streets that cannot be"


POINTS = ((1.0, 2.0), (3.0, 4.0))
FILLED = {
    "holes_m": (POINTS,),
    "avoid_area_m": POINTS,
    "officer_posts_m": POINTS,
    "joint": (GroupShare(sex="female", ethnicity="white", age_band="young", share=1.0),),
}


def changed(section, parts):
    """Return a section with one field changed, checked or not."""
    name, *rest = parts
    if isinstance(section, tuple):
        place = [getattr(item, "name", None) for item in section].index(name)
        return (*section[:place], changed(section[place], rest), *section[place + 1 :])
    if isinstance(section, dict):
        return section | {
            name: changed(section[name], rest) if rest else other(name, section[name])
        }
    old = getattr(section, name)
    return section.model_copy(update={name: changed(old, rest) if rest else other(name, old)})


def other(name, value):
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case (float(x), float(y)):
            return (x + 1, y)
        case tuple():
            return value[:-1] or FILLED[name]
        case None:
            return 1.5
    raise TypeError(value)


def leaves(scenario):
    fields = list(known_fields(scenario.model_dump(mode="json")))
    inner = {field.rpartition(".")[0] for field in fields}
    return [field for field in fields if field not in inner and "values" not in field]


def test_a_field_is_the_walks_exactly_if_the_hash_of_the_walk_depends_on_it():
    scenario = load_scenario(BASE)
    fields = leaves(scenario)
    assert len(fields) > 40
    for field in fields:
        moved = changed(scenario, field.split("."))
        assert (walk_hash(moved) != walk_hash(scenario)) == is_walk_field(field), field


def test_the_sections_of_a_scenario_are_all_judged():
    fields = {
        field.split(".")[0] for field in known_fields(load_scenario(BASE).model_dump(mode="json"))
    }
    assert fields == {"street", "policy", "assumptions", "run"}
    scenario = load_scenario(BASE)
    for name in NAMING & {"name", "title", "purpose"}:
        assert walk_hash(changed(scenario, [name])) == walk_hash(scenario)


def test_an_entry_is_the_walks_exactly_if_the_hash_of_the_walk_depends_on_it():
    scenario = load_scenario(BASE)
    own = scenario.assumptions.values  # noqa: PD011 - no table
    for name in beliefs(scenario).names():
        held = register()[name]
        override = Override(value=held.value + 1, low=None, high=1e9, why="a test")
        believed = scenario.assumptions.model_copy(update={"values": {**own, name: override}})
        moved = scenario.model_copy(update={"assumptions": believed})
        assert (walk_hash(moved) != walk_hash(scenario)) == changes_walk(name), name
