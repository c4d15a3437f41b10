"""Watch: minutes of a walk from above, played back, with what happens in words beside.

Which minutes: some in which somebody is rightly matched, some with a mistaken stop, or minutes by
the clock; the page says how usual what it shows is.

State: the visitor's choice of minutes, in the session; recorded minutes, kept beside the walks.
"""

from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from sim import columns as col
from sim.errors import SimError
from sim.playback.browser_bytes import MOST_PRESENT, about_packed, packed
from sim.playback.kept_replays import kept_replay, replay_key
from sim.playback.wished_minutes import MOST_MINUTES, Show, Wish
from sim.scenario.advice import BASE_CPU_S, run_cost
from sim.scenario.identity import canonical_json
from sim.scenario.schema import Scenario
from sim.scenario.texts import places
from sim.storage.walk_cache import is_kept
from sim.ui import state
from sim.ui.jobs import pool, refusal
from sim.ui.replay import show_replay
from sim.ui.walking import show_progress
from sim.words.numbers import plain, whole

SHOWS: dict[Show, str] = {
    "right": "a right match",
    "mistake": "a mistaken stop",
    "minute": "by the clock",
}
LEAST_S = 3.0  # a draw is played, and the file packed, whatever the street
HELD = 16  # as bytes in memory, about a megabyte each at most


def view() -> None:
    """Show the page."""
    option = state.option()
    wish = _wish(option)
    key = replay_key(option, wish)
    try:
        content = _content(key)
    except LookupError:
        _show_unrecorded(option, wish, key)
        return
    about = about_packed(content)
    st.html(f'<h1 class="p-headline">{escape(about["label"])}</h1>')
    show_replay(content, key=f"replay-{key}")
    st.html(f'<p class="p-note">{escape(_where(about, option))} {escape(_how_usual(about))}</p>')
    if about["left_out"]:
        st.html(
            f'<p class="p-note">{about["left_out"]:,} people, those who stay farthest from the '
            f"cameras, are not drawn: this page draws up to {MOST_PRESENT} at a time.</p>"
        )
    _show_table(about)
    _show_notes(about)


def _wish(scenario: Scenario) -> Wish:
    """Return which minutes the visitor wants, from the fields above the picture."""
    names = list(places())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = state.base().name
        edition = st.session_state[state.EDITION]
        place = st.selectbox(
            "Place",
            names,
            index=names.index(chosen) if chosen in names else None,
            format_func=lambda name: places()[name][0],
            key=f"watch-place-{edition}",
            width=320,
        )
        if place is not None and place != chosen:
            state.choose_place(place)
            st.rerun()
        show = st.segmented_control(
            "Show minutes with",
            list(SHOWS),
            default="right",
            required=True,
            format_func=SHOWS.__getitem__,
            key="watch-show",
        )
        minutes = st.segmented_control(
            "Minutes",
            list(range(1, MOST_MINUTES + 1)),
            default=2,
            required=True,
            key="watch-minutes",
        )
        from_minute = 0
        if show == "minute":
            last = int(60 * scenario.policy.hours) - 1
            from_minute = st.number_input(
                "From minute, after the cameras start",
                min_value=0,
                max_value=max(last, 0),
                value=min(60, max(last, 0)),
                key="watch-from",
                width=200,
            )
    return Wish(show=show, minutes=int(minutes), from_minute=int(from_minute))


def _show_unrecorded(scenario: Scenario, wish: Wish, key: str) -> None:
    st.html(
        '<h1 class="p-headline">These minutes have not been recorded yet.</h1>'
        '<p class="p-note">The people of this street walk past again, the same people in the '
        "same places as in the other pages, and this time where everybody is gets noted ten "
        "times a second. The recording is kept, so the next time it comes at once.</p>"
    )
    reason = refusal(scenario)
    if reason is not None:
        st.warning(reason)
        return
    job = pool().job(state.owner())
    if job is None or job.what != key or job.status in {"cancelled", "failed"}:
        if job is not None and job.what == key and job.status == "failed":
            st.error(f"These minutes could not be recorded: {job.reason}. Nothing is lost.")
        st.html(f'<p class="p-note">It takes about {_seconds(scenario):.0f} s.</p>')
        if st.button("Record these minutes", type="primary"):
            try:
                pool().submit_playback(state.owner(), scenario, wish)
            except SimError as error:
                st.warning(str(error))
                return
            st.rerun()
        return
    if job.status == "done":
        st.error("The recording is gone from this machine's cache. Record it again.")
        pool().forget(state.owner())
        return
    people = run_cost(scenario).people
    show_progress(f"Walking {people:,.0f} people past the cameras, noting where they are")


