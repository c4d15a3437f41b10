"""The closed form beside a capture study: the clear share of looks if the crowd stood at random.

For each camera, faces stand on its axis and look at it; the chance that nobody hides one (equation
O3 of ``docs/model/matching.md``) is averaged over distance and height, each look counting by its
weight. Left out: that people walk in parties and file, and that cameras see faces off their axis.

State: none.
"""

from collections.abc import Mapping, Sequence
from math import atan2, pi

import numpy as np
from numpy.typing import NDArray

from sim.biometrics.occlusion import Bodies, Heights, hiding_area_m2
from sim.crowding.camera_settings import Setting
from sim.groups import GROUPS
from sim.kernels.sightlines import CAM_FAR, CAM_HEIGHT, CAM_NEAR, face_weight
from sim.model.cameras import camera_rows, optics_row
from sim.model.crowd import HEIGHT_CUT_SD
from sim.scenario.beliefs import Beliefs
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
BODIES = ("child", "male", "female")

_DISTANCES = 25
_NODES = np.linspace(-HEIGHT_CUT_SD, HEIGHT_CUT_SD, 25)  # heights are cut there
_NODE_WEIGHTS = np.exp(-0.5 * _NODES**2)


class StandingCrowd:
    """A scenario's people, standing at random before the cameras of one setting."""

    def __init__(self, scenario: Scenario, beliefs: Beliefs, setting: Setting) -> None:
        crowd = scenario.street.crowd.shares()
        self._share = {
            body: float(sum(s for s, group in zip(crowd, GROUPS, strict=True) if _is(body, group)))
            for body in BODIES
        }
        mean, spread = (
            np.array([beliefs.value(f"crowd.height_{body}_{what}") for body in BODIES])
            for what in ("m", "sd_m")
        )
        heights = Heights(mean, spread, np.array([self._share[body] for body in BODIES]))
        bodies = Bodies(
            head_width=beliefs.value("camera.head_width_m"),
            shoulder_width=beliefs.value("camera.shoulder_width_m"),
            face_width=beliefs.value("camera.face_width_m"),
            shoulder_drop=beliefs.value("camera.shoulder_drop_m"),
            nearest=beliefs.value("camera.nearest_blocker_m"),
        )
        policy = scenario.policy.model_copy(update={"cameras": setting.cameras})
        optics, drop = optics_row(beliefs), beliefs.value("camera.face_drop_m")
        self._looks: dict[str, tuple[Floats, Floats]] = {}
        for body, tall, sd in zip(BODIES, mean, spread, strict=True):
            weight, area = [], []
            for camera in camera_rows(policy):
                for distance in np.linspace(camera[CAM_NEAR], camera[CAM_FAR], _DISTANCES):
                    crowns = tall + sd * _NODES
                    weight.append(_NODE_WEIGHTS * _weights(crowns, float(distance), camera, optics))
                    area.append(_areas(crowns - drop, float(distance), camera, heights, bodies))
            self._looks[body] = np.concatenate(weight), np.concatenate(area)

    def clear_share(self, shares: Mapping[str, float], densities: Sequence[float]) -> Floats:
        """Return the clear share of looks at each density; nan where no look is any good.

        shares : how the people looked at divide among ``BODIES``
        """
        top, bottom = np.zeros(len(densities)), 0.0
        for body, share in shares.items():
            weight, area = self._looks[body]
            useful = weight > 0
            bottom += share * float(weight[useful].sum())
            clear = np.exp(-np.multiply.outer(np.asarray(densities), area[useful]))
            top += share * (clear @ weight[useful])
        return top / bottom if bottom > 0 else np.full(len(densities), np.nan)


def body_shares(scenario: Scenario, is_meant: NDArray[np.bool_]) -> dict[str, float]:
    """Return how the people of the groups that are meant divide among ``BODIES``.

    is_meant : (40,)
    """
    crowd = scenario.street.crowd.shares() * is_meant
    return {
        body: float(sum(s for s, group in zip(crowd, GROUPS, strict=True) if _is(body, group)))
        for body in BODIES
    }


def _is(body: str, group: tuple[str, str, str]) -> bool:
    sex, _, age_band = group
    return age_band == "child" if body == "child" else age_band != "child" and sex == body


def _weights(crowns: Floats, distance: float, camera: Floats, optics: Floats) -> Floats:
    """Return the weights of faces on the camera's axis that look at it."""
    place = camera.copy()
    place[:2] = 0.0
    x, y = distance * camera[3], distance * camera[4]
    facing = atan2(-y, -x) % (2 * pi)
    return np.array([face_weight(x, y, crown, facing, 0.0, place, optics) for crown in crowns])


def _areas(
    faces: Floats, distance: float, camera: Floats, heights: Heights, bodies: Bodies
) -> Floats:
    """Return the ground on which somebody would hide each face; nan at or above the camera."""
    areas = np.full(len(faces), np.nan)
    for place, face in enumerate(faces):
        drop = float(camera[CAM_HEIGHT] - face)
        if drop > 0:
            (areas[place],) = hiding_area_m2(face, atan2(drop, distance), heights, bodies)
    return areas
