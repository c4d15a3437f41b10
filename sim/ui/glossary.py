"""The glossary as the page shows it: a word's meaning, and links to it from every page.

State: the parsed glossary, read once.
"""

from functools import cache
from html import escape
from urllib.parse import quote

import streamlit as st

from sim.scenario.shipped import shipped_page

GLOSSARY = "glossary.md"
# What each page says in plain words, and the field's word for it as the glossary has it.
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "explore": (
        ("how sure the system must be", "threshold"),
        ("the list", "watchlist"),
        ("what the system says when it sees a likeness", "alert"),
        ("an alert on somebody who is not on the list", "false alert"),
        ("rightly matched", "true alert"),
        ("stopped by mistake", "mistaken stop"),
        ("a face that a camera could use", "face scanned"),
    ),
    "watch": (
        ("where a camera can use a face", "zone"),
        ("what one camera saw of one person", "look"),
        ("the system's message", "alert"),
        ("who reads alerts", "operator"),
        ("a recording of some minutes", "replay"),
    ),
    "density": (
        ("people a square metre", "density"),
        ("seconds of good face", "exposure"),
        ("the part that nobody hides", "clear share"),
        ("how sure the system must be", "threshold"),
        ("stopped by mistake", "mistaken stop"),
    ),
    "frontier": (
        ("what the police choose", "policy"),
        ("policies that none beats on everything", "frontier"),
        ("the most that somebody will accept", "ceiling"),
        ("many questions about one street", "study"),
        ("how sure the system must be", "threshold"),
    ),
    "record": (
        ("one use of the cameras", "deployment"),
        ("rates of deployments by their size", "funnel plot"),
        ("where a result lies", "interval"),
        ("an alert on somebody who is not on the list", "false alert"),
    ),
    "evidence": (
        ("how a number is known", "grade"),
        ("a number that nobody has measured", "assumption"),
        ("chosen to meet a known result", "calibrated"),
    ),
    "teach": (
        ("the list", "watchlist"),
        ("what the system says when it sees a likeness", "alert"),
        ("how sure the system must be", "threshold"),
        ("one comparison of two people that errs", "false match rate"),
    ),
}


@cache
def glossary() -> dict[str, str]:
    """Return every word of the glossary and what it means; the first meaning of each."""
    found: dict[str, str] = {}
    for line in shipped_page(GLOSSARY).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 2 or cells[0] in {"word", "---"}:
            continue
        for word in cells[0].replace("(ISO)", "").split(","):
            found.setdefault(word.strip(), cells[1])
    return found


def word_address(word: str) -> str:
    """Return the address of a word's meaning, on the page Evidence."""
    return f"evidence?page={GLOSSARY}&word={quote(word)}"


def show_words(page: str) -> None:
    """Show, at the foot of a page, the field's words for what it says, each with its meaning."""
    if page not in WORDS:
        return
    parts = [
        f'{escape(said)} (<a href="{escape(word_address(word))}">{escape(word)}</a>)'
        for said, word in WORDS[page]
    ]
    st.html(f'<p class="p-note p-words">Words of the field: {"; ".join(parts)}.</p>')
