"""Groups of people as everybody reads them: one name a group, one a way of grouping.

State: none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim import columns as col
from sim.groups import AGE_BANDS, ETHNICITIES, SEXES


@dataclass(frozen=True, slots=True)
class Heading:
    """A way of grouping: its name, and its labels in order."""

    name: str
    labels: tuple[str, ...]


HEADINGS: Mapping[str, Heading] = {
    col.SEX: Heading("sex", SEXES),
    col.ETHNICITY: Heading("ethnicity", ETHNICITIES),
    col.AGE_BAND: Heading("age", AGE_BANDS),
}
NAMES: Mapping[str, str] = {
    "female": "women and girls",
    "male": "men and boys",
    "white": "White people",
    "black": "Black people",
    "asian": "Asian people",
    "mixed": "people of mixed origin",
    "other": "people of other origin",
    "child": "children",
    "young": "young adults",
    "middle": "middle-aged people",
    "older": "older people",
}


_YEARS = {"child": "under 18", "young": "18-34", "middle": "35-64", "older": "65 and over"}


def group_name(label: str) -> str:
    """Return a group as everybody reads it; a label that is none of ours stays as it is.

    >>> group_name("female"), group_name("all")
    ('women and girls', 'all')
    """
    return NAMES.get(label, label)


def grouped_by(heading: str) -> str:
    """Return a way of grouping as words.

    >>> grouped_by("age_band")
    'by age'
    """
    return f"by {HEADINGS[heading].name}"


def ages(band: str) -> str:
    """Return the years of an age band.

    >>> ages("child"), ages("young")
    ('under 18', '18-34')
    """
    return _YEARS[band]
