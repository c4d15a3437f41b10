"""Whose face is captured, against crowd density: by sex and age, for each way to hang the cameras.

Definitions, the same for everybody:

- *captured*: a camera had at least one usable frame of the person on the way through the zone.
- *clear*: of the seconds of good face that the cameras would have had if nobody stood in the way,
  the share that they had. It is what the closed form for a standing crowd speaks about.
- *exposure*: mean seconds of good face, by those of a passage of the reference deployment.
- *alert_if_listed*: mean chance that somebody on the list would set off a true alert.

The first two need no matcher. Where the crowd is filling and not steady, only *clear* has a
meaning. The street is walked at several footfalls (same seed) under all settings' cameras at once,
so that settings are compared on the same people.

State: none; a study is read-only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.analysis.captured import (
    Estimate,
    ratio_of_sums,
    share_of_people,
    share_of_sums,
)
from sim.biometrics.looks import genuine_shift, true_alert_probability
from sim.crowding.camera_settings import (
    Setting,
    camera_zone,
    checked_densities,
    settings_of,
)
from sim.crowding.counted_walks import FILLING, Walked, fill, walk_at
from sim.crowding.crowd_parts import WHO, is_meant
from sim.crowding.random_crowd import StandingCrowd, body_shares
from sim.crowding.steady_search import NotReached, find_footfalls
from sim.errors import SimError
from sim.model.matching import MatchingParameters, matching_parameters
from sim.scenario.beliefs import Beliefs, beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

PEOPLE, FEWEST_PEOPLE, MOST_PEOPLE = 2000, 100, 200_000
CAPTURED, CAPTURED_ALONE, CLEAR = "captured", "captured_alone", "clear"
EXPOSURE, ALERT_IF_LISTED = "exposure", "alert_if_listed"
MEASURES = (CAPTURED, CAPTURED_ALONE, CLEAR, EXPOSURE, ALERT_IF_LISTED)
COLUMNS = (
    col.SETTING,
    col.CAMERA_HEIGHT,
    col.CAMERA_DISTANCE,
    col.DENSITY_ASKED,
    col.DENSITY,
    col.FOOTFALL,
    col.IS_STEADY,
    col.SEX,
    col.AGE_BAND,
    col.PEOPLE,
    col.MEASURE,
    col.ESTIMATE,
    col.LOW,
    col.HIGH,
    col.STANDING,
)
_GRID = 41  # densities at which the chart draws the standing crowd


@dataclass(frozen=True, slots=True)
class CaptureStudy:
    """All that a capture study found.

    table    : one row a density, setting, part of the crowd and measure
    standing : the closed form on a grid of densities: one row a setting, part and density
    not_reached : by a steady crowd; a filling one may have
    """

    scenario: Scenario
    settings: tuple[Setting, ...]
    densities: tuple[float, ...]
    people: int
    zone_m2: float
    table: pd.DataFrame
    standing: pd.DataFrame
    not_reached: tuple[NotReached, ...]

    @property
    def level(self) -> float:
        """Level of every interval of this study."""
        return self.scenario.run.interval_level


def capture_study(
    scenario: Scenario,
    *,
    heights_m: Sequence[float] | None = None,
    distances_m: Sequence[float] | None = None,
    densities_per_m2: Sequence[float] | None = None,
    people: int = PEOPLE,
    progress: Progress | None = None,
) -> CaptureStudy:
    """Walk the scenario's street at each density and return who was captured.

    people : about how many walk through the zone at each density

    Raises ``SimError`` for what cannot be asked. A density that the street does not reach is
    listed as such; nothing is extrapolated.
    """

    def tell(what: str) -> Callable[[float], None]:
        return (lambda _share: None) if progress is None else lambda share: progress(what, share)

    densities = checked_densities(densities_per_m2)
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise SimError(f"--people {people:,}: must be {FEWEST_PEOPLE} to {MOST_PEOPLE:,}")
    # Counts differ from hour to hour; here the density is chosen, so the footfall holds still.
    believed = beliefs(scenario).replaced({"arrivals.hourly_cv": 0.0})
    settings = settings_of(scenario, believed, heights_m=heights_m, distances_m=distances_m)
    zone_m2 = float(camera_zone(scenario).area)
    found, most = find_footfalls(scenario, believed, densities, tell("looking for footfalls"))
    tell("looking for footfalls")(1.0)
    walked: list[Walked] = []
    not_reached: list[NotReached] = []
    for place, one in enumerate(found):
        if isinstance(one, NotReached):
            not_reached.append(one)
            continue
        what = f"walking at {one.asked_per_m2:g} a square metre ({place + 1} of {len(found)})"
        done = walk_at(scenario, believed, settings, one, people=people, progress=tell(what))
        tell(what)(1.0)
        if isinstance(done, NotReached):
            not_reached.append(done)
        else:
            walked.append(done)
    breaks_at = min([most, *(one.breaks_at_per_h for one in not_reached)])
    for times in FILLING if isfinite(breaks_at) else ():
        done_already = {one.asked_per_m2 for one in walked}
        missing = [o.asked_per_m2 for o in not_reached if o.asked_per_m2 not in done_already]
        if missing:
            hear = tell(f"filling the street, {times:g} times what passes")
            walked += fill(scenario, believed, settings, missing, times * breaks_at, progress=hear)
            hear(1.0)
    crowds = [StandingCrowd(scenario, believed, setting) for setting in settings]
    return CaptureStudy(
        scenario=scenario,
        settings=settings,
        densities=densities,
        people=people,
        zone_m2=zone_m2,
        table=_table(scenario, believed, settings, walked, crowds),
        standing=_standing(scenario, settings, crowds, densities),
        not_reached=tuple(not_reached),
    )


def _table(
    scenario: Scenario,
    believed: Beliefs,
    settings: Sequence[Setting],
    walked: Sequence[Walked],
    crowds: Sequence[StandingCrowd],
) -> pd.DataFrame:
    parameters = matching_parameters(scenario, believed)
    level = scenario.run.interval_level
    rows: list[tuple[Any, ...]] = []
    for walk in sorted(walked, key=lambda one: one.asked_per_m2):
        for place, (setting, crowd) in enumerate(zip(settings, crowds, strict=True)):
            for sex, band in WHO:
                meant = is_meant(sex, band)
                part = meant[walk.group]
                measured = _measures(walk, place, part, parameters, level)
                (standing,) = crowd.clear_share(body_shares(scenario, meant), [walk.density_per_m2])
                for measure, (estimate, low, high) in measured.items():
                    rows.append(
                        (
                            setting.name,
                            _or_nan(setting.height_m),
                            _or_nan(setting.distance_m),
                            walk.asked_per_m2,
                            walk.density_per_m2,
                            walk.footfall_per_h,
                            walk.is_steady,
                            sex,
                            band,
                            int(part.sum()),
                            measure,
                            estimate,
                            low,
                            high,
                            standing if measure == CLEAR else np.nan,
                        )
                    )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measures(
    walk: Walked,
    place: int,
    part: NDArray[np.bool_],
    parameters: MatchingParameters,
    level: float,
) -> dict[str, Estimate]:
    """Return every measure of one part of the crowd under one setting."""
    exposure, alone = walk.exposure_s[place][part], walk.alone_s[place][part]
    party, one_each = walk.party[part], np.ones(int(part.sum()))
    seen_s = exposure.sum(axis=1)
    clear = share_of_sums(seen_s, alone.sum(axis=1), party, level)
    if not walk.is_steady:  # moments, not passages: nothing to say about a whole way past
        return {**dict.fromkeys(MEASURES, (np.nan, np.nan, np.nan)), CLEAR: clear}
    relative = exposure / parameters.reference_exposure_s
    shift = genuine_shift(
        relative, camera_weight=parameters.camera_weight, frame_weight=parameters.frame_weight
    )
    alert = true_alert_probability(
        shift, tpir=parameters.tpir, probit_shift=parameters.probit_shift
    )
    return {
        CAPTURED: share_of_people(seen_s > 0, level),
        CAPTURED_ALONE: share_of_people(alone.sum(axis=1) > 0, level),
        CLEAR: clear,
        EXPOSURE: ratio_of_sums(relative.sum(axis=1), one_each, party, level),
        ALERT_IF_LISTED: share_of_sums(alert, one_each, party, level),
    }


def _standing(
    scenario: Scenario,
    settings: Sequence[Setting],
    crowds: Sequence[StandingCrowd],
    densities: Sequence[float],
) -> pd.DataFrame:
    grid = sorted({*np.linspace(0.0, max(densities), _GRID).tolist(), *densities})
    rows = []
    for setting, crowd in zip(settings, crowds, strict=True):
        for sex, band in WHO:
            shares = crowd.clear_share(body_shares(scenario, is_meant(sex, band)), grid)
            rows += [
                {
                    col.SETTING: setting.name,
                    col.SEX: sex,
                    col.AGE_BAND: band,
                    col.DENSITY: density,
                    col.STANDING: share,
                }
                for density, share in zip(grid, shares.tolist(), strict=True)
            ]
    return pd.DataFrame(rows)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value
