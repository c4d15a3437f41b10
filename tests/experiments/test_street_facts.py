"""Facts and warnings of a walk."""

import pytest

from sim.experiments.street_facts import (
    mean_density,
    peak_density,
    present_by_second,
    walk_counts,
    walk_warnings,
)
from sim.model.street import Street
from tests.places import minimal

STEADY = "assumptions.values.arrivals.hourly_cv={value: 0.0, low: 0.0, why: a steady day}"


def facts_of(*settings):
    scenario = minimal(*settings)
    return scenario, Street(scenario).walk()


def test_people_present_add_up_to_everybodys_seconds():
    scenario, passages = facts_of()
    present = present_by_second(passages)
    assert present.sum() == len(passages.trail.xy)
    assert present.min() >= 0
    assert peak_density(scenario, passages) == pytest.approx(present.max() / 240)
    assert 0 < mean_density(scenario, passages) < peak_density(scenario, passages)


def test_an_empty_street_has_no_density():
    scenario, passages = facts_of("street.footfall.people=0.0")
    assert peak_density(scenario, passages) == mean_density(scenario, passages) == 0
    assert walk_counts(passages)["people"] == 0


def test_a_day_far_from_the_mean_is_pointed_out():
    scenario, passages = facts_of("street.footfall.people=800.0", "run.seed=1")
    (warning,) = (line for line in walk_warnings(scenario, passages) if "is the mean" in line)
    assert f"{len(passages.people):,} people came where 800 is the mean" in warning
    steady, walked = facts_of("street.footfall.people=800.0", STEADY)
    assert not any("is the mean" in line for line in walk_warnings(steady, walked))


def test_waiting_at_the_door_is_pointed_out():
    scenario, passages = facts_of(
        "street.footfall.people=3000.0", "street.entrances.west.to_m=[0.0, 1.0]"
    )
    waited = walk_counts(passages)["waited"]
    assert waited > 100
    assert f"{waited} people had to wait for room at their entrance" in walk_warnings(
        scenario, passages
    )


def test_a_dense_crowd_in_two_directions_is_outside_what_was_validated():
    both_ways = [
        "street.entrances=[{name: west, from_m: [0.0, 0.0], to_m: [0.0, 6.0]},"
        " {name: east, from_m: [40.0, 0.0], to_m: [40.0, 6.0]}]",
        "street.exits=[{name: west, from_m: [0.0, 0.0], to_m: [0.0, 6.0]},"
        " {name: east, from_m: [40.0, 0.0], to_m: [40.0, 6.0]}]",
        "street.flows=[{entrance: west, exit: east, share: 0.5},"
        " {entrance: east, exit: west, share: 0.5}]",
        "street.footfall.people=4000.0",
        "policy.hours=0.1",
        "street.footfall.counted_hours=0.1",
    ]
    scenario, passages = facts_of(*both_ways)
    assert peak_density(scenario, passages) > 1.5
    assert any("in more than one direction" in line for line in walk_warnings(scenario, passages))
