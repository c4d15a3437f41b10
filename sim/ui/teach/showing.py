"""A screen as it is seen: question, guess, then answer, tree, table and dots.

State: the fields of the form, in the session under ``teach-``.
"""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from sim import __version__
from sim.errors import SimError
from sim.evidence.register import register
from sim.lessons.histogram import LETTERS, guesses_plot
from sim.lessons.screens import (
    Answer,
    Branch,
    Guesses,
    Lesson,
    Role,
    Screen,
    checked_guess,
    spread,
)
from sim.ui.figures import html_table, linked, show_plot
from sim.words.numbers import amount_of, plain


def show_where(lesson: Lesson, step: int, where: str) -> None:
    """Show which screen of which lesson this is."""
    st.html(
        f'<p class="p-note">{escape(lesson.title)} · screen {step + 1} of '
        f"{len(lesson.screens)} · {escape(where)}</p>"
    )


def show_question(screen: Screen) -> None:
    """Show a screen's title, what is known, and the question."""
    facts = "".join(f'<p class="p-fact">{escape(fact)}</p>' for fact in screen.facts)
    st.html(
        f'<p class="p-teach-title">{escape(screen.title)}</p>{facts}'
        f'<h1 class="p-headline">{escape(screen.question)}</h1>'
    )


def show_choices(screen: Screen) -> None:
    """Show what can be chosen, with its letters."""
    items = "".join(f"<li>{escape(choice)}</li>" for choice in screen.choices)
    st.html(f'<ol class="p-choices" type="A">{items}</ol>')


def asked_guess(screen: Screen, key: str, own: float | None) -> float | None:
    """Show the form of a guess; return what has just been committed, if anything."""
    with st.form(key, border=False):
        value: float | None
        if screen.kind == "choice":
            labels = [f"{LETTERS[k]}: {choice}" for k, choice in enumerate(screen.choices)]
            chosen = st.radio(
                "Your choice", labels, index=None if own is None else int(own), key=f"{key}-choice"
            )
            value = None if chosen is None else float(labels.index(chosen))
        else:
            value = st.number_input(
                f"Your guess, {screen.unit} ({screen.low:,} to {screen.high:,})",
                min_value=screen.low,
                max_value=screen.high,
                value=None if own is None else int(own),
                step=1,
                key=f"{key}-number",
                width=360,
            )
        label = "This is my guess" if screen.kind == "number" else "This is my choice"
        pressed = st.form_submit_button(label if own is None else "Change it", type="primary")
    if not pressed:
        return None
    if value is None:
        st.warning("Choose an answer first." if screen.kind == "choice" else "Type a number first.")
        return None
    try:
        return checked_guess(screen, float(value))
    except SimError as error:
        st.warning(str(error))
        return None


def show_answer(
    screen: Screen, answer: Answer, *, own: float | None, guesses: Sequence[float], key: str
) -> None:
    """Show an answer beside the guess, and what stands behind it.

    guesses : of the class; empty for somebody alone
    """
    if screen.kind == "choice":
        show_choices(screen)
    st.html(_cards(screen, answer, own))
    first, *others = answer.words
    st.html(f'<p class="p-sentence">{escape(first)}</p>')
    if screen.kind == "number" or guesses:
        show_plot(
            guesses_plot(screen, answer, guesses, own),
            key=f"teach-{key}",
            provenance={"passerby": __version__, "source": answer.source},
            entries=answer.entries,
        )
    elif answer.entries:
        known = register()
        with st.expander("Where do these numbers come from?"):
            st.markdown("\n".join(f"- {linked(known[name])}" for name in answer.entries))
    st.html("".join(f'<p class="p-fact">{escape(words)}</p>' for words in others))
    if answer.tree is not None:
        st.html(tree_html(answer.tree))
    if answer.table:
        head, *rows = answer.table
        st.html(html_table(pd.DataFrame(rows, columns=list(head)).set_index(head[0])))
    st.html(
        f'<p class="p-note"><span class="p-tag">how sure</span> {escape(answer.rests)}</p>'
        f'<p class="p-note"><span class="p-tag">source</span> {escape(answer.source)}</p>'
    )
    if screen.discuss:
        items = "".join(f"<li>{escape(each)}</li>" for each in screen.discuss)
        st.html(f'<div class="p-discuss"><p>To discuss</p><ul>{items}</ul></div>')


def _cards(screen: Screen, answer: Answer, own: float | None) -> str:
    """Return guess and answer side by side, in equal type."""
    cards = []
    if own is not None:
        said = screen.choices[int(own)] if screen.kind == "choice" else amount_of(own)
        unit = "" if screen.kind == "choice" else screen.unit
        cards.append(("Your choice" if screen.kind == "choice" else "Your guess", said, unit, ""))
    if answer.value is not None:
        cards.append(("The answer", amount_of(answer.value), screen.unit, spread(answer)))
    shown = "".join(
        f'<div class="p-teach-card"><span class="p-note">{label}</span>'
        f'<span class="{"p-teach-words" if unit == "" else "p-teach-number"}">{escape(said)}</span>'
        f'<span class="p-note">{escape(unit)}</span>'
        f'<span class="p-range">{escape(told)}</span></div>'
        for label, said, unit, told in cards
    )
    return f'<div class="p-teach-cards">{shown}</div>'


def tree_html(tree: Branch) -> str:
    """Return a tree of frequencies as nested lists, which a screen reader can walk."""
    return f'<ul class="p-tree">{_branch(tree)}</ul>'


def _branch(branch: Branch) -> str:
    below = "".join(map(_branch, branch.branches))
    return f"<li><span>{escape(branch.label)}</span>{f'<ul>{below}</ul>' if below else ''}</li>"


def show_role(role: Role) -> None:
    """Show a role card: benefit and harm in equal type."""
    st.html(
        f'<div class="p-role"><p class="p-sentence">You speak for: {escape(role.name)}</p>'
        f'<p class="p-fact">{escape(role.asks)}</p><dl class="p-facts">'
        f"<dt>What could be gained</dt><dd>{escape(role.benefit)}</dd>"
        f"<dt>What could be lost</dt><dd>{escape(role.harm)}</dd></dl></div>"
    )


def told_guess(screen: Screen, own: float) -> str:
    """Return a guess as words."""
    if screen.kind == "choice":
        return f"{LETTERS[int(own)]}, {screen.choices[int(own)]}"
    return f"{plain(own) if own >= 1000 else amount_of(own)} {screen.unit}"


def own_as_guesses(lesson: Lesson, own: Sequence[float | None]) -> Guesses:
    """Return somebody's own guesses as those of a class of one."""
    pairs = zip(lesson.screens, own, strict=True)
    return {screen.name: () if value is None else (value,) for screen, value in pairs}
