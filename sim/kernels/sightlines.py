"""Which faces a camera can use in one frame, through all the other people.

A frame's *weight* of a face is in [0, 1]: 0 if it is out of the frame or out of range, turned
away, too small, covered, or hidden by a head, by shoulders or by a wall; else the product of the
soft weights for size, yaw and pitch (docs/model/looks.md).

Units:  SI, radians.
Shapes: people are rows ``(n,)``; a camera is a row of ``CAMERA_FIELDS`` numbers; walls ``(m, 4)``.
"""

from math import cos, pi, sin, sqrt, tan

import numpy as np

from sim.kernels._jit import Bools, Floats, Ints, kernel
from sim.kernels.portable_math import arctan2, cosine

# Fields of a camera's row.
CAM_X, CAM_Y, CAM_HEIGHT = 0, 1, 2
CAM_FORWARD_X, CAM_FORWARD_Y = 3, 4  # heading, a unit vector
CAM_SIN_TILT, CAM_COS_TILT = 5, 6
CAM_TAN_HALF_WIDTH, CAM_TAN_HALF_HEIGHT = 7, 8
CAM_FOCAL_PX, CAM_NEAR, CAM_FAR = 9, 10, 11
CAM_FACES_PER_FRAME = 12  # inf: no limit
CAMERA_FIELDS = 13

# Fields of the optics row: what a usable face needs and how wide bodies are.
OPT_EYE_DISTANCE, OPT_MIN_EYE_PX = 0, 1
OPT_YAW_HALF_LOSS, OPT_PITCH_HALF_LOSS = 2, 3
OPT_FACE_DROP, OPT_SHOULDER_DROP = 4, 5
OPT_HEAD_WIDTH, OPT_FACE_WIDTH = 6, 7
OPTICS_FIELDS = 8

MARGIN = 1.0  # m; more than a body reaches beside its centre
TALLEST = 3.0  # m; nobody is taller


@kernel
def size_weight(eye_distance_px: float, floor_px: float) -> float:
    """Weight of a face's size: 0 below ``floor_px``, rising to 1 at three times it.

    eye_distance_px, floor_px : distance between the pupils in the image, px
    """
    if eye_distance_px < floor_px:
        return 0.0
    if eye_distance_px >= 3.0 * floor_px:
        return 1.0
    return 0.5 + 0.25 * (eye_distance_px / floor_px - 1.0)


@kernel
def angle_weight(angle: float, half_loss: float) -> float:
    """Weight of a turn away from the camera: 1 straight on, 0.5 at ``half_loss``, 0 at twice it.

    angle, half_loss : rad
    """
    turn = abs(angle)
    if turn >= 2.0 * half_loss:
        return 0.0
    half = cosine(0.25 * pi * turn / half_loss)
    return half * half


@kernel
def crosses_wall(ax: float, ay: float, bx: float, by: float, walls: Floats) -> bool:
    """Whether the segment from a to b properly crosses any wall.

    walls : (m, 4) m, x1 y1 x2 y2
    """
    for w in range(walls.shape[0]):
        px, py, qx, qy = walls[w, 0], walls[w, 1], walls[w, 2], walls[w, 3]
        side_p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        side_q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
        if side_p * side_q >= 0.0:
            continue
        side_a = (qx - px) * (ay - py) - (qy - py) * (ax - px)
        side_b = (qx - px) * (by - py) - (qy - py) * (bx - px)
        if side_a * side_b < 0.0:
            return True
    return False


