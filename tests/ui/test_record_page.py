"""What the Record page says, and that an uploaded log gets the answer of the command line."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from sim.charts.deployments import deployments_plot
from sim.charts.in_file import file_content
from sim.charts.plot import table
from sim.cli import app as command
from sim.errors import SimError
from sim.record import own_log as record_page
from sim.record.log_columns import template
from sim.record.own_log import (
    MOST_ROWS,
    deployment_rows,
    inside,
    own_answer,
    safe,
    shipped_answer,
)
from sim.ui.views import record
from tests.properties import examples

pytestmark = pytest.mark.whole

GOOD = """date,place,hours,faces_seen,alerts,true_alerts,false_alerts
2024-11-01,"High Street, Leeds",5,9000,9,8,1
2024-11-08,"High Street, Leeds",6,12000,12,9,3
2024-11-15,"Station, Leeds",4,3000,1,1,0
"""


def open_record():
    import streamlit as st

    from sim.ui import state
    from sim.ui.views import record

    state.begin()
    record.view()
    st.write("end")


@pytest.fixture
def visit():
    return AppTest.from_function(open_record, default_timeout=60).run()


def words_of(visit):
    return " ".join(block.proto.body for block in visit.get("html"))


def test_the_first_line_says_how_many_deployments_lay_inside(visit):
    assert not visit.exception
    held, of = inside(shipped_answer().evaluation.predictions, "alerts", 80)
    assert f"Of {of} real deployments, {held} had" in words_of(visit)
    assert 0 < held < of == 62


def test_the_one_miss_of_the_record_is_named(visit):
    visit.segmented_control[0].set_value("arrests").run()
    assert "High St Ilford" in words_of(visit).replace(",", "")
    assert "10, more than the 0 to 9 predicted" in words_of(visit)


def test_few_false_alerts_are_not_praised(visit):
    assert "cannot show that the prediction is good" in words_of(visit)


def test_an_uploaded_log_gets_the_answer_of_the_command_line(tmp_path):
    path = tmp_path / "mylog.csv"
    path.write_text(GOOD, encoding="utf-8")
    told = CliRunner().invoke(command, ["record", "--test", str(path), "--json", "--quiet"])
    assert told.exit_code == 0, told.output
    text = told.stdout.replace(json.dumps(str(path)), json.dumps(record_page.OWN_LOG))
    for _ in ("first visitor", "next"):  # who meet a model that is fitted once
        assert json.loads(text) == json.loads(json.dumps(own_answer(GOOD.encode()).answer))


def test_a_good_log_is_answered_on_the_page(visit):
    visit.get("file_uploader")[0].set_value(("mylog.csv", GOOD.encode(), "text/csv")).run()
    assert not visit.exception
    assert "Your log: 3 deployments" in words_of(visit)
    assert "What cannot be known from this log" in words_of(visit)
    assert "record-own" in visit.session_state


def _zip():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("../../mylog.csv", GOOD)
    return held.getvalue()


BAD = {
    "a zip": (_zip(), "not text|not UTF-8|not CSV"),
    "another encoding": (GOOD.replace("Leeds", "Zürich").encode("latin-1"), "UTF-8"),
    "wide text": (GOOD.encode("utf-16"), "not UTF-8 text"),
    "nothing": (b"", "is empty"),
    "two megabytes": (b"date,alerts\n" + b" " * 2_000_000, "1 MB"),
    "a huge field": (b"place,alerts\n" + b"x" * 200_000 + b",1\n", "is not CSV"),
    "a formula for a count": (b"place,alerts\nLeeds,=1+1\n", "line 2: alerts '=1\\+1'"),
    "too many rows": (b"alerts\n" + b"1\n" * (MOST_ROWS + 1), "rows; 400 are allowed"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_hostile_log_is_refused_in_words(what):
    content, words = BAD[what]
    with pytest.raises(SimError, match=words):
        own_answer(content)


def test_what_a_log_says_is_never_markup_nor_a_formula():
    assert safe('=cmd|"x" <img src=http://a.b/c> ![p](q)') == "cmd x img src http a.b c p q"
    assert "<img" not in record.faults_html("<img src=x>")


def test_thirty_visitors_do_not_run_at_once(monkeypatch):
    monkeypatch.setattr(record_page, "WAIT_S", 0.01)
    with record_page._turn, pytest.raises(SimError, match="try again"):
        own_answer(GOOD.encode())
    assert own_answer(GOOD.encode()).answer["rows"] == 3


CELL = st.one_of(
    st.integers(-5, 10**12).map(str),
    st.dates().map(str),
    st.sampled_from(["", "1e400", "nan", "=1", '"', "9999-12-31", "0.5", "<b>", "\r", "é"]),
    st.text(max_size=8),
)
ROWS = st.lists(st.lists(CELL, min_size=4, max_size=4).map(",".join), max_size=3)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(max_size=200),
        ROWS.map(lambda r: "\n".join(["date,place,alerts,hours", *r]).encode("utf-8", "replace")),
    )
)
def test_any_upload_is_answered_or_refused_in_words(content):
    try:
        found = own_answer(content)
    except SimError as error:
        assert str(error)  # noqa: PT017 - an answer is allowed too
    else:
        assert found.answer["rows"] >= 1


@pytest.mark.parametrize("day", ["9999-12-31", "1677-09-22", "1000-01-01"])
def test_a_date_far_away_is_answered_or_refused_in_words(day):
    try:
        assert own_answer(f"date,alerts\n{day},1\n".encode()).answer["rows"] == 1
    except SimError as error:
        assert day in str(error)  # noqa: PT017 - an answer is allowed too


def test_the_template_is_a_log_that_can_be_uploaded():
    assert own_answer(template().encode()).answer["rows"] >= 1


def test_the_chart_has_all_deployments_and_its_file_says_where_from():
    found = shipped_answer()
    rows = deployment_rows(found.evaluation.predictions, "arrests")
    plot = deployments_plot(rows, outcome="arrests", words="w", title="t")
    told = table(plot)
    assert told["what"].str.startswith("published").sum() == 62
    assert found.provenance["hash"].encode() in file_content(plot, "svg", found.provenance)
