"""A capsule: one zip with all that a study or a run was asked, what it answered, and with what.

It holds the folder's tables and figures, the versions that made them, metadata for machines
(``sim.capsules.ro_crate``) and a checksum of every file (``...archive``). The same folder
gives the same bytes. docs/howto/share-a-capsule.md describes it for those who get one.

State: the file system.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.capsules.archive import extract_archive, text_inside, write_archive
from sim.capsules.read_me import README, readme
from sim.capsules.ro_crate import CRATE, crate_metadata
from sim.errors import OutputError, SimError
from sim.storage.manifests import parsed, read_manifest
from sim.storage.provenance import MANIFEST, RESULTS, RUN, STUDY, file_sha256

ABOUT, REQUIREMENTS = "capsule.json", "requirements.txt"
FORMAT = "passerby capsule"
FORMAT_VERSION = 1  # raised when an older program could not read it
FIGURES = (".svg", ".png", ".pdf", ".html")
STUDY_ASKED = ("study.json", "design.parquet", "plan.json")
RUN_RESULTS = (
    "answer.json",
    "summary.csv",
    "groups.csv",
    "people.parquet",
    "looks.parquet",
    "scored.parquet",
    "alerts.parquet",
)
RUN_EXTRAS = ("trace.csv",)
PARTS, FAILURES = "units/part-*.parquet", "failed/*.json"


@dataclass(frozen=True, slots=True)
class Packed:
    """A capsule that was written.

    missing     : what an unfinished study lacks, in words; empty: nothing
    left_out    : names in the folder that are none of ours, or were not asked for
    is_replaced : there was a file of that name
    """

    file: Path
    kind: str
    files: int
    file_bytes: int
    missing: str
    left_out: tuple[str, ...]
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Capsule:
    """A capsule that was taken apart, every file as its checksum says.

    folder    : where its files lie
    missing   : what it lacked when it was made, in words; empty: nothing
    is_edited : its results are not those that its manifest names
    """

    file: Path
    folder: Path
    manifest: dict[str, Any]
    missing: str
    is_edited: bool

    @property
    def is_of_study(self) -> bool:
        """Whether a study was packed, not one run."""
        return bool(self.manifest["kind"] == STUDY)


def pack(
    folder: Path,
    out: Path | None = None,
    *,
    with_parts: bool = False,
    unfinished: bool = False,
    license_url: str | None = None,
) -> Packed:
    """Write the capsule of a results folder.

    out         : None: beside the folder, with its name
    with_parts  : the part of every unit too
    unfinished  : pack what is there, with the parts, though the study is not at its end
    license_url : of the results; None: none was chosen
    """
    manifest = read_manifest(folder)
    place = _checked_out(folder, out)
    missing = _missing(folder, manifest)
    if missing and not unfinished:
        raise SimError(
            f"{folder}: {missing}. Give the command that began it again, or pack what is there "
            "with --unfinished"
        )
    if not missing:
        _refuse_edited(folder, manifest)
    chosen = _chosen(folder, manifest, with_parts=with_parts or bool(missing))
    files: dict[str, Path | bytes] = {name: folder / name for name in chosen}
    files[REQUIREMENTS] = _requirements(manifest).encode()
    files[README] = readme(manifest, missing).encode()
    about = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "kind": manifest["kind"],
        "title": manifest["title"],
        "passerby": manifest["passerby"],
        "missing": missing,
    }
    files[ABOUT] = _json(about)
    is_study = manifest["kind"] == STUDY
    results = [RESULTS] if is_study else [*RUN_RESULTS, *RUN_EXTRAS]
    metadata = crate_metadata(
        manifest,
        {name: _size_and_digest(content) for name, content in files.items()},
        asked=[name for name in (STUDY_ASKED if is_study else (MANIFEST,)) if name in files],
        results=[name for name in chosen if name in results or Path(name).suffix in FIGURES],
        missing=missing,
        license_url=license_url,
    )
    files[CRATE] = _json(metadata)
    is_replaced = place.exists()
    write_archive(files, place)
    return Packed(
        file=place,
        kind=manifest["kind"],
        files=len(files) + 1,
        file_bytes=place.stat().st_size,
        missing=missing,
        left_out=_left_out(folder, chosen),
        is_replaced=is_replaced,
    )


@contextmanager
def unpacked(file: Path) -> Iterator[Capsule]:
    """Take a capsule apart into a folder that goes when the ``with`` block ends."""
    _check_format(file)
    with tempfile.TemporaryDirectory(prefix="passerby-capsule-") as name:
        folder = Path(name)
        extract_archive(file, folder)
        manifest = read_manifest(folder, said=file)
        about = parsed(folder / ABOUT, said=file)
        done = manifest.get("finished")
        is_edited = done is not None and (
            not (folder / RESULTS).exists()
            or file_sha256(folder / RESULTS) != done["results_sha256"]
        )
        yield Capsule(
            file=file,
            folder=folder,
            manifest=manifest,
            missing=str(about.get("missing", "")),
            is_edited=is_edited,
        )


def _check_format(file: Path) -> None:
    """Refuse what is no capsule, or one of a later format, before anything is taken out."""
    text = text_inside(file, ABOUT)
    if text is None:
        raise SimError(
            f"{file}: is a zip, but no capsule: it has no {ABOUT}; `passerby capsule` makes one"
        )
    try:
        about = json.loads(text)
        known = about["format"] == FORMAT
        number = int(about["format_version"])
    except (ValueError, KeyError, TypeError):
        raise SimError(f"{file}: its {ABOUT} is damaged; fetch the capsule again") from None
    if not known:
        raise SimError(f"{file}: is no capsule: {ABOUT} calls it {str(about['format'])[:60]!r}")
    if number > FORMAT_VERSION:
        raise SimError(
            f"{file}: is a capsule of format {number}, made by passerby {about.get('passerby')}; "
            f"this program reads formats up to {FORMAT_VERSION}: install a newer passerby"
        )
    if number < 1:
        raise SimError(f"{file}: is a capsule of format {number}, which never was")


def _checked_out(folder: Path, out: Path | None) -> Path:
    whole = folder.absolute()
    place = whole.with_name(f"{whole.name}.zip") if out is None else out
    if place.suffix.lower() != ".zip":
        raise OutputError(f"--out {place}: a capsule is a .zip; name it {place.stem}.zip")
    if place.is_dir():
        raise OutputError(f"--out {place}: is a folder; give the name of a file")
    if not place.parent.is_dir():
        raise OutputError(f"--out {place}: there is no folder {place.parent}; make it first")
    return place


def _missing(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Return what is not there yet, in words; empty: nothing."""
    if manifest["kind"] == RUN:
        wanted: tuple[str, ...] = RUN_RESULTS
    else:
        wanted = STUDY_ASKED
        if manifest["finished"] is None:
            parts = sum(1 for _ in folder.glob(PARTS))
            failed = sum(1 for _ in folder.glob(FAILURES))
            return (
                f"the study is unfinished: of {manifest['units']:,} units {parts:,} have a result "
                f"and {failed:,} have failed; the table of results is not there"
            )
        wanted = (*STUDY_ASKED, RESULTS)
    gone = [name for name in wanted if not (folder / name).is_file()]
    return f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} missing" if gone else ""


