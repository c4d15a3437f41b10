"""The response against closed forms and the published record."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import columns as col
from sim.analysis.intervals import exact_interval
from sim.evidence.tables import adjudication
from sim.model.alerts import (
    Alerts,
    ResponseSetting,
    pursue_false_chance,
    response_parameters,
)
from sim.model.passages import Trail
from sim.model.presence import presence
from sim.model.response import respond
from sim.scenario.beliefs import beliefs_of
from sim.scenario.schema import Assumptions
from tests.properties import examples

REGISTER = response_parameters(beliefs_of(Assumptions()))


def shift_of(
    entry_s,
    parameters,
    *,
    stay_s=60.0,
    operators=1,
    officers=0,
    posts=((0.0, 0.0),),
    draw=0,
    is_true=True,
    alert_after_s=0.0,
    crowding=0.0,
    speed=1.0,
):
    """Let everybody walk along x and give each of them one alert."""
    entry_s = np.asarray(entry_s, dtype=np.float64)
    people = len(entry_s)
    stay = np.broadcast_to(stay_s, people)
    count = np.floor(stay).astype(np.int64) + 1
    start = np.concatenate([[0], np.cumsum(count)])
    x = speed * (np.arange(start[-1]) - np.repeat(start[:-1], count))
    xy = np.column_stack([x, np.zeros_like(x)]).astype(np.float32)
    setting = ResponseSetting(
        seed=11,
        presence=presence(Trail(start, entry_s, xy), entry_s + stay),
        operators=operators,
        officers=officers,
        posts=np.array(posts, dtype=np.float64),
        pursue_false=pursue_false_chance(parameters, 1.0),
        parameters=parameters,
    )
    alerts = Alerts(
        draw=np.broadcast_to(np.int64(draw), people).copy() if np.ndim(draw) == 0 else draw,
        person=np.arange(people),
        time_s=entry_s + alert_after_s,
        camera=np.zeros(people, dtype=np.int64),
        is_true=np.full(people, is_true),
        crowding_per_m2=np.full(people, crowding),
    )
    return respond(setting, alerts, cameras=("camera",))


def apart(count):
    """Return entry times so far apart that nobody meets."""
    return np.arange(count) * 1000.0


def unread(table):
    return int((table[col.OUTCOME] == "unread").sum())


def test_a_regular_queue_with_half_the_needed_capacity_misses_every_second_alert():
    # Closed form 9 without luck: an alert every 5 s, one operator who needs 10 s. The last 60 s
    # of alerts are left out: their backlog is still read when no more come.
    parameters = replace(REGISTER, review_s=10.0, review_log_sd=0.0)
    table = shift_of(np.arange(1000) * 5.0, parameters)
    assert abs(unread(table.iloc[:988]) - 494) <= 1


@pytest.mark.statistical
@pytest.mark.parametrize("operators", [1, 4])
def test_a_random_queue_with_half_the_needed_capacity_misses_half(operators):
    # Closed form 9: Poisson alerts, lognormal reviews, everybody stays 120 s.
    count, review_s = 20_000, 10.0
    parameters = replace(REGISTER, review_s=review_s, review_log_sd=0.5)
    gaps = np.random.default_rng(5).exponential(review_s / operators / 2, count)
    share = unread(shift_of(np.cumsum(gaps), parameters, operators=operators, stay_s=120.0)) / count
    # Reviews done in the time of n alerts: variance of the time (1/n) and of n/2 reviews with
    # squared variation e^0.25 - 1 = 0.28. 4 standard deviations, false alarm 6e-5.
    deviation = 0.5 * np.sqrt(1 / count + 0.28 / (count / 2))
    assert abs(share - 0.5) < 4 * deviation


@pytest.mark.statistical
def test_enough_operators_miss_only_reviews_longer_than_the_stay():
    # One alert at a time: P(unread) = P(review > stay), a lognormal tail.
    from scipy.stats import lognorm

    count, stay_s = 20_000, 15.0
    parameters = replace(REGISTER, review_s=10.0, review_log_sd=0.5)
    table = shift_of(apart(count), parameters, stay_s=stay_s)
    expected = lognorm.sf(stay_s, 0.5, scale=10.0 * np.exp(-0.125))
    # Binomial, 4 standard deviations: false alarm 6e-5.
    assert abs(unread(table) / count - expected) < 4 * np.sqrt(expected * (1 - expected) / count)


@settings(max_examples=examples(100), deadline=None)
@given(
    gaps=st.lists(st.floats(0.0, 15.0), min_size=1, max_size=30),
    review_s=st.floats(1.0, 25.0),
    stay_s=st.floats(1.0, 60.0),
)
def test_with_equal_reviews_and_stays_another_operator_never_misses_more(
    gaps, review_s, stay_s
):  # property
    parameters = replace(REGISTER, review_s=review_s, review_log_sd=0.0)
    missed = [
        unread(shift_of(np.cumsum(gaps), parameters, operators=operators, stay_s=stay_s))
        for operators in range(6)
    ]
    assert missed[0] == len(gaps)
    assert missed == sorted(missed, reverse=True)


def test_with_unlike_reviews_and_stays_more_operators_miss_less_on_the_whole():
    rng = np.random.default_rng(2)
    entry, stay = rng.uniform(0, 300, 3000), rng.uniform(5, 60, 3000)
    draw = np.repeat(np.arange(50), 60)
    missed = [
        unread(shift_of(entry, REGISTER, operators=operators, stay_s=stay, draw=draw))
        for operators in range(6)
    ]
    assert missed == sorted(missed, reverse=True)


@pytest.mark.parametrize(
    ("post_x", "closing_mps"),
    [(40.0, 1.8 + 1.0), (-10.0, 1.8 - 1.0)],  # ahead of the person, and behind
)
def test_an_officer_closes_in_at_the_sum_or_difference_of_speeds(post_x, closing_mps):
    parameters = replace(
        REGISTER, review_s=1.0, review_log_sd=0.0, pursue_true=1.0, lost_in_crowd=0.0,
        arrest_share=0.0, officer_speed_mps=1.8, catch_distance_m=1.5,
    )  # fmt: skip
    table = shift_of([0.0], parameters, officers=1, posts=[(post_x, 0.0)], stay_s=100.0)
    chase_s = 60 * float(table[col.OFFICER_MINUTES].iloc[0] - table[col.STOP_MINUTES].iloc[0])
    assert chase_s == pytest.approx((abs(post_x - 1.0) - 1.5) / closing_mps, rel=1e-6)


def test_a_person_as_fast_as_the_officer_gets_away():
    parameters = replace(REGISTER, pursue_true=1.0, lost_in_crowd=0.0, officer_speed_mps=1.0)
    table = shift_of([0.0], parameters, officers=1, posts=[(-30.0, 0.0)], stay_s=500.0)
    assert table[col.OUTCOME].tolist() == ["lost"]


@pytest.mark.statistical
@pytest.mark.parametrize("crowding", [0.2, 1.0])
def test_the_share_lost_in_the_crowd_is_as_believed(crowding):
    count = 20_000
    parameters = replace(REGISTER, pursue_true=1.0, review_s=1.0, catch_distance_m=100.0)
    ratio = crowding / parameters.lost_reference_density_per_m2
    expected = 1 - (1 - parameters.lost_in_crowd) ** ratio
    table = shift_of(apart(count), parameters, officers=1, draw=np.arange(count), crowding=crowding)
    read = table[table[col.OUTCOME] != "unread"]
    lost = (read[col.OUTCOME] == "lost").mean()
    # Binomial, 4 standard deviations: false alarm 6e-5.
    assert abs(lost - expected) < 4 * np.sqrt(expected * (1 - expected) / len(read))


@pytest.mark.statistical
def test_outcomes_and_stop_lengths_of_true_matches_are_as_believed():
    count = 20_000
    parameters = replace(
        REGISTER, pursue_true=1.0, review_s=1.0, catch_distance_m=100.0, lost_in_crowd=0.0
    )
    table = shift_of(apart(count), parameters, officers=1, draw=np.arange(count))
    stops = table[table[col.STOP_MINUTES] > 0]
    believed = {
        "arrest": parameters.arrest_share,
        "out of date": parameters.out_of_date_share,
        "no further action": 1 - parameters.arrest_share - parameters.out_of_date_share,
    }
    # Binomial, and the normal median's error sqrt(pi/2) sd / sqrt(n): 4 standard deviations.
    for outcome, share in believed.items():
        found = (stops[col.OUTCOME] == outcome).mean()
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / len(stops))
    median_log = np.log(stops[col.STOP_MINUTES]).median()
    error = np.sqrt(np.pi / 2) * parameters.stop_log_sd / np.sqrt(len(stops))
    assert abs(median_log - np.log(parameters.true_stop_min)) < 4 * error


def test_the_pursuit_curve_agrees_with_every_published_share():
    # 99.9 % exact intervals of nine settings: false alarm 1 in 100, were the curve the truth.
    for row in adjudication().itertuples():
        low, high = exact_interval(row.false_alerts_stopped, row.false_alerts, 0.999)
        chance = pursue_false_chance(REGISTER, row.false_alerts_per_shift)
        assert low <= chance <= high, f"{row.setting} {row.period}"


def test_the_rarer_false_alerts_are_the_more_of_them_are_pursued():
    loads = [0.0, 0.05, 1.0, 2.0, 10.0, 100.0, 1e6]
    chances = [pursue_false_chance(REGISTER, load) for load in loads]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == chances[2]
    assert 0 < chances[-1] < 1e-3
