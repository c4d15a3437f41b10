"""Numbers in plain words: two significant figures, natural frequencies, ranges, no bare zero.

Every count, share and range that anybody reads is written here. A range whose ends print alike is
printed once; what is not known, and what has no limit, is said in words.

State: none.
"""

from collections.abc import Callable, Mapping
from math import floor, inf, isfinite, isnan, log10, nan
from typing import Any, NamedTuple

SELDOM = 1e-6  # a chance below it is given as a bound
SMALLEST = 1e-4  # below it a number is written as one in so many
OFTEN = 0.1  # from this share on it is given in 100, below as one in so many
NEARLY_ALL = 0.995  # two figures would read 100 in 100
HALF = 0.5  # an expected count of people below it is no whole person
MINUS = "\N{MINUS SIGN}"
UNKNOWN, UNLIMITED = "unknown", "no upper limit"


def plain(value: float) -> str:
    """Return a number with two significant figures and thousands separated.

    >>> plain(31_415.0), plain(0.0123), plain(7.04)
    ('31,000', '0.012', '7.0')
    """
    if isnan(value):
        return UNKNOWN
    if not isfinite(value):
        return UNLIMITED
    if value == 0:
        return "none"
    digits = 1 - floor(log10(abs(value)))
    rounded = round(value, digits)
    if abs(rounded) >= 10 ** (2 - digits):  # 9.96 has become 10
        digits = 1 - floor(log10(abs(rounded)))
    if abs(rounded) < SMALLEST:
        return f"{'-' if rounded < 0 else ''}1 in {plain(1 / abs(rounded))}"
    return f"{rounded:,.{max(digits, 0)}f}"


def spoken(value: float) -> str:
    """Return a number as it is spoken: 4, not 4.0.

    >>> spoken(4.0), spoken(2.8)
    ('4', '2.8')
    """
    return plain(value).removesuffix(".0")


def amount_of(value: float) -> str:
    """Return a number of an answer: whole counts below a thousand as they are.

    >>> amount_of(160.0), amount_of(0.123), amount_of(0.0)
    ('160', '0.12', 'none')
    """
    if value and value == int(value) and abs(value) < 1000:
        return f"{value:g}"
    return plain(value)


def whole(value: int) -> str:
    """Return a whole count with thousands separated; none is said.

    >>> whole(12_345), whole(0)
    ('12,345', 'none')
    """
    return f"{value:,d}" if value else "none"


def counted(value: int, noun: str, plural: str = "") -> str:
    """Return a whole count with its noun, in the singular for one.

    >>> counted(1, "person", "people"), counted(1200, "draw"), counted(0, "officer")
    ('1 person', '1,200 draws', 'no officers')
    """
    return f"{f'{value:,d}' if value else 'no'} {noun if value == 1 else plural or noun + 's'}"


def people(value: float) -> str:
    """Return an expected count of people as whole people, from 100 on to two figures.

    >>> people(12.3), people(860.4), people(0.3), people(0.0)
    ('12', '860', 'fewer than 1', 'none')
    """
    if value == 0 or not isfinite(value):
        return plain(value)
    if value < HALF:
        return "fewer than 1"
    return spoken(float(floor(value + 0.5)))


def people_range(low: float, high: float) -> str:
    """Return a range of a count of people; it may have no upper end.

    >>> people_range(1.0, 6.2), people_range(0.0, 0.0), people_range(2.0, inf)
    ('1 to 6', 'none', 'at least 2')
    """
    return _range(people(low), people(high), high=high)


def between(low: float, high: float, *, nothing: str = "none") -> str:
    """Return a range of a positive quantity in words; it may have no upper end.

    nothing : what a range is called that holds nothing but none

    >>> between(0.25, 2.8), between(1.0, 1.0), between(0.25, inf)
    ('0.25 to 2.8', '1.0', 'at least 0.25')
    """
    if isnan(low) or isnan(high):
        return "cannot be said"
    if not isfinite(low):
        return UNLIMITED
    if high == 0:
        return nothing
    return _range(plain(low), plain(high), high=high)


def _range(first: str, last: str, *, high: float) -> str:
    if first == last:
        return first
    if isfinite(high):
        return f"{first} to {last}"
    return "any number" if first == "none" else f"at least {first}"


class Amount(NamedTuple):
    """A number in words, and its range; no range where it says no more than the number."""

    value: str
    spread: str = ""

    def __str__(self) -> str:
        """Return ``2 (1 to 6)``."""
        return f"{self.value} ({self.spread})" if self.spread else self.value

    @property
    def is_one(self) -> bool:
        """Whether the verb stands in the singular: ``1 is``, ``fewer than 1 is``, ``none is``."""
        return self.value in {"1", "none", "fewer than 1"}


def with_range(value: float, low: float, high: float) -> str:
    """Return a value with its range in brackets, which is left out where it says no more.

    >>> with_range(2.0, 1.0, 6.0), with_range(0.0, 0.0, 0.0)
    ('2.0 (1.0 to 6.0)', 'none')
    """
    return str(with_spread(plain(value), between(low, high)))


