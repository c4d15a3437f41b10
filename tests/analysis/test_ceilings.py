"""Limits: chances against a plain count, what binds, moves to neighbours."""

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.analysis.ceilings import Limit, cheapest_move, is_kept, kept_limits, neighbours
from sim.analysis.policies import PolicyTable

NAMES = (col.TRUE_ALERTS, col.MISTAKEN_STOPS, col.DISPARITY)


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def table_of(values, policies=None):
    values = np.asarray(values, dtype=float)
    if policies is None:
        policies = pd.DataFrame({"lever": np.arange(len(values), dtype=float)})
    return PolicyTable(policies, NAMES, values, np.nanmean(values, axis=1), (), 0, 0)


@pytest.fixture
def drawn(rng):
    return table_of(rng.gamma(2.0, size=(8, 50, 3)))


LIMITS = (
    Limit(col.MISTAKEN_STOPS, 2.0),
    Limit(col.DISPARITY, 1.5),
    Limit(col.TRUE_ALERTS, 1.0, True),
)


def test_chances_of_keeping_each_limit_and_all_are_those_counted_plainly(drawn):
    kept = kept_limits(drawn, LIMITS)
    for policy in range(8):
        rows = drawn.values[policy]  # noqa: PD011 - no frame
        each = [rows[:, 1] <= 2.0, rows[:, 2] <= 1.5, rows[:, 0] >= 1.0]
        assert kept.chance[policy].tolist() == [one.mean() for one in each]
        assert kept.chance_all[policy] == (each[0] & each[1] & each[2]).mean()
        assert kept.chance_without[policy, 1] == (each[0] & each[2]).mean()
        assert kept.low_all[policy] <= kept.chance_all[policy] <= kept.high_all[policy]


def test_an_undefined_harm_keeps_a_ceiling_and_no_floor():
    values = np.array([np.nan, np.inf, 1.0])
    assert is_kept(values, Limit(col.DISPARITY, 2.0)).tolist() == [True, False, True]
    assert is_kept(values, Limit(col.DISPARITY, 2.0, True)).tolist() == [False, True, False]


def test_the_limit_that_binds_is_the_one_whose_removal_helps_most():
    # The first limit is broken in 3 of 4 draws, the second only where the first is broken too.
    values = [[[1, 9, 1], [1, 9, 1], [1, 9, 9], [1, 1, 1]]]
    kept = kept_limits(table_of(values), LIMITS[:2])
    assert kept.binding.tolist() == [0]
    assert kept.chance_without[0].tolist() == [0.75, 0.25]
    assert kept.study_binding == 0


def test_a_policy_that_always_keeps_all_has_no_binding_limit():
    kept = kept_limits(table_of([[[1, 1, 1]] * 4]), LIMITS)
    assert kept.binding.tolist() == [-1]
    assert kept.best == 0


def test_none_meets_is_said_with_the_nearest_that_misses_least():
    # Neither ever keeps the ceiling; the second misses it by less.
    kept = kept_limits(table_of([[[5, 9, 1]] * 4, [[1, 3, 1]] * 4]), LIMITS[:1])
    assert (kept.best, kept.nearest) == (None, 1)
    assert not kept.meets.any()


def test_of_those_that_meet_the_best_finds_most():
    kept = kept_limits(table_of([[[1, 1, 1]] * 4, [[3, 1, 1]] * 4, [[9, 9, 1]] * 4]), LIMITS[:1])
    assert kept.best == 1


def test_neighbours_are_one_step_of_one_lever_away():
    policies = pd.DataFrame(
        [(0.56, "broad"), (0.60, "broad"), (0.64, "broad"), (0.56, "narrow"), (0.60, "narrow")],
        columns=["threshold", "list"],
    )
    assert neighbours(policies, 0) == [(1, "threshold"), (3, "list")]


def test_the_cheapest_move_wins_most_for_each_match_lost():
    # From 0: to 1 wins 1/2 for 1 match, to 2 wins 1 for 4 matches; both are neighbours.
    policies = pd.DataFrame({"a": [0.0, 1.0, 0.0], "b": [0.0, 0.0, 1.0]})
    values = [[[5, 9, 1]] * 4, [[4, 9, 1]] * 2 + [[4, 1, 1]] * 2, [[1, 1, 1]] * 4]
    move = cheapest_move(kept_limits(table_of(values, policies), LIMITS[:1]), 0)
    assert (move.to, move.lever, move.value) == (1, "a", 1.0)
    assert (move.gain, move.cost, move.gain_a_unit) == (0.5, 1.0, 0.5)


def test_a_move_that_costs_nothing_comes_before_a_larger_one_that_costs():
    policies = pd.DataFrame({"a": [0.0, 1.0, 0.0], "b": [0.0, 0.0, 1.0]})
    values = [[[5, 9, 1]] * 4, [[5, 9, 1]] * 3 + [[5, 1, 1]], [[1, 1, 1]] * 4]
    move = cheapest_move(kept_limits(table_of(values, policies), LIMITS[:1]), 0)
    assert (move.to, move.gain) == (1, 0.25)


def test_there_is_no_move_where_no_neighbour_helps():
    assert cheapest_move(kept_limits(table_of([[[1, 9, 1]] * 4] * 2), LIMITS[:1]), 0) is None
