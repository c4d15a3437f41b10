"""A place traced on a map is the place that was drawn, in metres, and its faults are named."""

import copy
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from sim.errors import ScenarioError
from sim.scenario.identity import canonical_json, scenario_hash, walk_hash
from sim.scenario.load import load_scenario, scenario_from_mapping, scenario_schema
from sim.scenario.place.drawn import LARGEST_BYTES
from sim.scenario.place.geojson import read_place
from sim.scenario.shipped import shipped_folder
from tests.places import tree as minimal_tree
from tests.properties import examples

GRID = "EPSG:27700"
CORNER = np.array([530_120.25, 180_340.5])  # in London; nothing stands for anything there
SIDE = 150.0
SQUARE = CORNER + np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]])
PLAN = {
    "walkable": [[0, 0], [40, 0], [40, 6], [0, 6]],
    "hole": [[20, 2], [22, 2], [22, 4], [20, 4]],
    "west": [[0, 0], [0, 6]],
    "east": [[40, 0], [40, 6]],
}


def feature(role, coordinates, kind, name=None, **more):
    geometry = {"type": kind, "coordinates": coordinates}
    named = {} if name is None else {"name": name}
    return {"type": "Feature", "properties": {"role": role, **named}, "geometry": geometry, **more}


def plan(*more, **members):
    """Return a sound plan in metres: a pavement with one hole, a way in and a way out."""
    features = [
        feature("walkable", [[*PLAN["walkable"], [0, 0]]], "Polygon"),
        feature("hole", [[*PLAN["hole"], [20, 2]]], "Polygon", "kiosk"),
        feature("entrance", PLAN["west"], "LineString", "west"),
        feature("exit", PLAN["east"], "LineString", "east"),
        *more,
    ]
    return {"type": "FeatureCollection", "units": "metres", "features": features} | members


def square(system, *, shift=(0.0, 0.0)):
    """Return the square of the British grid, in another system."""
    turn = Transformer.from_crs(GRID, system, always_xy=True)
    corners = np.column_stack(turn.transform(*(SQUARE + shift).T)).tolist()
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": system}},
        "features": [
            feature("walkable", [[*corners, corners[0]]], "Polygon"),
            feature("door", corners[:2], "LineString", "south"),
            feature("door", corners[2:], "LineString", "north"),
        ],
    }


def write(folder, found, *, name="plan.geojson"):
    path = folder / name
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    return path


def read(folder, found):
    return read_place([write(folder, found)], asked_by="a test")


def faults_of(folder, found):
    with pytest.raises(ScenarioError) as caught:
        read(folder, found)
    return [fault.removeprefix(f"{folder}/") for fault in caught.value.faults]


def scenario_tree(**street):
    """Return the minimal scenario with its place on a map, as a mapping."""
    found = minimal_tree(from_geojson="plan.geojson", **street)
    for field in ("walkable_m", "entrances", "exits"):
        del found["street"][field]
    return found


def write_scenario(folder, found, *, name="mine.yaml"):
    path = folder / name
    path.write_text(yaml.safe_dump(found), encoding="utf-8")
    return path


def sides(place):
    corners = np.array(place.street["walkable_m"])
    return np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)


def test_a_plan_in_metres_is_read_as_it_stands(tmp_path):
    place = read(tmp_path, plan(feature("avoid_area", [PLAN["hole"]], "Polygon")))
    assert place.street == {
        "walkable_m": PLAN["walkable"],
        "holes_m": [PLAN["hole"]],
        "entrances": [{"name": "west", "from_m": [0, 0], "to_m": [0, 6]}],
        "exits": [{"name": "east", "from_m": [40, 0], "to_m": [40, 6]}],
    }
    assert place.policy == {"avoid_area_m": PLAN["hole"], "officer_posts_m": []}


SYSTEMS = [GRID, "EPSG:32630", "EPSG:32631", "EPSG:3857", "EPSG:3035", "EPSG:4326", "EPSG:4258"]


