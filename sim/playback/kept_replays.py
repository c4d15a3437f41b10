"""Replays that visitors have asked for, kept beside the walks, so that each is recorded once.

A file is named by the hash of all that it depends on; its pages carry checksums. Those used least
lately go first once there are more than ``MOST_MIB``.

State: the folder of kept replays.
"""

import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path

from sim.errors import OutputError, SimError
from sim.playback.recording import record_wish
from sim.playback.replay import Replay, read_replay
from sim.playback.wished_minutes import Wish
from sim.scenario.identity import canonical_json
from sim.scenario.schema import Scenario
from sim.storage.durable import make_room
from sim.storage.walk_cache import cache_folder, source_hash

log = logging.getLogger(__name__)

MOST_MIB = 256.0


def replay_key(scenario: Scenario, wish: Wish) -> str:
    """Return the hash of all that a visitor's replay depends on."""
    tree = [canonical_json(scenario), asdict(wish), source_hash(), _own_source()]
    return sha256(json.dumps(tree).encode()).hexdigest()[:24]


def kept_path(key: str) -> Path:
    """Return where a replay is kept, or would be."""
    return cache_folder() / "playbacks" / f"{key}.parquet"


def kept_replay(key: str) -> Replay | None:
    """Return a replay that is kept; None where there is none, or none that is sound."""
    path = kept_path(key)
    if not path.exists():
        return None
    try:
        replay = read_replay(path)
    except SimError as error:
        log.warning("%s; it is recorded again", error)
        with suppress(OSError):
            path.unlink()
        return None
    with suppress(OSError):
        os.utime(path)  # used now: goes last
    return replay


def keep_replay(
    scenario: Scenario, wish: Wish, *, progress: Callable[[float], None] = lambda _share: None
) -> Replay:
    """Record what a visitor wishes to see unless it is kept, and return it."""
    key = replay_key(scenario, wish)
    kept = kept_replay(key)
    if kept is not None:
        return kept
    path = kept_path(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        record_wish(scenario, path, wish, progress=progress)
        make_room(path, "*.parquet", MOST_MIB * 2**20)
    except OSError as error:
        raise SimError(f"the minutes cannot be kept ({error.strerror})") from None
    except OutputError:  # its message names a folder that is none of a visitor's business
        raise SimError("the minutes cannot be written: the disk may be full") from None
    return read_replay(path)


@cache
def _own_source() -> str:
    """Return the hash of the source that chooses minutes and tells alerts."""
    digest = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
