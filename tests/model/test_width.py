"""Where people walk across the width: no clumping on one line, no freezing (W10, W11)."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from sim import columns as col
from sim.kernels.steering import way_lengths
from sim.model.directions import kernel_ground
from sim.model.street import Street
from sim.model.world import STEP_IN_M
from sim.scenario.load import scenario_from_mapping
from tests.places import place

pytestmark = pytest.mark.whole

SLOW_MPS, LONGEST_STAND_S = 0.1, 5.0
UNIFORM_SD = 1 / np.sqrt(12)  # standard deviation of a uniform spread, in widths

CORNER = [(0.0, 0.0), (24.0, 0.0), (24.0, 24.0), (20.0, 24.0), (20.0, 4.0), (0.0, 4.0)]
KIOSK = [(29.0, 2.5), (31.0, 2.5), (31.0, 3.5), (29.0, 3.5)]
FUNNEL = [(0.0, 0.0), (15.0, 0.0), (20.0, 4.0), (30.0, 4.0), (30.0, 6.0), (20.0, 6.0)]
FUNNEL += [(15.0, 10.0), (0.0, 10.0)]


def corner():
    return place(CORNER, ((0.0, 0.0), (0.0, 4.0)), ((20.0, 24.0), (24.0, 24.0)), people=60.0)


def corridor_past_a_kiosk():
    ground = [(0.0, 0.0), (60.0, 0.0), (60.0, 6.0), (0.0, 6.0)]
    doors = ((0.0, 0.0), (0.0, 6.0)), ((60.0, 0.0), (60.0, 6.0))
    return place(ground, *doors, people=60.0, holes=[KIOSK])


def narrow_doors():
    ground = [(0.0, 0.0), (40.0, 0.0), (40.0, 12.0), (0.0, 12.0)]
    return place(ground, ((0.0, 5.25), (0.0, 6.75)), ((40.0, 5.25), (40.0, 6.75)), people=60.0)


def funnel():
    return place(FUNNEL, ((0.0, 0.0), (0.0, 10.0)), ((30.0, 4.0), (30.0, 6.0)), people=60.0)


def trails(passages):
    start, xy = passages.trail.start, passages.trail.xy.astype(float)
    return [xy[a:b] for a, b in pairwise(start) if b - a > 2]


def crossings(passages, axis, at):
    """Return the other coordinate of everybody where they first cross a line, m."""
    found = []
    for xy in trails(passages):
        along = xy[:, axis]
        (before, *_) = np.flatnonzero((along[:-1] < at) != (along[1:] < at))
        share = (at - along[before]) / (along[before + 1] - along[before])
        found.append(xy[before, 1 - axis] * (1 - share) + xy[before + 1, 1 - axis] * share)
    return np.array(found)


def longest_stand_s(passages):
    """Return for how long anybody went slower than a tenth of a metre a second."""
    longest = 0
    for xy in trails(passages):
        stands = np.hypot(*np.diff(xy, axis=0).T) < SLOW_MPS
        moving = np.flatnonzero(~np.concatenate([[False], stands, [False]]))
        longest = max(longest, int(np.diff(moving).max()) - 1)
    return longest


def shortest_m(street):
    """Return the length of everybody's shortest way, rounded at body width, m."""
    going, doors = street.directions, street.world.entrances
    start = doors.point(going.entrance, street.crowd.across)
    start = start + STEP_IN_M * doors.inward[going.entrance]
    columns = np.ascontiguousarray(np.column_stack([start, going.target]).T)
    return way_lengths(kernel_ground(street.world), going.way, *columns)


@pytest.mark.parametrize(
    ("scenario", "axis", "at", "width", "least"),
    [
        # The middle of the way: half the spread of people who use the width evenly, or more.
        (corner, 0, 10.0, 4.0, 0.5),
        (corner, 1, 14.0, 4.0, 0.5),
        # A metre before the inner corner and on the line of it.
        (corner, 0, 19.0, 4.0, 0.4),
        (corner, 1, 4.0, 4.0, 0.4),
        (corridor_past_a_kiosk, 0, 15.0, 6.0, 0.5),
        (corridor_past_a_kiosk, 0, 45.0, 6.0, 0.5),
        (narrow_doors, 0, 20.0, 12.0, 0.4),
        (funnel, 0, 8.0, 10.0, 0.5),
        (funnel, 0, 25.0, 2.0, 0.5),
    ],
)
def test_people_spread_over_the_width_of_their_way(scenario, axis, at, width, least):
    found = crossings(Street(scenario()).walk(), axis, at)
    assert len(found) > 30
    assert found.std() >= least * width * UNIFORM_SD
    # Nor in two heaps: no quarter of a metre holds more than two in five of everybody.
    assert np.histogram(found, np.arange(0, 30.1, 0.25))[0].max() <= 0.4 * len(found)


