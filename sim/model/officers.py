"""Operators and officers of a deployment, and the people they look for.

An *operator* reads alerts, one at a time. An *officer* stands at a post, goes after a person along
a straight line to where the person will be, and walks back. *Presence* says who is where at any
time; it is the walk's record, which nothing here changes: whoever is stopped keeps the recorded
trail.

State:    an agent's own task; ``Presence`` is read-only.
Shapes:   people are rows ``(n,)``; positions in m, times in s from the start of the cameras.
Evidence: docs/model/response.md numbers the equations and names what is assumed.
"""

from dataclasses import dataclass
from math import exp, floor, sqrt
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.passages import Trail

if TYPE_CHECKING:
    from sim.model.response import Response

WEIDMANN_SLOPE_PER_M2 = 1.913
WEIDMANN_JAM_PER_M2 = 5.4
LEAST_SPEED_SHARE = 0.1  # an officer gets through a standing crowd at a tenth of the speed


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


def crowd_speed_share(crowding_per_m2: float) -> float:
    """Return walking speed in a crowd, as a share of the speed alone, equation R5.

    Weidmann (1993) as the pedestrian simulator Vadere states it; the original was not opened.
    """
    if crowding_per_m2 <= 0.0:
        return 1.0
    share = 1.0 - exp(-WEIDMANN_SLOPE_PER_M2 * (1.0 / crowding_per_m2 - 1.0 / WEIDMANN_JAM_PER_M2))
    return max(share, LEAST_SPEED_SHARE)


def on_the_way(
    place: tuple[float, float], towards: tuple[float, float], walked_m: float
) -> tuple[float, float]:
    """Return where somebody is who walked so far from ``place``, or who has arrived."""
    dx, dy = towards[0] - place[0], towards[1] - place[1]
    way = sqrt(dx * dx + dy * dy)
    if walked_m >= way:
        return towards
    return place[0] + dx * walked_m / way, place[1] + dy * walked_m / way


class Operator(mesa.Agent):
    """Somebody who reads alerts. ``alert`` is the row being read, -1 for none."""

    def __init__(self, model: "Response") -> None:
        super().__init__(model)
        self.alert = -1


class Officer(mesa.Agent):
    """Somebody who can go after a person.

    post      : m, where the officer stands when there is nothing to do
    place     : m, where the last task ended
    free_at_s : when it ended or will end
    """

    def __init__(self, model: "Response", post: tuple[float, float]) -> None:
        super().__init__(model)
        self.post = self.place = post
        self.free_at_s = 0.0

    def begin(self) -> None:
        """Stand at the post, free, as when the cameras start."""
        self.place, self.free_at_s = self.post, 0.0

    def is_free(self, time_s: float) -> bool:
        """Return whether the last task is over."""
        return self.free_at_s <= time_s

    def position(self, time_s: float, speed_mps: float) -> tuple[float, float]:
        """Return where a free officer is: on the straight way back to the post, or there."""
        return on_the_way(self.place, self.post, speed_mps * (time_s - self.free_at_s))

    def finish(self, place: tuple[float, float], time_s: float) -> None:
        """Be busy until ``time_s``, then start from ``place``."""
        self.place, self.free_at_s = place, time_s

    def chase(
        self,
        place: tuple[float, float],
        towards: tuple[float, float],
        *,
        way_m: float,
        end_s: float,
    ) -> None:
        """Walk ``way_m`` from ``place`` towards a point, in vain, until ``end_s``."""
        dx, dy = towards[0] - place[0], towards[1] - place[1]
        distance = sqrt(dx * dx + dy * dy)
        share = min(1.0, way_m / distance) if distance > 0.0 else 0.0
        self.finish((place[0] + share * dx, place[1] + share * dy), end_s)
