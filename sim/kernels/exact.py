"""An exponential whose bits are the same on every machine.

Libraries' exponentials differ in their last bits; this one is plain arithmetic that the compiler
can do several at a time (docs/decisions/0005-precision-and-lanes.md).
"""

import numpy as np

from sim.kernels._jit import kernel

_ROUNDER = 1.5 * 2.0**52  # adding this rounds to a whole number, kept in the low bits
_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_STEEPEST = 700.0  # exponents beyond would leave the range of the type


@kernel
def exponential(exponent: float) -> float:
    """Return e to ``exponent``, beyond -700 and 700 as there.

    Own arithmetic (power of two times a polynomial of degree 10), so that the compiler can do
    several at once and every machine gets the same bits; relative error below 3e-13.
    """
    exponent = exponent if exponent > -_STEEPEST else -_STEEPEST
    exponent = exponent if exponent < _STEEPEST else _STEEPEST
    shifted = np.float64(exponent * _LOG2_E + _ROUNDER)
    r = exponent - (shifted - _ROUNDER) * _LN_2
    p = 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    # The low bits of ``shifted`` are the whole number: put them where the exponent belongs.
    power = np.int64((shifted.view(np.int64) << np.int64(52)) + np.int64(1023 << 52))
    return p * power.view(np.float64)
