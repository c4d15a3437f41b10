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


def told_by_axe(one):
    found = Axe().run(one.page).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_tab_nor_in_share_and_print(visitor, width, scheme):
    one = visitor(width=width, scheme=scheme)
    one.go(waits_for=ANSWER)
    for tab in ("Who is stopped", "What changed", "All denominators", "From alert to stop"):
        one.page.get_by_role("tab", name=tab).click()
        one.settle(2000)
        one.shot(f"explore-{tab.split()[0].lower()}-{width}-{scheme}")
        assert told_by_axe(one) == [], tab
    for name, waits_for in (("Share", "holds the whole option"), ("Print", "One page of A4")):
        one.page.get_by_role("button", name=name, exact=True).click()
        one.see(waits_for)
        one.settle()
        one.shot(f"explore-{name.lower()}-{width}-{scheme}")
        assert told_by_axe(one) == [], name
        one.page.keyboard.press("Escape")
        one.settle()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("evidence?entry=error_model.npl-2023.fmr_060", "Who disputes it"),
        ("evidence?page=glossary.md&word=watchlist", "The photographs of the people"),
    ],
)
def test_axe_finds_nothing_on_an_entry_and_in_the_glossary(visitor, path, text, width, scheme):
    one = visitor(width=width, scheme=scheme)
    one.go(path, waits_for=text)
    one.settle(2500)
    one.shot(f"evidence-{'entry' if 'entry' in path else 'glossary'}-{width}-{scheme}")
    assert told_by_axe(one) == []


def test_nothing_is_wider_than_a_phone(visitor):
    one = visitor(width=390)
    for path, text in (("", ANSWER), ("evidence?entry=walk.body_radius_m", "Who disputes it")):
        one.go(path, waits_for=text)
        one.settle(2000)
        assert one.page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_on_a_phone_the_sentence_comes_first_and_levers_are_one_thumb_away(visitor):
    one = visitor(width=390)
    one.go(waits_for=ANSWER)
    one.settle()
    top = one.page.locator(".p-headline").bounding_box()["y"]
    cards = one.page.locator("table.p-pair").bounding_box()["y"]
    assert top < cards
    button = one.page.get_by_test_id("stExpandSidebarButton")
    box = button.bounding_box()
    assert box["y"] > 700  # the lower part of 900 px, where a thumb is
    assert box["height"] >= 44
    button.click()
    one.page.get_by_role("combobox", name="How sure").wait_for()
    one.shot("explore-390-levers")
    assert told_by_axe(one) == []


def test_an_option_shared_from_a_phone_opens_on_another(visitor):
    one = visitor(width=390)
    one.go(waits_for=ANSWER)
    one.page.get_by_test_id("stExpandSidebarButton").click()
    one.settle()  # the levers slide in
    one.choose("How sure", "0.62")
    one.see("Raising the threshold from 0.60 to 0.62")
    one.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    one.page.get_by_role("button", name="Share", exact=True).click()
    link = one.page.get_by_test_id("stCode").locator("code").inner_text().replace("\n", "")
    other = visitor(width=390)
    other.page.goto(link)
    other.see("Raising the threshold from 0.60 to 0.62")


def test_print_gives_one_tagged_page_of_the_option(visitor, tmp_path):
    from pypdf import PdfReader

    one = visitor()
    one.go(waits_for=ANSWER)
    one.choose("How sure", "0.64")
    one.see("Raising the threshold from 0.60 to 0.64")
    one.page.get_by_role("button", name="Print", exact=True).click()
    one.page.get_by_role("button", name="Make the page").click()
    button = one.page.get_by_role("button", name="Download the page")
    button.wait_for(timeout=240_000)
    with one.page.expect_download() as waiting:
        button.click()
    path = tmp_path / "brief.pdf"
    waiting.value.save_as(path)
    read = PdfReader(path)
    assert len(read.pages) == 1
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "0.64" in read.pages[0].extract_text()


def test_the_browsers_own_print_shows_answer_and_charts_without_levers(visitor, tmp_path):
    from pypdf import PdfReader

    one = visitor(scheme="dark")
    one.go(waits_for=ANSWER)
    one.settle(2000)
    one.page.pdf(path=tmp_path / "page.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "page.pdf").pages)
    assert "stopped by mistake" in text
    assert "alerts on people not on the list" in text
    assert "How sure the system must be" not in text.split("Words of the field")[0]


def test_a_walk_can_be_cancelled_and_asked_for_again(visitor):
    one = visitor()
    one.go(waits_for=ANSWER)
    hours = one.page.get_by_role("spinbutton", name="Hours with cameras on")
    hours.fill("7.5")
    hours.press("Enter")
    one.see("has not been walked yet")
    one.shot("explore-unwalked")
    one.page.get_by_role("button", name="Run the street").click()
    one.page.get_by_role("button", name="Cancel").click()
    one.page.get_by_role("button", name="Run the street").wait_for(timeout=20_000)
    assert "has not been walked yet" in one.page.inner_text("body")
