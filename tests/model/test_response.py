from dataclasses import replace

import mesa
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import columns as col
from sim.model.alerts import (
    LEAST_DRAWS,
    MOST_DRAWS,
    OUTCOMES,
    Alerts,
    ResponseParameters,
    ResponseSetting,
    draws_needed,
    pursue_false_chance,
    response_parameters,
    response_setting,
    shift_load,
)
from sim.model.officers import Officer, Operator
from sim.model.passages import Trail
from sim.model.presence import presence
from sim.model.response import Response, respond
from sim.scenario.beliefs import beliefs_of
from sim.scenario.schema import Assumptions, Scenario
from tests.properties import examples

CAMERAS = ("north", "south")
STOPS = ("mistaken stop", "arrest", "no further action", "out of date")
CERTAIN = ResponseParameters(  # nothing left to luck: read in 5 s, pursued, found, arrested
    review_s=5.0,
    review_log_sd=0.0,
    pursue_true=1.0,
    pursue_false_intercept=40.0,
    pursue_false_slope=0.0,
    officer_speed_mps=1.8,
    catch_distance_m=1.5,
    lost_in_crowd=0.0,
    lost_reference_density_per_m2=0.2,
    mistaken_stop_min=5.0,
    true_stop_min=10.0,
    stop_log_sd=0.0,
    arrest_away_min=90.0,
    arrest_share=1.0,
    out_of_date_share=0.0,
    witness_radius_m=10.0,
)
LUCKY = replace(
    CERTAIN,
    review_log_sd=0.5,
    pursue_true=0.8,
    pursue_false_intercept=0.0,
    lost_in_crowd=0.2,
    stop_log_sd=0.6,
    arrest_share=0.4,
    out_of_date_share=0.2,
)


def street(entry_s, *, stay_s=60.0, speed=1.0):
    """Let everybody walk along x from 0, each from their own time on, for ``stay_s``."""
    entry_s = np.asarray(entry_s, dtype=np.float64)
    stay = np.broadcast_to(stay_s, entry_s.shape)
    count = np.floor(stay).astype(np.int64) + 1
    start = np.concatenate([[0], np.cumsum(count)])
    x = speed * (np.arange(start[-1]) - np.repeat(start[:-1], count))
    xy = np.column_stack([x, np.zeros_like(x)]).astype(np.float32)
    return presence(Trail(start, entry_s, xy), entry_s + stay)


def setting_of(people, parameters=CERTAIN, *, operators=1, officers=1, posts=((20.0, 0.0),)):
    return ResponseSetting(
        seed=7,
        presence=people,
        operators=operators,
        officers=officers,
        posts=np.array(posts, dtype=np.float64).reshape(-1, 2),
        pursue_false=pursue_false_chance(parameters, 1.0),
        parameters=parameters,
    )


def alerts_of(times, *, person=None, is_true=True, crowding=0.0, draw=0):
    count = len(times)
    return Alerts(
        draw=np.broadcast_to(np.int64(draw), count).copy() if np.ndim(draw) == 0 else draw,
        person=np.arange(count) if person is None else np.asarray(person),
        time_s=np.asarray(times, dtype=np.float64),
        camera=np.zeros(count, dtype=np.int64),
        is_true=np.broadcast_to(is_true, count).copy(),
        crowding_per_m2=np.full(count, crowding),
    )


def response_table(setting, alerts):
    return respond(setting, alerts, cameras=CAMERAS)


def outcomes(setting, alerts):
    return response_table(setting, alerts)[col.OUTCOME].tolist()


def many_draws(*, draws=60, a_draw=5, people=120, seed=3):
    rng = np.random.default_rng(seed)
    entry = np.sort(rng.uniform(0, 600, people))
    person = np.concatenate([rng.choice(people, a_draw, replace=False) for _ in range(draws)])
    alerts = alerts_of(
        entry[person] + rng.uniform(2, 30, len(person)),
        person=person,
        is_true=rng.random(len(person)) < 0.5,
        crowding=0.4,
        draw=np.repeat(np.arange(draws), a_draw),
    )
    return street(entry), alerts


def test_an_alert_is_read_pursued_and_stopped():
    table = response_table(setting_of(street([0.0])), alerts_of([10.0]))
    row = table.iloc[0]
    assert row[col.OUTCOME] == "arrest"
    assert row[col.STOP_MINUTES] == pytest.approx(10.0)
    # Read at 15 s with the person at 15 m, the post at 20 m: 1.25 s until 1.5 m are left.
    assert row[col.OFFICER_MINUTES] == pytest.approx(100 + (5 - 1.5) / 2.8 / 60)


def test_a_false_alert_ends_in_a_mistaken_stop_of_its_own_length():
    row = response_table(setting_of(street([0.0])), alerts_of([10.0], is_true=False)).iloc[0]
    assert row[col.OUTCOME] == "mistaken stop"
    assert row[col.STOP_MINUTES] == pytest.approx(5.0)


