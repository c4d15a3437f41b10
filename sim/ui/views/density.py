"""Density: what a crowd does to who is seen, and to mistaken stops for a right match, and why.

Everything comes from the table that ships with the program; nothing is walked for this page.

State: the visitor's choices, in the widgets of the session.
"""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Literal

import pandas as pd
import streamlit as st

from sim import columns as col
from sim.charts.density import angles_plot, faces_plot, reasons_plot, stops_plot
from sim.charts.plot import Plot
from sim.crowding.density import POLICIES, PolicyChoice
from sim.crowding.density_answer import (
    PER,
    RESTS_ON_FACES,
    RESTS_ON_STOPS,
    DensityAnswer,
    DensityChoice,
    crowds,
    density_answer,
    found_share,
    heights,
    stops_in_words,
)
from sim.crowding.density_shipped import shipped_density
from sim.crowding.density_table import FOUND, NOT_HIDDEN, SEEN_WELL
from sim.errors import SimError
from sim.storage.shipped_tables import ShippedTable
from sim.ui.figures import show_plot
from sim.words.density import (
    BY_AGE,
    BY_SEX,
    MEASURES,
    REASONS,
    REASONS_CAPTION,
    Crowd,
    crowd_sentences,
    crowd_words,
    reason_sentence,
)
from sim.words.figures import (
    angles_said,
    faces_said,
    per_matches,
    reasons_said,
    stops_said,
)
from sim.words.levers import LEVERS
from sim.words.numbers import plain

OWN_HEIGHT = 3.2  # of the scenario's cameras
HUNG = {2.5: "a shop front", 3.2: "a mast", 5.0: "a lamp post", 8.0: "a roof"}
LEAST_SHOWN = 0.01
ABOUT = (
    '<p class="p-note">A made-up street, 80 by 8 metres, with today’s London practice but for '
    "what you choose. Nobody has published these numbers against crowd density: all of them "
    'are what the model expects. <span class="p-tag">a guess</span> “Well enough” means at '
    "least half of the seconds of good face that volunteers of the bench test gave.</p>"
)
LEFT_OUT = """
- Each reason was switched off and on in every combination, 16 streets in all, and each was scored
  the same way. A reason's part is the average of what it changes over every order (its Shapley
  value), so that no order is preferred and the parts add up.
- Where people look, how tall children are and how people walk is held at the best guess: the charts
  of faces show luck alone, and are too sure by that much. Where a draw has the matcher recognise
  nobody, mistaken stops for a right match have no limit, and no reasons.
- Staff are held: two operators, eight officers. A force that sends more to a crowd has less of the
  third reason.
- Beyond about one person a square metre this street jams, and nothing is shown.
"""
KNOWN = """
- How many faces a camera gets in a crowd **has not been published**, for women, men or children.
- Heights of [men](evidence?entry=crowd.height_male_m) and
  [women](evidence?entry=crowd.height_female_m) are measured: whoever is shorter is hidden more
  often by whoever walks in front.
- How tall [people under 18](evidence?entry=crowd.height_child_m) in a street are, and
  [where people look](evidence?entry=camera.gaze_yaw_sd_deg) as they walk, are guesses.
- A steeper camera looks over heads, and sees more of the crown than of the face: its angle costs
  [more and more](evidence?entry=camera.pitch_half_loss_deg).
"""


def view() -> None:
    """Show the page."""
    first = st.container()  # the answer comes before the fields that it depends on
    try:
        found = shipped_density()
        answer = density_answer(found.rows, _choice(found.rows))
    except SimError as error:
        st.error(f"This page has nothing to show: {error} The other pages are not touched by it.")
        return
    with first:
        _show_answer(answer)
    _show_faces(answer, found)
    _show_stops(answer, found)
    _show_reasons(answer, found)
    _show_method(found)


