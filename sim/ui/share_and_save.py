"""What a visitor takes along: link, files and a printed page; where the numbers come from.

State: none.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st
import yaml

from sim import __version__
from sim.errors import SimError
from sim.evidence.register import register
from sim.scenario.schema import Scenario
from sim.ui import state
from sim.ui.figures import linked
from sim.ui.levers import Lever
from sim.ui.printing import PRINTER, about_seconds
from sim.words.numbers import plain
from sim.words.outcomes import outcome

SCHEMA_LINE = "# yaml-language-server: $schema=./scenario.schema.json\n"
_LOCAL = (
    " The address is this machine's own. On another machine, start Passerby there and put the "
    "link, from the question mark on, behind the address that it prints."
)
MEASURES = (
    ("stops", "mistaken"),
    ("alerts", "true"),
    ("alerts", "false"),
    ("stops", "correct"),
    ("stops", "arrests"),
    ("burden", "minutes_of_mistaken_stops"),
    ("burden", "officer_hours_on_alerts"),
)


def show_sources(levers: Iterable[Lever]) -> None:
    """Show what each lever does, its range, and what it leans on, with links to the entries."""
    with st.expander("Where do these numbers come from?", key="explore-sources"):
        st.markdown("\n".join(f"- {lever_line(lever)}" for lever in levers))
        st.html(
            '<p class="p-note">Every expected count adds up chances over everybody who walks past. '
            "The pale bands score the option again under 200 draws of what is not known. The "
            'method is under <a href="evidence?page=limits.md">Evidence</a>.</p>'
        )


def lever_line(lever: Lever) -> str:
    """Return a lever's name, range and sources as one line of Markdown."""
    entries = register()
    sources = ", ".join(linked(entries[name]) for name in lever.entries) or lever.source
    return (
        f"**{lever.words.control}**: {lever.range}. "
        f"{f'Source: {sources}' if sources else 'Source: none, a guess'}"
    )


def show_share(option: Scenario, found: dict[str, Any] | None) -> None:
    """Show the link as text to copy, and what can be downloaded.

    found : the answers; None: the street has not been walked, so there is no table yet
    """
    st.html('<p class="p-note">This link holds the whole option. Whoever opens it sees it.</p>')
    try:
        st.code(state.link_address(), language=None, wrap_lines=True)
    except SimError as error:
        st.warning(f"No link: {error}.")
    st.html(
        f'<p class="p-note">Made with Passerby {__version__}. If the model has changed when the '
        "link is opened, the page says so. It names nobody, and nothing is kept here."
        f"{_LOCAL if state.is_local() else ''}</p>"
    )
    st.download_button(
        "Scenario (YAML)",
        scenario_file(option),
        file_name=f"{option.name}_option.yaml",
        mime="application/yaml",
        on_click="ignore",
        width="stretch",
    )
    if found is not None:
        st.download_button(
            "Table (CSV)",
            table_file(found),
            file_name=f"{option.name}_option.csv",
            mime="text/csv",
            on_click="ignore",
            width="stretch",
        )


def show_print(option: Scenario) -> None:
    """Show the button that makes the page for a committee, and the page when it is made."""
    texts = state.texts()
    about = about_seconds(*texts)
    st.html(
        '<p class="p-note">One page of A4 for a committee: the question, your option against the '
        "baseline, four numbers with their ranges, what would change them, limits and sources. "
        f"It is worked out in full, which takes about {plain(about)} seconds, and longer while "
        "others are at work.</p>"
    )
    page = PRINTER.held(*texts)
    if page is None and st.button("Make the page", type="primary", width="stretch"):
        try:
            said = f"Making the page, about {plain(about)} seconds ..."
            if PRINTER.is_busy:
                said = (
                    f"Another page is made first; yours takes {plain(2 * about)} seconds or so ..."
                )
            with st.spinner(said):
                page = PRINTER.page(*texts)
        except SimError as error:
            st.error(f"No page was made: {error} Nothing is lost: your option is as it was.")
    if page is not None:
        st.download_button(
            "Download the page (PDF)",
            page,
            file_name=f"{option.name}_brief.pdf",
            mime="application/pdf",
            on_click="ignore",
            type="primary",
            width="stretch",
        )
    st.html('<p class="p-note">To print what you see here, use your browser\'s own print.</p>')


def scenario_file(option: Scenario) -> str:
    """Return the option as a scenario file that the command line runs."""
    tree = option.model_dump(mode="json", exclude_none=True)
    return SCHEMA_LINE + yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)


def table_file(found: dict[str, Any]) -> str:
    """Return baseline and option as CSV, with both spreads and what they belong to."""
    rows = []
    for side in ("baseline", "option"):
        answer = found[side]
        for block, name in MEASURES:
            count = answer[block][name]
            rows.append(
                (
                    side,
                    outcome(name).heading,
                    count["mean"],
                    count["low"],
                    count["high"],
                    *count["luck"],
                    answer["hash"],
                    answer["seed"],
                    answer["version"],
                )
            )
    columns = ["side", "measure", "estimate", "low", "high", "luck_low", "luck_high"]
    columns += ["scenario_hash", "seed", "version"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False)
