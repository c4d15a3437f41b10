"""A playback: a replay as compact bytes, for a page that draws it.

A *track* is one person from coming to going, or to a stop. Positions are whole numbers of a unit of
1 cm (of more where a place is wider than 655 m) from the place's south-western corner; of each the
bytes hold the difference from the frame before, modulo 2^16, which packs well and is exact.

The bytes: the length of a JSON object as four bytes, the object, and a zlib stream of arrays, one
after the other, numbers little-endian:

    person u32, first frame u16, frames u16                           a track each
    x and y, each as low bytes, then high bytes; nose u8; state u8    a row each, track by track
    sight u8                                                          a row each, by camera
    hider u16                                                         each sight that is ``HIDDEN``

A nose is in 256ths of a turn, clockwise from north, again as differences. A hider is a track, or
``NOBODY``.

State: none.
"""

import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.errors import SimError
from sim.kernels.sight_line_hits import HIDDEN
from sim.model.recorder import SIGHTS
from sim.playback.replay import Replay
from sim.playback.replay_file import STATES, hidden_by_column, sight_column

FORMAT_VERSION = 1
MOST_PRESENT = 800  # people drawn at a time
MOST_SECONDS = 180.0
NOBODY = 65535  # no track hides the face: a wall, or somebody who is not drawn
TURN = 256  # parts of a turn that a nose is told in
_WIDEST = 65535  # units that a position can hold
_COARSEST_CM = 4  # so that a place is refused before it is off by more than 2 cm
_LEVEL = 9  # of zlib

Bytes8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Playback:
    """Who is where, frame by frame, and what the page needs beside it.

    about         : JSON beside the arrays: the place, the story, rate and units
    person        : (tracks,) who it is; somebody who leaves and comes back has two tracks
    first, length : (tracks,) first frame, number of frames
    x, y          : (rows,) units of ``about["unit_cm"]`` from ``about["origin_cm"]``
    nose          : (rows,) 256ths of a turn, clockwise from north
    state         : (rows,) index into ``about["states"]``
    sight         : (cameras, rows) index into ``about["sights"]``
    hider         : (cameras, rows) track that hides the face; ``NOBODY``
    """

    about: dict[str, Any]
    person: NDArray[np.uint32]
    first: NDArray[np.uint16]
    length: NDArray[np.uint16]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    nose: Bytes8
    state: Bytes8
    sight: NDArray[np.uint8]
    hider: NDArray[np.uint16]

    def most_present(self) -> int:
        """Return how many people are drawn at a time, at most."""
        return int(_present(self.first, self.length, int(self.about["frames"])).max(initial=0))

    def positions_cm(self) -> NDArray[np.float64]:
        """Return where the rows are, ``(rows, 2)`` cm in the place's own coordinates."""
        grid = np.column_stack([self.x, self.y]).astype(np.float64)
        return np.asarray(grid * self.about["unit_cm"] + np.asarray(self.about["origin_cm"]))


def playback_of(replay: Replay, *, held: pd.Series | None = None) -> Playback:
    """Return the playback of a replay; raises SimError if it is too long or too wide.

    held : the time in s from which a person (its index) is not where the walk has them: a stop
    """
    frames, rate = int(replay.about["frames"]), replay.frame_rate
    if frames > MOST_SECONDS * rate:
        raise SimError(
            f"a playback holds up to {MOST_SECONDS / 60:g} minutes; found {frames / rate / 60:.1f}"
        )
    rows = replay.rows.sort_values([col.ID, col.FRAME], ignore_index=True)
    if held is not None and len(held):
        ends = rows[col.ID].map(held).to_numpy(dtype=np.float64, na_value=np.inf)
        rows = rows[replay.times_s()[rows[col.FRAME]] < ends].reset_index(drop=True)
    kept, left_out = _nearest(rows, replay)
    rows = rows[kept].reset_index(drop=True)
    begins = _begins(rows)
    track = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    unit, origin = _grid(rows)
    cameras = len(replay.about["cameras"])
    sights = [_sight(rows, camera) for camera in range(cameras)]
    return Playback(
        about={
            "format_version": FORMAT_VERSION,
            "frames": frames,
            "rate_hz": rate,
            "first_s": replay.about["first_frame_s"],
            "unit_cm": unit,
            "origin_cm": origin,
            "cameras": cameras,
            "states": list(STATES),
            "sights": list(SIGHTS.values()),
            "people": int(rows[col.ID].nunique()),
            "left_out": left_out,
        },
        person=rows[col.ID].to_numpy()[starts].astype(np.uint32),
        first=rows[col.FRAME].to_numpy()[starts].astype(np.uint16),
        length=np.diff([*starts, len(rows)]).astype(np.uint16),
        x=_on_grid(rows[col.X_CM], origin[0], unit),
        y=_on_grid(rows[col.Y_CM], origin[1], unit),
        nose=(np.rint(rows[col.NOSE].to_numpy() * (TURN / 360.0)).astype(np.int64) % TURN).astype(
            np.uint8
        ),
        state=_codes(rows[col.STATE], STATES),
        sight=np.reshape(np.asarray(sights, dtype=np.uint8), (cameras, len(rows))),
        hider=np.reshape(
            np.asarray(
                [_hider(rows, camera, sights[camera], track, frames) for camera in range(cameras)],
                dtype=np.uint16,
            ),
            (cameras, len(rows)),
        ),
    )


