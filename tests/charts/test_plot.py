"""One description of a chart, three forms: what is drawn, what is written, what is in the table."""

import math

import pytest

from sim.charts.in_file import COLOURS, file_content
from sim.charts.metadata import provenance_of_figure
from sim.charts.on_page import DARK, LIGHT, page_figure
from sim.charts.plot import Axis, Curve, Dots, Plot, log_ticks, table

ORIGIN = {"scenario": "high_street", "hash": "0123", "seeds": [1]}
PLOT = Plot(
    title="More people, fewer faces",
    words="Faces seen fall from 90 in 100 to 60 as the street fills.",
    across=Axis("crowd", "people a square metre"),
    up=Axis("faces seen", "of 100", ends=(0.0, 100.0)),
    marks=[
        Curve("women", [0.0, 1.0], [90.0, 60.0], [80.0, 50.0], [95.0, 70.0], kind="benefit"),
        Dots("a trial", [0.5], [75.0], ["Oxford"], low=[60.0], high=[85.0], kind="harm"),
    ],
)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_table_holds_every_number_that_is_drawn():
    found = table(PLOT)
    assert list(found.columns) == [
        "what",
        "crowd (people a square metre)",
        "faces seen (of 100)",
        "faces seen (of 100), low",
        "faces seen (of 100), high",
        "which",
    ]
    drawn = {
        (x, y)
        for trace in page_figure(PLOT).data
        if trace.name is not None
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert drawn == set(zip(found.iloc[:, 1], found.iloc[:, 2], strict=True))
    assert found.iloc[2, 3:5].tolist() == [60.0, 85.0]


def test_names_on_the_upright_axis_stand_in_the_table():
    plot = Plot("a", "b", Axis("x"), Axis("y"), [Dots("d", [1.0], [0.0])], ticks={0.0: "women"})
    assert table(plot)["y"].tolist() == ["women"]
    assert list(page_figure(plot).layout.yaxis.ticktext) == ["women"]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_file_carries_its_words_and_where_its_numbers_come_from(tmp_path, kind):
    file = tmp_path / f"chart.{kind}"
    file.write_bytes(file_content(PLOT, kind, ORIGIN))
    assert provenance_of_figure(file) == ORIGIN
    assert b"Faces seen fall from 90 in 100" in file.read_bytes()


def test_the_same_chart_gives_the_same_bytes():
    assert file_content(PLOT, "svg", ORIGIN) == file_content(PLOT, "svg", ORIGIN)


def test_a_band_is_drawn_without_marks_and_before_its_line():
    band, line, _ = page_figure(PLOT).data
    assert (band.mode, band.fill) == ("lines", "toself")
    assert line.mode == "lines"
    assert sorted(band.y) == [50.0, 70.0, 80.0, 95.0]


def test_a_point_says_which_mark_it_belongs_to():
    dots = page_figure(PLOT).data[-1]
    assert (dots.meta, list(dots.customdata)) == (1, [0])
    assert list(dots.error_y.array) == [10.0]
    assert list(dots.error_y.arrayminus) == [15.0]


def test_log_axes_have_round_ticks_that_span_what_is_drawn():
    assert log_ticks([0.03, 4.0]) == [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    assert log_ticks([1e-4, 20.0]) == [1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]
    assert log_ticks([0.0, math.inf]) == []


@pytest.mark.parametrize(
    ("palette", "paper"), [(LIGHT, "#ffffff"), (DARK, "#12191f"), (COLOURS, "#ffffff")]
)
def test_marks_and_their_words_can_be_read(palette, paper):
    """WCAG 2.2 AA: text 4.5 to 1; what carries meaning in a drawing 3 to 1."""
    assert contrast(palette["neutral"], paper) >= 4.5
    for kind in ("benefit", "harm", "quiet"):
        assert contrast(palette[kind], paper) >= 3.0
