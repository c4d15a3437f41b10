"""Who is where at any time of a walk, and where somebody can be reached: read from its trails.

*Presence* is the walk's record, which nothing here changes: whoever is stopped keeps the recorded
trail.

State:    none; ``Presence`` is read-only.
Shapes:   people are rows ``(n,)``; positions in m, times in s from the start of the cameras.
Evidence: docs/model/response.md numbers the equations.
"""

from dataclasses import dataclass
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.passages import Trail


class Catch(NamedTuple):
    """Where and when an officer reaches a person."""

    time_s: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is where when, from the trails of a walk.

    trail        : one point a second
    leave_s      : (n,) when the person is out of reach; nan for people who never came in
    by_entry     : (k,) rows of the people with a trail, by the time of their first point
    entry_s      : (k,) that time
    longest_stay : s, from the first point to leaving, over everybody
    """

    trail: Trail
    leave_s: NDArray[np.float64]
    by_entry: NDArray[np.int64]
    entry_s: NDArray[np.float64]
    longest_stay: float

    def position(self, person: int, time_s: float) -> tuple[float, float]:
        """Return where ``person`` is, between the second's points; the last point holds on."""
        begin, end = int(self.trail.start[person]), int(self.trail.start[person + 1])
        since = min(max(time_s - float(self.trail.first_s[person]), 0.0), float(end - begin - 1))
        step = floor(since)
        share = since - step
        x0, y0 = self.trail.xy[begin + step].tolist()
        x1, y1 = self.trail.xy[min(begin + step + 1, end - 1)].tolist()
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def path(
        self, person: int, from_s: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return times, x and y of ``person`` from ``from_s`` to leaving."""
        begin, end = int(self.trail.start[person]), int(self.trail.start[person + 1])
        first_s = float(self.trail.first_s[person])
        following = min(max(floor(from_s - first_s) + 1, 0), end - begin)
        points = self.trail.xy[begin + following : end].astype(np.float64)
        here = self.position(person, from_s)
        last = points[-1] if len(points) else here
        count = len(points)
        times, x, y = np.empty(count + 2), np.empty(count + 2), np.empty(count + 2)
        times[0], x[0], y[0] = from_s, here[0], here[1]
        times[1:-1] = first_s + np.arange(following, following + count)
        x[1:-1], y[1:-1] = points[:, 0], points[:, 1]
        times[-1], x[-1], y[-1] = self.leave_s[person], last[0], last[1]
        return times, x, y

    def intercept(
        self,
        person: int,
        *,
        from_s: float,
        place: tuple[float, float],
        speed_mps: float,
        reach_m: float,
    ) -> Catch | None:
        """Return the first moment at which somebody from ``place`` can be with ``person``.

        The moment is the smallest t with distance(place, trail(t)) <= reach + speed (t - from)
        that lies before leaving, equation R6; none: the person walks out first. Between two
        points of the trail the gap is taken to close evenly.
        """
        times, x, y = self.path(person, from_s)
        distance = np.sqrt((x - place[0]) ** 2 + (y - place[1]) ** 2)
        gap = distance - reach_m - speed_mps * (times - from_s)
        closed = int(np.argmax(gap <= 0.0))
        if gap[closed] > 0.0:
            return None
        share = 0.0
        if closed > 0:
            before, after = float(gap[closed - 1]), float(gap[closed])
            share = before / (before - after)
        lower = max(closed - 1, 0)
        time_s, at_x, at_y = (
            float(values[lower] + share * (values[closed] - values[lower]))
            for values in (times, x, y)
        )
        return Catch(time_s, at_x, at_y) if time_s < self.leave_s[person] else None

    def near(self, person: int, *, at: Catch, radius_m: float) -> int:
        """Return how many others are within ``radius_m`` of a place at a time, equation R10."""
        early = int(np.searchsorted(self.entry_s, at.time_s - self.longest_stay))
        late = int(np.searchsorted(self.entry_s, at.time_s, side="right"))
        rows = self.by_entry[early:late]
        rows = rows[(self.leave_s[rows] > at.time_s) & (rows != person)]
        begin, end = self.trail.start[rows], self.trail.start[rows + 1]
        seconds = np.floor(at.time_s - self.trail.first_s[rows]).astype(np.int64)
        points = self.trail.xy[np.minimum(begin + seconds, end - 1)].astype(np.float64)
        squared = (points[:, 0] - at.x) ** 2 + (points[:, 1] - at.y) ** 2
        return int(np.count_nonzero(squared <= radius_m**2))


def presence(trail: Trail, left_s: NDArray[np.float64]) -> Presence:
    """Index a walk's trails; ``left_s`` (n,) is nan for people still inside at the end.

    Those are out of reach when their record ends: one second after the last point.
    """
    count = np.diff(trail.start)
    has_trail = (count > 0) & np.isfinite(trail.first_s)
    record_end = np.where(has_trail, trail.first_s + count, np.nan)
    leave_s = np.where(np.isnan(left_s), record_end, left_s)
    rows = np.flatnonzero(has_trail)
    by_entry = rows[np.argsort(trail.first_s[rows], kind="stable")]
    stays = leave_s[rows] - trail.first_s[rows]
    return Presence(
        trail=trail,
        leave_s=leave_s,
        by_entry=by_entry,
        entry_s=trail.first_s[by_entry],
        longest_stay=float(stays.max(initial=0.0)),
    )