def test_an_alert_whose_review_ends_after_the_person_left_is_unread():
    people = street([0.0, 0.0], stay_s=[30.0, 30.0])
    assert outcomes(setting_of(people, operators=2), alerts_of([24.9, 25.0])) == [
        "lost",  # 0.1 s are too few for an officer 10 m away
        "unread",
    ]


def test_the_newest_alert_is_read_first():
    people = street([0.0, 0.0, 0.0], stay_s=14.0)
    setting = setting_of(people, officers=3)
    assert outcomes(setting, alerts_of([0.0, 1.0, 2.0])) == ["arrest", "unread", "arrest"]


def test_at_the_same_time_a_review_ends_before_an_alert_comes_in():
    shift = Response(setting_of(street([0.0, 0.0])), alerts_of([10.0, 15.0]))
    shift.step()
    shift.step()
    assert shift.time_s == 15.0
    assert shift.outcome[0] == OUTCOMES.index("arrest")
    assert shift.waiting == []
    shift.step()
    assert shift.operators[0].alert == 1


def test_without_operators_every_alert_stays_unread():
    setting = setting_of(street([0.0, 1.0]), operators=0)
    assert outcomes(setting, alerts_of([5.0, 6.0])) == ["unread", "unread"]


def test_without_officers_nobody_is_stopped():
    setting = setting_of(street([0.0, 1.0]), officers=0, posts=())
    assert outcomes(setting, alerts_of([5.0, 6.0])) == ["no officer", "no officer"]


def test_an_alert_that_is_not_believed_is_dismissed():
    setting = setting_of(street([0.0]), replace(CERTAIN, pursue_true=0.0))
    assert outcomes(setting, alerts_of([5.0])) == ["dismissed"]


def test_an_officer_far_away_loses_the_person():
    setting = setting_of(street([0.0], stay_s=30.0), posts=[(500.0, 0.0)])
    row = response_table(setting, alerts_of([5.0])).iloc[0]
    assert row[col.OUTCOME] == "lost"
    assert row[col.OFFICER_MINUTES] == pytest.approx(20 / 60)


def test_the_nearest_free_officer_goes():
    setting = setting_of(street([0.0, 0.0]), officers=2, posts=[(400.0, 0.0), (20.0, 0.0)])
    # The first alert takes the near officer; the far one is too late for the second.
    assert outcomes(setting, alerts_of([10.0, 20.0])) == ["arrest", "lost"]


def test_an_arrest_keeps_the_officer_away():
    people = street([0.0, 1200.0])
    times = alerts_of([10.0, 1210.0])
    assert outcomes(setting_of(people), times) == ["arrest", "no officer"]
    soon_back = replace(CERTAIN, arrest_away_min=5.0)
    assert outcomes(setting_of(people, soon_back), times) == ["arrest", "arrest"]


def test_after_a_stop_an_officer_walks_back_to_the_post():
    released = replace(CERTAIN, arrest_share=0.0)
    shift = Response(setting_of(street([0.0]), released), alerts_of([30.0]))
    while shift.running:
        shift.step()
    officer = shift.officers[0]
    assert officer.place[0] == pytest.approx(35 + (15 - 1.5) / 0.8, abs=0.01)  # from behind
    assert not officer.is_free(600.0)
    assert officer.position(officer.free_at_s + 5.0, 1.8)[0] == pytest.approx(
        officer.place[0] - 9.0
    )
    assert officer.position(officer.free_at_s + 3600.0, 1.8) == officer.post


def test_a_dense_crowd_hides_people_and_slows_officers():
    people, alerts = many_draws()
    sparse = replace(alerts, crowding_per_m2=np.zeros(len(alerts)))
    dense = replace(alerts, crowding_per_m2=np.full(len(alerts), 2.0))
    setting = setting_of(people, replace(CERTAIN, lost_in_crowd=0.03), officers=5)
    lost_sparse, lost_dense = (outcomes(setting, a).count("lost") for a in (sparse, dense))
    assert lost_dense > lost_sparse + 30


def test_a_mesa_user_can_step_a_shift_and_look_at_its_agents():
    shift = Response(setting_of(street([0.0, 5.0]), operators=2, officers=3), alerts_of([5.0, 9.0]))
    assert isinstance(shift, mesa.Model)
    assert len(shift.agents) == 5
    assert {type(agent) for agent in shift.agents} == {Operator, Officer}
    shift.step()
    assert shift.operators[0].alert == 0
    while shift.running:
        shift.step()
    assert shift.steps == 4  # two alerts, two reviews
    shift.step()
    assert shift.outcome == [OUTCOMES.index("arrest")] * 2