def packed(playback: Playback) -> bytes:
    """Return a playback as bytes."""
    starts = _starts(playback.length)
    planes = [
        playback.person.astype("<u4").tobytes(),
        playback.first.astype("<u2").tobytes(),
        playback.length.astype("<u2").tobytes(),
    ]
    for grid in (playback.x, playback.y):
        steps = _steps(grid, starts)
        planes += [
            (steps & 255).astype(np.uint8).tobytes(),
            (steps >> 8).astype(np.uint8).tobytes(),
        ]
    planes += [_steps(playback.nose, starts).tobytes(), playback.state.tobytes()]
    planes += [playback.sight.tobytes()]
    planes += [playback.hider[playback.sight == HIDDEN].astype("<u2").tobytes()]
    said = json.dumps(
        {**playback.about, "tracks": len(playback.person), "rows": len(playback.x)},
        ensure_ascii=False,
        allow_nan=False,
    ).encode()
    return struct.pack("<I", len(said)) + said + zlib.compress(b"".join(planes), _LEVEL)


def unpacked(content: bytes) -> Playback:
    """Return the playback that ``packed`` made bytes of: what the page's script does."""
    about = about_packed(content)
    (said,) = struct.unpack_from("<I", content)
    body = memoryview(zlib.decompress(content[4 + said :]))
    tracks, rows, cameras = about.pop("tracks"), about.pop("rows"), about["cameras"]
    place = 0

    def take(kind: str, count: int) -> NDArray[Any]:
        nonlocal place
        found = np.frombuffer(body, dtype=kind, count=count, offset=place)
        place += found.nbytes
        return found

    person, first, length = take("<u4", tracks), take("<u2", tracks), take("<u2", tracks)
    starts = _starts(length)
    xy = []
    for _ in range(2):
        low, high = take("u1", rows), take("u1", rows)
        xy.append(_sums(low.astype(np.uint16) | (high.astype(np.uint16) << 8), starts, length))
    nose, state = _sums(take("u1", rows), starts, length), take("u1", rows)
    sight = take("u1", cameras * rows).reshape(cameras, rows)
    hider = np.full((cameras, rows), NOBODY, dtype=np.uint16)
    hider[sight == HIDDEN] = take("<u2", int(np.count_nonzero(sight == HIDDEN)))
    return Playback(about, person, first, length, xy[0], xy[1], nose, state, sight, hider)


def about_packed(content: bytes) -> dict[str, Any]:
    """Return the JSON of a packed playback, without its arrays."""
    (said,) = struct.unpack_from("<I", content)
    about: dict[str, Any] = json.loads(content[4 : 4 + said])
    return about


def _starts(length: NDArray[np.uint16]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(length, dtype=np.int64)])[:-1]


