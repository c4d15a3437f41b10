"""What the Density page says and draws without a browser, all of it from the table that ships."""

import re
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sim import columns as col
from sim.charts.density import angles_plot, faces_plot, reasons_plot, stops_plot
from sim.charts.in_file import file_content
from sim.charts.plot import table
from sim.crowding.density import FOOTFALLS_PER_H, POLICIES, PolicyChoice
from sim.crowding.density_answer import (
    DensityChoice,
    density_answer,
    stops_in_words,
)
from sim.crowding.density_shipped import shipped_density
from sim.crowding.density_table import CHANGE, FOUND, NOT_HIDDEN, PARTS, SEEN_WELL
from sim.errors import SimError
from sim.ui.views import density
from sim.words.density import BY_AGE, BY_SEX, MEASURES, REASONS
from sim.words.figures import angles_said, faces_said, reasons_said, stops_said
from sim.words.numbers import people, plain

pytestmark = pytest.mark.whole

CHARTS = 6
FACES = partial(faces_said, camera="high")
ANGLES = partial(angles_said, crowd="full")
STOPS = partial(stops_said, per=100.0, what="people")
REASONS_SAID = partial(reasons_said, crowd="full")


def open_density():
    import streamlit as st

    from sim.ui import state
    from sim.ui.views import density

    state.begin()
    density.view()
    st.write("end")


def words_of(visit):
    return re.sub("<[^>]+>", "", " ".join(block.proto.body for block in visit.get("html")))


def headline(visit):
    return next(one.proto.body for one in visit.get("html") if "p-headline" in one.proto.body)


@pytest.fixture
def visit(small_place):
    return AppTest.from_function(open_density, default_timeout=60).run()


@pytest.fixture
def answer():
    own = DensityChoice(3.2, PolicyChoice("met-street", 0.64), FOOTFALLS_PER_H[-1])
    return density_answer(shipped_density().rows, own)


def test_the_first_line_is_the_answer_in_natural_frequencies(visit, answer):
    assert not visit.exception
    women, men = (100 * answer.face(part, FOOTFALLS_PER_H[-1]) for part in BY_SEX)
    assert f"{women:.0f} of 100 women and {men:.0f} of 100 men" in headline(visit)
    stops, low, high = stops_in_words(answer, FOOTFALLS_PER_H[-1])
    spread = f"{people(low)} to {people(high)}"
    said = f"For 10,000 right matches, {people(stops)} people ({spread}) are stopped by mistake"
    assert said in words_of(visit)
    assert "end in a stop" in words_of(visit)  # the benefit beside the harm


def test_every_reason_part_and_measure_has_words():
    assert list(REASONS) == [*PARTS, CHANGE]
    assert set(MEASURES) == {SEEN_WELL, NOT_HIDDEN}


def test_every_chart_has_words_a_table_and_sources(visit):
    assert len(visit.get("plotly_chart")) == CHARTS
    assert sum("p-plain" in block.proto.body for block in visit.get("html")) == CHARTS
    labels = [one.label for one in visit.expander]
    assert labels.count("Table") == labels.count("Where do these numbers come from?") == CHARTS
    assert "evidence?entry=response.lost_in_crowd" in " ".join(one.value for one in visit.markdown)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("density-height", 8.0),
        ("density-crowd", FOOTFALLS_PER_H[0]),
        ("density-threshold", 0.60),
        ("density-matcher", "trials-2016-2019"),
        ("density-measure", "not_hidden"),
    ],
)
def test_each_choice_changes_what_is_said(visit, key, value):
    before = words_of(visit)
    visit.session_state[key] = value
    visit.run()
    assert not visit.exception
    assert words_of(visit) != before


def test_the_emptiest_street_has_no_reasons_since_itself(visit):
    visit.session_state["density-crowd"] = FOOTFALLS_PER_H[0]
    visit.run()
    assert not visit.exception
    assert headline(visit).count("nearly empty street") == 1
    assert "Choose a denser crowd" in words_of(visit)


def test_the_reasons_on_the_page_add_up(visit):
    shown = next(one.proto.body for one in visit.get("html") if "p-density" in one.proto.body)
    rows = re.findall('<tr><th scope="row">.*?</tr>', shown)
    assert len(rows) == len(FOOTFALLS_PER_H) - 1  # the first is what they are compared with
    for row in rows:
        shown = re.findall(">([^<>]+)</td>", row)
        assert len(shown) == 1 + 5 + 1  # the empty street, four reasons and who came by, the sum
        *parts, here = (0.0 if one == "none" or "under" in one else float(one) for one in shown)
        # Seven numbers rounded to two places may be off by a hundredth each.
        assert abs(sum(parts) - here) < 0.071


