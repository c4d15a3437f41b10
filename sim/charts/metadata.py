"""What a figure's file carries about where its numbers come from: put in, and read back.

The same JSON object in each format: an SVG has it in a ``metadata`` element, a PNG in a text
chunk, a PDF among the keywords of its information, an HTML page in a ``meta`` tag. Pixels and
lines are the same with it and without.

State: the file system, read only.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

from sim.errors import SimError

NAME = "passerby-provenance"
PNG_KEYWORD = "Passerby provenance"
PDF_KEY = "Keywords"

_PNG_START = b"\x89PNG\r\n\x1a\n"
_IN_SVG = re.compile(rf'<metadata id="{NAME}">(.*?)</metadata>', re.DOTALL)
_IN_HTML = re.compile(rf'<meta name="{NAME}" content="(.*?)">', re.DOTALL)
_IN_PDF = re.compile(rb"/Keywords\s*\(((?:[^()\\]|\\.)*)\)", re.DOTALL)


def as_text(provenance: Mapping[str, Any]) -> str:
    """Return the JSON that a file carries: plain ASCII, so that every format can hold it."""
    return json.dumps(dict(provenance), allow_nan=False)


def svg_element(provenance: Mapping[str, Any]) -> str:
    """Return the element for an SVG."""
    return f'<metadata id="{NAME}">{escape(as_text(provenance), quote=False)}</metadata>'


def html_tag(provenance: Mapping[str, Any]) -> str:
    """Return the tag for the head of a page."""
    return f'<meta name="{NAME}" content="{escape(as_text(provenance))}">'


def provenance_of_figure(path: Path | str) -> dict[str, Any]:
    """Return the provenance that a figure carries; ``SimError`` if it carries none."""
    file = Path(path)
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise SimError(f"{file}: no such file") from None
    except OSError as error:
        raise SimError(f"{file}: cannot be read: {error.strerror}") from None
    said = _said(content)
    if said is None:
        raise SimError(
            f"{file}: carries no provenance; it is no figure of this program (.svg, .png, .pdf or "
            ".html), or was written before figures carried one, or was changed by another program"
        )
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SimError(f"{file}: its provenance is damaged: {said[:60]!r} is no JSON object")
    return found


def _said(content: bytes) -> str | None:
    """Return the JSON as text, whatever the format."""
    if content.startswith(_PNG_START):
        return next(
            (
                text.decode("latin-1")
                for keyword, text in _png_texts(content)
                if keyword == PNG_KEYWORD.encode()
            ),
            None,
        )
    if content.startswith(b"%PDF"):
        strings = _IN_PDF.search(content)
        return None if strings is None else re.sub(rb"\\(.)", rb"\1", strings[1]).decode("latin-1")
    text = content.decode("utf-8", errors="replace")
    inside = _IN_SVG.search(text) or _IN_HTML.search(text)
    return None if inside is None else unescape(inside[1])


def _png_texts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keyword and text of each text chunk; a torn file just ends."""
    place = len(_PNG_START)
    while place + 8 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        if content[place + 4 : place + 8] == b"tEXt":
            keyword, _, text = content[place + 8 : place + 8 + length].partition(b"\0")
            yield keyword, text
        place += 12 + length
