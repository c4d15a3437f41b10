"""A recorder notes a walk as it is, and changes nothing of it."""

import numpy as np
import pytest

from sim import columns as col
from sim.errors import CostError, SimError
from sim.kernels import state
from sim.kernels.sight_line_hits import CLEAR, HIDDEN, NOT_LOOKED_AT
from sim.kernels.sightlines import face_weight, is_hidden, look
from sim.model import recorder as recorder_module
from sim.model.recorder import Recorder
from sim.model.street import Street
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder
from tests.model.test_walk import digest

pytestmark = pytest.mark.whole

FAST_CAMERAS = ("policy.cameras.west.frames_per_s=10.0", "policy.cameras.east.frames_per_s=10.0")
BUSY = ("policy.hours=0.1", "street.footfall.people=60000.0")
STEP_S = 0.05


def busy_street(*settings, recorder=None):
    """Return a path of 80 m with two cameras, some 150 people in it after a few minutes."""
    scenario = load_scenario(shipped_folder() / "reference.yaml", settings=(*BUSY, *settings))
    return Street(scenario, recorder=recorder)


@pytest.fixture(scope="module")
def recorded():
    """Three minutes at ten frames a second, of cameras that look as often."""
    recorder = Recorder(from_s=60.0, to_s=240.0)
    street = busy_street(*FAST_CAMERAS, recorder=recorder)
    passages = street.walk()
    return street, passages, recorder.frames()


def test_recording_changes_no_bit_of_the_walk(recorded):
    _, passages, _ = recorded
    assert digest(busy_street(*FAST_CAMERAS).walk()) == digest(passages)


def test_frames_come_at_their_rate_and_cover_the_window(recorded):
    _, _, frames = recorded
    assert frames.count == 1800
    assert frames.rate_hz == 10.0
    assert frames.first_s == pytest.approx(60.0 + STEP_S)
    assert np.all(np.diff(frames.frame) >= 0)
    assert np.unique(frames.frame).tolist() == list(range(1800))


def test_everybody_is_in_every_frame_between_coming_in_and_going_out(recorded):
    _, passages, frames = recorded
    entered = passages.people[col.ENTERED].to_numpy()
    left = passages.people[col.LEFT].to_numpy()
    times = frames.first_s + np.arange(frames.count) / frames.rate_hz
    half = STEP_S / 2  # both are step times; compare them half a step apart
    first = np.searchsorted(times, entered + half)  # in at a step's start, noted at its end
    last = np.searchsorted(times, left - half)  # out at a step's end: not noted any more
    expected = np.maximum(last - first, 0)
    found = np.bincount(frames.person, minlength=len(entered))
    assert found.tolist() == expected.tolist()
    assert found.sum() > 50_000


def test_positions_are_those_of_the_trail_to_the_centimetre(recorded):
    """The trail has whole seconds, one step before a frame: nobody is faster than 3 m/s."""
    _, passages, frames = recorded
    trail = passages.trail
    rows = np.flatnonzero((frames.frame % 10 == 0) & (frames.frame > 0))
    second = 60 + frames.frame[rows] // 10
    person = frames.person[rows]
    place = (second - trail.first_s[person]).astype(np.int64)
    known = (second >= trail.first_s[person]) & (place < np.diff(trail.start)[person])
    at = trail.xy[trail.start[person[known]] + place[known]]
    apart_x = frames.x_cm[rows][known] / 100 - at[:, 0]
    apart_y = frames.y_cm[rows][known] / 100 - at[:, 1]
    assert known.sum() > 5000
    assert np.max(np.hypot(apart_x, apart_y)) <= 3.0 * STEP_S + 0.01


def test_one_second_has_the_positions_and_ids_of_the_street():
    recorder = Recorder(rate_hz=1.0)
    street = busy_street("run.time_step_s=0.05", recorder=recorder)
    for _ in range(100):
        street.step()
    other = busy_street()
    for _ in range(99):
        other.step()
    other._walk_on(1)  # a frame is taken one step into its second
    frames = recorder.frames()
    rows = frames.frame == 99
    assert frames.person[rows].tolist() == other.present_ids.tolist()
    np.testing.assert_array_equal(frames.x_cm[rows], np.rint(other.positions_m[:, 0] * 100))
    np.testing.assert_array_equal(frames.y_cm[rows], np.rint(other.positions_m[:, 1] * 100))
    assert rows.sum() > 50


def test_clear_sight_lines_add_up_to_who_was_seen(recorded):
    """Cameras and recorder look at the same moments, so they agree about every person."""
    _, passages, frames = recorded
    entered, left = (passages.people[name].to_numpy() for name in (col.ENTERED, col.LEFT))
    within = (entered > 60) & (left < 240)
    assert within.sum() > 50
    for camera in range(2):
        seen = np.bincount(frames.person[frames.sight[:, camera] == CLEAR], minlength=len(within))
        exposure = passages.exposure_s[:, camera]
        assert np.array_equal((seen > 0)[within], (exposure > 0)[within])
        # A frame lasts 0.1 s and its weight is 1 at most.
        assert np.all(exposure[within] <= 0.1 * seen[within] + 1e-9)


