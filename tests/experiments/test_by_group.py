import numpy as np
import pytest

from sim import columns as col
from sim.experiments.by_group import GROUPINGS, disparities, groups
from sim.experiments.counts import counts
from sim.experiments.single import simulate


@pytest.mark.parametrize("by", [*((one,) for one in GROUPINGS), GROUPINGS])
def test_groups_add_up_to_everybody(busy, by):
    table = groups(busy, by)
    assert table[col.PEOPLE].sum() == (~busy.passages.people[col.AVOIDED]).sum()
    assert table[col.FACES_USABLE].sum() == busy.passages.usable.sum()
    assert table[col.FALSE_ALERTS].sum() == pytest.approx(busy.false_alerts)
    assert table[col.TRUE_ALERTS].sum() == pytest.approx(busy.true_alerts)
    assert table[col.MISTAKEN_STOPS].sum() == pytest.approx(counts(busy)["mistaken"].estimate)


def test_intervals_of_groups_hold_their_estimates(busy):
    table = groups(busy, (col.SEX,))
    for name in (col.FALSE_ALERTS, col.MISTAKEN_STOPS):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()


@pytest.mark.parametrize("by", GROUPINGS)
def test_rates_relative_to_everybody_average_to_one(busy, by):
    table, faces = disparities(busy, by), groups(busy, (by,))[col.FACES_USABLE]
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
    assert small.false_alerts < 1
    assert busy.false_alerts > 2
