"""Published claims taken apart: what is divided by what, the other denominators, what is missing.

"0.0003 %", "1 in 33,000" and "8 of 10" can be three ways of saying one thing, or hide that they
divide by different things. A claim is read into counts and units; whatever follows from them is
worked out with its exact interval, and whatever does not is asked for.

State: none.
"""

import re
from dataclasses import dataclass, field
from math import log10

from sim.analysis.intervals import exact_interval, upper_bound_for_zero
from sim.errors import SimError

UNITS = {
    "face": "faces scanned",
    "faces": "faces scanned",
    "people": "faces scanned",
    "person": "faces scanned",
    "scan": "faces scanned",
    "scans": "faces scanned",
    "alert": "alerts",
    "alerts": "alerts",
    "stop": "stops",
    "stops": "stops",
    "arrest": "arrests",
    "arrests": "arrests",
    "match": "true alerts",
    "matches": "true alerts",
}
_NUMBER = r"\d[\d, ]*(?:\.\d+)?(?:e-?\d+)?"
_PERCENT = re.compile(rf"(?P<share>{_NUMBER})\s*(?:%|per ?cent)(?P<rest>.*)", re.I)
_ONE_IN = re.compile(rf"(?:1|one) in (?:about |some )?(?P<of>{_NUMBER})(?P<rest>.*)", re.I)
_COUNT_OF = re.compile(
    rf"(?P<events>{_NUMBER})\s*(?P<what>[a-z ]*?)\s*(?:out of|of|in|/)\s*(?P<rest>{_NUMBER}.*)",
    re.I,
)
_PART = re.compile(rf"(?P<of>{_NUMBER})\s*(?P<unit>[a-z]+)?", re.I)
_SHORT_DENOMINATOR = 30  # below it a share has an interval so wide that it must be said first


@dataclass(frozen=True, slots=True)
class Share:
    """Events over one denominator, with the exact 95 % interval; None where it is not known.

    of : the denominator's count; None where the claim gives only the share
    """

    unit: str
    estimate: float
    events: int | None = None
    of: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def one_in(self) -> float | None:
        """The same as one in so many; None for none seen."""
        return 1 / self.estimate if self.estimate > 0 else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, read.

    shares  : one a denominator
    says    : what it divides by what, in a sentence
    missing : what would have to be known before it means what it seems to
    """

    text: str
    says: str
    shares: tuple[Share, ...]
    missing: tuple[str, ...] = field(default=())


def read_claim(text: str) -> Claim:
    """Read a claim; raise SimError where no share, rate or pair of counts can be found."""
    cleaned = " ".join(text.replace(" ", " ").split())
    for reader in (_counts, _one_in, _percentage):
        found = reader(cleaned)
        if found is not None:
            return found
    raise SimError(
        f'claim \'{text}\': no share was found; write it as "0.0003 %", "1 in 33,000", '
        '"8 of 10" or "10 false of 3,147,436 faces and 2,077 alerts"'
    )


def _counts(text: str) -> Claim | None:
    match = _COUNT_OF.fullmatch(text)
    if match is None or _ONE_IN.fullmatch(text) or _PERCENT.fullmatch(text):
        return None
    events = _whole(match["events"], text)
    shares = []
    for part in _PART.finditer(match["rest"]):
        of = _whole(part["of"], text)
        unit = UNITS.get((part["unit"] or "").lower(), part["unit"] or "cases")
        shares.append(_share(events, of, unit, text))
    what = match["what"].strip() or "events"
    words = " and ".join(f"{share.of:,} {share.unit}" for share in shares)
    missing = [_missing_denominator(shares)]
    if min(share.of or 0 for share in shares) < _SHORT_DENOMINATOR:
        missing.append("more cases: so few leave the share open over the interval shown")
    return Claim(
        text, f"{events:,} {what} divided by {words}", tuple(shares), tuple(filter(None, missing))
    )


def _one_in(text: str) -> Claim | None:
    match = _ONE_IN.fullmatch(text)
    if match is None:
        return None
    of = _number(match["of"], text)
    if of < 1:
        raise SimError(f"claim '{text}': one in {of:g} is more than all")
    return _bare(text, 1 / of, match["rest"])


def _percentage(text: str) -> Claim | None:
    match = _PERCENT.fullmatch(text)
    if match is None:
        return None
    percent = _number(match["share"], text)
    if percent > 100:
        raise SimError(f"claim '{text}': {percent:g} % is more than all")
    if re.search(r"accura|correct|right", match["rest"], re.I):
        wrong = 1 - percent / 100
        if wrong == 0:
            raise SimError(
                f"claim '{text}': nothing wrong in how many? A share of zero needs its count"
            )
        return _bare(text, wrong, match["rest"], what="wrong")
    return _bare(text, percent / 100, match["rest"])


def _bare(text: str, share: float, rest: str, what: str = "events") -> Claim:
    """Return a claim of a share alone: what it divides by is a guess until it is said."""
    word = next((UNITS[w] for w in re.findall(r"[a-z]+", rest.lower()) if w in UNITS), None)
    missing = [
        "how many events it rests on: ten give a range of half to twice, one gives nearly none"
    ]
    if word is None:
        missing.insert(
            0,
            "what it divides by: faces scanned, alerts or stops? The same events are about a "
            "thousand times rarer among faces than among alerts",
        )
        hint = _likely_unit(share)
        says = f"{what} divided by something that is not said; {hint}"
    else:
        says = f"{what} divided by {word}"
        missing.append(f"the same events by the other denominators, beside {word}")
    return Claim(text, says, (Share(word or "not said", share),), tuple(missing))


def _likely_unit(share: float) -> str:
    if log10(max(share, 1e-12)) < -3:
        return "so small a share is usually one of faces scanned"
    return "so large a share is usually one of alerts or stops"


def _share(events: int, of: int, unit: str, text: str) -> Share:
    if of == 0:
        raise SimError(f"claim '{text}': a share of 0 {unit} cannot be taken")
    if events > of:
        raise SimError(f"claim '{text}': {events:,} events are more than {of:,} {unit}")
    low, high = exact_interval(events, of)
    if events == 0:
        high = upper_bound_for_zero(of)
    return Share(unit, events / of, events, of, low, high)


def _missing_denominator(shares: list[Share]) -> str:
    known = {share.unit for share in shares}
    wanted = [unit for unit in ("faces scanned", "alerts") if unit not in known]
    return f"the same events among {' and '.join(wanted)}" if wanted else ""


def _number(text: str, claim: str) -> float:
    try:
        return float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        raise SimError(f"claim '{claim}': '{text}' is not a number") from None


def _whole(text: str, claim: str) -> int:
    value = _number(text, claim)
    if value % 1:
        raise SimError(f"claim '{claim}': a count cannot be {value:g}")
    return int(value)
