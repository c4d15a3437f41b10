"""Cameras: from the scenario's words to the rows that the kernels read, and agents that report.

Evidence: docs/model/evidence.md (camera.*).
"""

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.kernels import sightlines
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Camera, Policy

if TYPE_CHECKING:
    from sim.model.street import Street


def camera_rows(policy: Policy) -> NDArray[np.float64]:
    """Return one row a camera, ``(cameras, CAMERA_FIELDS)``."""
    rows = [
        sightlines.camera_row(
            camera.position_m,
            camera.height_m,
            heading_deg=camera.heading_deg,
            tilt_deg=camera.tilt_deg,
            field_of_view_deg=camera.field_of_view_deg,
            size_px=(camera.width_px, camera.height_px),
            near=camera.near_m,
            far=camera.far_m,
            faces_per_frame=float("inf")
            if camera.capacity_faces_per_s is None
            else camera.capacity_faces_per_s / camera.frames_per_s,
        )
        for camera in policy.cameras
    ]
    return np.array(rows).reshape(len(rows), sightlines.CAMERA_FIELDS)


def frame_steps(policy: Policy, time_step_s: float) -> NDArray[np.int64]:
    """Return how many time steps lie between two frames of each camera, at least one."""
    return np.array(
        [max(1, round(1 / (camera.frames_per_s * time_step_s))) for camera in policy.cameras],
        dtype=np.int64,
    )


def optics_row(beliefs: Beliefs) -> NDArray[np.float64]:
    """Return what a usable face needs and how wide bodies are, ``(OPTICS_FIELDS,)``."""
    row = np.empty(sightlines.OPTICS_FIELDS)
    row[sightlines.OPT_EYE_DISTANCE] = beliefs.value("camera.eye_distance_m")
    row[sightlines.OPT_MIN_EYE_PX] = beliefs.value("camera.min_eye_distance_px")
    row[sightlines.OPT_YAW_HALF_LOSS] = np.radians(beliefs.value("camera.yaw_half_loss_deg"))
    row[sightlines.OPT_PITCH_HALF_LOSS] = np.radians(beliefs.value("camera.pitch_half_loss_deg"))
    row[sightlines.OPT_FACE_DROP] = beliefs.value("camera.face_drop_m")
    row[sightlines.OPT_SHOULDER_DROP] = beliefs.value("camera.shoulder_drop_m")
    row[sightlines.OPT_HEAD_WIDTH] = beliefs.value("camera.head_width_m")
    row[sightlines.OPT_FACE_WIDTH] = beliefs.value("camera.face_width_m")
    return row


class CameraAgent(mesa.Agent):
    """One camera of a street: what it is, and what it has seen so far."""

    model: "Street"

    def __init__(self, model: "Street", camera: Camera, column: int) -> None:
        super().__init__(model)
        self.camera = camera
        self.column = column

    @property
    def faces_usable(self) -> int:
        """How many people have had at least one usable frame so far."""
        return int(np.count_nonzero(self.model.exposure_s[:, self.column] > 0))

    @property
    def exposure_s(self) -> float:
        """Seconds of good face so far, over all people."""
        return float(self.model.exposure_s[:, self.column].sum())
