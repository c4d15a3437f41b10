"""Explore: a baseline and an option side by side, always told apart by what the levers changed.

State: none; the visitor's choices are in ``sim.ui.state``.
"""

import json
from typing import Any

import streamlit as st

from sim.answer.held_streets import answers
from sim.charts.inline import icon_array, interval_bar
from sim.errors import SimError
from sim.evidence.register import register
from sim.scenario.schema import Scenario
from sim.scenario.texts import places
from sim.storage.walk_cache import is_kept
from sim.ui import state
from sim.ui.explore_tabs import lists_of, show_tabs
from sim.ui.figures import linked
from sim.ui.levers import Lever, levers_of
from sim.ui.share_and_save import show_print, show_share, show_sources
from sim.ui.walking import show_walk
from sim.words import side_by_side
from sim.words.explore import icons
from sim.words.headline import comparison_headline, headline
from sim.words.side_by_side import SIDES

MOST_SOURCES = 3  # named in the help of a lever; all are under the page's own sources


def view() -> None:
    """Show the page."""
    with st.sidebar:
        _show_levers()
    base, option = state.base(), state.option()
    answer, taking = st.columns([7, 2])  # on a phone the answer comes first
    missing = [scenario for scenario in (base, option) if not is_kept(scenario)]
    found = None
    if missing:
        with answer:
            _show_unwalked(missing[0])
    else:
        try:
            found = answers(*state.texts())
        except SimError as error:
            answer.error(
                f"This could not be worked out: {error} Nothing is lost: change a lever back."
            )
    if found is not None:
        answer.html(f'<h1 class="p-headline">{_headline(found)}</h1>')
    with taking:
        _show_taking(option, found)
    if found is None:
        return
    _show_answer(found)
    show_tabs(found, option)
    show_sources(levers_of(base, lists_of(base)))


def _headline(found: dict[str, Any]) -> str:
    """Return the answer where nothing has been changed yet, else both answers in one unit."""
    if not found["against"]["changed"]:
        return headline(found["option"])
    return comparison_headline(found["baseline"], found["option"])


