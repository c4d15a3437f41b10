"""Numbers in plain words: two significant figures, natural frequencies, no bare zero.

State: none.
"""

from math import floor, inf, isfinite, isnan, log10, nan

SELDOM = 1e-6  # a chance below it is given as a bound
CERTAIN = 0.9999
SMALLEST = 1e-4  # below it a number is written as one in so many
LEAST_PEOPLE = 10  # from so many on a ratio is told in people
_BASES = (100, 1000, 10_000)
RARE = 0.5  # an expected count below it is also given as one in so many deployments


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
        return "none"
    digits = 1 - floor(log10(abs(value)))
    rounded = round(value, digits)
    if abs(rounded) >= 10 ** (2 - digits):  # 9.96 has become 10
        digits = 1 - floor(log10(abs(rounded)))
    if abs(rounded) < SMALLEST:
        return f"{'-' if rounded < 0 else ''}1 in {plain(1 / abs(rounded))}"
    return f"{rounded:,.{max(digits, 0)}f}"


def whole(value: int) -> str:
    """Return a whole count with thousands separated."""
    return f"{value:,d}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """Return a whole count with its noun, in the singular for one.

    >>> counted(1, "person", "people"), counted(1200, "draw")
    ('1 person', '1,200 draws')
    """
    return f"{whole(value)} {noun if value == 1 else plural or noun + 's'}"


def between(low: float, high: float) -> str:
    """Return an interval of a positive quantity in words; it may have no upper end."""
    if isnan(low) or isnan(high):
        return "cannot be said"
    if not isfinite(low):
        return "no upper limit"
    if not isfinite(high):
        return f"{plain(low)} or more" if low else "anything"
    if high == 0:
        return "mostly none"
    return plain(low) if low == high else f"{plain(low)} to {plain(high)}"


def expected(mean: float, at_most: float | None) -> str:
    """Return an expected count; where the draws showed none, the bound that they leave.

    at_most : upper bound of a mean of zero; 0: impossible here; None: the mean is not zero
    """
    if mean == 0 and at_most:
        return f"under {plain(at_most)}"
    return plain(mean)


def estimate(value: float, low: float, high: float) -> str:
    """Return a value with its interval."""
    if value == 0 and high == 0:
        return "none"
    return f"{plain(value)} ({between(low, high)})"


def chance(value: float) -> str:
    """Return a probability as a natural frequency.

    >>> chance(0.11), chance(0.00025), chance(1.0)
    ('11 in 100', '1 in 4,000', 'certain')
    """
    if value >= CERTAIN:
        return "certain" if value == 1 else "all but certain"
    if value < SELDOM:
        return "under 1 in a million"
    if value < 0.01:
        return f"1 in {plain(1 / value)}"
    return f"{plain(100 * value)} in 100"


def frequency(value: float) -> str:
    """Return an expected count; a small one also as one in so many deployments.

    >>> frequency(2.8), frequency(0.073)
    ('2.8', '0.073 (1 in 14 deployments)')
    """
    if 0 < value < RARE:
        return f"{plain(value)} (1 in {plain(1 / value)} deployments)"
    return plain(value)


def for_every(ratio: float) -> str:
    """Return a ratio of mistaken stops to right matches, as one for every so many.

    >>> for_every(0.25), for_every(2.8)
    ('1 for every 4', '2.8 for every 1')
    """
    if ratio == 0:
        return "none"
    if not isfinite(ratio):
        return "some with no right match at all"
    if ratio < 1:
        return f"1 for every {_short(1 / ratio)}"
    return f"{_short(ratio)} for every 1"


def _short(value: float) -> str:
    """Return a number of people as it is spoken: 4, not 4.0."""
    return plain(value).removesuffix(".0")


def mistaken_per_match(value: float, low: float, high: float) -> str:
    """Return the headline: mistaken stops for each right match, as a sentence.

    value, low, high : the ratio and its ends; ``value`` may be infinite or nan
    """
    if isnan(value):
        return "Nobody is stopped by mistake and nobody is rightly matched: there is no ratio."
    if not isfinite(value):
        return "People are stopped by mistake and nobody is rightly matched."
    if value == 0 and high == 0:
        return "Nobody is stopped by mistake."
    if 0 < low < 1 < high < inf and value > 0:
        return _on_one_base(value, low, high)
    return _on_the_smaller(value, low, high)


def _on_the_smaller(value: float, low: float, high: float) -> str:
    """Return a ratio as one to so many, whichever side is the smaller."""
    spread = "" if isnan(low) else f"; it could be {for_every(low)}, or {for_every(high)}"
    if value == 0:
        return f"No mistaken stop is expected for each person rightly matched{spread}."
    if value < 1:
        return (
            f"One person is stopped by mistake for every {_short(1 / value)} rightly matched"
            f"{spread}."
        )
    return f"{_short(value)} people are stopped by mistake for each person rightly matched{spread}."


def _on_one_base(value: float, low: float, high: float) -> str:
    """Return a ratio whose ends lie on both sides of one: all three by as many right matches."""
    base = next((many for many in _BASES if many * low >= LEAST_PEOPLE), _BASES[-1])
    first, least, most = (_short(base * each) for each in (value, low, high))
    return (
        f"For every {whole(base)} people rightly matched, {first} are stopped by mistake; it could "
        f"be {least}, or {most}."
    )


def number(value: float | None) -> float:
    """Return a JSON number; null is unknown."""
    return nan if value is None else value


def upper_end(low: float | None, high: float | None) -> float:
    """Return the upper end of a JSON interval: null is infinite, unknown if ``low`` is null too.

    JSON has no infinity.
    """
    if high is not None:
        return high
    return nan if low is None else inf
