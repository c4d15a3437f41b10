"""What was changed, in words: one gerund for each lever a reader may pull.

State: none.
"""

from collections.abc import Callable, Sequence
from typing import Any

Change = tuple[str, Any, Any]  # field, value in the baseline, value here

NAMED = 3  # changes that a sentence names one by one
_NUMBERS_AS_WORDS = {0: "no"}


def phrase(changed: Sequence[Change]) -> tuple[str, bool]:
    """Return what was done, as the subject of a sentence, and whether it is a plural.

    >>> phrase([("policy.threshold", 0.6, 0.64)])
    ('Raising the threshold from 0.60 to 0.64', False)
    """
    said = list(dict.fromkeys(_gerund(*change) for change in changed))
    parts = said[:NAMED]
    more = len(said) - len(parts)
    if more:
        parts.append(f"{more} more {'change' if more == 1 else 'changes'}")
    if len(parts) == 1:
        return _capital(parts[0]), False
    return _capital(f"{', '.join(parts[:-1])} and {parts[-1]}"), True


def _gerund(field: str, there: Any, here: Any) -> str:
    for start, words in _TOGETHER.items():
        if field.startswith(start):
            return words
    known = _LEVERS.get(field)
    if known is not None and here is not None and there is not None:
        return known(there, here)
    if there is None:
        return f"setting {field} to {_plain(here)}"
    if here is None:
        return f"taking away {field}"
    return f"changing {field} from {_plain(there)} to {_plain(here)}"


def _threshold(there: float, here: float) -> str:
    verb = "raising" if here > there else "lowering"
    digits = 2 if round(there, 2) == there and round(here, 2) == here else 3
    return f"{verb} the threshold from {there:.{digits}f} to {here:.{digits}f}"


def _list_size(there: int, here: int) -> str:
    if here == 0:
        return f"emptying the list of {there:,} people"
    verb = "lengthening" if here > there else "shortening"
    return f"{verb} the list from {there:,} to {here:,} people"


def _staff(singular: str, plural: str) -> Callable[[int, int], str]:
    def words(there: int, here: int) -> str:
        name = singular if here == 1 else plural
        return f"having {_NUMBERS_AS_WORDS.get(here, here)} {name} instead of {there}"

    return words


def _cameras(there: Sequence[object], here: Sequence[object]) -> str:
    if not here:
        return "taking the cameras away"
    if len(there) == len(here):
        return "changing the cameras"
    name = "camera" if len(here) == 1 else "cameras"
    return f"having {len(here)} {name} instead of {len(there) or 'none'}"


_TOGETHER = {  # fields that one lever changes together
    "policy.watchlist.composition": "changing who is on the list",
    "street.crowd": "changing who walks past",
}

_LEVERS: dict[str, Callable[[Any, Any], str]] = {
    "policy.threshold": _threshold,
    "policy.watchlist.size": _list_size,
    "policy.operators": _staff("operator", "operators"),
    "policy.officers": _staff("officer", "officers"),
    "policy.hours": lambda there, here: f"running the cameras for {here:g} h instead of {there:g}",
    "policy.start_hour": lambda there, here: f"starting at {here:g} o'clock instead of {there:g}",
    "policy.signs": lambda _, here: "putting up signs" if here else "taking down the signs",
    "policy.watchlist.photo_age_years": lambda there, here: (
        f"using photographs {here:g} years old instead of {there:g}"
    ),
    "policy.cameras": _cameras,
    "street.footfall.people": lambda there, here: (
        f"having {here:,.0f} people walk past instead of {there:,.0f}"
    ),
    "assumptions.error_model": lambda there, here: (
        f"believing the error model {here} instead of {there}"
    ),
    "assumptions.demographic_preset": lambda there, here: (
        f"believing the group differences {here} instead of {there}"
    ),
    "run.seed": lambda there, here: f"drawing seed {here} instead of {there}",
}


def _plain(value: Any) -> str:
    match value:
        case float():
            return f"{value:g}"
        case tuple() | list():
            return "1 entry" if len(value) == 1 else f"{len(value)} entries"
        case dict():
            return str(value.get("value", f"{len(value)} entries"))
        case _:
            return str(value)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
