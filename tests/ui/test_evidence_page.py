"""Every number opens its entry, every method page opens, and links between them stay inside."""

import re
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from sim.charts.plot import table
from sim.evidence.alternatives import alternatives
from sim.evidence.register import register
from sim.scenario.shipped import shipped_pages
from sim.ui.glossary import WORDS, glossary, word_address
from sim.ui.views import evidence


def open_evidence():
    from sim.ui import state
    from sim.ui.views import evidence

    state.begin()
    evidence.view()


def page_at(**address):
    app = AppTest.from_function(open_evidence, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def words_of(app):
    shown = [block.proto.body for block in app.get("html")]
    return " ".join([*shown, *(block.value for block in app.markdown)])


def test_an_entry_says_who_says_so_and_who_disputes_it():
    app = page_at(entry="response.lost_in_crowd")
    assert not app.exception
    entry = register()["response.lost_in_crowd"]
    text = words_of(app)
    for part in ("Who says so", "Who disputes it", "What leans on it", "What would settle it"):
        assert part in text
    assert entry.disputed_by in text
    assert "on Explore: Officers" in text


@pytest.mark.parametrize("name", sorted({one.entry for one in alternatives() if one.entry}))
def test_a_disputed_number_shows_every_account_and_draws_it(name):
    others = [one for one in alternatives() if one.entry == name]
    app = page_at(entry=name)
    assert not app.exception
    shown = words_of(app)
    for one in others:
        assert escape(one.reading) in shown
        assert escape(one.who) in shown
        assert escape(one.changes) in shown
    rows = evidence._amounts(register()[name], tuple(others))
    assert len(rows) == 1 + sum(not one.used for one in others)


@pytest.mark.parametrize("name", ["walk.body_radius_m", "error_model.met-street.fmr_060"])
def test_the_chart_of_an_entry_holds_its_value_and_its_range(name):
    entry = register()[name]
    drawn = table(
        evidence.entry_plot(evidence._amounts(entry, ()), across="value", title="a title")
    ).iloc[0]
    assert (drawn["value, low"], drawn["value"], drawn["value, high"]) == (
        entry.low,
        entry.value,
        entry.high,
    )


def test_an_entry_that_is_not_there_is_said():
    app = page_at(entry="no.such_number")
    assert not app.exception
    assert "There is no number 'no.such_number'" in app.warning[0].value


def test_a_search_that_finds_nothing_says_what_to_try():
    app = page_at()
    app.text_input[0].set_value("zzzz").run()
    assert "Try a shorter word" in app.info[0].value


@pytest.mark.parametrize("name", list(evidence.METHOD_PAGES))
def test_every_method_page_opens_by_its_address(name):
    app = page_at(page=name)
    assert not app.exception
    assert app.selectbox[0].value == name
    assert len(app.markdown[-1].value) > 400


def test_every_page_of_the_method_is_listed():
    shipped = {path.name for path in shipped_pages().glob("*.md")}
    assert shipped <= set(evidence.METHOD_PAGES)


def test_links_between_method_pages_stay_inside_and_lead_somewhere():
    seen = 0
    for name in evidence.METHOD_PAGES:
        for target in re.findall(r"\]\(([^)]*)\)", evidence.page_text(name)):
            if target.startswith(("http:", "https:")):
                continue
            page = re.fullmatch(r"evidence\?page=([a-z-]+\.md)", target)
            assert page, (name, target)
            assert page[1] in evidence.METHOD_PAGES, (name, target)
            seen += 1
    assert seen > 20


def test_a_page_that_is_not_there_is_said_and_another_is_shown():
    app = page_at(page="../secrets.md")
    assert not app.exception
    assert "choose one below" in app.warning[0].value
    assert app.selectbox[0].value == "limits.md"


def test_every_word_that_a_page_links_is_in_the_glossary():
    for page, words in WORDS.items():
        for _, word in words:
            assert word in glossary(), (page, word)


def test_a_word_shows_its_meaning_first():
    assert word_address("false alert").endswith("word=false%20alert")
    app = page_at(page="glossary.md", word="false alert")
    assert glossary()["false alert"] in app.get("html")[-1].proto.body


def test_the_list_of_all_numbers_is_text_and_every_name_a_link():
    entries = list(register().values())
    listed = evidence._list(entries)
    assert listed.count("<tr>") == len(entries) + 1
    assert all(f'href="evidence?entry={entry.name}"' in listed for entry in entries)
