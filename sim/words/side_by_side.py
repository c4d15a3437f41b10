"""Baseline and option side by side: a row a number, all counts in the same number of days.

State: none.
"""

from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any, Literal, NamedTuple

from sim.words.headline import days_shown, in_days
from sim.words.numbers import (
    Amount,
    between,
    ends,
    luck_ends,
    number,
    one_deployment_ends,
    people,
    people_amount,
    people_range,
    plain,
    signed,
    signed_range,
    with_spread,
)
from sim.words.outcomes import outcome

Kind = Literal["harm", "benefit", "neutral"]
SIDES = {"baseline": "Baseline", "option": "Your option"}
ROWS: tuple[tuple[str, Kind, str, str], ...] = (  # name in differences, kind, where in an answer
    ("true_alerts", "benefit", "alerts", "true"),
    ("mistaken", "harm", "stops", "mistaken"),
    ("arrests", "neutral", "stops", "arrests"),
    ("false_alerts", "harm", "alerts", "false"),
    ("officer_hours_on_alerts", "neutral", "burden", "officer_hours_on_alerts"),
)
TOTALS = ("faces_usable", "staff_hours")  # of an answer, without a range


class Cell(NamedTuple):
    """One number: in words, what one day may show, and where it lies on the row's axis."""

    amount: Amount
    one_day: str
    value: float
    low: float
    high: float
    luck: tuple[float, float] | None
    said: str


class Row(NamedTuple):
    """One number of both answers, and how it differs."""

    label: str
    kind: Kind
    cells: tuple[Cell, ...]
    change: Amount

    @property
    def most(self) -> float:
        """The end of the axis that the cells share."""
        found = [end for cell in self.cells for end in (cell.value, cell.high)]
        found += [cell.luck[1] for cell in self.cells if cell.luck is not None]
        return max((end for end in found if isfinite(end)), default=0.0)


def days_of(found: Mapping[str, Any]) -> int:
    """Return for how many days the counts of both answers are given."""
    return days_shown(*(found[side] for side in SIDES))


def caption(days: int) -> str:
    """Return what the numbers of the table are for, and how they are drawn."""
    luck = " Dark line: what luck does in 95 of 100 such days." if days == 1 else ""
    return f"What to expect {in_days(days)}. Dot: expected.{luck} Pale band: what we do not know."


def rows(found: Mapping[str, Any]) -> list[Row]:
    """Return the rows of both answers, benefit and harm alike."""
    days = days_of(found)
    made = []
    for name, kind, family, key in ROWS:
        hours = family == "burden"
        cells = tuple(
            _cell(found[side][family][key], days, name, title, hours=hours)
            for side, title in SIDES.items()
        )
        moved = found["against"]["differences"].get(name)
        made.append(Row(outcome(name).heading, kind, cells, _moved(moved, days, hours=hours)))
    for name in TOTALS:
        values = [days * float(found[side][name]) for side in SIDES]
        cells = tuple(
            Cell(Amount(plain(value)), "", value, value, value, None, "") for value in values
        )
        change = Amount(signed(values[1] - values[0], plain))
        made.append(Row(outcome(name).heading, "neutral", cells, change))
    return made


def _cell(count: Mapping[str, Any], days: int, name: str, title: str, *, hours: bool) -> Cell:
    value, (low, high) = days * number(count["mean"]), ends(count)
    low, high = days * low, days * high
    said = (
        with_spread(plain(value), between(low, high)) if hours else people_amount(value, low, high)
    )
    day = one_deployment_ends(count)
    one_day = between(*day) if hours else people_range(*day)
    return Cell(
        said,
        "" if isnan(day[0]) else one_day,
        value,
        low,
        high,
        luck_ends(count) if days == 1 else None,
        f"{title}, {in_days(days)}: {said.value} {outcome(name).heading}; what we do not know "
        f"{said.spread or 'nothing'}",
    )


def _moved(row: Mapping[str, Any] | None, days: int, *, hours: bool) -> Amount:
    """Return a difference with its range: so many more or fewer."""
    if row is None or row["difference"] is None:
        return Amount("cannot be said")
    said = plain if hours else people
    value = signed(days * row["difference"], said)
    low, high = row["low"], row["high"]
    if low is None or high is None or not isfinite(high):
        return Amount(value)
    return with_spread(value, signed_range(days * low, days * high, said))
