"""The signed zone: who keeps off it, by which way, and what it costs them."""

import numpy as np
import pytest
import shapely

from sim import columns as col
from sim.groups import ETHNICITIES
from sim.kernels.steering import way_lengths
from sim.model.directions import kernel_ground
from sim.model.street import Street
from sim.model.world import STEP_IN_M
from sim.scenario.load import scenario_from_mapping
from tests.places import place

pytestmark = pytest.mark.whole

SQUARE = [(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]
WEST, EAST = ((0.0, 10.0), (0.0, 20.0)), ((30.0, 10.0), (30.0, 20.0))
ZONE = [(10.0, 8.0), (20.0, 8.0), (20.0, 22.0), (10.0, 22.0)]
ACROSS = [(10.0, 0.0), (20.0, 0.0), (20.0, 30.0), (10.0, 30.0)]  # from edge to edge
NEARLY_ACROSS = [(10.0, 0.0), (20.0, 0.0), (20.0, 29.6), (10.0, 29.6)]  # leaves 0.4 m
CAMERA = {
    "name": "mast",
    "position_m": [26.0, 23.0],
    "height_m": 3.0,
    "heading_deg": 270.0,
    "tilt_deg": 10.0,
    "field_of_view_deg": 40.0,
    "near_m": 2.0,
    "far_m": 18.0,
}
BODY_RADIUS_M = 0.2


def square(area, *, people=60.0, signs=True, share=0.3, party_rate=1e-6):
    """Return a square crossed from west to east; a ``share`` of everybody avoids the zone."""
    tree = place(SQUARE, WEST, EAST, people=people, cameras=[CAMERA]).model_dump(mode="json")
    tree["policy"]["signs"] = signs
    tree["policy"]["avoid_area_m"] = [list(corner) for corner in area]
    values = tree["assumptions"]["values"]
    values["walk.party_size_lambda"]["value"] = party_rate
    for name in ETHNICITIES:
        values[f"crowd.avoid_share_{name}"] = {
            "value": share, "low": 0.0, "high": 1.0, "why": "so that the test has many"
        }  # fmt: skip
    return scenario_from_mapping(tree)


def walked(*args, **kwargs):
    return Street(square(*args, **kwargs)).walk()


def trail(passages, person):
    points = passages.trail
    return points.xy[points.start[person] : points.start[person + 1]].astype(float)


def test_avoiders_keep_off_the_zone_and_reach_their_exit():
    passages = walked(ZONE)
    people, zone = passages.people, shapely.Polygon(ZONE).buffer(-BODY_RADIUS_M)
    avoiders = np.flatnonzero(people[col.AVOIDED])
    assert len(avoiders) > 10
    assert people[col.LEFT].notna().all()
    assert not people[col.TURNED_AWAY].any()
    for person in avoiders:
        assert not shapely.contains_xy(zone, *trail(passages, person).T).any()
    others = np.concatenate([trail(passages, person) for person in people.index[~people.avoided]])
    assert shapely.contains_xy(zone, *others.T).any()


def test_the_detour_is_what_avoiders_walk_further():
    street = Street(square(ZONE))
    passages = street.walk()
    people, going = passages.people, street.directions
    avoiders = np.flatnonzero(people[col.AVOIDED])
    detour = people[col.DETOUR].to_numpy()
    assert (detour[avoiders] > 1.0).all()
    assert (np.delete(detour, avoiders) == 0).all()
    doors = street.world.entrances
    start = doors.point(going.entrance, street.crowd.across)
    start = start + STEP_IN_M * doors.inward[going.entrance]
    columns = np.ascontiguousarray(np.column_stack([start, going.target]).T)
    through = way_lengths(kernel_ground(street.world), going.exit, *columns)
    expected = (through + detour)[avoiders]
    # A trail has a point a second: its ends are added.
    walked_m = [
        np.hypot(*np.diff(np.vstack([start[i], trail(passages, i)]), axis=0).T).sum()
        + np.hypot(*(np.array([30.0, np.clip(y, 10.0, 20.0)]) - (x, y)))
        for i in avoiders
        for x, y in [trail(passages, i)[-1]]
    ]
    # 5 %: people keep to a side of their way and so walk a little more than the shortest (W10).
    assert sum(walked_m) == pytest.approx(expected.sum(), rel=0.05)
    # By hand: from the middle of the door round two corners of the zone, 0.4 m off it.
    by_corners = 2 * np.hypot(10.0, 7.4) + 10.0 - 30.0
    assert detour[avoiders].max() == pytest.approx(by_corners, abs=0.7)


def test_others_walk_as_if_nobody_avoided():
    # One by one: who goes round is never within reach of the others.
    zoned, without = walked(ZONE, people=12.0), walked((), people=12.0)
    others = np.flatnonzero(~zoned.people[col.AVOIDED])
    assert zoned.people[col.AVOIDED].any()
    for column in (col.ENTERED, col.LEFT):
        np.testing.assert_array_equal(zoned.people[column][others], without.people[column][others])
    for person in others:
        np.testing.assert_array_equal(trail(zoned, person), trail(without, person))
    np.testing.assert_array_equal(zoned.exposure_s[others], without.exposure_s[others])


@pytest.mark.parametrize("area", [(), ACROSS, NEARLY_ACROSS])
def test_where_nothing_leads_round_avoiders_do_not_come_in(area):
    passages = walked(area)
    people = passages.people
    avoided = people[col.AVOIDED]
    assert avoided.any()
    np.testing.assert_array_equal(people[col.TURNED_AWAY], avoided)
    np.testing.assert_array_equal(people[col.DETOUR].isna(), avoided)
    np.testing.assert_array_equal(people[col.ENTERED].isna(), avoided)
    assert (passages.exposure_s[avoided] == 0).all()


def test_a_zone_that_nobody_avoids_changes_nothing():
    zoned, without = walked(ZONE, signs=False), walked((), signs=False)
    assert not zoned.people[col.AVOIDED].any()
    assert zoned.people.equals(without.people)
    np.testing.assert_array_equal(zoned.trail.xy, without.trail.xy)
    np.testing.assert_array_equal(zoned.exposure_s, without.exposure_s)


def test_whoever_goes_round_into_view_is_scanned_like_anybody():
    passages = walked(ZONE)
    avoided = passages.people[col.AVOIDED].to_numpy()
    assert passages.usable[avoided].any()


def test_people_are_conserved_with_avoiders():
    for area in (ZONE, ACROSS):
        street = Street(square(area, people=120.0))
        comes = ~street.directions.turned_away
        while not street.is_over:
            street.step()
            arrived = int((street.crowd.arrived[comes] <= street.time_s).sum())
            left = int((~np.isnan(street.left_s)).sum())
            assert arrived == left + street.present + street.waiting


def test_members_of_a_party_who_keep_off_walk_together_and_apart_from_the_others():
    street = Street(square(ZONE, people=200.0, share=0.5, party_rate=1.1))
    people, going = street.crowd, street.directions
    off = people.avoids
    assert not set(going.party[off]) & set(going.party[~off])
    np.testing.assert_array_equal(going.party[~off], people.party[~off])
    np.testing.assert_array_equal(going.party_rank[~off], people.party_rank[~off])
    for party in np.unique(going.party[off]):
        members = np.flatnonzero(going.party == party)
        assert len(set(people.party[members])) == 1
        np.testing.assert_array_equal(going.party_rank[members], np.arange(len(members)))
        assert (going.party_size[members] == len(members)).all()
    assert Street(square(ZONE, people=200.0, share=0.5, party_rate=1.1)).walk().people[
        col.LEFT
    ].notna().all()  # fmt: skip


def test_whoever_comes_in_inside_the_zone_leaves_it_by_the_shortest_way():
    # The zone reaches over the southern half of the entrance.
    at_door = [(-1.0, 5.0), (8.0, 5.0), (8.0, 15.0), (-1.0, 15.0)]
    passages = walked(at_door)
    people = passages.people
    zone = shapely.Polygon(at_door).buffer(-BODY_RADIUS_M)
    assert people[col.LEFT].notna().all()
    for person in np.flatnonzero(people[col.AVOIDED]):
        within = shapely.contains_xy(zone, *trail(passages, person).T)
        assert not within[8:].any()
