"""Doors lie on the edge of the ground, where a body can reach them and no wall stands."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.kernels.sightlines import crosses_wall
from sim.scenario.identity import canonical_json
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.place.ground import is_convex, walkable_polygon, wall_segments
from tests.properties import examples

MINIMAL = Path(__file__).parents[1] / "minimal.yaml"


def street(*settings):
    return load_scenario(MINIMAL, settings=settings).street


def test_doors_are_gaps_in_the_walls():
    np.testing.assert_allclose(wall_segments(street()), [[0, 6, 40, 6], [40, 0, 0, 0]], atol=1e-5)


@pytest.mark.parametrize("off", [0.003, 0.03, 0.049])
def test_a_door_a_little_outside_is_put_on_the_edge(off):
    """Outside the ground it would be out of reach, and people would stand before it."""
    east = f"{{name: east, from_m: [{40 + off}, 0.0], to_m: [{40 + off}, 6.0]}}"
    moved = street(f"street.exits=[{east}]")
    assert moved == street()
    np.testing.assert_array_equal(wall_segments(moved), wall_segments(street()))


def test_a_door_on_a_slanting_edge_stays_as_it_was_written():
    scenario = load_scenario(
        MINIMAL,
        settings=[
            "street.walkable_m=[[0.0, 0.0], [40.0, 0.0], [43.0, 6.1], [0.0, 6.0]]",
            "street.exits=[{name: east, from_m: [40.3, 0.61], to_m: [42.7, 5.49]}]",
        ],
    )
    (door,) = scenario.street.exits
    assert (door.from_m, door.to_m) == ((40.3, 0.61), (42.7, 5.49))
    assert scenario_from_mapping(json.loads(canonical_json(scenario))) == scenario


def faults(*settings):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, settings=settings)
    return caught.value.faults


def points(corners):
    return json.dumps([[float(x), float(y)] for x, y in corners])


def box(low_x, low_y, high_x, high_y):
    return points([(low_x, low_y), (high_x, low_y), (high_x, high_y), (low_x, high_y)])


def camera_at(x, y, *settings):
    return load_scenario(
        MINIMAL, settings=[f"policy.cameras.mast.position_m=[{x}, {y}]", *settings]
    ).policy.cameras[0]


CLEAR = "policy.cameras.mast.position_m=[35.0, 3.0]"  # of the kiosk
KIOSK = f"street.holes_m=[{box(29, 2, 31, 4)}]"


@pytest.mark.parametrize(
    ("width", "turn"), [(0.1, 0.0), (0.3, 0.0), (0.48, 0.0), (0.3, 0.4), (0.3, 1.1)]
)
@pytest.mark.parametrize("length", [0.1, 3.0])
def test_a_narrow_gap_is_named_with_its_width_and_its_place(width, turn, length):
    """A slit in a wall across a corridor, at any angle: as wide, and where, as it was drawn."""
    corridor = [
        (0, 0), (20, 0), (20, 4), (20 + length, 4), (20 + length, 0), (40, 0),
        (40, 9), (20 + length, 9), (20 + length, 4 + width), (20, 4 + width), (20, 9), (0, 9),
    ]  # fmt: skip
    cos, sin = np.cos(turn), np.sin(turn)

    def turned(corners):
        return [(x * cos - y * sin, x * sin + y * cos) for x, y in corners]

    def doors(kind, name, ends):
        start, end = points(turned(ends))[1:-1].split("], ")
        return f"street.{kind}=[{{name: {name}, from_m: {start}], to_m: {end}}}]"

    (fault,) = faults(
        f"street.walkable_m={points(turned(corridor))}",
        doors("entrances", "west", [(0, 0), (0, 9)]),
        doors("exits", "east", [(40, 0), (40, 9)]),
        "policy.cameras=[]",
    )
    found = re.search(
        r"narrows to ([0-9.]+) m at \((\S+), (\S+)\), a body needs more than 0.5 m", fault
    )
    assert float(found[1]) == pytest.approx(width, abs=0.011)  # written to a centimetre
    (gap,) = turned([(20 + length / 2, 4 + width / 2)])
    away = np.hypot(float(found[2]) - gap[0], float(found[3]) - gap[1])
    assert away <= length / 2 + 0.05


def test_the_narrowest_of_two_gaps_in_a_row_is_named_and_a_way_round_counts():
    wall = f"{box(10, 0.4, 11, 6)}, {box(20, 0.2, 21, 6)}"
    (fault,) = faults(f"street.holes_m=[{wall}]", "policy.cameras=[]")
    assert "narrows to 0.20 m at (20.5, 0.1)" in fault
    open_ = load_scenario(MINIMAL, settings=[f"street.holes_m=[{box(10, 0.2, 11, 5.4)}]"])
    assert len(open_.street.holes_m) == 1  # 0.6 m are left on the other side


def test_a_dead_end_as_narrow_as_the_gap_is_not_taken_for_it():
    def room(low, high):
        neck = (low + high) / 2
        return [(high, 6), (high, 8), (neck, 8), (neck, 9), (high, 9), (high, 11), (low, 11),
                (low, 9), (neck - 0.3, 9), (neck - 0.3, 8), (low, 8), (low, 6)]  # fmt: skip

    corridor = [(0, 0), (40, 0), (40, 6), *room(30, 34), *room(4, 8), (0, 6)]
    (fault,) = faults(
        f"street.walkable_m={points(corridor)}",
        f"street.holes_m=[{box(20, 0, 21, 3)}, {box(20, 3.3, 21, 6)}]",
        "policy.cameras=[]",
    )
    where = re.search(r"narrows to 0.30 m at \(([0-9.]+), ([0-9.]+)\)", fault)
    assert 20 <= float(where[1]) <= 21
    assert 3 <= float(where[2]) <= 3.3


def test_a_gap_at_a_door_is_named_too():
    niche = f"street.holes_m=[{box(0.3, 0.0, 1.0, 5.9)}]"
    (fault,) = faults(niche, "policy.cameras=[]")
    assert "narrows to 0.10 m at (0.65, 5.95)" in fault
    (fault,) = faults(f"street.holes_m=[{box(0.3, 0.0, 1.0, 6.0)}]", "policy.cameras=[]")
    assert "no walkable ground joins them" in fault


@pytest.mark.parametrize("off", [0.0, 0.1, 0.299])
def test_a_camera_on_the_face_of_a_wall_is_put_in_front_of_it(off):
    """Inside the wall nothing would be seen; the walk would run and find nobody."""
    camera = camera_at(29 + off, 3.0, KIOSK)
    x, y = camera.position_m
    assert (x == 29.0) if off == 0 else (28.99 < x < 29.0)
    assert y == 3.0
    walls = wall_segments(load_scenario(MINIMAL, settings=[KIOSK, CLEAR]).street)
    assert not crosses_wall(x, y, 20.0, 3.0, walls)
    assert off == 0 or crosses_wall(29 + off, 3.0, 20.0, 3.0, walls)


def test_a_camera_deeper_in_a_wall_is_refused():
    (fault,) = faults("policy.cameras.mast.position_m=[29.31, 3.0]", KIOSK)
    assert "stands inside street.holes_m.0, 0.31 m from its edge" in fault


def test_a_camera_outside_is_refused_where_the_edge_hides_what_it_looks_at():
    outside = "policy.cameras.mast.position_m=[45.0, 3.0]"
    assert load_scenario(MINIMAL, settings=[outside]).policy.cameras[0].position_m == (45.0, 3.0)
    through_the_door = load_scenario(MINIMAL, settings=[outside, KIOSK])
    assert through_the_door.policy.cameras[0].position_m == (45.0, 3.0)
    across = ["policy.cameras.mast.position_m=[30.0, 8.0]", "policy.cameras.mast.heading_deg=200.0"]
    assert load_scenario(MINIMAL, settings=across).policy.cameras[0].position_m == (30.0, 8.0)
    (fault,) = faults(*across, KIOSK)
    assert "(30, 8) stands 2.00 m outside the ground, whose edge hides everything" in fault


def test_an_officer_at_a_wall_stands_on_the_ground():
    posts = "policy.officer_posts_m=[[29.2, 3.0], [35.0, 6.2], [10.0, 1.0]]"
    found = load_scenario(MINIMAL, settings=[posts, KIOSK, CLEAR]).policy.officer_posts_m
    assert found == ((28.998, 3.0), (35.0, 5.998), (10.0, 1.0))


def test_a_door_on_the_edge_of_a_hole_is_allowed():
    """A stair head or a shop in the middle of a square: people come out of it."""
    door = "street.exits=[{name: east, from_m: [29.0, 2.0], to_m: [29.0, 4.0]}]"
    (found,) = load_scenario(MINIMAL, settings=[KIOSK, CLEAR, door]).street.exits
    assert found.from_m == (29.0, 2.0)


def test_an_entrance_may_lie_over_an_exit_and_beside_another_entrance():
    east = "{name: east, from_m: [40.0, 0.0], to_m: [40.0, 6.0]}"
    halves = (
        "{name: low, from_m: [40.0, 0.0], to_m: [40.0, 3.0]}, "
        "{name: high, from_m: [40.0, 3.0], to_m: [40.0, 6.0]}"
    )
    both = "[{name: west, from_m: [0.0, 0.0], to_m: [0.0, 6.0]}, " + halves + "]"
    found = load_scenario(MINIMAL, settings=[f"street.entrances={both}", f"street.exits=[{east}]"])
    assert len(found.street.entrances) == 3
    twice = f"street.exits=[{east}, {{name: again, from_m: [40.0, 6.0], to_m: [40.0, 0.0]}}]"
    (fault,) = faults(twice)
    assert "street.exits.again: lies over street.exits.east along 6.00 m" in fault


def test_neighbours_drawn_by_hand_may_overlap_by_a_few_centimetres():
    close = f"street.holes_m=[{box(10, 2, 12, 4)}, {box(11.97, 2, 14, 4)}]"
    assert len(load_scenario(MINIMAL, settings=[close]).street.holes_m) == 2
    (fault,) = faults(f"street.holes_m=[{box(10, 2, 12, 4)}, {box(11.9, 2, 14, 4)}]")
    assert "street.holes_m.1: overlaps street.holes_m.0; draw them as one" in fault
    over = f"street.holes_m=[{box(10, 4, 12, 6.03)}]"
    assert len(load_scenario(MINIMAL, settings=[over]).street.holes_m) == 1


@pytest.mark.parametrize("order", [1, -1])
def test_a_hole_round_another_is_named_in_either_order(order):
    nested = [box(10, 1, 16, 5), box(12, 2, 13, 3)][::order]
    (fault,) = faults(f"street.holes_m=[{', '.join(nested)}]")
    words = "lies inside street.holes_m.0" if order == 1 else "has street.holes_m.0 inside it"
    assert f"street.holes_m.1: {words}" in fault


def test_holes_that_cover_all_between_them_are_refused():
    halves = f"street.holes_m=[{box(0, 0, 20, 6)}, {box(20, 0, 40, 6)}]"
    (fault,) = faults(halves)
    assert "street.holes_m: together they cover the whole ground" in fault


def test_an_area_to_keep_off_may_hold_part_of_a_door():
    area = f"policy.avoid_area_m={box(30, 0, 40, 5)}"
    assert load_scenario(MINIMAL, settings=[area]).policy.avoid_area_m[0] == (30.0, 0.0)
    found = faults(f"policy.avoid_area_m={box(-1, -1, 41, 7)}")
    assert len(found) == 2
    assert "street.entrances.west: whoever keeps off the area could not come in there" in found[0]


@settings(max_examples=examples(60), deadline=None)
@given(
    nothing=st.floats(-2, 0),
    name=st.sampled_from(["walk.free_speed_mps", "walk.party_speed_mps", "walk.body_radius_m"]),
)
def test_no_walk_gets_a_speed_or_a_body_of_nothing_or_less(nothing, name):  # property
    override = f"{{value: {nothing:.9f}, low: {nothing:.9f}, why: any}}"
    fault, *_ = faults(f"assumptions.values.{name}={override}")
    assert "is impossible: must be more than 0" in fault


@pytest.mark.parametrize(
    "name", ["walk.free_speed_sd_mps", "crowd.phone_share", "camera.face_drop_m"]
)
def test_a_spread_a_share_and_a_drop_of_nothing_are_allowed(name):
    none = f"assumptions.values.{name}={{value: 0.0, low: 0.0, why: none of it}}"
    assert load_scenario(MINIMAL, settings=[none]).assumptions.values[name].value == 0


def test_a_time_step_is_measured_against_the_time_gap():
    gap = "assumptions.values.walk.time_gap_s={value: 0.2, low: 0.1, why: a pushing crowd}"
    assert load_scenario(MINIMAL, settings=[gap]).run.time_step_s == 0.05
    (fault,) = faults(gap, "run.time_step_s=0.06")
    assert "0.06 s is more than half of walk.time_gap_s (down to 0.1 s)" in fault


@pytest.mark.parametrize("change", [(), (KIOSK, CLEAR)])
def test_a_camera_is_judged_by_the_walls_that_the_walk_has(change):
    from sim.model.world import world

    found = street(*change)
    assert world(found).hides == (not is_convex(walkable_polygon(found))) == bool(change)
