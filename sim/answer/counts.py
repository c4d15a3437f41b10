"""What a run counts: every event and burden with its two spreads, and the four denominators.

A *true match* is a true alert. The headline is mistaken stops per true match, a ratio of totals;
the same mistaken stops are always shown by face scanned, by alert and by stop as well.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim import columns as col
from sim.analysis.intervals import upper_bound_for_zero
from sim.analysis.outcomes import (
    CORRECT_STOPS,
    MISTAKEN_STOP,
    Spread,
    count_spread,
    counts_by_draw,
    quantile_interval,
    ratio_spread,
    sums_by_draw,
)
from sim.answer.unknowns import response_chances
from sim.kernels.draws import ASSUMPTION, uniforms
from sim.scenario.beliefs import Beliefs

if TYPE_CHECKING:
    from sim.answer.single import Result

Floats = NDArray[np.float64]

DENOMINATORS = {
    "per_true_match": "mistaken stops per true match",
    "per_million_faces": "mistaken stops per million faces scanned",
    "per_alert": "mistaken stops per alert",
    "per_stop": "mistaken stops per stop",
}
STOP_NAMES = {
    "mistaken": (MISTAKEN_STOP,),
    "correct": CORRECT_STOPS,
    "no_action": ("no further action",),
    "out_of_date": ("out of date",),
    "arrests": ("arrest",),
}
MISSED = ("unread", "dismissed", "no officer", "lost")
BURDENS = ("minutes_of_mistaken_stops", "witnesses", "officer_hours_on_alerts")
_LUCK = (2, 3)  # the k, within ASSUMPTION, of the luck of numerator and denominator
_DAY = 6  # the k of a deployment's own rate


@dataclass(frozen=True, slots=True)
class Count:
    """A counted quantity.

    estimate : expected value under the central assumptions
    sampled  : (draws,) value in each response draw
    means    : (j,) expected value under each draw of the assumptions
    of_false : (j,) the part of ``means`` that false alerts bring: it differs between deployments
    """

    estimate: float
    sampled: Floats
    means: Floats
    of_false: Floats


def counts(result: "Result") -> dict[str, Count]:
    """Return alerts, outcomes and burdens, each with its draws and its beliefs."""
    unknown, chances = result.unknown, result.unknown.chances
    false_j, true_j = unknown.false_alerts.sum(axis=1), unknown.true_alerts.sum(axis=1)
    own = response_chances(
        result.scenario, result.believed, result.false_alerts, result.crowding_ratio
    )
    found = relative(chances.found, own.found)
    if_mistaken = false_j * result.if_false.share[MISTAKEN_STOP]
    if_mistaken = if_mistaken * found * relative(chances.pursued_false, own.pursued_false)
    if_correct = true_j * sum(result.if_true.share[name] for name in CORRECT_STOPS)
    if_correct = if_correct * found * relative(chances.pursued_true, own.pursued_true)
    rest = 1 - chances.arrest_share - chances.out_of_date_share
    means: dict[str, Floats] = {
        "mistaken": if_mistaken,
        "correct": if_correct,
        "arrests": if_correct * chances.arrest_share,
        "out_of_date": if_correct * chances.out_of_date_share,
        "no_action": if_correct * rest,
    }
    none_j = np.zeros_like(false_j)
    table, draws = result.alerts, result.draws
    is_true = table[col.IS_TRUE].to_numpy()
    drawn = table[col.DRAW].to_numpy()

    def shares(names: Sequence[str]) -> tuple[float, float]:
        first, second = (
            float(sum(fates.share[name] for name in names))
            for fates in (result.if_false, result.if_true)
        )
        return first, second

    def alerts(which: NDArray[np.bool_]) -> Floats:
        return np.bincount(drawn[which], minlength=draws).astype(np.float64)

    def expected(if_false: float, if_true: float) -> float:
        return result.false_alerts * if_false + result.true_alerts * if_true

    found_counts = {
        "false_alerts": Count(result.false_alerts, alerts(~is_true), false_j, false_j),
        "true_alerts": Count(result.true_alerts, alerts(is_true), true_j, none_j),
    }
    for name, outcomes in STOP_NAMES.items():
        found_counts[name] = Count(
            expected(*shares(outcomes)),
            counts_by_draw(table, draws, outcomes),
            means[name],
            if_mistaken if name == "mistaken" else none_j,
        )
    for outcome in MISSED:
        if_false, if_true = shares((outcome,))
        found_counts[outcome] = Count(
            expected(if_false, if_true),
            counts_by_draw(table, draws, (outcome,)),
            false_j * if_false + true_j * if_true,
            false_j * if_false,
        )
    mistaken_minutes = table.loc[table[col.OUTCOME] == MISTAKEN_STOP]
    per_mistaken = result.if_false.added[col.STOP_MINUTES]
    minutes = result.false_alerts * per_mistaken
    minutes_j = _scaled(if_mistaken, found_counts["mistaken"].estimate, minutes)
    found_counts["minutes_of_mistaken_stops"] = Count(
        minutes, sums_by_draw(mistaken_minutes, draws, col.STOP_MINUTES), minutes_j, minutes_j
    )
    for name, column, unit in (
        ("witnesses", col.WITNESSES, 1.0),
        ("officer_hours_on_alerts", col.OFFICER_MINUTES, 60.0),
    ):
        if_false, if_true = (f.added[column] / unit for f in (result.if_false, result.if_true))
        found_counts[name] = Count(
            expected(if_false, if_true),
            sums_by_draw(table, draws, column) / unit,
            false_j * if_false + true_j * if_true,
            false_j * if_false,
        )
    return found_counts


def relative(chance: Floats, own: float) -> Floats:
    """Return chances relative to the central one; zero where that is: nothing is there to scale."""
    return chance / own if own > 0 else np.zeros_like(chance)


def _scaled(means: Floats, estimate: float, target: float) -> Floats:
    """Return ``means`` scaled so that ``estimate`` becomes ``target``; zeros stay zeros."""
    return means * (target / estimate) if estimate > 0 else means


def spreads(result: "Result") -> dict[str, Spread]:
    """Return every count with its spreads, and mistaken stops by the four denominators."""
    rows = len(result.unknown.false_alerts)
    return spreads_of(
        counts(result),
        faces=float(np.count_nonzero(result.passages.usable)),
        level=result.level,
        luck=assumption_luck(result.scenario.run.seed, rows),
        day=day_factors(result),
    )


def spreads_of(
    counted: Mapping[str, Count],
    *,
    faces: float,
    level: float,
    luck: tuple[Floats, Floats],
    day: Floats,
) -> dict[str, Spread]:
    """Return counts with their spreads, and mistaken stops by the four denominators.

    luck : (j,) uniforms of each draw of the assumptions, for numerators and denominators
    day  : (j,) this deployment's own rate of false alerts
    """
    found = {
        name: _amount_spread(c, level)
        if name in BURDENS
        else count_spread(
            c.estimate, c.sampled, c.means, c.means + c.of_false * (day - 1), luck[0], level
        )
        for name, c in counted.items()
    }
    mistaken = counted["mistaken"]
    below = {
        "per_true_match": counted["true_alerts"],
        "per_alert": _sum(counted["true_alerts"], counted["false_alerts"]),
        "per_stop": _sum(counted["correct"], mistaken),
    }
    for name, denominator in below.items():
        found[name] = ratio_spread(
            (mistaken.estimate, mistaken.sampled, mistaken.means),
            (denominator.estimate, denominator.sampled, denominator.means),
            luck,
            level,
        )
    if faces > 0:
        millions = faces / 1e6
        scaled = Count(
            mistaken.estimate / millions,
            mistaken.sampled / millions,
            mistaken.means / millions,
            mistaken.of_false,
        )
        found["per_million_faces"] = _amount_spread(scaled, level)
    else:
        nothing = (np.nan, np.nan)
        found["per_million_faces"] = Spread(np.nan, nothing, nothing, nothing)
    return found


def _sum(first: Count, second: Count) -> Count:
    return Count(
        first.estimate + second.estimate,
        first.sampled + second.sampled,
        first.means + second.means,
        first.of_false + second.of_false,
    )


def _amount_spread(counted: Count, level: float) -> Spread:
    """Return the spread of a quantity that is not a count: luck from the draws alone."""
    luck = quantile_interval(counted.sampled, level)
    unknown = quantile_interval(counted.means, level)
    return Spread(
        counted.estimate, luck, unknown, (min(luck[0], unknown[0]), max(luck[1], unknown[1]))
    )


def at_most(result: "Result", name: str, mean: float) -> float | None:
    """Return how large a mean of zero may be: the bound that the alerts with no such fate leave.

    None where the mean is not zero or is no count of alerts; 0 where it can only be zero.
    """
    if mean != 0:
        return None
    if result.false_alerts + result.true_alerts == 0:
        return 0.0
    policy = result.scenario.policy
    nobody_there = not (policy.operators and policy.officers)
    needs_somebody = {*STOP_NAMES, *BURDENS, "lost"}
    if name in {"false_alerts", "true_alerts"} or (nobody_there and name in needs_somebody):
        return 0.0
    if name in BURDENS:
        return None
    kinds = [(result.false_alerts, result.if_false), (result.true_alerts, result.if_true)]
    if name in STOP_NAMES:
        kinds = kinds[:1] if name == "mistaken" else kinds[1:]
    return sum(
        alerts * upper_bound_for_zero(fates.alerts, result.level)
        for alerts, fates in kinds
        if fates.alerts > 0
    )


def day_factors(result: "Result") -> Floats:
    """Return a gamma factor, mean 1, for each draw of the assumptions: this deployment's own rate.

    False alerts differ between real deployments more than their number explains
    (``matching.deployment_dispersion``, the variance of the factor).
    """
    return day_factors_of(
        result.scenario.run.seed,
        result.believed,
        result.unknown.values,
        len(result.unknown.false_alerts),
    )


def day_factors_of(
    seed: int, believed: Beliefs, values: Mapping[str, Floats], draws: int
) -> Floats:
    """Return the factors from the values drawn for the assumptions, ``(draws,)`` each."""
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


def no_true_match_chance(result: "Result") -> float:
    """Return the chance that a deployment brings no true match at all, assumptions held."""
    listed = result.scored.p_listed * result.scored.p_true
    return float(np.exp(np.log1p(-listed).sum()))
