"""Policies and limits in plain words: levers, what is kept, what stands in the way.

State: none.
"""

from collections.abc import Mapping, Sequence
from math import isfinite

from sim import columns as col
from sim.analysis.ceilings import Kept, Limit, cheapest_move
from sim.words.headline import days_for, in_days
from sim.words.levers import policy_words, setting_words
from sim.words.numbers import counted, people, plain, whole
from sim.words.outcomes import outcome_name
from sim.words.ratios import base_of


def limit_words(limit: Limit) -> str:
    """Return a limit as a person would say it."""
    bound = "at least" if limit.is_floor else "at most"
    return f"{bound} {_limited(limit.outcome, limit.value)}"


def _limited(outcome: str, value: float) -> str:
    """Return a value of an outcome; of people whole people, in as many days or for as many."""
    if outcome == col.PER_TRUE_MATCH:
        base = base_of([value])
        matches = "each right match" if base == 1 else f"every {whole(base)} right matches"
        many = people(base * value)
        return f"{many} mistaken {'stop' if many == '1' else 'stops'} for {matches}"
    if outcome == col.TRUE_ALERTS:
        days = days_for([value])
        return f"{people(days * value)} {outcome_name(outcome)} {in_days(days)}"
    return f"{plain(value)} {outcome_name(outcome)}"


def means_in_days(means: Mapping[str, Sequence[float]]) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of expected counts, all in the same number of days.

    means : outcome -> expected count of one day of each policy
    """
    days = days_for(mean for column in means.values() for mean in column)
    heads = [f"{outcome_name(name)}, {in_days(days)}" for name in means]
    columns = [[people(days * mean) for mean in column] for column in means.values()]
    return heads, [list(row) for row in zip(*columns, strict=True)]


def in_ten(share: float) -> str:
    """Return a chance in tenths, or finer where it is close to none or to all.

    >>> in_ten(0.9), in_ten(0.967), in_ten(1.0), in_ten(0.0)
    ('9 in 10', '97 in 100', 'all draws', 'no draw')
    """
    if share in {0.0, 1.0}:
        return "all draws" if share else "no draw"
    tenths = 10 * share
    if abs(tenths - round(tenths)) < 1e-9:
        return f"{round(tenths)} in 10"
    return f"{round(100 * share)} in 100"


def limits_headline(kept: Kept) -> str:
    """Return how many policies keep all limits, and if none, which comes nearest."""
    count, meeting = len(kept.chance_all), int(kept.meets.sum())
    asked = " and ".join(limit_words(limit) for limit in kept.limits)
    if meeting:
        return (
            f"{whole(meeting)} of {counted(count, 'policy', 'policies')} "
            f"{'keeps' if meeting == 1 else 'keep'} to {asked}, each in at least "
            f"{in_ten(kept.sure)} of the cases that we think possible."
        )
    return (
        f"None meets these: no policy of {whole(count)} keeps to {asked} in "
        f"{in_ten(kept.sure)} of the cases that we think possible. The nearest does so in "
        f"{in_ten(float(kept.chance_all[kept.nearest]))}: "
        f"{policy_words(kept.table.policy(kept.nearest))}."
    )


def lit_heading(shown: int, of: int) -> str:
    """Return the heading of the list of policies that keep all limits."""
    if shown == of == 1:
        return "The policy that is lit"
    return f"The {counted(shown, 'lit policy', 'lit policies')} with most right matches, of {of:,}"


def obstacle_words(kept: Kept, place: int) -> list[str]:
    """Return what keeps a policy from keeping all limits, and the cheapest step towards it."""
    if kept.binding[place] < 0:
        return ["It keeps every limit in every case that we think possible."]
    lines = []
    binding = int(kept.binding[place])
    if len(kept.limits) > 1:
        without = in_ten(float(kept.chance_without[place, binding]))
        lines.append(
            f"What stands in its way most is “{limit_words(kept.limits[binding])}”: without that "
            f"limit it would keep the others in {without}."
        )
    move = cheapest_move(kept, place)
    if move is None:
        lines.append("No single step to another policy of the study raises that chance.")
        return lines
    price = "at no loss of right matches"
    if move.cost > 0 and isfinite(move.cost):
        price = f"for {plain(move.cost)} fewer right matches a deployment"
    lines.append(
        f"The cheapest step from it: {setting_words(move.lever, move.value)}, which raises the "
        f"chance from {in_ten(float(kept.chance_all[place]))} to "
        f"{in_ten(float(kept.chance_all[move.to]))}, {price}."
    )
    return lines
