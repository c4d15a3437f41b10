"""Sentences of the lesson on who is stopped that carry numbers of the model.

State: none.
"""

from sim.words.numbers import between, people, plain


def of_100(value: float) -> str:
    """Return the first answer: everybody's share."""
    return f"About {people(value)} of 100: their share of those scanned."


def of_100_before(value: float, before: float, more: str = "") -> str:
    """Return a share beside what it was before."""
    return f"About {people(value)} of 100; it was {people(before)} before{more}."


def scanned_of_100(scanned: float) -> str:
    """Return the share of those scanned, to go on after a comma."""
    return f", and {people(scanned)} of 100 people scanned are Black"


def women_too(women: float) -> str:
    """Return what a matcher that errs unevenly does to women."""
    return (
        f"It also mistakes women more easily: of 100 stopped by mistake, {people(women)} are now "
        "women. Two causes can work against each other."
    )


def of_100_instead(value: float, before: float) -> str:
    """Return a share in place of another."""
    return f"About {people(value)} of 100 instead of {people(before)}."


def of_ten(matches: float, stops: float) -> str:
    """Return what remains of ten right matches and of ten mistaken stops."""
    return f"About {plain(matches)} of ten right matches, and {plain(stops)} of ten mistaken stops."


def women_as_before(women: float) -> str:
    """Return that the share of women hardly moves."""
    return f"Who is stopped hardly changes: of 100 stopped by mistake, {people(women)} are women."


def busier(stops: float, alerts: float, matches: float) -> str:
    """Return what a busier street makes of ten of each."""
    return (
        f"About {plain(stops)}. False alerts rise from ten to {plain(alerts)}, right matches from "
        f"ten to {plain(matches)}."
    )


def surer(stops: float, matches: float, low: float, high: float) -> str:
    """Return what a higher threshold leaves of ten of each."""
    return (
        f"About {plain(stops)} of ten mistaken stops remain, and {plain(matches)} of ten right "
        f"matches ({between(low, high)})."
    )


def not_arrested(of_hundred: float) -> str:
    """Return how many people rightly stopped go free."""
    return (
        f"About {people(of_hundred)} of 100 people who were rightly matched and stopped are not "
        "arrested. The match was right; what to do about it is another question."
    )


def still_scanned(faces: float, a_match: float) -> str:
    """Return what a system without a mistake still does."""
    return (
        f"A system without a mistake still scans {faces:,.0f} faces in these hours: "
        f"{plain(a_match)} for each right match. And it still finds people who are looked for."
    )


def who_walks_past(walkers: float) -> str:
    """Return who walks past the cameras of the lesson."""
    return (
        f"About {people(walkers)} people walk past two cameras in six hours. Half of them are "
        "women."
    )
