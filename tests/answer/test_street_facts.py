"""Facts and warnings of a walk."""

import dataclasses

import numpy as np
import pytest

from sim.answer.street_facts import (
    busiest_minutes,
    mean_density,
    mean_detour_m,
    mean_wait_s,
    minute_densities,
    peak_density,
    present_by_second,
    walk_counts,
    walk_warnings,
)
from sim.model.passages import Trail
from sim.model.street import Street
from sim.scenario.place.ground import walkable_polygon
from tests.places import minimal

pytestmark = pytest.mark.whole

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
    facts = walk_counts(passages)
    assert facts["waited"] > 100
    wait = mean_wait_s(passages)
    assert wait > 1
    begins = (
        f"{facts['waited']:,} of {facts['people']:,} people had to wait for room at their "
        f"entrance, {wait:.0f} s on average"
    )
    assert any(line.startswith(begins) for line in walk_warnings(scenario, passages))


def test_where_nobody_waits_no_wait_is_reported():
    scenario, passages = facts_of()
    assert mean_wait_s(passages) is None
    assert not any("had to wait" in line for line in walk_warnings(scenario, passages))


BOTH_WAYS = (
    "street.entrances=[{name: west, from_m: [0.0, 0.0], to_m: [0.0, 6.0]},"
    " {name: east, from_m: [40.0, 0.0], to_m: [40.0, 6.0]}]",
    "street.exits=[{name: west, from_m: [0.0, 0.0], to_m: [0.0, 6.0]},"
    " {name: east, from_m: [40.0, 0.0], to_m: [40.0, 6.0]}]",
    "street.flows=[{entrance: west, exit: east, share: 0.5},"
    " {entrance: east, exit: west, share: 0.5}]",
    "policy.hours=0.1",
    "street.footfall.counted_hours=0.1",
)


@pytest.mark.slow
def test_a_dense_crowd_in_two_directions_is_outside_what_was_validated():
    scenario, passages = facts_of(*BOTH_WAYS, "street.footfall.people=4000.0")
    (busiest,) = busiest_minutes(scenario, passages)
    assert busiest.density > 1.5
    assert busiest.aligned < 0.9
    (warning,) = (
        line for line in walk_warnings(scenario, passages) if "more than one direction" in line
    )
    assert f"{busiest.density:.1f} people a square metre" in warning
    assert "camera mast" in warning
    assert "above 1.5 the walking model has not been validated" in warning
    assert "exposure is too great" in warning


def test_a_thin_crowd_in_two_directions_is_not_pointed_out():
    scenario, passages = facts_of(*BOTH_WAYS, "street.footfall.people=150.0")
    assert 0 < busiest_minutes(scenario, passages)[0].density < 1
    assert not any("direction" in line for line in walk_warnings(scenario, passages))


def test_density_in_view_counts_the_person_seconds_of_one_minute():
    scenario, passages = facts_of()
    # A camera that has the whole street in view sees whoever is in it.
    seen = scenario.model_copy(
        update={"policy": scenario.policy.model_copy(update={"cameras": ()})}
    )
    (busiest,) = busiest_minutes(seen, passages)
    minutes = 15
    present = present_by_second(passages)[: 60 * minutes].reshape(minutes, 60)
    assert busiest.where == "in the whole place"
    assert busiest.density == pytest.approx(present.sum(axis=1).max() / 60 / 240)
    assert busiest.aligned > 0.95
    density = minute_densities(seen, passages, walkable_polygon(seen.street))
    assert density == pytest.approx(present.sum(axis=1) / 60 / 240)


def standing_crowd(per_m2):
    """Return passages of people who creep east side by side for two minutes, over 40 by 6 m."""
    scenario, passages = facts_of("street.footfall.people=10.0", "policy.hours=0.05")
    count = round(per_m2 * 240)
    place = np.random.default_rng(1).uniform([0.0, 0.0], [38.0, 6.0], (count, 2))
    creep = np.column_stack([np.linspace(0.0, 2.0, 120), np.zeros(120)])
    trail = Trail(
        start=np.arange(count + 1) * 120,
        first_s=np.zeros(count),
        xy=(place[:, None] + creep).reshape(-1, 2).astype(np.float32),
    )
    return scenario, dataclasses.replace(passages, trail=trail)


@pytest.mark.parametrize(("per_m2", "warned"), [(2.0, False), (4.5, True)])
def test_a_crowd_one_way_is_compared_with_three_a_square_metre(per_m2, warned):
    scenario, passages = standing_crowd(per_m2)
    (busiest,) = busiest_minutes(scenario, passages)
    # 91 m2 in view: three standard deviations of a random crowd's density there
    assert busiest.density == pytest.approx(per_m2, abs=3 * np.sqrt(per_m2 / 90))
    lines = [line for line in walk_warnings(scenario, passages) if "up to 3;" in line]
    assert bool(lines) == warned


def test_who_avoids_a_zone_turns_away_or_goes_round_it():
    away = facts_of("policy.signs=true", "street.footfall.people=600.0")[1]
    facts = walk_counts(away)
    assert facts["avoided"] == facts["turned_away"] > 0
    assert facts["people"] == len(away.people) - facts["turned_away"]
    assert facts["detoured"] == facts["detoured_seen"] == 0
    assert mean_detour_m(away) is None
    walked_round = facts_of(
        "policy.signs=true",
        "street.footfall.people=600.0",
        "policy.avoid_area_m=[[14.0, 2.0], [24.0, 2.0], [24.0, 6.0], [14.0, 6.0]]",
    )[1]
    facts = walk_counts(walked_round)
    assert facts["avoided"] == facts["detoured"] > 0
    assert facts["turned_away"] == 0
    assert facts["people"] == len(walked_round.people)
    assert facts["detoured_seen"] <= facts["detoured"]
    assert mean_detour_m(walked_round) > 0
