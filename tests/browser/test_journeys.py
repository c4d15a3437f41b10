"""What visitors do, from first sight to a link that opens again."""

import pytest
from axe_playwright_python.sync_playwright import Axe

ANSWER = "set off an alert"


def test_the_first_page_answers_within_ten_seconds(visitor):
    one = visitor()
    one.page.goto(one.address)
    one.see(ANSWER, seconds=10)
    assert "stopped by mistake" in one.page.inner_text("body")
    assert one.elsewhere() == []
    one.shot("explore-first")


def test_three_levers_and_what_they_did(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.64")
    one.choose("Age of the photographs", "7 years")
    one.choose("Who is on the list", "as many women as men")
    one.see("raising the threshold from 0.60 to 0.64")
    said = one.page.locator(".p-sentence").first.inner_text()
    assert said.startswith("Changing who is on the list, using photographs 7 years old")
    assert "on the same people" in said
    one.shot("explore-three-levers")


def test_a_link_opens_what_was_chosen(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.62")
    one.see("Raising the threshold from 0.60 to 0.62")
    link = one.page.url
    assert "?s=" in link
    other = visitor()
    other.page.goto(link)
    other.see("Raising the threshold from 0.60 to 0.62")
    assert one.page.locator(".p-headline").inner_text() == (
        other.page.locator(".p-headline").inner_text()
    )


def test_two_visitors_do_not_see_each_others_levers(visitor):
    one, other = visitor(), visitor()
    one.go(waits_for=ANSWER)
    other.go(waits_for=ANSWER)
    one.choose("How sure", "0.66")
    one.see("from 0.60 to 0.66")
    other.settle()
    assert "0.66" not in other.page.locator(".p-headline").inner_text()
    assert other.page.get_by_text("Pull a lever").count() == 1


def test_a_damaged_link_says_so_and_shows_no_trace(visitor):
    one = visitor()
    one.go("?s=1.broken", waits_for=ANSWER)
    text = one.page.inner_text("body")
    assert "could not be read" in text
    for leak in ("Traceback", 'File "', "/home", "site-packages"):
        assert leak not in text


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visitor, width, scheme):
    one = visitor(width=width, scheme=scheme)
    one.go(waits_for=ANSWER)
    one.settle(2500)
    one.shot(f"explore-{width}-{scheme}")
    found = Axe().run(one.page).response["violations"]
    told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert told == []


def test_the_levers_can_be_reached_by_keyboard(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    reached = set()
    for _ in range(60):
        one.page.keyboard.press("Tab")
        label = one.page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
        )
        reached.add((label or "").split("\n")[0][:30])
    assert any("How sure" in label for label in reached), reached
    assert any(label.startswith("Reset") for label in reached), reached
