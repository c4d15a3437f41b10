"""Claims and plans for rare events as mappings, for machines and for tables.

State: none.
"""

from math import isfinite
from typing import Any

from sim.analysis.claims import Claim
from sim.analysis.power import pause_limits, scans_needed, smallest_detectable
from sim.errors import SimError

SEEN = (5, 10, 20, 50, 100, 200)
MOST_PAUSE_LIMITS = 12


def claim_answer(claim: Claim) -> dict[str, Any]:
    """Return a claim with its shares by denominator; null where it does not say."""
    return {
        "text": claim.text,
        "says": claim.says,
        "shares": [
            {
                "divided_by": share.unit,
                "events": share.events,
                "of": share.of,
                "share": share.estimate,
                "one_in": share.one_in,
                "low": share.low,
                "high": share.high,
            }
            for share in claim.shares
        ],
        "missing": list(claim.missing),
    }


def power_answer(
    *,
    ratio: float,
    share: float,
    rate: float,
    level: float = 0.95,
    power: float = 0.8,
    pause_ratio: float = 3.0,
) -> dict[str, Any]:
    """Return what shows a disparity; raise SimError for what can have no answer."""
    _check(ratio=ratio, share=share, rate=rate, level=level, power=power, pause_ratio=pause_ratio)
    try:
        needed = scans_needed(ratio, share, rate, level=level, power=power)
    except ValueError as error:
        raise SimError(f"--ratio {ratio:g}: {error}") from None
    return {
        "asked": {
            "ratio": ratio,
            "share": share,
            "rate": rate,
            "level": level,
            "power": power,
            "pause_ratio": pause_ratio,
        },
        "false_alerts": needed.false_alerts,
        "scans": round(needed.scans),
        "power": needed.power,
        "smallest_disparity": [
            {
                "false_alerts": count,
                "ratio": found
                if isfinite(found := smallest_detectable(count, share, level=level, power=power))
                else None,
            }
            for count in SEEN
        ],
        "pause_limits": [
            {"false_alerts": limit.false_alerts, "scans": round(limit.scans)}
            for limit in pause_limits(
                rate, ratio=pause_ratio, most=MOST_PAUSE_LIMITS, level=level, power=power
            )
        ],
        "false_pause_chance": (1 - level) / power,
    }


def _check(**asked: float) -> None:
    """Refuse what has no meaning, each with what is allowed."""
    faults = []
    if not (0 < asked["ratio"] < 1000 and asked["ratio"] != 1):
        faults.append(f"--ratio {asked['ratio']:g}: needs a number above 0 that is not 1")
    if not asked["pause_ratio"] > 1:
        faults.append(f"--pause-ratio {asked['pause_ratio']:g}: needs a number above 1")
    faults += [
        f"--{name} {asked[name]:g}: needs a share between 0 and 1"
        for name in ("share", "level", "power")
        if not 0 < asked[name] < 1
    ]
    if not 0 < asked["rate"] <= 0.1:
        faults.append(
            f"--rate {asked['rate']:g}: needs false alerts a scan, above 0 and at most 0.1 "
            "(1 in 315,000 is 3.2e-6)"
        )
    if faults:
        raise SimError("\n".join(faults))
