"""Arrivals, people and the street as a Mesa model."""

import hashlib

import mesa
import numpy as np
import pytest
from scipy import stats

from sim import columns as col
from sim.evidence.register import entry
from sim.evidence.tables import footfall_profile
from sim.groups import ETHNICITIES, GROUP_COUNT
from sim.kernels.draws import uniforms
from sim.model.arrivals import arrivals, hour_factors, party_size_shares
from sim.model.cameras import CameraAgent
from sim.model.crowd import GROUP_ETHNICITY, GROUP_SEX, crowd
from sim.model.street import Street
from sim.scenario.beliefs import beliefs
from sim.scenario.footfall import hour_edges_s, mean_people_an_hour
from tests.places import minimal

STEADY = "assumptions.values.arrivals.hourly_cv={value: 0.0, low: 0.0, why: a steady day}"


def people_of(*settings):
    scenario = minimal(*settings)
    believed = beliefs(scenario)
    return crowd(scenario, believed, arrivals(scenario, believed))


def digest(passages):
    """Return a hash of every value of the passages, floats to the bit."""
    found = hashlib.sha256(passages.people.to_csv(float_format="%.17g").encode())
    for array in (
        passages.exposure_s,
        passages.best_look_s,
        passages.crowding_per_m2,
        passages.trail.start,
        passages.trail.first_s,
        passages.trail.xy,
    ):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def test_hours_break_at_the_clock():
    np.testing.assert_allclose(hour_edges_s(12.5, 2.0), [0, 1800, 5400, 7200])
    np.testing.assert_allclose(hour_edges_s(12.0, 1.0), [0, 3600])
    np.testing.assert_allclose(hour_edges_s(23.5, 1.0), [0, 1800, 3600])


def test_a_count_in_a_window_gives_back_itself_and_its_profile_elsewhere():
    same = minimal("policy.hours=6.0", "street.footfall.counted_hours=6.0")
    assert mean_people_an_hour(same).sum() == pytest.approx(60)
    share = footfall_profile("weekday")
    evening = minimal(
        "policy.start_hour=20.0", "policy.hours=1.0", "street.footfall.counted_hours=1.0"
    )
    expected = 60 * share[20] / share[12]
    assert mean_people_an_hour(evening).sum() == pytest.approx(expected)


@pytest.mark.statistical
def test_arrivals_have_the_mean_and_the_spread_of_a_gamma_poisson():
    # 400 days of one hour, mean 300; 4.5 standard errors of mean and variance.
    few = [
        len(people_of("street.footfall.people=300.0", f"run.seed={seed}")) for seed in range(400)
    ]
    parties = party_size_shares(entry("walk.party_size_lambda").value)
    sizes = np.arange(1, len(parties) + 1)
    clumping = (parties @ sizes**2) / (parties @ sizes)
    variance = 300 * clumping + (300 * entry("arrivals.hourly_cv").value) ** 2
    assert np.mean(few) == pytest.approx(300, abs=4.5 * np.sqrt(variance / 400))
    assert np.var(few) == pytest.approx(variance, rel=4.5 * np.sqrt(2 / 400) * 1.3)


@pytest.mark.statistical
def test_hour_factors_have_mean_one_and_their_variation():
    factors = np.array([hour_factors(seed, 12, 0.23) for seed in range(1000)])
    assert factors.mean() == pytest.approx(1, abs=4.5 * 0.23 / np.sqrt(12_000))
    assert factors.std() == pytest.approx(0.23, rel=0.04)


def test_within_the_hour_parties_come_as_a_poisson_process():
    scenario = minimal("street.footfall.people=4000.0", STEADY)
    came = arrivals(scenario, beliefs(scenario))
    times = np.unique(came.time_s)
    gaps = np.diff(times)
    # Kolmogorov-Smirnov against the exponential, false alarm 1e-5.
    assert stats.kstest(gaps, stats.expon(scale=gaps.mean()).cdf).pvalue > 1e-5
    assert times.max() < 0.25 * 3600


def test_more_footfall_keeps_the_people_who_were_there():
    few, many = people_of(STEADY), people_of(STEADY, "street.footfall.people=120.0")
    same = len(few)
    assert len(many) > same
    for trait in ("group", "height", "desired_speed", "party", "across", "on_phone"):
        np.testing.assert_array_equal(getattr(few, trait), getattr(many, trait)[:same])


def test_party_sizes_follow_their_law():
    found = people_of("street.footfall.people=8000.0", STEADY)
    first = found.party_rank == 0
    seen = np.bincount(found.party_size[first], minlength=9)[1:9]
    expected = party_size_shares(entry("walk.party_size_lambda").value) * seen.sum()
    enough = expected > 5
    assert (
        stats.chisquare(
            np.append(seen[enough], seen[~enough].sum()),
            np.append(expected[enough], expected[~enough].sum()),
        ).pvalue
        > 1e-5
    )
    # Published shares of parties of 1, 2, 3 (pedestrian dossier, 3.5).
    np.testing.assert_allclose(expected[:3] / seen.sum(), [0.64, 0.27, 0.07], atol=0.01)


def test_groups_come_in_their_shares():
    scenario = minimal("street.footfall.people=8000.0", STEADY)
    believed = beliefs(scenario)
    found = crowd(scenario, believed, arrivals(scenario, believed))
    expected = scenario.street.crowd.shares() * len(found)
    seen = np.bincount(found.group, minlength=GROUP_COUNT)
    assert stats.chisquare(seen, expected).pvalue > 1e-5


