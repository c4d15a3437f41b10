"""A street at this moment: who is present, where, and what a camera would have of them.

Cameras and recorders read it; ``sim.model.street`` makes it walk.

Shapes: those present are compact rows ``(present,)``, in no fixed order.
"""

from dataclasses import dataclass

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.kernels import state
from sim.kernels.sight_line_hits import sight_lines
from sim.kernels.sightlines import CAM_FAR, CAM_X, CAM_Y
from sim.model.crowd import Crowd
from sim.model.directions import Directions
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Look:
    """What one camera has of those present at one moment, rows as ``StreetNow.present_ids``.

    person    : (present,) ids
    weight    : (present,) of the face in a frame, in [0, 1]
    sight     : (present,) a code of ``sim.kernels.sight_line_hits``: not looked at, clear, hidden
    hidden_by : (present,) id of who hides the face; -1: nobody, or a wall
    """

    person: NDArray[np.int64]
    weight: NDArray[np.float64]
    sight: NDArray[np.int64]
    hidden_by: NDArray[np.int64]


class StreetNow(mesa.Model):
    """What can be read of a street at any moment.

    exposure_s : (people, cameras), filled as the cameras look
    entered_s  : (people,), nan until it happens
    """

    asked: Scenario
    crowd: Crowd
    directions: Directions
    time_s: float
    cameras_end_s: float
    exposure_s: NDArray[np.float64]
    entered_s: NDArray[np.float64]
    _steps_a_second: int
    _present: state.Present
    _looks: state.Looks
    _ground: state.Ground

    @property
    def steps_a_second(self) -> int:
        """How many time steps a second of the walk has."""
        return self._steps_a_second

    @property
    def present(self) -> int:
        """How many people are in the street now."""
        return int(self._present.filled[0])

    @property
    def waiting(self) -> int:
        """How many people have come to an entrance and found no room yet."""
        walkers = ~self.directions.turned_away & (self.crowd.arrived <= self.time_s)
        return int(np.count_nonzero(walkers & np.isnan(self.entered_s)))

    @property
    def positions_m(self) -> NDArray[np.float64]:
        """Where those present stand, ``(present, 2)`` m, in the order of ``present_ids``."""
        return np.ascontiguousarray(self._present.number[: state.Y + 1, : self.present].T)

    @property
    def present_ids(self) -> NDArray[np.int64]:
        """Which people are present, ``(present,)``."""
        return self._present.who[: self.present].copy()

    @property
    def noses(self) -> NDArray[np.float64]:
        """Where the noses of those present point, ``(present,)`` rad counter-clockwise from +x.

        Heads turn where a camera of the scenario may see them; elsewhere, and with their backs to
        every camera, people look ahead.
        """
        number, n = self._present.number, self.present
        x, y = number[state.X, :n], number[state.Y, :n]
        is_near = np.zeros(n, dtype=np.bool_)
        for row in self._looks.cameras:
            away = (x - row[CAM_X]) ** 2 + (y - row[CAM_Y]) ** 2
            is_near |= away <= row[CAM_FAR] ** 2
        turned = is_near & ~np.isnan(number[state.YAW, :n]) & ~np.isnan(number[state.NOSE, :n])
        ahead = np.arctan2(number[state.FACING_Y, :n], number[state.FACING_X, :n])
        return np.asarray(np.where(turned, number[state.NOSE, :n], ahead))

    @property
    def paces_mps(self) -> NDArray[np.float64]:
        """How fast those present walk, ``(present,)`` m/s."""
        return self._present.number[state.PACE, : self.present].copy()

    def look(self, camera: NDArray[np.float64]) -> Look:
        """Return what a camera anywhere would have of those present at this moment.

        camera : a row of ``sim.kernels.sightlines.CAMERA_FIELDS`` numbers
        """
        n, number = self.present, self._present.number
        weight, sight = np.zeros(n), np.zeros(n, dtype=np.int64)
        hider, scratch = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        sight_lines(
            n,
            number[state.X],
            number[state.Y],
            number[state.CROWN],
            number[state.SHOULDER],
            self.noses,
            number[state.PITCH],
            self._present.covered,
            camera,
            self._looks.optics,
            self._ground.hiding_walls,
            scratch,
            weight,
            sight,
            hider,
        )
        ids = self.present_ids
        return Look(ids, weight, sight, np.where(hider >= 0, ids[hider], -1))

    @property
    def camera_rows(self) -> NDArray[np.float64]:
        """How the scenario's cameras look now, ``(cameras, CAMERA_FIELDS)``; see ``look``."""
        return self._looks.cameras

    def replace_camera(self, column: int, camera: NDArray[np.float64]) -> None:
        """Let one of the scenario's cameras look otherwise from now on; see ``look``."""
        self._looks.cameras[column] = camera
