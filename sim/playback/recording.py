"""Recording minutes of a walk as a replay: those by the clock, or those that answer a wish.

State: the file system.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import OutputError, SimError
from sim.model.recorder import RATE_HZ, Recorder
from sim.model.shift_draws import ShiftDraws, shift_draws
from sim.model.street import Street, forget
from sim.playback.replay import write_replay
from sim.playback.replay_facts import replay_facts
from sim.playback.shift_events import played_draw
from sim.playback.wished_minutes import Wish, chosen_minutes, minutes_by_the_clock
from sim.scenario.schema import Scenario
from sim.storage.walk_cache import walked

SECONDS_A_MINUTE = 60.0
WALK_SHARE, SCORE_SHARE = 0.5, 0.65  # of the progress, where a part of the work is done
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


def record_replay(
    scenario: Scenario,
    file: Path,
    *,
    from_s: float = 0.0,
    to_s: float | None = None,
    rate_hz: float = RATE_HZ,
    draw: int | None = None,
    progress: Callable[[str, float], None] | None = None,
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
    shifts = shift_draws(scenario, passages)
    if draw is not None and not 0 <= draw < shifts.draws:
        raise SimError(f"this run has response draws 0 to {shifts.draws - 1}; found {draw}")
    return _written(scenario, file, shifts, recorder, draw, {})


def record_wish(
    scenario: Scenario, file: Path, wish: Wish, *, progress: Callable[[float], None]
) -> Written:
    """Write the minutes that answer a wish; the replay says which they are, and how usual."""
    passages = walked(scenario, progress=lambda share: progress(WALK_SHARE * share))
    progress(WALK_SHARE)
    shifts = shift_draws(scenario, passages)
    chosen = chosen_minutes(shifts, wish)
    progress(SCORE_SHARE)
    # The same walk again, bit by bit, up to the end of the minutes.
    recorder = Recorder(from_s=chosen.from_s, to_s=chosen.to_s)
    street = Street(scenario, recorder=recorder)
    while street.running and street.time_s < chosen.to_s:
        street.step()
        if round(street.time_s) % 20 == 0:
            progress(SCORE_SHARE + (1 - SCORE_SHARE) * street.time_s / chosen.to_s)
    forget(street)
    also = {"chosen": asdict(chosen), "wish": asdict(wish)}
    return _written(scenario, file, shifts, recorder, chosen.draw, also)


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


def _written(
    scenario: Scenario,
    file: Path,
    shifts: ShiftDraws,
    recorder: Recorder,
    draw: int | None,
    also: Mapping[str, Any],
) -> Written:
    """Join a response draw to what was recorded and write both.

    draw : none: the first with an alert in the window
    also : what else the file says of itself
    """
    frames = recorder.frames()
    last_s = frames.first_s + frames.count / frames.rate_hz
    usual = minutes_by_the_clock(shifts, recorder.from_s, last_s)
    shown = usual.draw if draw is None else draw
    played = played_draw(shifts, shown)
    about = {
        **replay_facts(scenario, frames, played),
        "draw": shown,
        "draws": usual.draws,
        "draws_with_alert_in_window": usual.having,
        **also,
    }
    write_replay(frames, played, about, file)
    return Written(
        file=file,
        rows=len(frames.frame),
        frames=frames.count,
        rate_hz=frames.rate_hz,
        file_bytes=file.stat().st_size,
        draw=shown,
        draws=usual.draws,
        draws_with_alert=usual.having,
    )
