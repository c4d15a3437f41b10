"""A replay as compact bytes for the page's script, encoded when it is served.

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
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.errors import SimError
from sim.kernels.sight_line_hits import HIDDEN
from sim.model.recorder import SIGHTS
from sim.playback.replay import Replay
from sim.playback.replay_facts import STATES, hidden_by_column, sight_column
from sim.playback.story import story, summary
from sim.playback.wished_minutes import MOST_MINUTES

MOST_PRESENT = 800  # people drawn at a time
NOBODY = 65535  # no track hides the face: a wall, or somebody who is not drawn
TURN = 256  # parts of a turn that a nose is told in
_WIDEST = 65535  # units that a position can hold
_COARSEST_CM = 4  # so that a place is refused before it is off by more than 2 cm
_LEVEL = 6  # of zlib


def packed(replay: Replay) -> bytes:
    """Return a replay as bytes; raises SimError if it is too long or too wide."""
    about = replay.about
    frames, minutes = int(about["frames"]), about["frames"] / replay.frame_rate / 60
    if minutes > MOST_MINUTES:
        raise SimError(f"the page plays up to {MOST_MINUTES} minutes; found {minutes:.1f}")
    rows, left_out = _nearest(_until_stopped(replay), replay)
    begins = _begins(rows)
    starts = np.flatnonzero(begins)
    first = rows[col.FRAME].to_numpy()[starts].astype("<u2")
    length = np.diff([*starts, len(rows)]).astype("<u2")
    unit, origin = _grid(rows)
    planes = [rows[col.ID].to_numpy()[starts].astype("<u4"), first, length]
    for name, corner in zip((col.X_CM, col.Y_CM), origin, strict=True):
        steps = _steps(np.rint((rows[name].to_numpy() - corner) / unit).astype(np.uint16), starts)
        planes += [(steps & 255).astype(np.uint8), (steps >> 8).astype(np.uint8)]
    nose = np.rint(rows[col.NOSE].to_numpy() * (TURN / 360.0)).astype(np.int64) % TURN
    planes += [_steps(nose.astype(np.uint8), starts), _codes(rows[col.STATE], STATES)]
    track, cameras = np.cumsum(begins) - 1, range(len(about["cameras"]))
    planes += [_codes(rows[sight_column(camera)], tuple(SIGHTS.values())) for camera in cameras]
    planes += [_hiders(rows, camera, track, frames) for camera in cameras]
    people, told = int(rows[col.ID].nunique()), story(about)
    said: dict[str, Any] = {
        "frames": frames,
        "rate_hz": replay.frame_rate,
        "unit_cm": unit,
        "origin_cm": origin,
        "cameras": len(cameras),
        "states": list(STATES),
        "people": people,
        "left_out": left_out,
        "most_present": int(_present(first, length, frames).max(initial=0)),
        "story": told,
        "label": summary(told, people=people + left_out),
        "chosen": about.get("chosen"),
        "wish": about.get("wish"),
        "scenario": about["scenario"],
        "tracks": len(starts),
        "rows": len(rows),
    }
    head = json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    body = zlib.compress(b"".join(plane.tobytes() for plane in planes), _LEVEL)
    return struct.pack("<I", len(head)) + head + body


def about_packed(content: bytes) -> dict[str, Any]:
    """Return the JSON of a packed replay, without its arrays."""
    (length,) = struct.unpack_from("<I", content)
    about: dict[str, Any] = json.loads(content[4 : 4 + length])
    return about


def _until_stopped(replay: Replay) -> pd.DataFrame:
    """Return the rows by person, then frame; whoever is stopped is held there, and not drawn."""
    held = {
        one["person"]: one["met_s"]
        for one in replay.about["alerts"]
        if one["met_s"] is not None and one["end_s"] > one["met_s"]
    }
    rows = replay.rows.sort_values([col.ID, col.FRAME], ignore_index=True)
    ends = rows[col.ID].map(held).to_numpy(dtype=np.float64, na_value=np.inf)
    ends = np.where(np.isnan(ends), np.inf, ends)
    return rows[replay.times_s()[rows[col.FRAME]] < ends].reset_index(drop=True)


def _nearest(rows: pd.DataFrame, replay: Replay) -> tuple[pd.DataFrame, int]:
    """Return rows of which not too many are drawn at a time, and how many people go.

    Whoever sets off an alert stays; of the others those who come nearest to a camera.
    """
    frames = int(replay.about["frames"])
    if np.bincount(rows[col.FRAME], minlength=1).max() <= MOST_PRESENT:
        return rows, 0
    away = np.full(len(rows), np.inf)
    for camera in replay.about["cameras"]:
        x_m, y_m = camera["position_m"]
        off = np.hypot(rows[col.X_CM] - 100.0 * x_m, rows[col.Y_CM] - 100.0 * y_m)
        away = np.minimum(away, off)
    away[rows[col.ID].isin(replay.events()[col.PERSON])] = -1.0
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
    return rows[rows[col.ID].isin(kept)].reset_index(drop=True), len(spans) - len(kept)


def _begins(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows begin a track: another person, or one who was away."""
    person, frame = rows[col.ID].to_numpy(), rows[col.FRAME].to_numpy()
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (np.diff(person) != 0) | (np.diff(frame) != 1)
    return begins


def _present(first: NDArray[Any], length: NDArray[Any], frames: int) -> NDArray[np.int64]:
    """Return how many tracks there are in each frame."""
    change = np.zeros(frames + 1, dtype=np.int64)
    np.add.at(change, first, 1)
    np.subtract.at(change, first + length, 1)
    return np.cumsum(change)[:frames]


def _grid(rows: pd.DataFrame) -> tuple[int, tuple[int, int]]:
    """Return the unit in cm and the corner that positions are told from."""
    if rows.empty:
        return 1, (0, 0)
    xy = rows[[col.X_CM, col.Y_CM]].to_numpy()
    low, high = xy.min(axis=0), xy.max(axis=0)
    unit = max(1, -(-int((high - low).max()) // _WIDEST))
    if unit > _COARSEST_CM:
        raise SimError(
            f"people are up to {(high - low).max() / 1e5:.1f} km apart; the page plays "
            f"{_COARSEST_CM * _WIDEST / 1e5:.1f} km"
        )
    return unit, (int(low[0]), int(low[1]))


def _steps(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Return each value less the one before, modulo; the first of a track as it is."""
    steps = np.diff(values, prepend=values.dtype.type(0))
    steps[starts] = values[starts]
    return steps


def _codes(words: pd.Series, meanings: tuple[str, ...]) -> NDArray[np.uint8]:
    return pd.Categorical(words, categories=list(meanings)).codes.astype(np.uint8)


def _hiders(
    rows: pd.DataFrame, camera: int, track: NDArray[np.int64], frames: int
) -> NDArray[np.uint16]:
    """Return the track of who hides each hidden face; ``NOBODY`` where they are not drawn."""
    frame = rows[col.FRAME].to_numpy(dtype=np.int64)
    moment = rows[col.ID].to_numpy(dtype=np.int64) * frames + frame  # ascending
    hidden = np.flatnonzero(rows[sight_column(camera)] == SIGHTS[HIDDEN])
    who = rows[hidden_by_column(camera)].to_numpy(dtype=np.int64)[hidden]
    wanted = who * frames + frame[hidden]
    found = np.minimum(np.searchsorted(moment, wanted), max(len(rows) - 1, 0))
    is_there = (who >= 0) & (moment[found] == wanted)
    return np.where(is_there, track[found], NOBODY).astype("<u2")
