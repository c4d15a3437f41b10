"""A replay: some minutes of a walk as one Parquet file, with one response draw joined by time.

The file is meant for others: a page that plays it, PedPy, or a look with any Parquet reader. Its
rows and the JSON beside them are described in docs/howto/replay.md. Whoever is stopped keeps the
recorded way in it, as in the model: the walk does not change (docs/model/response.md).

Rows lie in row groups of a minute, in each by person, then frame: neighbours differ by a step of
the walk, which takes little room.

State: the file system.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from sim import columns as col
from sim.errors import OutputError, SimError
from sim.model.recorder import CM_PER_M, SIGHTS, Frames
from sim.playback.replay_facts import (
    FORMAT,
    FORMAT_VERSION,
    STATES,
    hidden_by_column,
    sight_column,
    states_of,
)
from sim.playback.shift_events import PlayedDraw
from sim.storage.durable import write_durably

METADATA_KEY = b"passerby"
GROUP_S = 60.0


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay that was read.

    rows  : one row a person and frame, by frame, then person; columns as in the file
    about : the file's JSON
    """

    rows: pd.DataFrame
    about: dict[str, Any]

    @property
    def frame_rate(self) -> float:
        """Frames a second."""
        return float(self.about["frame_rate_hz"])

    @property
    def walkable(self) -> str:
        """The walkable ground as WKT, m."""
        return str(self.about["walkable_wkt"])

    def trajectories(self) -> pd.DataFrame:
        """Return who was where when, as PedPy reads it: id, frame, x and y in m."""
        return pd.DataFrame(
            {
                col.ID: self.rows[col.ID].to_numpy(dtype=np.int64),
                col.FRAME: self.rows[col.FRAME].to_numpy(dtype=np.int64),
                col.X: self.rows[col.X_CM].to_numpy() / CM_PER_M,
                col.Y: self.rows[col.Y_CM].to_numpy() / CM_PER_M,
            }
        )

    def times_s(self) -> NDArray[np.float64]:
        """Return the time of every frame, ``(frames,)`` s from the start of the cameras."""
        frames = np.arange(int(self.about["frames"]))
        return np.asarray(self.about["first_frame_s"] + frames / self.frame_rate)

    def events(self) -> pd.DataFrame:
        """Return what happens in the window, one row an event."""
        return pd.DataFrame(self.about["events"], columns=list(self.about["event_columns"]))


def read_replay(file: Path | str) -> Replay:
    """Read a replay; any Parquet reader does the same.

    >>> from sim import read_replay
    >>> sorted(read_replay(replay_file).trajectories().columns)
    ['frame', 'id', 'x', 'y']
    """
    try:
        table = pq.read_table(file, page_checksum_verification=True)
    except FileNotFoundError:
        raise SimError(f"{file}: no such file") from None
    except (OSError, pa.ArrowInvalid) as error:
        raise SimError(f"{file}: cannot be read as a replay: {error}") from None
    said = (table.schema.metadata or {}).get(METADATA_KEY)
    about = {} if said is None else json.loads(said)
    if about.get("format") != FORMAT:
        raise SimError(f"{file}: is a Parquet file, but no replay; `passerby replay` writes one")
    if about["format_version"] != FORMAT_VERSION:
        raise SimError(
            f"{file}: replay version {about['format_version']}, this program reads version "
            f"{FORMAT_VERSION}; record it again"
        )
    rows = table.to_pandas().sort_values([col.FRAME, col.ID], ignore_index=True)
    return Replay(rows, about)


def write_replay(frames: Frames, played: PlayedDraw, about: dict[str, Any], file: Path) -> None:
    """Write a replay: it is whole or not there."""
    states = states_of(frames, played)
    schema = _schema(frames.sight.shape[1]).with_metadata(
        {METADATA_KEY: json.dumps(about, ensure_ascii=False, allow_nan=False).encode()}
    )
    numbers = [field.name for field in schema if not pa.types.is_dictionary(field.type)]
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]

    def write(sink: BinaryIO) -> None:
        with pq.ParquetWriter(
            sink,
            schema,
            compression="zstd",
            use_dictionary=words,
            column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
            write_page_checksum=True,
        ) as writer:
            for rows in _row_groups(frames):
                writer.write_table(_table(frames, states, rows, schema))

    try:
        write_durably(file, write, sync=False)
    except OSError as error:
        raise OutputError(f"--out {file}: {error.strerror or error}; nothing was kept") from None


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