def _choice(rows: pd.DataFrame) -> DensityChoice:
    """Return what the visitor has chosen, from the fields above the answer."""
    angles, densities = heights(rows), crowds(rows)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        height = st.selectbox(
            "Camera height",
            list(angles),
            index=list(angles).index(OWN_HEIGHT),
            format_func=lambda one: f"{one:g} m, {HUNG[one]} ({angles[one]:.0f}° down)",
            key="density-height",
            help="How high the two cameras hang. All heights look at faces at the same place, so a "
            "higher camera looks down more steeply. The scenario’s own is 3.2 m.",
            width=260,
        )
        crowd = st.selectbox(
            "Crowd, people a square metre",
            list(densities),
            index=len(densities) - 1,
            format_func=lambda one: plain(densities[one]),
            key="density-crowd",
            help="People a square metre in the ground that the cameras look at, as met on the "
            "walk. Denser than these, the street jams.",
            width=220,
        )
        threshold = st.selectbox(
            "How sure (threshold)",
            sorted({policy.threshold for policy in POLICIES}),
            index=1,
            format_func=(LEVERS["policy.threshold"].choices or {}).__getitem__,
            key="density-threshold",
            help="The score from which the matcher gives an alert. Both settings are published: "
            "0.60 was used until 2022, 0.64 since.",
            width=280,
        )
        models = list(dict.fromkeys(policy.error_model for policy in POLICIES))
        model = st.selectbox(
            "How often the matcher errs",
            models,
            format_func=(LEVERS["assumptions.error_model"].choices or {}).__getitem__,
            key="density-matcher",
            help="Which measurements the false match rate rests on. They differ widely, and the "
            "Evidence page shows each with its source.",
            width=300,
        )
    return DensityChoice(height, PolicyChoice(model, threshold), crowd)


def _show_answer(answer: DensityAnswer) -> None:
    first, second, why = answer_words(answer)
    st.html(
        f'<h1 class="p-headline">{escape(first)}</h1><p class="p-sentence">{escape(second)}</p>'
        f'<p class="p-sentence">{escape(why)}</p>'
    )
    st.html(ABOUT)


def answer_words(answer: DensityAnswer) -> tuple[str, str, str]:
    """Return who is seen, what becomes of matches, and the largest reason for the difference."""
    chosen = answer.choice.footfall_per_h
    is_emptiest = chosen == answer.empty_per_h
    said = crowd_sentences(
        _crowd_of(answer, chosen),
        None if is_emptiest else _crowd_of(answer, answer.empty_per_h),
        matches=PER,
    )
    largest = None if is_emptiest else answer.largest_reason()
    return *said, reason_sentence(largest, is_emptiest=is_emptiest)


def _crowd_of(answer: DensityAnswer, footfall_per_h: float) -> Crowd:
    women, men = (answer.face(part, footfall_per_h) for part in BY_SEX)
    return Crowd(
        density_per_m2=float(answer.at(col.PER_TRUE_MATCH, footfall_per_h)[col.DENSITY]),
        women=women,
        men=men,
        mistaken=stops_in_words(answer, footfall_per_h),
        found=found_share(answer, footfall_per_h),
    )


def _crowd(answer: DensityAnswer) -> str:
    return crowd_words(_crowd_of(answer, answer.choice.footfall_per_h).density_per_m2)


def _show_faces(answer: DensityAnswer, found: ShippedTable) -> None:
    st.markdown("## Whose face is seen")
    measure = st.segmented_control(
        "What is counted",
        [SEEN_WELL, NOT_HIDDEN],
        default=SEEN_WELL,
        required=True,
        format_func=lambda name: MEASURES[name][0],
        key="density-measure",
    )
    what = MEASURES[measure][1]
    angles = heights(found.rows)
    height = answer.choice.height_m
    camera = f"camera at {height:g} m, {angles[height]:.0f} degrees down"
    said = partial(faces_said, camera=camera)
    if measure == SEEN_WELL:
        st.html(
            '<p class="p-note">Two things pull against each other: in a crowd others hide faces, '
            "and people walk more slowly, so the cameras look at them longer.</p>"
        )
    show = _showing(found, answer, RESTS_ON_FACES)
    left, right = st.columns(2)
    with left:
        show(faces_plot(answer.faces_of(BY_SEX, measure), what=what, said=said), "density-sex")
    with right:
        show(faces_plot(answer.faces_of(BY_AGE, measure), what=what, said=said), "density-age")
    left, right = st.columns(2)
    with right:
        st.html('<p class="p-sentence">What is known of this</p>')
        st.markdown(KNOWN)
    with left:
        show(
            angles_plot(
                answer.angles_of(measure),
                what=what,
                said=partial(angles_said, crowd=_crowd(answer)),
            ),
            "density-angle",
        )