def people_amount(value: float, low: float, high: float) -> Amount:
    """Return an expected count of people with its range, in whole people.

    >>> str(people_amount(2.0, 1.0, 6.0)), str(people_amount(0.0, 0.0, 4.0))
    ('2 (1 to 6)', 'none (up to 4)')
    """
    if isnan(low) or isnan(high):
        return Amount(people(value))
    return with_spread(people(value), people_range(low, high))


def subject(amount: Amount) -> str:
    """Return people as the subject of a sentence, with its verb.

    >>> subject(Amount("860", "300 to 1,500")), subject(Amount("1"))
    ('860 people (300 to 1,500) are', '1 person is')
    """
    spread = f" ({amount.spread})" if amount.spread else ""
    if amount.value == "none":
        return f"nobody{spread} is"
    noun, verb = ("person", "is") if amount.is_one else ("people", "are")
    return f"{amount.value} {noun}{spread} {verb}"


def with_spread(value: str, spread: str) -> Amount:
    """Return a number and its range, both in words; no range where it says no more."""
    if value == "none":
        spread = spread.replace("none to", "up to")
    return Amount(value, "" if spread == value else spread)


def signed(value: float, said: Callable[[float], str]) -> str:
    """Return a difference: so many more (+) or fewer, by a formatter of its size.

    >>> signed(12.0, people), signed(0.0, people)
    ('+12', 'same')
    """
    size = said(abs(value))
    if size == "none":
        return "same"
    if not size[0].isdigit():
        return "almost the same"  # fewer than one more or fewer
    return f"{'+' if value > 0 else MINUS}{size}"


def signed_range(low: float, high: float, said: Callable[[float], str]) -> str:
    """Return the range of a difference; ends that read alike are told once."""
    first, last = signed(low, said), signed(high, said)
    return first if first == last else f"{first} to {last}"


def expected(mean: float, at_most: float | None) -> str:
    """Return an expected count; where the draws showed none, the bound that they leave.

    at_most : upper bound of a mean of zero; 0: impossible here; None: the mean is not zero
    """
    if mean == 0 and at_most:
        return f"under {plain(at_most)}"
    return plain(mean)


def chance(value: float) -> str:
    """Return a probability as a natural frequency.

    >>> chance(0.11), chance(0.00025), chance(1.0)
    ('11 in 100', '1 in 4,000', 'certain')
    """
    if value >= NEARLY_ALL:
        return "certain" if value == 1 else "all but certain"
    if value < SELDOM:
        return "under 1 in a million"
    if value < 0.01:
        return f"1 in {spoken(1 / value)}"
    return f"{spoken(100 * value)} in 100"


def one_in(share: float) -> str:
    """Return a share as one in so many.

    >>> one_in(0.025), one_in(0.0), one_in(0.67), one_in(1.0)
    ('1 in 40', 'none', '67 in 100', 'all')
    """
    if share == 0:
        return "none"
    if share >= NEARLY_ALL:
        return "all" if share == 1 else "nearly all"
    return f"1 in {spoken(1 / share)}" if share < OFTEN else f"{spoken(100 * share)} in 100"


def one_in_range(low: float, high: float) -> str:
    """Return a range of shares, the likelier end first where each is one in so many.

    >>> one_in_range(0.016, 0.05), one_in_range(0.35, 0.72), one_in_range(0.025, 0.025)
    ('between 1 in 20 and 1 in 62', '35 to 72 in 100', '1 in 40')
    """
    first, last = one_in(low), one_in(high)
    if first == last:
        return first
    if first.startswith("1 in ") and last.startswith("1 in "):
        return f"between {last} and {first}"
    if last.endswith(" in 100"):
        first = first.removesuffix(" in 100")
    return f"{first} to {last}"


def one_in_with_range(share: float, low: float, high: float) -> str:
    """Return a share as one in so many with its range.

    >>> one_in_with_range(0.07, 0.0167, 0.095)
    '1 in 14 (between 1 in 11 and 1 in 60)'
    """
    return str(with_spread(one_in(share), one_in_range(low, high)))


def per_cent(share: float) -> str:
    """Return a share in per cent, for those who ask for it: never none of it, never all too soon.

    >>> per_cent(0.123), per_cent(0.001), per_cent(0.0), per_cent(1.0)
    ('12 %', 'under 1 %', 'none', '100 %')
    """
    if share == 0:
        return "none"
    if share <= 0.005:
        return "under 1 %"
    if NEARLY_ALL <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


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


def ends(count: Mapping[str, Any]) -> tuple[float, float]:
    """Return the range of what is not known about a count or ratio of the JSON object."""
    return number(count["low"]), upper_end(count["low"], count["high"])


def one_deployment_ends(count: Mapping[str, Any]) -> tuple[float, float]:
    """Return what one deployment may show: luck and what is not known, together."""
    low, high = count["one_deployment"]
    return number(low), upper_end(low, high)


def luck_ends(count: Mapping[str, Any]) -> tuple[float, float]:
    """Return what luck alone may show."""
    low, high = count["luck"]
    return number(low), upper_end(low, high)
