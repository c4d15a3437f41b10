"""Policies that none beats: known fronts, ties, nan and inf; chances against a plain count."""

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.analysis.frontier import BLOCK, PIVOTS, as_costs, frontier, not_beaten
from sim.analysis.policies import FEWEST_DRAWS, policy_table
from sim.errors import SimError

GOALS = (col.TRUE_ALERTS, col.MISTAKEN_STOPS)
RATIOS = {col.PER_TRUE_MATCH: (col.MISTAKEN_STOPS, col.TRUE_ALERTS)}


@pytest.fixture
def rng():
    return np.random.default_rng(20)


def plainly_not_beaten(costs):
    return np.array(
        [not any((other <= one).all() and (other < one).any() for other in costs) for one in costs]
    )


def results(policies, draws, rng, *, replications=1):
    """Return a table of a study: lever 'lever', assumption 'unknown'."""
    count = policies * draws * replications
    place = np.arange(count) // replications
    stops, matches = rng.gamma(2.0, size=count), rng.gamma(2.0, size=count)
    return pd.DataFrame(
        {
            col.POINT: place,
            col.REPLICATION: np.arange(count) % replications,
            col.STATUS: "done",
            col.REASON: "",
            "lever": (place // draws).astype(float),
            "unknown": (place % draws) / draws,
            col.MISTAKEN_STOPS: stops,
            col.TRUE_ALERTS: matches,
            col.PER_TRUE_MATCH: stops / matches,
        }
    )


def table_of(table, outcomes=(*GOALS, col.PER_TRUE_MATCH)):
    return policy_table(
        table, levers=["lever"], others=["unknown"], outcomes=outcomes, ratios=RATIOS
    )


def test_the_front_of_a_hand_made_table_is_the_known_one():
    costs = np.array([[1.0, 5.0], [2.0, 2.0], [5.0, 1.0], [2.0, 3.0], [6.0, 6.0]])
    assert not_beaten(costs).tolist() == [True, True, True, False, False]


def test_policies_that_are_alike_do_not_beat_each_other():
    costs = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 2.0]])
    assert not_beaten(costs).tolist() == [True, True, False]


def test_infinities_are_compared_like_other_values():
    costs = np.array([[np.inf, 1.0], [np.inf, 2.0], [-np.inf, 3.0], [0.0, np.inf]])
    assert not_beaten(costs).tolist() == [True, False, True, False]


@pytest.mark.parametrize("values", [3, 10**6])
def test_the_fast_front_is_the_plain_one_with_ties_and_beyond_a_block(rng, values):
    for size in (1, PIVOTS - 1, BLOCK + 40):
        costs = rng.integers(values, size=(size, 4)).astype(float)
        costs[:, 0] = -costs[:, 1] + costs[:, 0] % 3  # a large front
        assert (not_beaten(costs) == plainly_not_beaten(costs)).all()


def test_an_undefined_harm_is_the_least_and_an_undefined_benefit_too():
    costs = as_costs(np.array([[np.nan, np.nan], [2.0, 1.0]]), GOALS)
    assert costs.tolist() == [[np.inf, -np.inf], [-2.0, 1.0]]


def test_the_chance_of_not_being_beaten_is_the_share_of_draws_counted_plainly(rng):
    table = table_of(results(12, 25, rng))
    found = frontier(table, GOALS)
    values = table.values  # noqa: PD011 - no frame
    for policy in range(12):
        count = sum(
            plainly_not_beaten(as_costs(values[:, draw, :2], GOALS))[policy] for draw in range(25)
        )
        assert found.chance[policy] == count / 25
        assert found.chance_low[policy] <= count / 25 <= found.chance_high[policy]


def test_a_ratio_is_made_of_the_means_of_its_parts(rng):
    given = results(2, 20, rng, replications=3)
    table = table_of(given)
    own = given[given["lever"] == 1.0]
    wanted = own[col.MISTAKEN_STOPS].mean() / own[col.TRUE_ALERTS].mean()
    assert table.mean(col.PER_TRUE_MATCH)[1] == pytest.approx(wanted, rel=1e-12)


def test_a_draw_that_failed_for_one_policy_is_left_out_for_all_and_counted(rng):
    given = results(3, 40, rng)
    given.loc[5, col.STATUS] = "failed"
    given.loc[5, [*GOALS, col.PER_TRUE_MATCH]] = np.nan
    table = table_of(given)
    assert (table.draws, table.failed_rows, table.draws_left_out) == (39, 1, 1)
    assert table.excluded == ()


def test_a_policy_with_too_few_draws_is_named_and_the_others_keep_theirs(rng):
    given = results(3, 40, rng)
    gone = (given["lever"] == 1.0) & (given["unknown"] > 0.3)
    given.loc[gone, col.STATUS] = "failed"
    table = table_of(given)
    assert table.excluded == ({"lever": 1.0},)
    assert (len(table.policies), table.draws) == (2, 40)
    assert table.draws >= FEWEST_DRAWS


def test_policies_without_common_draws_are_refused_with_the_remedy(rng):
    given = results(10, 1, rng).assign(unknown=np.arange(10) / 10)
    with pytest.raises(SimError, match=r"not scored under the same draws.*draws: 100"):
        table_of(given)


def test_an_outcome_without_a_direction_is_no_objective(rng):
    with pytest.raises(SimError, match="no direction is known for people"):
        frontier(table_of(results(2, 20, rng)), ("people",))
