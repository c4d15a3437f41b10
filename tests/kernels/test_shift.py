"""The compiled shift against the Mesa one: the same outcome from the same luck, alert by alert."""

from dataclasses import replace
from itertools import pairwise

import numba
import numpy as np
import pytest

from sim.kernels import shift as kernels
from sim.kernels.shift import Desk, ShiftAlerts, ShiftRecord, Staff, Trails, play_shift
from sim.model.alerts import Alerts, ResponseSetting
from sim.model.officers import crowd_speed_share
from sim.model.passages import Trail
from sim.model.presence import presence
from sim.model.response import Response, _Luck, _luck
from tests.model.test_response import LUCKY

compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
POSTS = np.array([[4.0, 1.0], [25.0, -3.0], [60.0, 6.0]])


def wandering_people(rng, people):
    """Return people who wander with a drift, in for 5 s to 90 s, some still in at the end."""
    count = rng.integers(5, 90, people)
    start = np.concatenate([[0], np.cumsum(count)])
    steps = rng.normal([1.1, 0.0], 0.4, (start[-1], 2))
    xy = np.concatenate([np.cumsum(steps[a:b], axis=0) for a, b in pairwise(start)])
    first = np.sort(rng.uniform(0, 400, people))
    left = np.where(rng.random(people) < 0.05, np.nan, first + count - rng.uniform(0, 1, people))
    return presence(Trail(start, first, xy.astype(np.float32)), left)


def both(seed, *, operators, officers, alerts, parameters=LUCKY, people=150):
    """Return what the Mesa shift and the compiled one make of the same alerts."""
    rng = np.random.default_rng(seed)
    there = wandering_people(rng, people)
    person = rng.integers(0, people, alerts)
    stay = there.leave_s[person] - there.trail.first_s[person]
    drawn = Alerts(
        draw=np.zeros(alerts, dtype=np.int64),
        person=person,
        time_s=there.trail.first_s[person] + rng.random(alerts) * stay,
        camera=np.zeros(alerts, dtype=np.int64),
        is_true=rng.random(alerts) < 0.5,
        crowding_per_m2=rng.choice([0.0, 0.3, 1.5, 5.0], alerts),
    ).sorted()
    setting = ResponseSetting(seed, there, operators, officers, POSTS, 0.6, parameters)
    told = Response(setting, drawn)
    while told.running:
        told.step()
    luck = _luck(setting, drawn) if alerts else _Luck([], [], [], [], [])
    trails = Trails(there.trail.start, there.trail.first_s, there.trail.xy, there.leave_s)
    staff = Staff(
        operators,
        officers,
        POSTS,
        parameters.officer_speed_mps,
        parameters.catch_distance_m,
        60.0 * parameters.arrest_away_min,
    )
    given = ShiftAlerts(
        drawn.person,
        drawn.time_s,
        drawn.crowding_per_m2,
        drawn.is_true,
        np.array(luck.review_s, dtype=np.float64),
        np.array(luck.is_pursued, dtype=np.bool_),
        np.array(luck.is_found, dtype=np.bool_),
        np.array(luck.stop_s, dtype=np.float64),
        np.array(luck.true_outcome, dtype=np.int64),
    )
    record = played(trails, staff, given)
    return told, record


def played(trails, staff, alerts):
    count = len(alerts.person)
    desk = Desk(
        np.empty(staff.operators),
        np.empty(staff.operators, dtype=np.int64),
        np.empty((staff.officers, 2)),
        np.empty(staff.officers),
        np.empty(count, dtype=np.int64),
    )
    record = ShiftRecord(
        np.empty(count, dtype=np.int64),
        np.empty(count),
        np.empty(count, dtype=np.bool_),
        np.empty(count, dtype=np.bool_),
        np.empty(count, dtype=np.bool_),
        np.empty(count),
        np.empty(count),
    )
    play_shift(trails, staff, alerts, count, desk, record)
    return record


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    ("operators", "officers", "alerts"),
    [(1, 1, 12), (1, 4, 60), (2, 2, 200), (3, 6, 200), (0, 2, 20), (2, 0, 20), (200, 1, 30)],
)
def test_every_alert_ends_as_it_does_with_agents(seed, operators, officers, alerts):  # parity
    told, record = both(seed, operators=operators, officers=officers, alerts=alerts)
    np.testing.assert_array_equal(record.outcome, told.outcome)
    # Sums in another order: some 1e-12 s on times of hours.
    np.testing.assert_allclose(record.officer_s / 60.0, told.officer_min, rtol=0, atol=1e-9)


def test_a_shift_of_all_outcomes_was_compared():
    seen = set()
    for seed in range(40):
        seen |= set(both(seed, operators=2, officers=2, alerts=200)[0].outcome)
    assert seen == set(range(8))


def test_a_dismissed_alert_says_whether_it_would_have_been_met():
    nobody = replace(LUCKY, pursue_true=0.0)
    told, record = both(3, operators=5, officers=5, alerts=60, parameters=nobody)
    dismissed = np.array(told.outcome) == kernels.DISMISSED
    assert record.is_met[dismissed].any()
    assert (record.chase_s[record.is_met] >= 0).all()
    np.testing.assert_array_equal(record.is_read, record.outcome != kernels.UNREAD)
    assert not record.is_answered[~record.is_read].any()
    assert not record.is_met[~record.is_answered].any()


def test_the_outcomes_have_the_order_of_the_model():
    from sim.model.alerts import OUTCOMES

    words = ("unread", "dismissed", "no officer", "lost", "mistaken stop", "arrest")
    assert OUTCOMES[: len(words)] == words
    assert OUTCOMES.index("no further action") == kernels.NO_FURTHER_ACTION
    assert OUTCOMES.index("arrest") == kernels.ARREST


@pytest.mark.parametrize("crowding", [0.0, 0.1, 1.0, 5.0, 9.0])
def test_speed_in_a_crowd_is_the_models(crowding):  # parity
    assert kernels.speed_share(crowding) == pytest.approx(crowd_speed_share(crowding), rel=1e-14)


def test_no_alert_is_no_shift():
    _, record = both(1, operators=2, officers=2, alerts=0)
    assert len(record.outcome) == 0


@compiled
def test_the_compiled_shift_equals_the_plain_one(monkeypatch):  # parity
    fast = both(5, operators=2, officers=3, alerts=80)[1]
    names = ("position_at", "catch_of", "officer_position", "nearest_free", "begin_shift")
    for name in (*names, "decide", "speed_share"):
        monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    monkeypatch.setitem(globals(), "play_shift", play_shift.py_func)
    plain = both(5, operators=2, officers=3, alerts=80)[1]
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
