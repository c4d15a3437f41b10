"""Recording a walk as it is seen from above: who is where, several times a second.

A *frame* is one moment of the walk, taken right after a step at which a camera of the same rate
looks; frames are numbered from 0 at the start of the *window*. A recorder looks and notes, it
never steers: a recorded walk has the bits of one that is not.

State:    the rows noted so far, compact: about 25 bytes a person and frame.
Shapes:   rows ``(m,)``, in order of frame; within a frame in no fixed order.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import CostError, SimError
from sim.kernels.sight_line_hits import CLEAR, HIDDEN, NOT_LOOKED_AT
from sim.model.street_now import StreetNow

RATE_HZ = 10.0  # frames a second unless asked otherwise
STANDING_MPS = 0.1  # slower than this a person counts as standing
MOST_ROWS = 20_000_000  # people times frames: about half a gigabyte
CM_PER_M = 100.0
SIGHTS = {NOT_LOOKED_AT: "none", CLEAR: "clear", HIDDEN: "hidden"}
_WHOLE = 1e-9  # a ratio of two times so near to a whole number is one

_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Frames:
    """What was noted, one row a person present and frame.

    frame, person : (m,) number of the frame, row of the person
    x_cm, y_cm    : (m,) rounded
    nose_deg      : (m,) direction of the nose, clockwise from north, 0 to 359
    standing      : (m,) slower than ``STANDING_MPS``
    sight         : (m, cameras) a key of ``SIGHTS``
    hidden_by     : (m, cameras) the person who hides the face; -1: nobody, or a wall
    rate_hz       : frames a second
    first_s       : time of frame 0, s from the start of the cameras
    count         : frames taken, those without anybody present too
    """

    frame: NDArray[np.int32]
    person: NDArray[np.int32]
    x_cm: NDArray[np.int32]
    y_cm: NDArray[np.int32]
    nose_deg: NDArray[np.int16]
    standing: NDArray[np.bool_]
    sight: NDArray[np.int8]
    hidden_by: NDArray[np.int32]
    rate_hz: float
    first_s: float
    count: int


class _Noted(NamedTuple):
    """The rows of one frame: the arrays of ``Frames``."""

    frame: NDArray[np.int32]
    person: NDArray[np.int32]
    x_cm: NDArray[np.int32]
    y_cm: NDArray[np.int32]
    nose_deg: NDArray[np.int16]
    standing: NDArray[np.bool_]
    sight: NDArray[np.int8]
    hidden_by: NDArray[np.int32]


class Recorder:
    """Takes the frames of one walk between two times.

    rate_hz     : frames a second; a second must hold a whole number of time steps between them
    from_s to_s : the window, whole seconds from the start of the cameras; none: to the end
    """

    def __init__(
        self, *, rate_hz: float = RATE_HZ, from_s: float = 0.0, to_s: float | None = None
    ) -> None:
        ends = [from_s] if to_s is None else [from_s, to_s]
        if not all(np.isfinite(end) and end >= 0 and end == round(end) for end in ends):
            raise SimError(
                f"the window must begin and end at whole seconds, 0 or later; found {ends}"
            )
        if to_s is not None and to_s <= from_s:
            raise SimError(f"the window is empty: from {from_s:g} s to {to_s:g} s")
        if not (np.isfinite(rate_hz) and rate_hz > 0):
            raise SimError(f"frames a second must be above 0; found {rate_hz}")
        self.rate_hz, self.from_s, self.to_s = rate_hz, from_s, to_s
        self.count = 0
        self._time_step_s = 0.0
        self._steps_a_second = 0
        self._every = 0
        self._cameras = 0
        self._rows = 0
        self._noted: list[_Noted] = []

    def begin(self, street: StreetNow) -> None:
        """Check that this street can be recorded so, before it walks."""
        if self._steps_a_second:
            raise ValueError("a recorder records one walk; make another for another walk")
        dt = street.asked.run.time_step_s
        self._time_step_s, self._steps_a_second = dt, street.steps_a_second
        if abs(self._steps_a_second * dt - 1.0) > _WHOLE:
            raise SimError(
                f"run.time_step_s: a second must hold a whole number of time steps to be "
                f"recorded; found {dt:g} s"
            )
        every = 1.0 / (self.rate_hz * dt)
        self._every = round(every)
        if (
            self._every < 1
            or abs(every - self._every) > _WHOLE
            or self._steps_a_second % self._every
        ):
            allowed = [
                f"{1.0 / (steps * dt):g}"
                for steps in range(1, self._steps_a_second + 1)
                if self._steps_a_second % steps == 0
            ]
            raise SimError(
                f"{self.rate_hz:g} frames a second do not fit time steps of {dt:g} s; "
                f"possible are {', '.join(allowed)}"
            )
        if self.from_s >= street.cameras_end_s:
            raise SimError(
                f"the window begins at minute {self.from_s / 60:g}, but the cameras run for "
                f"{street.cameras_end_s / 60:g} minutes"
            )
        rows = _expected_rows(street, self.from_s, self.to_s, self.rate_hz)
        if rows > MOST_ROWS:
            raise CostError(
                f"about {rows:,.0f} rows would be recorded (people times frames), and "
                f"{MOST_ROWS:,} is the limit; record fewer minutes, or fewer frames a second"
            )
        self._cameras = len(street.asked.policy.cameras)

    def stretches(self, time_s: float) -> list[int]:
        """Return how many steps to walk before each frame of the second that begins at ``time_s``.

        The last stretch has no frame after it, and may be of no steps.
        """
        second = round(time_s)  # a sum of steps misses it by a rounding
        if second < self.from_s or (self.to_s is not None and second >= self.to_s):
            return [self._steps_a_second]
        frames = self._steps_a_second // self._every
        return [1, *[self._every] * (frames - 1), self._every - 1]

    def note(self, street: StreetNow) -> None:
        """Take a frame."""
        frame = self.count
        self.count += 1
        n = street.present
        if n == 0:
            return
        self._rows += n
        if self._rows > MOST_ROWS:
            raise CostError(
                f"more than {MOST_ROWS:,} rows (people times frames) after "
                f"{self.count / self.rate_hz / 60:.0f} minutes; record fewer minutes, or fewer "
                "frames a second"
            )
        sight = np.zeros((n, self._cameras), dtype=np.int8)
        hidden_by = np.full((n, self._cameras), -1, dtype=np.int32)
        # As in the walk: the last step that is looked at begins before the cameras stop.
        if self.time_of(frame) - self._time_step_s < street.cameras_end_s:
            for column in range(self._cameras):
                seen = street.look(street.camera_rows[column])
                sight[:, column], hidden_by[:, column] = seen.sight, seen.hidden_by
        bearing = np.rint(90.0 - np.degrees(street.noses)).astype(np.int64) % 360
        xy_cm = np.rint(street.positions_m * CM_PER_M).astype(np.int32)
        self._noted.append(
            _Noted(
                np.full(n, frame, dtype=np.int32),
                street.present_ids.astype(np.int32),
                xy_cm[:, 0],
                xy_cm[:, 1],
                bearing.astype(np.int16),
                street.paces_mps < STANDING_MPS,
                sight,
                hidden_by,
            )
        )

    def time_of(self, frame: int) -> float:
        """Return the time of a frame, s: the first is one time step into the window."""
        return self.from_s + self._time_step_s + frame / self.rate_hz

    def frames(self) -> Frames:
        """Return what was noted so far."""
        noted = self._noted
        return Frames(
            frame=_joined([row.frame for row in noted], np.empty(0, np.int32)),
            person=_joined([row.person for row in noted], np.empty(0, np.int32)),
            x_cm=_joined([row.x_cm for row in noted], np.empty(0, np.int32)),
            y_cm=_joined([row.y_cm for row in noted], np.empty(0, np.int32)),
            nose_deg=_joined([row.nose_deg for row in noted], np.empty(0, np.int16)),
            standing=_joined([row.standing for row in noted], np.empty(0, np.bool_)),
            sight=_joined([row.sight for row in noted], np.empty((0, self._cameras), np.int8)),
            hidden_by=_joined(
                [row.hidden_by for row in noted], np.empty((0, self._cameras), np.int32)
            ),
            rate_hz=self.rate_hz,
            first_s=self.time_of(0),
            count=self.count,
        )


def _joined(parts: list[NDArray[_Number]], none: NDArray[_Number]) -> NDArray[_Number]:
    return np.concatenate([none, *parts])


def _expected_rows(street: StreetNow, from_s: float, to_s: float | None, rate_hz: float) -> float:
    """Return the least that a window will hold: everybody walks at the speed they wish."""
    going, people = street.directions, street.crowd
    stays = going.way_length / people.desired_speed
    leaves = people.arrived + stays
    last = np.inf if to_s is None else to_s
    inside = np.minimum(leaves, last) - np.maximum(people.arrived, from_s)
    walks = ~going.turned_away & np.isfinite(inside)
    return float(np.maximum(inside, 0.0)[walks].sum() * rate_hz)
