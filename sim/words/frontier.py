"""Which policies are beaten by none, and which keep limits: on a terminal.

State: none; functions take the JSON object of ``passerby frontier``.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.words.numbers import counted, number, per_cent, plain, upper_end
from sim.words.outcomes import outcome_name
from sim.words.terminal_layout import table, titled
from sim.words.value_of_information import value_of

SHOWN = 12
FEW_DRAWS = 20


def frontier_page(answer: Mapping[str, Any]) -> RenderableType:
    """Return the policies that none beats, then the limits if any were set, then what to know."""
    parts: list[RenderableType] = [
        Text(f"{answer['study']}: {answer['title']}", style="bold"),
        Text(),
        _frontier_table(answer),
    ]
    parts += [Text(line) for line in sentences(answer)]
    if "limits" in answer:
        parts += [Text(), _limits_table(answer)]
        parts += [Text(line) for line in limit_sentences(answer)]
    parts += [Text(line, style="dim") for line in notes(answer)]
    return Group(*parts)


def with_sentences(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with its sentences and notes, for those who read it as JSON."""
    found = {**answer, "sentences": sentences(answer), "notes": notes(answer)}
    if "limits" in answer:
        found["limits"] = {**answer["limits"], "sentences": limit_sentences(answer)}
    return found


def sentences(answer: Mapping[str, Any]) -> list[str]:
    """Return how many policies none beats, and how sure that is."""
    policies = answer["policies"]
    on_means = sum(one["is_not_beaten"] for one in policies)
    never = sum(one["not_beaten"]["chance"] == 0 for one in policies)
    goals = ", ".join(
        f"{outcome_name(name)} ({way} is better)" for name, way in answer["objectives"].items()
    )
    lines = [
        f"On average {on_means:,} of {counted(len(policies), 'policy', 'policies')} "
        f"{'is' if on_means == 1 else 'are'} beaten by none on: {goals}. Which of them to prefer "
        "is a judgement that no table makes."
    ]
    if answer["draws"] > 1:
        lines.append(
            f"{never:,} are beaten in every one of {answer['draws']:,} draws of what is not known."
        )
    return lines


def limit_sentences(answer: Mapping[str, Any]) -> list[str]:
    """Return which policies meet the limits, what binds and what would relax it cheapest."""
    given = answer["limits"]
    asked = " and ".join(given["limits"])
    lines = []
    if given["meeting"]:
        best = answer["policies"][given["best"]]
        lines.append(
            f"{len(given['meeting']):,} of {len(answer['policies']):,} policies keep {asked} with "
            f"a chance of {per_cent(given['sure'])} or more. Of them the one with most "
            f"{outcome_name(given['price'])}: {policy_words(best)}."
        )
    else:
        nearest = answer["policies"][given["nearest"]]
        lines.append(
            f"None meets these: no policy keeps {asked} with a chance of "
            f"{per_cent(given['sure'])} or more. Nearest is {policy_words(nearest)}, with "
            f"{_share(nearest['limits']['all'])}: {_misses(nearest)}."
        )
    shown = answer["policies"][given["best"] if given["meeting"] else given["nearest"]]
    if not given["meeting"] or shown["limits"]["all"]["chance"] < 1:
        lines += _relaxing(answer, shown)
    if not given["has_floor"]:
        lines.append(
            "No deployment at all meets every ceiling for certain, and finds nobody: a floor, such "
            "as --floor true_alerts=0.5, says what must be gained."
        )
    return lines


def notes(answer: Mapping[str, Any]) -> list[str]:
    """Return what the reader must know of the numbers: how many draws, and what was left out."""
    lines = [
        f"{counted(answer['draws'], 'draw')} of {counted(len(answer['unknowns']), 'assumption')}, "
        "the same for every policy; below a mean stands the range of 95 % of draws, beside a "
        "chance the 95 % interval that so few draws leave."
    ]
    if answer["averaged_over"]:
        lines.append(
            f"Draws also vary what no force chooses: {', '.join(answer['averaged_over'])}."
        )
    if not answer["unknowns"]:
        lines.append("The study varies no assumption: nothing here says how sure any of it is.")
    elif answer["is_grid"]:
        lines.append(
            "Assumptions took their ends and middles, all combined: shares of those are no "
            "chances. Use design: {kind: full-factorial, draws: 100} for chances."
        )
    elif answer["draws"] < FEW_DRAWS:
        lines.append(f"Fewer than {FEW_DRAWS} draws: the chances are coarse.")
    undefined = {
        name: sum(one["objectives"][name]["undefined_draws"] for one in answer["policies"])
        for name in answer["objectives"]
    }
    for name, count in undefined.items():
        if count:
            lines.append(
                f"{outcome_name(name)} has no value in {count:,} of "
                f"{answer['draws'] * len(answer['policies']):,} cases (nobody to compare); it then "
                "counts as no harm, and as no benefit."
            )
    left = answer["left_out"]
    if left["failed_rows"]:
        lines.append(f"{left['failed_rows']:,} rows failed and are left out.")
    if left["draws"]:
        lines.append(f"{counted(left['draws'], 'draw')} left out, as some policy lacks them.")
    if left["policies"]:
        named = "; ".join(_values(policy) for policy in left["policies"][:SHOWN])
        lines.append(
            f"{counted(len(left['policies']), 'policy', 'policies')} left out, with too few draws: "
            f"{named}{' ...' if len(left['policies']) > SHOWN else ''}."
        )
    return lines


