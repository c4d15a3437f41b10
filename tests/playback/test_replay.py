"""A replay file is whole, small, the same each time, and others can read it."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pedpy
import pyarrow.parquet as pq
import pytest
import shapely

from sim import columns as col
from sim.cli import main
from sim.errors import OutputError, SimError
from sim.model.recorder import Recorder
from sim.model.street import Street
from sim.playback import recording
from sim.playback import replay as replay_file
from sim.playback.recording import record_replay, window_s
from sim.playback.replay import read_replay
from sim.playback.shift_events import SET_OFF, STOP
from sim.scenario.identity import scenario_hash
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_folder

pytestmark = pytest.mark.whole

LISTED = "matching.listed_per_1000: {value: 80.0, low: 80.0, high: 80.0, why: test}"
BUSY = (
    "policy.hours=0.1",
    "street.footfall.people=60000.0",
    "policy.threshold=0.56",
    f"assumptions.values={{{LISTED}}}",
    "run.draws=50",
)
WINDOW = {"from_s": 60.0, "to_s": 240.0}


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(shipped_folder() / "reference.yaml", settings=BUSY)


@pytest.fixture(scope="module")
def written(scenario, tmp_path_factory):
    return record_replay(scenario, tmp_path_factory.mktemp("replay") / "walk.parquet", **WINDOW)


@pytest.fixture(scope="module")
def replay(written):
    return read_replay(written.file)


@pytest.fixture(scope="module")
def frames(scenario):
    recorder = Recorder(**WINDOW)
    Street(scenario, recorder=recorder).walk()
    return recorder.frames()


def test_pedpy_reads_it_and_finds_our_density(replay, frames):
    trajectory = pedpy.TrajectoryData(data=replay.trajectories(), frame_rate=replay.frame_rate)
    ground = pedpy.WalkableArea(shapely.from_wkt(replay.walkable))
    assert ground.polygon.area == 400.0
    # No position, a whole number of centimetres, lies on the edge of this area.
    low, high = 20.005, 50.005
    area = pedpy.MeasurementArea([(low, 0.505), (high, 0.505), (high, 4.505), (low, 4.505)])
    density = pedpy.compute_classic_density(traj_data=trajectory, measurement_area=area)
    x, y = frames.x_cm / 100, frames.y_cm / 100
    inside = (x > low) & (x < high) & (y > 0.505) & (y < 4.505)
    count = np.bincount(frames.frame[inside], minlength=frames.count)
    found = density.set_index("frame")["density"].reindex(range(frames.count)).to_numpy()
    assert found.tolist() == (count / area.area).tolist()
    assert count.mean() > 20
    speed = pedpy.compute_individual_speed(traj_data=trajectory, frame_step=5)
    assert 0.5 < speed["speed"].median() < 1.6


def test_any_parquet_reader_gives_what_was_noted(written, frames):
    table = pd.read_parquet(written.file).sort_values(["frame", "id"], ignore_index=True)
    order = np.lexsort((frames.person, frames.frame))
    for name, noted in (
        ("frame", frames.frame),
        ("id", frames.person),
        ("x_cm", frames.x_cm),
        ("y_cm", frames.y_cm),
        ("nose_deg", frames.nose_deg),
        ("hidden_by_0", frames.hidden_by[:, 0]),
        ("hidden_by_1", frames.hidden_by[:, 1]),
    ):
        np.testing.assert_array_equal(table[name], noted[order])
    for camera in range(2):
        words = np.array(["none", "clear", "hidden"])[frames.sight[order, camera]]
        assert table[f"sight_{camera}"].tolist() == words.tolist()
        assert {"none", "clear", "hidden"} <= set(words)
    assert {"walking", "alert", "pursued", "stopped"} <= set(table["state"])


def test_the_file_says_what_it_holds(replay, scenario, written):
    about = replay.about
    assert about["scenario"]["hash"] == scenario_hash(scenario)
    assert about["scenario"]["title"] == scenario.title
    assert (about["frames"], about["frame_rate_hz"], about["seed"]) == (1800, 10.0, 1)
    assert [camera["name"] for camera in about["cameras"]] == ["west", "east"]
    zone = shapely.from_wkt(about["cameras"][0]["zone_wkt"])
    assert zone.contains(shapely.Point(30.0, 2.5))  # ten metres west of the camera
    assert len(about["officers"]) == scenario.policy.officers
    assert (about["draw"], about["draws"]) == (written.draw, 50)
    assert about["draws_with_alert_in_window"] == written.draws_with_alert == 50
    times = replay.times_s()
    assert (len(times), times[0]) == (1800, pytest.approx(60.05))
    assert times[-1] == pytest.approx(60.05 + 179.9)


def test_states_follow_the_events(replay):
    """Who is stopped in a frame has had a stop, and every officer's way leads through it."""
    events = replay.events()
    assert {SET_OFF, STOP} <= set(events[col.EVENT])
    assert events[col.EVENT_TIME].between(60.0, 240.1).all()
    tasks = [task for officer in replay.about["officers"] for task in officer["tasks"]]
    by_person = {task["person"]: task for task in tasks}
    times = replay.times_s()[replay.rows[col.FRAME]]
    pursued = np.flatnonzero(replay.rows[col.STATE] == "pursued")
    stopped = np.flatnonzero(replay.rows[col.STATE] == "stopped")
    assert len(pursued) > 20
    assert len(stopped) > 20
    for row in pursued:
        task = by_person[replay.rows[col.ID][row]]
        assert task["from_s"] <= times[row] < task["met_s"]
    for row in stopped:
        task = by_person[replay.rows[col.ID][row]]
        assert task["met_s"] <= times[row] < task["free_s"]
    alerted = replay.rows[replay.rows[col.STATE] == "alert"]
    since_before = set(alerted[col.ID][alerted[col.FRAME] == 0])
    told = set(events[col.PERSON][events[col.EVENT] == "alert"])
    assert set(alerted[col.ID]) <= told | since_before
    assert len(set(alerted[col.ID]) & told) > 10