def test_adults_have_the_heights_of_the_register():
    found = people_of("street.footfall.people=8000.0", STEADY)
    is_adult = found.shoulder != entry("crowd.shoulder_child_m").value
    for sex, name in ((1, "male"), (0, "female")):
        heights = found.height[is_adult & (GROUP_SEX[found.group] == sex)]
        mean, spread = (entry(f"crowd.height_{name}{end}").value for end in ("_m", "_sd_m"))
        assert stats.kstest(heights, stats.norm(mean, spread).cdf).pvalue > 1e-5


def test_people_alone_have_the_speeds_of_the_register():
    found = people_of("street.footfall.people=8000.0", STEADY)
    adult_man = (found.party_size == 1) & (GROUP_SEX[found.group] == 1)
    adult_man &= found.shoulder == entry("crowd.shoulder_male_m").value
    older = GROUP_COUNT and (found.group % 4 == 3)
    speeds = found.desired_speed[adult_man & ~older]
    mean, spread = entry("walk.free_speed_mps").value, entry("walk.free_speed_sd_mps").value
    low, high = (0.5 - mean) / spread, (2.2 - mean) / spread
    law = stats.truncnorm(low, high, loc=mean, scale=spread)
    assert stats.kstest(speeds, law.cdf).pvalue > 1e-5


def test_those_who_avoid_the_sign_are_as_many_as_surveyed():
    found = people_of("street.footfall.people=8000.0", STEADY)
    for place, name in enumerate(ETHNICITIES):
        members = GROUP_ETHNICITY[found.group] == place
        share = entry(f"crowd.avoid_share_{name}").value
        error = 4.5 * np.sqrt(share * (1 - share) / members.sum())
        assert found.avoids[members].mean() == pytest.approx(share, abs=error)
    assert not people_of("policy.signs=false").avoids.any()
    assert not people_of("policy.cameras=[]").avoids.any()


def test_a_trait_can_be_changed_without_touching_the_others():
    base = people_of()
    looking_down = people_of(
        "assumptions.values.crowd.phone_share={value: 0.3, low: 0.0, why: more phones}"
    )
    assert looking_down.on_phone.sum() >= base.on_phone.sum()
    assert (looking_down.on_phone | ~base.on_phone).all()  # whoever looked down still does
    for trait in ("group", "height", "desired_speed", "covered", "avoids", "across", "arrived"):
        np.testing.assert_array_equal(getattr(base, trait), getattr(looking_down, trait))


@pytest.mark.parametrize(
    "setting",
    [
        "policy.threshold=0.56",
        "policy.watchlist.size=77",
        "policy.officers=9",
        "policy.operators=0",
        "assumptions.error_model=npl-2023",
        "run.draws=11",
    ],
)
def test_a_lever_that_touches_nobody_leaves_every_passage_identical(setting):
    assert digest(Street(minimal(setting)).walk()) == digest(Street(minimal()).walk())


@pytest.mark.parametrize("setting", ["run.seed=2", "policy.cameras.0.height_m=4.0"])
def test_the_digest_sees_a_changed_walk(setting):
    assert digest(Street(minimal(setting)).walk()) != digest(Street(minimal()).walk())


def test_two_cameras_see_more_than_one():
    camera = (
        "{name: NAME, position_m: [30.0, 3.0], height_m: 3.0, heading_deg: 270.0, tilt_deg: 10.0,"
        " field_of_view_deg: 40.0, near_m: 3.0, far_m: 18.0}"
    )
    both = f"policy.cameras=[{camera.replace('NAME', 'a')}, {camera.replace('NAME', 'b')}]"
    twice = Street(minimal(both)).walk()
    np.testing.assert_array_equal(twice.exposure_s[:, 0], twice.exposure_s[:, 1])
    np.testing.assert_array_equal(twice.exposure_s[:, 0], Street(minimal()).walk().exposure_s[:, 0])


def test_a_camera_overwhelmed_sees_less():
    crowded = "street.footfall.people=500.0"
    free = Street(minimal(crowded)).walk()
    served = Street(minimal(crowded, "policy.cameras.0.capacity_faces_per_s=5.0")).walk()
    assert served.exposure_s.sum() < 0.9 * free.exposure_s.sum()
    np.testing.assert_array_equal(served.exposure_s > 0, free.exposure_s > 0)


def test_a_street_is_a_mesa_model_that_can_be_stepped_and_watched():
    street = Street(minimal())
    assert isinstance(street, mesa.Model)
    (camera,) = street.agents
    assert isinstance(camera, CameraAgent)
    collector = mesa.DataCollector(model_reporters={"present": "present"})
    for _ in range(60):
        street.step()
        collector.collect(street)
    assert street.time_s == pytest.approx(60)
    present = collector.get_model_vars_dataframe()["present"]
    assert present.max() > 0
    assert len(street.positions_m) == street.present == present.iloc[-1]
    street.walk()
    assert camera.faces_usable == int((street.exposure_s[:, 0] > 0).sum())
    assert camera.exposure_s == pytest.approx(street.exposure_s.sum())


def test_stepping_and_walking_give_the_same_passages():
    stepped = Street(minimal())
    while not stepped.is_over:
        stepped.step()
    assert digest(stepped.passages()) == digest(Street(minimal()).walk())


def test_trails_hold_one_point_a_second_from_entering_to_leaving():
    passages = Street(minimal()).walk()
    people = passages.people[passages.people[col.LEFT].notna()]
    points = np.diff(passages.trail.start)[people.index]
    stay = (people[col.LEFT] - people[col.ENTERED]).to_numpy()
    assert (np.abs(points - stay) <= 1.5).all()


def test_streams_do_not_lean_on_global_random_state():
    np.random.seed(1)  # noqa: NPY002 - to show that it does not matter
    first = digest(Street(minimal()).walk())
    np.random.seed(2)  # noqa: NPY002 - likewise
    assert digest(Street(minimal()).walk()) == first
    assert uniforms(1, 1, np.arange(3))[0] == uniforms(1, 1, np.arange(3))[0]
