"""A walk made ready for scoring: cells of alike people, where alerts would come, who is reached.

State:  ``WalkedStreet`` keeps what it has worked out, a bounded number of each.
Shapes: cells ``(c,)``, people ``(n,)``, groups ``(40,)``.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import columns as col
from sim.answer.cells import cells_of, looks_of, sights_of, trails_of
from sim.groups import GROUP_COUNT
from sim.kernels.played_shifts import HAND, fill_hands, fill_reach
from sim.kernels.scoring import Looks, Reach
from sim.kernels.shift import Staff
from sim.model.arrivals import hour_factors
from sim.model.matching import MatchingParameters
from sim.model.passages import Passages
from sim.model.presence import presence
from sim.scenario.footfall import hour_edges_s
from sim.scenario.schema import Scenario
from sim.storage.bounded_cache import BoundedCache

Floats = NDArray[np.float64]

MOST_SHIFTS = 512
HANDS_KEPT = 64  # candidates of a shift whose luck is drawn once for all points
REVIEW_ROWS, REVIEW_SLICES = 16, 8
_KEPT = 512  # reaches, and looks, of the staffings and matchers met last


class Staffing(NamedTuple):
    """What decides the reach of a pursuit: all that ``fill_reach`` depends on."""

    operators: int
    officers: int
    posts: tuple[tuple[float, float], ...]
    speed_mps: float
    reach_m: float
    away_s: float
    review_s: float
    review_log_sd: float

    def staff(self) -> Staff:
        """Return the staff for the kernels."""
        posts = np.array(self.posts, dtype=np.float64)
        return Staff(
            self.operators, self.officers, posts, self.speed_mps, self.reach_m, self.away_s
        )


class WalkedStreet:
    """A walk made ready for scoring: cells, sights, trails, and the reaches worked out so far.

    people, faces : (40,) who walked past, and of whom a camera had a usable face
    """

    def __init__(self, scenario: Scenario, passages: Passages) -> None:
        self.scenario, self.passages = scenario, passages
        self.cells = cells_of(passages)
        self.sights = sights_of(passages, scenario)
        people = passages.people
        self.presence = presence(passages.trail, people[col.LEFT].to_numpy())
        self.trails = trails_of(passages, self.presence.leave_s)
        came_in = ~people[col.TURNED_AWAY].to_numpy()
        self.people, self.faces = (
            np.bincount(people[col.GROUP].to_numpy()[rows], minlength=GROUP_COUNT).astype(float)
            for rows in (came_in, passages.usable)
        )
        edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
        self.hours = len(edges) - 1
        self.hands = np.empty((MOST_SHIFTS, HANDS_KEPT, HAND))
        fill_hands(scenario.run.seed, self.hands)
        self._reaches: BoundedCache[Staffing, Reach] = BoundedCache(_KEPT)
        self._looks: BoundedCache[tuple[float, ...], Looks] = BoundedCache(_KEPT)
        self._busy_hours: dict[float, Floats] = {}

    def reach(self, staffing: Staffing) -> Reach:
        """Return the reach of each cell under a staffing; the latest few are kept."""
        return self._reaches.of(staffing, lambda: self._new_reach(staffing))

    def looks(self, matcher: MatchingParameters) -> Looks:
        """Return what the looks at each cell come to; the latest few are kept."""
        key = (
            matcher.reference_exposure_s,
            matcher.repeat_frame,
            matcher.repeat_camera,
            matcher.camera_weight,
            matcher.frame_weight,
        )
        return self._looks.of(key, lambda: looks_of(self.passages, self.cells, matcher))

    def hour_factors(self, variation: float) -> Floats:
        """Return how busy each clock hour is in each shift that may be played."""
        known = self._busy_hours.get(variation)
        if known is None:
            seed = self.scenario.run.seed
            rows = [hour_factors(seed, self.hours, variation, k + 1) for k in range(MOST_SHIFTS)]
            known = self._busy_hours[variation] = np.array(rows).reshape(MOST_SHIFTS, self.hours)
        return known

    def _new_reach(self, staffing: Staffing) -> Reach:
        count = len(self.cells.group)
        reach = Reach(*(np.zeros(count) for _ in Reach._fields))
        if staffing.operators and count:
            at = np.arange(REVIEW_ROWS)[:, None] + 0.5
            slices = (np.arange(REVIEW_SLICES)[None, :] + at / REVIEW_ROWS) / REVIEW_SLICES
            spread = staffing.review_log_sd
            review = staffing.review_s * np.exp(spread * ndtri(slices) - spread**2 / 2)
            seed = self.scenario.run.seed
            fill_reach(seed, self.trails, staffing.staff(), self.sights, review, self.cells, *reach)
        return reach