def test_one_square_has_the_same_sides_in_every_system(tmp_path):
    """A grid's own metres differ by up to 1 in 1,000, Web Mercator's by 1.6 times."""
    found = {system: sides(read(tmp_path, square(system))) for system in SYSTEMS}
    lengths = np.array([*found.values()])
    # The British datum measures lengths 28 millionths longer than the others: 4 mm in 150 m.
    assert np.ptp(lengths) < 0.01
    points = Transformer.from_crs(GRID, "EPSG:4326", always_xy=True).transform(*SQUARE.T)
    true = Geod(ellps="WGS84").line_lengths(*(np.append(axis, axis[0]) for axis in points))
    np.testing.assert_allclose(found["EPSG:4326"], true, atol=0.002)  # two ends rounded to 1 mm
    np.testing.assert_allclose(found[GRID], true, atol=0.01)
    local = plan()
    local["features"][0] = feature("walkable", [(SQUARE - CORNER).tolist()], "Polygon")
    np.testing.assert_allclose(sides(read(tmp_path, local)), SIDE, atol=1e-9)
    # The grid's metres are short by 200 millionths there: without correction 30 mm are missing.
    np.testing.assert_allclose(true, SIDE, atol=0.04)


def test_a_grid_keeps_its_own_north_and_its_metres_but_for_its_scale(tmp_path):
    place = read(tmp_path, square(GRID))
    origin = np.floor(CORNER)
    np.testing.assert_allclose(place.street["walkable_m"], SQUARE - origin, atol=0.05)
    south, east = np.diff(np.array(place.street["walkable_m"])[:3], axis=0)
    assert abs(math.degrees(math.atan2(south[1], south[0]))) < 0.002
    assert abs(math.degrees(math.atan2(east[0], east[1]))) < 0.002


def test_degrees_have_true_north_and_the_south_west_corner_as_origin(tmp_path):
    place = read(tmp_path, square("EPSG:4326"))
    corners = np.array(place.street["walkable_m"])
    np.testing.assert_array_equal(corners.min(axis=0), [0, 0])
    south = corners[1] - corners[0]
    # Grid north lies 1.47 degrees east of true north there, so the square is turned to the right.
    assert -1.6 < math.degrees(math.atan2(south[1], south[0])) < -1.3


