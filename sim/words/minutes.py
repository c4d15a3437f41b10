"""Minutes of a street in words: who sets off an alert, and who is stopped.

State: none.
"""

from collections.abc import Sequence

from sim.words.numbers import counted

NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def minutes_sentences(
    minutes: int, people: int, *, alerts: Sequence[bool], stops: Sequence[bool]
) -> str:
    """Return what happens in some minutes.

    people        : who walk past, drawn or not
    alerts, stops : of each, in order, whether the person is on the list
    """
    span = "this minute" if minutes == 1 else f"these {minutes} minutes"
    walk = counted(people, "person walks", "people walk") if people else "nobody walks"
    opening = f"In {span} {walk} past."
    if len(alerts) == 1:
        of = "is on the list" if alerts[0] else "is not on the list"
        if list(stops) in ([], list(alerts)):
            by = "" if alerts[0] else " by mistake"
            end = f"is stopped{by}" if stops else "is not stopped"
            return f"{opening} One sets off an alert, {of}, and {end}."
        said = f"One sets off an alert and {of}."
    elif alerts:
        said = f"{_number(len(alerts))} set off an alert: {_shares(alerts, 'not')}."
    else:
        said = "Nobody sets off an alert."
    if len(stops) == 1:
        ends = "One who is on the list is stopped." if stops[0] else "One is stopped by mistake."
    elif stops:
        ends = f"{_number(len(stops))} are stopped: {_shares(stops, 'by mistake')}."
    else:
        ends = "Nobody is stopped."
    return f"{opening} {said} {ends}"


def stop_caption(officer: str, *, is_listed: bool) -> str:
    """Return the caption of a stop."""
    if is_listed:
        return f"O{officer} stops the person, who is on the list."
    return f"O{officer} stops the person: a mistaken stop."


def _number(count: int) -> str:
    """Return a number that begins a sentence."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _shares(listed: Sequence[bool], otherwise: str) -> str:
    right = sum(listed)
    if right == len(listed):
        return "both on the list" if right == 2 else "all on the list"
    return f"{right or 'none'} on the list, {len(listed) - right} {otherwise}"
