"""The file of a replay: its columns, the JSON beside them, and how it is written whole.

docs/howto/replay.md describes both for readers. Rows lie in row groups of a minute, in each by
person, then frame: neighbours differ by a step of the walk, which takes little room.

State: the file system.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from sim import __version__
from sim import columns as col
from sim.errors import OutputError
from sim.model.recorder import SIGHTS, Frames
from sim.playback.shift_events import PlayedDraw, Task
from sim.scenario.identity import scenario_hash
from sim.scenario.place.ground import ground_in_view, walkable_polygon
from sim.scenario.schema import Door, Scenario

METADATA_KEY = b"passerby"
FORMAT, FORMAT_VERSION = "passerby replay", 1
STATES = ("walking", "standing", "alert", "pursued", "stopped")
WALKING, STANDING, ALERT, PURSUED, STOPPED = range(len(STATES))
GROUP_S = 60.0


def prepare_file(file: Path) -> None:
    """Make sure that a file can be written there, before anything is computed; leave no trace."""
    if file.is_dir():
        raise OutputError(f"--out {file}: is a folder; name a file in it, such as walk.parquet")
    if not file.parent.is_dir():
        raise OutputError(f"--out {file}: there is no folder {file.parent}; make it first")
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise OutputError(
            f"--out {file}: cannot be written to ({error.strerror}); name a folder that can"
        ) from None


def write_replay(frames: Frames, played: PlayedDraw, about: dict[str, Any], file: Path) -> None:
    """Write the file beside its place and rename it: it is whole or not there."""
    states = _states(frames, played)
    cameras = frames.sight.shape[1]
    schema = _schema(cameras).with_metadata(
        {METADATA_KEY: json.dumps(about, ensure_ascii=False, allow_nan=False).encode()}
    )
    numbers = [field.name for field in schema if not pa.types.is_dictionary(field.type)]
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with pq.ParquetWriter(
            partial,
            schema,
            compression="zstd",
            use_dictionary=words,
            column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        ) as writer:
            for rows in _row_groups(frames):
                writer.write_table(_table(frames, states, rows, schema))
        partial.replace(file)
    except OSError as error:
        raise OutputError(f"--out {file}: {error.strerror or error}; nothing was kept") from None
    finally:
        partial.unlink(missing_ok=True)


def sight_column(camera: int) -> str:
    """Return the column of a camera's sight lines, by its place among the cameras."""
    return f"sight_{camera}"


def hidden_by_column(camera: int) -> str:
    """Return the column of who hides the faces from a camera."""
    return f"hidden_by_{camera}"


def _schema(cameras: int) -> pa.Schema:
    words = pa.dictionary(pa.int8(), pa.string())
    fields = [(name, pa.int32()) for name in (col.FRAME, col.ID, col.X_CM, col.Y_CM)]
    fields += [(col.NOSE, pa.int16()), (col.STATE, words)]
    for camera in range(cameras):
        fields += [(sight_column(camera), words), (hidden_by_column(camera), pa.int32())]
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in fields])


def _row_groups(frames: Frames) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each stretch of time, by person, then frame."""
    long = round(GROUP_S * frames.rate_hz)
    edges = np.searchsorted(frames.frame, np.arange(0, frames.count + long, long))
    for begin, end in pairwise(edges.tolist()):
        if end > begin:
            order = np.lexsort((frames.frame[begin:end], frames.person[begin:end]))
            yield begin + order


def _table(
    frames: Frames, states: NDArray[np.int8], rows: NDArray[np.int64], schema: pa.Schema
) -> pa.Table:
    def words(codes: NDArray[np.int8], meanings: tuple[str, ...]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(meanings))

    columns: list[pa.Array] = [
        pa.array(each[rows])
        for each in (frames.frame, frames.person, frames.x_cm, frames.y_cm, frames.nose_deg)
    ]
    columns.append(words(states[rows], STATES))
    for camera in range(frames.sight.shape[1]):
        columns.append(words(frames.sight[rows, camera], tuple(SIGHTS.values())))
        columns.append(pa.array(frames.hidden_by[rows, camera]))
    return pa.Table.from_arrays(columns, schema=schema)


def _states(frames: Frames, played: PlayedDraw) -> NDArray[np.int8]:
    """Return each row's state: the walk's, or what the response is doing about the person."""
    states = np.where(frames.standing, STANDING, WALKING).astype(np.int8)
    time_s = frames.first_s + frames.frame / frames.rate_hz
    tasks = {task.alert: task for task in played.tasks}
    for alert, person in enumerate(played.alerts.person.tolist()):
        rows = np.flatnonzero(frames.person == person)
        begins = float(played.alerts.time_s[alert])
        spells = [(begins, played.end_s[alert], ALERT)]
        task = tasks.get(alert)
        if task is not None:
            spells.append((task.from_s, task.met_s, PURSUED))
            spells.append((task.met_s, task.stop_end_s, STOPPED))
        for start, end, state in spells:
            states[rows[(time_s[rows] >= start) & (time_s[rows] < end)]] = state
    return states


def about_replay(
    scenario: Scenario, frames: Frames, played: PlayedDraw, *, to_s: float
) -> dict[str, Any]:
    """Return what a reader must know beside the rows."""
    street, policy = scenario.street, scenario.policy
    events = played.events[
        (played.events[col.EVENT_TIME] >= frames.first_s) & (played.events[col.EVENT_TIME] < to_s)
    ]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "passerby": __version__,
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "hash": scenario_hash(scenario),
        },
        "seed": scenario.run.seed,
        "frame_rate_hz": frames.rate_hz,
        "first_frame_s": frames.first_s,
        "frames": frames.count,
        "start_hour": policy.start_hour,
        "walkable_wkt": walkable_polygon(street).wkt,
        "entrances": [_door(door) for door in street.entrances],
        "exits": [_door(door) for door in street.exits],
        "cameras": [
            {
                "name": camera.name,
                "position_m": camera.position_m,
                "height_m": camera.height_m,
                "heading_deg": camera.heading_deg,
                "tilt_deg": camera.tilt_deg,
                "field_of_view_deg": camera.field_of_view_deg,
                "near_m": camera.near_m,
                "far_m": camera.far_m,
                "frames_per_s": camera.frames_per_s,
                "zone_wkt": ground_in_view(camera).wkt,
                "sight_column": sight_column(column),
                "hidden_by_column": hidden_by_column(column),
            }
            for column, camera in enumerate(policy.cameras)
        ],
        "officers": [
            {
                "officer": number,
                "post_m": post,
                "tasks": [_task(task) for task in played.tasks if task.officer == number],
            }
            for number, post in enumerate(played.posts, start=1)
        ],
        "event_columns": list(played.events.columns),
        "events": events.to_numpy(dtype=object).tolist(),
        "states": list(STATES),
        "sights": list(SIGHTS.values()),
    }


def _door(door: Door) -> dict[str, Any]:
    return {"name": door.name, "from_m": door.from_m, "to_m": door.to_m}


def _task(task: Task) -> dict[str, Any]:
    return {
        "person": task.person,
        "from_s": task.from_s,
        "from_m": task.place,
        "met_s": task.met_s,
        "met_m": task.met,
        "free_s": task.free_s,
        "free_m": task.free_at,
    }