def _refuse_edited(folder: Path, manifest: Mapping[str, Any]) -> None:
    done = manifest.get("finished")
    if done is not None and file_sha256(folder / RESULTS) != done["results_sha256"]:
        raise SimError(
            f"{folder}: {RESULTS} is not the table that {MANIFEST} names: it was changed since. "
            "Delete it and give the same sweep command again: it is joined anew from its parts"
        )


def _chosen(folder: Path, manifest: Mapping[str, Any], *, with_parts: bool) -> list[str]:
    """Return the names of the files that go in, as they lie in the folder."""
    if manifest["kind"] == STUDY:
        known = [MANIFEST, *STUDY_ASKED, RESULTS]
        patterns = [FAILURES, *([PARTS] if with_parts else [])]
    else:
        known, patterns = [MANIFEST, *RUN_RESULTS, *RUN_EXTRAS], []
    found = {name for name in known if _is_ours(folder / name)}
    found |= {
        path.name for path in folder.iterdir() if path.suffix.lower() in FIGURES and _is_ours(path)
    }
    for pattern in patterns:
        found |= {
            path.relative_to(folder).as_posix() for path in folder.glob(pattern) if _is_ours(path)
        }
    return sorted(found)


def _is_ours(path: Path) -> bool:
    """Whether a path is a file here: a link may lead to what nobody meant to share."""
    return path.is_file() and not path.is_symlink()


def _left_out(folder: Path, chosen: list[str]) -> tuple[str, ...]:
    """Return what lies in the folder and is not packed; the program's own hidden files aside."""
    within = {name.split("/")[0] for name in chosen}
    return tuple(
        sorted(
            path.name + ("/" if path.is_dir() else "")
            for path in folder.iterdir()
            if path.name not in within
            and not path.name.startswith(".")
            and not (path.is_dir() and not any(path.iterdir()))
        )
    )


def _requirements(manifest: Mapping[str, Any]) -> str:
    lines = [f"# Python {manifest['python']}, passerby {manifest['passerby']}"]
    lines += [f"{name}=={number}" for name, number in manifest["packages"].items()]
    return "\n".join(lines) + "\n"


def _size_and_digest(content: Path | bytes) -> tuple[int, str]:
    if isinstance(content, bytes):
        return len(content), sha256(content).hexdigest()
    return content.stat().st_size, file_sha256(content)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
