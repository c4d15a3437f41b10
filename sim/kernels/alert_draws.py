"""Alerts of many response draws: a coin for every person and draw, each from its own key.

Shapes: people are rows ``(n,)``; draws are columns ``k``.
"""

import numpy as np

from sim.kernels._jit import Floats, Ints, kernel
from sim.kernels.draws import LISTING, MATCHING, uniform_pair


@kernel
def count_or_fill_alerts(
    seed: int,
    first_draw: int,
    draws: int,
    p_listed: Floats,
    p_true: Floats,
    p_false: Floats,
    hour: Ints,
    hour_factor: Floats,
    out_draw: Ints,
    out_person: Ints,
    out_true: Ints,
) -> int:
    """Draw every person's alert in every draw; fill the ``out`` arrays, return how many there are.

    p_listed, p_true, p_false : (n,) chances: on the list; alert if listed; alert if not
    hour                      : (n,) clock hour of the passage
    hour_factor               : (draws, hours) how busy that hour is in that draw, mean 1
    out_*                     : (capacity,) filled while there is room; the caller tries again with
                                more room when the count exceeds it

    A busy hour brings more people, listed and not; it does not make a matcher surer. A passage
    stands for a listed person in draw k when the LISTING uniform falls under ``p_listed`` times the
    hour's factor, and alerts when the MATCHING uniform falls under ``p_true``, or else under
    ``p_false`` times the factor: the means are those of the summed chances.
    """
    found = 0
    for k in range(draws):
        for i in range(p_listed.shape[0]):
            factor = hour_factor[k, hour[i]]
            highest = max(p_true[i] if p_listed[i] > 0.0 else 0.0, p_false[i] * factor)
            if highest == 0.0:
                continue
            coin = uniform_pair(seed, MATCHING, i, first_draw + k)[0]
            if coin >= highest:
                continue
            listed = uniform_pair(seed, LISTING, i, first_draw + k)[0] < p_listed[i] * factor
            if coin < (p_true[i] if listed else p_false[i] * factor):
                if found < out_draw.shape[0]:
                    out_draw[found] = first_draw + k
                    out_person[found] = i
                    out_true[found] = 1 if listed else 0
                found += 1
    return found


def alerts_of_draws(
    seed: int,
    draws: int,
    p_listed: Floats,
    p_true: Floats,
    p_false: Floats,
    hour: Ints,
    hour_factor: Floats,
) -> tuple[Ints, Ints, Ints]:
    """Return (draw, person, is true) of every alert, draw by draw, person by person."""
    room = 1024
    while True:
        out = tuple(np.empty(room, dtype=np.int64) for _ in range(3))
        found = count_or_fill_alerts(
            seed, 0, draws, p_listed, p_true, p_false, hour, hour_factor, *out
        )
        if found <= room:
            return out[0][:found], out[1][:found], out[2][:found]
        room = found
