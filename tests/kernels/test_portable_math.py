"""Own arithmetic against the library's: the same to their stated error, whatever the platform."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.kernels.portable_math import arctan2, cosine, exponential, hypot

lengths = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(st.floats(-math.pi / 2, math.pi / 2))
def test_cosine(angle):  # property
    assert cosine(angle) == pytest.approx(math.cos(angle), rel=0, abs=1e-14)


@given(lengths, lengths)
def test_arctan2(y, x):  # property
    # -0 counts as 0: who looks exactly backwards looks to the left.
    assert arctan2(y, x) == pytest.approx(math.atan2(y + 0.0, x + 0.0), rel=0, abs=1e-15 * 4)


@pytest.mark.parametrize("angle", np.linspace(-np.pi, np.pi, 17)[1:])
def test_arctan2_on_axes_diagonals_and_between(angle):  # unit
    assert arctan2(math.sin(angle), math.cos(angle)) == pytest.approx(angle, rel=0, abs=4e-15)


@given(lengths, lengths)
def test_hypot(x, y):  # property
    assert hypot(x, y) == pytest.approx(math.hypot(x, y), rel=1e-15)


@given(st.floats(-600, 600))
@example(155.6115737997253)  # where the polynomial is worst
def test_exponential(exponent):  # property
    assert exponential(exponent) == pytest.approx(math.exp(exponent), rel=4e-13)
