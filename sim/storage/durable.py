"""Files that are whole or absent, and locks between processes.

A file is written beside its place under a name that no reader looks for, brought to the disk and
renamed. A killed process leaves at most such a temporary file, never half a file.

State: the file system.
"""

import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

log = logging.getLogger(__name__)

TEMPORARY_PREFIX = ".part-"
TEMPORARY_SUFFIX = ".tmp"
STRAY_AFTER_S = 3600.0  # nobody is still writing a temporary file so old


class LockedError(Exception):
    """Another process holds the lock."""


def write_durably(path: Path, write: Callable[[BinaryIO], object], *, sync: bool = True) -> None:
    """Let ``write`` fill a file aside, then put it in the place of ``path`` in one step.

    sync : wait until the disk has it; without, a power cut may lose the file
    """
    beside = path.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    try:
        with beside.open("xb") as file:
            write(file)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    if sync:
        _sync_folder(path.parent)


def write_json_durably(path: Path, value: object) -> None:
    """Write a value as indented JSON with sorted keys, whole or not at all."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_durably(path, lambda file: file.write(text.encode()))


def sweep_temporaries(folder: Path, *, older_than_s: float) -> int:
    """Remove what killed processes left half written; return how many files that were."""
    swept = 0
    before = time.time() - older_than_s
    for path in folder.glob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime <= before:
                path.unlink()
                swept += 1
    return swept


def make_room(newest: Path, pattern: str, most_bytes: float) -> None:
    """Remove files beside ``newest``, those used least lately first, until they are small enough.

    pattern : of the names that count; ``newest`` itself stays
    """
    sweep_temporaries(newest.parent, older_than_s=STRAY_AFTER_S)
    files: list[tuple[float, int, Path]] = []
    for path in newest.parent.glob(pattern):
        with suppress(FileNotFoundError):
            found = path.stat()
            files.append((found.st_mtime, found.st_size, path))
    held = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if held <= most_bytes:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            held -= size


@contextmanager
def locked(
    path: Path, *, shared: bool = False, wait: bool = True, patience_s: float = 0.0
) -> Iterator[None]:
    """Hold the lock of a file, which is made where missing; the system frees it if we die.

    On Windows, and on a file system without locks, nothing is held.

    shared : several may hold it, and nobody holds it alone meanwhile
    wait   : until it is free; else ``LockedError``, after ``patience_s``
    """
    with path.open("ab") as file:
        if sys.platform != "win32":
            how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            try:
                if wait:
                    fcntl.flock(file, how)
                else:
                    _lock_soon(file, how, patience_s)
            except BlockingIOError:
                raise LockedError(str(path)) from None
            except OSError as error:  # some network file systems have no locks
                log.warning(
                    "%s: this file system has no locks (%s); let only one process work on the "
                    "folder, or each on a shard of its own",
                    path.parent,
                    error.strerror,
                )
        yield


def _lock_soon(file: BinaryIO, how: int, patience_s: float) -> None:
    """Lock a file, trying again for a while: whoever only looks holds it for a moment."""
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.02)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets one."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
