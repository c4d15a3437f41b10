"""Operators and officers of a deployment, as Mesa agents.

An *operator* reads alerts, one at a time. An *officer* stands at a post, goes after a person along
a straight line to where the person will be, and walks back.

State:    an agent's own task.
Shapes:   positions in m, times in s from the start of the cameras.
Evidence: docs/model/response.md numbers the equations and names what is assumed.
"""

from math import exp, sqrt

import mesa

WEIDMANN_SLOPE_PER_M2 = 1.913
WEIDMANN_JAM_PER_M2 = 5.4
LEAST_SPEED_SHARE = 0.1  # an officer gets through a standing crowd at a tenth of the speed


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

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.alert = -1


class Officer(mesa.Agent):
    """Somebody who can go after a person.

    post      : m, where the officer stands when there is nothing to do
    place     : m, where the last task ended
    free_at_s : when it ended or will end
    """

    def __init__(self, model: mesa.Model, post: tuple[float, float]) -> None:
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
