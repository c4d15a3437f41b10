"""Evidence: every number behind the model, who says so, who disputes it; method and limits.

State: what is shown is in the address, ``?entry=NAME`` or ``?page=PAGE`` with perhaps ``&word=``.
"""

import re
from html import escape

import pandas as pd
import streamlit as st

from sim import __version__
from sim.charts.page_explore import Amount, entry_plot
from sim.evidence.alternatives import Alternative, alternatives_of
from sim.evidence.questions import question_about
from sim.evidence.register import Entry, register
from sim.scenario.shipped import shipped_page
from sim.ui import state
from sim.ui.figures import html_table, show_plot
from sim.ui.glossary import GLOSSARY, glossary
from sim.ui.levers import levers_of
from sim.ui.parts import lists_of

ENTRY, PAGE, WORD = "entry", "page", "word"
NUMBERS, METHOD = "The numbers", "Method and limits"
METHOD_PAGES = {
    "limits.md": "What this model cannot tell you",
    GLOSSARY: "Glossary: what the words mean",
    "odd.md": "How the model works, in the form of the ODD protocol",
    "walk.md": "The walk",
    "anticipation.md": "The walk: people who see where they will meet",
    "arrivals.md": "Who comes, and when",
    "places.md": "The places that ship",
    "looks.md": "Looks: what a camera sees of a crowd",
    "matching.md": "Matching: error rates and lists",
    "anchors.md": "Matching: what is fitted, and to what",
    "response.md": "From alerts to outcomes",
    "results.md": "What is counted",
    "density.md": "Density: what a crowd does",
    "rare-events.md": "Rare events: what so few can show",
    "exposure.md": "One person's year",
    "studies.md": "Studies: many policies on one walk",
    "frontier.md": "Frontier: which policy, and where it fails",
    "sensitivity.md": "Sensitivity: what moves an outcome",
    "calibration.md": "Calibration",
    "record.md": "Predicting real deployments",
    "validation.md": "Against the record",
    "trace.md": "How far to trust it, in the form of TRACE",
    "evidence.md": "How numbers are kept, and where accounts disagree",
    "parameters.md": "All parameters and all disputed figures",
}
GRADE_WORDS = {
    "measured": "somebody measured it",
    "published aggregate": "worked out from published totals",
    "vendor claim": "the seller says so",
    "campaign count": "a campaign counted it",
    "assumption": "a guess",
    "calibrated": "chosen so that the model meets a known result",
}
_PAGE_LINK = re.compile(r"\]\((?:\.\./model/|\.\./)?([a-z-]+\.md)(?:#[^)]*)?\)")
_PAGE_CODE = re.compile(r"(?<![\[\w])`(?:docs/model/|docs/)?([a-z-]+\.md)`(?!\])")
_PAGE_NAME = re.compile(r"(?<![\w/])(?:docs/model/|docs/)([a-z-]+\.md)")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|evidence\?)[^)]*\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


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


def with_pages(text: str) -> str:
    """Return a text as HTML, method pages that it names as links."""
    return _PAGE_NAME.sub(
        lambda found: (
            f'<a href="evidence?page={found[1]}">{escape(METHOD_PAGES[found[1]])}</a>'
            if found[1] in METHOD_PAGES
            else found[0]
        ),
        escape(text),
    )


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
    found = [lever.label for lever in levers_of(base, lists_of(base)) if name in lever.entries]
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


def page_text(name: str) -> str:
    """Return a method page as text.

    Links to other method pages stay inside the page; those to files that are not here lead nowhere.
    """
    text = shipped_page(name).read_text(encoding="utf-8")
    text = _PICTURE.sub(r"*(picture: \1)*", text)
    text = _PAGE_LINK.sub(_inside, text)
    text = _PAGE_CODE.sub(_named, text)
    return _LINK.sub(r"\1", text)


def _inside(found: re.Match[str]) -> str:
    return f"](evidence?page={found[1]})" if found[1] in METHOD_PAGES else found[0]


def _named(found: re.Match[str]) -> str:
    page = found[1]
    return f"[{METHOD_PAGES[page]}](evidence?page={page})" if page in METHOD_PAGES else found[0]
