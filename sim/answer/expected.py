"""What is expected of a policy, as numbers by group and in all, and the outcomes that follow.

The same for one set of beliefs and for the mean over many: a ratio is the ratio of the means.

State:  none.
Shapes: groups ``(40,)``, events ``(e,)`` in the order of ``EVENTS``.
"""

from dataclasses import dataclass
from math import exp, inf, nan

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.answer.outcomes import BY_GROUP, group_outcome
from sim.groups import HEADINGS, members_of

Floats = NDArray[np.float64]

FATES = ("unread", "dismissed", "no_officer", "lost")  # of alerts that end in no stop
EVENTS = (
    "false_alerts",
    "true_alerts",
    "mistaken",
    "correct",
    "arrests",
    "out_of_date",
    "no_action",
    *(f"false_{fate}" for fate in FATES),
    *(f"true_{fate}" for fate in FATES),
    "minutes_of_mistaken_stops",
    "officer_hours_on_alerts",
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a policy, from which every outcome follows.

    people, staff_hours                        : in all
    faces, false_alerts, true_alerts, mistaken : (40,) by group
    events                                     : (e,) in the order of ``EVENTS``
    """

    people: float
    staff_hours: float
    faces: Floats
    false_alerts: Floats
    true_alerts: Floats
    mistaken: Floats
    events: Floats

    def outcomes(self) -> dict[str, float]:
        """Return every outcome, by its column."""
        found = dict(zip(EVENTS, self.events.tolist(), strict=True))
        faces = float(self.faces.sum())
        false_alerts, true_alerts = found["false_alerts"], found["true_alerts"]
        mistaken, correct = found["mistaken"], found["correct"]
        return {
            col.PEOPLE: self.people,
            col.FACES_USABLE: faces,
            col.FALSE_ALERTS: false_alerts,
            col.TRUE_ALERTS: true_alerts,
            col.MISTAKEN_STOPS: mistaken,
            col.CORRECT_STOPS: correct,
            col.ARRESTS: found["arrests"],
            col.OUT_OF_DATE_STOPS: found["out_of_date"],
            col.MISSED_TRUE_ALERTS: true_alerts - correct,
            col.MISTAKEN_MINUTES: found["minutes_of_mistaken_stops"],
            col.OFFICER_HOURS_ON_ALERTS: found["officer_hours_on_alerts"],
            col.STAFF_HOURS: self.staff_hours,
            col.PER_TRUE_MATCH: ratio(mistaken, true_alerts),
            col.PER_MILLION_FACES: ratio(1e6 * mistaken, faces),
            col.PER_ALERT: ratio(mistaken, false_alerts + true_alerts),
            col.PER_STOP: ratio(mistaken, mistaken + correct),
            col.NO_TRUE_MATCH: exp(-true_alerts),
            **_disparities(self.mistaken, self.faces),
        }

    def group_outcomes(self) -> dict[str, float]:
        """Return every outcome of one group, by its name."""
        found: dict[str, float] = {}
        parts = (self.faces, self.false_alerts, self.true_alerts, self.mistaken)
        for heading, labels in HEADINGS.items():
            for label in labels:
                rows = members_of(**{heading: label})
                own = dict(zip(BY_GROUP, (float(part[rows].sum()) for part in parts), strict=True))
                own[col.PER_TRUE_MATCH] = ratio(own[col.MISTAKEN_STOPS], own[col.TRUE_ALERTS])
                found |= {group_outcome(name, heading, label): value for name, value in own.items()}
        return found


def ratio(top: float, bottom: float) -> float:
    """Return top / bottom: inf for something over nothing, nan for nothing over nothing."""
    if bottom > 0:
        return top / bottom
    return inf if top > 0 else nan


_LABELS = [(heading, label) for heading, labels in HEADINGS.items() for label in labels]
_MEMBERS = np.array([members_of(**{heading: label}) for heading, label in _LABELS], dtype=float)
_DISPARITY_OF = {
    col.DISPARITY_SEX: col.SEX,
    col.DISPARITY_ETHNICITY: col.ETHNICITY,
    col.DISPARITY_AGE: col.AGE_BAND,
}
_ROWS_OF = {
    name: [row for row, (of, _) in enumerate(_LABELS) if of == heading]
    for name, heading in _DISPARITY_OF.items()
}


def _disparities(mistaken: Floats, faces: Floats) -> dict[str, float]:
    """Return the largest over the smallest chance of a mistaken stop a face, by heading."""
    stops, scanned = (_MEMBERS @ mistaken).tolist(), (_MEMBERS @ faces).tolist()
    found = {}
    for name, rows in _ROWS_OF.items():
        rates = [stops[row] / scanned[row] for row in rows if scanned[row] > 0]
        found[name] = ratio(max(rates), min(rates)) if len(rates) > 1 else nan
    return found | {col.DISPARITY: found[col.DISPARITY_ETHNICITY]}
