"""What a visitor takes along: link, scenario file and table; and where the numbers come from.

State: none.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st
import yaml

from sim.evidence.register import register
from sim.scenario.schema import Scenario
from sim.ui.figures import linked
from sim.ui.levers import Lever

SCHEMA_LINE = "# yaml-language-server: $schema=./scenario.schema.json\n"
MEASURES = (
    ("stopped by mistake", "stops", "mistaken"),
    ("rightly matched", "alerts", "true"),
    ("false alerts", "alerts", "false"),
    ("stopped, on the list", "stops", "correct"),
    ("arrests", "stops", "arrests"),
    ("minutes of mistaken stops", "burden", "minutes_of_mistaken_stops"),
    ("officer hours on alerts", "burden", "officer_hours_on_alerts"),
)


def show_sources(levers: Iterable[Lever]) -> None:
    """Show which entries of the register the levers lean on, each with a link to its page."""
    with st.expander("Where do these numbers come from?"):
        entries = register()
        rows = [
            f"- **{lever.label}**: "
            + ", ".join(linked(entries[name]) for name in _full_names(lever, entries))
            for lever in levers
            if _full_names(lever, entries)
        ]
        st.markdown("\n".join(rows))
        st.html(
            '<p class="p-note">Every expected count adds up chances over everybody who walks past; '
            "the pale bands score the option again under 200 draws of what is not known. The "
            "method pages are under Evidence.</p>"
        )


def _full_names(lever: Lever, entries: Any) -> list[str]:
    """Return the register's names behind a lever; a preset's entry stands for its family."""
    found = []
    for name in lever.rests_on:
        family, _, rest = name.partition(".")
        own = [name] if name in entries else [e for e in entries if e.startswith(f"{family}.")]
        found += own if name in entries else [e for e in own if e.endswith(f".{rest}")]
    return found


def show_keeping(option: Scenario, found: dict[str, Any]) -> None:
    """Show the link, and what can be downloaded."""
    with st.expander("Share and keep"):
        st.html(
            '<p class="p-note">The address of this page holds the whole option: copy it from your '
            "browser. Or keep the files:</p>"
        )
        left, right = st.columns(2)
        left.download_button(
            "Scenario (YAML)",
            scenario_file(option),
            file_name=f"{option.name}_option.yaml",
            mime="application/yaml",
            on_click="ignore",
            width="stretch",
        )
        right.download_button(
            "Table (CSV)",
            table_file(found),
            file_name=f"{option.name}_option.csv",
            mime="text/csv",
            on_click="ignore",
            width="stretch",
        )


def scenario_file(option: Scenario) -> str:
    """Return the option as a scenario file that the command line runs."""
    tree = option.model_dump(mode="json", exclude_none=True)
    return SCHEMA_LINE + yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)


def table_file(found: dict[str, Any]) -> str:
    """Return baseline and option as CSV, with both spreads and what they belong to."""
    rows = []
    for side in ("baseline", "option"):
        answer = found[side]
        for label, block, name in MEASURES:
            count = answer[block][name]
            rows.append(
                (
                    side,
                    label,
                    count["mean"],
                    *count["luck"],
                    *count["unknown"],
                    answer["hash"],
                    answer["seed"],
                    answer["version"],
                )
            )
    columns = ["side", "measure", "expected", "luck_low", "luck_high"]
    columns += ["unknown_low", "unknown_high", "scenario_hash", "seed", "version"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False)
