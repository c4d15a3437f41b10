"""Edging past each other in a narrow place (W11), by hand."""

import numba
import numpy as np
import pytest

from sim.kernels import squeeze, state
from sim.kernels.squeeze import (
    EDGING_PACE,
    HEADWAY_TIME,
    IN_THE_WAY,
    SIDEWAYS_GAP,
    edge_past,
    has_gap,
    who_blocks,
)

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

DT = 0.05
EAST, WEST = (1.0, 0.0), (-1.0, 0.0)
MANY = 8


def present(*people):
    """Return people present who have stood for long; each x, y and the direction they want."""
    number = np.zeros((state.NUMBER_ROWS, MANY))
    for i, (x, y, (ex, ey)) in enumerate(people):
        number[[state.X, state.LAG_X], i], number[[state.Y, state.LAG_Y], i] = x, y
        number[[state.GOAL_X, state.AIM_X, state.STEP_X], i] = ex
        number[[state.GOAL_Y, state.AIM_Y, state.STEP_Y], i] = ey
    return state.Present(
        who=np.arange(MANY),
        covered=np.zeros(MANY, dtype=np.bool_),
        number=number,
        filled=np.array([len(people)]),
        queue_next=np.zeros(1, dtype=np.int64),
    )


def moved(people, steps):
    """Return positions ``(n, 2)`` after so many steps in which only edging moves anybody."""
    now = present(*people)
    number = now.number
    for _ in range(steps):
        number[state.PACE] = 0.0  # the speed law would have them stand
        edge_past(now, DT)
        number[state.X] += DT * number[state.PACE] * number[state.STEP_X]
        number[state.Y] += DT * number[state.PACE] * number[state.STEP_Y]
    return number[: state.Y + 1, : len(people)].T


def test_two_who_meet_head_on_pass_on_the_right_and_keep_a_body_apart():  # unit, W11
    closest = np.inf
    for steps in range(0, 100, 2):
        (ax, ay), (bx, by) = moved([(0.0, 0.0, EAST), (0.5, 0.0, WEST)], steps)
        closest = min(closest, np.hypot(ax - bx, ay - by))
    # Both step at once, each by the stride: the gap may close by that.
    assert closest > SIDEWAYS_GAP - 2 * EDGING_PACE * DT
    assert ax > bx
    assert ay < by  # each to their own right


def test_whoever_makes_headway_does_not_edge():  # unit
    now = present((0.0, 0.0, EAST), (0.5, 0.0, WEST))
    now.number[state.LAG_X, :2] = -HEADWAY_TIME, 0.5 + HEADWAY_TIME  # both came at 1 m/s
    edge_past(now, DT)
    assert (now.number[state.EDGING] == 0).all()
    assert (now.number[state.PACE] == 0).all()


def test_in_a_queue_the_foremost_goes_first():  # unit
    now = present((0.0, 0.0, EAST), (0.5, 0.0, EAST), (1.0, 0.0, WEST))
    assert who_blocks(0, now) == -1  # somebody ahead walks the same way
    assert who_blocks(1, now) == 2
    assert who_blocks(2, now) == 1


def test_of_two_who_have_each_other_ahead_the_first_to_come_goes():  # unit
    slanting = (np.sqrt(0.5), -np.sqrt(0.5)), (np.sqrt(0.5), np.sqrt(0.5))
    now = present((0.0, 0.2, slanting[0]), (0.0, -0.2, (0.8, 0.6)))
    assert who_blocks(0, now) == 1
    assert who_blocks(1, now) == -1


def test_nobody_far_away_is_in_the_way():  # unit
    now = present((0.0, 0.0, EAST), (IN_THE_WAY + 0.01, 0.0, WEST))
    assert who_blocks(0, now) == -1


def test_a_gap_is_one_that_leaves_a_body_turned_sideways():  # unit
    now = present((0.0, 0.0, EAST), (SIDEWAYS_GAP + 0.01, 0.0, WEST))
    assert has_gap(0, 1.0, 0.0, 0.005, now)
    assert not has_gap(0, 1.0, 0.0, 0.015, now)
    assert has_gap(0, -1.0, 0.0, 0.5, now)


@compiled
def test_squeeze_compiled_equals_plain(monkeypatch):  # parity
    people = [(0.0, 0.02, EAST), (0.45, 0.0, WEST), (-0.6, 0.05, EAST), (0.3, 0.4, (0.0, -1.0))]
    fast = moved(people, 30)
    for name in ("who_blocks", "has_gap"):
        monkeypatch.setattr(squeeze, name, getattr(squeeze, name).py_func)
    monkeypatch.setitem(globals(), "edge_past", edge_past.py_func)
    np.testing.assert_allclose(moved(people, 30), fast, rtol=1e-12)
