"""What the Evidence page shows: entries, method pages and words, each by its address."""

import re
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from sim.evidence.alternatives import alternatives
from sim.evidence.register import register
from sim.scenario.shipped import shipped_page, shipped_pages
from sim.ui.glossary import GLOSSARY, WORDS, glossary
from sim.ui.main import PAGES
from sim.ui.method import METHOD_PAGES, page_text


def open_evidence():
    from sim.ui.views import evidence

    evidence.view()


def visit(**asked):
    page = AppTest.from_function(open_evidence, default_timeout=60)
    for key, value in asked.items():
        page.query_params[key] = value
    return page.run()


def words_of(page):
    return " ".join(block.proto.body for block in page.get("html"))


def test_every_method_page_that_ships_can_be_read():
    assert set(METHOD_PAGES) == {file.name for file in shipped_pages().glob("*.md")}


def test_every_link_inside_the_method_pages_leads_to_a_page_here_or_is_no_link():
    for name in (*METHOD_PAGES, GLOSSARY):
        for target in re.findall(r"\]\(([^)]*)\)", page_text(name)):
            if not target.startswith("http"):
                found = target.removeprefix("evidence?page=")
                assert shipped_page(found).is_file(), (name, target)


@pytest.mark.parametrize("name", ["matching.proneness_shape", "response.arrest_share"])
def test_an_address_opens_its_entry(name):
    page = visit(entry=name)
    entry = register()[name]
    assert not page.exception
    assert f"between {entry.low:g} and {entry.high:g}" in words_of(page)
    assert escape(entry.source) in words_of(page)


def test_a_guess_is_called_one():
    guess = next(entry for entry in register().values() if entry.grade == "assumption")
    assert "a guess: nobody has published it" in words_of(visit(entry=guess.name))


def test_who_disputes_a_number_stands_beside_it_with_the_figure():
    one = next(a for a in alternatives() if a.entry_value is not None and not a.used)
    page = visit(entry=one.entry)
    shown = page.table[0].value if len(page.table) == 1 else page.table[-1].value
    assert one.reading in shown.index
    assert f"{one.entry_value:g}" in set(shown["the number would be"])


@pytest.mark.parametrize("name", ["no.such.entry", "", "<b>", "../../etc/passwd"])
def test_an_address_of_nothing_shows_the_first_entry(name):
    page = visit(entry=name)
    assert not page.exception
    assert next(iter(register())) in words_of(page)


def test_the_list_holds_every_entry_with_a_link():
    text = words_of(visit())
    assert text.count('href="evidence?entry=') == len(register())


def test_every_entry_can_be_shown():
    page = visit()
    for name in list(register())[::7]:
        page.query_params["entry"] = name
        page.run()
        assert not page.exception, name


def test_every_word_that_a_page_links_to_is_in_the_glossary():
    known = glossary()
    assert {"watchlist", "density", "person", "alert"} <= set(known)
    asked = {word for pairs in WORDS.values() for _, word in pairs}
    assert asked - set(known) == set()
    assert set(WORDS) <= {path for *_, path in PAGES}


def test_a_word_opens_with_its_meaning():
    page = visit(page=GLOSSARY, word="threshold")
    assert not page.exception
    assert any(glossary()["threshold"] in one.value for one in page.markdown)


def test_a_word_that_is_not_there_is_said_not_to_be():
    page = visit(page=GLOSSARY)
    next(one for one in page.text_input if one.label == "Find a word").set_value("qqq").run()
    assert any("No word fits that" in one.value for one in page.info)
