import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from sim.answer.assumption_draws import latin_hypercube, triangular, varied_names
from sim.answer.unknowns import response_chances
from sim.scenario.beliefs import beliefs

MANY = (np.arange(200_000) + 0.5) / 200_000


@given(st.integers(0, 2**40), st.integers(1, 60), st.integers(1, 8))
def test_every_slice_of_every_column_holds_one_point(seed, rows, columns):
    design = latin_hypercube(seed, rows, range(columns))
    assert design.shape == (rows, columns)
    for column in design.T:
        assert sorted(np.floor(column * rows)) == list(range(rows))


def test_a_column_is_drawn_alike_whichever_others_there_are():
    alone = latin_hypercube(5, 30, [7])
    among = latin_hypercube(5, 30, [2, 7, 9])
    np.testing.assert_array_equal(alone[:, 0], among[:, 1])
    assert not np.array_equal(among[:, 0], among[:, 1])
    assert not np.array_equal(alone, latin_hypercube(6, 30, [7]))


def test_columns_are_not_correlated():
    """400 rows: SE of a correlation 0.05; 28 pairs at 4.5 SE give 2e-4 false alarms."""
    correlation = np.corrcoef(latin_hypercube(1, 400, range(8)), rowvar=False)
    assert np.abs(correlation[np.triu_indices(8, 1)]).max() < 4.5 * 0.05


@pytest.mark.parametrize(("low", "value", "high"), [(0.0, 1.0, 4.0), (-2.0, -2.0, 1.0), (1, 3, 3)])
def test_triangular_draws_have_the_distribution_s_moments(low, value, high):
    drawn = triangular(MANY, low, value, high)
    variance = (low**2 + value**2 + high**2 - low * value - low * high - value * high) / 18
    assert drawn.mean() == pytest.approx((low + value + high) / 3, abs=1e-4)
    assert drawn.var() == pytest.approx(variance, rel=1e-3)
    assert drawn.min() >= low
    assert drawn.max() <= high


def test_a_wide_positive_range_is_drawn_on_a_log_scale():
    drawn = triangular(MANY, 0.01, 0.1, 10.0)
    logs = np.log(drawn)
    assert logs.mean() == pytest.approx(np.log([0.01, 0.1, 10.0]).mean(), abs=1e-4)
    assert drawn.min() >= 0.01
    assert drawn.max() <= 10.0


def test_what_is_drawn_has_a_range_and_needs_no_new_walk(quiet_street):
    believed = beliefs(quiet_street())
    names = varied_names(believed)
    assert "response.pursue_true" in names
    assert "error_model.npl-2023.fmr_060" in names
    assert "matching.listed_reference_size" not in names
    for name in names:
        assert believed.entry(name).low < believed.entry(name).high
        assert name.split(".")[0] not in {"walk", "crowd", "camera", "arrivals", "calibration"}
        assert not name.startswith("error_model.met-street")  # another preset


def test_drawn_values_stay_inside_their_ranges(small):
    for name, values in small.unknown.values.items():
        entry = small.believed.entry(name)
        assert entry.low <= values.min() < values.max() <= entry.high, name


def test_a_scenario_that_fixes_one_entry_draws_the_others_alike(small, busy):
    """``busy`` fixes matching.listed_per_1000: differences stay paired in all the others."""
    shared = small.unknown.values.keys() & busy.unknown.values.keys()
    assert small.unknown.values.keys() - shared == {"matching.listed_per_1000"}
    for name in shared:
        np.testing.assert_array_equal(small.unknown.values[name], busy.unknown.values[name])


def test_a_longer_shift_has_more_false_alerts_and_so_believes_each_less(busy):
    """R3 at the load of a shift of ``response.shift_hours``, as the scenario believes it."""
    load = 2 * busy.scenario.policy.hours  # 11.6 a shift of 5.8 h: on the falling part of R3
    short, long = (
        response_chances(
            busy.scenario, busy.believed.replaced({"response.shift_hours": hours}), load, 1.0
        ).pursued_false
        for hours in (2.9, 11.6)
    )
    intercept, slope = (
        busy.believed.value(f"response.pursue_false_{name}") for name in ("intercept", "slope")
    )
    assert logit(short) == pytest.approx(intercept - slope * np.log10(5.8))
    assert logit(long) == pytest.approx(intercept - slope * np.log10(23.2))
