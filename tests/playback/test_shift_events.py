"""A draw that is played again tells the same story as the run's table, and in plain words."""

from itertools import pairwise

import numpy as np
import pytest

from sim import columns as col
from sim.model.alerts import OUTCOMES
from sim.model.presence import presence
from sim.model.shift_draws import shift_draws
from sim.playback.shift_events import (
    ALERT,
    DISMISS,
    LOSE,
    NOBODY_FREE,
    READ,
    SET_OFF,
    STOP,
    STOP_ENDS,
    UNANSWERED,
    played_draw,
)

pytestmark = pytest.mark.whole

ENDS = {
    "unread": UNANSWERED,
    "dismissed": DISMISS,
    "no officer": NOBODY_FREE,
    "lost": LOSE,
    "mistaken stop": STOP,
    "arrest": STOP,
    "no further action": STOP,
    "out of date": STOP,
}
DRAWS = range(40)


@pytest.fixture(scope="module")
def shifts(busy):
    return shift_draws(busy.scenario, busy.passages)


@pytest.fixture(scope="module")
def played(shifts):
    return [played_draw(shifts, draw) for draw in DRAWS]


def test_every_alert_ends_as_in_the_table(shifts, played):
    seen = set()
    for draw, story in zip(DRAWS, played, strict=True):
        table = shifts.alerts[shifts.alerts[col.DRAW] == draw]
        assert [OUTCOMES[code] for code in story.outcome] == table[col.OUTCOME].tolist()
        for person, outcome in zip(table[col.PERSON], table[col.OUTCOME], strict=True):
            events = story.events[story.events[col.PERSON] == person]
            last = [event for event in events[col.EVENT] if event not in {READ, STOP_ENDS}][-1]
            assert last == ENDS[outcome]
            seen.add(outcome)
    assert {"dismissed", "lost", "mistaken stop", "arrest", "no further action"} <= seen


def test_events_come_in_order_and_an_officer_does_one_thing_at_a_time(played):
    tasks = 0
    for story in played:
        assert np.all(np.diff(story.events[col.EVENT_TIME]) >= 0)
        for number in range(1, len(story.posts) + 1):
            own = [task for task in story.tasks if task.officer == number]
            for task in own:
                assert task.from_s <= task.met_s <= task.stop_end_s <= task.free_s
            for before, after in pairwise(own):
                assert before.free_s <= after.from_s
            tasks += len(own)
    assert tasks > 100


def test_an_officer_comes_from_where_the_last_task_ended_or_the_way_back(shifts, played):
    speed = shifts.believed.value("response.officer_speed_mps")
    for story in played:
        for task in story.tasks:
            earlier = [
                other
                for other in story.tasks
                if other.officer == task.officer and other.from_s < task.from_s
            ]
            post = story.posts[task.officer - 1]
            start, since = (earlier[-1].free_at, earlier[-1].free_s) if earlier else (post, 0.0)
            walked = min(np.hypot(*np.subtract(post, start)), speed * (task.from_s - since))
            assert np.hypot(*np.subtract(task.place, start)) == pytest.approx(walked, abs=1e-9)


def test_an_officer_meets_the_person_where_the_walk_has_them(shifts, played):
    """Within reach, as the straight line to the place says; and the stop lasts as in the table."""
    people = presence(shifts.passages.trail, shifts.passages.people[col.LEFT].to_numpy())
    stops = 0
    for draw, story in zip(DRAWS, played, strict=True):
        table = shifts.alerts[shifts.alerts[col.DRAW] == draw].set_index(col.PERSON)
        for task in story.tasks:
            minutes = table.loc[task.person, col.STOP_MINUTES]
            assert task.stop_end_s - task.met_s == pytest.approx(60 * minutes, abs=1e-6)
            assert task.free_s - task.from_s == pytest.approx(
                60 * table.loc[task.person, col.OFFICER_MINUTES], abs=1e-6
            )
            if minutes > 0:
                at = people.position(task.person, task.met_s)
                assert task.met == pytest.approx(at, abs=1e-6)
                stops += 1
    assert stops > 50


def test_the_words_are_sentences_about_what_happens(played):
    words = {}
    for story in played:
        for row in story.events.itertuples():
            words.setdefault(row.event, set()).add(row.words)
    for sentence in set().union(*words.values()):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    cameras = {"west", "east"}
    assert words[ALERT] == {
        f"An alert at camera {camera}: the person {what} on the list."
        for camera in cameras
        for what in ("is", "is not")
    }
    assert "Operator 1 reads the alert." in words[READ]
    assert "Officer 1 sets off." in words[SET_OFF]
    assert any("mistaken stop" in sentence for sentence in words[STOP])
    assert any(sentence.endswith(": arrest.") for sentence in words[STOP_ENDS])


def test_officers_are_named_only_where_they_act(played):
    for story in played:
        acts = story.events[col.EVENT].isin([SET_OFF, STOP, STOP_ENDS, LOSE])
        assert np.array_equal(story.events[col.OFFICER] >= 1, acts)


def test_a_draw_that_was_not_made_is_refused(shifts):
    with pytest.raises(ValueError, match="draw must be from 0 to 999, got 1000"):
        played_draw(shifts, 1000)
