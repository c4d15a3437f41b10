"""Levers as everybody reads them: every field that may be varied has one name and one description.

A field below a list is written with a star for the list's entry: ``policy.cameras.*.height_m``.

State: none.
"""

from collections.abc import Mapping
from typing import Any

from sim.words.lever_words import LeverWords
from sim.words.levers_of_policies import POLICY_LEVERS
from sim.words.levers_of_streets import STREET_LEVERS

LEVERS: Mapping[str, LeverWords] = {**POLICY_LEVERS, **STREET_LEVERS}


def lever(field: str) -> LeverWords | None:
    """Return what a field of a scenario is called; None for a name that is no field.

    >>> lever("policy.officers").name, lever("policy.cameras.west.height_m").name
    ('officers', 'camera height')
    """
    parts = field.split(".")
    for known, words in LEVERS.items():
        pattern = known.split(".")
        if len(pattern) == len(parts) and all(
            one in ("*", other) for one, other in zip(pattern, parts, strict=True)
        ):
            return words
    return None


def lever_name(field: str) -> str:
    """Return a lever's short name; a name that is no field is made readable."""
    words = lever(field)
    last = field.removeprefix("policy.").removesuffix("_m").replace("_", " ")
    return last if words is None else words.name


def setting_words(field: str, value: Any) -> str:
    """Return what a lever is set to: ``threshold 0.64``, ``6 officers``."""
    words = lever(field)
    return f"{lever_name(field)} {value}" if words is None else words.setting(value)


def policy_words(policy: Mapping[str, Any]) -> str:
    """Return what a policy of a study sets, in one line."""
    return ", ".join(setting_words(field, value) for field, value in policy.items())
