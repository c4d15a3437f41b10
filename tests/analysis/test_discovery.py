"""Boxes: a planted one is found, noise is not, dependent cases count as what they are."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis import discovery
from sim.analysis.conditions import all_hold, conditions
from sim.analysis.discovery import crossed, discover
from sim.analysis.prim import Cases
from sim.errors import SimError

FACTORS = list("abcdef")


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def uniform(rng, count):
    return pd.DataFrame(rng.random((count, len(FACTORS))), columns=FACTORS)


@pytest.fixture(autouse=True)
def fewer_redraws(monkeypatch):
    monkeypatch.setattr(discovery, "BOOTSTRAPS", 10)
    monkeypatch.setattr(discovery, "PERMUTATIONS", 19)


def test_a_planted_box_is_found_with_its_ends_and_nothing_else(rng):
    factors = uniform(rng, 1000)
    fails = ((factors["a"] < 0.4) & (factors["b"] > 0.5)).to_numpy()
    box = discover(Cases(factors, fails)).box
    ends = {one.name: (one.low, one.high) for one in box.restrictions}
    assert set(ends) == {"a", "b"}
    # Peels and pastes are 5 % of the box: an end lies within 0.05 of the planted one.
    assert ends["a"][0] is None
    assert ends["a"][1] == pytest.approx(0.4, abs=0.05)
    assert ends["b"] == (pytest.approx(0.5, abs=0.05), None)
    assert min(box.coverage, box.density) > 0.9
    assert all(one.reproduced == pytest.approx(1) for one in box.restrictions)


def test_a_box_is_found_where_most_cases_fail(rng):
    factors = uniform(rng, 600)
    fails = (factors["c"] > 0.2).to_numpy()
    found = discover(Cases(factors, fails))
    assert found.is_found
    assert [one.name for one in found.box.restrictions] == ["c"]


def test_a_value_of_a_set_is_found(rng):
    factors = uniform(rng, 400).assign(signs=rng.random(400) < 0.5)
    fails = factors["signs"].to_numpy() & (rng.random(400) < 0.9)
    (one,) = discover(Cases(factors, fails)).box.restrictions
    assert one.name == "signs"
    assert one.values == (True,)  # noqa: PD011 - no frame


@pytest.mark.statistical
def test_noise_gives_a_box_no_more_often_than_the_stated_rate(monkeypatch):
    monkeypatch.setattr(discovery, "BOOTSTRAPS", 1)
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found += discover(Cases(uniform(rng, 150), rng.random(150) < 0.3), seed=seed).is_found
    # At most 5 % each; 10 or more of 40 by chance: P = 2e-5.
    assert found < 10


@pytest.mark.statistical
def test_draws_that_many_policies_share_do_not_count_as_many(monkeypatch):
    monkeypatch.setattr(discovery, "BOOTSTRAPS", 1)
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        draw, policy = np.tile(np.arange(20), 20), np.repeat(np.arange(20), 20)
        factors = uniform(rng, 20).iloc[draw].reset_index(drop=True).assign(lever=policy * 1.0)
        fails = (rng.random(20) < 0.4)[draw]  # by draw alone, and by no factor
        if 10 <= fails.sum() <= 390:
            cases = Cases(factors, fails, policy, draw, ("lever",))
            found += discover(cases, seed=seed).is_found
    # As above: 10 or more of 40 at 5 % each, P = 2e-5.
    assert found < 10


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "none of 100"), (1.0, "all of 100"), (0.05, "5 of 100 cases fail")]
)
def test_too_few_of_a_kind_is_said(rng, share, said):
    found = discover(Cases(uniform(rng, 100), np.arange(100) < 100 * share))
    assert found.box is None
    assert not found.is_found
    assert said in found.reason


def test_crossed_cases_are_known_as_such():
    assert crossed(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    assert not crossed(np.arange(4), np.arange(4))


def test_conditions_are_read_and_hold_where_both_do():
    wanted = conditions("stops > 0.1 and matches<=1e0", ["stops", "matches"])
    values = {"stops": np.array([0.2, 0.2, np.nan]), "matches": np.array([1.0, 2.0, 0.0])}
    assert [str(one) for one in wanted] == ["stops > 0.1", "matches <= 1"]
    assert all_hold(wanted, values).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stop > 1", "unknown outcome 'stop'; did you mean 'stops'"),
        ("stops > one", "'one' is not a number"),
        ("stops > inf", "'inf' is not a number"),
        ("stops == 1", "NAME OP NUMBER"),
        ("stops > 1 or stops < 0", "NAME OP NUMBER"),
        ("__import__('os')", "NAME OP NUMBER"),
        ("", "NAME OP NUMBER"),
        ("stops > " + "1" * 2000, "at most 1,000"),
    ],
)
def test_a_condition_at_fault_is_refused_with_the_part(text, said):
    with pytest.raises(SimError) as error:
        conditions(text, ["stops", "matches"])
    assert said in str(error.value)
