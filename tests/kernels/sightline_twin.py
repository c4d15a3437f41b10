"""An independent twin of the sight lines: plain Python, geometry by shapely, written from the text.

Written from the description of a usable face (docs/model/looks.md, L1 to L8), not from the kernel.
A face is projected into the image by a rotation matrix. What hides it is asked of *ribbons*: the
ground on which the centre of a head, or of shoulders, comes between camera and face. Every yes or
no has a *margin*, how far it was from turning out the other way; two programs that round
differently may disagree only where it is next to nothing.
"""

from dataclasses import dataclass, field
from math import acos, asin, atan2, cos, hypot, inf, pi, sin, tan

import numpy as np
import shapely

EYE_DISTANCE, SMALLEST_EYE_PX = 0.063, 20.0
YAW_HALF_LOSS, PITCH_HALF_LOSS = pi / 4, 35 * pi / 180
FACE_DROP, SHOULDER_DROP = 0.17, 0.30
HEAD_WIDTH, FACE_WIDTH = 0.16, 0.10


@dataclass(frozen=True)
class Lens:
    """A camera in the words of a scenario: m, degrees, pixels."""

    x: float
    y: float
    height: float
    heading_deg: float
    tilt_deg: float
    field_of_view_deg: float
    width_px: int
    height_px: int
    near: float
    far: float

    @property
    def focal_px(self):
        return self.width_px / 2 / tan(self.field_of_view_deg * pi / 360)

    def axes(self):
        """Return the unit vectors right, up and forward of the image, as rows."""
        heading, tilt = self.heading_deg * pi / 180, self.tilt_deg * pi / 180
        forward = np.array([sin(heading) * cos(tilt), cos(heading) * cos(tilt), -sin(tilt)])
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        return np.array([right, np.cross(right, forward), forward])


@dataclass
class Verdict:
    """Whether a face is usable, why not, and the smallest margin of all that was asked."""

    why_not: list[str] = field(default_factory=list)
    margin: float = inf

    @property
    def is_clear(self):
        return not self.why_not

    def demand(self, what, surplus):
        """Note a condition that holds where ``surplus`` is above 0."""
        self.margin = min(self.margin, abs(surplus))
        if surplus <= 0:
            self.why_not.append(what)


@dataclass(frozen=True)
class People:
    """One row a person; m and rad. nose: counter-clockwise from east."""

    x: np.ndarray
    y: np.ndarray
    crown: np.ndarray
    shoulder: np.ndarray
    nose: np.ndarray
    pitch: np.ndarray
    covered: np.ndarray


def verdict(i, people, lens, walls):
    """Say whether the camera can use the face of person ``i``.

    walls : list of ((x, y), (x, y))
    """
    found = Verdict()
    face = np.array([people.x[i], people.y[i], people.crown[i] - FACE_DROP])
    if people.covered[i]:
        found.why_not.append("covered")
    _ask_the_image(found, face, lens)
    _ask_the_pose(found, face, people.nose[i], people.pitch[i], lens)
    if found.is_clear:  # whoever is out of the picture need not be hidden as well
        _ask_the_others(found, i, face, people, lens)
        _ask_the_walls(found, face, lens, walls)
    return found


def _ask_the_image(found, face, lens):
    """The face lies in the frame and between the nearest and the furthest range."""
    ground = shapely.Point(face[:2]).distance(shapely.Point(lens.x, lens.y))
    found.demand("too near", ground - lens.near)
    found.demand("too far", lens.far - ground)
    right, up, depth = lens.axes() @ (face - [lens.x, lens.y, lens.height])
    found.demand("behind the camera", depth)
    if depth <= 0:
        return
    frame = shapely.box(*_half(lens, -1), *_half(lens, 1))
    spot = shapely.Point(lens.focal_px * right / depth, lens.focal_px * up / depth)
    inside = 1 if frame.contains(spot) else -1
    found.demand("out of the frame", inside * frame.exterior.distance(spot))


def _half(lens, sign):
    return sign * lens.width_px / 2, sign * lens.height_px / 2


def _ask_the_pose(found, face, nose, pitch, lens):
    """The face is turned towards the camera and large enough in the image."""
    to_camera = np.array([lens.x, lens.y, lens.height]) - face
    distance = float(np.linalg.norm(to_camera))
    level = to_camera[:2] / hypot(*to_camera[:2])
    yaw = acos(min(1.0, max(-1.0, float(level @ [cos(nose), sin(nose)]))))
    found.demand("turned away", min(2 * YAW_HALF_LOSS, pi / 2) - yaw)
    nod = abs(asin(to_camera[2] / distance) - pitch)
    found.demand("looks down or up", 2 * PITCH_HALF_LOSS - nod)
    eye_px = lens.focal_px * EYE_DISTANCE * cos(yaw) / distance
    found.demand("too small", eye_px - SMALLEST_EYE_PX)


def _ask_the_others(found, i, face, people, lens):
    """Nobody's head or shoulders stand in the way."""
    lens_point = (lens.x, lens.y, lens.height)
    sight = shapely.LineString([lens_point, tuple(face)])
    shadow = shapely.LineString([lens_point[:2], tuple(face[:2])])
    others = np.array([j for j in range(len(people.x)) if j != i], dtype=int)
    centres = shapely.points(people.x[others], people.y[others])
    near = shapely.dwithin(centres, shadow, 1.0)  # wider than any body
    others, centres = others[near], centres[near]
    # Height of the line of sight where it passes each of them, read off the line itself.
    passing = shapely.line_interpolate_point(sight, shapely.line_locate_point(shadow, centres))
    line_z = shapely.get_z(passing)
    bodies = (
        ("head", np.full(len(others), HEAD_WIDTH), people.crown[others]),
        ("shoulders", people.shoulder[others], people.crown[others] - SHOULDER_DROP),
    )
    for part, breadth, top in bodies:
        ribbons = shapely.buffer(shadow, (breadth + FACE_WIDTH) / 2, cap_style="flat")
        is_between = shapely.contains(ribbons, centres)
        sideways = shapely.distance(shapely.get_exterior_ring(ribbons), centres)
        # Hidden needs both: between, and high enough.
        for surplus in np.minimum(np.where(is_between, sideways, -sideways), top - line_z):
            found.demand(f"hidden by {part}", -float(surplus))


def _ask_the_walls(found, face, lens, walls):
    """The line of sight crosses no wall; to touch one is not to cross it."""
    shadow = shapely.LineString([(lens.x, lens.y), tuple(face[:2])])
    ends = [shapely.Point(lens.x, lens.y), shapely.Point(face[:2])]
    for wall_ends in walls:
        wall = shapely.LineString(wall_ends)
        near = [end.distance(wall) for end in ends]
        near += [shapely.Point(end).distance(shadow) for end in wall_ends]
        found.demand("behind a wall", -min(near) if shadow.crosses(wall) else min(near))


def nose_towards(x, y, lens):
    """Return the direction in which people look straight at the camera, rad."""
    return np.array([atan2(lens.y - b, lens.x - a) for a, b in zip(x, y, strict=True)])
