"""A zip whose bytes can be reproduced, and one from a stranger taken apart with care.

Written: names sorted, dates fixed, nothing compressed (tables are compressed already, and another
zlib would give other bytes). Beside the files lies their list with a SHA-256 each, in the form
that ``sha256sum --check`` reads.

Read: nothing is believed. Names that lead out of the folder, links, files that are not in the list
or differ from it, and more bytes than fit the bounds are refused before or while they are written.

State: the file system.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sim.errors import OutputError, SimError
from sim.storage.durable import write_durably
from sim.storage.provenance import file_sha256

CHECKSUMS = "checksums.sha256"
MOST_FILES = 50_000
MOST_BYTES = 8 * 1024**3  # of all files together
MOST_TEXT_BYTES = 64 * 1024**2  # of a file read as text
MOST_SWELLING = 200  # bytes out for a byte in: a bomb has thousands, our tables 20 at most
_SMALL_BYTES = 1024**2  # no bomb, however it swells
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_CHUNK = 1024**2
_DIGEST_LENGTH = 64


def write_archive(files: Mapping[str, Path | bytes], out: Path) -> None:
    """Write a zip of files, whole or not at all.

    files : name in the zip -> a file on disk, or the content itself
    """
    listed = {**files, CHECKSUMS: _list_of(files).encode()}
    size = sum(len(f) if isinstance(f, bytes) else f.stat().st_size for f in listed.values())
    if len(listed) > MOST_FILES or size > MOST_BYTES:
        raise OutputError(
            f"--out {out}: {len(listed):,} files of {size / 1024**3:,.1f} GiB; a capsule holds at "
            f"most {MOST_FILES:,} files and {MOST_BYTES / 1024**3:,.0f} GiB"
        )

    def write(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(listed):
                _add(archive, name, listed[name])

    try:
        write_durably(out, write)
    except OSError as error:
        raise OutputError(f"--out {out}: {error.strerror or error}; nothing was kept") from None


def extract_archive(file: Path, folder: Path) -> None:
    """Take a capsule apart into an empty folder; ``SimError`` unless every file is as listed."""
    with _opened(file) as archive:
        names = _checked_names(file, archive)
        wanted = _wanted(file, archive, names)
        for name in sorted(wanted):
            _take_out(file, archive, name, folder / name, wanted[name])


def text_inside(file: Path, name: str) -> str | None:
    """Return a small file of a zip as text, not checked; None: it is not there."""
    with _opened(file) as archive:
        names = _checked_names(file, archive)
        if name not in names:
            return None
        return _text(file, archive, name)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip, and say in words what is wrong with it."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError:
        raise SimError(f"{file}: no such file") from None
    except IsADirectoryError:
        raise SimError(f"{file}: is a folder; a capsule is one .zip file") from None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SimError(
            f"{file}: is no whole zip file ({error}): it was cut short or changed on its way; "
            "fetch it again"
        ) from None
    except (NotImplementedError, RuntimeError) as error:  # another compression; a password
        raise SimError(f"{file}: cannot be read: {error}") from None
    except OSError as error:
        raise SimError(f"{file}: cannot be read or unpacked: {error.strerror or error}") from None


def _list_of(files: Mapping[str, Path | bytes]) -> str:
    """Return the list of files as ``sha256sum`` writes it."""
    lines = []
    for name in sorted(files):
        content = files[name]
        digest = sha256(content).hexdigest() if isinstance(content, bytes) else file_sha256(content)
        lines.append(f"{digest}  {name}\n")
    return "".join(lines)


def _add(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> None:
    info = zipfile.ZipInfo(name, _FIXED_DATE)
    info.create_system = 3  # unix, on whatever this runs
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    if isinstance(content, bytes):
        archive.writestr(info, content)
        return
    info.file_size = content.stat().st_size
    with content.open("rb") as source, archive.open(info, "w") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)


def _checked_names(file: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return what lies in the zip, by name, if nothing in it could do harm."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise SimError(f"{file}: holds {len(entries):,} files; at most {MOST_FILES:,} are read")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in entries:
        if not _is_plain(info):
            raise SimError(
                f"{file}: holds {info.orig_filename!r}, which is a link, a folder or would be "
                "written outside; a capsule holds plain files below it, and is refused as a whole"
            )
        if info.filename in found:
            raise SimError(f"{file}: holds {info.filename!r} twice; which one counts?")
        found[info.filename] = info
    size = sum(info.file_size for info in entries)
    packed = max(file.stat().st_size, 1)
    if size > MOST_BYTES or (size > _SMALL_BYTES and size > MOST_SWELLING * packed):
        raise SimError(
            f"{file}: would swell from {packed:,} to {size:,} bytes; at most {MOST_BYTES:,} bytes "
            f"and {MOST_SWELLING} times its own size are unpacked"
        )
    return found


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file below the folder, on every system."""
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = PurePosixPath(name).parts
    return (
        kind in {0, stat.S_IFREG}
        and info.filename == name  # an extra field may say otherwise
        and bool(parts)
        and name == "/".join(parts)  # no //, no ./, no / at the end
        and not name.startswith("/")
        and ".." not in parts
        and not any(letter in name for letter in '\\:*?"<>|')
        and name.isprintable()
    )


def _wanted(
    file: Path, archive: zipfile.ZipFile, names: Mapping[str, zipfile.ZipInfo]
) -> dict[str, str]:
    """Return the listed digest of every file."""
    if CHECKSUMS not in names:
        raise SimError(
            f"{file}: is a zip, but no capsule: it has no {CHECKSUMS}; `passerby capsule` makes one"
        )
    listed = {}
    for line in _text(file, archive, CHECKSUMS).splitlines():
        digest, _, name = line.partition("  ")
        if len(digest) != _DIGEST_LENGTH or not name:
            raise SimError(f"{file}: {CHECKSUMS} has the line {line[:80]!r}, which is no checksum")
        listed[name] = digest
    inside = set(names) - {CHECKSUMS}
    for words, odd in (
        ("not in the zip, though listed", sorted(set(listed) - inside)),
        ("not listed, though in the zip", sorted(inside - set(listed))),
    ):
        if odd:
            raise SimError(
                f"{file}: {', '.join(odd[:3])}: {words}; it was changed: do not trust it"
            )
    return listed


def _text(file: Path, archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as source:
        content = source.read(MOST_TEXT_BYTES + 1)
    if len(content) > MOST_TEXT_BYTES:
        raise SimError(f"{file}: its {name} is larger than {MOST_TEXT_BYTES:,} bytes")
    return content.decode("utf-8", errors="replace")


def _take_out(file: Path, archive: zipfile.ZipFile, name: str, target: Path, digest: str) -> None:
    """Write one file and check it; ``zipfile`` reads no more of it than its entry says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    seen = sha256()
    with archive.open(name) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            seen.update(chunk)
            sink.write(chunk)
    if seen.hexdigest() != digest:
        raise SimError(
            f"{file}: {name} is not what {CHECKSUMS} says: it was changed after the capsule was "
            "made; do not trust it, fetch the capsule again"
        )
