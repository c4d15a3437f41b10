"""From draws to results: what is sampled, what is summed, and what is one more alert."""

import numpy as np
import pytest

from sim import columns as col
from sim.answer.counts import counts, spreads
from sim.answer.several import simulate_same_people
from sim.answer.single import TAGGED_DRAWS, simulate
from sim.model.alerts import OUTCOMES


def test_the_front_door_offers_load_and_simulate():
    import sim
    from sim import load_scenario
    from sim import simulate as offered

    assert offered is simulate
    assert {"load_scenario", "simulate", "Result", "Scenario"} <= set(sim.__all__)
    assert load_scenario.__module__ == "sim.scenario.load"
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = sim.simulat


@pytest.mark.statistical
def test_sampled_and_summed_alerts_agree_in_mean(busy):
    """Closed form 8. Two tests at 4 SE: false-alarm rate 1.3e-4."""
    counted = counts(busy)
    for name in ("false_alerts", "true_alerts"):
        sampled = counted[name].sampled
        assert sampled.shape == (1000,)
        error = sampled.std() / np.sqrt(len(sampled))
        assert abs(sampled.mean() - counted[name].estimate) < 4 * error, name
        assert error < 0.1 * counted[name].estimate  # else it could not fail


@pytest.mark.statistical
def test_tagged_and_counted_alerts_have_the_same_fates(busy, busy_street):
    """Few draws are tagged, many are counted; 16 shares at 4 SE: false-alarm rate 1e-3 at most,
    fixed by the seed. Neighbouring alerts depend on one another little, at 4 alerts a draw."""
    few = simulate(busy_street("run.draws=20"), passages=busy.passages)
    for tagged, direct in ((few.if_false, busy.if_false), (few.if_true, busy.if_true)):
        assert tagged.alerts == TAGGED_DRAWS
        assert direct.alerts > 2 * TAGGED_DRAWS
        for outcome in OUTCOMES:
            share = (tagged.share[outcome] + direct.share[outcome]) / 2
            error = np.sqrt(share * (1 - share) * (1 / tagged.alerts + 1 / direct.alerts))
            assert abs(tagged.share[outcome] - direct.share[outcome]) <= 4 * error, outcome
        assert sum(tagged.share.values()) == pytest.approx(1)


@pytest.mark.statistical
def test_expected_stops_agree_with_the_stops_of_the_draws(busy):
    for name, counted in counts(busy).items():
        error = counted.sampled.std() / np.sqrt(len(counted.sampled))
        assert abs(counted.sampled.mean() - counted.estimate) <= 4 * error + 1e-12, name


def test_central_assumptions_lie_inside_what_the_assumptions_allow(small):
    for name, spread in spreads(small).items():
        if name in {"false_alerts", "true_alerts", "mistaken", "correct", "per_true_match"}:
            assert spread.unknown[0] < spread.estimate < spread.unknown[1], name


def test_a_changed_policy_leaves_every_passage_as_it_was(quiet_street):
    two = [quiet_street(), quiet_street("policy.threshold=0.62", "policy.officers=1")]
    (first, second), failures = simulate_same_people(two)
    assert failures == []
    assert second.passages is first.passages
    alone = simulate(two[1])
    np.testing.assert_array_equal(alone.passages.exposure_s, first.passages.exposure_s)
    np.testing.assert_array_equal(alone.passages.trail.xy, first.passages.trail.xy)
    assert alone.passages.people.equals(first.passages.people)
    assert alone.alerts.equals(second.alerts)


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
    assert rows.loc["false_alerts", col.ESTIMATE] == small.false_alerts
    assert rows.loc["per_true_match", col.UNIT] == "ratio"
    known = table[table[col.LUCK_LOW].notna()]
    assert (known[col.LOW] <= known[col.HIGH]).all()


def test_the_mean_of_a_ratio_s_parts_is_the_ratio(busy):
    counted, spread = counts(busy), spreads(busy)
    totals = counted["mistaken"].estimate / counted["true_alerts"].estimate
    assert spread["per_true_match"].estimate == pytest.approx(totals)
    own = counted["mistaken"].sampled / np.maximum(counted["true_alerts"].sampled, 1)
    assert abs(own.mean() / totals - 1) > 0.02  # the mean of ratios is another number