def test_a_shift_can_be_begun_again_without_a_trace():
    people, alerts = many_draws(draws=2)
    first, second = (alerts.rows(np.flatnonzero(alerts.draw == d)).sorted() for d in (0, 1))
    setting = setting_of(people, LUCKY)

    def play(shift):
        while shift.running:
            shift.step()
        return shift.outcome, shift.stop_min, shift.officer_min, shift.witnesses

    used = Response(setting, first)
    play(used)
    used.begin(second)
    assert play(used) == play(Response(setting, second))


def test_the_table_names_its_columns_and_types():
    people, alerts = many_draws()
    table = response_table(setting_of(people, LUCKY), alerts)
    assert len(table) == len(alerts)
    for name in table.columns:
        assert str(table[name].dtype) == col.TABLE_COLUMNS[name].dtype
    assert tuple(table[col.OUTCOME].cat.categories) == OUTCOMES
    assert tuple(table[col.CAMERA].cat.categories) == CAMERAS


def test_no_alert_gives_an_empty_table_of_the_same_types():
    people, alerts = many_draws()
    setting = setting_of(people, LUCKY)
    nothing = response_table(setting, alerts.rows(slice(0, 0)))
    assert len(nothing) == 0
    pd.testing.assert_series_equal(nothing.dtypes, response_table(setting, alerts).dtypes)


def test_draws_may_come_in_any_order_or_apart():
    people, alerts = many_draws()
    setting = setting_of(people, LUCKY, officers=2)
    whole = response_table(setting, alerts)
    shuffled = np.random.default_rng(1).permutation(len(alerts))
    pd.testing.assert_frame_equal(response_table(setting, alerts.rows(shuffled)), whole)
    halves = [alerts.rows(np.flatnonzero((alerts.draw < 31) == side)) for side in (True, False)]
    apart = pd.concat([response_table(setting, half) for half in halves], ignore_index=True)
    pd.testing.assert_frame_equal(apart, whole)


def test_further_alerts_leave_the_luck_of_the_others_as_it_was():
    people, alerts = many_draws(draws=30)
    setting = setting_of(people, LUCKY, operators=50, officers=50)  # so many: nobody waits
    whole = response_table(setting, alerts)
    kept = np.arange(len(alerts)) % 3 > 0
    fewer = response_table(setting, alerts.sorted().rows(np.flatnonzero(kept)))
    assert fewer[col.OUTCOME].tolist() == whole.loc[kept, col.OUTCOME].tolist()
    assert fewer[col.STOP_MINUTES].tolist() == whole.loc[kept, col.STOP_MINUTES].tolist()


def test_another_seed_gives_other_luck():
    people, alerts = many_draws()
    setting = setting_of(people, LUCKY)
    assert outcomes(setting, alerts) != outcomes(replace(setting, seed=8), alerts)


def test_outcomes_of_one_alert_are_independent_between_draws():
    count = 4000
    alerts = alerts_of(
        [10.0] * count, person=np.zeros(count, dtype=np.int64), draw=np.arange(count)
    )
    found = np.array(outcomes(setting_of(street([0.0]), LUCKY), alerts)) == "dismissed"
    # Binomial, 4000 draws of 0.2: 4 standard deviations, false alarm 6e-5; neighbours likewise.
    assert abs(found.mean() - 0.2) < 4 * np.sqrt(0.16 / count)
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 4 / np.sqrt(count)


@settings(max_examples=examples(60), deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(0, 12),
    operators=st.integers(0, 3),
    officers=st.integers(0, 3),
)
def test_every_alert_has_one_outcome_that_fits_it(seed, count, operators, officers):  # property
    rng = np.random.default_rng(seed)
    entry = rng.uniform(0, 200, 15)
    person = rng.choice(15, count, replace=False)
    people = street(entry, stay_s=rng.uniform(3, 90, 15))
    alerts = alerts_of(
        entry[person] + rng.uniform(0, 60, count),
        person=person,
        is_true=rng.random(count) < 0.5,
        crowding=float(rng.uniform(0, 7)),
    )
    setting = setting_of(
        people, LUCKY, operators=operators, officers=officers, posts=[(20, 3), (50, -3)]
    )
    table = response_table(setting, alerts)
    assert sorted(table[col.PERSON]) == sorted(person)
    assert table[col.OUTCOME].notna().all()
    is_stop = table[col.OUTCOME].isin(STOPS)
    assert ((table[col.STOP_MINUTES] > 0) == is_stop).all()
    assert (table[col.OFFICER_MINUTES] >= table[col.STOP_MINUTES]).all()
    assert (table.loc[~is_stop, col.WITNESSES] == 0).all()
    is_mistaken = table[col.OUTCOME] == "mistaken stop"
    assert (is_mistaken == (is_stop & ~table[col.IS_TRUE])).all()
    gone = people.leave_s[table[col.PERSON]] <= table[col.ALERT_TIME]
    assert (table.loc[gone, col.OUTCOME] == "unread").all()
    if not operators:
        assert (table[col.OUTCOME] == "unread").all()
    if not officers:
        assert table[col.OUTCOME].isin(["unread", "dismissed", "no officer"]).all()