def test_the_same_scenario_gives_the_same_file(scenario, written, tmp_path):
    again = record_replay(scenario, tmp_path / "again.parquet", **WINDOW)
    one, two = (hashlib.sha256(each.file.read_bytes()) for each in (written, again))
    assert one.hexdigest() == two.hexdigest()


def test_it_is_small(written):
    """A person takes less than 40 bytes a second, sight lines of two cameras included."""
    assert written.rows > 150_000
    assert written.file_bytes * written.rate_hz / written.rows < 40
    assert written.file_bytes == written.file.stat().st_size


def test_a_chosen_draw_is_played(scenario, tmp_path):
    written = record_replay(scenario, tmp_path / "walk.parquet", to_s=60.0, rate_hz=2.0, draw=7)
    replay = read_replay(written.file)
    assert replay.about["draw"] == 7
    assert replay.about["frames"] == 120
    with pytest.raises(SimError, match="response draws 0 to 49; found 50"):
        record_replay(scenario, tmp_path / "no.parquet", to_s=60.0, rate_hz=1.0, draw=50)
    assert not (tmp_path / "no.parquet").exists()


def test_an_empty_street_has_frames_and_no_rows(tmp_path):
    quiet = load_scenario(
        shipped_folder() / "reference.yaml",
        settings=("policy.hours=0.1", "street.footfall.people=0.001", "run.draws=50"),
    )
    written = record_replay(quiet, tmp_path / "walk.parquet", to_s=60.0)
    replay = read_replay(written.file)
    assert (written.rows, written.frames, len(replay.rows)) == (0, 600, 0)
    assert len(replay.trajectories()) == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere/walk.parquet", "no folder .*nowhere; make it first"), ("", "is a folder")],
)
def test_a_place_that_cannot_be_is_refused_before_the_walk(scenario, tmp_path, name, words):
    with pytest.raises(OutputError, match=words):
        record_replay(scenario, tmp_path / name, **WINDOW)


