"""Functions whose bits are the same on every machine.

Libraries' functions differ in their last bits; these are plain arithmetic that the compiler can do
several at a time (docs/decisions/0005-precision-and-lanes.md).
"""

import numpy as np

from sim.kernels._jit import kernel

_ROUNDER = 1.5 * 2.0**52  # adding this rounds to a whole number, kept in the low bits
_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
_PI = 3.141592653589793
_TAN_OF_22_5_DEG = 0.41421356237309503
# Of atan(t) / t in t^2, t from 0 to tan(22.5 deg); the first coefficient is 1.
_ARC = (
    *(-0.3333333333332844, 0.1999999999885511, -0.14285714180976467, 0.11111106180455946),
    *(-0.09090773074808414, 0.07689953496306857, -0.06640233930429408, 0.056883492268090106),
    *(-0.04348052215716462, 0.021135373157693246),
)
_STEEPEST = 700.0  # exponents beyond would leave the range of the type


@kernel
def hypot(x: float, y: float) -> float:
    """Return the length of (x, y), both far from the ends of the range of the type."""
    return float(np.sqrt(x * x + y * y))


@kernel
def exponential(exponent: float) -> float:
    """Return e to ``exponent``, beyond -700 and 700 as there.

    Own arithmetic (power of two times a polynomial of degree 10), so that the compiler can do
    several at once and every machine gets the same bits; relative error below 4e-13 (the first
    term left out is 3.1e-13 where the remainder is -ln(2)/2).
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


@kernel
def cosine(angle: float) -> float:
    """Return the cosine of an angle between -pi/2 and pi/2 rad.

    The Taylor series to the 18th power, error below 1e-14.
    """
    z = angle * angle
    z2 = z * z
    z4 = z2 * z2
    low = (1.0 - 0.5 * z) + (1.0 / 24.0 - z / 720.0) * z2
    middle = (1.0 / 40320.0 - z / 3628800.0) + (1.0 / 479001600.0 - z / 87178291200.0) * z2
    high = 1.0 / 20922789888000.0 - z / 6402373705728000.0
    return float(low + middle * z4 + high * (z4 * z4))


@kernel
def arctan2(y: float, x: float) -> float:
    """Return the angle of (x, y), -pi to pi rad; 0 where both are 0.

    Turned into the half octant beside an axis or a diagonal, then a polynomial in the square of
    the tangent, the minimax one of degree 10; error below 1e-15.
    """
    across, up = abs(x), abs(y)
    short, long = min(across, up), max(across, up)
    is_diagonal = short > _TAN_OF_22_5_DEG * long
    part = short - long if is_diagonal else short
    whole = short + long if is_diagonal else long
    t = part / whole if whole > 0.0 else 0.0
    z = t * t
    z2 = z * z
    z4 = z2 * z2
    low = (1.0 + _ARC[0] * z) + (_ARC[1] + _ARC[2] * z) * z2
    middle = (_ARC[3] + _ARC[4] * z) + (_ARC[5] + _ARC[6] * z) * z2
    high = (_ARC[7] + _ARC[8] * z) + _ARC[9] * z2
    angle = t * (low + middle * z4 + high * (z4 * z4))
    angle = angle + 0.25 * _PI if is_diagonal else angle
    angle = 0.5 * _PI - angle if up > across else angle
    angle = _PI - angle if x < 0.0 else angle
    return float(-angle if y < 0.0 else angle)
