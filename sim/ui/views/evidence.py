"""Evidence: every number behind the model, who says so, who disputes it; method and limits.

State: what is shown is in the address, ``?entry=NAME`` or ``?page=PAGE`` with perhaps ``&word=``.
"""

from html import escape

import pandas as pd
import streamlit as st

from sim import __version__
from sim.charts.amounts import Amount, entry_plot
from sim.evidence.alternatives import Alternative, alternatives_of
from sim.evidence.questions import question_about
from sim.evidence.register import Entry, register
from sim.ui import state
from sim.ui.explore_tabs import lists_of
from sim.ui.figures import html_table, show_plot
from sim.ui.glossary import GLOSSARY, glossary
from sim.ui.levers import levers_of
from sim.ui.method_pages import METHOD_PAGES, page_text, with_pages

ENTRY, PAGE, WORD = "entry", "page", "word"
NUMBERS, METHOD = "The numbers", "Method and limits"
GRADE_WORDS = {
    "measured": "somebody measured it",
    "published aggregate": "worked out from published totals",
    "vendor claim": "the seller says so",
    "campaign count": "a campaign counted it",
    "assumption": "a guess",
    "calibrated": "chosen so that the model meets a known result",
}


def view() -> None:
    """Show the page."""
    entries = register()
    guesses = sum(entry.grade == "assumption" for entry in entries.values())
    st.html(
        f'<h1 class="p-headline">Every number here has a source, or is called a guess: of '
        f"{len(entries)} numbers, {guesses} are guesses.</h1>"
    )
    is_method = PAGE in st.query_params and ENTRY not in st.query_params
    numbers, method = st.tabs(
        [NUMBERS, METHOD],
        default=METHOD if is_method else NUMBERS,
        key="evidence-tabs",
        on_change="rerun",
    )
    if numbers.open:
        with numbers:
            _show_numbers()
    if method.open:
        with method:
            _show_method()


def _show_numbers() -> None:
    entries = register()
    left, right = st.columns([2, 1])
    wanted = left.text_input(
        "Find a number", placeholder="threshold, lost, camera ...", key="evidence-find"
    )
    grade = right.selectbox(
        "How it is known",
        ["any", *GRADE_WORDS],
        format_func=lambda one: (
            f"{one}: {GRADE_WORDS[one]}" if one in GRADE_WORDS else "in any way"
        ),
        key="evidence-grade",
    )
    found = [
        entry
        for entry in entries.values()
        if grade in {"any", entry.grade} and _matches(entry, wanted)
    ]
    asked = st.query_params.get(ENTRY, "")
    names = [entry.name for entry in found]
    if asked and asked not in entries:
        st.warning(f"There is no number '{asked[:80]}' here: the list below has all there are.")
    if asked in entries and asked not in names and not wanted:
        names.insert(0, asked)
    if not names:
        st.info("No number fits that. Try a shorter word, or another kind of evidence.")
        return
    chosen = st.selectbox(
        "Show", names, index=names.index(asked) if asked in names else 0, key=f"entry-{asked}"
    )
    _write_address({ENTRY: chosen})
    show_entry(entries[chosen])
    with st.expander(
        f"All {len(found)} numbers that fit", key="evidence-all", on_change="rerun"
    ) as all_:
        pass
    if all_.open:
        with all_:
            st.html(_list(found))


def _matches(entry: Entry, wanted: str) -> bool:
    text = f"{entry.name} {entry.source} {entry.where} {entry.disputed_by}".lower()
    return all(word in text for word in wanted.lower().split())


