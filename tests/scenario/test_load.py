"""Reading scenarios: what is sound loads, what is not is refused in words."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.advice import run_cost, scenario_warnings
from sim.scenario.identity import canonical_json, scenario_hash, walk_hash
from sim.scenario.load import load_scenario, scenario_from_mapping, scenario_schema
from sim.scenario.shipped import shipped_path, shipped_scenarios
from sim.scenario.yaml_safe import LARGEST_BYTES, parse
from tests.properties import examples

HERE = Path(__file__).parent
MINIMAL = HERE / "minimal.yaml"
FAULTS = HERE / "faults"

WORDS = {
    "not_yaml": ["not YAML"],
    "empty": ["is empty"],
    "only_comments": ["is empty"],
    "list_at_the_top": ["must be a mapping"],
    "two_documents": ["2 documents"],
    "alias_bomb": [":1: anchors (&) and aliases (*) are not allowed"],
    "tag": ["tag", "is not allowed"],
    "deep_nesting": ["nested deeper than 20 levels"],
    "duplicate_key": [":4: the field 'threshold' is given twice"],
    "misspelt_key": [":3: policy.treshold: unknown field; did you mean 'threshold'?"],
    "misspelt_block": [":2: polcy: unknown field; did you mean 'policy'?"],
    "norway": ["name: must be text; found False", "put text in quotes"],
    "clock_time": [":3: policy.start_hour: must be a number; found '12:30'", "decimal: 12.5"],
    "leading_zero": [":3: policy.officers: must be a whole number; found '010'"],
    "holes_overlap": ["street.holes_m.1: overlaps street.holes_m.0"],
    "text_number": ["policy.watchlist.size: must be a whole number; found '1e3'", "write 1000"],
    "not_a_number": ["policy.threshold: must be a finite number; found nan"],
    "infinite": ["policy.hours: must be", "found inf"],
    "negative_hours": [":3: policy.hours: must be more than 0; found -2"],
    "shares_do_not_add": ["policy.watchlist.composition: sex shares add to 1.1, not to 1"],
    "share_missing": ["joint shares add to 0.7, not to 1"],
    "flow_to_nowhere": ["flows name the exit 'north', which is not among east"],
    "crossing_outline": ["street.walkable_m: crosses itself at (20, 3)"],
    "flat_outline": ["street.walkable_m"],
    "hole_outside": ["street.holes_m.0: reaches outside street.walkable_m"],
    "unreachable_exit": ["exit 'east' cannot be reached from entrance 'west'"],
    "narrow_gap": ["the way narrows to 0.30 m at (20.5, 0.15), a body needs more than 0.5 m"],
    "door_off_the_edge": ["street.exits.east: does not lie on the edge"],
    "door_too_narrow": ["street.exits.east: is 0.40 m wide; a door needs 0.6 m or more"],
    "camera_far_away": ["policy.cameras.mast.position_m: (400, 3) is more than 30 m"],
    "near_beyond_far": ["near_m (20 m) must be less than far_m (18 m)"],
    "heading_too_large": [":7: policy.cameras.0.heading_deg: must be less than 360; found 400"],
    "post_in_a_wall": ["policy.officer_posts_m.0: (50, 3) is not on walkable ground"],
    "unknown_assumption": ["not in the evidence register; did you mean 'response.review_s'?"],
    "assumption_out_of_range": ["value 900 is outside 3 to 60 (s); give low and high"],
    "assumption_low_is_a_mapping": ["assumptions.values.response.review_s.low: "],
    "assumption_without_reason": ["assumptions.values.response.review_s.why: is missing"],
    "unknown_error_model": ["must be one of npl-2023", "did you mean 'npl-2023'?"],
    "wrong_schema_version": ["schema_version: must be one of 1; found 2"],
    "extends_nothing": ["nowhere.yaml: no such file"],
    "extends_itself": ["goes round in a circle"],
    "place_too_large": ["street.walkable_m: spans 4,000 by 600 m, more than 40,000 m2"],
    "extends_no_name": [":1: extends: must be the name of a file"],
    "assumption_beyond_numbers": ["assumptions.values.response.review_s.value: must be"],
    "several_kinds": [
        ":5: policy.treshold: unknown field",
        ":8: assumptions.values.response.reviews_s: not in the evidence register",
        "street.walkable_m: crosses itself at (20, 3)",
    ],
    "several_at_once": [
        ":3: policy.treshold: unknown field",
        ":4: policy.hours: must be more than 0; found -1",
        ":5: policy.operators: must be a whole number; found 'two'",
        ":7: run.seed: must be at least 0; found -5",
    ],
    "avoid_area_crosses_itself": [":3: policy.avoid_area_m: crosses itself at (12, 3)"],
    "avoid_area_elsewhere": ["policy.avoid_area_m: does not lie on any walkable ground"],
    "avoid_area_holds_a_door": [
        "policy.avoid_area_m: holds the whole of street.exits.east: whoever keeps off the area "
        "could not go out there; leave 0.6 m of it free"
    ],
    "avoid_area_of_two_corners": ["policy.avoid_area_m: has 2 corners; needs 3 or more"],
    "bow_tie_hole": [":3: street.holes_m.0: crosses itself at (12, 3)"],
    "camera_behind_a_wall": [
        ":7: policy.cameras.mast.position_m: (30, 8) stands 2.00 m outside the ground, whose edge "
        "hides everything in view"
    ],
    "camera_in_a_wall": [
        "policy.cameras.mast.position_m: (30, 3) stands inside street.holes_m.0, 1.00 m from its "
        "edge: its walls hide everything; move the camera to the edge (within 0.3 m), or leave "
        "the hole out if it is low and the camera stands on top"
    ],
    "door_across_the_ground": [
        "street.exits.east: does not lie on the edge of the walkable ground: at (38, 2.4) it is "
        "2.00 m away from it, across the ground"
    ],
    "doors_overlap": [":5: street.exits.far: lies over street.exits.east along 1.00 m"],
    "entrance_in_a_hole": [
        ":5: street.entrances.west: does not lie on the edge of the walkable ground: at (13, 3) "
        "it is 2.00 m away from it, inside street.holes_m.0"
    ],
    "hole_in_hole": ["street.holes_m.1: lies inside street.holes_m.0; leave one of the two out"],
    "hole_is_the_ground": ["street.holes_m.0: covers the whole ground"],
    "holes_cut_the_place": ["street.holes_m: holes cut the ground in two", "the piece round (30"],
    "map_and_outline": [
        ":3: street.from_geojson: ",
        "nowhere.geojson: no such file",
        ":4: street.walkable_m: is read from the map; leave it out here",
    ],
    "map_is_missing": [":3: street.from_geojson: ", "nowhere.geojson: no such file"],
    "map_is_no_name": [":3: street.from_geojson: must be the name of a GeoJSON file, or a list"],
    "negative_speed": [
        ":4: assumptions.values.walk.free_speed_mps: value -1 (m/s) is impossible: must be more "
        "than 0",
        "low -2 (m/s) is impossible",
    ],
    "no_body": ["assumptions.values.walk.body_radius_m: value 0 (m) is impossible"],
    "outline_touches_itself": ["street.walkable_m: crosses itself at (20, 3)"],
    "percent_and_unit": [
        ":3: policy.threshold: must be a number; found '62%' (write the share as a decimal: 0.62)",
        ":4: policy.hours: must be a number; found '2 h' (write 2 alone: the field's name says",
    ],
    "post_in_a_hole": [
        ":5: policy.officer_posts_m.1: (30, 3) is not on walkable ground: it is inside "
        "street.holes_m.0",
        "policy.cameras.mast.position_m: (30, 3) stands inside street.holes_m.0",
    ],
    "share_above_one": ["crowd.phone_share: high 1.5 is impossible: a share is at most 1"],
    "speed_is_not_a_number": [":4: assumptions.values.walk.free_speed_mps.value: must be a finite"],
    "speeds_out_of_order": [
        "the speed walk.free_speed_mps (3 m/s) must lie between walk.free_speed_min_mps (0.5 m/s) "
        "and walk.free_speed_max_mps (2.2 m/s)"
    ],
    "time_step_above_half_the_gap": [
        "run.time_step_s: 0.05 s is more than half of walk.time_gap_s (down to 0.06 s)",
        "at most 0.03 s",
    ],
    "time_step_too_long": [
        ":2: run.time_step_s: must be at most 0.1; found 0.2 (people move by explicit Euler steps"
    ],
    "time_step_zero": [":2: run.time_step_s: must be more than 0; found 0.0", "0.05 is usual"],
}


def refusal(load):
    """Return why a scenario is refused, or None; any other exception goes through."""
    try:
        load()
    except ScenarioError as error:
        return str(error)
    return None


def minimal_tree():
    return yaml.safe_load(MINIMAL.read_text(encoding="utf-8"))


def test_every_fault_file_has_its_words_and_every_word_its_file():
    assert {path.stem for path in FAULTS.glob("*.yaml")} == set(WORDS)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_bad_scenario_says_where_and_why(name):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(FAULTS / f"{name}.yaml")
    message = str(caught.value)
    for words in WORDS[name]:
        assert words in message
    assert name.split(".")[0] in message or "nowhere" in message


def test_a_fault_of_an_extended_file_names_that_file_and_its_line(tmp_path):
    (tmp_path / "base.yaml").write_text("run:\n  seed: -5\n  draws: 20\n", encoding="utf-8")
    path = tmp_path / "other.yaml"
    path.write_text("extends: base.yaml\nrun: {draws: -7}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    message = str(caught.value)
    assert f"{tmp_path / 'base.yaml'}:2: run.seed: must be at least 0; found -5" in message
    assert f"{path}:2: run.draws: must be at least 10; found -7" in message
    assert f"{path}: title: is missing" in message


def test_every_bad_setting_is_told_and_the_faults_of_a_sound_one_name_it():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, settings=["policy.threshold", "run.seed=1", "policy.cameras.x.y=3"])
    assert len(caught.value.faults) == 2
    seed = refusal(lambda: load_scenario(MINIMAL, settings=["run.seed=-5"]))
    assert seed == "--set run.seed=-5: run.seed: must be at least 0; found -5"
    far = "policy.cameras.mast.position_m=[400.0, 3.0]"
    words = refusal(lambda: load_scenario(MINIMAL, settings=[far]))
    assert words.startswith(f"--set {far}: policy.cameras.mast.position_m: (400, 3) is more than")


def test_a_missing_file_a_folder_and_other_bytes_are_named(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: caf\xe9".encode("latin-1"))
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * 10_000_000)
    for path, words in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "is a folder"),
        (latin, "not UTF-8 text (byte 9)"),
        (large, f"a scenario may have {LARGEST_BYTES:,} at most"),
    ):
        with pytest.raises(ScenarioError, match=str(path)) as caught:
            load_scenario(path)
        assert words in str(caught.value)


@pytest.mark.parametrize("name", ["x" * 5000, "no\0name", "loop.yaml"])
def test_a_name_that_no_file_can_have_is_refused(name, tmp_path):
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert "cannot be read (" in refusal(lambda: load_scenario(tmp_path / name))
    extending = tmp_path / "extending.yaml"
    extending.write_text(json.dumps({"extends": name}), encoding="utf-8")
    assert refusal(lambda: load_scenario(extending))


def test_a_byte_order_mark_is_tolerated(tmp_path):
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbf" + MINIMAL.read_bytes())
    assert load_scenario(marked).name == "minimal"


@pytest.mark.parametrize(
    ("setting", "read", "value"),
    [
        ("policy.threshold=0.6", lambda s: s.policy.threshold, 0.6),
        ("policy.cameras.0.height_m=4", lambda s: s.policy.cameras[0].height_m, 4),
        ("policy.cameras.mast.height_m=4.5", lambda s: s.policy.cameras[0].height_m, 4.5),
        ("run.seed=7", lambda s: s.run.seed, 7),
        ("street.crowd.sex={female: 1.0, male: 0.0}", lambda s: s.street.crowd.sex["male"], 0),
        (
            "assumptions.values.response.review_s={value: 20.0, why: slow desk}",
            lambda s: s.assumptions.values["response.review_s"].value,
            20,
        ),
    ],
)
def test_a_setting_changes_one_field(setting, read, value):
    assert read(load_scenario(MINIMAL, settings=[setting])) == value


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("policy.treshold=0.6", "did you mean 'threshold'?"),
        ("policy.threshold", "must be FIELD=VALUE"),
        ("policy.threshold=[", "is not a YAML value"),
        ("policy.threshold=high", "must be a number; found 'high'"),
        ("policy.cameras.tower.height_m=3", "no 'tower' there; there are mast"),
        ("policy.threshold.low=3", "holds a value, not fields"),
        ("policy.cameras.²=3", "no '²' there"),
        ("policy.cameras." + "9" * 5000 + "=3", "there are mast"),
        ("title=&a [x]", "anchors (&) and aliases (*) are not allowed"),
        ("title={a: &a [x], b: *a}", "anchors (&) and aliases (*) are not allowed"),
        ("run.seed=abc", "run.seed: must be a whole number; found 'abc'"),
    ],
)
def test_a_bad_setting_is_named(setting, words):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, settings=[setting])
    assert words in str(caught.value)


def test_extending_merges_fields_replaces_lists_and_drops_the_record(tmp_path):
    base = minimal_tree() | {"recorded": {"source": "a record", "alerts": 3}}
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(
        "extends: base.yaml\nname: other\npolicy: {cameras: [], watchlist: {size: 7}}\n",
        encoding="utf-8",
    )
    other = load_scenario(tmp_path / "other.yaml")
    assert (other.name, other.policy.watchlist.size, other.policy.cameras) == ("other", 7, ())
    assert other.policy.watchlist.composition == load_scenario(MINIMAL).policy.watchlist.composition
    assert other.recorded is None


def test_a_chain_of_more_than_five_is_refused(tmp_path):
    (tmp_path / "s0.yaml").write_text(MINIMAL.read_text(encoding="utf-8"), encoding="utf-8")
    for link in range(1, 7):
        (tmp_path / f"s{link}.yaml").write_text(f"extends: s{link - 1}.yaml\n", encoding="utf-8")
    assert load_scenario(tmp_path / "s4.yaml").name == "minimal"
    with pytest.raises(ScenarioError, match="more than 5"):
        load_scenario(tmp_path / "s6.yaml")


def test_a_scenario_cannot_be_changed():
    scenario = load_scenario(MINIMAL)
    with pytest.raises(ValueError, match="frozen"):
        scenario.policy.threshold = 0.5


def test_hashes_know_what_matters_to_them():
    base = load_scenario(MINIMAL)
    renamed = load_scenario(MINIMAL, settings=["name=other"])
    reseeded = load_scenario(MINIMAL, settings=["run.seed=2"])
    stricter = load_scenario(MINIMAL, settings=["policy.threshold=0.64"])
    taller = load_scenario(MINIMAL, settings=["policy.cameras.0.height_m=4.0"])
    believed = load_scenario(
        MINIMAL,
        settings=["assumptions.values.crowd.phone_share={value: 0.2, why: a guess}"],
    )
    assert scenario_hash(renamed) == scenario_hash(reseeded) == scenario_hash(base)
    assert scenario_hash(stricter) != scenario_hash(base)
    assert walk_hash(stricter) == walk_hash(renamed) == walk_hash(base)
    assert len({walk_hash(s) for s in (base, reseeded, taller, believed)}) == 4


def test_a_scenario_survives_its_own_json():
    scenario = load_scenario(MINIMAL)
    again = scenario_from_mapping(json.loads(canonical_json(scenario)))
    assert again == scenario


def test_an_override_keeps_the_registers_source():
    from sim.scenario.beliefs import beliefs

    scenario = load_scenario(
        MINIMAL, settings=["assumptions.values.response.review_s={value: 20.0, why: slow desk}"]
    )
    entry = beliefs(scenario).entry("response.review_s")
    assert (entry.value, entry.low, entry.high) == (20, 3, 60)
    assert "slow desk" in entry.source
    assert "register" in entry.source


@pytest.mark.parametrize(
    ("settings_", "words"),
    [
        (["policy.threshold=0.7"], "outside 0.56 to 0.64"),
        (["street.footfall.people=0.0"], "nobody walks past"),
        (["policy.cameras=[]"], "nobody is scanned"),
        (["policy.watchlist.size=0"], "nobody can set off an alert"),
        (
            ["policy.cameras.0.heading_deg=90.0", "policy.cameras.0.position_m=[41.0, 3.0]"],
            "policy.cameras.mast looks at no walkable ground",
        ),
    ],
)
def test_what_is_probably_not_meant_is_warned_of(settings_, words):
    (warning,) = scenario_warnings(load_scenario(MINIMAL, settings=settings_))
    assert words in warning


def test_a_sound_scenario_has_no_warning():
    assert scenario_warnings(load_scenario(MINIMAL)) == []


def test_cost_grows_with_people_and_hours():
    small = run_cost(load_scenario(MINIMAL))
    large = run_cost(load_scenario(MINIMAL, settings=["street.footfall.people=10000000.0"]))
    longer = run_cost(load_scenario(MINIMAL, settings=["policy.hours=0.5"]))
    assert small.people == pytest.approx(60)
    assert large.people == pytest.approx(1e7)
    assert large.memory_mib > 10_000
    assert longer.people == pytest.approx(120)


def test_the_committed_schema_equals_the_generated_one():
    committed = shipped_scenarios()[0].parent / "scenario.schema.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == scenario_schema()


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_a_shipped_scenario_is_sound_and_names_its_schema(path):
    from jsonschema import Draft202012Validator

    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./scenario.schema.json"
    scenario = load_scenario(path)
    assert scenario.name == path.stem
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    Draft202012Validator(scenario_schema()).validate(tree)


def test_the_schema_flags_a_misspelt_key():
    from jsonschema import Draft202012Validator

    tree = minimal_tree()
    tree["policy"]["treshold"] = tree["policy"].pop("threshold")
    faults = list(Draft202012Validator(scenario_schema()).iter_errors(tree))
    assert any("treshold" in fault.message for fault in faults)


def test_a_bare_name_finds_a_shipped_scenario():
    assert load_scenario(shipped_path(Path("high_street"))).name == "high_street"
    assert shipped_path(Path("no_such_thing")) == Path("no_such_thing")


@settings(max_examples=examples(150), deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_a_scenario_or_is_refused_with_words(text, tmp_path_factory):  # property
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    assert refusal(lambda: load_scenario(path)) != ""


def paths_of(tree, path=()):
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from paths_of(value, (*path, key))
        else:
            yield (*path, key)


ALL_PATHS = [path for path in paths_of(minimal_tree()) if path]
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=4),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(ALL_PATHS), value=ODD_VALUES, drop=st.booleans())
def test_any_mutated_scenario_is_sound_or_refused_with_words(path, value, drop):  # property
    tree = minimal_tree()
    target = tree
    for part in path[:-1]:
        target = target[part]
    if drop:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    words = refusal(lambda: scenario_from_mapping(tree))
    assert words != ""
    if words is None:
        scenario = scenario_from_mapping(tree)
        assert scenario_from_mapping(json.loads(canonical_json(scenario))) == scenario


@pytest.mark.parametrize("level", ["[", "{a: ", "- "])
def test_brackets_without_end_are_refused_before_they_are_all_read(level):
    """The parser's time grows with the square of the depth: minutes, if it read them all."""
    words = refusal(lambda: parse("a: " * (level != "- ") + level * 20_000, origin="deep"))
    assert words == "deep: nested deeper than 20 levels"
