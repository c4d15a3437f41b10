"""The capture chart: what it draws, what it says, and that its bytes can be reproduced."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.charts.capture import LINES, capture_figure, describe
from sim.charts.theme import FORMATS, checked_plot, spread_labels, write_figure
from sim.errors import OutputError

pytestmark = pytest.mark.whole

SETTINGS = ("as set, 3 m", "5 m", "8 m", "2 m")
DENSITIES = (0.1, 1.0, 2.0)


def tables(settings=SETTINGS):
    rows, standing = [], []
    for setting in settings:
        for line in LINES:
            for density in DENSITIES:
                share = float(np.exp(-0.2 * density))
                who = {col.SETTING: setting, col.SEX: line.sex, col.AGE_BAND: line.age_band}
                rows.append(
                    who
                    | {
                        col.MEASURE: "clear",
                        col.DENSITY: density,
                        col.IS_STEADY: density < 2,
                        col.ESTIMATE: share,
                        col.LOW: share - 0.05,
                        col.HIGH: min(1.0, share + 0.05),
                    }
                )
                standing.append(who | {col.DENSITY: density, col.STANDING: share})
    return pd.DataFrame(rows), pd.DataFrame(standing)


def figure(settings=SETTINGS):
    return capture_figure(*tables(settings), measure="clear")


def test_there_is_a_panel_a_setting_and_a_label_a_line():
    drawn = figure()
    visible = [axes for axes in drawn.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in visible] == [f"Camera: {s}" for s in SETTINGS]
    for axes in visible:
        assert {text.get_text() for text in axes.texts} == {line.label for line in LINES}
        assert axes.get_ylim()[0] == 0


def test_lines_go_through_the_points_of_the_table():
    axes = figure(SETTINGS[:1]).axes[0]
    expected = np.exp(-0.2 * np.array(DENSITIES))
    solid = [line for line in axes.lines if line.get_linewidth() == pytest.approx(1.8)]
    assert len(solid) == len(LINES)
    for line in solid:
        np.testing.assert_allclose(line.get_xdata(), DENSITIES)
        np.testing.assert_allclose(line.get_ydata(), expected)


def test_a_setting_of_which_nothing_was_measured_shows_the_formula_alone():
    table, standing = tables(SETTINGS[:2])
    drawn = capture_figure(table[table[col.SETTING] == SETTINGS[0]], standing, measure="clear")
    assert len(drawn.axes) == 2
    assert {text.get_text() for text in drawn.axes[1].texts} == {line.label for line in LINES}


def test_where_no_density_was_reached_the_formula_is_drawn_and_it_is_said():
    table, standing = tables(SETTINGS[:1])
    nothing = table.iloc[:0]
    drawn = capture_figure(nothing, standing, measure="clear")
    assert {text.get_text() for text in drawn.axes[0].texts} == {line.label for line in LINES}
    assert "No density was reached" in describe(nothing, measure="clear")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_table_gives_the_same_bytes(kind, tmp_path):
    paths = [tmp_path / f"{name}.{kind}" for name in ("one", "two")]
    for path in paths:
        write_figure(figure(SETTINGS[:1]), path, title="A title", description="In words.")
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert len(first) > 1000


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_the_plot_tells_those_who_do_not_see_it(kind, tmp_path):
    path = tmp_path / f"plot.{kind}"
    write_figure(figure(SETTINGS[:1]), path, title="Fewer & fewer", description="1 < 2")
    text = path.read_text(encoding="utf-8")
    assert 'role="img" aria-label="Fewer &amp; fewer"' in text
    assert text.count("<title>Fewer &amp; fewer</title>") == (1 if kind == "svg" else 2)
    assert "<desc>1 &lt; 2</desc>" in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)
    if kind == "svg":
        ElementTree.fromstring(text.encode())  # noqa: S314 - our own file


def test_the_description_gives_the_densest_numbers():
    table, _ = tables(SETTINGS[:1])
    said = describe(table, measure="clear")
    assert "as set, 3 m: at 2 people a square metre men 0.67, 65 and over 0.67" in said


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("plot.gif", "a plot is written as .svg, .png, .pdf, .html"),
        ("plot", "a plot is written as"),
        ("nowhere/plot.svg", "there is no folder"),
        ("folder.svg", "is a folder"),
    ],
)
def test_a_plot_that_cannot_be_written_is_refused_before_the_work(name, says, tmp_path):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OutputError, match=re.escape(says)):
        checked_plot(tmp_path / name)


def test_labels_keep_their_distance_and_their_order():
    got = spread_labels([0.5, 0.52, 0.99, 1.0], 0.06, 0.0, 1.0)
    assert np.all(np.diff(got) >= 0.06 - 1e-12)
    assert max(got) <= 1.0
    assert spread_labels([0.2, 0.8], 0.06, 0.0, 1.0) == [0.2, 0.8]
    low = spread_labels([0.0, 0.0], 0.1, 0.02, 1.0)
    assert low == pytest.approx([0.02, 0.12])