def test_a_folder_without_permission_is_refused(scenario, tmp_path, monkeypatch):
    def denied(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(recording.tempfile, "TemporaryFile", denied)
    with pytest.raises(OutputError, match=r"cannot be written to \(Permission denied\)"):
        record_replay(scenario, tmp_path / "walk.parquet", **WINDOW)


def test_a_full_disk_leaves_the_earlier_file(scenario, tmp_path, monkeypatch):
    file = tmp_path / "walk.parquet"
    file.write_text("earlier")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replay_file, "_table", full)
    with pytest.raises(OutputError, match="No space left on device; nothing was kept"):
        record_replay(scenario, file, to_s=120.0)
    assert file.read_text() == "earlier"
    assert os.listdir(tmp_path) == ["walk.parquet"]  # noqa: PTH208 - hidden ones too


def test_a_replay_of_0_1_0_is_read():
    """Half a minute of the reference deployment, two frames a second, written by that version."""
    old = read_replay(Path(__file__).parent / "made" / "replay_0_1_0.parquet")
    assert old.about["passerby"] == "0.1.0"
    assert len(old.rows) == 420
    assert set(old.events()[col.EVENT]) >= {SET_OFF}
    trajectory = pedpy.TrajectoryData(data=old.trajectories(), frame_rate=old.frame_rate)
    assert trajectory.data[col.FRAME].nunique() <= old.about["frames"] == 60


def test_what_is_no_replay_is_named(tmp_path):
    with pytest.raises(SimError, match=r"no\.parquet: no such file"):
        read_replay(tmp_path / "no.parquet")
    (tmp_path / "text.parquet").write_text("x" * 100)
    with pytest.raises(SimError, match=r"text\.parquet: cannot be read as a replay"):
        read_replay(tmp_path / "text.parquet")
    pd.DataFrame({"frame": [1]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(SimError, match=r"other\.parquet: is a Parquet file, but no replay"):
        read_replay(tmp_path / "other.parquet")


def test_a_later_version_of_the_file_is_refused(written, tmp_path):
    table = pq.read_table(written.file).slice(0, 5)
    about = json.loads(table.schema.metadata[b"passerby"]) | {"format_version": 2}
    pq.write_table(
        table.replace_schema_metadata({b"passerby": json.dumps(about).encode()}),
        tmp_path / "later.parquet",
    )
    with pytest.raises(SimError, match="replay version 2, this program reads version 1"):
        read_replay(tmp_path / "later.parquet")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ((0.0, 0.0), "--minutes must be above 0; found 0"),
        ((0.0, -1.0), "--minutes must be above 0; found -1"),
        ((0.001, 1.0), "--from-minute must be a whole number of seconds; found 0.001"),
        ((0.0, float("nan")), "--minutes must be a whole number of seconds; found nan"),
    ],
)
def test_a_window_that_cannot_be_is_refused(minutes, words):
    with pytest.raises(SimError, match=words):
        window_s(*minutes)


def test_minutes_are_whole_seconds():
    assert window_s(0.35, 10.0) == (21.0, 621.0)


def test_the_command_writes_it_and_says_what(tmp_path, capsys):
    settings = [word for setting in BUSY for word in ("--set", setting)]
    file = tmp_path / "walk.parquet"
    words = ["replay", "reference", "--out", str(file), "--minutes", "1", *settings]
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["frames"] == 600
    assert said["file_bytes"] == file.stat().st_size
    assert main([*words, "--rate", "2"]) == 0
    assert "120 moments" in capsys.readouterr().out
    assert main([*words, "--from-minute", "6"]) == 2
    assert "the cameras run for 6 minutes" in capsys.readouterr().err
