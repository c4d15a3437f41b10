"""The Record page in a browser: read it, choose another outcome, upload a good and a bad log."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.ui.test_record_page import GOOD

ANSWER = "real deployments"


def open_record(one):
    one.go("record", waits_for=ANSWER)
    one.page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    one.page.get_by_text("No log yet").wait_for(timeout=60_000)
    one.settle()
    return one.page


def upload(one, content):
    one.page.locator("input[type=file]").set_input_files(
        {"name": "../../mylog.csv", "mimeType": "text/csv", "buffer": content}
    )


def test_the_answer_comes_first_and_a_miss_is_named(visitor):
    one = visitor()
    page = open_record(one)
    assert "of 62 as many arrests" in page.locator(".p-headline").inner_text()
    page.get_by_text("arrests", exact=True).first.click()
    page.get_by_text("10, more than the 0 to 9 predicted").wait_for(timeout=30_000)
    one.settle()
    one.shot("record-arrests")
    assert one.elsewhere() == []


def test_a_good_log_is_answered_and_then_forgotten(visitor):
    one = visitor()
    page = open_record(one)
    upload(one, GOOD.encode())
    one.see("Your log: 3 deployments")
    one.see("What cannot be known from this log")
    one.settle()
    one.shot("record-own")
    page.get_by_role("button", name="Remove").first.click()
    one.see("No log yet")
    assert page.get_by_text("Your log: 3 deployments").count() == 0
    assert one.elsewhere() == []


def test_a_bad_log_is_refused_with_its_line(visitor):
    one = visitor()
    page = open_record(one)
    upload(one, GOOD.replace(",9,8,1", ",9,8,4").encode())
    one.see("This log was not used")
    one.see("line 2: alerts 9 is not true_alerts 8 plus false_alerts 4")
    assert page.get_by_text("Traceback").count() == 0
    one.shot("record-bad")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(visitor, scheme, width):
    one = visitor(width=width, scheme=scheme)
    page = open_record(one)
    upload(one, GOOD.encode())
    one.see("What cannot be known from this log")
    one.settle(2500)
    one.shot(f"record-{scheme}-{width}")
    found = Axe().run(page).response["violations"]
    told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert told == []
    page.get_by_text("Your log: 3").first.scroll_into_view_if_needed()
    one.shot(f"record-own-{scheme}-{width}")