def _show_taking(option: Scenario, found: dict[str, Any] | None) -> None:
    """Show Share and Print; what is in them is made when they are opened."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        share = st.popover("Share", key="explore-share", on_change="rerun")
        printed = st.popover(
            "Print", key="explore-print", on_change="rerun", disabled=found is None
        )
    if share.open:
        with share:
            show_share(option, found)
    if printed.open:
        with printed:
            show_print(option)


def _show_levers() -> None:
    st.markdown("## Levers")
    names = list(places())
    chosen = state.base().name
    edition = st.session_state[state.EDITION]
    place = st.selectbox(
        "Place",
        names,
        index=names.index(chosen) if chosen in names else 0,
        format_func=lambda name: places()[name][0],
        key=f"place-{edition}",
        help="Where the cameras stand. Places other than recorded days are made up, and say so.",
    )
    if place != chosen and chosen in names:
        state.choose_place(place)
        st.rerun()
    tree = json.loads(st.session_state[state.OPTION])
    levers = levers_of(state.base(), lists_of(state.base()))
    before = json.dumps(tree, sort_keys=True)
    for lever in levers:
        if lever.is_first:
            _show_lever(lever, tree, edition)
    with st.expander("More levers"):
        for lever in levers:
            if not lever.is_first:
                _show_lever(lever, tree, edition)
    if json.dumps(tree, sort_keys=True) != before:
        try:
            state.change(tree)
        except SimError as error:
            st.error(f"That cannot be: {error}")
    left, right = st.columns(2)
    if left.button("Reset", help="Make the option the baseline again", width="stretch"):
        state.reset()
        st.rerun()
    if right.button("Keep", help="Make the option the new baseline", width="stretch"):
        state.keep_as_baseline()
        st.rerun()


def _show_lever(lever: Lever, tree: dict[str, Any], edition: int) -> None:
    value = lever.value(tree)
    key = f"{lever.field}-{edition}"
    label = lever.words.control
    if lever.kind == "number" and lever.words.unit not in label.lower():
        label = f"{label}, {lever.words.unit}"
    if lever.is_walk:
        label = f"{label} ↻"
    text = help_text(lever)
    if lever.is_guess:
        label = f"{label} :gray-badge[assumption]"
    if lever.kind == "switch":
        new: Any = st.toggle(label, value=bool(value), key=key, help=text)
    elif lever.kind == "choice":
        choices = dict(lever.offered)
        choices.setdefault(
            value,
            f"{value:g} {lever.words.unit}".strip() if isinstance(value, float) else str(value),
        )
        order = sorted(choices) if all(isinstance(each, float) for each in choices) else [*choices]
        new = st.selectbox(
            label, order, index=order.index(value), format_func=choices.__getitem__, key=key,
            help=text,
        )  # fmt: skip
    else:
        as_type = type(value)
        high = max(lever.high, float(value))
        new = as_type(
            st.number_input(
                label,
                min_value=as_type(lever.low),
                max_value=as_type(high),
                value=value,
                step=as_type(lever.step),
                format="%g" if as_type is float else "%d",
                key=key,
                help=text,
            )
        )
    if new != value:
        lever.apply(tree, new)


def help_text(lever: Lever) -> str:
    """Return what a lever does, its range and its sources."""
    walk = " The street is walked anew for it (↻)." if lever.is_walk else ""
    entries = register()
    sources = ", ".join(linked(entries[name]) for name in lever.entries[:MOST_SOURCES])
    source = f"Source: {sources or lever.source or 'none, a guess'}."
    ends = f" From {lever.range}." if lever.kind == "number" else f" Can be: {lever.range}."
    return f"{lever.words.description}{ends}{walk}\n\n{source}"


def _show_unwalked(scenario: Scenario) -> None:
    st.html(
        '<h1 class="p-headline">This street has not been walked yet.</h1>'
        '<p class="p-note">Levers marked ↻ change who walks past or what the cameras see of '
        "them. The answer needs the people to walk; it is kept, so the next time it comes at "
        "once.</p>"
    )
    show_walk(scenario)


def _show_answer(found: dict[str, Any]) -> None:
    change = found["against"]
    st.html(_cards(found))
    if change["changed"]:
        st.html(f'<p class="p-sentence">{change["sentence"]}</p>')
    else:
        st.html('<p class="p-note p-screen">Pull a lever: what it does shows up here.</p>')
    pair = {title: found[side] for side, title in SIDES.items()}
    for right, mistaken, words in icons(pair if change["changed"] else {"": found["option"]}):
        st.html(icon_array(right, mistaken, label=words) + f'<p class="p-note">{words}</p>')


def _cards(found: dict[str, Any]) -> str:
    """Return the table of cards: one row a number, harm and benefit alike."""
    made = []
    for row in side_by_side.rows(found):
        cells = "".join(
            f'<td data-label="{side}">{_number(cell, row)}</td>'
            for side, cell in zip(SIDES.values(), row.cells, strict=True)
        )
        change = row.change
        moved = f'<br><span class="p-range">{change.spread}</span>' if change.spread else ""
        made.append(
            f'<tr><th scope="row">{row.label}</th>{cells}'
            f'<td data-label="Change"><span class="p-number">{change.value}{moved}</span></td></tr>'
        )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("What", *SIDES.values(), "Change"))
    caption = side_by_side.caption(side_by_side.days_of(found))
    return (
        f'<table class="p-cards p-pair"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(made)}</tbody></table>"
    )


def _number(cell: side_by_side.Cell, row: side_by_side.Row) -> str:
    number = f'<span class="p-number">{cell.amount.value}</span>'
    if not cell.said:
        return number
    bar = interval_bar(
        cell.value,
        luck=cell.luck,
        unknown=(cell.low, cell.high),
        most=row.most,
        kind=row.kind,
        label=cell.said,
    )
    spread = f"({cell.amount.spread})" if cell.amount.spread else ""
    day = f'<br><span class="p-range">one such day: {cell.one_day}</span>' if cell.one_day else ""
    return f'{number} <span class="p-range">{spread}</span>{bar}{day}'
