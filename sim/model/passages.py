"""What a walk leaves behind: one row a person who came, and what each camera saw of them.

A *passage* is one person's way through the street. Its *exposure* to a camera is the seconds of
good face that the camera had (docs/model/looks.md). A *trail* is where the person was, once a
second; officers follow it and witnesses are counted from it.

State: none; all arrays are read-only by convention once the walk is over.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import columns as col


@dataclass(frozen=True, slots=True)
class Trail:
    """Where each person was, once a second.

    start   : (n + 1,) row i's points are ``xy[start[i]:start[i + 1]]``
    first_s : (n,)     time of the first point, s; nan where there is none
    xy      : (m, 2)   m
    """

    start: NDArray[np.int64]
    first_s: NDArray[np.float64]
    xy: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passages:
    """The walk's result.

    people          : one row a person, columns in ``sim.columns``, index 0..n-1
    exposure_s      : (n, cameras) s
    best_look_s     : (n, cameras) s, nan where the camera had no usable frame
    crowding_per_m2 : (n, cameras) people a square metre at the best look, nan where none
    trail           : positions once a second
    cameras         : names, in the order of the columns above
    """

    people: pd.DataFrame
    exposure_s: NDArray[np.float64]
    best_look_s: NDArray[np.float64]
    crowding_per_m2: NDArray[np.float64]
    trail: Trail
    cameras: tuple[str, ...]

    def looks(self) -> pd.DataFrame:
        """Return one row a person and camera that had at least one usable frame."""
        person, camera = np.nonzero(self.exposure_s > 0)
        return pd.DataFrame(
            {
                col.PERSON: person,
                col.CAMERA: pd.Categorical.from_codes(
                    camera, dtype=pd.CategoricalDtype(list(self.cameras))
                ),
                col.EXPOSURE: self.exposure_s[person, camera],
                col.BEST_LOOK: self.best_look_s[person, camera],
                col.CROWDING: self.crowding_per_m2[person, camera],
            }
        )

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Whether any camera had a usable face of the person, ``(n,)``."""
        return np.asarray((self.exposure_s > 0).any(axis=1), dtype=np.bool_)
