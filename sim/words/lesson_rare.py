"""Sentences of the lesson on rare events that carry counts: published, or worked out from them.

State: none.
"""

from sim.words.numbers import chance, plain, whole


def of_1000_alerts(share: float, false: int, alerts: int) -> str:
    """Return how many of 1,000 alerts were false."""
    about = plain(1000 * share)
    return f"Of every 1,000 alerts, about {about} were false: {false} of {whole(alerts)}."


def a_year(faces: int, false: int) -> str:
    """Return a year's faces and false alerts as the police put them."""
    return (
        f"In a year, {whole(faces)} faces were scanned. {false} people who were not on the list "
        "set off an alert: “99.9997 % accurate”."
    )


def again(faces: int, false: int) -> str:
    """Return the same system on another street."""
    return f"Take the same system and again {whole(faces)} faces, with again {false} false alerts."


def few_come_by(right: int) -> str:
    """Return how few people on the list come by there."""
    return (
        f"But hardly anybody on the list comes by: {right} right alerts instead of some two "
        "thousand. (Made up.)"
    )


def half(false: int, right: int) -> str:
    """Return the answer for that street."""
    return f"Half: {false} false alerts, {right} right ones, so 50 of every 100 alerts are wrong."


def one_day(false: int, alerts: int, faces: int, stopped: int) -> tuple[str, str, str]:
    """Return what was recorded on one day, by alerts, by faces and by people stopped."""
    return (
        f"{false} of the {alerts} alerts were false. One was right, and led to an arrest.",
        f"Counted by faces, that day was “{100 * (1 - false / faces):.2f} % accurate”: "
        f"{whole(faces - false)} of {whole(faces)} faces without a false alert.",
        f"{stopped} of the {false} people were stopped. The others were let pass by somebody "
        "who looked at the pictures.",
    )


def of_ten(expected: float, seen: int, of: int) -> str:
    """Return how many of ten were to be expected, and how many it was."""
    return f"About {plain(expected)} of ten. It was {seen} of {of}."


def by_luck(seen: int, beyond: float) -> str:
    """Return how often luck alone would show as many."""
    return (
        f"If it made no difference, {seen} or more of ten would come about by luck in "
        f"{chance(beyond)} such years."
    )


def fits(seen: int, of: int, low: float, high: float) -> str:
    """Return which true shares fit what was seen."""
    least, most = plain(100 * low), plain(100 * high)
    return f"{least} of 100. {seen} of {of} fits anything from {least} to {most} of 100."


def few(share: float) -> str:
    """Return what ten people can say all the same."""
    return (
        "Ten people are few. “80 %” sounds exact, and is not. It is still far above "
        f"{100 * share:.1f} of 100, the share of residents."
    )


def alarms(false: int, right: int) -> str:
    """Return how many of 100 alarms at a gate are false."""
    return (
        f"{plain(100 * false / (false + right))} of 100: {false} false alarms and {right} right "
        "ones."
    )
