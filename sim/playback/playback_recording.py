"""Recording a playback for the page: which minutes, which response draw, where it is kept.

A visitor asks for minutes with a right match, for minutes with a mistaken stop, or for minutes by
the clock. The first two are looked for in the draws of the run: the first draw, in order, in which
it happens and fits into the minutes. What is shown was therefore chosen; how many draws have it is
told beside it.

Files are kept by the hash of all they depend on, behind a checksum. Those used least lately go
first once there are more than ``MOST_MIB``.

State: the folder of playbacks, beside the walks.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from sim import columns as col
from sim.answer.single import Result, simulate
from sim.errors import OutputError, SimError
from sim.model.recorder import Frames, Recorder
from sim.model.street import Street, forget
from sim.playback.playback import FORMAT_VERSION, MOST_SECONDS, packed, playback_of
from sim.playback.playback_story import held_from, story, summary
from sim.playback.replay import FEWEST_ASSUMPTION_DRAWS, read_replay
from sim.playback.replay_file import about_replay, write_replay
from sim.playback.shift_events import PlayedDraw, played_draw
from sim.scenario.identity import canonical_json
from sim.scenario.schema import Scenario
from sim.storage.durable import sweep_temporaries, write_durably
from sim.storage.walk_cache import cache_folder, source_hash, walked

log = logging.getLogger(__name__)

Show = Literal["right", "mistake", "minute"]
Progress = Callable[[float], None]

MOST_MIB = 256.0
LEAD_S = 12.0  # shown before an alert, so that one sees the street first
MOST_TRIED = 40  # alerts looked at until one is decided within the minutes
WALK_SHARE, SCORE_SHARE = 0.5, 0.65  # of the progress, where a part of the work is done
_STRAY_AFTER_S = 3600.0
_MAGIC = b"passerby playback 1\n"
_CHECKSUM = 64
_SUFFIX = ".playback"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants to see.

    show        : minutes with a right match, with a mistaken stop, or those from ``from_minute`` on
    minutes     : how many
    from_minute : after the cameras start; only where minutes are chosen
    """

    show: Show = "right"
    minutes: int = 2
    from_minute: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be shown."""
        if not 1 <= self.minutes <= MOST_SECONDS / 60:
            raise SimError(
                f"a playback has 1 to {MOST_SECONDS / 60:.0f} minutes; found {self.minutes}"
            )
        if self.from_minute < 0:
            raise SimError(f"a playback begins at minute 0 or later; found {self.from_minute}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which minutes of which draw are shown, and how usual that is.

    draws, having : response draws, and how many have what was asked for (an alert, for ``minute``)
    alerts_a_draw : mean alerts, true and false, in one draw of the whole deployment
    is_as_asked   : False: nobody of that kind was stopped in any draw, an alert is shown instead
    """

    from_s: float
    to_s: float
    draw: int
    draws: int
    having: int
    alerts_a_draw: float
    is_as_asked: bool


def playback_key(scenario: Scenario, wish: Wish) -> str:
    """Return the hash of all that a playback depends on."""
    tree = [canonical_json(scenario), asdict(wish), FORMAT_VERSION, source_hash(), _own_source()]
    return sha256(json.dumps(tree).encode()).hexdigest()[:24]


def kept_playback(key: str) -> bytes | None:
    """Return a playback as packed bytes; None where there is none, or none that is sound."""
    path = _folder() / (key + _SUFFIX)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s: cannot be read (%s)", path, error.strerror)
        return None
    head = len(_MAGIC) + _CHECKSUM
    body = content[head:]
    if content[:head] != _MAGIC + sha256(body).hexdigest().encode():
        log.warning("%s: damaged; it is recorded again", path)
        path.unlink(missing_ok=True)
        return None
    with suppress(OSError):
        os.utime(path)  # used now: goes last
    return body


def keep_playback(scenario: Scenario, wish: Wish, *, progress: Progress | None = None) -> bytes:
    """Record a playback unless it is kept, keep it, and return it as packed bytes."""
    key = playback_key(scenario, wish)
    kept = kept_playback(key)
    if kept is not None:
        return kept
    body = recorded_playback(scenario, wish, progress=progress)
    path = _folder() / (key + _SUFFIX)

    def write(file: BinaryIO) -> None:
        file.write(_MAGIC + sha256(body).hexdigest().encode())
        file.write(body)

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, write, sync=False)
        _make_room(path)
    except OSError as error:
        raise SimError(f"the playback cannot be kept ({error.strerror})") from None
    return body


def recorded_playback(scenario: Scenario, wish: Wish, *, progress: Progress | None = None) -> bytes:
    """Walk, play a response draw, record the minutes and return them packed."""

    def tell(share: float) -> None:
        if progress is not None:
            progress(share)

    passages = walked(scenario, progress=lambda share: tell(WALK_SHARE * share))
    tell(WALK_SHARE)
    run = scenario.run.model_copy(update={"assumption_draws": FEWEST_ASSUMPTION_DRAWS})
    result = simulate(scenario.model_copy(update={"run": run}), passages=passages)
    chosen = chosen_minutes(result, wish)
    played = played_draw(result, chosen.draw)
    tell(SCORE_SHARE)
    frames = _frames(scenario, chosen, lambda share: tell(SCORE_SHARE + share * (1 - SCORE_SHARE)))
    return packed_minutes(result, frames, played, chosen, wish)


