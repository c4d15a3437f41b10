"""Why mistaken stops for a right match change with the crowd: four reasons, switched off.

Equations C7 to C10 of ``docs/model/density.md``.

State:  none.
Shapes: the 16 streets ``(..., 16)`` in the order of ``STREETS``, the reasons ``(..., 4)`` in that
        of ``REASONS``; stops ``(..., 16, 3)``: expected mistaken stops, true alerts and correct
        stops of a shift.
"""

from collections.abc import Mapping
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from sim.answer.cells import cells_of, looks_of
from sim.answer.policy_score import PolicyScore, policy_score
from sim.answer.walked_street import WalkedStreet
from sim.crowding.density_walks import one_look, repeated
from sim.kernels.scoring import Cells, Looks
from sim.model.alerts import LEAST_LOAD, pursue_false_chance, response_parameters
from sim.model.matching import MatchingParameters
from sim.model.passages import Passages
from sim.scenario.beliefs import Beliefs
from sim.scenario.footfall import SECONDS_AN_HOUR
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

HIDDEN, REPEAT, LOAD, LOST = "hidden_faces", "repeat_looks", "operator_load", "lost_in_crowd"
REASONS = (HIDDEN, REPEAT, LOAD, LOST)
WHO_CAME = "who_came_by"  # what no reason explains: other people on another walk
STREETS: tuple[tuple[bool, ...], ...] = tuple(product((False, True), repeat=len(REASONS)))
ALL_OFF, ALL_ON = 0, len(STREETS) - 1
SAME = 1e-9  # log ratios nearer than this: their logarithmic mean is either


class ShiftStreet(WalkedStreet):
    """A shift made of one window of a walk, come again and again; looks are worked out once."""

    def __init__(self, scenario: Scenario, window: Passages, window_s: float) -> None:
        times = round(scenario.policy.hours * SECONDS_AN_HOUR / window_s)
        super().__init__(scenario, repeated(window, window_s, times))
        self._window, self._of_window = window, cells_of(window)
        self.cells = _repeated_cells(self._of_window, times, len(window.people))
        self._latest: tuple[tuple[float, ...], Looks] | None = None

    def looks(self, matcher: MatchingParameters) -> Looks:
        """Return what the looks at each cell come to: those of the window, whatever its number."""
        key = (
            matcher.reference_exposure_s,
            matcher.repeat_frame,
            matcher.repeat_camera,
            matcher.camera_weight,
            matcher.frame_weight,
        )
        if self._latest is None or self._latest[0] != key:
            self._latest = key, looks_of(self._window, self._of_window, matcher)
        return self._latest[1]


class FourStreets:
    """One walk made ready for scoring four times: faces hidden or not, looks repeated or one.

    streets : by (are faces hidden, do looks repeat)
    """

    def __init__(
        self,
        scenario: Scenario,
        seen: Passages,
        alone: Passages,
        *,
        window_s: float,
        exposure_s: float,
    ) -> None:
        self.streets: Mapping[tuple[bool, bool], WalkedStreet] = {
            (is_hidden, repeats): ShiftStreet(
                scenario, passages if repeats else one_look(passages, exposure_s), window_s
            )
            for is_hidden, passages in ((True, seen), (False, alone))
            for repeats in (True, False)
        }

    def stops(self, scenario: Scenario, believed: Beliefs) -> Floats:
        """Return the stops of one policy in the sixteen streets, ``(16, 3)``."""
        scores = {
            key: policy_score(street, scenario, believed) for key, street in self.streets.items()
        }
        return sixteen_stops(scores, pursue_false_chance(response_parameters(believed), LEAST_LOAD))


def sixteen_stops(scores: Mapping[tuple[bool, bool], PolicyScore], idle: float) -> Floats:
    """Return the stops of every way to switch the four reasons on or off, ``(16, 3)``."""
    return np.array(
        [
            stops_of(scores[is_hidden, repeats], idle=idle, has_load=has_load, loses=loses)
            for is_hidden, repeats, has_load, loses in STREETS
        ]
    )


def stops_of(
    score: PolicyScore, *, idle: float, has_load: bool, loses: bool
) -> tuple[float, float, float]:
    """Return mistaken stops, true alerts and correct stops: staff busy or idle, losses or none.

    idle : the chance of a pursuit where false alerts are so rare that all are believed
    """
    if score.busy <= 0:
        raise ValueError("no alert is ever met: there are no stops whose reasons could be told")
    alerts_false, alerts_true = float(score.false_alerts.sum()), float(score.true_alerts.sum())
    met_false, met_true = (
        (score.alone_false, score.alone_true) if loses else (alerts_false, alerts_true)
    )
    mistaken = met_false * (score.busy * score.pursue_false if has_load else idle)
    correct = met_true * (score.busy if has_load else 1.0) * score.pursue_true
    return mistaken, alerts_true, correct


def sixteen_ratios(stops: Floats) -> Floats:
    """Return mistaken stops for a right match of each of the 16 streets, ``(..., 16)``, C7."""
    if not (stops[..., :2] > 0).all():
        raise ValueError("every street needs a mistaken stop and a right match to expect")
    return np.asarray(stops[..., 0] / stops[..., 1])


def shapley_parts(ratios: Floats) -> Floats:
    """Return each reason's part of ln R(all on) - ln R(all off), ``(..., 4)``, equation C8."""
    logs, count = np.log(ratios), len(REASONS)
    parts = np.zeros((*logs.shape[:-1], count))
    for reason in range(count):
        for street, on in enumerate(STREETS):
            if on[reason]:
                continue
            size = sum(on)
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            switched_on = street + (1 << (count - 1 - reason))
            parts[..., reason] += weight * (logs[..., switched_on] - logs[..., street])
    return parts


def parts_since_empty(here: Floats, empty: Floats) -> Floats:
    """Return the parts of ln R(here) - ln R(empty), ``(..., 5)``: reasons, who came by; C9.

    here, empty : (..., 16) ratios
    """
    rest = np.log(here[..., ALL_OFF]) - np.log(empty[..., ALL_OFF])
    return np.concatenate(
        [shapley_parts(here) - shapley_parts(empty), np.asarray(rest)[..., None]], axis=-1
    )


def in_stops(parts: Floats, here: Floats, empty: Floats) -> Floats:
    """Return parts of a log ratio as parts of the difference here - empty, equation C10.

    parts : (..., 5); here, empty : (...) ratios
    """
    whole = np.log(here) - np.log(empty)
    is_same = np.abs(whole) < SAME
    mean = np.where(is_same, here, (here - empty) / np.where(is_same, 1.0, whole))
    return np.asarray(parts * mean[..., None])


def _repeated_cells(cells: Cells, times: int, people: int) -> Cells:
    """Return the cells of a window that came ``times``; ``people`` rows each time."""
    size = np.diff(cells.start)
    start = np.concatenate([[0], np.cumsum(size * times)]).astype(np.int64)
    members = [
        (cells.members[begin:end][None, :] + people * np.arange(times)[:, None]).ravel()
        for begin, end in zip(cells.start[:-1], cells.start[1:], strict=True)
    ]
    joined = np.concatenate([np.empty(0, dtype=np.int64), *members])
    return Cells(cells.group, cells.people * times, start, joined)