@kernel
def is_hidden(
    face: int,
    x: Floats,
    y: Floats,
    crown: Floats,
    shoulder: Floats,
    others: Ints,
    count: int,
    tallest: float,
    camera: Floats,
    optics: Floats,
) -> bool:
    """Whether another person's head or shoulders stand between the camera and a face.

    face            : row of the person looked at
    x, y            : (n,) m
    crown, shoulder : (n,) m, top of the head, breadth of the shoulders
    others, count   : rows of the people who may block, the first ``count`` of ``others``
    tallest         : m, tallest crown among them
    camera, optics  : rows, see the module's field names

    A head blocks if its crown is above the line of sight where the line passes it and its centre
    is within half of head plus face width of the line; shoulders likewise, 0.30 m lower.
    """
    face_z = crown[face] - optics[OPT_FACE_DROP]
    dx = x[face] - camera[CAM_X]
    dy = y[face] - camera[CAM_Y]
    ground = sqrt(dx * dx + dy * dy)
    if ground == 0.0:
        return False
    ux, uy = dx / ground, dy / ground
    fall = (camera[CAM_HEIGHT] - face_z) / ground
    # Nearer to the camera than this, the line of sight passes above the tallest head.
    first = 0.0 if fall <= 0.0 else (camera[CAM_HEIGHT] - tallest) / fall
    for k in range(count):
        j = others[k]
        if j == face:
            continue
        px = x[j] - camera[CAM_X]
        py = y[j] - camera[CAM_Y]
        along = px * ux + py * uy
        if along <= 0.0 or along < first or along >= ground:
            continue
        aside = abs(px * uy - py * ux)
        line_z = camera[CAM_HEIGHT] - fall * along
        if crown[j] > line_z and 2.0 * aside < optics[OPT_HEAD_WIDTH] + optics[OPT_FACE_WIDTH]:
            return True
        if (
            crown[j] - optics[OPT_SHOULDER_DROP] > line_z
            and 2.0 * aside < shoulder[j] + optics[OPT_FACE_WIDTH]
        ):
            return True
    return False


@kernel
def face_weight(
    x: float,
    y: float,
    crown: float,
    facing: float,
    pitch: float,
    camera: Floats,
    optics: Floats,
) -> float:
    """Weight of one face in one frame if nothing stood in the way.

    x, y, crown    : m
    facing         : rad, direction of the nose in the plane, counter-clockwise from +x
    pitch          : rad, nose above the horizontal (negative: looks down)
    camera, optics : rows, see the module's field names
    """
    dx = x - camera[CAM_X]
    dy = y - camera[CAM_Y]
    ground = sqrt(dx * dx + dy * dy)
    if ground < camera[CAM_NEAR] or ground > camera[CAM_FAR]:
        return 0.0
    drop = camera[CAM_HEIGHT] - (crown - optics[OPT_FACE_DROP])
    ahead = dx * camera[CAM_FORWARD_X] + dy * camera[CAM_FORWARD_Y]
    depth = ahead * camera[CAM_COS_TILT] + drop * camera[CAM_SIN_TILT]
    if depth <= 0.0:
        return 0.0
    right = dx * camera[CAM_FORWARD_Y] - dy * camera[CAM_FORWARD_X]
    if abs(right) > depth * camera[CAM_TAN_HALF_WIDTH]:
        return 0.0
    above = ahead * camera[CAM_SIN_TILT] - drop * camera[CAM_COS_TILT]
    if abs(above) > depth * camera[CAM_TAN_HALF_HEIGHT]:
        return 0.0
    yaw = facing - arctan2(-dy, -dx)
    yaw = yaw - 2.0 * pi * np.floor((yaw + pi) / (2.0 * pi))
    weight = angle_weight(yaw, optics[OPT_YAW_HALF_LOSS])
    if weight == 0.0 or abs(yaw) >= 0.5 * pi:
        return 0.0
    weight *= angle_weight(arctan2(drop, ground) - pitch, optics[OPT_PITCH_HALF_LOSS])
    distance = sqrt(ground * ground + drop * drop)
    eye_px = camera[CAM_FOCAL_PX] * optics[OPT_EYE_DISTANCE] * cosine(yaw) / distance
    return weight * size_weight(eye_px, optics[OPT_MIN_EYE_PX])


