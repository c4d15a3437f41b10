"""Charts of policies and of boxes: every policy there, told apart by shape, labels at them."""

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.charts.discovery import discovery_figure
from sim.charts.frontier import LABELLED, frontier_panels
from sim.charts.in_file import panels_figure


@pytest.fixture
def policies():
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"policy.threshold": np.arange(20.0)})
    for name in (col.TRUE_ALERTS, col.MISTAKEN_STOPS):
        mean = rng.uniform(1, 2, 20)
        table = table.assign(
            **{name: mean, f"{name}_{col.LOW}": mean / 2, f"{name}_{col.HIGH}": mean * 2}
        )
    best = np.arange(20) < 9
    return table.assign(**{col.IS_NOT_BEATEN: best, col.P_NOT_BEATEN: np.linspace(1, 0, 20)})


def test_policies_that_none_beats_have_a_shape_of_their_own(policies):
    objectives = [col.TRUE_ALERTS, col.MISTAKEN_STOPS]
    figure = panels_figure(frontier_panels(policies, objectives, ["policy.threshold"]))
    beaten, best = figure.axes[0].get_lines()[:2]
    assert (len(beaten.get_xdata()), len(best.get_xdata())) == (11, 9)
    assert beaten.get_marker() != best.get_marker()
    assert len(figure.axes[0].texts) == LABELLED


def test_one_objective_alone_can_be_drawn(policies):
    assert panels_figure(frontier_panels(policies, [col.TRUE_ALERTS], ["policy.threshold"])).axes


def test_the_box_is_framed_where_its_ends_are():
    rng = np.random.default_rng(4)
    cases = pd.DataFrame({"a": rng.random(50), "signs": rng.random(50) < 0.5})
    cases = cases.assign(**{col.FAILS: cases["a"] > 0.4})
    restrictions = [{"name": "a", "low": 0.4, "high": None, "values": None}]
    axes = discovery_figure(cases, restrictions, said="It fails above 0.4.").axes[0]
    (frame,) = axes.patches
    assert frame.get_x() == 0.4
    assert frame.get_x() + frame.get_width() >= cases["a"].max()


def test_one_factor_alone_can_be_drawn():
    cases = pd.DataFrame({"a": np.linspace(0, 1, 30), col.FAILS: np.arange(30) > 20})
    assert discovery_figure(cases, [], said="Nothing found.").axes
