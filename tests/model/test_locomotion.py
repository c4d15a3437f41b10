"""The choice of locomotion model, at the level of a whole street."""

import numpy as np
import pytest
import shapely

from sim import columns as col
from sim.kernels.anticipation import NO_ANTICIPATION
from sim.model.locomotion import law_of
from sim.model.street import Street
from sim.scenario.beliefs import beliefs
from sim.scenario.load import scenario_from_mapping
from tests.places import minimal, tree

LENGTH, WIDTH = 30.0, 3.0


def two_way(locomotion, people=250.0, **values):
    """Return a corridor that people enter at both ends, the same people whatever the model."""
    west, east = ([0.0, 0.0], [0.0, WIDTH]), ([LENGTH, 0.0], [LENGTH, WIDTH])
    found = tree(
        walkable_m=[[0.0, 0.0], [LENGTH, 0.0], [LENGTH, WIDTH], [0.0, WIDTH]],
        entrances=[
            {"name": name, "from_m": list(ends[0]), "to_m": list(ends[1])}
            for name, ends in (("west in", west), ("east in", east))
        ],
        exits=[
            {"name": name, "from_m": list(ends[0]), "to_m": list(ends[1])}
            for name, ends in (("west out", west), ("east out", east))
        ],
        flows=[
            {"entrance": "west in", "exit": "east out", "share": 0.5},
            {"entrance": "east in", "exit": "west out", "share": 0.5},
        ],
    )
    found["street"]["footfall"].update(people=people, counted_hours=0.1)
    found["policy"].update(hours=0.1, signs=False, officers=0)
    found["policy"]["cameras"][0]["position_m"] = [LENGTH / 2, WIDTH / 2]
    found["assumptions"] = {
        "locomotion": locomotion,
        "values": {name: {"value": value, "why": "a test"} for name, value in values.items()},
    }
    return scenario_from_mapping(found)


def walked(scenario):
    street = Street(scenario)
    passages = street.walk()
    return street, passages


def seconds_on_the_way(passages):
    return (passages.people[col.LEFT] - passages.people[col.ENTERED]).to_numpy()


@pytest.fixture(scope="module")
def ahead():
    return walked(two_way("anticipation"))


@pytest.fixture(scope="module")
def plain():
    return walked(two_way("collision-free-speed"))


def test_the_default_model_does_not_anticipate():
    scenario = minimal()
    law = law_of(scenario.assumptions.locomotion, beliefs(scenario), time_step_s=0.05)
    assert law.anticipation == NO_ANTICIPATION


def test_the_numbers_of_the_register_reach_the_law():
    scenario = two_way("anticipation", **{"walk.anticipation_side_m": 0.25})
    law = law_of("anticipation", beliefs(scenario), time_step_s=0.05)
    assert law.anticipation.is_on
    assert law.anticipation.side == 0.25
    assert law.anticipation.time == beliefs(scenario).value("walk.anticipation_time_s")
    assert 0 < law.anticipation.turn < 1


def test_the_locomotion_model_changes_the_walk_of_the_same_people(ahead, plain):
    one, other = ahead[1].people, plain[1].people
    np.testing.assert_array_equal(one[col.ARRIVED], other[col.ARRIVED])
    np.testing.assert_array_equal(one[col.DESIRED_SPEED], other[col.DESIRED_SPEED])
    assert not np.array_equal(one[col.LEFT], other[col.LEFT])


def test_the_default_model_does_not_read_the_other_models_numbers(plain):
    _, again = walked(two_way("collision-free-speed", **{"walk.anticipation_strength": 3.0}))
    np.testing.assert_array_equal(again.people[col.LEFT], plain[1].people[col.LEFT])


def test_whoever_comes_in_goes_out_and_nobody_walks_outside(ahead):
    street, passages = ahead
    assert len(passages.people) > 100
    assert street.present == street.waiting == 0
    taken = seconds_on_the_way(passages)
    assert np.isfinite(taken).all()
    fastest = passages.people[col.DESIRED_SPEED].to_numpy() * 1.3  # to catch up with a party
    assert (taken > (LENGTH - 2) / fastest).all()
    ground = shapely.box(0, 0, LENGTH, WIDTH).buffer(1e-6)
    assert shapely.contains_xy(ground, *passages.trail.xy.T.astype(float)).all()


def test_the_same_seed_gives_the_same_walk_to_the_bit(ahead):
    _, again = walked(two_way("anticipation"))
    first = ahead[1]
    np.testing.assert_array_equal(again.people[col.LEFT], first.people[col.LEFT])
    np.testing.assert_array_equal(again.exposure_s, first.exposure_s)
    np.testing.assert_array_equal(again.trail.xy, first.trail.xy)


def test_in_two_way_flow_people_who_anticipate_lose_less_time(ahead, plain):
    def lost_share(passages):
        free = LENGTH / passages.people[col.DESIRED_SPEED].to_numpy()
        return np.mean(seconds_on_the_way(passages) / free)

    assert lost_share(ahead[1]) < lost_share(plain[1])
