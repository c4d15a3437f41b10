"""The Frontier page in a browser: a limit by keyboard, a click on a point, off to Explore."""

import pytest
from axe_playwright_python.sync_playwright import Axe

ANSWER = "policies keep to at most"


def open_frontier(one):
    one.go("frontier", waits_for=ANSWER)
    one.page.locator(".js-plotly-plot").wait_for(timeout=30_000)
    one.settle()
    return one.page


def headline(page):
    return page.locator(".p-headline").inner_text()


def test_a_limit_moved_by_keyboard_changes_the_answer(visitor):
    one = visitor()
    page = open_frontier(one)
    before = headline(page)
    page.get_by_role("slider", name="Mistaken stops for each right match: at most").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
        one.settle(500)
    one.settle()
    assert headline(page) != before
    assert "at most 5 mistaken stops for every 100 right matches" in headline(page)
    assert one.elsewhere() == []
    one.shot("frontier-stricter")


def test_a_click_on_a_point_makes_it_the_one_looked_at_and_then_the_option(visitor):
    one = visitor()
    page = open_frontier(one)
    chosen = page.get_by_role("combobox", name="The policy you look at")
    before = chosen.input_value() or chosen.inner_text()
    point = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point").first
    point.scroll_into_view_if_needed()
    one.settle(400)
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    one.settle(400)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    one.settle(2500)
    chosen = page.get_by_role("combobox", name="The policy you look at")
    assert (chosen.input_value() or chosen.inner_text()) != before
    page.get_by_role("button", name="Make it my option").click()
    page.get_by_text("Levers").first.wait_for(timeout=30_000)
    one.settle(2500)
    assert "s=" in page.url
    assert "Levers" in page.inner_text("body")
    one.shot("frontier-to-explore")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visitor, width, scheme):
    one = visitor(width=width, scheme=scheme)
    page = open_frontier(one)
    one.settle(2000)
    one.shot(f"frontier-{width}-{scheme}")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [n["html"][:160] for n in each["nodes"][:3]]) for each in found] == []