def policy_words(one: Mapping[str, Any]) -> str:
    """Return a policy's lever values as words."""
    return _values(one["policy"])


def _relaxing(answer: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    given, own = answer["limits"], one["limits"]
    lines = []
    if len(given["limits"]) > 1 and own["binding"] is not None:
        each = own["each"][own["binding"]]
        lines.append(
            f"For it {each['limit']} binds: without that limit it would keep the rest with a "
            f"chance of {per_cent(each['chance_without'])}. In the whole study "
            f"{given['limits'][given['binding']]} binds: without it "
            f"{given['admitted_without'][given['binding']]:,} policies would meet the rest."
        )
    move = own["cheapest_move"]
    if move is None:
        lines.append("No step to a neighbouring policy of the study raises its chance.")
    else:
        price = outcome_name(given["price"])
        pays = (
            f"at no loss of {price}"
            if move["cost"] <= 0
            else f"for {plain(move['cost'])} {price} fewer a deployment"
        )
        lines.append(
            f"The cheapest step from it: {move['lever']} to {value_of(move['value'])}, which "
            f"raises the chance of keeping all by {per_cent(move['gain'])}, {pays}."
        )
    return lines


def _misses(one: Mapping[str, Any]) -> str:
    said = []
    for each in one["limits"]["each"]:
        mean = "without a value or without limit" if each["mean"] is None else plain(each["mean"])
        said.append(f"{each['limit']} is kept in {_share(each)}, on average it is {mean}")
    return "; ".join(said)


def _frontier_table(answer: Mapping[str, Any]) -> RenderableType:
    goals = list(answer["objectives"])
    headings = [outcome_name(name).replace(" ", "\n") for name in goals]
    made = table(["no.", *headings, "none\nbeats it"])
    policies = answer["policies"]
    order = [place for place, one in enumerate(policies) if one["is_not_beaten"]]
    order.sort(key=lambda place: -policies[place]["not_beaten"]["chance"])
    for place in order[:SHOWN]:
        one = policies[place]
        made.add_row(
            f"{place}",
            *(_mean(one["objectives"][name]) for name in goals),
            _share(one["not_beaten"]).replace(" (", "\n("),
        )
    rest = len(order) - SHOWN
    parts: list[RenderableType] = [titled("Policies that none beats, on average", made)]
    parts += [Text(f"{place}: {policy_words(policies[place])}") for place in order[:SHOWN]]
    if rest > 0:
        parts.append(Text(f"{rest:,} more: --json or --out FILE.csv has all.", style="dim"))
    return Group(*parts)


def _limits_table(answer: Mapping[str, Any]) -> RenderableType:
    limits, policies = answer["limits"]["limits"], answer["policies"]
    headings = [limit.replace("_", " ").replace(" ", "\n") for limit in limits]
    price = outcome_name(answer["limits"]["price"]).replace(" ", "\n")
    made = table(["no.", *headings, "all", price])
    meeting = set(answer["limits"]["meeting"])
    order = sorted(
        range(len(policies)),
        key=lambda place: (
            place not in meeting,
            0.0 if place in meeting else -_all_chance(answer, place),
            -_price(answer, place),
        ),
    )[:SHOWN]
    for place in order:
        one = policies[place]
        made.add_row(
            f"{place}",
            *(per_cent(each["chance"]) for each in one["limits"]["each"]),
            _share(one["limits"]["all"]),
            plain(_price(answer, place)),
        )
    lines = [Text(f"{place}: {policy_words(policies[place])}") for place in order]
    return Group(titled("Chance of keeping each limit, and all", made), *lines)


def _all_chance(answer: Mapping[str, Any], place: int) -> float:
    return float(answer["policies"][place]["limits"]["all"]["chance"])


def _price(answer: Mapping[str, Any], place: int) -> float:
    return float(number(answer["policies"][place]["price"]))


def _mean(value: Mapping[str, Any]) -> str:
    high = upper_end(value["low"], value["high"])
    mean = plain(upper_end(value["low"], value["mean"]))
    if value["low"] is None or value["low"] == value["high"]:
        return mean
    return f"{mean}\n{plain(value['low'])}-{plain(high)}"


def _share(value: Mapping[str, float]) -> str:
    return f"{per_cent(value['chance'])} ({per_cent(value['low'])} to {per_cent(value['high'])})"


def _values(policy: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name.removeprefix('policy.')} {value_of(value)}" for name, value in policy.items()
    )