def test_every_spelling_of_a_system_is_the_same_system(tmp_path):
    spellings = [
        "EPSG:27700",
        "urn:ogc:def:crs:EPSG::27700",
        "urn:ogc:def:crs:EPSG:10.033:27700",
        "http://www.opengis.net/def/crs/EPSG/0/27700",
        "epsg:27700",
    ]
    found = []
    for spelling in spellings:
        text = square(GRID)
        text["crs"]["properties"]["name"] = spelling
        found.append(read(tmp_path, text).street)
    found.append(read(tmp_path, square(GRID) | {"crs": GRID}).street)
    assert all(street == found[0] for street in found)
    degrees = [
        read(tmp_path, square("EPSG:4326") | {"crs": name}).street
        for name in ("EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "CRS84", "EPSG:4979")
    ]
    assert all(street == degrees[0] for street in degrees)


def test_feet_become_metres(tmp_path):
    corners = [[983_000.0, 200_000.0], [983_100.0, 200_000.0], [983_100.0, 200_100.0]]
    found = square(GRID) | {"crs": "EPSG:2263"}  # New York, US survey feet
    found["features"] = [
        feature("walkable", [corners], "Polygon"),
        feature("door", corners[:2], "LineString", "south"),
    ]
    first, second, _ = read(tmp_path, found).street["walkable_m"]
    assert second[0] - first[0] == pytest.approx(30.48, abs=0.005)  # the grid's scale: 1 in 10,000


def test_a_grid_whose_system_counts_north_first_is_still_read_east_first(tmp_path):
    corners = [[1_750_000.0, 5_430_000.0], [1_750_080.0, 5_430_000.0], [1_750_080.0, 5_430_008.0]]
    found = square(GRID) | {"crs": "EPSG:2193"}  # New Zealand: northing, easting
    found["features"] = [
        feature("walkable", [corners], "Polygon"),
        feature("door", corners[:2], "LineString", "south"),
    ]
    np.testing.assert_allclose(
        read(tmp_path, found).street["walkable_m"], [[0, 0], [80, 0], [80, 8]], atol=0.02
    )


def test_what_drawing_tools_add_changes_nothing(tmp_path):
    plain = read(tmp_path, plan())
    busy = plan(bbox=[0, 0, 40, 6], name="layer", generator="some tool")
    busy["features"].insert(1, feature("ignore", [3, 3], "Point", "a note"))
    for number, one in enumerate(busy["features"]):
        one |= {"id": number, "bbox": [0, 0, 1, 1]}
        one["properties"] |= {"stroke": "#555", "fid": number, "layer": None}
    ground = busy["features"][0]["geometry"]["coordinates"]
    ground[0] = [[x, y, 12.5] for x, y in ground[0]]
    busy["features"][0]["geometry"] = {"type": "MultiPolygon", "coordinates": [ground]}
    busy["features"][3]["properties"]["role"] = " Entrance "
    busy["features"][3]["geometry"]["coordinates"].insert(1, [0.01, 3])
    assert busy["features"][3]["properties"]["name"] == "west"
    found = read(tmp_path, busy)
    assert (found.street, found.policy) == (plain.street, plain.policy)


def test_inner_rings_and_every_part_of_a_hole_are_holes(tmp_path):
    kiosk = [[30, 2], [31, 2], [31, 3]]
    found = plan(
        feature("hole", [[kiosk], [[[33, 2], [34, 2], [34, 3]]]], "MultiPolygon", "kiosks")
    )
    found["features"][0]["geometry"]["coordinates"].append([[5, 2], [6, 2], [6, 3], [5, 2]])
    holes = read(tmp_path, found).street["holes_m"]
    assert holes == [
        [[5, 2], [6, 2], [6, 3]],
        PLAN["hole"],
        kiosk,
        [[33, 2], [34, 2], [34, 3]],
    ]


DEGREES = square("EPSG:4326")
FAULTS = {
    "not JSON": ("{", ["plan.geojson:1: not JSON"]),
    "a list": ([], ["plan.geojson: must be a GeoJSON FeatureCollection; found no type"]),
    "one feature": (
        feature("walkable", [], "Polygon"),
        ["plan.geojson: must be a GeoJSON FeatureCollection; found the type 'Feature'"],
    ),
    "nothing": (plan(features=[]), ["features: must be a list with one feature or more"]),
    "NaN": (
        json.dumps(plan()).replace("40", "NaN", 1),
        ["plan.geojson: holds NaN, which is no number"],
    ),
    "twice": ('{"type": "FeatureCollection", "type": 1}', ["the member 'type' is given twice"]),
    "beyond numbers": (
        json.dumps(plan()).replace("40", "1e999", 1),
        ["features.0: position 1 must be two finite numbers or more; found [inf, 0]"],
    ),
    "a huge whole number": (
        json.dumps(plan()).replace("40", "9" * 400, 1),
        ["features.0: position 1 must be two finite numbers or more"],
    ),
    "text": (
        json.dumps(plan()).replace("40", '"40"', 1),
        ["features.0: position 1 must be two finite numbers or more; found ['40', 0]"],
    ),
    "no geometry": (
        plan({"type": "Feature", "properties": {"role": "hole"}, "geometry": None}),
        ["features.4: has no geometry"],
    ),
    "empty": (plan(feature("hole", [], "Polygon", "h")), ["features.4 ('h'): has an empty"]),
    "empty ring": (plan(feature("hole", [[]], "Polygon")), ["features.4: has an empty Polygon"]),
    "a line for a ground": (
        plan(feature("hole", PLAN["hole"], "LineString")),
        ["features.4: a hole must be a Polygon; found 'LineString'"],
    ),
    "two corners": (
        plan(feature("hole", [[[1, 1], [2, 2], [1, 1]]], "Polygon")),
        ["features.4: has 2 positions that differ; a Polygon needs 3"],
    ),
    "a courtyard": (
        plan(feature("hole", [PLAN["hole"], [[20.5, 3], [21, 3], [21, 3.5]]], "Polygon")),
        ["features.4: a hole has a ring inside it: nobody can get there; leave it out"],
    ),
    "a misspelt role": (
        plan(feature("entrence", PLAN["west"], "LineString", "w", id="w7")),
        ["features.4 ('w'): unknown role 'entrence'; did you mean 'entrance'?"],
    ),
    "another role": (
        plan(feature("tree", [3, 3], "Point", id="t1")),
        ["features.4 ('t1'): unknown role 'tree'; allowed are walkable, hole, entrance"],
    ),
    "no role": (
        plan({"type": "Feature", "properties": None, "geometry": {"type": "Point"}}),
        ["features.4: has no property 'role'; give it one of walkable, hole"],
    ),
    "no name": (
        plan(feature("door", PLAN["west"], "LineString")),
        ["features.4: a door needs a property 'name'"],
    ),
    "two grounds": (
        plan(feature("walkable", [PLAN["hole"]], "Polygon", "more")),
        ["features.4 ('more'): a second walkable beside features.0; draw one polygon"],
    ),
    "two parts": (
        plan(feature("avoid_area", [[PLAN["hole"]], [PLAN["hole"]]], "MultiPolygon")),
        ["features.4: an avoid_area must be one Polygon; found 2 of them"],
    ),
    "two doors of a name": (
        plan(feature("door", PLAN["west"], "LineString", "east")),
        ["features.4 ('east'): a second exit of the name of features.3 ('east')"],
    ),
    "no ground and no doors": (
        plan(features=[feature("ignore", [1, 1], "Point"), feature("hole", [[]], "Polygon")]),
        [
            "features.1: has an empty Polygon",
            "plan.geojson: no feature has the role 'walkable'",
            "plan.geojson: no feature has the role 'entrance' or 'door'",
            "plan.geojson: no feature has the role 'exit' or 'door'",
        ],
    ),
    "degrees without a system": (
        {key: value for key, value in DEGREES.items() if key != "crs"},
        [
            "plan.geojson: does not say what its coordinates are (they look like degrees); beside "
            '"type" write "crs": {"type": "name", "properties": {"name": "EPSG:4326"}}'
        ],
    ),
    "a grid without a system": (
        {key: value for key, value in square(GRID).items() if key != "crs"},
        ["(they look like metres)", '("EPSG:27700"), or "units": "metres" for a plan'],
    ),
    "a system that is null": (DEGREES | {"crs": None}, ["does not say what its coordinates are"]),
    "degrees called metres": (
        plan(features=DEGREES["features"]),
        ["m: its coordinates cannot be metres, as units says; for longitude and latitude write"],
    ),
    "a grid called degrees": (
        square(GRID) | {"crs": "EPSG:4326"},
        ["features.0: (530120, 180340) is no longitude and latitude, as crs 'EPSG:4326' says"],
    ),
    "degrees called a grid": (
        DEGREES | {"crs": GRID},
        ["m: its coordinates cannot be those of 'EPSG:27700', as crs says; for"],
    ),
    "other units": (plan(units="feet"), ["units: must be 'metres'; found 'feet'"]),
    "units and a system": (plan(crs=GRID), ["says both crs and units"]),
    "an unknown system": (
        square(GRID) | {"crs": "EPSG:1"},
        ["crs: 'EPSG:1' is not a known reference system; write such as 'EPSG:4326'"],
    ),
    "no system at all": (
        square(GRID) | {"crs": "+proj=utm"},
        ["crs: '+proj=utm' is not the name of a reference system"],
    ),
    "a linked system": (
        square(GRID) | {"crs": {"type": "link", "properties": {"href": "a"}}},
        ["is not the name of a reference system"],
    ),
    "heights": (square(GRID) | {"crs": "EPSG:5773"}, ["(EGM96 height) is no system of a map"]),
    "a system that looks south": (
        square(GRID) | {"crs": "EPSG:2053"},
        ["counts towards south and west, not east and north"],
    ),
    "the other side of the world": (
        DEGREES | {
            "features": [
                feature("walkable", [[[179.9999, 0], [-179.9999, 0], [-179.9999, 1]]], "Polygon"),
                feature("door", [[179.9999, 0], [-179.9999, 0]], "LineString", "a"),
            ]
        },
        ["crs: the ground crosses the 180th meridian; use a grid"],
    ),
    "too far across": (
        plan(feature("ignore", [0, 0], "Point")) | {
            "features": [
                feature("walkable", [[[0, 0], [90_000, 0], [90_000, 9]]], "Polygon"),
                feature("door", [[0, 0], [9, 0]], "LineString", "a"),
            ]
        },
        ["the ground spans 90,000 by 9 m; a place is at most 10,000 m across"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_map_names_the_file_and_the_feature(name, tmp_path):
    found, words = FAULTS[name]
    faults = faults_of(tmp_path, copy.deepcopy(found))
    assert all(fault.startswith("plan.geojson") for fault in faults)
    for part in words:
        assert any(part in fault for fault in faults), faults


def test_all_faults_of_a_map_are_told_at_once(tmp_path):
    found = plan(
        feature("hole", [], "Polygon", "first"),
        feature("dor", PLAN["west"], "LineString", "second"),
    )
    del found["units"]
    faults = faults_of(tmp_path, found)
    assert len(faults) == 3
    assert "('first')" in faults[0]
    assert "('second')" in faults[1]
    assert "does not say what its coordinates are" in faults[2]


def test_a_large_file_and_another_kind_of_file_are_refused(tmp_path):
    large = write(tmp_path, " " * (LARGEST_BYTES + 1))
    with pytest.raises(ScenarioError, match="a GeoJSON file may have 2,097,152 at most"):
        read_place([large], asked_by="a test")
    with pytest.raises(ScenarioError, match=r"a test: .*is a folder"):
        read_place([tmp_path], asked_by="a test")


@settings(max_examples=examples(100), deadline=None)
@given(
    found=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "features", "properties", "geometry", "coordinates", "role"]
                ),
                inner | st.sampled_from(["Feature", "FeatureCollection", "Polygon", "walkable"]),
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_in_a_feature_is_refused_with_words(found, tmp_path_factory):  # property
    folder = tmp_path_factory.mktemp("any")
    broken = plan()
    broken["features"][1]["geometry"] = found
    other = plan()
    other["features"][0] = found
    for one in (found, broken, other):
        assert all(faults_of(folder, json.dumps(one)))


def test_layers_in_files_of_their_own_make_one_place(tmp_path):
    whole = plan()
    polygons, lines = whole["features"][:2], whole["features"][2:]
    paths = [
        write(tmp_path, whole | {"features": polygons}, name="polygons.geojson"),
        write(tmp_path, whole | {"features": lines}, name="lines.geojson"),
    ]
    assert read_place(paths, asked_by="a test").street == read(tmp_path, whole).street
    tree = scenario_tree()
    tree["street"]["from_geojson"] = ["polygons.geojson", "lines.geojson"]
    assert len(load_scenario(write_scenario(tmp_path, tree)).street.holes_m) == 1
    lines[0]["properties"]["role"] = "entrance "
    del lines[1]["properties"]["name"]
    write(
        tmp_path,
        {"type": "FeatureCollection", "features": lines, "crs": GRID},
        name="lines.geojson",
    )
    with pytest.raises(ScenarioError) as caught:
        read_place(paths, asked_by="a test")
    (fault,) = caught.value.faults
    assert fault == f"{paths[1]}: features.1: an exit needs a property 'name'"
    lines[1]["properties"]["name"] = "east"
    write(
        tmp_path,
        {"type": "FeatureCollection", "features": lines, "crs": GRID},
        name="lines.geojson",
    )
    with pytest.raises(ScenarioError, match=r"lines\.geojson: is not in the reference system of "):
        read_place(paths, asked_by="a test")


def test_a_scenario_on_a_map_holds_all_that_it_depends_on(tmp_path):
    write(tmp_path, plan())
    drawn = load_scenario(write_scenario(tmp_path, scenario_tree()))
    written = scenario_from_mapping(
        minimal_tree(holes_m=[[[float(x), float(y)] for x, y in PLAN["hole"]]])
    )
    assert drawn.street == written.street
    assert scenario_hash(drawn) == scenario_hash(written)
    assert walk_hash(drawn) == walk_hash(written)
    assert "geojson" not in canonical_json(drawn)
    assert scenario_from_mapping(json.loads(canonical_json(drawn))) == drawn


def test_the_hash_is_of_the_place_and_not_of_where_its_map_lies(tmp_path):
    hashes = []
    for folder, far in (("here", 0.0), ("there", 0.0), ("other", 0.01)):
        (tmp_path / folder).mkdir()
        found = square(GRID)
        found["features"][0]["geometry"]["coordinates"][0][2][0] += far
        found["features"][2]["geometry"]["coordinates"][0][0] += far
        write(tmp_path / folder, found)
        tree = scenario_tree(flows=[{"entrance": "south", "exit": "north", "share": 1.0}])
        hashes.append(scenario_hash(load_scenario(write_scenario(tmp_path / folder, tree))))
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_camera_and_posts_stand_where_they_are_drawn(tmp_path):
    write(
        tmp_path,
        plan(
            feature("camera", [30.25, 3.5], "Point", "mast"),
            feature("officer_post", [35.0, 3.0], "Point"),
            feature("officer_post", [[25.0, 3.0], [26.0, 3.0]], "MultiPoint"),
        ),
    )
    tree = scenario_tree()
    del tree["policy"]["cameras"][0]["position_m"]
    path = write_scenario(tmp_path, tree)
    policy = load_scenario(path).policy
    assert policy.cameras[0].position_m == (30.25, 3.5)
    assert policy.officer_posts_m == ((35.0, 3.0), (25.0, 3.0), (26.0, 3.0))
    moved = load_scenario(path, settings=["policy.cameras.mast.position_m=[10.0, 1.0]"])
    assert moved.policy.cameras[0].position_m == (10.0, 1.0)
    tree["policy"]["cameras"][0]["position_m"] = [12.0, 2.0]
    tree["policy"]["officer_posts_m"] = []
    policy = load_scenario(write_scenario(tmp_path, tree)).policy
    assert policy.cameras[0].position_m == (12.0, 2.0)
    assert policy.officer_posts_m == ()


def test_a_camera_that_is_not_on_the_map_is_named(tmp_path):
    write(tmp_path, plan(feature("camera", [30.25, 3.5], "Point", "mst")))
    tree = scenario_tree()
    del tree["policy"]["cameras"][0]["position_m"]
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write_scenario(tmp_path, tree))
    (fault,) = caught.value.faults
    assert "policy.cameras.0.position_m: is missing, and " in fault
    assert "no feature with role 'camera' and the name 'mast': did you mean 'mst'?" in fault


def test_extending_a_scenario_takes_its_map_along(tmp_path):
    (tmp_path / "base").mkdir()
    write(tmp_path / "base", plan(feature("camera", [30.25, 3.5], "Point", "second")))
    write_scenario(tmp_path / "base", scenario_tree())
    camera = copy.deepcopy(scenario_tree()["policy"]["cameras"][0]) | {"name": "second"}
    del camera["position_m"]
    found = {"extends": "base/mine.yaml", "name": "other", "policy": {"cameras": [camera]}}
    other = load_scenario(write_scenario(tmp_path, found, name="other.yaml"))
    assert other.policy.cameras[0].position_m == (30.25, 3.5)
    assert other.street == load_scenario(tmp_path / "base" / "mine.yaml").street


def test_a_map_replaces_the_place_of_the_extended_scenario_whole(tmp_path):
    base = minimal_tree(holes_m=[[[5.0, 2.0], [6.0, 2.0], [6.0, 3.0]]])
    base["policy"] |= {
        "avoid_area_m": [[5.0, 1.0], [9.0, 1.0], [9.0, 5.0]],
        "officer_posts_m": [[3.0, 3.0]],
    }
    write_scenario(tmp_path, base, name="base.yaml")
    found = {"extends": "base.yaml", "name": "other", "street": {"from_geojson": "plan.geojson"}}
    path = write_scenario(tmp_path, found)
    write(tmp_path, plan(feature("camera", [30.25, 3.5], "Point", "mast")))
    other = load_scenario(path)
    assert other.street.holes_m == (tuple((float(x), float(y)) for x, y in PLAN["hole"]),)
    assert other.policy.avoid_area_m == ()
    assert other.policy.officer_posts_m == ()
    assert other.policy.cameras[0].position_m == (30.25, 3.5)
    write(tmp_path, plan())
    with pytest.raises(ScenarioError, match="no feature with role 'camera' and the name 'mast'"):
        load_scenario(path)  # the point in base.yaml is one of another place


def test_a_setting_changes_what_was_drawn_or_names_another_map(tmp_path):
    write(tmp_path, plan())
    path = write_scenario(tmp_path, scenario_tree())
    changed = load_scenario(
        path, settings=["street.holes_m=[]", "street.exits.east.to_m=[40.0, 4.0]"]
    )
    assert changed.street.holes_m == ()
    assert changed.street.exits[0].to_m == (40.0, 4.0)
    wide = plan()
    wide["features"] = [one for one in wide["features"] if one["properties"]["role"] != "hole"]
    write(tmp_path, wide, name="wide.geojson")
    other = load_scenario(path, settings=["street.from_geojson=wide.geojson"])
    assert other.street.holes_m == ()
    plain = write_scenario(tmp_path, minimal_tree(), name="plain.yaml")
    assert load_scenario(plain, settings=["street.from_geojson=plan.geojson"]).street == (
        load_scenario(path).street
    )
    with pytest.raises(
        ScenarioError, match=r"--set street\.from_geojson=no\.geojson: street\.from_geo"
    ):
        load_scenario(path, settings=["street.from_geojson=no.geojson"])


def test_faults_of_the_place_name_the_feature_that_was_drawn(tmp_path):
    write(
        tmp_path,
        plan(
            feature("hole", [[[21, 3], [24, 3], [24, 5], [21, 5]]], "Polygon", "stall"),
            feature("avoid_area", [[[5, 7], [6, 7], [6, 8]]], "Polygon", "off"),
        ),
    )
    path = write_scenario(tmp_path, scenario_tree())
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    (fault,) = caught.value.faults
    assert (
        "plan.geojson: features.4 ('stall'): street.holes_m.1: overlaps street.holes_m.0" in fault
    )
    assert "plan.geojson: features.1 ('kiosk'))" in fault
    write(tmp_path, plan(feature("door", [[10, 2], [10, 4]], "LineString", "middle")))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert all("plan.geojson: features.4 ('middle'): street." in f for f in caught.value.faults)


def test_faults_of_a_map_and_of_its_scenario_are_told_together(tmp_path):
    broken = plan()
    del broken["units"]
    write(tmp_path, broken)
    tree = scenario_tree()
    tree["policy"]["threshold"] = "62%"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write_scenario(tmp_path, tree))
    assert len(caught.value.faults) == 2
    assert "plan.geojson: does not say" in caught.value.faults[0]
    assert "policy.threshold: must be a number" in caught.value.faults[1]


def test_an_editor_accepts_a_map_in_place_of_the_outline():
    from jsonschema import Draft202012Validator

    Draft202012Validator(scenario_schema()).validate(scenario_tree())


def test_the_shipped_square_is_what_its_map_says():
    scenario = load_scenario(shipped_folder() / "market_square.yaml")
    doors = {door.name for door in scenario.street.entrances}
    assert doors == {"Church Lane", "Market Street", "Bridge Street"}
    assert len(scenario.street.holes_m) == 8
    assert scenario.policy.cameras[0].position_m == (35.0, 25.4)
    width, depth = np.ptp(scenario.street.walkable_m, axis=0)
    assert (width, depth) == (36.0, 31.0)


def test_an_installed_package_has_the_map_beside_its_scenario(tmp_path, monkeypatch):
    """The wheel takes the folder of the scenarios whole, under another name."""
    import tomllib

    pyproject = shipped_folder().parent / "pyproject.toml"
    wheel = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert wheel["force-include"]["scenarios"] == "sim/shipped_scenarios"
    installed = tmp_path / "sim" / "shipped_scenarios"
    shutil.copytree(shipped_folder(), installed)
    monkeypatch.chdir(tmp_path)
    elsewhere = load_scenario(installed / "market_square.yaml")
    assert elsewhere == load_scenario(shipped_folder() / "market_square.yaml")


@pytest.mark.processes
def test_a_scenario_without_a_map_loads_no_projections():
    path = Path(__file__).parents[1] / "minimal.yaml"
    code = (
        f"import sys; from sim.scenario.load import load_scenario; load_scenario({str(path)!r}); "
    )
    code += "sys.exit('pyproj' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
