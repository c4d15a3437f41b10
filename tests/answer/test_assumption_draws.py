import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answer.assumption_draws import drawn_values, latin_hypercube, triangular, varied_names
from sim.scenario.beliefs import beliefs

pytestmark = pytest.mark.whole


def names(count):
    return [f"entry {place}" for place in range(count)]


MANY = (np.arange(200_000) + 0.5) / 200_000


@given(st.integers(0, 2**40), st.integers(1, 60), st.integers(1, 8))
def test_every_slice_of_every_column_holds_one_point(seed, rows, columns):
    design = latin_hypercube(seed, rows, names(columns))
    assert design.shape == (rows, columns)
    for column in design.T:
        assert sorted(np.floor(column * rows)) == list(range(rows))


def test_a_column_is_drawn_alike_whichever_others_there_are():
    alone = latin_hypercube(5, 30, ["b"])
    among = latin_hypercube(5, 30, ["a", "b", "c"])
    np.testing.assert_array_equal(alone[:, 0], among[:, 1])
    assert not np.array_equal(among[:, 0], among[:, 1])
    assert not np.array_equal(alone, latin_hypercube(6, 30, ["b"]))


def test_columns_are_not_correlated():
    """400 rows: SE of a correlation 0.05; 28 pairs at 4.5 SE give 2e-4 false alarms."""
    correlation = np.corrcoef(latin_hypercube(1, 400, names(8)), rowvar=False)
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
    varied = varied_names(believed)
    assert "response.pursue_true" in varied
    assert "error_model.npl-2023.fmr_060" in varied
    assert "matching.listed_reference_size" not in varied
    for name in varied:
        assert believed.entry(name).low < believed.entry(name).high
        assert name.split(".")[0] not in {"walk", "crowd", "camera", "arrivals", "calibration"}
        assert not name.startswith("error_model.met-street")  # another preset


def test_drawn_values_stay_inside_their_ranges(small):
    for name, values in small.values.items():
        entry = small.believed.entry(name)
        assert entry.low <= values.min() < values.max() <= entry.high, name


def test_a_scenario_that_fixes_one_entry_draws_the_others_alike(small, busy):
    """``busy`` fixes matching.listed_per_1000: differences stay paired in all the others."""
    shared = small.values.keys() & busy.values.keys()
    assert small.values.keys() - shared == {"matching.listed_per_1000"}
    for name in shared:
        np.testing.assert_array_equal(small.values[name], busy.values[name])


def test_a_study_of_as_many_joint_draws_has_the_draws_of_a_run():
    """So that the mean of a policy over a study's draws is what a run estimates."""
    from sim.studies.define.design import design
    from sim.studies.define.study import load_study

    loaded = load_study("oxford_policies")
    given = loaded.study.design.model_copy(update={"draws": 25})
    study = loaded.study.model_copy(update={"design": given})
    points = design(dataclasses.replace(loaded, study=study))
    own = drawn_values(beliefs(loaded.base), loaded.base.run.seed, 25)
    assert own.keys() == set(loaded.uncertainties)
    for name, values in own.items():
        np.testing.assert_array_equal(points[name].to_numpy()[:25], values)
