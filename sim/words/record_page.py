"""The Record page in words: what was predicted of real deployments, and a visitor's own log.

Answers are mappings as ``passerby record --json`` gives them; ``Held`` counts come from
``sim.record.own_log``.

State: none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.words.numbers import counted, plain, whole
from sim.words.outcomes import outcome_name

Held = tuple[int, int]  # deployments inside their range, and of how many
MOST_NAMED = 10
_SIDES = {"above": "more", "below": "fewer"}


def record_headline(alerts: Held, arrests: Held) -> str:
    """Say how many deployments lay in their range, alerts and arrests."""
    return (
        f"Of {alerts[1]} real deployments, {alerts[0]} had as many alerts as predicted and "
        f"{arrests[0]} of {arrests[1]} as many arrests: inside a range meant to hold 8 of 10. "
        "(Ranges of whole counts hold a few more than they say; the table below corrects for that.)"
    )


def compared_sentence(answer: Mapping[str, Any]) -> str:
    """Say how the model does beside the two simple rules."""
    alerts = answer["outcomes"]["alerts"]
    rules = alerts["baselines"]
    return (
        "These are the deployments of London’s police from September to December 2024, predicted "
        f"from the {answer['train']['rows']} before them. Ranges that are too wide or that "
        f"miss cost points: for alerts the model has {plain(alerts['interval_score'])} (fewer is "
        f"better), “always the same for each face” {plain(rules['per_face'])} and “always the "
        f"same for each hour” {plain(rules['per_hour'])}."
    )


def about_false_alerts(answer: Mapping[str, Any]) -> str:
    """Say what so few false alerts can show."""
    told = answer["outcomes"]["false_alerts"]
    facts = answer["log"]["false_alerts_a_face"]
    rate = ""
    if facts is not None:
        rate = (
            f" Among {whole(facts['of'])} faces, the true rate could be as high as 1 in "
            f"{plain(1 / facts['high'])}."
        )
    return (
        f"The police published {counted(told['events'], 'false alert')} in these {told['rows']} "
        "deployments. That cannot show that the prediction is good: nearly every range is “none”, "
        f"and a model wrong threefold would look alike.{rate} Who was missed, and who was stopped "
        "by mistake, is not in the record."
    )


def deployments_title(outcome: str, held: Held, wide: int) -> str:
    """Return the finding of the chart of deployments."""
    return (
        f"{outcome_name(outcome).capitalize()}: {held[0]} of {held[1]} deployments in the range "
        f"for 80 in 100, {wide} in the one for 95"
    )


def misses_sentence(outcome: str, *, narrow: int, of: int, out: Sequence[Mapping[Any, Any]]) -> str:
    """Name the deployments outside their wider range, and count those outside the narrower one.

    out : name, seen, low_95, high_95 and side_95 of those outside the wider range
    """
    first = f"Outside the range for 80 in 100: {whole(narrow)} of {of} deployments. "
    if not out:
        return f"{first}No count of {outcome_name(outcome)} lies outside the range for 95 in 100."
    named = [
        f"{row['name']} ({row['seen']:.0f}, {_SIDES[row['side_95']]} than the "
        f"{row['low_95']:.0f} to {row['high_95']:.0f} predicted)"
        for row in out[:MOST_NAMED]
    ]
    more = "" if len(out) <= len(named) else f" and {len(out) - len(named)} more"
    return f"{first}Misses, outside the range for 95 in 100: {'; '.join(named)}{more}."


def coverage_words(share: float) -> str:
    """Return how often a range held what happened."""
    return f"{100 * share:.0f} in 100" if round(100 * share) else "none"


def own_sentence(answer: Mapping[str, Any], held: Iterable[Held]) -> str:
    """Say in one line what a log holds and how many of its counts were foreseen."""
    said = f"Your log: {counted(answer['test']['rows'], 'deployment')}"
    for name, count in answer["log"]["totals"].items():
        if count is not None:
            noun = outcome_name(name)
            said += f", {counted(count, noun.removesuffix('es' if 'match' in noun else 's'), noun)}"
    if not answer["outcomes"]:
        return f"{said}. Nothing in it could be held against a prediction."
    out = sum(of - inside for inside, of in held)
    lies = "lies" if out == 1 else "lie"
    return f"{said}. {counted(out, 'count').capitalize()} {lies} outside the range for 95 in 100."
