"""Evidence: every number behind the model, who says so, who disputes it; method and limits.

State: what is shown is in the address: ``?entry=NAME`` or ``?page=NAME.md``, with ``&word=WORD``.
"""

from html import escape

import pandas as pd
import streamlit as st

from sim import __version__
from sim.charts.page_evidence import entry_plot
from sim.evidence.alternatives import Alternative, alternatives_of
from sim.evidence.register import Entry, register
from sim.ui.figures import show_plot
from sim.ui.glossary import GLOSSARY, glossary
from sim.ui.method import METHOD_PAGES, page_address, page_text

ENTRY, PAGE, WORD = "entry", "page", "word"
NUMBERS, METHOD, WORDS = "The numbers", "Method and limits", "Words"
UNITS = {"1": "", "1/1000": " in 1,000", "1/m2": " a square metre", "1/year": " a year"}
GRADES = {
    "measured": "measured: somebody counted or tested it, and says how",
    "published aggregate": "published: a total or an average that somebody has made public",
    "vendor claim": "a claim of the maker",
    "campaign count": "a count by a campaign",
    "calibrated": "fitted here to published figures (see Calibration)",
    "assumption": "a guess: nobody has published it",
}


def view() -> None:
    """Show the page."""
    st.html('<p class="p-headline">Every number here has a source, or is called a guess.</p>')
    asked = st.query_params.get(PAGE, "")
    first = WORDS if asked == GLOSSARY else METHOD if asked in METHOD_PAGES else NUMBERS
    numbers, method, glossary = st.tabs([NUMBERS, METHOD, WORDS], default=first)
    with numbers:
        _show_numbers()
    with method:
        _show_method(asked)
    with glossary:
        _show_words()


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
    if ENTRY in st.query_params or chosen != names[0]:
        st.query_params[ENTRY] = chosen
    _show_entry(entries[chosen])
    with st.expander(f"{len(found)} of {len(entries)} numbers, as a list"):
        st.html(_list_of(found))


def _matches(entry: Entry, wanted: str) -> bool:
    text = f"{entry.name} {entry.source} {entry.where} {entry.disputed_by}".lower()
    return all(word in text for word in wanted.lower().split())


def _list_of(found: list[Entry]) -> str:
    """Return the entries as a table that a keyboard and a screen reader can go through."""
    rows = "".join(
        f'<tr><th scope="row"><a href="evidence?entry={escape(entry.name)}" target="_self">'
        f"{escape(entry.name)}</a></th><td>{entry.value:g}</td>"
        f"<td>{entry.low:g} to {entry.high:g}{_unit(entry)}</td>"
        f"<td>{escape(_kind(entry))}</td></tr>"
        for entry in found
    )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Name", "Value", "Range", "Kind of evidence")
    )
    return (
        f'<div class="p-scroll" tabindex="0" role="region" aria-label="List of numbers">'
        f'<table class="p-list"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _unit(entry: Entry) -> str:
    return UNITS.get(entry.unit, f" {escape(entry.unit)}")


def _kind(entry: Entry) -> str:
    return "a guess" if entry.grade == "assumption" else entry.grade


def _show_entry(entry: Entry) -> None:
    tag = '<span class="p-tag">a guess</span>' if entry.grade == "assumption" else ""
    facts = {
        "Value": f"{entry.value:g}{_unit(entry)}, between {entry.low:g} and {entry.high:g}",
        "Kind of evidence": GRADES.get(entry.grade, entry.grade),
        "Who says so": entry.source + (f" ({entry.year})" if entry.year else ""),
        "Where, or what exactly": entry.where,
        "Who disputes it": entry.disputed_by or "nobody that we know of",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    st.html(f'<p class="p-sentence">{escape(entry.name)} {tag}</p><dl class="p-facts">{rows}</dl>')
    pages = _pages_with(entry.name)
    if pages:
        links = ", ".join(f"[{METHOD_PAGES[name]}]({page_address(name)})" for name in pages)
        st.markdown(f"Used in: {links}.")
    others = alternatives_of(entry.name)
    if entry.low < entry.high:
        _show_range(entry, others)
    if others:
        _show_others(others)


@st.cache_data(show_spinner=False)
def _pages_with(name: str) -> list[str]:
    """Return the method pages that name an entry, or its family."""
    family = name.partition(".")[0]
    texts = {page: page_text(page) for page in METHOD_PAGES if page != "parameters.md"}
    whole = [page for page, text in texts.items() if name in text]
    return whole or [page for page, text in texts.items() if f"`{family}." in text]


def _show_range(entry: Entry, others: tuple[Alternative, ...]) -> None:
    plot = entry_plot(
        entry.name,
        "" if entry.unit == "1" else entry.unit,
        value=entry.value,
        ends=(entry.low, entry.high),
        others=[
            (one.who, one.entry_value)
            for one in others
            if one.entry_value is not None and not one.used
        ],
    )
    origin = {"scenario": None, "hash": None, "passerby": __version__, "failures": 0}
    show_plot(plot, key=entry.name.replace(".", "-"), provenance=origin, entries=[entry.name])


def _show_others(others: tuple[Alternative, ...]) -> None:
    st.html('<p class="p-note">Published accounts differ; each is kept:</p>')
    st.table(
        pd.DataFrame(
            {
                "account": [one.reading for one in others],
                "who": [one.who for one in others],
                "the number would be": [
                    "no number" if one.entry_value is None else f"{one.entry_value:g}"
                    for one in others
                ],
                "used here": ["yes" if one.used else "no" for one in others],
            }
        ).set_index("account")
    )


def _show_method(asked: str) -> None:
    names = list(METHOD_PAGES)
    chosen = st.selectbox(
        "Page",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=METHOD_PAGES.__getitem__,
        key=f"page-{asked}",
    )
    st.markdown(page_text(chosen))


def _show_words() -> None:
    asked = st.query_params.get(WORD, "")
    wanted = st.text_input(
        "Find a word", asked, placeholder="watchlist, alert, density ...", key=f"word-{asked}"
    ).lower()
    known = sorted(glossary().items(), key=lambda item: item[0].lower())
    found = [item for item in known if wanted in item[0].lower()]
    found = found or [item for item in known if wanted in item[1].lower()]
    if not found:
        st.info("No word fits that. Try a shorter one.")
        return
    st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in found))
