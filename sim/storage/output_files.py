"""Files that are asked for by name: can they be written? Said before the work, not after it.

State: the file system, only looked at.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from sim.errors import OutputError


def checked_file(path: Path, *, suffixes: Iterable[str], wanted: str) -> Path:
    """Return a path that can be written; raise ``OutputError`` if it cannot.

    suffixes : those that it may have, without the dot
    wanted   : what to say of any other
    """
    if path.suffix.lstrip(".").lower() not in suffixes:
        raise OutputError(f"{path}: {wanted}")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; give the name of a file")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: no permission")
    return path
