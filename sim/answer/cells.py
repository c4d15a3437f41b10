"""Cells of alike people: what a walk looks like to a study that scores many policies on it.

Chances of an alert depend on a person's group and on what each camera saw. People of one group,
seen by the same cameras, are sorted by the exposure all cameras had of them and cut into cells of
equal size. Within a cell the looks' mean is exact, the probits' mean and variance stand for them
(docs/model/studies.md, S1).

State:  none.
Shapes: people ``(n,)``, cells ``(c,)``.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim import columns as col
from sim.biometrics.looks import effective_looks, genuine_shift
from sim.kernels.played_shifts import Sights
from sim.kernels.scoring import Cells, Looks
from sim.kernels.shift import Trails
from sim.model.matching import MatchingParameters
from sim.model.passages import Passages
from sim.scenario.footfall import hour_edges_s
from sim.scenario.schema import Scenario

MOST_CELLS_OF_ALIKE = 16  # of one group that the same cameras saw
MOST_CELLS_OF_ONE_PERSON = 2000  # up to so many people seen, everybody is a cell


def cells_of(passages: Passages) -> Cells:
    """Return the cells of everybody of whom a camera had a usable face."""
    exposure = passages.exposure_s
    seen = np.flatnonzero(passages.usable)
    group = passages.people[col.GROUP].to_numpy(dtype=np.int64)[seen]
    pattern = _patterns(exposure[seen] > 0)
    total = exposure[seen].sum(axis=1)
    order = np.lexsort((seen, total, pattern, group))
    alike = group * (pattern.max(initial=0) + 1) + pattern
    starts = _starts(alike[order], is_small=len(seen) <= MOST_CELLS_OF_ONE_PERSON)
    return Cells(group[order][starts[:-1]], np.diff(starts).astype(np.float64), starts, seen[order])


def looks_of(passages: Passages, cells: Cells, matcher: MatchingParameters) -> Looks:
    """Return what the cameras' looks at each cell's people come to, equations M5 and M6."""
    exposure = passages.exposure_s[cells.members] / matcher.reference_exposure_s
    looks = effective_looks(
        exposure, repeat_frame=matcher.repeat_frame, repeat_camera=matcher.repeat_camera
    )
    shift = genuine_shift(
        exposure, camera_weight=matcher.camera_weight, frame_weight=matcher.frame_weight
    )
    first = cells.start[:-1]
    if not len(first):
        return Looks(np.empty(0), np.empty(0), np.empty(0), np.empty(0))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.add.reduceat(values, first) / cells.people)

    effective, middle = mean(looks), mean(shift)
    return Looks(
        effective,
        np.maximum(mean(looks**2) / effective**2 - 1.0, 0.0),
        middle,
        np.maximum(mean(shift**2) - middle**2, 0.0),
    )


def sights_of(passages: Passages, scenario: Scenario) -> Sights:
    """Return where each person ``(n,)`` would set off an alert: at the camera that saw most."""
    count = len(passages.people)
    if not passages.cameras:
        nowhere = np.full(count, np.nan)
        return Sights(nowhere, nowhere, np.zeros(count, dtype=np.int64))
    rows = np.arange(count)
    camera = np.argmax(passages.exposure_s, axis=1)
    edges = hour_edges_s(scenario.policy.start_hour, scenario.policy.hours)
    arrived = passages.people[col.ARRIVED].to_numpy()
    return Sights(
        passages.best_look_s[rows, camera],
        passages.crowding_per_m2[rows, camera],
        np.searchsorted(edges[1:-1], arrived, side="right").astype(np.int64),
    )


def trails_of(passages: Passages, leave_s: NDArray[np.float64]) -> Trails:
    """Return the walk's trails for the compiled shift; ``leave_s`` (n,) from ``presence``."""
    trail = passages.trail
    return Trails(trail.start, trail.first_s, trail.xy, leave_s)


def _patterns(seen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return a number for each row of ``seen`` (n, cameras): the same for the same cameras."""
    if not len(seen):
        return np.empty(0, dtype=np.int64)
    _, pattern = np.unique(seen, axis=0, return_inverse=True)
    return np.asarray(pattern, dtype=np.int64).ravel()


def _starts(alike: NDArray[np.int64], *, is_small: bool) -> NDArray[np.int64]:
    """Return where cells start in people sorted by ``alike``, and the end of the last."""
    if is_small:
        return np.arange(len(alike) + 1)
    edges = np.flatnonzero(np.diff(alike)) + 1
    blocks = np.concatenate([[0], edges, [len(alike)]])
    starts = [
        begin + np.arange(cut) * (end - begin) // cut
        for begin, end in pairwise(blocks.tolist())
        for cut in [min(end - begin, MOST_CELLS_OF_ALIKE)]
    ]
    return np.concatenate([*starts, [len(alike)]]).astype(np.int64)
