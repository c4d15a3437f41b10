"""Walked streets kept on disk, so that each is walked once, whoever asks.

A walk's file is named by the hash of all that the walk depends on and of the source that walks.
It holds the passages as uncompressed arrays behind a checksum: a damaged file is walked again.
Processes that want the same walk wait for the first. Files used least lately go first once there
are more than ``PASSERBY_WALK_CACHE_MIB`` (2048 unless set); ``PASSERBY_WALK_CACHE`` moves the
folder.

State: the folder of walks, per user.
"""

import io
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from platformdirs import user_cache_path

import sim
from sim.errors import SimError
from sim.model.passages import Passages, Trail
from sim.scenario.identity import walk_hash
from sim.scenario.schema import Scenario
from sim.storage.durable import STRAY_AFTER_S, locked, make_room, write_durably

log = logging.getLogger(__name__)

FOLDER_VARIABLE, LIMIT_VARIABLE = "PASSERBY_WALK_CACHE", "PASSERBY_WALK_CACHE_MIB"
DEFAULT_LIMIT_MIB = 2048.0
_MAGIC = b"passerby walk 1\n"
_CHECKSUM = 64  # hexadecimal digits of SHA-256
_MATRICES = ("exposure_s", "best_look_s", "crowding_per_m2")
_SOURCES = ("biometrics", "evidence", "kernels", "model", "scenario")


def walked(scenario: Scenario, *, progress: Callable[[float], None] | None = None) -> Passages:
    """Return the passages of a scenario's street: from the cache, or walked and kept there."""
    limit_bytes()  # a setting that is no number is refused before anybody walks
    path = walk_path(scenario)
    kept = _kept(path)
    if kept is not None:
        return kept
    with ExitStack() as held:
        lock = path.with_suffix(".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(lock))
        except OSError as error:
            log.warning("%s: walks are not kept (%s)", path.parent, error.strerror)
            return _walk(scenario, progress)
        kept = _kept(path)  # by whoever held the lock before
        if kept is not None:
            return kept
        passages = _walk(scenario, progress)
        _keep(path, passages)
        lock.unlink(missing_ok=True)
    return passages


def is_kept(scenario: Scenario) -> bool:
    """Whether the walk of a scenario lies in the cache, sound or not."""
    return walk_path(scenario).exists()


def walk_path(scenario: Scenario) -> Path:
    """Return where the walk of a scenario lies, or would lie."""
    return cache_folder() / f"{walk_hash(scenario)}-{source_hash()}.walk"


def cache_folder() -> Path:
    """Return the folder of walks."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_cache_path("passerby", appauthor=False) / "walks"


def limit_bytes() -> float:
    """Return how much the folder may hold."""
    text = os.environ.get(LIMIT_VARIABLE, str(DEFAULT_LIMIT_MIB))
    try:
        limit = float(text)
    except ValueError:
        limit = -1.0
    if not 0 <= limit < float("inf"):
        raise SimError(f"{LIMIT_VARIABLE}={text}: must be a number of MiB, 0 or more")
    return limit * 2**20


@cache
def source_hash() -> str:
    """Return the hash of all source and evidence that a walk rests on.

    The version alone would do for whoever installs the program, not for whoever changes it.
    """
    package = Path(sim.__file__).parent
    files = [package / "groups.py", package / "quantities.py"]
    for name in _SOURCES:
        files += sorted((package / name).rglob("*.py")) + sorted((package / name).rglob("*.csv"))
    digest = sha256()
    for file in files:
        digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _walk(scenario: Scenario, progress: Callable[[float], None] | None) -> Passages:
    from sim.model.street import Street  # noqa: PLC0415 - numba, which who only looks needs not

    return Street(scenario).walk(progress)


def _kept(path: Path) -> Passages | None:
    """Return the passages in a file; None where there is none, or none that is sound."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s: cannot be read (%s); the street is walked again", path, error.strerror)
        return None
    head = len(_MAGIC) + _CHECKSUM
    body = memoryview(content)[head:]
    checksum = content[len(_MAGIC) : head]
    if content[: len(_MAGIC)] != _MAGIC or sha256(body).hexdigest().encode() != checksum:
        log.warning("%s: damaged; the street is walked again", path)
        return None
    with suppress(OSError):
        os.utime(path)  # used now: goes last
    return _passages(body)


def _keep(path: Path, passages: Passages) -> None:
    """Write a walk and make room for it; a cache that cannot be written to is no fault."""
    body = _body(passages)
    if len(body) > limit_bytes():
        return

    def write(file: BinaryIO) -> None:
        file.write(_MAGIC + sha256(body).hexdigest().encode())
        file.write(body)

    try:
        write_durably(path, write, sync=False)
        make_room(path, "*.walk", limit_bytes())
        _sweep_locks(path.parent)
    except OSError as error:
        log.warning("%s: this walk is not kept (%s)", path.parent, error.strerror)


def _sweep_locks(folder: Path) -> None:
    """Remove the locks of processes that were killed long ago."""
    for path in folder.glob("*.lock"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - 24 * STRAY_AFTER_S:
                path.unlink()


def _body(passages: Passages) -> bytes:
    """Return the passages as the bytes of an uncompressed npz file."""
    people = passages.people
    arrays: dict[str, Any] = {name: getattr(passages, name) for name in _MATRICES}
    arrays |= {f"trail.{name}": getattr(passages.trail, name) for name in Trail.__slots__}
    categories: dict[str, list[str]] = {}
    for name in people.columns:
        column = people[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            categories[name] = list(column.cat.categories)
            arrays[f"people.{name}"] = column.cat.codes.to_numpy()
        else:
            arrays[f"people.{name}"] = column.to_numpy()
    about = {
        "columns": list(people.columns),
        "categories": categories,
        "cameras": list(passages.cameras),
    }
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _passages(body: memoryview) -> Passages:
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        people = {}
        for name in about["columns"]:
            values = arrays[f"people.{name}"]
            if name in about["categories"]:
                kind = pd.CategoricalDtype(about["categories"][name])
                people[name] = pd.Series(pd.Categorical.from_codes(values, dtype=kind))
            else:
                people[name] = pd.Series(values)
        return Passages(
            people=pd.DataFrame(people),
            **{name: arrays[name] for name in _MATRICES},
            trail=Trail(**{name: arrays[f"trail.{name}"] for name in Trail.__slots__}),
            cameras=tuple(about["cameras"]),
        )