def test_a_part_is_never_a_bare_zero():
    assert density._part(0.0) == "none"
    assert density._part(-0.004) == "under 0.01"
    assert density._part(0.0123) == "+0.01"


def test_the_largest_reason_is_named(visit, answer):
    name = answer.largest_reason()
    assert name is not None
    assert REASONS[name].why in words_of(visit)


def test_a_table_that_is_gone_is_said_in_words(visit, monkeypatch):
    def gone():
        raise SimError("density.parquet is not there.")

    monkeypatch.setattr(density, "shipped_density", gone)
    visit.run()
    assert not visit.exception
    assert "not there" in visit.error[0].value
    assert "other pages" in visit.error[0].value


def test_charts_say_what_they_draw(answer):
    by_sex = faces_plot(answer.faces_of(BY_SEX, SEEN_WELL), what="seen", said=FACES)
    assert [mark.name for mark in by_sex.marks] == ["women", "men"]
    assert len({(mark.kind, mark.dash) for mark in by_sex.marks}) == 2
    by_age = faces_plot(answer.faces_of(BY_AGE, SEEN_WELL), what="seen", said=FACES)
    assert len({(mark.kind, mark.dash) for mark in by_age.marks}) == 4
    angles = angles_plot(answer.angles_of(SEEN_WELL), what="seen", said=ANGLES)
    assert len({mark.sign for mark in angles.marks}) == 3
    for plot in (by_sex, by_age, angles):
        assert plot.words.startswith("Of 100:")
        drawn = table(plot)
        up = plot.up.title
        low, middle, high = (drawn[name] for name in (f"{up}, low", up, f"{up}, high"))
        assert ((low <= middle) & (middle <= high)).all()


@pytest.mark.parametrize(
    ("measure", "kind", "per"), [(col.PER_TRUE_MATCH, "harm", 1000.0), (FOUND, "benefit", 100.0)]
)
def test_stops_are_drawn_with_both_intervals(answer, measure, kind, per):
    rows = answer.measure(measure)
    plot = stops_plot(
        rows, kind=kind, per=per, axis="matches", said=partial(stops_said, per=per, what="people")
    )
    curve, luck = plot.marks
    assert curve.kind == luck.kind == kind
    assert curve.y == luck.y == [per * value for value in rows[col.ESTIMATE]]
    assert curve.low == [per * value for value in rows[col.UNKNOWN_LOW]]
    assert luck.low == [per * value for value in rows[col.LUCK_LOW]]
    assert max(curve.high) < plot.up.ends[1]


def test_reasons_are_told_apart_by_their_place_and_name(answer):
    plot = reasons_plot(answer.reasons(), said=REASONS_SAID)
    assert list(plot.ticks.values()) == [reason.name for reason in REASONS.values()]
    reasons, whole = plot.marks
    assert sum(reasons.x) == pytest.approx(whole.x[0], abs=1e-9)
    for name, value in zip(reasons.names, reasons.x, strict=True):
        assert f"{name} {plain(abs(value))} {'more' if value > 0 else 'fewer'}" in plot.words


def all_plots(answer):
    return [
        *(
            faces_plot(answer.faces_of(parts, measure), what="seen", said=FACES)
            for parts in (BY_SEX, BY_AGE)
            for measure in (SEEN_WELL, NOT_HIDDEN)
        ),
        *(
            angles_plot(answer.angles_of(one), what="seen", said=ANGLES)
            for one in (SEEN_WELL, NOT_HIDDEN)
        ),
        stops_plot(
            answer.measure(col.PER_TRUE_MATCH), kind="harm", per=1e4, axis="matches", said=STOPS
        ),
        stops_plot(answer.measure(FOUND), kind="benefit", per=100.0, axis="matches", said=STOPS),
        reasons_plot(answer.reasons(), said=REASONS_SAID),
    ]


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize(
    "height", [3.2, *(pytest.param(other, marks=pytest.mark.slow) for other in (2.5, 5.0, 8.0))]
)
def test_every_choice_has_an_answer_and_charts_without_holes(height, policy):
    for footfall in FOOTFALLS_PER_H:
        answer = density_answer(shipped_density().rows, DensityChoice(height, policy, footfall))
        for plot in all_plots(answer):
            for word in ("nan", "inf"):
                assert word not in (plot.words + plot.title)
            for mark in plot.marks:
                assert np.isfinite([*mark.x, *mark.y, *mark.low]).all()
        first, second, why = density.answer_words(answer)
        assert "unknown" not in first + second
        assert why.endswith(".")


def test_charts_can_be_kept_as_files(answer):
    for plot in all_plots(answer):
        content = file_content(plot, "svg", {"scenario": "high_street"})
        assert b"high_street" in content
        assert plot.words[:40].encode() in content
