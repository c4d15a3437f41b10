"""What was changed and what it did, in a sentence: benefit and harm alike, in whole people.

State: none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.words.headline import days_for, in_days
from sim.words.lever_words import plain_value
from sim.words.levers import lever
from sim.words.numbers import people

Change = tuple[str, Any, Any]  # field, value in the baseline, value here
Row = Mapping[str, float | None]

NAMED = 3  # changes that a sentence names one by one
_WHOLE = ("policy.watchlist.composition", "street.crowd")  # fields that one lever changes together


def phrase(changed: Sequence[Change]) -> tuple[str, bool]:
    """Return what was done, as the subject of a sentence, and whether it is a plural.

    >>> phrase([("policy.threshold", 0.6, 0.64)])
    ('Raising the threshold from 0.60 to 0.64', False)
    """
    said = list(dict.fromkeys(_gerund(*change) for change in changed))
    parts = said[:NAMED]
    more = len(said) - len(parts)
    if more:
        parts.append(f"{more} more {'change' if more == 1 else 'changes'}")
    if len(parts) == 1:
        return _capital(parts[0]), False
    return _capital(f"{', '.join(parts[:-1])} and {parts[-1]}"), True


def _gerund(field: str, there: Any, here: Any) -> str:
    whole = next((one for one in _WHOLE if field.startswith(one)), field)
    words = lever(whole)
    if words is not None and whole != field:
        return words.changed(whole, field)  # its words name no value
    if words is not None:
        return words.changed(there, here)
    if there is None:
        return f"setting {field} to {plain_value(here)}"
    if here is None:
        return f"taking away {field}"
    return f"changing {field} from {plain_value(there)} to {plain_value(here)}"


def change_sentence(
    changed: Sequence[Change], table: Mapping[str, Row], *, same_people: bool
) -> str:
    """Say in plain words what changed and what it did, in as many days as the headline counts.

    table : a row for ``mistaken`` and one for ``true_alerts``: baseline, here and difference
    """
    if not changed:
        return "Nothing differs between the two."
    what, is_plural = phrase(changed)
    who = "on the same people" if same_people else "on another walk of the street"
    harm, benefit = table["mistaken"], table["true_alerts"]
    if harm["difference"] == 0 and benefit["difference"] == 0:
        verb = "change" if is_plural else "changes"
        return f"{what} {verb} neither mistaken stops nor right matches, {who}."
    days = days_for(
        mean
        for side in (_there, _here)
        for mean in (side(benefit), side(harm) or side(table.get("false_alerts", {})))
    )
    first = _effect(harm, days, "mistaken stop", ("avoids", "adds"), is_plural=is_plural)
    second = _effect(benefit, days, "right match", ("loses", "gains"), is_plural=is_plural)
    when = "" if days == 1 else f" {in_days(days)}"
    return f"{what} {first} and {second}{when}, {who}."


def _there(row: Row) -> float:
    return row.get("baseline") or 0.0


def _here(row: Row) -> float:
    return _there(row) + (row.get("difference") or 0.0)


def _effect(row: Row, days: int, noun: str, verbs: tuple[str, str], *, is_plural: bool) -> str:
    """Return ``avoids 12 of 14 mistaken stops``; verbs, fewer and more, are in the singular."""
    there, change = row["baseline"], row["difference"]
    many = f"{noun}es" if noun.endswith("ch") else f"{noun}s"
    fewer, more = (_verb(verb, is_plural) for verb in verbs)
    if there is None or change is None:
        return f"{_verb('leaves', is_plural)} {many} unknown"
    if change == 0:
        return f"{_verb('leaves', is_plural)} {many} as they are"
    size, whole = people(days * abs(change)), people(days * there)
    if change > 0:
        before = f"on top of {whole}" if there else "where there were none"
        return f"{more} {size} {noun if size in {'1', 'fewer than 1'} else many} {before}"
    if change == -there:
        return f"{fewer} {'the 1' if whole == '1' else f'all {whole}'} {_of(whole, noun, many)}"
    share = f"nearly all {whole}" if size == whole else f"{size} of {whole}"
    return f"{fewer} {share} {_of(whole, noun, many)}"


def _of(whole: str, noun: str, many: str) -> str:
    return noun if whole == "1" else many


def _verb(singular: str, is_plural: bool) -> str:
    return singular.removesuffix("s") if is_plural else singular


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