@pytest.mark.parametrize(
    ("expected", "draws"), [(0, LEAST_DRAWS), (8, 313), (2500, LEAST_DRAWS), (0.3, MOST_DRAWS)]
)
def test_few_alerts_need_many_draws(expected, draws):
    assert draws_needed(expected) == draws
    assert draws_needed(1e-300) == MOST_DRAWS


def test_parameters_come_from_the_register_and_its_overrides():
    believed = beliefs_of(Assumptions()).replaced({"response.review_s": 12.0})
    parameters = response_parameters(believed)
    assert parameters.review_s == 12.0
    assert parameters.pursue_true == believed.value("response.pursue_true")


def test_a_setting_takes_posts_from_the_policy_or_stands_by_the_cameras():
    believed = beliefs_of(Assumptions())
    people = street([0.0])

    def posts(scenario):
        found = response_setting(people, scenario, beliefs=believed, false_alerts_a_shift=3.0)
        return found.posts.tolist()

    assert posts(scenario_with()) == [[5.0, 6.0]]
    assert posts(scenario_with(officer_posts_m=((1.0, 2.0),))) == [[1.0, 2.0]]
    assert posts(scenario_with(cameras=())) == [[0.0, 0.0]]


def test_a_short_deployment_has_the_load_of_a_whole_shift():
    believed = beliefs_of(Assumptions())
    assert shift_load(3.0, 2.9, believed) == pytest.approx(6.0)  # of 5.8 h
    longer = believed.replaced({"response.shift_hours": 8.7})
    assert shift_load(3.0, 2.9, longer) == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": np.array([5])}, r"outside 0\.\.1"),
        ({"person": np.array([1])}, "person 1, who has no trail"),
        ({"crowding_per_m2": np.array([np.nan])}, "crowding nan"),
        ({"time_s": np.array([np.inf])}, "time inf s"),
    ],
)
def test_alerts_that_no_walk_can_leave_are_refused(change, words):
    trail = Trail(np.array([0, 3, 3]), np.array([0.0, np.nan]), np.zeros((3, 2), np.float32))
    setting = setting_of(presence(trail, np.array([3.0, np.nan])))
    with pytest.raises(ValueError, match=words):
        response_table(setting, replace(alerts_of([1.0]), **change))


def test_a_shift_takes_alerts_of_one_draw_in_order():
    setting = setting_of(street([0.0, 0.0]))
    with pytest.raises(ValueError, match="sorted by time"):
        Response(setting, alerts_of([9.0, 5.0]))
    with pytest.raises(ValueError, match="one draw"):
        Response(setting, alerts_of([5.0, 9.0], draw=np.array([0, 1])))


@pytest.mark.parametrize(
    ("change", "words"), [({"posts": ()}, "1 officers need"), ({"operators": -1}, "got -1, 1")]
)
def test_a_setting_that_cannot_be_played_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        setting_of(street([0.0]), **change)


def scenario_with(**policy):
    shares = {
        "sex": {"female": 0.5, "male": 0.5},
        "ethnicity": {"white": 1.0, "black": 0.0, "asian": 0.0, "mixed": 0.0, "other": 0.0},
        "age_band": {"child": 0.0, "young": 1.0, "middle": 0.0, "older": 0.0},
    }
    camera = {
        "name": "north",
        "position_m": (5.0, 6.0),
        "height_m": 3.0,
        "heading_deg": 90.0,
        "tilt_deg": 10.0,
        "field_of_view_deg": 40.0,
        "near_m": 2.0,
        "far_m": 15.0,
    }
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "name": "corridor",
            "title": "A corridor",
            "purpose": "posts and cameras",
            "street": {
                "place": "corridor",
                "walkable_m": ((0.0, 0.0), (40.0, 0.0), (40.0, 6.0), (0.0, 6.0)),
                "entrances": ({"name": "west", "from_m": (0.0, 0.0), "to_m": (0.0, 6.0)},),
                "exits": ({"name": "east", "from_m": (40.0, 0.0), "to_m": (40.0, 6.0)},),
                "flows": ({"entrance": "west", "exit": "east", "share": 1.0},),
                "footfall": {"people": 10.0, "counted_from_hour": 10.0, "counted_hours": 1.0},
                "crowd": shares,
            },
            "policy": {
                "start_hour": 10.0,
                "hours": 1.0,
                "cameras": (camera,),
                "watchlist": {"size": 10, "composition": shares},
                "threshold": 0.6,
                "operators": 1,
                "officers": 1,
                **policy,
            },
        }
    )
