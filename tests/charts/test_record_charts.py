"""Funnels and histograms of a log: what is drawn, and what their words say."""

from functools import partial

import numpy as np
import pandas as pd

from sim import columns as col
from sim.charts.funnel import funnel_plot, sizes
from sim.charts.in_file import file_figure
from sim.charts.pit_histogram import pit_figure
from sim.words.figures import funnel_said

SAID = partial(funnel_said, counts="false alerts", unit="face")
TABLE = pd.DataFrame(
    {
        col.DEPLOYMENT: ["D1", ""],
        col.DATE: ["2024-01-02", "2024-01-03"],
        col.PLACE: ["A", "B"],
        col.COUNTED: [1.0, 9.0],
        col.EXPOSED: [9000.0, 12000.0],
        col.RATE: [1 / 9000, 9 / 12000],
        f"{col.SIDE}_95": ["inside", "above"],
        f"{col.SIDE}_99.8": ["inside", "above"],
    }
)


def curve():
    at = sizes(12000.0)
    tops = {"95": 2e-4, "99.8": 9e-4}
    ends = {
        f"{end}_{level}": np.full(len(at), top)
        for level, top in tops.items()
        for end in (col.LOW, col.HIGH)
    }
    return pd.DataFrame({col.EXPOSED: at, **ends})


def test_deployments_outside_are_diamonds_and_limits_are_in_sight():
    plot = funnel_plot(TABLE, curve(), rate=1e-4, counts="false alerts", unit="face", said=SAID)
    axes = file_figure(plot).axes[0]
    marks = {line.get_marker(): len(line.get_xdata()) for line in axes.lines}
    assert (marks["o"], marks["D"]) == (1, 1)
    assert axes.get_ylim()[1] > 1000 * 9e-4
    assert axes.get_ylabel() == "false alerts per 1,000 faces"


def test_a_deployment_without_a_number_is_named_by_its_day():
    words = funnel_plot(
        TABLE, curve(), rate=1e-4, counts="false alerts", unit="face", said=SAID
    ).words
    assert "2 deployments" in words
    assert words.endswith("as diamonds: 2024-01-03.")


def test_the_histogram_has_a_band_for_luck():
    figure = pit_figure({"alerts": ([0.1] * 10, 60), "arrests": ([0.0] * 9 + [1.0], 60)})
    assert len(figure.axes) == 2
    assert figure.axes[0].get_title(loc="left") == "alerts, 60 deployments"
    heights = [bar.get_height() for bar in figure.axes[1].patches][-1]
    assert heights == 100
