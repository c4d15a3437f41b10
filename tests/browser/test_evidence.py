"""The Evidence page in a browser: entry, list, method pages and words."""

import pytest
from axe_playwright_python.sync_playwright import Axe

VIEWS = {
    "entry": ("evidence?entry=matching.listed_per_1000", "matching.listed_per_1000"),
    "method": ("evidence?page=limits.md", "Whether to use live facial recognition"),
    "words": ("evidence?page=glossary.md", "One word for one thing"),
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(visitor, view, width, scheme):
    one = visitor(width=width, scheme=scheme)
    path, text = VIEWS[view]
    one.go(path, waits_for=text)
    one.settle(2500)
    one.shot(f"evidence-{view}-{width}-{scheme}")
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], [n["html"][:160] for n in each["nodes"][:3]]) for each in found] == []


def test_the_list_leads_to_an_entry(visitor):
    one = visitor()
    page = one.go("evidence", waits_for="numbers that fit")
    page.get_by_text("numbers that fit").click()
    link = page.get_by_role("link", name="response.arrest_share", exact=True)
    link.click()
    one.see("response.arrest_share")
    page.wait_for_url("**entry=response.arrest_share**")
    assert "Who disputes it" in page.inner_text("body")


def test_a_source_on_explore_leads_to_its_entry(visitor):
    one = visitor()
    page = one.go(waits_for="set off an alert")
    page.get_by_text("Where do these numbers come from?").last.click()
    one.settle()
    link = page.locator('a[href*="evidence?entry="]').first
    address = link.get_attribute("href")
    other = visitor()
    other.go(address.rpartition("/")[2], waits_for="Who says so")
    assert address.partition("entry=")[2] in other.page.inner_text("body")
