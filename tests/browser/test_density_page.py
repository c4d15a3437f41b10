"""The Density page in a browser: read it, choose another crowd and camera, open a table."""

import pytest
from axe_playwright_python.sync_playwright import Axe

ANSWER = "well enough"


def open_density(one):
    one.go("density", waits_for=ANSWER)
    one.page.locator(".js-plotly-plot").nth(5).wait_for(timeout=30_000)
    one.settle(1500)
    return one.page


def choose(one, label, option):
    one.page.get_by_role("combobox", name=label).click()
    one.page.get_by_role("option").filter(has_text=option).first.click()
    one.settle()


def headline(page):
    return page.locator(".p-headline").inner_text()


def test_the_answer_comes_first_and_charts_have_words(visitor):
    one = visitor()
    page = open_density(one)
    assert "of 100 women" in headline(page)
    assert page.locator(".js-plotly-plot").count() == 6
    assert "right matches" in page.locator(".p-sentence").first.inner_text()
    assert one.elsewhere() == []


def test_another_crowd_camera_and_matcher_change_the_answer(visitor):
    one = visitor()
    page = open_density(one)
    said = {headline(page)}
    choose(one, "Camera height", "8 m")
    said.add(headline(page))
    choose(one, "Crowd", "0.22")
    said.add(headline(page))
    assert len(said) == 3
    before = page.locator(".p-sentence").first.inner_text()
    choose(one, "How often the matcher errs", "early trials")
    assert page.locator(".p-sentence").first.inner_text() != before
    one.shot("density-8m-trials")


def test_a_table_opens_with_the_numbers_of_its_chart(visitor):
    one = visitor()
    page = open_density(one)
    page.get_by_text("Table", exact=True).first.click()
    one.settle()
    shown = page.locator("table.p-plain").first
    assert "women" in shown.inner_text()
    assert "people a square metre" in shown.inner_text()


def test_the_fields_can_be_reached_and_changed_by_keyboard(visitor):
    one = visitor()
    page = open_density(one)
    before = headline(page)
    page.get_by_role("combobox", name="Crowd").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    one.settle()
    assert headline(page) != before


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visitor, width, scheme):
    one = visitor(width=width, scheme=scheme)
    page = open_density(one)
    one.shot(f"density-{width}-{scheme}")
    found = Axe().run(page).response["violations"]
    told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert told == []
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
