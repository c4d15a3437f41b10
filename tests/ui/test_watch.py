"""What the Watch page says and does without a browser: recorded minutes, or how to get them."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from sim.errors import SimError
from sim.playback.browser_bytes import about_packed, packed
from sim.playback.kept_replays import keep_replay, kept_replay, replay_key
from sim.playback.wished_minutes import Wish
from sim.scenario.load import load_scenario
from sim.ui import state
from sim.ui.jobs import WorkerPool
from sim.ui.replay import SCRIPTS, text_of
from sim.ui.views import watch
from tests.ui.conftest import ROOT

pytestmark = pytest.mark.whole

WISH = Wish(show="mistake", minutes=1)


def open_watch():
    import streamlit as st

    from sim.ui import state
    from sim.ui.views import watch

    state.begin()
    watch.view()
    st.write("end")


def words_of(visit):
    return " ".join(block.proto.body for block in visit.get("html"))


@pytest.fixture(scope="module")
def recorded(small_place):
    """Return the small place with a minute that has a mistaken stop."""
    return about_packed(packed(keep_replay(small_place, WISH)))


@pytest.fixture
def workers(walks, monkeypatch):
    """Return a pool of this test's own."""
    made = WorkerPool(1)
    monkeypatch.setattr(watch, "pool", lambda: made)
    yield made
    made.close()


@pytest.fixture
def visit(small_places, workers, monkeypatch):
    monkeypatch.setattr(state, "places", lambda: small_places)
    monkeypatch.setattr(watch, "places", lambda: small_places)
    return AppTest.from_function(open_watch, default_timeout=60).run()


def choose(visit, *, show, minutes):
    visit.session_state["watch-show"] = show
    visit.session_state["watch-minutes"] = minutes
    return visit.run()


def button(visit, label):
    return next(one for one in visit.button if one.label == label)


def test_minutes_that_are_not_recorded_are_offered_with_the_time_it_takes(visit):
    choose(visit, show="right", minutes=3)
    assert not visit.exception
    assert "have not been recorded yet" in words_of(visit)
    assert "It takes about" in words_of(visit)
    assert button(visit, "Record these minutes")


def test_recorded_minutes_are_shown_with_their_events_in_words(visit, recorded):
    choose(visit, show="mistake", minutes=1)
    assert not visit.exception
    assert recorded["label"] in words_of(visit)
    shown = visit.table[0].value
    assert shown["What happens"].tolist() == [
        event["words"] for event in recorded["story"]["events"]
    ]
    assert "stopped by mistake" in words_of(visit)


def test_it_is_said_that_the_minutes_were_chosen(visit, recorded):
    choose(visit, show="mistake", minutes=1)
    chosen = recorded["chosen"]
    said = words_of(visit)
    assert f"{chosen['having']} of {chosen['draws']} plays" in said
    assert "chosen for it" in said
    assert "A whole deployment has" in said


def test_the_command_that_gives_the_same_minutes_is_shown(visit, recorded):
    choose(visit, show="mistake", minutes=1)
    chosen = recorded["chosen"]
    text = " ".join(one.value for one in visit.markdown)
    assert f"--from-minute {chosen['from_s'] / 60:.10g} --minutes 1" in text
    assert f"--draw {chosen['draw']}" in text


def test_a_deployment_without_alerts_is_said_without_a_bare_zero(recorded):
    none = {"draws": 50, "having": 0, "alerts_a_draw": 0.0, "is_as_asked": True}
    said = watch._how_usual(recorded | {"chosen": none, "wish": {"show": "minute"}})
    assert said == (
        "In none of 50 plays of these minutes is there an alert. No play of the whole deployment "
        "has an alert."
    )


def test_times_in_the_table_are_those_of_the_day(recorded):
    first = watch.told(recorded).iloc[0]
    seconds = recorded["story"]["clock_s"] + recorded["story"]["events"][0]["event_s"]
    hours, minutes, rest = (int(part) for part in first["At"].split(":"))
    assert 3600 * hours + 60 * minutes + rest == int(seconds)


@pytest.mark.processes
def test_a_button_records_and_the_page_then_shows_it(visit, workers, small_place):
    wish = Wish(show="minute", minutes=1, from_minute=60)
    visit.session_state["watch-show"], visit.session_state["watch-minutes"] = "minute", 1
    visit.run()
    button(visit, "Record these minutes").click().run()
    job = workers.job(visit.session_state[state.OWNER])
    assert job.kind == "playback"
    end = time.monotonic() + 120
    while job.status not in {"done", "failed"} and time.monotonic() < end:
        time.sleep(0.1)
    assert job.status == "done", job.reason
    assert kept_replay(replay_key(small_place, wish)) is not None
    visit.run()
    assert not visit.exception
    assert visit.table or "Nobody sets off an alert" in words_of(visit)


def test_a_recording_that_is_cancelled_leaves_nothing(workers, walks):
    long = load_scenario(ROOT / "scenarios" / "station_exit.yaml", settings=["run.seed=77"])
    job = workers.submit_playback("somebody", long, WISH)
    end = time.monotonic() + 60
    while job.status != "running" and time.monotonic() < end:
        time.sleep(0.02)
    process = job.worker
    workers.cancel("somebody")
    process.wait(timeout=30)
    assert job.status == "cancelled"
    assert kept_replay(replay_key(long, WISH)) is None


@pytest.mark.processes
def test_a_wish_that_cannot_be_is_said_with_its_reason(workers, walks):
    few = ("street.footfall.people=300.0", "policy.hours=1.0", "policy.watchlist.size=0")
    nobody = load_scenario(ROOT / "scenarios" / "reference.yaml", settings=few)
    job = workers.submit_playback("somebody", nobody, WISH)
    end = time.monotonic() + 120
    while job.status not in {"done", "failed"} and time.monotonic() < end:
        time.sleep(0.1)
    assert job.status == "failed"
    assert "choose minutes by the clock" in job.reason


def test_a_street_that_is_too_large_is_refused(workers, walks):
    settings = ["street.footfall.people=2000000.0"]
    crowd = load_scenario(ROOT / "scenarios" / "reference.yaml", settings=settings)
    with pytest.raises(SimError, match="people would walk past"):
        workers.submit_playback("somebody", crowd, WISH)


def test_the_script_asks_for_nothing_from_elsewhere():
    text = "".join(map(text_of, (*SCRIPTS, "replay.css")))
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "import(", "@import", "url("):
        assert word not in text
    addresses = [line for line in text.splitlines() if "//" in line and "http" in line]
    assert all("www.w3.org/2000/svg" in line for line in addresses)  # a name, not a request


def test_the_text_files_are_there_with_the_package():
    assert "export default function" in text_of("replay.js")
    assert all("export" not in text_of(name) for name in SCRIPTS if name != "replay.js")
