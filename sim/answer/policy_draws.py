"""A policy under every draw of what is not known: what is expected, and how far it may lie off.

The estimate of a count is its mean over the draws, that of a ratio the ratio of those means
(docs/decisions/0019-one-meaning-of-expected.md).

State:  none.
Shapes: draws ``(j,)``, groups ``(40,)``, events ``(e,)``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.answer.expected import EVENTS, Expected
from sim.answer.policy_score import PolicyScore, policy_score
from sim.answer.walked_street import WalkedStreet
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PolicyDraws:
    """The scores of one policy, a row a draw of the assumptions.

    people, faces                       : (40,) who walk past, and who have a usable face
    false_alerts, true_alerts, mistaken : (j, 40)
    events                              : (j, e)
    """

    people: Floats
    faces: Floats
    staff_hours: float
    false_alerts: Floats
    true_alerts: Floats
    mistaken: Floats
    events: Floats

    def __len__(self) -> int:
        """Return how many draws there are."""
        return len(self.events)

    @property
    def mean(self) -> Expected:
        """What is expected: the mean over the draws."""
        return Expected(
            people=float(self.people.sum()),
            staff_hours=self.staff_hours,
            faces=self.faces,
            false_alerts=self.false_alerts.mean(axis=0),
            true_alerts=self.true_alerts.mean(axis=0),
            mistaken=self.mistaken.mean(axis=0),
            events=self.events.mean(axis=0),
        )

    def event(self, name: str) -> Floats:
        """Return one of the events under each draw, ``(j,)``."""
        return np.asarray(self.events[:, EVENTS.index(name)])


def policy_draws(
    street: WalkedStreet, scenario: Scenario, believed: Iterable[Beliefs]
) -> PolicyDraws:
    """Score a policy on a walk under each of several sets of beliefs."""
    scores: list[PolicyScore] = [policy_score(street, scenario, one) for one in believed]
    policy = scenario.policy
    return PolicyDraws(
        people=street.people,
        faces=street.faces,
        staff_hours=(policy.officers + policy.operators) * policy.hours,
        false_alerts=np.array([score.false_alerts for score in scores]),
        true_alerts=np.array([score.true_alerts for score in scores]),
        mistaken=np.array([score.mistaken for score in scores]),
        events=np.array([score.events for score in scores]),
    )