def _show_stops(answer: DensityAnswer, found: ShippedTable) -> None:
    st.markdown("## What becomes of matches")
    show = _showing(found, answer, RESTS_ON_STOPS)
    charts: tuple[tuple[str, Literal["benefit", "harm"], float, str, str], ...] = (
        (col.PER_TRUE_MATCH, "harm", PER, "people stopped by mistake", "density-mistaken"),
        (FOUND, "benefit", 100.0, "people on the list who are stopped", "density-found"),
    )
    for column, (measure, kind, per, what, key) in zip(st.columns(2), charts, strict=True):
        said, axis = partial(stops_said, per=per, what=what), per_matches(per)
        with column:
            show(stops_plot(answer.measure(measure), kind=kind, per=per, axis=axis, said=said), key)


def _show_reasons(answer: DensityAnswer, found: ShippedTable) -> None:
    st.markdown("## Why mistaken stops for a right match change")
    show = _showing(found, answer, RESTS_ON_STOPS)
    said = partial(reasons_said, crowd=_crowd(answer))
    show(reasons_plot(answer.reasons(), said=said), "density-reasons")
    st.html(_cards(answer.reasons_by_density().iloc[1:]))  # the first is the empty street itself


def _cards(table: pd.DataFrame) -> str:
    """Return the reasons at every density as a table that a phone shows as cards."""
    heads = ["people a square metre", *table.columns.drop(col.DENSITY)]
    reasons = {reason.name for reason in REASONS.values()}
    rows = []
    for _, row in table.iterrows():
        shown = [_part(row[name]) if name in reasons else f"{row[name]:.2f}" for name in heads[1:]]
        cells = "".join(
            f'<td data-label="{escape(head)}">{cell}</td>'
            for head, cell in zip(heads[1:], shown, strict=True)
        )
        rows.append(
            f'<tr><th scope="row">{plain(row[col.DENSITY])}'
            f'<span class="p-density-unit"> people a square metre</span></th>{cells}</tr>'
        )
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    return (
        f'<table class="p-cards p-density"><caption>{REASONS_CAPTION}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _part(value: float) -> str:
    if value == 0:
        return "none"
    return f"{value:+.2f}" if abs(value) >= LEAST_SHOWN else f"under {LEAST_SHOWN:g}"


def _show_method(found: ShippedTable) -> None:
    about = found.about
    with st.expander("How this was worked out, and what it leaves out"):
        st.markdown(
            f"""
- The same street was walked at {len(about["footfalls_per_h"])} crowds with
  {len(about["seeds"])} seeds each; every camera height looked at the same people.
- Bands and the lines of the reasons: {about["assumption_draws"]} draws of what we do not know about
  matchers, operators and officers.{LEFT_OUT.rstrip()}
- The method: [Density](evidence?page=density.md). Seeds {about["seeds"]}, program
  {about["passerby"]}; written by `python -m scripts.write_density_table`.
"""
        )


def _showing(
    found: ShippedTable, answer: DensityAnswer, entries: Sequence[str]
) -> Callable[[Plot, str], None]:
    """Return what shows a chart under a key, with where it comes from and what it rests on."""
    about, choice = found.about, answer.choice
    provenance = {
        "scenario": about["scenario"],
        "hash": about["hash"],
        "seeds": about["seeds"],
        "passerby": about["passerby"],
        "camera_height_m": choice.height_m,
        "threshold": choice.policy.threshold,
        "error_model": choice.policy.error_model,
        "people_an_hour": choice.footfall_per_h,
    }

    def show(plot: Plot, key: str) -> None:
        show_plot(plot, key=key, provenance=provenance, entries=entries)

    return show
