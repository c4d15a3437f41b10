"""A replay: some minutes of a walk as one Parquet file, with one response draw joined by time.

The file is meant for others: a page that plays it, PedPy, or a look with any Parquet reader. Its
rows and the JSON beside them are described in docs/howto/replay.md. Whoever is stopped keeps the
recorded way in it, as in the model: the walk does not change (docs/model/response.md).

State: the file system.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.single import simulate
from sim.errors import SimError
from sim.model.recorder import CM_PER_M, RATE_HZ, Recorder
from sim.model.street import Street
from sim.playback.replay_file import (
    FORMAT,
    FORMAT_VERSION,
    METADATA_KEY,
    about_replay,
    prepare_file,
    write_replay,
)
from sim.playback.shift_events import played_draw
from sim.scenario.schema import Scenario

Progress = Callable[[str, float], None]

FEWEST_ASSUMPTION_DRAWS = 20  # of a run whose spread is not looked at
SECONDS_A_MINUTE = 60.0
_WHOLE_S = 1e-6  # 0.35 minutes are 21 seconds, but for rounding


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    rows, frames, file_bytes : people times moments, moments, size
    draw                     : the response draw that is joined
    draws, draws_with_alert  : how many there are, and how many have an alert in the window
    """

    file: Path
    rows: int
    frames: int
    rate_hz: float
    file_bytes: int
    draw: int
    draws: int
    draws_with_alert: int

    @property
    def bytes_a_person_second(self) -> float:
        """Return the size of the file for one person during one second; nan if nobody came."""
        return self.file_bytes * self.rate_hz / self.rows if self.rows else float("nan")

    def as_json(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return {**asdict(self), "file": str(self.file)}

    def sentence(self) -> str:
        """Return what was written, in words."""
        which = f"response draw {self.draw} of 0 to {self.draws - 1}"
        return (
            f"{self.file}: {self.frames:,} moments, {self.rows:,} rows, "
            f"{self.file_bytes / 1024:,.0f} KiB; plays {which}, of which "
            f"{self.draws_with_alert} have an alert in these minutes"
        )


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


def record_replay(
    scenario: Scenario,
    file: Path,
    *,
    from_s: float = 0.0,
    to_s: float | None = None,
    rate_hz: float = RATE_HZ,
    draw: int | None = None,
    progress: Progress | None = None,
) -> Written:
    """Walk a scenario, play a response draw and write the window from ``from_s`` to ``to_s``.

    The whole deployment is walked: alerts before the window keep officers busy within it.

    draw : which response draw to join; none: the first with an alert in the window, else draw 0
    """
    prepare_file(file)
    recorder = Recorder(rate_hz=rate_hz, from_s=from_s, to_s=to_s)

    def tell(share: float) -> None:
        if progress is not None:
            progress("walking", share)

    passages = Street(scenario, recorder=recorder).walk(tell)
    run = scenario.run.model_copy(update={"assumption_draws": FEWEST_ASSUMPTION_DRAWS})
    lean = scenario.model_copy(update={"run": run})
    result = simulate(lean, passages=passages, progress=progress)
    if draw is not None and not 0 <= draw < result.draws:
        raise SimError(f"this run has response draws 0 to {result.draws - 1}; found {draw}")
    frames = recorder.frames()
    last_s = frames.first_s + frames.count / frames.rate_hz
    when = result.alerts[col.ALERT_TIME].to_numpy()
    with_alert = np.unique(result.alerts[col.DRAW].to_numpy()[(when >= from_s) & (when < last_s)])
    if draw is None:
        draw = int(with_alert[0]) if len(with_alert) else 0
    played = played_draw(result, draw)
    about = {
        **about_replay(scenario, frames, played, to_s=last_s),
        "draw": draw,
        "draws": result.draws,
        "draws_with_alert_in_window": len(with_alert),
    }
    write_replay(frames, played, about, file)
    return Written(
        file=file,
        rows=len(frames.frame),
        frames=frames.count,
        rate_hz=frames.rate_hz,
        file_bytes=file.stat().st_size,
        draw=draw,
        draws=result.draws,
        draws_with_alert=len(with_alert),
    )


def window_s(from_minute: float, minutes: float) -> tuple[float, float]:
    """Return the window in seconds, from minutes that stand for whole seconds."""
    ends = []
    for name, value in (("from-minute", from_minute), ("minutes", minutes)):
        seconds = value * SECONDS_A_MINUTE
        if not (np.isfinite(seconds) and abs(seconds - round(seconds)) < _WHOLE_S):
            raise SimError(f"--{name} must be a whole number of seconds; found {value} minutes")
        ends.append(float(round(seconds)))
    if ends[1] <= 0:
        raise SimError(f"--minutes must be above 0; found {minutes:g}")
    return ends[0], ends[0] + ends[1]


def read_replay(file: Path | str) -> Replay:
    """Read a replay; any Parquet reader does the same."""
    try:
        table = pq.read_table(file)
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
