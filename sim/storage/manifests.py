"""Manifests read back, and refused in words where somebody has changed them.

State: the file system, read only.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Any

from sim.errors import SimError
from sim.storage.provenance import MANIFEST, RUN, STUDY

_TYPES: dict[str, tuple[type, ...]] = {
    "title": (str,),
    "scenario_hash": (str,),
    "study": (str, NoneType),
    "seeds": (list,),
    "passerby": (str,),
    "python": (str,),
    "platform": (str,),
    "packages": (dict,),
    "commit": (str, NoneType),
    "written": (str,),
}
_RUN_TYPES: dict[str, tuple[type, ...]] = {"scenario": (dict,)}
_STUDY_TYPES: dict[str, tuple[type, ...]] = {
    "scenario": (str,),
    "study_hash": (str,),
    "units": (int,),
    "points": (int,),
    "replications": (int,),
    "outcomes": (list,),
    "finished": (dict, NoneType),
}
_FINISHED_TYPES: dict[str, tuple[type, ...]] = {
    "date": (str,),
    "rows": (int,),
    "failed_rows": (int,),
    "results_sha256": (str,),
}


def read_manifest(folder: Path, *, said: Path | None = None) -> dict[str, Any]:
    """Return the manifest of a study's or a run's folder.

    said : what messages call the folder; None: by its name
    """
    called = said or folder
    if not folder.is_dir():
        raise SimError(f"{called}: no such folder")
    if not (folder / MANIFEST).is_file():
        raise SimError(
            f"{called}: no {MANIFEST} there; name a folder that `passerby sweep` or `passerby run "
            "--out` wrote"
        )
    manifest = parsed(folder / MANIFEST, said=called)
    kind = manifest.get("kind")
    if kind in (STUDY, RUN):
        _check_types(
            manifest, {**_TYPES, **(_STUDY_TYPES if kind == STUDY else _RUN_TYPES)}, called
        )
        if manifest.get("finished") is not None:
            _check_types(manifest["finished"], _FINISHED_TYPES, called)
        return manifest
    if kind is None:
        raise SimError(
            f"{called}: its {MANIFEST} does not say what it is of; an earlier version wrote it: "
            "run it again"
        )
    raise SimError(f"{called}: holds a {kind!r}; a capsule is made of a study or of one run")


def parsed(path: Path, *, said: Path) -> dict[str, Any]:
    """Return a JSON object from a file; ``said``: what messages call the place."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise SimError(f"{said}: its {path.name} cannot be read as JSON; it is torn or was changed")
    return found


def _check_types(
    found: Mapping[str, Any], types: Mapping[str, tuple[type, ...]], called: Path
) -> None:
    """Refuse a manifest that somebody has put together or taken apart."""
    wrong = [key for key, kinds in types.items() if type(found.get(key)) not in kinds]
    if wrong:
        what = f"has no {wrong[0]!r}" if wrong[0] not in found else f"has an odd {wrong[0]!r}"
        raise SimError(f"{called}: its {MANIFEST} {what}; it was changed")