def packed_minutes(
    result: Result, frames: Frames, played: PlayedDraw, chosen: Chosen, wish: Wish
) -> bytes:
    """Return recorded minutes as packed bytes, by way of the file that `passerby replay` writes."""
    scenario = result.scenario
    to_s = frames.first_s + frames.count / frames.rate_hz
    about = {**about_replay(scenario, frames, played, to_s=to_s), "draw": chosen.draw}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "walk.parquet"
        try:
            write_replay(frames, played, about, file)
        except OutputError:  # its message names a folder that is none of a visitor's business
            raise SimError("the minutes cannot be written: the disk may be full") from None
        replay = read_replay(file)
    playback = playback_of(replay, held=held_from(played))
    speed_mps = result.believed.value("response.officer_speed_mps")
    playback.about["story"] = story(scenario, played, replay.about, speed_mps=speed_mps)
    playback.about["label"] = summary(playback.about)
    playback.about["chosen"] = asdict(chosen)
    playback.about["wish"] = asdict(wish)
    playback.about["scenario"] = replay.about["scenario"] | {"seed": scenario.run.seed}
    playback.about["most_present"] = playback.most_present()
    return packed(playback)


def chosen_minutes(result: Result, wish: Wish) -> Chosen:
    """Return the minutes and the draw that answer a wish; raises SimError if there are none."""
    alerts, draws = result.alerts, result.draws
    length_s, mean_alerts = 60.0 * wish.minutes, len(alerts) / draws
    when = alerts[col.ALERT_TIME].to_numpy()
    draw = alerts[col.DRAW].to_numpy()
    if wish.show == "minute":
        from_s = 60.0 * wish.from_minute
        cameras_s = 3600.0 * result.scenario.policy.hours
        if from_s >= cameras_s:
            raise SimError(
                f"the cameras run for {cameras_s / 60:g} minutes; found minute {wish.from_minute}"
            )
        alerted = np.unique(draw[(when >= from_s) & (when < from_s + length_s)])
        shown = int(alerted[0]) if len(alerted) else 0
        return Chosen(
            from_s, from_s + length_s, shown, draws, len(alerted), mean_alerts, is_as_asked=True
        )
    is_kind = alerts[col.IS_TRUE].to_numpy(dtype=np.bool_) == (wish.show == "right")
    is_stop = alerts[col.STOP_MINUTES].to_numpy() > 0
    whom = "somebody on the list" if wish.show == "right" else "somebody who is not on the list"
    if not is_kind.any():
        raise SimError(
            f"in none of {draws} plays of this deployment is there an alert on {whom}; choose "
            "minutes by the clock"
        )
    is_wanted = is_kind & is_stop if (is_kind & is_stop).any() else is_kind
    best: Chosen | None = None
    having = len(np.unique(draw[is_wanted]))
    for row in np.flatnonzero(is_wanted)[:MOST_TRIED].tolist():
        from_s = float(max(0.0, np.floor(when[row] - LEAD_S)))
        found = Chosen(
            from_s, from_s + length_s, int(draw[row]), draws, having, mean_alerts,
            is_as_asked=bool(is_stop[is_wanted].any()),
        )  # fmt: skip
        best = best or found
        if not found.is_as_asked or _is_stopped_by(result, found, alerts[col.PERSON].iloc[row]):
            return found
    assert best is not None  # noqa: S101 - at least one row is wanted
    return best


def _is_stopped_by(result: Result, chosen: Chosen, person: int) -> bool:
    """Whether a person's stop begins well before the minutes end."""
    played = played_draw(result, chosen.draw)
    latest = chosen.to_s - 15.0
    return any(task.person == person and task.met_s <= latest for task in played.tasks)


def _frames(scenario: Scenario, chosen: Chosen, tell: Progress) -> Frames:
    """Walk again up to the end of the minutes and note them: the same walk, bit by bit."""
    recorder = Recorder(from_s=chosen.from_s, to_s=chosen.to_s)
    street = Street(scenario, recorder=recorder)
    while street.running and street.time_s < chosen.to_s:
        street.step()
        if round(street.time_s) % 20 == 0:
            tell(street.time_s / chosen.to_s)
    forget(street)
    return recorder.frames()


def _folder() -> Path:
    return cache_folder() / "playbacks"


@cache
def _own_source() -> str:
    """Return the hash of the source that tells alerts and packs."""
    digest = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _make_room(newest: Path) -> None:
    sweep_temporaries(newest.parent, older_than_s=_STRAY_AFTER_S)
    files: list[tuple[float, int, Path]] = []
    for path in newest.parent.glob("*" + _SUFFIX):
        with suppress(FileNotFoundError):
            found = path.stat()
            files.append((found.st_mtime, found.st_size, path))
    held = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if held <= MOST_MIB * 2**20:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            held -= size
