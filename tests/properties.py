"""How many examples a property is tried on: all, or a fifth in the quick loop."""

from hypothesis import settings

ALL, QUICK = 100, 20  # examples of a property that does not say how many


def examples(number: int) -> int:
    """Return so many, or a fifth under the profile ``quick``."""
    return number * settings().max_examples // ALL
