from itertools import product

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.analysis.preferred_policy import Criterion, preferred
from sim.analysis.value_of_information import worth_knowing
from sim.errors import SimError

LEVER = "policy.threshold"
HERE = "street.footfall.people"
X, Y = "matching.x", "response.y"


def paired_table(harm, benefit, *, draws=40, policies=(0.58, 0.62), days=1, seed=2):
    """Every policy under the same draws of x and y; harm and benefit of (policy, x, y)."""
    rng = np.random.default_rng(seed)
    x, y = rng.permutation(draws) / draws, rng.permutation(draws) / draws
    rows = [
        {
            col.POINT: point,
            LEVER: policy,
            X: x[draw],
            Y: y[draw],
            col.REPLICATION: day,
            col.MISTAKEN_STOPS: harm(policy, x[draw], y[draw]),
            col.TRUE_ALERTS: benefit(policy, x[draw], y[draw]),
        }
        for point, (draw, policy) in enumerate(product(range(draws), policies))
        for day in range(days)
    ]
    return pd.DataFrame(rows)


def one(policy, x, y):
    return 1.0


def crossing(policy, x, y):
    """The low threshold does less harm where x is below a half, more above; 0.9 and 1 on average.

    Low: 0.4 where x < 0.5, 1.4 else. High: 1 everywhere.
    """
    return (0.4 if x < 0.5 else 1.4) if policy == 0.58 else 1.0


def asked(table, **more):
    return worth_knowing(table, policies=[LEVER], unknowns=[X, Y], **more)


def test_a_case_solved_by_hand():
    found = asked(paired_table(crossing, one))
    assert found.is_paired
    assert found.policies[found.preferred].policy == {LEVER: 0.58}
    x, y = found.unknowns
    assert (x.name, y.name) == (X, Y)
    # In fifths of x: below 0.4 the low threshold stays; the middle fifth is half and half (0.9
    # against 1: it stays); above 0.6 the high one is better: 2 fifths change.
    assert x.chance_of_change == pytest.approx(0.4)
    assert x.is_told_apart
    # Known: (0.4 + 0.4 + 0.9 + 1 + 1) / 5; now 0.9.
    assert x.harm_now == pytest.approx(0.9)
    assert x.harm_known == pytest.approx(0.74)
    assert not y.is_told_apart
    # With everything known the high threshold is preferred wherever x is 0.5 or more.
    assert found.all_known == pytest.approx(0.5)


def test_a_named_unknown_of_two_values_has_the_textbook_value():
    # Felli & Hazen by hand: x 0 or 1, equally likely, harm 0.4 or 1.4 against 1: EVPPI 0.2.
    table = paired_table(crossing, one)
    table[X] = (table[X] >= 0.5).astype(float)
    x = next(unknown for unknown in asked(table).unknowns if unknown.name == X)
    assert x.harm_now - x.harm_known == pytest.approx(0.2)
    assert x.chance_of_change == pytest.approx(0.5)


def test_policies_under_draws_of_their_own_are_answered_too():
    table = paired_table(crossing, one, draws=1000)
    apart = table[(table[col.POINT] // 2 + table[col.POINT]) % 2 == 0].copy()
    apart[col.POINT] = np.arange(len(apart))
    found = asked(apart)
    assert not found.is_paired
    assert np.isnan(found.all_known)
    assert found.unknowns[0].name == X
    assert found.unknowns[0].is_told_apart
    assert found.unknowns[0].chance_of_change == pytest.approx(0.4, abs=0.05)


@pytest.mark.statistical
def test_pure_noise_is_not_worth_knowing():
    alarms = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)

        def noisy(policy, x, y, rng=rng):
            return float(rng.lognormal(0, 0.5))

        found = asked(paired_table(noisy, one, seed=seed), seed=seed)
        alarms += any(unknown.is_told_apart for unknown in found.unknowns)
    assert alarms < 8  # at most 5 in 100 tables have an alarm: 8 of 20 has a chance of 4e-6


def test_the_criterion_is_the_users_and_changes_the_choice():
    def benefit(policy, x, y):
        return 1.0 if policy == 0.58 else 0.7

    def harm(policy, x, y):
        return 1.0 if policy == 0.58 else 0.1

    table = paired_table(harm, benefit)
    strict, lenient = (asked(table, criterion=Criterion(least_share=share)) for share in (0.8, 0.5))
    assert strict.policies[strict.preferred].policy == {LEVER: 0.58}
    assert lenient.policies[lenient.preferred].policy == {LEVER: 0.62}
    assert [policy.is_enough for policy in strict.policies] == [True, False]


def test_expected_harm_is_divided_by_expected_benefit_not_ratios_averaged():
    harm, benefit = np.array([[1.0, 1.2]]), np.array([[1.0, 1.5]])
    assert preferred(harm, benefit, 0.5).tolist() == [1]  # 0.8 against 1


def test_with_no_benefit_anywhere_the_least_harm_is_preferred():
    harm, benefit = np.array([[2.0, 1.0]]), np.zeros((1, 2))
    assert preferred(harm, benefit, 0.8).tolist() == [1]


def test_a_policy_without_benefit_is_never_preferred_to_one_with_it():
    harm, benefit = np.array([[0.0, 5.0]]), np.array([[0.0, 1.0]])
    assert preferred(harm, benefit, 0.0).tolist() == [1]


def test_a_draw_with_a_failed_run_is_dropped_for_every_policy():
    table = paired_table(crossing, one, days=2)
    table.loc[5, col.MISTAKEN_STOPS] = np.nan
    found = asked(table)
    assert found.is_paired
    assert (found.points, found.left_out, found.draws) == (78, 2, 39)


def test_circumstances_are_averaged_over_and_not_ranked():
    parts = []
    for place, people in enumerate((1000.0, 2000.0)):
        part = paired_table(crossing, one)
        part[HERE] = people
        part[col.POINT] += place * len(part)
        parts.append(part)
    found = asked(pd.concat(parts, ignore_index=True), circumstances=[HERE])
    assert [unknown.name for unknown in found.unknowns] == [X, Y]
    assert found.draws == 80


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"policies": [], "unknowns": [X]}, "no choice: the study varies no field of policy"),
        ({"policies": [LEVER], "unknowns": []}, "nothing is unknown"),
    ],
)
def test_what_is_missing_is_said(order, words):
    with pytest.raises(SimError, match=words):
        worth_knowing(paired_table(crossing, one), **order)


def test_too_few_draws_say_what_would_do():
    with pytest.raises(SimError, match=r"at least 20 are needed: give levers of policy"):
        asked(paired_table(crossing, one, draws=10))


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(SimError, match="0 to 1"):
        Criterion(least_share=share)
