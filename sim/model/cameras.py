"""Cameras: from the scenario's words to the rows that the kernels read, and agents that report.

Evidence: docs/model/evidence.md (camera.*).
"""

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.kernels import sightlines
from sim.model.street_now import Look, StreetNow
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Camera, Policy


def camera_row(camera: Camera) -> NDArray[np.float64]:
    """Return a camera as the kernels read it, ``(CAMERA_FIELDS,)``."""
    capacity = camera.capacity_faces_per_s
    return sightlines.camera_row(
        camera.position_m,
        camera.height_m,
        heading_deg=camera.heading_deg,
        tilt_deg=camera.tilt_deg,
        field_of_view_deg=camera.field_of_view_deg,
        size_px=(camera.width_px, camera.height_px),
        near=camera.near_m,
        far=camera.far_m,
        faces_per_frame=float("inf") if capacity is None else capacity / camera.frames_per_s,
    )


def camera_rows(policy: Policy) -> NDArray[np.float64]:
    """Return one row a camera, ``(cameras, CAMERA_FIELDS)``."""
    rows = [camera_row(camera) for camera in policy.cameras]
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
    """One camera of a street: what it is, where it looks, and what it has seen so far.

    The scenario's cameras look at every frame, inside the walk. A camera that is added to a
    running street, ``CameraAgent(street, camera)``, looks once a second, in its own ``step``;
    what it sees stays with it and sets off no alert.

    camera : as in a scenario
    column : of the street's tables; None for a camera that was added

    >>> from sim import CameraAgent, Street, load_scenario
    >>> street = Street(load_scenario("reference", settings=["policy.hours=0.05"]))
    >>> len(street.agents_by_type[CameraAgent]) == len(street.cameras)
    True
    """

    model: StreetNow

    def __init__(self, model: StreetNow, camera: Camera, column: int | None = None) -> None:
        super().__init__(model)
        self.camera = camera
        self.column = column
        self._row = camera_row(camera)
        self._own_exposure_s = np.zeros(0 if column is not None else len(model.crowd))

    def step(self) -> None:
        """Look, if the street does not do so itself, and add up what was seen in this second."""
        if self.column is None:
            seen = self.look()
            self._own_exposure_s[seen.person] += seen.weight  # times one second

    def look(self) -> Look:
        """Return what the camera has of those present at this moment; nothing is added up."""
        return self.model.look(self._row)

    def turn_to(self, heading_deg: float) -> None:
        """Look in another direction from now on, clockwise from north: 90 looks along +x."""
        self.camera = self.camera.model_copy(update={"heading_deg": heading_deg % 360.0})
        self._row = camera_row(self.camera)
        if self.column is not None:
            self.model.replace_camera(self.column, self._row)

    @property
    def exposures_s(self) -> NDArray[np.float64]:
        """Seconds of good face so far, ``(people,)``."""
        if self.column is None:
            return self._own_exposure_s.copy()
        return self.model.exposure_s[:, self.column].copy()

    @property
    def faces_usable(self) -> int:
        """How many people have had at least one usable frame so far."""
        return int(np.count_nonzero(self.exposures_s > 0))

    @property
    def exposure_s(self) -> float:
        """Seconds of good face so far, over all people."""
        return float(self.exposures_s.sum())
