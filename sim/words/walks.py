"""A walk of the street that is still to be made, in words: how many people, how long it takes.

State: none.
"""

from sim.words.numbers import people


def walk_sentence(walkers: float, seconds: float) -> str:
    """Say how many people walk and how long that takes."""
    return (
        f"About {people(walkers)} people walk past; that takes some {max(seconds, 1):.0f} s, once."
    )


def too_many_people(walkers: float, most: int) -> str:
    """Say why a walk is refused: too many people."""
    return (
        f"About {people(walkers)} people would walk past; this page walks up to {most:,}. Fewer "
        "hours or a smaller crowd will do, or the command line."
    )


def too_long_a_walk(seconds: float, most_s: float) -> str:
    """Say why a walk is refused: too long."""
    return (
        f"This walk would take about {seconds / 60:.0f} minutes; this page walks for up to "
        f"{most_s / 60:.0f}. A thinner crowd or fewer hours will do."
    )
