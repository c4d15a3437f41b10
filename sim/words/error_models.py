"""What is believed of the matcher: error models and presets of group differences, one name each.

State: none.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Believed:
    """A preset: its name as a noun, what it is, and its short name in a list of policies."""

    name: str
    description: str
    short: str = ""


ERROR_MODELS: Mapping[str, Believed] = {
    "met-street": Believed(
        "London's street record of 2023-24",
        "fitted to deployments of London's police; the fewest false alerts",
    ),
    "npl-2023": Believed(
        "the laboratory test of 2023",
        "a bench test with volunteers by the National Physical Laboratory",
    ),
    "trials-2016-2019": Believed(
        "the early trials of 2016-19",
        "an older matcher in the first trials; the most false alerts",
    ),
}
GROUP_DIFFERENCES: Mapping[str, Believed] = {
    "frte-median": Believed(
        "the median of many matchers",
        "the middle one of 562 matchers that NIST tested",
        "median matcher",
    ),
    "mugshot-2020": Believed(
        "a matcher on police photographs, 2020", "one matcher that NIST tested on mugshots"
    ),
    "low-differential": Believed(
        "one of the most even matchers",
        "one that errs nearly alike for all groups",
        "even matcher",
    ),
    "flat": Believed("no differences at all", "errs alike for all groups; a thought experiment"),
}


def error_model_name(name: str) -> str:
    """Return an error model in words."""
    return ERROR_MODELS[name].name


def choices(presets: Mapping[str, Believed]) -> dict[str, str]:
    """Return presets with their names as the choices of a control."""
    return {name: one.name[0].upper() + one.name[1:] for name, one in presets.items()}
