"""What can be asked of a policy: the outcomes of one deployment, luck averaged out.

Every outcome is an expected value for one deployment; it is missing where it is not defined. What
each means is what its column means (``sim.columns``); here stand which are ratios, and of what:
an average of ratios says little, so analysis averages the two parts.

State: none.
"""

from dataclasses import dataclass

from sim import columns as col
from sim.groups import HEADINGS


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a deployment.

    is_ratio_of : numerator and denominator, as columns of the result; None: it is no ratio of two
    """

    unit: str
    meaning: str
    is_ratio_of: tuple[str, str] | None = None


_NAMES = (
    col.PEOPLE,
    col.FACES_USABLE,
    col.FALSE_ALERTS,
    col.TRUE_ALERTS,
    col.MISTAKEN_STOPS,
    col.CORRECT_STOPS,
    col.ARRESTS,
    col.OUT_OF_DATE_STOPS,
    col.MISSED_TRUE_ALERTS,
    col.MISTAKEN_MINUTES,
    col.OFFICER_HOURS_ON_ALERTS,
    col.STAFF_HOURS,
    col.PER_TRUE_MATCH,
    col.PER_MILLION_FACES,
    col.PER_ALERT,
    col.PER_STOP,
    col.NO_TRUE_MATCH,
    col.DISPARITY_ETHNICITY,
    col.DISPARITY_SEX,
    col.DISPARITY_AGE,
    col.DISPARITY,
)
_RATIOS = {
    col.PER_TRUE_MATCH: (col.MISTAKEN_STOPS, col.TRUE_ALERTS),
    col.PER_MILLION_FACES: (col.MISTAKEN_STOPS, col.FACES_USABLE),
}
BY_GROUP = (col.FACES_USABLE, col.FALSE_ALERTS, col.TRUE_ALERTS, col.MISTAKEN_STOPS)


def group_outcome(name: str, heading: str, label: str) -> str:
    """Return the name of an outcome of one group, such as ``mistaken_stops.ethnicity.black``."""
    return f"{name}.{heading}.{label}"


OUTCOMES: dict[str, Outcome] = {
    name: Outcome(col.TABLE_COLUMNS[name].unit, col.TABLE_COLUMNS[name].meaning, _RATIOS.get(name))
    for name in _NAMES
}
GROUP_OUTCOMES: dict[str, Outcome] = {
    group_outcome(name, heading, label): Outcome(
        OUTCOMES[name].unit,
        f"{OUTCOMES[name].meaning}; {heading}: {label}",
        None
        if name != col.PER_TRUE_MATCH
        else (
            group_outcome(col.MISTAKEN_STOPS, heading, label),
            group_outcome(col.TRUE_ALERTS, heading, label),
        ),
    )
    for name in (*BY_GROUP, col.PER_TRUE_MATCH)
    for heading, labels in HEADINGS.items()
    for label in labels
}

ALL_OUTCOMES = OUTCOMES | GROUP_OUTCOMES
