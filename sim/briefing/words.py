"""Numbers in plain words: two significant figures, natural frequencies, no bare zero.

State: none.
"""

from math import floor, isfinite, isnan, log10


def plain(value: float) -> str:
    """Return a number with two significant figures and thousands separated.

    >>> plain(31_415.0), plain(0.0123), plain(7.04)
    ('31,000', '0.012', '7.0')
    """
    if isnan(value):
        return "unknown"
    if not isfinite(value):
        return "no upper limit"
    if value == 0:
        return "0"
    digits = 1 - floor(log10(abs(value)))
    rounded = round(value, digits)
    if abs(rounded) >= 10 ** (2 - digits):  # 9.96 has become 10
        digits = 1 - floor(log10(abs(rounded)))
    if abs(rounded) < 1e-4:
        return f"{rounded:.1e}"
    return f"{rounded:,.{max(digits, 0)}f}"


def whole(value: int) -> str:
    """Return a whole count with thousands separated."""
    return f"{value:,d}"


def between(low: float, high: float) -> str:
    """Return an interval; where it starts at zero, say what it could be up to."""
    if isnan(low) or isnan(high):
        return "cannot be said"
    if not isfinite(high):
        return f"{plain(low) if low else 'none'}, no upper end"
    if low == 0:
        return "none seen" if high == 0 else f"none to {plain(high)}"
    return f"{plain(low)} to {plain(high)}"


def estimate(value: float, low: float, high: float) -> str:
    """Return a value with its interval; a zero is never left bare."""
    if value == 0 and high == 0:
        return "none, and none possible here"
    return f"{plain(value)} ({between(low, high)})"


def times(value: float) -> str:
    """Return a ratio below one as '1 in n', above as a number."""
    if isnan(value):
        return "unknown"
    if value == 0:
        return "none"
    if value < 1:
        return f"1 in {plain(1 / value)}"
    return f"{plain(value)} to 1"


def mistaken_per_match(value: float, low: float, high: float) -> str:
    """Return the headline: mistaken stops for each right match, as a sentence.

    value, low, high : the ratio and its ends; ``value`` may be infinite or nan
    """
    if isnan(value):
        return "Nobody is stopped by mistake and nobody is rightly matched: there is no ratio."
    if not isfinite(value):
        return "People are stopped by mistake and nobody is rightly matched."
    if value == 0:
        if high == 0:
            return "Nobody is stopped by mistake: nobody is there to stop anyone."
        return f"No mistaken stop is expected; it could be {times(high)} right matches."
    if value < 1:
        return (
            f"One person is stopped by mistake for every {plain(1 / value)} rightly matched "
            f"(could be {times(high)} or {times(low)})."
        )
    return (
        f"{plain(value)} people are stopped by mistake for each person rightly matched "
        f"(could be {plain(low)} or {plain(high)})."
    )
