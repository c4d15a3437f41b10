"""The player of recorded minutes: a component of the page, drawn by the browser.

Its script and style are text files beside this one. The bytes it gets are those of
``sim.playback.browser_bytes``; nothing comes back from it.

State: the component's registration, once a process.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import streamlit as st

SCRIPTS = ("unpack.js", "draw.js", "parts.js", "replay.js")  # one module when joined in this order
NAME = "passerby_replay"
_HTML = '<div class="replay" tabindex="-1"><p>Unpacking the minutes ...</p></div>'


def show_replay(content: bytes, *, key: str) -> None:
    """Show packed minutes; the same bytes under the same key keep their place."""
    _component()(data=content, key=key)


def text_of(name: str) -> str:
    """Return one of the text files beside this module."""
    return files(__name__).joinpath(name).read_text("utf-8")


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(
        NAME, html=_HTML, css=text_of("replay.css"), js="\n".join(map(text_of, SCRIPTS))
    )
