"""Evidence: every number behind the model, who says so, who disputes it; method and limits.

State: the entry shown is in the address, ``?entry=NAME``.
"""

import re
from html import escape

import pandas as pd
import streamlit as st

from sim.evidence.alternatives import alternatives_of
from sim.evidence.register import Entry, register
from sim.scenario.shipped import shipped_pages

ENTRY, PAGE = "entry", "page"
METHOD_PAGES = {
    "limits.md": "What this model cannot tell you",
    "odd.md": "How the model works, in the form of the ODD protocol",
    "matching.md": "Matching: error rates and lists",
    "looks.md": "Looks: what a camera sees of a crowd",
    "walk.md": "The walk",
    "response.md": "From alerts to outcomes",
    "results.md": "What is counted",
    "calibration.md": "Calibration",
    "record.md": "Against real deployments",
    "rare-events.md": "Rare events",
    "validation.md": "Validation",
    "trace.md": "How far to trust it, in the form of TRACE",
}
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


def view() -> None:
    """Show the page."""
    st.html('<p class="p-headline">Every number here has a source, or is called a guess.</p>')
    numbers, method = st.tabs(["The numbers", "Method and limits"])
    with numbers:
        _show_numbers()
    with method:
        _show_method()


def _show_numbers() -> None:
    entries = register()
    grades = sorted({entry.grade for entry in entries.values()})
    left, right = st.columns([2, 1])
    wanted = left.text_input("Find a number", placeholder="threshold, lost, camera ...")
    grade = right.selectbox("Kind of evidence", ["any", *grades])
    found = [
        entry
        for entry in entries.values()
        if grade in {"any", entry.grade} and _matches(entry, wanted)
    ]
    asked = st.query_params.get(ENTRY, "")
    names = [entry.name for entry in found]
    if asked in entries and asked not in names and not wanted:
        names.insert(0, asked)
    if not names:
        st.info("No number fits that. Try a shorter word, or another kind of evidence.")
        return
    chosen = st.selectbox(
        "Show", names, index=names.index(asked) if asked in names else 0, key=f"entry-{asked}"
    )
    st.query_params[ENTRY] = chosen
    _show_entry(entries[chosen])
    st.html(f'<p class="p-note">{len(found)} of {len(entries)} numbers.</p>')
    st.dataframe(_table(found), hide_index=True, width="stretch")


def _matches(entry: Entry, wanted: str) -> bool:
    text = f"{entry.name} {entry.source} {entry.where} {entry.disputed_by}".lower()
    return all(word in text for word in wanted.lower().split())


def _table(found: list[Entry]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [entry.name for entry in found],
            "value": [f"{entry.value:g}" for entry in found],
            "range": [f"{entry.low:g} to {entry.high:g}" for entry in found],
            "unit": ["" if entry.unit == "1" else entry.unit for entry in found],
            "kind of evidence": [entry.grade for entry in found],
            "source": [entry.source for entry in found],
        }
    )


def _show_entry(entry: Entry) -> None:
    unit = "" if entry.unit == "1" else f" {entry.unit}"
    facts = {
        "Value": f"{entry.value:g}{unit}, between {entry.low:g} and {entry.high:g}",
        "Kind of evidence": entry.grade,
        "Who says so": entry.source + (f" ({entry.year})" if entry.year else ""),
        "Where, or what exactly": entry.where,
        "Who disputes it": entry.disputed_by or "nobody that we know of",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    st.html(f'<p class="p-sentence">{escape(entry.name)}</p><dl class="p-facts">{rows}</dl>')
    others = alternatives_of(entry.name)
    if others:
        st.html('<p class="p-note">Published accounts differ; each is kept:</p>')
        st.table(
            pd.DataFrame(
                {
                    "account": [one.reading for one in others],
                    "who": [one.who for one in others],
                    "the number would be": [
                        "" if one.entry_value is None else f"{one.entry_value:g}" for one in others
                    ],
                    "used here": ["yes" if one.used else "no" for one in others],
                }
            ).set_index("account")
        )


def _show_method() -> None:
    asked = st.query_params.get(PAGE, "limits.md")
    names = list(METHOD_PAGES)
    chosen = st.selectbox(
        "Page",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=METHOD_PAGES.__getitem__,
    )
    st.markdown(page_text(chosen))


def page_text(name: str) -> str:
    """Return a method page as text: links to files that are not on this page lead nowhere."""
    text = (shipped_pages() / name).read_text(encoding="utf-8")
    return _LINK.sub(r"\1", _PICTURE.sub(r"*(picture: \1)*", text))
