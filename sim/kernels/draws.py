"""Random numbers that belong to a person and a purpose, not to the order of a program.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): a published counter-based generator. A draw is a
function of (seed, stream, person, k): ``stream`` is the purpose, ``k`` the how-manieth draw. So a
lever that touches nobody leaves every draw as it was, on any number of threads.

State:  none.
Shapes: scalars in kernels; the array functions take keys ``(n,)`` and return ``(n,)``.
"""

from math import log, pi, sqrt

import numpy as np

from sim.kernels._jit import Floats, Ints, kernel
from sim.kernels.portable_math import cosine

ARRIVAL = 1  # when parties come, and how busy each hour is
BODY = 2  # height, shoulders, desired speed
DEMOGRAPHY = 3  # sex, ethnicity, age band
LISTING = 4  # who is on the list
ATTENTION = 5  # phone, covered face, avoidance of a sign
ROUTE = 6  # doors and place across the street
GAZE = 7  # where the head turns
MATCHING = 8  # whether a face alerts
OPERATOR = 9  # review time, decision to pursue
OFFICER = 10  # whether the person is picked out of the crowd
OUTCOME = 11  # what a stop leads to and how long it takes
ASSUMPTION = 12  # where in its range an assumption lies

_MASK = np.uint64(0xFFFFFFFF)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_32 = np.uint64(32)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53


@kernel
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of one Philox4x32-10 block, each in a uint64.

    c0..c3 : counter words, k0, k1 : key words; all uint64 below 2**32.

    Salmon et al. (2011), section 3.3; the known-answer vectors are in the tests.
    """
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _MASK
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@kernel
def uniform_pair(seed: int, stream: int, person: int, k: int) -> tuple[float, float]:
    """Return two independent uniforms in (0, 1), 53 bits each, of one (seed, stream, person, k).

    seed, person, k : integers in 0..2**63-1, with person below 2**56; stream in 0..255
    """
    key = np.uint64(seed)
    who = np.uint64(person)
    turn = np.uint64(k)
    c1 = ((who >> _32) << np.uint64(8)) | np.uint64(stream)
    w0, w1, w2, w3 = philox(who & _MASK, c1, turn & _MASK, turn >> _32, key & _MASK, key >> _32)
    first = ((w0 << np.uint64(21)) ^ (w1 >> np.uint64(11))) & np.uint64(0x1FFFFFFFFFFFFF)
    second = ((w2 << np.uint64(21)) ^ (w3 >> np.uint64(11))) & np.uint64(0x1FFFFFFFFFFFFF)
    return (float(first) + 0.5) * _TO_UNIT, (float(second) + 0.5) * _TO_UNIT


@kernel
def normal(seed: int, stream: int, person: int, k: int) -> float:
    """Return one standard normal draw of (seed, stream, person, k), by Box and Muller (1958)."""
    first, second = uniform_pair(seed, stream, person, k)
    half = cosine(pi * (second - 0.5))  # of the angle from the far end of the axis
    return float(sqrt(-2.0 * log(first)) * (1.0 - 2.0 * half * half))


@kernel
def fill_uniforms(seed: int, stream: int, keys: Ints, k: int, out: Floats) -> None:
    """Fill ``out`` (n,) with the first uniform of each key (n,)."""
    for i in range(keys.shape[0]):
        out[i] = uniform_pair(seed, stream, keys[i], k)[0]


@kernel
def fill_normals(seed: int, stream: int, keys: Ints, k: int, out: Floats) -> None:
    """Fill ``out`` (n,) with one standard normal of each key (n,)."""
    for i in range(keys.shape[0]):
        out[i] = normal(seed, stream, keys[i], k)


def uniforms(seed: int, stream: int, keys: Ints, k: int = 0) -> Floats:
    """Return one uniform in (0, 1) for each key ``(n,)``."""
    out = np.empty(keys.shape[0])
    fill_uniforms(seed, stream, keys, k, out)
    return out


def normals(seed: int, stream: int, keys: Ints, k: int = 0) -> Floats:
    """Return one standard normal for each key ``(n,)``."""
    out = np.empty(keys.shape[0])
    fill_normals(seed, stream, keys, k, out)
    return out
