"""One engine: what is expected, its spreads, and what follows from it on every surface."""

import pickle

import numpy as np
import pytest

from sim import columns as col
from sim.answer.expected import EVENTS, FATES
from sim.answer.report import answer_json, as_json
from sim.answer.result import AnsweringStreet, simulate
from sim.answer.several import simulate_same_people
from sim.errors import SimError

pytestmark = pytest.mark.whole


def test_an_estimate_is_the_mean_over_the_draws_of_its_interval(small):
    for name in EVENTS:
        means = small.drawn.event(name)
        assert small.spreads[name].estimate == pytest.approx(means.mean())
        assert small.spreads[name].unknown[0] <= means.mean() <= small.spreads[name].unknown[1]
    stops, matches = small.drawn.event("mistaken"), small.drawn.event("true_alerts")
    ratio = small.spreads["per_true_match"]
    assert ratio.estimate == pytest.approx(stops.mean() / matches.mean())
    assert abs((stops / matches).mean() / ratio.estimate - 1) > 0.02  # the mean of ratios is not


def test_no_estimate_lies_at_the_edge_of_its_band(small, busy):
    """Of what the first page shows: between the tenth and the ninetieth of 100 draws."""
    for result in (small, busy):
        for name in ("false_alerts", "true_alerts", "mistaken", "correct", "arrests"):
            means = result.drawn.event(name)
            assert 0.1 < (means < means.mean()).mean() < 0.9, name


def test_parts_add_up_to_their_whole(busy):
    counted = busy.counted
    for kind, stops in (("false", "mistaken"), ("true", "correct")):
        fates = sum(counted[f"{kind}_{fate}"].estimate for fate in FATES)
        assert fates + counted[stops].estimate == pytest.approx(counted[f"{kind}_alerts"].estimate)
    ends = sum(counted[name].estimate for name in ("arrests", "out_of_date", "no_action"))
    assert ends == pytest.approx(counted["correct"].estimate)
    for heading in (col.SEX, col.ETHNICITY, col.AGE_BAND):
        table = busy.by(heading)
        assert table[col.MISTAKEN_STOPS].sum() == pytest.approx(counted["mistaken"].estimate)
        assert table[col.TRUE_ALERTS].sum() == pytest.approx(counted["true_alerts"].estimate)


def test_a_group_has_a_ratio_of_its_own_with_its_interval(busy):
    table = busy.by("ethnicity", "sex")
    assert list(table.columns[:2]) == ["sex", "ethnicity"]
    ratio = table[col.PER_TRUE_MATCH]
    assert ratio.tolist() == pytest.approx(
        (table[col.MISTAKEN_STOPS] / table[col.TRUE_ALERTS]).tolist()
    )
    assert (table[f"{col.PER_TRUE_MATCH}_low"] <= ratio).all()
    assert (ratio <= table[f"{col.PER_TRUE_MATCH}_high"]).all()
    rows = as_json(busy, by=("ethnicity",))["by"]
    assert [row["ethnicity"] for row in rows] == busy.by("ethnicity")["ethnicity"].tolist()
    for row in rows:
        found = row["false_stops_per_true_match"]
        assert found["low"] <= found["estimate"] <= found["high"]


@pytest.mark.parametrize("wrong", [("ethnicty",), ()])
def test_a_heading_that_is_none_is_refused(busy, wrong):
    with pytest.raises(SimError, match="ethnicity"):
        busy.by(*wrong)


def test_every_low_and_high_of_the_answer_is_about_what_is_not_known(busy):
    answer = answer_json(busy)
    for family in ("alerts", "stops", "missed", "burden"):
        for name, count in answer[family].items():
            assert count["low"] <= count["mean"] <= count["high"], name
            assert len(count["one_deployment"]) == len(count["luck"]) == 2
    mistaken = answer["stops"]["mistaken"]
    assert mistaken["low"] == pytest.approx(busy.spreads["mistaken"].unknown[0])


def test_other_policies_are_answered_on_the_same_draws_and_people(busy, busy_street):
    street = AnsweringStreet(busy.scenario, busy.passages)
    strict = street.answer(busy_street("run.draws=1000", "policy.threshold=0.58"))
    again = street.answer(busy.scenario)
    assert again.passages is strict.passages
    for name, values in again.values.items():
        np.testing.assert_array_equal(values, strict.values[name])
    assert (strict.drawn.event("false_alerts") < again.drawn.event("false_alerts")).all()
    np.testing.assert_array_equal(again.drawn.events, busy.drawn.events)
    with pytest.raises(SimError, match="walked anew"):
        street.answer(busy_street("street.footfall.people=1400.0"))


def test_each_error_model_is_told_as_if_it_were_chosen(busy, busy_street):
    chosen = simulate(
        busy_street("run.draws=1000", "assumptions.error_model=met-street"), passages=busy.passages
    )
    row = next(row for row in as_json(busy)["error_models"] if row[col.ERROR_MODEL] == "met-street")
    assert row[col.FALSE_ALERTS] == pytest.approx(chosen.counted["false_alerts"].estimate, rel=1e-8)
    assert row[col.MISTAKEN_STOPS] == pytest.approx(chosen.counted["mistaken"].estimate, rel=1e-8)


def test_without_staff_nobody_is_stopped_nor_seen_to_be(small, quiet_street):
    for settings in (("policy.officers=0",), ("policy.operators=0",)):
        alone = simulate(quiet_street(*settings), passages=small.passages)
        answer = as_json(alone)
        for name in ("mistaken", "correct", "arrests"):
            assert answer["stops"][name]["mean"] == answer["stops"][name]["at_most"] == 0
        assert answer["burden"]["witnesses"]["mean"] == 0
        assert answer["alerts"]["true"]["mean"] > 0


def test_a_changed_policy_leaves_every_passage_as_it_was(quiet_street):
    two = [quiet_street(), quiet_street("policy.threshold=0.62", "policy.officers=1")]
    (first, second), failures = simulate_same_people(two)
    assert failures == []
    assert second.passages is first.passages
    alone = simulate(two[1])
    np.testing.assert_array_equal(alone.passages.exposure_s, first.passages.exposure_s)
    np.testing.assert_array_equal(alone.passages.trail.xy, first.passages.trail.xy)
    assert alone.passages.people.equals(first.passages.people)
    np.testing.assert_array_equal(alone.drawn.events, second.drawn.events)


def test_another_seed_walks_other_people(small, quiet_street):
    other = simulate(quiet_street("run.seed=2"))
    assert not other.passages.people.equals(small.passages.people)


def test_summary_is_tidy_and_says_where_it_is_from(small):
    table = small.summary()
    assert list(table.columns[:4]) == [col.RUN_ID, col.SCENARIO, col.SCENARIO_HASH, col.SEED]
    assert set(table.columns) <= col.TABLE_COLUMNS.keys()
    assert (table[col.SEED] == 1).all()
    assert table[col.RUN_ID].nunique() == 1
    assert table[col.MEASURE].is_unique
    rows = table.set_index(col.MEASURE)
    assert rows.loc["false_alerts", col.ESTIMATE] == small.counted["false_alerts"].estimate
    assert rows.loc["per_true_match", col.UNIT] == "ratio"
    assert (table[col.LOW] <= table[col.HIGH]).all()


def test_a_result_prints_short_pickles_and_shows_in_a_notebook(busy):
    assert len(repr(busy)) < 2000
    assert busy.headline in repr(busy)
    assert "<table" in busy._repr_html_()
    again = pickle.loads(pickle.dumps(busy))  # noqa: S301 - our own bytes
    assert as_json(again) == as_json(busy)
