"""Sharing an option, printing it, and the first page on a phone, in a real browser."""

import io
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from sim.scenario.identity import scenario_hash
from sim.scenario.link import scenario_from_share

ANSWER = "set off an alert"
CHANGED = "Raising the threshold from 0.60 to 0.62"
PHONE = 390
PAGE_S = 240  # a page for a committee takes the better part of a minute, and the machine is shared


def open_popover(one, name, *, waits_for):
    one.page.get_by_role("button", name=name, exact=True).click()
    one.see(waits_for)
    one.settle()


def shared_link(one):
    """Return the link that the open popover shows as text."""
    return one.page.locator("[data-testid='stCode'] code").first.inner_text().replace("\n", "")


def overflow_px(one):
    """Return how much wider the page is than the window."""
    return one.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def wider_than_the_window(one):
    """Return what is seen to stick out to the right of the window, but what scrolls by itself."""
    return one.page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
        .filter(each => !each.closest('.p-scroll, [data-testid="stTable"], [role="tablist"]'))
        .filter(each => each.getClientRects().length && getComputedStyle(each).opacity !== '0')
        .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1)
        .map(each => each.outerHTML.slice(0, 120))"""
    )


def test_the_shared_link_opens_the_same_option_for_another_visitor(visitor):
    one, other = visitor(), visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.62")
    one.see(CHANGED)
    open_popover(one, "Share", waits_for="This link holds")
    link = shared_link(one)
    assert link.startswith(one.address)
    one.shot("explore-share")
    other.page.goto(link)
    other.see(CHANGED)
    assert one.page.locator(".p-headline").inner_text() == (
        other.page.locator(".p-headline").inner_text()
    )


def test_the_scenario_file_and_the_table_are_of_the_option(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.62")
    one.see(CHANGED)
    open_popover(one, "Share", waits_for="This link holds")
    option = scenario_from_share(urlsplit(shared_link(one)).query.split("s=")[1]).scenario
    files = {}
    for name in ("Scenario (YAML)", "Table (CSV)"):
        with one.page.expect_download() as waited:
            one.page.get_by_role("button", name=name).click()
        files[name] = waited.value.path().read_text("utf-8")
    assert "threshold: 0.62" in files["Scenario (YAML)"]
    assert scenario_hash(option) in files["Table (CSV)"]


def test_the_page_for_a_committee_downloads_and_names_the_option(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.62")
    one.see(CHANGED)
    text = urlsplit(one.page.url).query.split("s=")[1]
    open_popover(one, "Print", waits_for="One page of A4")
    one.page.get_by_role("button", name="Make the page").click()
    one.see("Making the page, about")
    one.shot("explore-print-making")
    one.see("Download the page", seconds=PAGE_S)
    one.settle()
    one.shot("explore-print")
    with one.page.expect_download() as waited:
        one.page.get_by_role("button", name="Download the page").click()
    document = PdfReader(io.BytesIO(waited.value.path().read_bytes()))
    said = document.pages[0].extract_text()
    assert len(document.pages) == 1
    assert scenario_hash(scenario_from_share(text).scenario) in said
    assert text in "".join(said.split())


def test_the_browsers_own_print_shows_the_answer_and_nothing_to_click(visitor):
    one = visitor(scheme="dark")
    one.go(waits_for=ANSWER)
    one.settle(2500)
    one.page.emulate_media(media="print", color_scheme="dark")
    one.settle(500)
    shown = "e => e.checkVisibility() && e.getBoundingClientRect().width > 0"
    for kind in ("stSidebar", "stHeader", "stPopover", "stButton", "stDownloadButton"):
        found = one.page.locator(f"[data-testid='{kind}']").all()
        assert [each.inner_text() for each in found if each.evaluate(shown)] == [], kind
    assert one.page.locator(".p-headline").is_visible()
    assert one.page.locator("table.p-pair").is_visible()
    ink, paper = one.page.evaluate(
        """[getComputedStyle(document.querySelector('.p-headline')).color,
            getComputedStyle(document.querySelector('.stApp')).backgroundColor]"""
    )
    assert (ink, paper) == ("rgb(29, 43, 54)", "rgb(255, 255, 255)")
    one.shot("explore-on-paper")
    paper_pages = PdfReader(io.BytesIO(one.page.pdf(format="A4", print_background=True))).pages
    words = " ".join(" ".join(page.extract_text() for page in paper_pages).split())
    words = normalize("NFKC", words)  # two letters may be set as one sign
    assert "people who walk past" in words
    assert "staff hours" in words  # the last row of the cards: the table is whole


def test_nothing_is_wider_than_a_phone(visitor):
    one = visitor(width=PHONE)
    one.go(waits_for=ANSWER)
    one.settle(2500)
    assert overflow_px(one) <= 0
    assert wider_than_the_window(one) == []
    for name, said in (("Share", "This link holds"), ("Print", "One page of A4")):
        open_popover(one, name, waits_for=said)
        assert overflow_px(one) <= 0
        one.shot(f"explore-phone-{name.lower()}")
        one.page.keyboard.press("Escape")
        one.settle(500)


def test_on_a_phone_the_sentence_comes_first_and_the_levers_are_a_thumb_away(visitor):
    one = visitor(width=PHONE)
    one.go(waits_for=ANSWER)
    one.settle()
    headline = one.page.locator(".p-headline").bounding_box()
    cards = one.page.locator("table.p-pair").bounding_box()
    assert headline["y"] < cards["y"] < 900  # the first window shows the sentence and cards begin
    levers = one.page.get_by_role("button", name="Levers")
    box = levers.bounding_box()
    assert box["height"] >= 44  # a finger's width, in points
    assert 900 / 2 < box["y"] < 900  # where the thumb is
    levers.click()
    one.settle(800)
    one.shot("explore-phone-levers")
    one.choose("How sure", "0.62")
    one.page.get_by_role("button", name="See the answer").click()
    one.settle(800)
    assert one.page.get_by_text(CHANGED).first.is_visible()
    assert one.page.get_by_test_id("stSidebar").bounding_box()["x"] < 0
    # The pointer rests where the thumb was: the words must stay legible there.
    ink, paper = levers.evaluate(
        "e => [getComputedStyle(e, '::after').color, getComputedStyle(e).backgroundColor]"
    )
    assert (ink, paper) == ("rgb(255, 255, 255)", "rgb(11, 122, 117)")
    one.shot("explore-phone-changed")


@pytest.mark.parametrize("path", ["", "evidence"])
def test_buttons_of_the_sidebar_are_called_what_they_show(visitor, path):
    one = visitor(width=PHONE)
    one.go(path, waits_for="an alert" if not path else "has a source")
    one.settle()
    for button in ("stExpandSidebarButton", "stSidebarCollapseButton"):
        found = one.page.get_by_test_id(button)
        found = found if button == "stExpandSidebarButton" else found.locator("button")
        shown = found.evaluate("e => getComputedStyle(e, '::after').content.replaceAll('\"', '')")
        assert shown in ("Levers, pages", "See the answer", "Pages", "Close")
        assert found.get_attribute("aria-label") == shown
        found.click()
        one.settle(800)


def test_on_a_wide_window_the_sidebar_keeps_its_own_names(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    one.settle()
    button = one.page.get_by_test_id("stSidebarCollapseButton").locator("button")
    assert button.get_attribute("aria-label") == "Collapse sidebar"


def test_on_a_phone_baseline_and_option_stand_beside_each_other(visitor):
    one = visitor(width=PHONE)
    one.go(waits_for=ANSWER)
    one.settle()
    there, here, moved = one.page.locator("table.p-pair tbody tr").first.locator("td").all()
    assert there.bounding_box()["y"] == pytest.approx(here.bounding_box()["y"], abs=2.0)
    assert there.bounding_box()["x"] + there.bounding_box()["width"] <= here.bounding_box()["x"]
    assert moved.bounding_box()["y"] > here.bounding_box()["y"]
