"""The Watch page in a browser: it plays, pauses, scrubs, tells, and draws what was packed."""

import base64
import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from sim import columns as col
from sim.model.recorder import SIGHTS
from sim.playback.browser_bytes import packed
from sim.playback.replay_facts import STATES
from sim.ui.replay import text_of
from tests.playback.unpacking import a_replay, unpacked

SHOWN = "What happens, in words"
RECORD = "Record these minutes"


def watch(one):
    """Open the page and have the minutes recorded if they are not."""
    one.page.goto(f"{one.address}/watch")
    one.page.get_by_text(SHOWN).or_(one.page.get_by_text(RECORD)).first.wait_for(timeout=60_000)
    if one.page.get_by_role("button", name=RECORD).count():
        one.page.get_by_role("button", name=RECORD).click()
    one.see(SHOWN, seconds=120)
    one.page.locator("canvas").wait_for()
    one.settle(500)
    return one.page


def at(page):
    return page.locator("canvas").evaluate("(canvas) => canvas.replay.now.time")


def seek(page, seconds):
    page.locator("canvas").evaluate(
        "(canvas, t) => { canvas.replay.setPlaying(false); canvas.replay.seek(t); }", seconds
    )
    page.wait_for_timeout(300)


def caption(page):
    return page.locator(".replay .caption").inner_text()


def test_it_plays_by_itself_and_explains_itself(visitor):
    one = visitor()
    page = watch(one)
    assert "from above" in caption(page) or "pale wedge" in caption(page)
    assert page.locator(".replay .caption").get_attribute("aria-live") == "polite"
    before = at(page)
    page.wait_for_timeout(1500)
    assert at(page) > before
    assert page.locator("canvas").evaluate("(canvas) => canvas.replay.now.speed") == 0.5
    assert one.elsewhere() == []


def test_it_rests_for_who_prefers_no_motion(visitor):
    page = watch(visitor(reduced_motion="reduce"))
    page.wait_for_timeout(1500)
    assert at(page) == 0
    assert page.get_by_role("button", name="Play").count() == 1
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(800)
    assert at(page) > 0


def test_the_keyboard_scrubs_and_space_plays_and_pauses(visitor):
    page = watch(visitor(reduced_motion="reduce"))
    slider = page.get_by_role("slider", name="Moment")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert at(page) == 5
    assert slider.get_attribute("aria-valuetext").startswith("0:05 of")
    page.keyboard.press("Space")
    page.wait_for_timeout(600)
    assert at(page) > 5
    page.keyboard.press("Space")
    page.wait_for_timeout(200)
    stopped = at(page)
    page.wait_for_timeout(500)
    assert at(page) == stopped


def test_a_tick_leads_to_its_event_and_the_caption_says_what_happened(visitor):
    page = watch(visitor(reduced_motion="reduce"))
    story = page.locator("canvas").evaluate("(canvas) => canvas.replay.story")
    for kind in ("alert", "stop"):
        events = [event for event in story["events"] if event["event"] == kind]
        assert events
        page.locator(f".replay .ticks .{kind}").first.click()
        page.wait_for_timeout(300)
        assert at(page) == pytest.approx(events[0]["event_s"] + 0.01)
        assert events[0]["words"] in caption(page)
        one = page.locator(f".replay .ticks .{kind}").first.get_attribute("aria-label")
        assert events[0]["words"] in one


def test_captions_agree_with_the_table_of_events(visitor):
    page = watch(visitor(reduced_motion="reduce"))
    story = page.locator("canvas").evaluate("(canvas) => canvas.replay.story")
    table = page.get_by_test_id("stTable").inner_text()
    for event in story["events"]:
        seek(page, event["event_s"] + 0.01)
        assert event["words"] in caption(page)
        assert event["words"] in table


def test_a_rerun_of_the_page_keeps_the_moment(visitor):
    page = watch(visitor(reduced_motion="reduce"))
    seek(page, 33)
    page.get_by_text("How to read this, and where it comes from").click()
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_timeout(800)
    assert at(page) == 33


def test_leaving_the_page_ends_the_drawing(visitor):
    one = visitor()
    page = watch(one)
    canvas = page.locator("canvas").element_handle()
    page.get_by_role("link", name="Evidence").click()
    one.see("Every number here has a source")
    drawn = canvas.evaluate("(canvas) => canvas.replay.drawn.count")
    page.wait_for_timeout(600)
    assert canvas.evaluate("(canvas) => canvas.replay.drawn.count") == drawn


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(visitor, width, scheme):
    one = visitor(width=width, scheme=scheme, reduced_motion="reduce")
    page = watch(one)
    story = page.locator("canvas").evaluate("(canvas) => canvas.replay.story")
    stops = [event["event_s"] for event in story["events"] if event["event"] == "stop"]
    seek(page, stops[0] + 1)
    page.locator("canvas").scroll_into_view_if_needed()
    one.shot(f"watch-{width}-{scheme}")
    found = Axe().run(page).response["violations"]
    told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert told == []
    wide = page.locator(".replay").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert wide[0] <= wide[1]


def test_the_script_unpacks_what_was_packed(chromium):
    """The browser's arrays equal Python's, for a playback with jumps and several cameras."""
    rng = np.random.default_rng(3)
    people, frames, cameras = 5, 60, 2
    rows = people * frames
    who, when = np.repeat(np.arange(people), frames), np.tile(np.arange(frames), people)
    x, y = rng.integers(0, 65536, (2, rows))
    given = a_replay(
        zip(who, when, x, y, strict=True), frames=frames, cameras=[(0.0, 0.0)] * cameras
    )
    given.rows[col.NOSE] = rng.integers(0, 360, rows)
    given.rows[col.STATE] = rng.choice(np.array(STATES), rows)
    for camera in range(cameras):
        given.rows[f"sight_{camera}"] = rng.choice(np.array(list(SIGHTS.values())), rows)
        given.rows[f"hidden_by_{camera}"] = rng.integers(-1, people, rows)
    content = packed(given)
    page = chromium.new_page()
    page.set_content(f"<script>{text_of('unpack.js')}</script>")
    text = page.evaluate(
        """async (text) => {
            const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
            const found = await unpacked(bytes);
            const names = "person first length x y nose state sight hider".split(" ");
            return JSON.stringify(Object.fromEntries(names.map((n) => [n, Array.from(found[n])])));
        }""",
        base64.b64encode(content).decode(),
    )
    page.close()
    there = json.loads(text)
    here = unpacked(content)
    for name, values in there.items():
        assert values == getattr(here, name).ravel().tolist(), name
