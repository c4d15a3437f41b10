"""Sentences of the oversight board's lesson that carry numbers: ceilings, and who keeps them.

State: none.
"""

from collections.abc import Sequence

from sim.words.numbers import amount_of, plain


def own_ceiling(middle: float, unit: str) -> str:
    """Return the board's ceiling."""
    return f"The board's ceiling is {amount_of(middle)} {unit}: half would allow less, half more."


def lies_between(words: str, lowest: str, highest: str) -> str:
    """Return what the dozen policies bring of what has a ceiling."""
    return (
        f"{words} In the dozen policies that the board can choose from it lies between {lowest} "
        f"and {highest}."
    )


def keep_this(kept: int, of: int) -> str:
    """Return how many policies keep one ceiling."""
    return f"{_keep(kept, of, 'the ')} this ceiling, by the middle of what is known."


def keep_all(kept: int, of: int, ceilings: Sequence[float]) -> str:
    """Return how many policies keep all three ceilings."""
    mistaken, ratio, scanned = ceilings
    return (
        f"{_keep(kept, of)} your ceilings: {amount_of(mistaken)} mistaken stops for every 100 "
        f"right matches, {amount_of(ratio)} times everybody's rate, {plain(scanned)} people "
        "scanned for each right match."
    )


def _keep(kept: int, of: int, article: str = "") -> str:
    return f"{kept or 'None'} of {article}{of} policies {'keeps' if kept == 1 else 'keep'}"


def over_words(over: Sequence[str]) -> str:
    """Return which ceilings a policy is over."""
    return f"over: {', '.join(over)}" if over else "keeps all three"


def still(scanned: str, not_arrested: str) -> str:
    """Return what a system without a mistake still does."""
    return (
        f"Still {scanned} people are scanned for each right match, and of 100 people rightly "
        f"stopped {not_arrested} are not arrested."
    )
