import numpy as np
import pytest

from sim import columns as col
from sim.answer.by_group import GROUPINGS
from sim.answer.by_group import disparities as of_draws
from sim.answer.by_group import disparity_summaries as summaries_of
from sim.answer.result import simulate

pytestmark = pytest.mark.whole


def disparities(result, by):
    return of_draws(result.drawn, result.level, by)


def disparity_summaries(result, by):
    return summaries_of(result.drawn, result.level, by)


@pytest.mark.parametrize("by", [*((one,) for one in GROUPINGS), GROUPINGS])
def test_groups_add_up_to_everybody(busy, by):
    table = busy.by(*by)
    assert table[col.PEOPLE].sum() == (~busy.passages.people[col.AVOIDED]).sum()
    assert table[col.FACES_USABLE].sum() == busy.passages.usable.sum()
    assert table[col.FALSE_ALERTS].sum() == pytest.approx(busy.counted["false_alerts"].estimate)
    assert table[col.TRUE_ALERTS].sum() == pytest.approx(busy.counted["true_alerts"].estimate)
    assert table[col.MISTAKEN_STOPS].sum() == pytest.approx(busy.counted["mistaken"].estimate)


def test_intervals_of_groups_hold_their_estimates(busy):
    table = busy.by(col.SEX)
    for name in (col.FALSE_ALERTS, col.MISTAKEN_STOPS):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()


@pytest.mark.parametrize("by", GROUPINGS)
def test_rates_relative_to_everybody_average_to_one(busy, by):
    table, faces = disparities(busy, by), busy.by(by)[col.FACES_USABLE]
    assert np.average(table[col.RATIO], weights=faces) == pytest.approx(1)
    assert (table[col.LOW] <= table[col.RATIO]).all()
    assert (table[col.RATIO] <= table[col.HIGH]).all()


def test_an_even_matcher_and_list_flag_everybody_alike(busy_street):
    """What is left are heights and luck in who stands in whose way: 15 % here."""
    even = simulate(busy_street("assumptions.demographic_preset=flat", "run.draws=10"))
    for by in GROUPINGS:
        assert disparities(even, by)[col.RATIO].between(0.85, 1.15).all()


def test_too_few_alerts_can_show_no_disparity(small, busy):
    assert np.isinf(disparities(small, col.SEX)[col.DETECTABLE]).all()
    assert small.counted["false_alerts"].estimate < 1
    assert busy.counted["false_alerts"].estimate > 2


@pytest.mark.parametrize("by", GROUPINGS)
def test_summaries_are_those_of_the_groups_own_rates(busy, by):
    relative = disparities(busy, by)[col.RATIO].to_numpy()
    found = disparity_summaries(busy, by).set_index(col.MEASURE)
    assert found.loc["max_over_min", col.ESTIMATE] == pytest.approx(relative.max() / relative.min())
    mean = np.exp(np.log(relative).mean())
    assert found.loc["max_over_geometric_mean", col.ESTIMATE] == pytest.approx(
        relative.max() / mean
    )
    apart = np.abs(np.subtract.outer(relative, relative)).sum()
    gini = apart / (2 * len(relative) * (len(relative) - 1) * relative.mean())
    assert found.loc["gini", col.ESTIMATE] == pytest.approx(gini)
    assert (found[col.LOW] <= found[col.HIGH]).all()
    assert (found.drop("gini")[col.LOW] >= 1).all()


def test_an_even_matcher_and_list_bring_the_groups_together(busy, busy_street):
    even = simulate(busy_street("assumptions.demographic_preset=flat", "run.draws=10"))
    for by in GROUPINGS:
        flat, other = (
            disparity_summaries(one, by).set_index(col.MEASURE)[col.ESTIMATE]
            for one in (even, busy)
        )
        assert (flat < other).all()
        assert flat["gini"] < 0.1


def test_one_group_alone_has_no_summary(busy_street):
    """Everybody of one sex: there is nothing to compare."""
    alone = simulate(busy_street("street.crowd.sex={female: 1.0, male: 0.0}", "run.draws=10"))
    assert disparity_summaries(alone, col.SEX)[col.ESTIMATE].isna().all()
    assert disparity_summaries(alone, col.ETHNICITY)[col.ESTIMATE].notna().all()
