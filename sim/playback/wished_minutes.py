"""Which minutes of which response draw are shown, and how usual that is.

A visitor asks for minutes with a right match, for minutes with a mistaken stop, or for minutes by
the clock. The first two are looked for in the draws of the run: the first draw, in order, in which
it happens and fits into the minutes. What is shown was therefore chosen; how many draws have it is
told beside it.

State: none.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim import columns as col
from sim.errors import SimError
from sim.model.shift_draws import ShiftDraws
from sim.playback.shift_events import played_draw

Show = Literal["right", "mistake", "minute"]

MOST_MINUTES = 3
LEAD_S = 12.0  # shown before an alert, so that one sees the street first
TAIL_S = 15.0  # left of the minutes when the stop that was asked for begins
MOST_TRIED = 40  # alerts looked at until one is decided within the minutes


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants to see.

    show        : minutes with a right match, with a mistaken stop, or those from ``from_minute`` on
    minutes     : how many
    from_minute : after the cameras start; only where minutes are chosen
    """

    show: Show = "right"
    minutes: int = 2
    from_minute: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be shown."""
        if not 1 <= self.minutes <= MOST_MINUTES:
            raise SimError(f"a playback has 1 to {MOST_MINUTES} minutes; found {self.minutes}")
        if self.from_minute < 0:
            raise SimError(f"a playback begins at minute 0 or later; found {self.from_minute}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which minutes of which draw are shown, and how usual that is.

    draws, having : response draws, and how many have what was asked for (an alert, for ``minute``)
    alerts_a_draw : mean alerts, true and false, in one draw of the whole deployment
    is_as_asked   : False: nobody of that kind was stopped in any draw, an alert is shown instead
    """

    from_s: float
    to_s: float
    draw: int
    draws: int
    having: int
    alerts_a_draw: float
    is_as_asked: bool = True


def chosen_minutes(shifts: ShiftDraws, wish: Wish) -> Chosen:
    """Return the minutes and the draw that answer a wish; raises SimError if there are none."""
    if wish.show != "minute":
        return _minutes_with(shifts, wish)
    from_s, cameras_s = 60.0 * wish.from_minute, 3600.0 * shifts.scenario.policy.hours
    if from_s >= cameras_s:
        raise SimError(
            f"the cameras run for {cameras_s / 60:g} minutes; found minute {wish.from_minute}"
        )
    return minutes_by_the_clock(shifts, from_s, from_s + 60.0 * wish.minutes)


def minutes_by_the_clock(shifts: ShiftDraws, from_s: float, to_s: float) -> Chosen:
    """Return the first draw with an alert between two times; draw 0 where none has one."""
    when = shifts.alerts[col.ALERT_TIME].to_numpy()
    draw = shifts.alerts[col.DRAW].to_numpy()
    alerted = np.unique(draw[(when >= from_s) & (when < to_s)])
    shown = int(alerted[0]) if len(alerted) else 0
    return Chosen(from_s, to_s, shown, shifts.draws, len(alerted), _alerts_a_draw(shifts))


def _minutes_with(shifts: ShiftDraws, wish: Wish) -> Chosen:
    """Return minutes in which somebody of the kind asked for is stopped, or at least alerted on."""
    alerts, draws = shifts.alerts, shifts.draws
    is_kind = alerts[col.IS_TRUE].to_numpy(dtype=np.bool_) == (wish.show == "right")
    is_stop = alerts[col.STOP_MINUTES].to_numpy() > 0
    if not is_kind.any():
        whom = "somebody on the list" if wish.show == "right" else "somebody who is not on the list"
        raise SimError(
            f"in none of {draws} plays of this deployment is there an alert on {whom}; choose "
            "minutes by the clock"
        )
    is_as_asked = bool((is_kind & is_stop).any())
    wanted = alerts[is_kind & is_stop if is_as_asked else is_kind]
    found = []
    for alert in wanted.head(MOST_TRIED).to_dict("records"):
        from_s = float(max(0.0, np.floor(alert[col.ALERT_TIME] - LEAD_S)))
        chosen = Chosen(
            from_s=from_s,
            to_s=from_s + 60.0 * wish.minutes,
            draw=int(alert[col.DRAW]),
            draws=draws,
            having=wanted[col.DRAW].nunique(),
            alerts_a_draw=_alerts_a_draw(shifts),
            is_as_asked=is_as_asked,
        )
        if not is_as_asked or _is_stopped_by(shifts, chosen, alert[col.PERSON]):
            return chosen
        found.append(chosen)
    return found[0]


def _is_stopped_by(shifts: ShiftDraws, chosen: Chosen, person: int) -> bool:
    """Whether a person's stop begins well before the minutes end."""
    tasks = played_draw(shifts, chosen.draw).tasks
    latest = chosen.to_s - TAIL_S
    return any(task.person == person and task.met_s <= latest for task in tasks)


def _alerts_a_draw(shifts: ShiftDraws) -> float:
    return len(shifts.alerts) / shifts.draws
