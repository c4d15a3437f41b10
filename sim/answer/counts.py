"""What a run counts: every event and burden with its two spreads, and the four denominators.

A *true match* is a true alert. The headline is mistaken stops per true match, a ratio of totals;
the same mistaken stops are always shown by face scanned, by alert and by stop as well.

State:  none.
Shapes: draws of the assumptions ``(j,)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.analysis.intervals import upper_bound_for_zero
from sim.analysis.outcomes import (
    Spread,
    amount_spread,
    count_spread,
    poisson_counts,
    ratio_spread,
)
from sim.answer.expected import EVENTS, FATES
from sim.answer.policy_draws import PolicyDraws
from sim.answer.policy_score import PLAYED_ALERTS
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Policy

Floats = NDArray[np.float64]

DENOMINATORS = ("per_true_match", "per_million_faces", "per_alert", "per_stop")
STOPS = ("mistaken", "correct", "no_action", "out_of_date", "arrests")
BURDENS = EVENTS[-2:]  # amounts that come with counted events
_SAMPLED_LUCK = (10, 11)  # the k, within ASSUMPTION, of one deployment's true and false alerts
_LUCK = (2, 3)  # likewise of the luck of numerator and denominator in each draw
_DAY = 6  # the k of a deployment's own rate


@dataclass(frozen=True, slots=True)
class Count:
    """A counted quantity.

    sampled  : (j,) what one deployment may show if the estimate is right
    means    : (j,) expected value under each draw of the assumptions
    of_false : (j,) the part of ``means`` that false alerts bring: it differs between deployments
    """

    sampled: Floats
    means: Floats
    of_false: Floats

    @property
    def estimate(self) -> float:
        """What is expected: the mean over the draws."""
        return float(self.means.mean())

    def __add__(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(
            self.sampled + other.sampled, self.means + other.means, self.of_false + other.of_false
        )

    def times(self, factor: float) -> "Count":
        """Return so many times as much."""
        return Count(self.sampled * factor, self.means * factor, self.of_false * factor)


def counts(drawn: PolicyDraws, seed: int) -> dict[str, Count]:
    """Return alerts, outcomes and scored burdens, each with its luck and its beliefs (S7).

    Luck is Poisson about what is expected, the same luck for all events of one kind of alert.
    """
    rows = np.arange(len(drawn))
    coins = {
        is_false: uniforms(seed, ASSUMPTION, rows, k)
        for is_false, k in zip((False, True), _SAMPLED_LUCK, strict=True)
    }
    found: dict[str, Count] = {}
    for name in EVENTS[: -len(BURDENS)]:
        is_false = name == "mistaken" or name.startswith("false_")
        means = drawn.event(name)
        held = np.full(len(drawn), means.mean())
        sampled = poisson_counts(held, coins[is_false])
        found[name] = Count(sampled, means, means if is_false else np.zeros_like(means))
    for fate in FATES:
        found[fate] = found[f"false_{fate}"] + found[f"true_{fate}"]
    stops = found["mistaken"] + found["correct"]
    minutes, hours = BURDENS
    found[minutes] = _as_many(drawn.event(minutes), found["mistaken"])
    found[hours] = _as_many(drawn.event(hours), stops)
    return found


def _as_many(means: Floats, of: Count) -> Count:
    """Return an amount that comes with counted events: its luck is theirs, each as the mean one."""
    each = means.mean() / of.estimate if of.estimate > 0 else 0.0
    share = np.divide(of.of_false, of.means, out=np.zeros_like(means), where=of.means > 0)
    return Count(of.sampled * each, means, means * share)


def spreads(
    counted: Mapping[str, Count], *, faces: float, day: Floats, seed: int, level: float
) -> dict[str, Spread]:
    """Return every count with its spreads, and mistaken stops by the four denominators.

    day : (j,) this deployment's own rate of false alerts, from ``day_factors``
    """
    luck = assumption_luck(seed, len(day))
    found = {
        name: amount_spread(count.sampled, count.means, level)
        if name in BURDENS
        else count_spread(
            count.sampled, count.means, count.means + count.of_false * (day - 1), luck[0], level
        )
        for name, count in counted.items()
    }
    mistaken = counted["mistaken"]
    below = {
        "per_true_match": counted["true_alerts"],
        "per_alert": counted["true_alerts"] + counted["false_alerts"],
        "per_stop": counted["correct"] + mistaken,
    }
    for name, of in below.items():
        found[name] = ratio_spread(
            (mistaken.sampled, mistaken.means), (of.sampled, of.means), luck, level
        )
    a_million = mistaken.times(1e6 / faces if faces else nan)
    found["per_million_faces"] = amount_spread(a_million.sampled, a_million.means, level)
    return found


def at_most(counted: Mapping[str, Count], name: str, policy: Policy, level: float) -> float | None:
    """Return how large a mean of zero may be: the bound that the alerts with no such fate leave.

    None where the mean is not zero; 0 where it can only be zero.
    """
    if counted[name].estimate != 0:
        return None
    nobody_there = not (policy.operators and policy.officers)
    needs_somebody = {*STOPS, *BURDENS, "lost"}
    if nobody_there and name in needs_somebody:
        return 0.0
    if name in FATES or name in {"mistaken", "correct"}:
        alerts = {"mistaken": ("false_alerts",), "correct": ("true_alerts",)}.get(
            name, ("false_alerts", "true_alerts")
        )
        total = sum(counted[each].estimate for each in alerts)
        return total * upper_bound_for_zero(PLAYED_ALERTS, level)
    return 0.0


def day_factors(seed: int, believed: Beliefs, values: Mapping[str, Floats], draws: int) -> Floats:
    """Return a gamma factor, mean 1, for each draw of the assumptions: a deployment's own rate.

    False alerts differ between real deployments more than their number explains
    (``matching.deployment_dispersion``, the variance of the factor).
    """
    rows = np.arange(draws)
    name = "matching.deployment_dispersion"
    variance = values.get(name, np.full(draws, believed.value(name)))
    if not variance.any():
        return np.ones(draws)
    draw = uniforms(seed, ASSUMPTION, rows, _DAY)
    return np.asarray(gammaincinv(1 / variance, draw) * variance)


def assumption_luck(seed: int, draws: int) -> tuple[Floats, Floats]:
    """Return the luck of numerator and denominator in each draw of the assumptions."""
    rows = np.arange(draws)
    first, second = (uniforms(seed, ASSUMPTION, rows, k) for k in _LUCK)
    return first, second