def _list(found: list[Entry]) -> str:
    """Return the numbers as a table that keyboards, readers and phones can use."""
    rows = "".join(
        f'<tr><th scope="row"><a href="evidence?entry={escape(entry.name)}">'
        f"{escape(entry.name)}</a></th>"
        f'<td data-label="Value">{_valued(entry, entry.value)}</td>'
        f'<td data-label="Range">{entry.low:g} to {entry.high:g}</td>'
        f'<td data-label="How it is known">{escape(GRADE_WORDS[entry.grade])}</td>'
        f'<td data-label="Source">{escape(entry.source)}</td></tr>'
        for entry in found
    )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Name", "Value", "Range", "How it is known", "Source")
    )
    return (
        f'<table class="p-cards p-register"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _valued(entry: Entry, value: float) -> str:
    return f"{value:g}{'' if entry.unit == '1' else f' {escape(entry.unit)}'}"


def show_entry(entry: Entry) -> None:
    """Show one number: how it is known, who says so, who disputes it, what leans on it."""
    unit = "" if entry.unit == "1" else f" {entry.unit}"
    tag = ' <span class="p-tag">assumption</span>' if entry.grade == "assumption" else ""
    facts = {
        "Value": f"{entry.value:g}{unit}, between {entry.low:g} and {entry.high:g}",
        "How it is known": f"{entry.grade}: {GRADE_WORDS[entry.grade]}",
        "Who says so": entry.source + (f" ({entry.year})" if entry.year else ""),
        "Where, or what exactly": entry.where or "nothing more is said",
        "Who disputes it": entry.disputed_by or "nobody that we know of",
        "What leans on it": leaning(entry.name),
    }
    question = question_about(entry.name)
    if question is not None:
        facts["What would settle it"] = f"{question.question} (to {question.to})"
    rows = "".join(f"<dt>{name}</dt><dd>{with_pages(text)}</dd>" for name, text in facts.items())
    st.html(f'<p class="p-sentence">{escape(entry.name)}{tag}</p><dl class="p-facts">{rows}</dl>')
    others = alternatives_of(entry.name)
    show_plot(
        entry_plot(
            _amounts(entry, others),
            across=f"{entry.name}{unit and f' ({entry.unit})'}",
            title="The value used here, its range"
            + (", and what others say" if len(_amounts(entry, others)) > 1 else ""),
        ),
        key=f"evidence-{entry.name}",
        provenance={"study": f"evidence register, {entry.name}", "passerby": __version__},
        entries=(entry.name,),
    )
    if others:
        st.html(
            '<p class="p-note">Published accounts differ. Each is kept, and a scenario can use any '
            "of them:</p>"
        )
        st.html(html_table(_accounts(others)))


def _amounts(entry: Entry, others: tuple[Alternative, ...]) -> list[Amount]:
    """Return the number with its range, and what it would be for whoever disputes it."""
    said = f"{entry.value:g} ({entry.low:g} to {entry.high:g})"
    own = Amount("used here", said, entry.value, entry.low, entry.high)
    return [
        own,
        *(
            Amount(
                one.reading,
                f"{one.entry_value:g}",
                one.entry_value,
                one.entry_value,
                one.entry_value,
            )
            for one in others
            if one.entry_value is not None and not one.used
        ),
    ]


def _accounts(others: tuple[Alternative, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account": [one.reading for one in others],
            "who": [one.who + (f" ({one.year})" if one.year else "") for one in others],
            "their figure": [
                "" if one.value is None else f"{one.value:g} {'' if one.unit == '1' else one.unit}"
                for one in others
            ],
            "the number would be": [
                "" if one.entry_value is None else f"{one.entry_value:g}" for one in others
            ],
            "what would move": [one.changes for one in others],
            "used here": ["yes" if one.used else "no" for one in others],
        }
    ).set_index("account")


def leaning(name: str) -> str:
    """Return which levers of the first page lean on an entry, in words."""
    base = state.base()
    found = [
        lever.words.control for lever in levers_of(base, lists_of(base)) if name in lever.entries
    ]
    if found:
        return f"on Explore: {'; '.join(found)}"
    return "no single lever; it is part of what every result rests on"


def _show_method() -> None:
    asked = st.query_params.get(PAGE, "limits.md")
    names = list(METHOD_PAGES)
    if asked not in names:
        st.warning(f"There is no page '{asked[:80]}' here: choose one below.")
    chosen = st.selectbox(
        "Page",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=METHOD_PAGES.__getitem__,
        key=f"evidence-page-{asked}",
    )
    word = st.query_params.get(WORD, "") if chosen == asked else ""
    _write_address({PAGE: chosen} | ({WORD: word} if word else {}))
    if chosen == GLOSSARY and word in glossary():
        st.html(
            f'<p class="p-sentence"><strong>{escape(word)}</strong>: {escape(glossary()[word])}</p>'
        )
    st.markdown(page_text(chosen))


def _write_address(shown: dict[str, str]) -> None:
    """Make the address name what is shown, and nothing else of this page."""
    for name in (ENTRY, PAGE, WORD):
        if name in shown:
            st.query_params[name] = shown[name]
        else:
            st.query_params.pop(name, None)
