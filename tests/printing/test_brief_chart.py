"""Unit: the chart of the printed page."""

import re

import pandas as pd
import pytest

from sim import columns as col
from sim.charts.brief import BENEFIT, ENLARGED_FROM, HARM, spread_figure, svg_text

AXIS = "people, in 100 deployments like this one"
KINDS = (BENEFIT, BENEFIT, HARM, HARM)


def table_of(right: float, wrong: float) -> pd.DataFrame:
    """Two options each; a row's luck and unknown end at twice its estimate."""
    rows = [
        (f"{what}: {whose}", size, 0.5 * size, 2 * size, 0.25 * size, 2 * size)
        for what, size in (("rightly matched", right), ("stopped by mistake", wrong))
        for whose in ("baseline", "option")
    ]
    columns = [
        col.MEASURE, col.ESTIMATE, col.LUCK_LOW, col.LUCK_HIGH, col.UNKNOWN_LOW, col.UNKNOWN_HIGH,
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def figure_of(right: float, wrong: float):
    return spread_figure(
        table_of(right, wrong), kinds=KINDS, values=["a", "b", "c", "d"], axis=AXIS
    )


def test_both_kinds_share_one_axis():
    (axes,) = figure_of(10.0, 5.0).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == list(
        table_of(1, 1)[col.MEASURE]
    )
    assert axes.get_xlabel() == AXIS


@pytest.mark.parametrize(
    ("right", "wrong", "kind"), [(900.0, 21.0, "stopped"), (2.0, 90.0, "right")]
)
def test_a_kind_too_small_to_see_stands_once_more_enlarged_whichever_it_is(right, wrong, kind):
    together, enlarged = figure_of(right, wrong).axes
    times = float(re.search(r"enlarged ([\d,]+) times", enlarged.get_xlabel())[1].replace(",", ""))
    assert len(enlarged.get_yticklabels()) == 2
    assert all(label.get_text().startswith(kind) for label in enlarged.get_yticklabels())
    assert together.get_xlim()[1] / enlarged.get_xlim()[1] == pytest.approx(times)
    assert enlarged.get_xlim()[1] > 2 * min(right, wrong)  # its whole range is on it


def test_nothing_is_enlarged_that_can_be_seen():
    assert len(figure_of(ENLARGED_FROM, 1.01).axes) == 1
    assert len(figure_of(ENLARGED_FROM, 0.99).axes) == 2


def test_where_nothing_happens_there_is_an_axis_all_the_same():
    (axes,) = figure_of(0.0, 0.0).axes
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]


def test_right_and_wrong_have_marks_of_their_own_and_ranges_are_drawn():
    (axes,) = figure_of(10.0, 5.0).axes
    marks = [line.get_marker() for line in axes.lines if line.get_marker() != "None"]
    assert marks == ["o", "o", "D", "D"]
    widths = sorted({line.get_linewidth() for line in axes.lines if len(line.get_xdata()) == 2})
    thin, wide = widths  # luck, unknown
    assert wide > 4 * thin


def test_the_same_figure_gives_the_same_drawing_with_text_as_text():
    first, second = (svg_text(figure_of(10.0, 5.0)) for _ in range(2))
    assert first == second
    assert "stopped by mistake: option" in first
    assert "<script" not in first
