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
    TOUCHING,
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


def place():
    """Return traits of people and a ground on which everybody has as far to go."""
    zeros, ints = np.zeros(MANY), np.zeros(MANY, dtype=np.int64)
    traits = dict.fromkeys(state.Traits._fields, zeros) | dict.fromkeys(
        ("entrance", "exit", "party", "party_rank", "party_size", "way"), ints
    )
    field, ends = np.zeros((1, 40, 40)), np.zeros((1, 4))
    ground = state.Ground(
        entrances=ends, inward=ends[:, :2], exits=ends, distance=field,
        is_seen=field > 0, right=field, left=field,
        origin_x=-5.0, origin_y=-5.0, cell=0.25, hiding_walls=ends,
    )  # fmt: skip
    return state.Traits(**traits | {"covered": zeros > 0}), ground


def moved(people, steps):
    """Return positions ``(n, 2)`` after so many steps in which only edging moves anybody."""
    traits, ground = place()
    now = present(*people)
    number = now.number
    for _ in range(steps):
        number[state.PACE] = 0.0  # the speed law would have them stand
        edge_past(traits, ground, now, DT)
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
    traits, ground = place()
    now = present((0.0, 0.0, EAST), (0.5, 0.0, WEST))
    now.number[state.LAG_X, :2] = -HEADWAY_TIME, 0.5 + HEADWAY_TIME  # both came at 1 m/s
    edge_past(traits, ground, now, DT)
    assert (now.number[state.EDGING] == 0).all()
    assert (now.number[state.PACE] == 0).all()


def test_in_a_queue_the_foremost_goes_first():  # unit
    now = present((0.0, 0.0, EAST), (0.5, 0.0, EAST), (1.0, 0.0, WEST))
    now.number[state.TO_GO, :3] = 5.0, 4.5, 9.0
    assert who_blocks(0, now) == -1  # somebody ahead walks the same way and is nearer
    assert who_blocks(1, now) == 2
    assert who_blocks(2, now) == 1


def test_of_two_who_have_each_other_ahead_the_nearer_goes_and_else_the_first_to_come():  # unit
    slanting = (np.sqrt(0.5), -np.sqrt(0.5)), (np.sqrt(0.5), np.sqrt(0.5))
    now = present((0.0, 0.2, slanting[0]), (0.0, -0.2, (0.8, 0.6)))
    assert who_blocks(0, now) == 1
    assert who_blocks(1, now) == -1
    now.number[state.TO_GO, :2] = 2.0, 1.75
    assert who_blocks(0, now) == -1
    assert who_blocks(1, now) == 0


def test_of_several_at_a_mouth_one_always_goes():  # property
    """Whatever way they face, not all of them wait: the order is one of all."""
    rng = np.random.default_rng(12)
    for _ in range(500):
        angles = rng.uniform(-1.2, 1.2, 5)
        spots = rng.uniform(-0.4, 0.4, (5, 2))
        now = present(
            *[(x, y, (np.cos(a), np.sin(a))) for (x, y), a in zip(spots, angles, strict=True)]
        )
        now.number[state.TO_GO, :5] = rng.choice([1.0, 1.25, 1.5], 5)
        first = min(range(5), key=lambda i: (now.number[state.TO_GO, i], i))
        others = [j for j in range(5) if j != first]
        near = [np.hypot(*(spots[j] - spots[first])) for j in others]
        ahead = [
            (spots[j] - spots[first]) @ (np.cos(angles[first]), np.sin(angles[first])) > 0
            for j in others
        ]
        blocked = any(a or d <= TOUCHING for a, d in zip(ahead, near, strict=True))
        assert (who_blocks(first, now) >= 0) == blocked


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
