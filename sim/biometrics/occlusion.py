"""How often a face is clear of other people, in a crowd that stands at random.

A closed form: the limit that the sight-line kernel must meet, and a quick answer to where a camera
should hang. Equations O1 to O3 of ``docs/model/matching.md``. It leaves out that people walk in
parties, that a camera hangs at a finite height, and that one frame is like the next.

State:  none.
Shapes: people looked at are rows ``(n,)``, parts of the crowd's height distribution ``(k,)``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heights:
    """Heights of a crowd: a mixture of normal distributions.

    mean_m      : (k,) of each part
    deviation_m : (k,) standard deviation; 0 makes a part one single height
    share       : (k,) adding to 1
    """

    mean_m: Floats
    deviation_m: Floats
    share: Floats

    def mean_excess_m(self, level_m: Floats) -> Floats:
        """Return E[max(0, height - level)] for each level, ``(n,)``, exactly."""
        above = self.mean_m[None, :] - level_m[:, None]
        spread = np.where(self.deviation_m > 0, self.deviation_m, 1.0)
        standard = above / spread
        normal = above * norm.cdf(standard) + spread * norm.pdf(standard)
        excess = np.where(self.deviation_m > 0, normal, np.maximum(above, 0.0))
        return np.asarray(np.maximum(excess, 0.0) @ self.share)  # rounding can fall below 0


@dataclass(frozen=True, slots=True)
class Bodies:
    """What of a body can hide a face, and how much of a face must be free; m.

    shoulder_drop : from crown to shoulders
    nearest       : how close behind one another people stand at least
    """

    head_width: float
    shoulder_width: float
    face_width: float
    shoulder_drop: float
    nearest: float


def hiding_area_m2(
    face_height_m: ArrayLike, depression: float, heights: Heights, bodies: Bodies
) -> Floats:
    """Return the ground on which a person of mean kind would hide the face, equations O1, O2.

    face_height_m : (n,) above the ground
    depression    : rad, of the line of sight below the horizontal: above 0, at most pi / 2

    Heads hide out to where the line of sight clears the crown, shoulders out to a shorter reach
    but over a greater breadth.
    """
    if not 0 < depression <= np.pi / 2:
        raise ValueError(f"depression must be above 0 and at most pi / 2, got {depression:g}")
    slope = np.tan(depression)
    face = np.atleast_1d(np.asarray(face_height_m, dtype=np.float64))
    # Reach max(0, (h - z) / tan - nearest) = max(0, h - (z + nearest tan)) / tan.
    cleared = face + bodies.nearest * slope
    head_reach = heights.mean_excess_m(cleared) / slope
    shoulder_reach = heights.mean_excess_m(cleared + bodies.shoulder_drop) / slope
    shoulder_breadth = bodies.shoulder_width + bodies.face_width
    head_breadth = bodies.head_width + bodies.face_width
    return np.asarray(
        shoulder_breadth * shoulder_reach + head_breadth * (head_reach - shoulder_reach)
    )


def clear_share(
    face_height_m: ArrayLike,
    depression: float,
    *,
    density_per_m2: float,
    heights: Heights,
    bodies: Bodies,
) -> Floats:
    """Return the chance that nobody hides each face, ``(n,)``, equation O3.

    People who could hide it are a Poisson number with mean density times the hiding area.
    """
    return np.asarray(
        np.exp(-density_per_m2 * hiding_area_m2(face_height_m, depression, heights, bodies))
    )
