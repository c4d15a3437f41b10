"""What one frame is worth: a face's size and turn, as weights in [0, 1].

The sight-line kernel computes the same inside its loop; this is its plain twin over arrays, for
charts, planning and tests. Equations L3 to L5 and L8 of ``docs/model/looks.md``. Whether anything
stands in the way is not asked here: see ``sim.biometrics.occlusion``.

State:  none.
Units:  m, px, rad; arguments broadcast, and 0-d arrays come back for scalars.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WEIGHT_AT_FLOOR = 0.5  # half of the faces at the smallest usable size are lost
FULL_SIZE_FLOORS = 3.0  # nothing is gained beyond three times that size


def eye_distance_px(
    focal_px: ArrayLike, distance_m: ArrayLike, *, eye_distance_m: float, yaw: ArrayLike
) -> Floats:
    """Return the distance between the pupils in the image, equation L3.

    distance_m     : from lens to face, along the line of sight
    eye_distance_m : between the pupils
    yaw            : rad, turn of the face away from the camera; none is left from pi / 2 on
    """
    foreshortened = np.maximum(np.cos(np.asarray(yaw, dtype=np.float64)), 0.0)
    return np.asarray(
        np.asarray(focal_px) * eye_distance_m * foreshortened / np.asarray(distance_m)
    )


def size_weight(eye_px: ArrayLike, floor_px: ArrayLike) -> Floats:
    """Return the weight of a face's size, equation L4.

    0 below the smallest usable distance between the pupils ``floor_px``, half at it, and rising
    evenly to 1 at three times it.
    """
    floors = np.asarray(eye_px, dtype=np.float64) / np.asarray(floor_px, dtype=np.float64)
    rising = np.interp(floors, [1.0, FULL_SIZE_FLOORS], [WEIGHT_AT_FLOOR, 1.0])
    return np.asarray(np.where(floors < 1.0, 0.0, rising))


def angle_weight(angle: ArrayLike, half_loss: ArrayLike) -> Floats:
    """Return the weight of a turn away from the camera, sideways or up and down, equation L5.

    angle     : rad, of either sign
    half_loss : rad, where the weight is 0.5; from twice it on the weight is 0
    """
    turn = np.minimum(np.abs(np.asarray(angle, dtype=np.float64)) / np.asarray(half_loss), 2.0)
    return np.asarray((1 + np.cos(turn * np.pi / 2)) / 2)


def frame_weight(
    eye_px: ArrayLike,
    yaw: ArrayLike,
    pitch: ArrayLike,
    *,
    floor_px: float,
    yaw_half_loss: float,
    pitch_half_loss: float,
) -> Floats:
    """Return what one frame of an unhidden face is worth: the product of its weights.

    yaw, pitch : rad, between the nose and the line to the camera
    """
    return np.asarray(
        size_weight(eye_px, floor_px)
        * angle_weight(yaw, yaw_half_loss)
        * angle_weight(pitch, pitch_half_loss)
    )
