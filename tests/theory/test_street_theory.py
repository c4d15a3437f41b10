"""The walk of a whole street against what must hold (V1-V6, V11, V13 of the test list)."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import columns as col
from sim.kernels.doors import EXIT_REACH
from sim.model.street import Street
from sim.model.world import STEP_IN_M
from tests.places import minimal, place, turned
from tests.properties import examples

CORRIDOR = [(0.0, 0.0), (40.0, 0.0), (40.0, 4.0), (0.0, 4.0)]
WEST, EAST = ((0.0, 0.0), (0.0, 4.0)), ((40.0, 0.0), (40.0, 4.0))
L_SHAPE = [(0.0, 0.0), (14.0, 0.0), (14.0, 14.0), (10.0, 14.0), (10.0, 4.0), (0.0, 4.0)]


def walked(scenario):
    return Street(scenario).walk()


def transit_s(passages):
    return (passages.people[col.LEFT] - passages.people[col.ENTERED]).to_numpy()


def test_alone_people_walk_at_their_desired_speed():  # V1, RiMEA 1, IMO 1: within 1 %
    passages = walked(place(CORRIDOR, WEST, EAST, people=8.0))
    speed = passages.people[col.DESIRED_SPEED].to_numpy()
    length = 40.0 - STEP_IN_M - EXIT_REACH
    # Whoever met nobody needs the length over the speed; a step of 0.05 s is the resolution.
    relative = transit_s(passages) * speed / length
    assert np.median(relative) == pytest.approx(1.0, abs=0.01)
    assert relative.min() > 0.99


@pytest.mark.parametrize(("angle", "shift"), [(0.0, (137.0, -52.0)), (0.7, (0.0, 0.0))])
def test_a_place_turned_or_moved_is_the_same_place(angle, shift):  # V2
    base = walked(place(CORRIDOR, WEST, EAST))

    def move(points):
        return [turned(point, angle, shift) for point in points]

    other = walked(place(move(CORRIDOR), move(WEST), move(EAST)))
    np.testing.assert_allclose(transit_s(other), transit_s(base), atol=1e-6)
    trail = np.array([turned(point, -angle, (0, 0)) for point in other.trail.xy - shift])
    np.testing.assert_allclose(trail, base.trail.xy, atol=2e-5)  # trails are kept in float32


def test_nobody_leaves_the_ground_at_a_corner(tmp_path):  # V3, RiMEA 6, IMO 6
    scenario = place(L_SHAPE, ((0.0, 0.0), (0.0, 4.0)), ((10.0, 14.0), (14.0, 14.0)), people=300.0)
    passages = walked(scenario)
    ground = shapely.Polygon(L_SHAPE).buffer(1e-6)
    assert shapely.contains_xy(ground, *passages.trail.xy.T.astype(float)).all()
    assert passages.people[col.LEFT].notna().all()
    # Nobody walks further than round the outside of the corner.
    assert np.nanmax(transit_s(passages) * passages.people[col.DESIRED_SPEED]) < 60


def test_nobody_is_nearer_to_another_than_two_radii():  # V4: no overlap in a busy street
    street = Street(place(CORRIDOR, WEST, EAST, people=700.0))
    closest = np.inf
    for _ in range(400):
        street.step()
        points = street.positions_m
        if len(points) > 1:
            gaps = np.hypot(*(points[:, None] - points[None, :]).T)
            np.fill_diagonal(gaps, np.inf)
            closest = min(closest, gaps.min())
    assert closest >= 2 * 0.20 - 1e-9


def test_the_fast_overtake_the_slow():  # V5
    passages = walked(place(CORRIDOR, WEST, EAST, people=150.0))
    people = passages.people.sort_values(col.ENTERED)
    left_order = people[col.LEFT].rank().to_numpy()
    assert (np.diff(left_order) < 0).sum() > 5
    fast = people[people[col.DESIRED_SPEED] > people[col.DESIRED_SPEED].quantile(0.9)]
    delay = (fast[col.LEFT] - fast[col.ENTERED]) * fast[col.DESIRED_SPEED] / 39.45
    assert delay.median() < 1.1


def test_nobody_walks_through_a_thin_wall():  # V6's other half is in the kernels' tests
    two = [(0.0, 0.0), (40.0, 0.0), (40.0, 6.1), (0.0, 6.1)]
    wall = [[(0.5, 3.0), (39.5, 3.0), (39.5, 3.1), (0.5, 3.1)]]
    lower = ((0.0, 0.0), (0.0, 3.0)), ((40.0, 0.0), (40.0, 3.0))
    passages = walked(place(two, *lower, people=400.0, holes=wall))
    x, y = passages.trail.xy.T
    assert (y[(x > 1.5) & (x < 38.5)] < 3.0).all()
    assert passages.people[col.LEFT].notna().all()


def test_half_the_time_step_changes_transit_by_less_than_two_percent():  # V13
    times = []
    for step in (0.05, 0.025):
        scenario = place(CORRIDOR, WEST, EAST, people=200.0)
        run = scenario.run.model_copy(update={"time_step_s": step})
        times.append(np.nanmean(transit_s(walked(scenario.model_copy(update={"run": run})))))
    assert times[1] == pytest.approx(times[0], rel=0.02)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.too_slow])
@given(
    people=st.floats(0, 400),
    width=st.floats(1.5, 6.0),
    seed=st.integers(0, 2**63 - 1),
    two_way=st.booleans(),
)
def test_people_are_conserved_in_every_step(people, width, seed, two_way):  # V11, property
    found = minimal(
        f"street.footfall.people={people:.3f}",
        f"street.entrances.west.to_m=[0.0, {width:.3f}]",
        f"run.seed={seed}",
        "policy.hours=0.1",
    )
    street = Street(found)
    came, avoided = street.crowd.arrived, street.crowd.avoids
    for _ in range(420):
        street.step()
        arrived = int((came[~avoided] <= street.time_s).sum())
        left = int((~np.isnan(street.left_s)).sum())
        assert arrived == left + street.present + street.waiting
    assert np.isnan(street.entered_s[avoided]).all()


def test_whoever_finds_no_room_waits_and_is_counted():
    street = Street(
        minimal("street.footfall.people=3000.0", "street.entrances.west.to_m=[0.0, 1.0]")
    )
    passages = street.walk()
    people = passages.people[~passages.people[col.AVOIDED]]
    waited = people[col.ENTERED] - people[col.ARRIVED]
    assert (waited > 1).sum() > 100
    assert people[col.LEFT].notna().all()
    assert (waited >= 0).all()


@pytest.mark.statistical
def test_in_a_sparse_crowd_nobody_is_hidden():  # closed form 7: occlusion goes to 0
    looking = [
        "assumptions.values.crowd.phone_share={value: 0.0, why: all look ahead}",
        "assumptions.values.crowd.face_covered_share={value: 0.0, why: no face is covered}",
    ]
    looking = [item.replace("0.0,", "0.0, low: 0.0,") for item in looking]
    few = "street.footfall.people=3.0"
    alone = [walked(minimal(few, f"run.seed={seed}", *looking)) for seed in range(40)]
    seen_alone = np.concatenate([p.exposure_s[p.people[col.LEFT].notna(), 0] for p in alone])
    assert (seen_alone > 0).mean() > 0.97  # the rest passed on the edge of the frame


def test_an_empty_street_is_no_error():
    passages = walked(minimal("street.footfall.people=0.0"))
    assert len(passages.people) == 0
    assert passages.exposure_s.shape == (0, 1)


def test_without_cameras_nobody_is_seen():
    passages = walked(minimal("policy.cameras=[]"))
    assert passages.exposure_s.shape == (len(passages.people), 0)
    assert not passages.usable.any()