@kernel
def look(
    n: int,
    x: Floats,
    y: Floats,
    crown: Floats,
    shoulder: Floats,
    facing: Floats,
    pitch: Floats,
    covered: Bools,
    camera: Floats,
    optics: Floats,
    walls: Floats,
    candidates: Ints,
    weight: Floats,
) -> int:
    """Fill ``weight`` for one camera and one frame; return how many faces are usable.

    n                              : people present, rows 0..n-1 of every array
    x, y, crown, shoulder          : (capacity,) m
    facing, pitch                  : (capacity,) rad, of the nose; nan: the back is turned
    covered                        : (capacity,)
    camera, optics                 : rows, see the module's field names
    walls                          : (m, 4) m; empty where no wall can stand between two points
    candidates                     : (capacity,) scratch
    weight                         : (capacity,) overwritten in rows 0..n-1, in [0, 1]

    A camera that takes fewer faces a frame than are usable serves each with the same chance: the
    weights shrink in proportion.
    """
    far = camera[CAM_FAR]
    # Who is in the frame, or stands before somebody in it, is not further aside than this.
    spread = camera[CAM_TAN_HALF_WIDTH] * camera[CAM_COS_TILT]
    aside = MARGIN + camera[CAM_TAN_HALF_WIDTH] * (
        camera[CAM_COS_TILT] * MARGIN
        + (abs(camera[CAM_HEIGHT]) + TALLEST) * abs(camera[CAM_SIN_TILT])
    )
    count = 0
    tallest = 0.0
    for i in range(n):
        weight[i] = 0.0
        dx = x[i] - camera[CAM_X]
        dy = y[i] - camera[CAM_Y]
        ahead = dx * camera[CAM_FORWARD_X] + dy * camera[CAM_FORWARD_Y]
        right = abs(dx * camera[CAM_FORWARD_Y] - dy * camera[CAM_FORWARD_X])
        if (dx * dx + dy * dy <= far * far) & (right <= spread * ahead + aside):
            candidates[count] = i
            count += 1
            tallest = max(tallest, crown[i])
    usable = 0
    for k in range(count):
        i = candidates[k]
        if covered[i] or np.isnan(facing[i]):
            continue
        w = face_weight(x[i], y[i], crown[i], facing[i], pitch[i], camera, optics)
        if w == 0.0:
            continue
        if is_hidden(i, x, y, crown, shoulder, candidates, count, tallest, camera, optics):
            continue
        if walls.shape[0] > 0 and crosses_wall(camera[CAM_X], camera[CAM_Y], x[i], y[i], walls):
            continue
        weight[i] = w
        usable += 1
    if usable > camera[CAM_FACES_PER_FRAME]:
        share = camera[CAM_FACES_PER_FRAME] / usable
        for k in range(count):
            weight[candidates[k]] *= share
    return usable


def camera_row(
    position: tuple[float, float],
    height: float,
    *,
    heading_deg: float,
    tilt_deg: float,
    field_of_view_deg: float,
    size_px: tuple[int, int],
    near: float,
    far: float,
    faces_per_frame: float = float("inf"),
) -> Floats:
    """Return a camera's row: lengths in m, angles in degrees, ``size_px`` width and height."""
    heading, tilt = np.radians(heading_deg), np.radians(tilt_deg)
    half_width = tan(0.5 * np.radians(field_of_view_deg))
    row = np.empty(CAMERA_FIELDS)
    row[CAM_X], row[CAM_Y], row[CAM_HEIGHT] = *position, height
    row[CAM_FORWARD_X], row[CAM_FORWARD_Y] = sin(heading), cos(heading)
    row[CAM_SIN_TILT], row[CAM_COS_TILT] = sin(tilt), cos(tilt)
    row[CAM_TAN_HALF_WIDTH] = half_width
    row[CAM_TAN_HALF_HEIGHT] = half_width * size_px[1] / size_px[0]
    row[CAM_FOCAL_PX] = 0.5 * size_px[0] / half_width
    row[CAM_NEAR], row[CAM_FAR], row[CAM_FACES_PER_FRAME] = near, far, faces_per_frame
    return row