def test_sight_lines_are_those_of_the_kernel():
    street = busy_street(*FAST_CAMERAS)
    hidden = clear = 0
    for second in range(200):
        street.step()
        if second < 100 or second % 10:
            continue
        n, number = street.present, street._present.number
        facts = [number[row] for row in (state.X, state.Y, state.CROWN, state.SHOULDER)]
        scratch, weight = np.zeros(n, dtype=np.int64), np.zeros(n)
        everybody = np.arange(n)
        for column, camera in enumerate(street.cameras):
            row, optics = street._looks.cameras[column], street._looks.optics
            seen = camera.look()
            nose, covered = street.noses, street._present.covered
            look(
                n, *facts, nose, number[state.PITCH], covered, row, optics,
                street._ground.hiding_walls, scratch, weight,
            )  # fmt: skip
            np.testing.assert_array_equal(seen.weight, weight)
            np.testing.assert_array_equal(seen.sight == CLEAR, weight > 0)
            alone = np.array(
                [
                    face_weight(
                        *(fact[i] for fact in facts[:3]),
                        nose[i],
                        number[state.PITCH, i],
                        row,
                        optics,
                    )
                    for i in range(n)
                ]
            )
            would = (alone > 0) & ~covered[:n]
            np.testing.assert_array_equal(seen.sight == NOT_LOOKED_AT, ~would)
            np.testing.assert_array_equal(seen.sight == HIDDEN, would & (weight == 0))
            for i in np.flatnonzero(seen.sight == HIDDEN):
                (blocker,) = np.flatnonzero(street.present_ids == seen.hidden_by[i])
                tallest = facts[2][:n].max()
                one = np.array([blocker])
                assert is_hidden(i, *facts, one, 1, tallest, row, optics)
                others = np.delete(everybody, blocker)
                nearer = np.hypot(facts[0][others] - row[0], facts[1][others] - row[1]) < np.hypot(
                    facts[0][blocker] - row[0], facts[1][blocker] - row[1]
                )
                front = others[nearer]
                assert not is_hidden(i, *facts, front, len(front), tallest, row, optics)
            hidden += np.count_nonzero(seen.sight == HIDDEN)
            clear += np.count_nonzero(seen.sight == CLEAR)
    assert hidden > 5
    assert clear > 50


def test_nobody_is_looked_at_after_the_cameras_stop():
    recorder = Recorder(from_s=340.0)
    street = busy_street(recorder=recorder)
    street.walk()
    frames = recorder.frames()
    times = frames.first_s + frames.frame / frames.rate_hz
    assert np.any(frames.sight[times <= street.cameras_end_s] == CLEAR)
    assert times.max() > street.cameras_end_s + 30
    late = times > street.cameras_end_s + STEP_S * 1.5
    assert np.all(frames.sight[late] == NOT_LOOKED_AT)


def test_noses_point_where_people_walk_where_no_camera_is_near():
    scenario = load_scenario(shipped_folder() / "reference.yaml", settings=BUSY)
    policy = scenario.policy.model_copy(update={"cameras": ()})
    recorder = Recorder(rate_hz=1.0, from_s=60.0, to_s=90.0)
    Street(scenario.model_copy(update={"policy": policy}), recorder=recorder).walk()
    frames = recorder.frames()
    assert frames.sight.shape == (len(frames.frame), 0)
    east_or_west = np.abs(np.abs(frames.nose_deg.astype(float) - 180) - 90)
    assert np.median(east_or_west) < 10  # the path leads east and west
    assert frames.nose_deg.min() >= 0
    assert frames.nose_deg.max() < 360


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rate_hz": 7.0}, "7 frames a second do not fit .* possible are 20, 10, 5, 4, 2, 1"),
        ({"rate_hz": 40.0}, "40 frames a second do not fit"),
        ({"rate_hz": 0.0}, "must be above 0; found 0.0"),
        ({"rate_hz": float("nan")}, "must be above 0; found nan"),
        ({"from_s": 360.0}, "begins at minute 6, but the cameras run for 6 minutes"),
        ({"from_s": 10.0, "to_s": 10.0}, "empty: from 10 s to 10 s"),
        ({"from_s": 0.5}, "whole seconds"),
        ({"from_s": -1.0}, "0 or later"),
        ({"to_s": float("inf")}, "whole seconds"),
    ],
)
def test_what_cannot_be_recorded_is_refused_before_the_walk(options, words):
    with pytest.raises(SimError, match=words):
        busy_street(recorder=Recorder(**options))


def test_a_time_step_that_does_not_divide_a_second_is_refused():
    with pytest.raises(SimError, match=r"whole number of time steps .* found 0.03 s"):
        busy_street("run.time_step_s=0.03", recorder=Recorder())


def test_too_many_rows_are_refused_before_and_during_the_walk(monkeypatch):
    monkeypatch.setattr(recorder_module, "MOST_ROWS", 1000)
    with pytest.raises(CostError, match=r"rows would be recorded .* 1,000 is the limit"):
        busy_street(recorder=Recorder())
    recorder = Recorder(to_s=60.0)
    monkeypatch.setattr(recorder_module, "MOST_ROWS", 10_000_000)
    street = busy_street(recorder=recorder)
    monkeypatch.setattr(recorder_module, "MOST_ROWS", 1000)
    with pytest.raises(CostError, match=r"more than 1,000 rows .* record fewer minutes"):
        street.walk()


def test_a_recorder_records_one_walk():
    recorder = Recorder()
    busy_street(recorder=recorder)
    with pytest.raises(ValueError, match="records one walk"):
        busy_street(recorder=recorder)
