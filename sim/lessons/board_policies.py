"""Lesson 3, the oversight board: the dozen policies it can choose from, and what each brings.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.answer.result import Result
from sim.lessons import street_numbers as ask
from sim.scenario.schema import Scenario
from sim.words.error_models import GROUP_DIFFERENCES

TODAY = "npl-2023"  # of the three accounts the one between the others
THRESHOLDS = (0.60, 0.62, 0.64)
LISTS = {7292: "long list", 1500: "short list"}
MATCHERS = ("frte-median", "low-differential")
MISTAKEN, RATIO, SCANNED = "mistaken", "ratio", "scanned"  # the screens of the ceilings
CEILINGS = ("mistakes", "difference", "people scanned")  # in the order of GUESSED
GUESSED = (MISTAKEN, RATIO, SCANNED)
NO_CAMERAS = "No cameras"


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the dozen policies that the board can choose from."""

    threshold: float
    list_size: int
    matcher: str

    @property
    def words(self) -> str:
        """Return the policy in words."""
        return f"threshold {self.threshold:.2f}, {LISTS[self.list_size]}, {self._matcher}"

    @property
    def _matcher(self) -> str:
        return GROUP_DIFFERENCES[self.matcher].short

    def scenario(self) -> Scenario:
        """Return the policy on the first place's street."""
        return ask.street(
            ask.error_rates(TODAY),
            ask.threshold(self.threshold),
            ask.list_size(self.list_size),
            ask.matcher(self.matcher),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What a policy brings: the three numbers that have ceilings, and right matches."""

    policy: Policy
    answer: Result
    mistaken: ask.Found
    ratio: ask.Found
    scanned: ask.Found

    def over(self, ceilings: Sequence[float]) -> tuple[str, ...]:
        """Return the names of the ceilings that the central numbers are above."""
        found = (self.mistaken, self.ratio, self.scanned)
        named = zip(CEILINGS, found, ceilings, strict=True)
        return tuple(name for name, number, ceiling in named if number.value > ceiling)

    def chance(self, ceilings: Sequence[float]) -> float:
        """Return the share of draws of what is not known in which all three are kept."""
        mistaken, ratio, scanned = ceilings
        return ask.chance_within(self.answer, mistaken=mistaken, ratio=ratio, scanned=scanned)


def policies() -> tuple[Policy, ...]:
    """Return the dozen."""
    return tuple(
        Policy(threshold, size, matcher)
        for threshold in THRESHOLDS
        for size in LISTS
        for matcher in MATCHERS
    )


@lru_cache(maxsize=1)
def measured() -> tuple[Measured, ...]:
    """Return what each policy brings, on the same people."""
    rows = []
    for policy in policies():
        answer = ask.found(policy.scenario())
        rows.append(
            Measured(
                policy,
                answer,
                ask.mistaken_of_100_matches(answer),
                ask.disparity(answer),
                ask.scanned_a_match(answer),
            )
        )
    return tuple(rows)


def options() -> tuple[Policy, ...]:
    """Return the policies on the ballot: all thresholds, lists and matchers are among them."""
    found = policies()
    return found[0], found[3], found[5], found[9], found[11]


def ballot() -> tuple[str, ...]:
    """Return what can be voted for; no cameras is always among it."""
    return (NO_CAMERAS, *(policy.words for policy in options()), "Not yet: ask for more evidence")


def streets() -> Mapping[str, Scenario]:
    """Return the one street that all policies share."""
    return {"as it was": ask.street()}
