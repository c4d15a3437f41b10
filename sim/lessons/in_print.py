"""A handout as a tagged PDF of A4 pages, set as the briefing is.

The words are handed to the typesetter as data, never as part of its program (``handout.typ``).

State: the latest PDFs.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim import __version__
from sim.lessons.handouts import LICENCE, Handout
from sim.printing.brief_page import printable, typesetter


def handouts_pdf(*handouts: Handout) -> bytes:
    """Return handouts as one PDF/UA-1, each from a page of its own."""
    content = {
        "title": " · ".join(handout.title for handout in handouts),
        "version": __version__,
        "licence": LICENCE,
        "handouts": [asdict(handout) for handout in handouts],
    }
    return _set(json.dumps(printable(_plain(content)), sort_keys=True))


@lru_cache(maxsize=16)
def _set(content: str) -> bytes:
    from matplotlib import get_data_path  # noqa: PLC0415 - slow

    source = files("sim.lessons").joinpath("handout.typ").read_bytes()
    pdf = typesetter().compile(
        source,
        sys_inputs={"content": content},
        font_paths=[str(Path(get_data_path()) / "fonts" / "ttf")],
        ignore_system_fonts=True,  # the same page on every machine
        timestamp=0,  # the same words, the same bytes
        format="pdf",
        pdf_standards=["ua-1"],
    )
    return bytes(pdf)


def _plain(value: Any) -> Any:  # dataclasses as JSON
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [_plain(item) for item in value]
        case _:
            return value