def _seconds(scenario: Scenario) -> float:
    """Return about how long a recording takes: the walk unless it is known, then part of it."""
    walks = 1.0 if is_kept(scenario) else 2.0
    return LEAST_S + walks * max(run_cost(scenario).cpu_s - BASE_CPU_S, 0.0)


def _where(about: dict[str, Any], option: Scenario) -> str:
    own = option.name in places() and places()[option.name][1] == canonical_json(option)
    which = "as shipped" if own else "with your levers"
    return f"{about['scenario']['title']}, {which}, from {_clock(about['story']['clock_s'])} on."


def _how_usual(about: dict[str, Any]) -> str:
    """Return why these minutes are shown, and how usual what they show is."""
    chosen, show = about["chosen"], about["wish"]["show"]
    draws, having = chosen["draws"], chosen["having"]
    mean = chosen["alerts_a_draw"]
    day = "No play of the whole deployment has an alert."
    if mean > 0:
        day = f"A whole deployment has {plain(mean)} alerts on average."
    if show == "minute":
        if not having:
            return f"In none of {draws} plays of these minutes is there an alert. {day}"
        first = f"These minutes have an alert in {having} of {draws} plays; one of them is shown."
        return f"{first} {day}"
    kind = "on the list" if show == "right" else "not on the list"
    if not chosen["is_as_asked"]:
        return (
            f"In none of {draws} plays of this deployment is anybody stopped who is {kind}; shown "
            f"is an alert on such a person, which {having} of them have. {day}"
        )
    return (
        f"These minutes were chosen for it: {having} of {draws} plays of the deployment have a "
        f"stop of somebody who is {kind}. {day}"
    )


def _show_table(about: dict[str, Any]) -> None:
    st.markdown("## What happens, in words")
    rows = told(about)
    if rows.empty:
        st.html('<p class="p-note">Nobody sets off an alert in these minutes.</p>')
        return
    st.table(rows.set_index("After"))


def told(about: dict[str, Any]) -> pd.DataFrame:
    """Return the events as a table: after how long, at what time of the day, what."""
    events = about["story"]["events"]
    begin = about["story"]["clock_s"]
    return pd.DataFrame(
        {
            "After": [_short(event[col.EVENT_TIME]) for event in events],
            "At": [_clock(begin + event[col.EVENT_TIME]) for event in events],
            "What happens": [event[col.WORDS] for event in events],
        }
    )


def _show_notes(about: dict[str, Any]) -> None:
    chosen = about["chosen"]
    minutes = (chosen["to_s"] - chosen["from_s"]) / 60
    name = about["scenario"]["name"]
    of = name if name in places() else "scenario.yaml"
    with st.expander("How to read this, and where it comes from"):
        st.markdown(
            f"""
- People are drawn with the breadth of shoulders, 0.46 m, and no smaller than can be seen.
- Sight lines are those of the moment that is drawn. A face counts as clear if it is turned to the
  camera, near enough, and nothing stands in between; clear is not yet matched.
- Rings tell what only the model knows: a circle is somebody on the list, a diamond somebody who is
  not. Operators and officers do not know which.
- Whoever is stopped is held where the officer meets them, and is not drawn after the stop. The walk
  of everybody else does not change with a stop: an assumption, as in all results.
- A play of the deployment is the same walk with other luck: who is matched, how fast operators
  read, whom officers still find (a response draw).
- At most {whole(about["most_present"])} people are in the picture at a time.
- The same minutes on the command line:
  `passerby replay {of} --from-minute {chosen["from_s"] / 60:.10g} --minutes {minutes:.10g}
  --draw {chosen["draw"]} --out walk.parquet`
"""
        )


@lru_cache(maxsize=HELD)
def _content(key: str) -> bytes:
    """Return what is kept under a key as the player's bytes; LookupError where nothing is."""
    replay = kept_replay(key)
    if replay is None:
        raise LookupError(key)
    return packed(replay)


def _short(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _clock(seconds: float) -> str:
    whole_s = int(seconds)
    return f"{whole_s // 3600 % 24:02d}:{whole_s // 60 % 60:02d}:{whole_s % 60:02d}"
