"""What a crowd does, in words: who is seen, what becomes of matches, and why.

Keys are those of the table that ships (``sim.crowding``).

State: none.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.words.groups import ages
from sim.words.numbers import people, people_amount, plain, subject, whole

Triple = tuple[float, float, float]  # estimate, low, high
Part = tuple[str, str]  # sex, age band

BY_SEX: Mapping[Part, str] = {("female", "adult"): "women", ("male", "adult"): "men"}
BY_AGE: Mapping[Part, str] = {
    ("all", band): ages(band) for band in ("child", "young", "middle", "older")
}
BY_ANGLE: Mapping[Part, str] = {**BY_SEX, ("all", "child"): ages("child")}
EMPTY, HERE = "nearly empty street", "at this density"
MEASURES = {  # measure -> its name as a choice, and on an axis
    "seen_well": ("people seen well enough", "seen well enough"),
    "not_hidden": ("looks that nobody hides", "time in view not hidden by others"),
}


class Reason(NamedTuple):
    """A reason why mistaken stops for a right match change: its name, and why it works."""

    name: str
    why: str = ""


REASONS: Mapping[str, Reason] = {
    "hidden_faces": Reason(
        "faces hidden by others", "others stand between the camera and the face"
    ),
    "repeat_looks": Reason(
        "longer and repeated looks", "people walk more slowly, so each is looked at longer"
    ),
    "operator_load": Reason(
        "busy operators and officers", "staff are busy with other alerts and follow fewer"
    ),
    "lost_in_crowd": Reason(
        "people lost on the way",
        "people are gone, or lost from sight, before an officer is with them",
    ),
    "who_came_by": Reason("other people came by (luck)", "other people happened to come by"),
    "change": Reason("all together"),
}


REASONS_CAPTION = (
    "Of 100 people stopped by mistake in the nearly empty street, for as many right matches: in "
    "each row that street and the reasons add up to the last column."
)


class Crowd(NamedTuple):
    """What one crowd brings.

    women, men : share of each that the cameras see well enough
    mistaken   : stopped by mistake, for ``matches`` right matches
    found      : of 100 right matches, those that end in a stop
    """

    density_per_m2: float
    women: float
    men: float
    mistaken: Triple
    found: Triple


def crowd_words(density_per_m2: float) -> str:
    """Return a density in words."""
    return f"{plain(density_per_m2)} people a square metre"


def crowd_sentences(here: Crowd, empty: Crowd | None, *, matches: int) -> tuple[str, str]:
    """Return who is seen and what becomes of matches, in the crowd chosen and in the emptiest.

    empty : None where the crowd chosen is the emptiest
    """
    women, men = _of_100(here)
    faces = f"the cameras see {women} of 100 women and {men} of 100 men well enough"
    stopped = subject(people_amount(*here.mistaken))
    mistaken = f"For {whole(matches)} right matches, {stopped} stopped by mistake"
    right = f"Of 100 right matches, {people_amount(*here.found)} end in a stop"
    if empty is None:
        return f"In a nearly empty street {faces}.", f"{mistaken}. {right}."
    women, men = _of_100(empty)
    before, found_before = people_amount(*empty.mistaken), people_amount(*empty.found)
    return (
        f"With {plain(here.density_per_m2)} people on each square metre, {faces}. "
        f"In a nearly empty street they see {women} and {men}.",
        f"{mistaken}, against {before.value} in the nearly empty street. "
        f"{right}, against {found_before.value}.",
    )


def _of_100(crowd: Crowd) -> tuple[str, str]:
    return people(100 * crowd.women), people(100 * crowd.men)


def reason_sentence(largest: str | None, *, is_emptiest: bool) -> str:
    """Return the largest reason for the difference; None: luck could have made it."""
    if is_emptiest:
        return "Choose a denser crowd to see what it changes, and why."
    if largest is None:
        return "Mistaken stops for a right match differ between the two streets by luck at most."
    return f"The largest reason for the difference: {REASONS[largest].why}."
