"""A chart on a page, with all that has to stand under it: words, table, sources, files.

State: none.
"""

from collections.abc import Iterable, Mapping
from html import escape
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from sim.charts.on_page import CONFIG, page_figure
from sim.charts.plot import Plot, table
from sim.evidence.register import Entry, register

FILES = {"SVG": "image/svg+xml", "PNG": "image/png"}


def show_plot(
    plot: Plot,
    *,
    key: str,
    provenance: Mapping[str, Any],
    entries: Iterable[str] = (),
    source: str = "",
    is_clickable: bool = False,
) -> tuple[int, int] | None:
    """Show a chart; return which mark and which of its points were clicked, if any.

    key        : unlike any other chart's on the page; also the name of its files
    provenance : what its files carry, keys as in ``FIGURE_KEYS``
    entries    : names in the register of what its numbers rest on
    source     : where they come from in words, as Markdown, where no entry holds them
    """
    st.html(f'<p class="p-sentence">{plot.title}</p>')
    chosen = st.plotly_chart(
        page_figure(plot, is_dark=st.context.theme.type == "dark"),
        width="stretch",
        theme=None,
        key=key,
        config=CONFIG,
        on_select="rerun" if is_clickable else "ignore",
        selection_mode="points",
        alt=plot.words,
    )
    st.html(f'<p class="p-note">{plot.words}</p>')
    _show_below(plot, key, provenance, _sources(entries, source))
    return _clicked(chosen, plot) if is_clickable else None


def _show_below(plot: Plot, key: str, provenance: Mapping[str, Any], sources: str) -> None:
    left, middle, right = st.container(key=f"below-{key}").columns(3)
    found = table(plot)
    with left.expander("Table"):
        st.html(html_table(found.map(_shown).set_index(found.columns[0])))
    with middle.expander("Where do these numbers come from?"):
        st.markdown(sources)
        st.html(f'<p class="p-note">{_origin(provenance)}</p>')
    with right.expander("Keep this chart"):
        for kind, mime in FILES.items():
            st.download_button(
                kind,
                _file(plot, kind.lower(), provenance),
                file_name=f"{key}.{kind.lower()}",
                mime=mime,
                key=f"{key}-{kind}",
                on_click="ignore",
            )
        st.download_button(
            "Table (CSV)",
            found.to_csv(index=False),
            file_name=f"{key}.csv",
            mime="text/csv",
            key=f"{key}-csv",
            on_click="ignore",
        )


def _sources(entries: Iterable[str], source: str) -> str:
    known = register()
    return "\n".join(
        [*(f"- {linked(known[name])}" for name in entries), *([source] * bool(source))]
    )


def html_table(frame: pd.DataFrame) -> str:
    """Return a table as HTML that a phone shows as cards, with nothing to scroll sideways."""
    heads = "".join(
        f'<th scope="col">{escape(str(one))}</th>' for one in (frame.index.name, *frame.columns)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(str(name))}</th>'
        + "".join(
            f'<td data-label="{escape(str(head))}">{escape(str(cell))}</td>'
            for head, cell in zip(frame.columns, row, strict=True)
        )
        + "</tr>"
        for name, row in zip(frame.index, frame.itertuples(index=False), strict=True)
    )
    return (
        f'<table class="p-cards p-plain"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def linked(entry: Entry) -> str:
    """Return an entry of the register as a link to its page, with the kind of evidence it is."""
    kind = "a guess" if entry.grade == "assumption" else entry.grade
    return f"[{entry.name}](evidence?entry={entry.name}) ({kind})"


def _file(plot: Plot, kind: str, provenance: Mapping[str, Any]) -> Any:
    def content() -> bytes:
        from sim.charts.in_file import file_content  # noqa: PLC0415 - matplotlib, when asked for

        return file_content(plot, kind, provenance)

    return content


def _shown(value: object) -> object:
    if not isinstance(value, float):
        return value
    return "" if isnan(value) else f"{value:.4g}"


def _origin(provenance: Mapping[str, Any]) -> str:
    named = ("scenario", "study", "hash", "seeds", "passerby")
    said = [f"{name} {provenance[name]}" for name in named if provenance.get(name)]
    return "; ".join(said)


def _clicked(chosen: Any, plot: Plot) -> tuple[int, int] | None:
    points = chosen["selection"]["points"] if chosen else []
    if not points:
        return None
    first = points[0]
    traces = page_figure(plot).data
    mark = traces[first["curve_number"]].meta
    return None if mark is None else (int(mark), int(first["point_index"]))
