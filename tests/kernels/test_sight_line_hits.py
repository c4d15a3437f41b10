"""Sight lines of one moment: a case by hand, compiled as plain, and an empty street."""

import numba
import numpy as np
import pytest

from sim.kernels import sightlines
from sim.kernels.sight_line_hits import CLEAR, HIDDEN, NOT_LOOKED_AT, sight_lines

NO_WALL = np.empty((0, 4))
WALL = np.array([[5.0, -1.0, 5.0, 1.0]])


def optics():
    row = np.empty(sightlines.OPTICS_FIELDS)
    row[sightlines.OPT_EYE_DISTANCE], row[sightlines.OPT_MIN_EYE_PX] = 0.063, 12.0
    row[sightlines.OPT_YAW_HALF_LOSS] = np.radians(30)
    row[sightlines.OPT_PITCH_HALF_LOSS] = np.radians(25)
    row[sightlines.OPT_FACE_DROP], row[sightlines.OPT_SHOULDER_DROP] = 0.12, 0.30
    row[sightlines.OPT_HEAD_WIDTH], row[sightlines.OPT_FACE_WIDTH] = 0.16, 0.14
    return row


def camera(height=1.7):
    return sightlines.camera_row(
        (0.0, 0.0), height, heading_deg=90.0, tilt_deg=0.0, field_of_view_deg=60.0,
        size_px=(3840, 2160), near=1.0, far=20.0,
    )  # fmt: skip


def lines(x, y, *, nose=np.pi, covered=(), walls=NO_WALL, kernel=sight_lines):
    """Return weights, sight lines and hiders of people of 1.70 m who look at the camera."""
    n = len(x)
    numbers = [np.array(x, dtype=float), np.array(y, dtype=float)]
    same = [np.full(n, value) for value in (1.70, 0.45, nose, 0.0)]
    is_covered = np.isin(np.arange(n), covered)
    scratch, weight = np.zeros(n, dtype=np.int64), np.zeros(n)
    sight, hider = np.full(n, 9), np.full(n, 9)
    kernel(
        n, *numbers, *same, is_covered, camera(), optics(), walls, scratch, weight, sight, hider
    )  # fmt: skip
    return weight, sight, hider


def test_three_in_a_row_hide_one_another_and_the_nearest_is_named():
    weight, sight, hider = lines([9.0, 3.0, 6.0, 6.0], [0.0, 0.0, 0.0, 2.0])
    assert sight.tolist() == [HIDDEN, CLEAR, HIDDEN, CLEAR]
    assert hider.tolist() == [1, -1, 1, -1]
    assert (weight > 0).tolist() == [False, True, False, True]


def test_a_wall_hides_and_is_nobody():
    _, sight, hider = lines([6.0, 6.0], [0.0, 3.0], walls=WALL)
    assert sight.tolist() == [HIDDEN, CLEAR]
    assert hider.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("x", "y", "options"),
    [
        (6.0, 0.0, {"nose": 0.0}),  # looks away
        (6.0, 0.0, {"covered": [0]}),
        (25.0, 0.0, {}),  # too far
        (-6.0, 0.0, {}),  # behind the camera
        (6.0, 5.0, {}),  # out of the frame
    ],
)
def test_whose_face_would_not_count_anyway_is_not_looked_at(x, y, options):
    _, sight, hider = lines([x], [y], **options)
    assert sight.tolist() == [NOT_LOOKED_AT]
    assert hider.tolist() == [-1]


def test_nobody_is_there():
    weight, sight, hider = lines([], [])
    assert len(weight) == len(sight) == len(hider) == 0


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="without compilation there is no .py_func")
def test_compiled_is_as_plain():
    generator = np.random.default_rng(4)
    x, y = generator.uniform(1, 15, 60), generator.uniform(-3, 3, 60)
    for fast, plain in zip(lines(x, y), lines(x, y, kernel=sight_lines.py_func), strict=True):
        np.testing.assert_array_equal(fast, plain)
    assert {HIDDEN, CLEAR} <= set(lines(x, y)[1])
