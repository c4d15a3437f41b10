"""How much must be seen before a difference between groups, or a rate that is too high, shows.

Answers for planning: how many false alerts, and so how many scans, until a given disparity would
be found; the smallest disparity that given numbers could have shown; after how many false alerts
a force that claims a rate should pause.

State:    none.
Evidence: docs/model/rare-events.md, with the equations D1 to D4.
"""

from dataclasses import dataclass
from math import log
from typing import NamedTuple

from scipy.stats import poisson

from sim.analysis.intervals import (
    binomial_disparity,
    detection_power,
    events_needed,
)


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes to see a disparity.

    false_alerts : smallest number, of both groups together, with at least the power asked for
    scans        : faces scanned until so many are expected
    power        : chance that the exact test finds it in so many false alerts
    """

    false_alerts: int
    scans: float
    power: float


class PauseLimit(NamedTuple):
    """Pause if the n-th false alert (``false_alerts``) comes within so many ``scans``."""

    false_alerts: int
    scans: float


def scans_needed(
    ratio: float, share: float, rate: float, *, level: float = 0.95, power: float = 0.8
) -> Needed:
    """Return how many false alerts and scans show a disparity (D1, D2).

    ratio : false alerts a scan in the group over those of everybody else
    share : of the group among those scanned
    rate  : false alerts a scan, over everybody
    """
    if not 0 < rate <= 1:
        raise ValueError(f"need a rate above 0 and at most 1, got {rate}")
    events = events_needed(share, ratio, level=level, power=power)
    return Needed(events, events / rate, detection_power(events, share, ratio, level=level))


def smallest_detectable(
    false_alerts: int, share: float, *, level: float = 0.95, power: float = 0.8
) -> float:
    """Return the smallest ratio above 1 that so many false alerts would have shown; inf if none."""
    return binomial_disparity(false_alerts, share, level=level, power=power)


def pause_limits(
    rate: float, *, ratio: float, most: int, level: float = 0.95, power: float = 0.8
) -> list[PauseLimit]:
    """Return Wald's limits for a rate that is claimed, against one ``ratio`` times as high (D3).

    With rate r claimed, after n false alerts in s scans the evidence that the rate is ratio * r is
    n log(ratio) - (ratio - 1) r s; the force should pause when it reaches log(power / (1 - level)).
    A force whose claim is true then pauses at some time with a chance of at most (1 - level) /
    power. Limits of fewer false alerts than can ever reach it are left out.
    """
    if not (rate > 0 and ratio > 1):
        raise ValueError(f"need rate > 0 and ratio > 1, got {rate} and {ratio}")
    wanted = log(power / (1 - level))
    limits = []
    for count in range(1, most + 1):
        scans = (count * log(ratio) - wanted) / ((ratio - 1) * rate)
        if scans > 0:
            limits.append(PauseLimit(count, scans))
    return limits


def too_many(scans: float, rate: float, *, level: float = 0.95) -> int:
    """Return from how many false alerts on a claimed rate is rejected after ``scans`` (D4).

    One look, one-sided: the smallest n with P(N >= n) <= 1 - level for a Poisson mean rate * scans.
    """
    if not (scans > 0 and rate > 0):
        raise ValueError(f"need scans > 0 and rate > 0, got {scans} and {rate}")
    return int(poisson.isf(1 - level, rate * scans)) + 1