def _steps(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Return each value less the one before, modulo; the first of a track as it is."""
    steps = np.diff(values, prepend=values.dtype.type(0))
    steps[starts] = values[starts]
    return steps


def _sums(steps: NDArray[Any], starts: NDArray[np.int64], length: NDArray[np.uint16]) -> Any:
    """Undo ``_steps``: sums within each track, modulo."""
    sums = np.cumsum(steps, dtype=steps.dtype)
    before = np.repeat(sums[starts] - steps[starts], length)
    return (sums - before).astype(steps.dtype)


def _begins(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows begin a track: another person, or one who was away."""
    person, frame = rows[col.ID].to_numpy(), rows[col.FRAME].to_numpy()
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (np.diff(person) != 0) | (np.diff(frame) != 1)
    return begins


def _present(
    first: NDArray[np.integer[Any]], length: NDArray[np.integer[Any]], frames: int
) -> NDArray[np.int64]:
    """Return how many tracks there are in each frame."""
    change = np.zeros(frames + 1, dtype=np.int64)
    np.add.at(change, first, 1)
    np.subtract.at(change, first.astype(np.int64) + length, 1)
    return np.cumsum(change)[:frames]


def _nearest(rows: pd.DataFrame, replay: Replay) -> tuple[NDArray[np.bool_], int]:
    """Return which rows are kept so that not too many are drawn at a time, and how many people go.

    Whoever sets off an alert stays; of the others those who come nearest to a camera.
    """
    frames = int(replay.about["frames"])
    keep_all = np.ones(len(rows), dtype=np.bool_)
    if np.bincount(rows[col.FRAME], minlength=1).max() <= MOST_PRESENT:
        return keep_all, 0
    away = np.full(len(rows), np.inf)
    for camera in replay.about["cameras"]:
        x_m, y_m = camera["position_m"]
        off = np.hypot(rows[col.X_CM] - 100.0 * x_m, rows[col.Y_CM] - 100.0 * y_m)
        away = np.minimum(away, off)
    concerned = {
        event[list(replay.about["event_columns"]).index(col.PERSON)]
        for event in replay.about["events"]
    }
    away[rows[col.ID].isin(concerned)] = -1.0
    people = pd.DataFrame({col.ID: rows[col.ID], col.FRAME: rows[col.FRAME], "away": away})
    spans = people.groupby(col.ID).agg(
        away=("away", "min"), first=(col.FRAME, "min"), last=(col.FRAME, "max")
    )
    present = np.zeros(frames, dtype=np.int64)
    kept = []
    for person, first, last in spans.sort_values("away", kind="stable")[
        ["first", "last"]
    ].itertuples(name=None):
        stay = slice(first, last + 1)
        if present[stay].max() < MOST_PRESENT:
            present[stay] += 1
            kept.append(person)
    return rows[col.ID].isin(kept).to_numpy(), len(spans) - len(kept)


def _grid(rows: pd.DataFrame) -> tuple[int, tuple[int, int]]:
    """Return the unit in cm and the corner that positions are told from."""
    if rows.empty:
        return 1, (0, 0)
    xy = rows[[col.X_CM, col.Y_CM]].to_numpy()
    low, high = xy.min(axis=0), xy.max(axis=0)
    unit = max(1, -(-int((high - low).max()) // _WIDEST))
    if unit > _COARSEST_CM:
        raise SimError(
            f"people are up to {(high - low).max() / 1e5:.1f} km apart; a playback holds "
            f"{_COARSEST_CM * _WIDEST / 1e5:.1f} km"
        )
    return unit, (int(low[0]), int(low[1]))


def _on_grid(values: pd.Series, origin: int, unit: int) -> NDArray[np.uint16]:
    return np.rint((values.to_numpy() - origin) / unit).astype(np.uint16)


def _codes(words: pd.Series, meanings: tuple[str, ...]) -> Bytes8:
    return pd.Categorical(words, categories=list(meanings)).codes.astype(np.uint8)


def _sight(rows: pd.DataFrame, camera: int) -> Bytes8:
    return _codes(rows[sight_column(camera)], tuple(SIGHTS.values()))


def _hider(
    rows: pd.DataFrame, camera: int, sight: Bytes8, track: NDArray[np.int64], frames: int
) -> NDArray[np.uint16]:
    """Return the track of who hides each face; ``NOBODY`` where that person is not drawn."""
    hider = np.full(len(rows), NOBODY, dtype=np.uint16)
    frame = rows[col.FRAME].to_numpy(dtype=np.int64)
    moment = rows[col.ID].to_numpy(dtype=np.int64) * frames + frame  # ascending
    hidden = np.flatnonzero(sight == HIDDEN)
    who = rows[hidden_by_column(camera)].to_numpy(dtype=np.int64)[hidden]
    wanted = who * frames + frame[hidden]
    found = np.minimum(np.searchsorted(moment, wanted), max(len(rows) - 1, 0))
    is_there = (who >= 0) & (moment[found] == wanted)
    hider[hidden[is_there]] = track[found[is_there]]
    return hider
