"""The printed page as a file: content in, one tagged page of A4 out.

The content is handed to the typesetter as data, never as part of its program (``brief.typ``), so
that a title such as ``#evil [x]`` comes out as it is written. The page is tagged (PDF/UA-1) for
readers who hear it; the same content gives the same bytes.

State: none but the letters of a font, read once a process.
"""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.errors import OutputError, SimError
from sim.storage.output_files import checked_file

Content = dict[str, Any]

_MISSING_SIGN = "\N{WHITE SQUARE}"  # stands for a letter that the page's fonts lack


def checked_page(path: Path) -> Path:
    """Return the path of a page that can be written; say so before the work if it cannot."""
    return checked_file(
        path, suffixes=("pdf",), wanted="the page is a PDF; give a name that ends in .pdf"
    )


def write_brief(content: Content, path: Path) -> None:
    """Write the page of a content."""
    pdf = brief_pdf(content)
    try:
        checked_page(path).write_bytes(pdf)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def typesetter() -> Any:  # the module has no types worth naming
    """Return the typesetter; ``SimError`` where it is not installed."""
    try:
        import typst  # noqa: PLC0415 - only this page needs it
    except ImportError:
        raise SimError(
            "the page is set by typst, which is not installed: install the Python package 'typst'"
        ) from None
    return typst


def brief_pdf(content: Content) -> bytes:
    """Return the page as PDF, one page of A4."""
    return bytes(_set(content, format="pdf", pdf_standards=["ua-1"]))


def printable(value: Any) -> Any:  # JSON is untyped
    """Return a content with a white square for every letter that the page's fonts lack.

    PDF/UA allows no letter without a picture; a name in another script would stop the page.
    """
    match value:
        case dict():
            return {key: item if key == "svg" else printable(item) for key, item in value.items()}
        case list():
            return [printable(item) for item in value]
        case str():
            known = _letters()
            return "".join(sign if ord(sign) in known else _MISSING_SIGN for sign in value)
        case _:
            return value


def _set(content: Content, **options: Any) -> Any:  # as the typesetter has them
    source = files("sim.printing").joinpath("brief.typ").read_bytes()
    seconds = int(datetime.fromisoformat(f"{content['date']}T00:00:00+00:00").timestamp())
    return typesetter().compile(
        source,
        sys_inputs={"content": json.dumps(printable(content))},
        font_paths=[str(_font().parent)],
        ignore_system_fonts=True,  # the same page on every machine
        timestamp=seconds,
        **options,
    )


@cache
def _letters() -> frozenset[int]:
    """Return the letters that the page can print: those of the sans font, which backs the other."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - slow

    return frozenset(
        code for code in FT2Font(str(_font())).get_charmap() if chr(code).isprintable()
    )


@cache
def _font() -> Path:
    """Return the file of the sans font, which comes with the drawing library."""
    from matplotlib import get_data_path  # noqa: PLC0415 - slow

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
