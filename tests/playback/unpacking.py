"""What the page's script does with packed minutes, in Python."""

import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim import columns as col
from sim.kernels.sight_line_hits import HIDDEN
from sim.playback.browser_bytes import NOBODY, about_packed
from sim.playback.replay import Replay


@dataclass(frozen=True)
class Unpacked:
    """Arrays of tracks (person, first, length), of rows, and of cameras by rows (sight, hider)."""

    about: dict[str, Any]
    person: np.ndarray
    first: np.ndarray
    length: np.ndarray
    x: np.ndarray
    y: np.ndarray
    nose: np.ndarray
    state: np.ndarray
    sight: np.ndarray
    hider: np.ndarray

    def positions_cm(self):
        """Return where the rows are, in the place's own coordinates."""
        grid = np.column_stack([self.x, self.y]).astype(np.float64)
        return grid * self.about["unit_cm"] + np.asarray(self.about["origin_cm"])


def unpacked(content):
    about = about_packed(content)
    (said,) = struct.unpack_from("<I", content)
    body = memoryview(zlib.decompress(content[4 + said :]))
    tracks, rows, cameras = about["tracks"], about["rows"], about["cameras"]
    place = 0

    def take(kind, count):
        nonlocal place
        found = np.frombuffer(body, dtype=kind, count=count, offset=place)
        place += found.nbytes
        return found

    person, first, length = take("<u4", tracks), take("<u2", tracks), take("<u2", tracks)
    xy = []
    for _ in range(2):
        low, high = take("u1", rows), take("u1", rows)
        xy.append(_sums(low.astype(np.uint16) | (high.astype(np.uint16) << 8), length))
    nose, state = _sums(take("u1", rows), length), take("u1", rows)
    sight = take("u1", cameras * rows).reshape(cameras, rows)
    hider = np.full((cameras, rows), NOBODY, dtype=np.uint16)
    hider[sight == HIDDEN] = take("<u2", int(np.count_nonzero(sight == HIDDEN)))
    assert place == len(body)
    return Unpacked(about, person, first, length, *xy, nose, state, sight, hider)


def a_replay(rows, *, frames=20, cameras=()):
    """Return a replay of rows (person, frame, x cm, y cm), nobody looked at."""
    table = pd.DataFrame(rows, columns=[col.ID, col.FRAME, col.X_CM, col.Y_CM])
    table[col.NOSE], table[col.STATE] = 359, "walking"
    empty = "POLYGON EMPTY"
    about = {
        "frames": frames,
        "frame_rate_hz": 10.0,
        "first_frame_s": 0.05,
        "start_hour": 10.0,
        "scenario": {"name": "made_up", "title": "Made up", "hash": ""},
        "walkable_wkt": empty,
        "entrances": [],
        "exits": [],
        "cameras": [
            {"name": f"{place}", "position_m": at, "heading_deg": 270.0, "zone_wkt": empty}
            for place, at in enumerate(cameras)
        ],
        "officer_speed_mps": 2.0,
        "officers": [],
        "alerts": [],
        "event_columns": [col.EVENT_TIME, col.EVENT, col.PERSON],
        "events": [],
    }
    for camera in range(len(cameras)):
        table[f"sight_{camera}"], table[f"hidden_by_{camera}"] = "none", -1
    return Replay(table.sort_values([col.FRAME, col.ID], ignore_index=True), about)


def _sums(steps, length):
    """Undo differences within each track, modulo."""
    starts = np.concatenate([[0], np.cumsum(length, dtype=np.int64)])[:-1]
    sums = np.cumsum(steps, dtype=steps.dtype)
    return (sums - np.repeat(sums[starts] - steps[starts], length)).astype(steps.dtype)
