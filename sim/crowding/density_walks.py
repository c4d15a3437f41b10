"""Walks of one street at a steady footfall: as people are, and as if nobody hid anybody.

Equations C1 to C4 of ``docs/model/density.md``.

State:  none.
Shapes: people are rows ``(n,)``, cameras columns: those of the first setting, then the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col
from sim.crowding.camera_settings import Setting, camera_zone
from sim.crowding.crowd_walks import (
    as_if_nobody_hid,
    cameras_of,
    columns_of,
    is_inside,
    moments,
    with_crowd,
)
from sim.errors import SimError
from sim.model.arrivals import LARGEST_PARTY
from sim.model.passages import Passages, Trail
from sim.model.street import Street, forget
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

WARM_UP_S, CLEARING_S = 600.0, 600.0
JAM_S = 10.0  # more than who came in so long, and a party, wait outside: the street jams
_MATRICES = ("exposure_s", "best_look_s", "crowding_per_m2")


@dataclass(frozen=True, slots=True)
class SteadyWalk:
    """Those who came in the window of a walk, times from its start, and what was seen of them.

    seen, alone : the same people as they were, and as if nobody had stood in the way
    """

    footfall_per_h: float
    seed: int
    density_per_m2: float
    window_s: float
    seen: Passages
    alone: Passages

    def under(self, setting: int, settings: Sequence[Setting]) -> tuple[Passages, Passages]:
        """Return both passages with the cameras of one setting, under the scenario's names."""
        names = tuple(camera.name for camera in settings[setting].cameras)
        columns = columns_of(settings)[setting]
        return _with_cameras(self.seen, columns, names), _with_cameras(self.alone, columns, names)


def window_s(scenario: Scenario, footfall_per_h: float, people: int) -> float:
    """Return how long people are counted: a whole part of the shift, with at least ``people``.

    Where fewer come in the whole shift, the shift.
    """
    hours = scenario.policy.hours
    parts = max(1, int(footfall_per_h * hours / people))
    return hours * SECONDS_AN_HOUR / parts


def walk_at_footfall(
    scenario: Scenario,
    believed: Beliefs,
    settings: Sequence[Setting],
    *,
    footfall_per_h: float,
    seed: int,
    people: int,
) -> SteadyWalk:
    """Walk at a constant footfall under all settings' cameras at once, equations C1 to C3.

    believed : with ``arrivals.hourly_cv`` 0, so that the footfall holds still
    people   : at least so many are counted, if so many come in a shift
    """
    window = window_s(scenario, footfall_per_h, people)
    run = scenario.run.model_copy(update={"seed": seed})
    asked = with_crowd(
        scenario.model_copy(update={"run": run}),
        cameras_of(settings),
        footfall_per_h,
        WARM_UP_S + window + CLEARING_S,
    )
    seen, alone = (_walked(asked, one) for one in (believed, as_if_nobody_hid(believed)))
    arrived = seen.people[col.ARRIVED].to_numpy()
    counted = np.flatnonzero((arrived >= WARM_UP_S) & (arrived < WARM_UP_S + window))
    still = int(np.isnan(seen.people[col.LEFT].to_numpy()[counted]).sum())
    if still:
        raise SimError(
            f"{scenario.name}: at {footfall_per_h:,.0f} people an hour {still} people are still "
            f"inside {CLEARING_S:.0f} s after the window: the crowd is not steady; ask for fewer"
        )
    zone = camera_zone(scenario)
    when = moments(seen)[1][is_inside(seen, zone)]
    begins, ends = WARM_UP_S, WARM_UP_S + window
    met = np.count_nonzero((when >= begins) & (when < ends))
    return SteadyWalk(
        footfall_per_h=footfall_per_h,
        seed=seed,
        density_per_m2=float(met / (ends - begins) / zone.area),  # equation C2
        window_s=window,
        seen=_rows(seen, counted, WARM_UP_S),
        alone=_rows(alone, counted, WARM_UP_S),
    )


def repeated(passages: Passages, window_s: float, times: int) -> Passages:
    """Return the passages of a window come again ``times`` in a row, equation C4."""
    n, trail = len(passages.people), passages.trail
    later = np.repeat(np.arange(times) * window_s, n)
    people = pd.concat([passages.people] * times, ignore_index=True)
    for name in (col.ARRIVED, col.ENTERED, col.LEFT):
        people[name] = people[name].to_numpy() + later
    people[col.PERSON] = np.arange(n * times)
    starts = trail.start[:-1][None, :] + np.arange(times)[:, None] * len(trail.xy)
    return Passages(
        people=people,
        exposure_s=np.tile(passages.exposure_s, (times, 1)),
        best_look_s=np.tile(passages.best_look_s, (times, 1)) + later[:, None],
        crowding_per_m2=np.tile(passages.crowding_per_m2, (times, 1)),
        trail=Trail(
            start=np.append(starts.ravel(), times * len(trail.xy)),
            first_s=np.tile(trail.first_s, times) + later,
            xy=np.tile(trail.xy, (times, 1)),
        ),
        cameras=passages.cameras,
    )


def one_look(passages: Passages, exposure_s: float) -> Passages:
    """Return the passages with one look at everybody who was seen: by the camera that saw most."""
    best = np.argmax(passages.exposure_s, axis=1)
    is_seen = passages.usable
    exposure = np.zeros_like(passages.exposure_s)
    exposure[np.flatnonzero(is_seen), best[is_seen]] = exposure_s
    return replace(passages, exposure_s=exposure)


def _walked(asked: Scenario, believed: Beliefs) -> Passages:
    """Walk until the cameras stop; whoever is inside then is not waited for."""
    street = Street(asked, believed=believed)
    while street.time_s < street.cameras_end_s:
        street.step()
    waiting = street.waiting
    passages = street.passages()
    forget(street)
    if waiting > LARGEST_PARTY + JAM_S * asked.street.footfall.people / SECONDS_AN_HOUR:
        raise SimError(
            f"{asked.name}: at {asked.street.footfall.people:,.0f} people an hour {waiting} people "
            "find no room at the entrances: the street jams; ask for fewer people"
        )
    return passages


def _rows(passages: Passages, rows: NDArray[np.int64], from_s: float) -> Passages:
    """Return some people, with times from ``from_s`` on."""
    people = passages.people.iloc[rows].reset_index(drop=True)
    for name in (col.ARRIVED, col.ENTERED, col.LEFT):
        people[name] = people[name].to_numpy() - from_s
    people[col.PERSON] = np.arange(len(rows))
    trail = passages.trail
    count = np.diff(trail.start)[rows]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    points = np.arange(start[-1]) + np.repeat(trail.start[:-1][rows] - start[:-1], count)
    return Passages(
        people=people,
        exposure_s=passages.exposure_s[rows],
        best_look_s=passages.best_look_s[rows] - from_s,
        crowding_per_m2=passages.crowding_per_m2[rows],
        trail=Trail(start, trail.first_s[rows] - from_s, trail.xy[points]),
        cameras=passages.cameras,
    )


def _with_cameras(passages: Passages, columns: slice, names: tuple[str, ...]) -> Passages:
    matrices = {name: getattr(passages, name)[:, columns] for name in _MATRICES}
    return replace(passages, **matrices, cameras=names)
