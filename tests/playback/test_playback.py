"""A playback holds what the recording has: places, sights, states, and a story that agrees."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import columns as col
from sim.errors import OutputError, SimError
from sim.kernels.sight_line_hits import CLEAR, HIDDEN
from sim.model.recorder import SIGHTS
from sim.model.shift_draws import shift_draws
from sim.model.street import Street
from sim.playback import browser_bytes, kept_replays, recording
from sim.playback.browser_bytes import MOST_PRESENT, NOBODY, about_packed, packed
from sim.playback.kept_replays import keep_replay, kept_path, kept_replay, replay_key
from sim.playback.recording import record_replay
from sim.playback.replay import read_replay
from sim.playback.replay_facts import STATES, task_facts
from sim.playback.shift_events import ALERT, SET_OFF, STOP, Task, played_draw
from sim.playback.story import officer_way, summary
from sim.playback.wished_minutes import Wish, chosen_minutes
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder
from sim.storage.durable import make_room
from sim.storage.walk_cache import FOLDER_VARIABLE
from tests.playback.unpacking import a_replay, unpacked
from tests.properties import examples

pytestmark = pytest.mark.whole

LISTED = "matching.listed_per_1000: {value: 80.0, low: 80.0, high: 80.0, why: test}"
BUSY = (
    "policy.hours=0.1",
    "street.footfall.people=60000.0",
    "policy.threshold=0.56",
    f"assumptions.values={{{LISTED}}}",
    "run.draws=50",
)
WISH = Wish(show="right", minutes=3)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(shipped_folder() / "reference.yaml", settings=BUSY)


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("walks")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def kept(scenario, own_cache):
    return keep_replay(scenario, WISH)


@pytest.fixture(scope="module")
def content(kept):
    return packed(kept)


@pytest.fixture(scope="module")
def shown(content):
    return unpacked(content)


@pytest.fixture(scope="module")
def file(scenario, content, tmp_path_factory):
    """Return the replay of the same minutes, as the command line writes it."""
    chosen = about_packed(content)["chosen"]
    path = tmp_path_factory.mktemp("replay") / "walk.parquet"
    window = {"from_s": chosen["from_s"], "to_s": chosen["to_s"], "draw": chosen["draw"]}
    record_replay(scenario, path, **window)
    return read_replay(path)


@pytest.fixture(scope="module")
def shifts():
    """Return shifts with fewer people: officers are free often enough for mistaken stops."""
    fewer = (*BUSY, "street.footfall.people=20000.0")
    scenario = load_scenario(shipped_folder() / "reference.yaml", settings=fewer)
    return shift_draws(scenario, Street(scenario).walk())


def keys(shown):
    """Return person and frame of every row."""
    person = np.repeat(shown.person, shown.length)
    starts = np.concatenate([[0], np.cumsum(shown.length, dtype=np.int64)])[:-1]
    since = np.arange(len(person)) - np.repeat(starts, shown.length)
    return person, np.repeat(shown.first, shown.length) + since


def joined(shown, file):
    """Return the rows of the playback beside those of the file, for who is in both."""
    person, frame = keys(shown)
    xy = shown.positions_cm()
    table = pd.DataFrame(
        {
            col.ID: person,
            col.FRAME: frame,
            "x": xy[:, 0],
            "y": xy[:, 1],
            "nose": shown.nose * 360.0 / 256.0,
            "shown_state": np.array(STATES)[shown.state],
            "row": np.arange(len(person)),
        }
    )
    return table.merge(file.rows, on=[col.ID, col.FRAME], how="left", validate="one_to_one")


def test_everybody_is_where_the_file_has_them_within_two_centimetres(shown, file):
    both = joined(shown, file)
    assert not both[col.X_CM].isna().any()
    assert np.abs(both["x"] - both[col.X_CM]).max() <= 2.0
    assert np.abs(both["y"] - both[col.Y_CM]).max() <= 2.0
    assert len(both) > 10_000


def test_noses_and_states_are_those_of_the_file(shown, file):
    both = joined(shown, file)
    off = (both["nose"] - both[col.NOSE] + 180.0) % 360.0 - 180.0
    assert np.abs(off).max() <= 180.0 / 256.0 + 1e-9  # half a step
    assert both["shown_state"].tolist() == both[col.STATE].tolist()


def test_sights_and_hiders_are_those_of_the_file(shown, file):
    both = joined(shown, file)
    for camera in range(shown.about["cameras"]):
        words = np.array(list(SIGHTS.values()))[shown.sight[camera]]
        assert words.tolist() == both[f"sight_{camera}"].tolist()
        hidden = np.flatnonzero(shown.sight[camera] == HIDDEN)
        assert len(hidden) > 50
        who = both[f"hidden_by_{camera}"].to_numpy()[hidden]
        track = shown.hider[camera][hidden]
        is_drawn = track != NOBODY
        assert is_drawn.mean() > 0.9
        assert (shown.person[track[is_drawn]] == who[is_drawn]).all()


def test_only_whoever_is_stopped_is_left_out_from_the_stop_on(shown, file, content):
    stops = {one["person"]: one["met_s"] for one in about_packed(content)["story"]["alerts"]}
    person, frame = keys(shown)
    drawn = set(zip(person.tolist(), frame.tolist(), strict=True))
    missing = [
        (who, when)
        for who, when in zip(file.rows[col.ID], file.rows[col.FRAME], strict=True)
        if (who, when) not in drawn
    ]
    assert missing
    for who, when in missing:
        assert when / file.frame_rate >= stops[who] - 1e-6


def test_the_story_is_that_of_the_file(shown, file):
    told = pd.DataFrame(shown.about["story"]["events"])
    events = file.events()
    assert told[col.WORDS].tolist() == events[col.WORDS].tolist()
    first_s = file.about["first_frame_s"]
    np.testing.assert_allclose(told[col.EVENT_TIME], events[col.EVENT_TIME] - first_s, atol=1e-9)


def test_alerts_agree_with_the_events_told(shown):
    """Who is told to be on the list is drawn as on the list; who is stopped is held from then."""
    story = shown.about["story"]
    by_person = {one["person"]: one for one in story["alerts"]}
    alerts = [event for event in story["events"] if event[col.EVENT] == ALERT]
    assert len(alerts) > 3
    for event in alerts:
        alert = by_person[event[col.PERSON]]
        assert alert["alert_s"] == pytest.approx(event[col.EVENT_TIME])
        assert ("is not on the list" in event[col.WORDS]) is not alert["listed"]
        assert alert["camera"] in event[col.WORDS]
    stops = [event for event in story["events"] if event[col.EVENT] == STOP]
    assert stops
    for event in stops:
        alert = by_person[event[col.PERSON]]
        assert alert["met_s"] == pytest.approx(event[col.EVENT_TIME])
        assert alert["end_s"] > alert["met_s"]
        assert tuple(alert["met_m"]) == pytest.approx((event[col.X_M], event[col.Y_M]))
        assert ("mistaken" in event[col.WORDS]) is not alert["listed"]


def test_officers_are_where_the_events_have_them(shown):
    story = shown.about["story"]
    for event in story["events"]:
        if event[col.EVENT] not in {SET_OFF, STOP}:
            continue
        way = story["officers"][event[col.OFFICER] - 1]
        near = [row for row in way if abs(row[0] - event[col.EVENT_TIME]) < 1e-6]
        assert any(row[1:3] == pytest.approx([event[col.X_M], event[col.Y_M]]) for row in near)


def test_the_summary_counts_the_events(shown):
    events = [event[col.EVENT] for event in shown.about["story"]["events"]]
    numbers = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    count = events.count(ALERT)
    said = numbers[count] if count < len(numbers) else str(count)
    assert f"{said} set off an alert" in shown.about["label"]
    assert f"{shown.about['people']} people walk past" in shown.about["label"]


@pytest.mark.parametrize(
    ("listed", "stopped", "words"),
    [
        ([], [], "Nobody sets off an alert. Nobody is stopped."),
        ([True], [True], "One sets off an alert, is on the list, and is stopped."),
        ([False], [False], "One sets off an alert, is not on the list, and is stopped by mistake."),
        ([False], [], "One sets off an alert, is not on the list, and is not stopped."),
        ([True, False], [False], "Two set off an alert: 1 on the list, 1 not. One is stopped by"),
        ([False, False], [], "Two set off an alert: none on the list, 2 not. Nobody is stopped."),
        ([True, True], [True], "Two set off an alert: both on the list. One who is on the list"),
        ([True] * 3, [True] * 3, "Three set off an alert: all on the list. Three are stopped: all"),
    ],
)
def test_the_summary_says_who_and_never_a_bare_zero(listed, stopped, words):
    alerts = [{"person": k, "listed": is_listed} for k, is_listed in enumerate(listed)]
    events = [{col.EVENT: ALERT, col.PERSON: k} for k in range(len(listed))]
    events += [{col.EVENT: STOP, col.PERSON: listed.index(is_listed)} for is_listed in stopped]
    story = {"length_s": 119.9, "alerts": alerts, "events": events}
    said = summary(story, people=200)
    assert words in said
    assert " 0 " not in said


@st.composite
def walks(draw):
    """Return any replay: jumps across the whole place, people who come and go, few or none."""
    frames, cameras = draw(st.integers(1, 40)), draw(st.integers(0, 2))
    people = draw(st.integers(0, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    is_there = rng.random((people, frames)) < draw(st.sampled_from((0.2, 0.9, 1.0)))
    who, when = np.nonzero(is_there)
    x = rng.integers(-5, 65530, len(who))
    y = rng.choice(np.array([0, 1, 65535]), len(who))
    made = a_replay(
        zip(who, when, x, y, strict=True), frames=frames, cameras=[(0.0, 0.0)] * cameras
    )
    made.rows[col.NOSE] = rng.integers(0, 360, len(who))
    made.rows[col.STATE] = rng.choice(np.array(STATES), len(who))
    for camera in range(cameras):
        sight = rng.choice(np.array(list(SIGHTS.values())), len(who))
        made.rows[f"sight_{camera}"] = sight
        hider = np.where(sight == SIGHTS[HIDDEN], rng.integers(-1, 6, len(who)), -1)
        made.rows[f"hidden_by_{camera}"] = hider
    return made


@settings(deadline=None, max_examples=examples(150))
@given(walks())
def test_what_is_packed_comes_out_again(given_one):  # property
    shown = unpacked(packed(given_one))
    both = joined(shown, given_one)
    assert len(both) == len(given_one.rows)
    assert both["x"].tolist() == both[col.X_CM].tolist()
    assert both["y"].tolist() == both[col.Y_CM].tolist()
    assert both["shown_state"].tolist() == both[col.STATE].tolist()
    off = (both["nose"] - both[col.NOSE] + 180.0) % 360.0 - 180.0
    assert np.abs(off).max() <= 180.0 / 256.0 + 1e-9 if len(both) else True
    here = set(zip(both[col.ID], both[col.FRAME], strict=True))
    for camera in range(shown.about["cameras"]):
        words = np.array(list(SIGHTS.values()))[shown.sight[camera]]
        assert words.tolist() == both[f"sight_{camera}"].tolist()
        for track, who, frame in zip(
            shown.hider[camera], both[f"hidden_by_{camera}"], both[col.FRAME], strict=True
        ):
            is_drawn = (who, frame) in here
            assert (track != NOBODY) == is_drawn
            assert not is_drawn or shown.person[track] == who


def test_somebody_who_leaves_and_comes_back_has_two_tracks():
    rows = [(7, frame, frame, 0) for frame in (0, 1, 2, 5, 6)]
    made = unpacked(packed(a_replay(rows)))
    assert made.person.tolist() == [7, 7]
    assert made.first.tolist() == [0, 5]
    assert made.length.tolist() == [3, 2]
    assert made.about["people"] == 1


def test_a_nose_of_359_degrees_is_north():
    assert unpacked(packed(a_replay([(1, 0, 0, 0)]))).nose.tolist() == [255]
    almost = a_replay([(1, 0, 0, 0)])
    almost.rows[col.NOSE] = 359.9
    assert unpacked(packed(almost)).nose.tolist() == [0]


def test_a_wide_place_is_told_in_coarser_units_and_within_two_centimetres():
    rows = [(1, 0, -100_000, 5), (1, 1, 150_001, 11), (2, 0, 3, 7)]
    made = unpacked(packed(a_replay(rows)))
    assert made.about["unit_cm"] == 4
    person, frame = keys(made)
    told = dict(
        zip(zip(person.tolist(), frame.tolist(), strict=True), made.positions_cm(), strict=True)
    )
    for who, when, x, y in rows:
        assert np.abs(told[who, when] - (x, y)).max() <= 2.0


def test_a_place_too_wide_is_refused():
    with pytest.raises(SimError, match=r"4\.0 km apart; the page plays 2\.6 km"):
        packed(a_replay([(1, 0, 0, 0), (1, 1, 400_000, 0)]))


def test_too_many_minutes_are_refused():
    with pytest.raises(SimError, match=r"up to 3 minutes; found 3\.3"):
        packed(a_replay([(1, 0, 0, 0)], frames=2000))


def test_nobody_at_all_is_played_too():
    content = packed(a_replay([], cameras=[(0.0, 0.0)]))
    assert unpacked(content).about["most_present"] == 0


def test_of_too_many_people_the_nearest_to_a_camera_stay(monkeypatch):
    monkeypatch.setattr(browser_bytes, "MOST_PRESENT", 3)
    rows = [(who, frame, 100 * who, 0) for who in range(6) for frame in range(4)]
    rows += [(9, frame, 900, 0) for frame in (5, 6)]  # far, but when there is room
    made = unpacked(packed(a_replay(rows, cameras=[(0.0, 0.0)])))
    assert sorted(set(made.person.tolist())) == [0, 1, 2, 9]
    assert made.about["left_out"] == 3
    assert made.about["most_present"] == 3 < MOST_PRESENT


def test_the_alert_asked_for_is_in_the_minutes(shifts):
    for show, listed in (("right", True), ("mistake", False)):
        chosen = chosen_minutes(shifts, Wish(show=show, minutes=1))
        assert chosen.is_as_asked
        assert chosen.to_s - chosen.from_s == 60.0
        assert 0 < chosen.having <= chosen.draws
        played = played_draw(shifts, chosen.draw)
        met = {
            task.person
            for task in played.tasks
            if task.stop_end_s > task.met_s and chosen.from_s <= task.met_s < chosen.to_s
        }
        truth = dict(zip(played.alerts.person.tolist(), played.alerts.is_true, strict=True))
        assert any(truth[person] == listed for person in met)


def test_an_alert_stands_in_where_nobody_of_that_kind_is_stopped(shifts):
    alerts = shifts.alerts.copy()
    alerts.loc[~alerts[col.IS_TRUE], col.STOP_MINUTES] = 0.0
    chosen = chosen_minutes(dataclasses.replace(shifts, alerts=alerts), Wish(show="mistake"))
    assert not chosen.is_as_asked
    of_draw = alerts[(alerts[col.DRAW] == chosen.draw) & ~alerts[col.IS_TRUE]]
    assert of_draw[col.ALERT_TIME].between(chosen.from_s, chosen.to_s).any()
    assert chosen.having == alerts.loc[~alerts[col.IS_TRUE], col.DRAW].nunique()


def test_minutes_by_the_clock_are_those_asked_for(shifts):
    chosen = chosen_minutes(shifts, Wish(show="minute", minutes=2, from_minute=3))
    assert (chosen.from_s, chosen.to_s) == (180.0, 300.0)
    with pytest.raises(SimError, match="cameras run for 6 minutes; found minute 6"):
        chosen_minutes(shifts, Wish(show="minute", from_minute=6))


def test_nobody_of_that_kind_is_said(shifts):
    none = dataclasses.replace(shifts, alerts=shifts.alerts[shifts.alerts[col.IS_TRUE]])
    with pytest.raises(SimError, match=r"in none of 50 plays .* who is not on the list"):
        chosen_minutes(none, Wish(show="mistake"))


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 4}, {"from_minute": -1}])
def test_a_wish_beyond_the_bounds_is_refused(wrong):
    with pytest.raises(SimError, match="a playback"):
        Wish(**wrong)


def test_a_replay_is_kept_and_read_as_it_was_recorded(scenario, kept, own_cache):
    again = kept_replay(replay_key(scenario, WISH))
    assert again.about == kept.about
    assert packed(again) == packed(kept)


@pytest.mark.parametrize("where", [-1, 2000])
def test_a_damaged_replay_is_not_shown(scenario, kept, own_cache, monkeypatch, tmp_path, where):
    sound = kept_path(replay_key(scenario, WISH)).read_bytes()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    path = kept_path("damaged")
    path.parent.mkdir()
    damaged = bytearray(sound)
    damaged[where] ^= 1
    path.write_bytes(damaged)
    assert kept_replay("damaged") is None
    assert not path.exists()


def test_a_full_disk_is_said_without_a_path(scenario, own_cache, monkeypatch, tmp_path):
    def full(*_):
        raise OutputError(f"--out {tmp_path}/walk.parquet: No space left on device")

    monkeypatch.setattr(recording, "write_replay", full)
    with pytest.raises(SimError, match="the disk may be full") as said:
        keep_replay(scenario, Wish(show="right", minutes=1))
    assert str(tmp_path) not in str(said.value)


def test_a_replay_depends_on_the_seed_and_the_wish(scenario):
    other = scenario.model_copy(update={"run": scenario.run.model_copy(update={"seed": 2})})
    found = {
        replay_key(scenario, WISH),
        replay_key(other, WISH),
        replay_key(scenario, Wish(show="mistake", minutes=3)),
        replay_key(scenario, Wish(show="right", minutes=2)),
    }
    assert len(found) == 4


def test_a_folder_is_bounded(tmp_path):
    for k in range(5):
        path = tmp_path / f"{k}.parquet"
        path.write_bytes(b"x" * 1024)
        kept_replays.os.utime(path, (k, k))
        make_room(path, "*.parquet", 3 * 1024)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{k}.parquet" for k in (2, 3, 4)]


def a_task(**changed):
    made = Task(
        officer=1, alert=0, person=5, from_s=10.0, place=(0.0, 0.0), met_s=20.0, met=(10.0, 0.0),
        stop_end_s=50.0, free_s=50.0, free_at=(10.0, 0.0),
    )  # fmt: skip
    return task_facts(dataclasses.replace(made, **changed))


def way_of(*tasks, speed_mps=2.0, first_s=0.0):
    officer = {"post_m": (0.0, 0.0), "tasks": tasks}
    return officer_way(officer, speed_mps=speed_mps, first_s=first_s)


def test_an_officer_goes_there_stays_and_walks_back():
    way = way_of(a_task(), first_s=4.0)
    assert way == [
        [-4.0, 0.0, 0.0, "post"],
        [6.0, 0.0, 0.0, "going"],
        [16.0, 10.0, 0.0, "with"],
        [46.0, 10.0, 0.0, "back"],
        [51.0, 0.0, 0.0, "post"],
    ]


def test_an_officer_who_arrests_is_away():
    task = a_task(free_s=600.0, free_at=(0.0, 0.0))
    way = way_of(task)
    assert [row[3] for row in way] == ["post", "going", "with", "away", "post"]
    assert way[-2][0] == 50.0


def test_an_officer_called_on_the_way_back_turns_round():
    second = a_task(from_s=52.0, place=(6.0, 0.0), met_s=60.0, stop_end_s=80.0, free_s=80.0)
    way = way_of(a_task(), second)
    times = [row[0] for row in way]
    assert times == sorted(times)
    assert [52.0, 6.0, 0.0, "going"] in way
    assert [55.0, 0.0, 0.0, "post"] not in way


def test_clear_and_hidden_have_the_codes_that_the_page_reads():
    assert (list(SIGHTS)[CLEAR], list(SIGHTS)[HIDDEN]) == (1, 2)
    assert list(SIGHTS.values()) == ["none", "clear", "hidden"]