@pytest.mark.parametrize("scenario", [corner, corridor_past_a_kiosk, narrow_doors, funnel])
def test_in_a_sparse_crowd_nobody_stands_and_everybody_arrives(scenario):
    street = Street(scenario())
    passages = street.walk()
    assert longest_stand_s(passages) <= LONGEST_STAND_S
    assert passages.people[col.LEFT].notna().all()
    ground = shapely.Polygon(scenario().street.walkable_m, scenario().street.holes_m)
    assert shapely.contains_xy(ground.buffer(1e-6), *passages.trail.xy.T.astype(float)).all()


@pytest.mark.parametrize("scenario", [corner, corridor_past_a_kiosk, narrow_doors, funnel])
def test_ways_are_hardly_longer_than_the_shortest(scenario):
    street = Street(scenario())
    lengths = np.array([np.hypot(*np.diff(xy, axis=0).T).sum() for xy in trails(street.walk())])
    shortest = shortest_m(street)
    # A trail has a point a second: up to a second of walking is missing at each end, 2.6 m.
    assert lengths.mean() == pytest.approx(shortest.mean(), rel=0.06)
    assert (lengths < 1.25 * shortest).all()  # the bound of W10: sqrt(1 + 0.75^2)


def test_a_street_whose_doors_fill_it_leaves_no_choice():
    ground = [(0.0, 0.0), (40.0, 0.0), (40.0, 6.0), (0.0, 6.0)]
    doors = ((0.0, 0.0), (0.0, 6.0)), ((40.0, 0.0), (40.0, 6.0))
    assert np.isnan(Street(place(ground, *doors)).directions.side).all()
    narrower = ((0.0, 0.5), (0.0, 6.0)), doors[1]
    assert not np.isnan(Street(place(ground, *narrower)).directions.side).any()


def gap(width, *, people, length=1.0, seed=1, party_rate=1e-6, both_ways=True):
    """Return a hall of 20 by 4 m with a wall across it that has a gap in the middle."""
    low, high, near, far = 2 - width / 2, 2 + width / 2, 10 - length / 2, 10 + length / 2
    ground = [(0.0, 0.0), (near, 0.0), (near, low), (far, low), (far, 0.0), (20.0, 0.0)]
    ground += [(x, 4 - y) for x, y in reversed(ground)]
    ground = [(x, high if y == 4 - low else y) for x, y in ground]
    tree = place(ground, ((0.0, 0.0), (0.0, 4.0)), ((20.0, 0.0), (20.0, 4.0)), people=people)
    tree = tree.model_dump(mode="json")
    if both_ways:
        street = tree["street"]
        street["entrances"].append({"name": "east", "from_m": [20.0, 0.0], "to_m": [20.0, 4.0]})
        street["exits"].append({"name": "west", "from_m": [0.0, 0.0], "to_m": [0.0, 4.0]})
        street["flows"] = [
            {"entrance": "in", "exit": "out", "share": 0.5},
            {"entrance": "east", "exit": "west", "share": 0.5},
        ]
    tree["run"]["seed"] = seed
    tree["assumptions"]["values"]["walk.party_size_lambda"]["value"] = party_rate
    return scenario_from_mapping(tree)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("width", "length"), [(0.8, 1.0), (0.8, 6.0), (0.6, 0.5)])
def test_people_both_ways_get_through_a_narrow_gap(width, length, seed):
    passages = Street(gap(width, people=40.0, length=length, seed=seed)).walk()
    assert passages.people[col.LEFT].notna().all()
    assert longest_stand_s(passages) <= LONGEST_STAND_S


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("both_ways", [False, True])
def test_parties_get_through_a_narrow_gap(both_ways, seed):
    scenario = gap(0.8, people=30.0, seed=seed, party_rate=1.11, both_ways=both_ways)
    passages = Street(scenario).walk()
    assert (passages.people[col.PARTY_SIZE] > 1).any()
    assert passages.people[col.LEFT].notna().all()
    assert longest_stand_s(passages) <= LONGEST_STAND_S
