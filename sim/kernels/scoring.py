"""Scoring a policy on a walk: chances summed over cells of alike people.

A *cell* holds people of one group whom the cameras saw alike. The chances of an alert are worked
out once a cell, not once a person (equations S1 and S2 of docs/model/studies.md; the error of it
is measured in tests/experiments/sweep/test_scoring.py).

Shapes: cells are rows ``(c,)``, groups ``(40,)``, people ``(n,)``.
"""

from math import erfc, exp, expm1, isinf, log, log1p
from typing import NamedTuple

from sim.kernels._jit import Floats, Ints, kernel

_SQRT_HALF = 0.7071067811865476
_DENSITY_AT_0 = 0.3989422804014327
_COMMON = 1e-3  # false alerts a face from which their chance is bent by more than 1e-4
_CERTAIN = 1e100  # false matches of a face from which an alert is certain
_FAR_OUT = 30.0  # probits beyond which the normal density is 0


class Cells(NamedTuple):
    """Alike people: see ``sim.answer.cells``.

    group    : (c,) index of the group
    people   : (c,) how many
    start    : (c + 1,) cell i's people are ``members[start[i]:start[i + 1]]``
    members  : (m,) rows of people
    """

    group: Ints
    people: Floats
    start: Ints
    members: Ints


class Looks(NamedTuple):
    """What the cameras' looks at a cell's people ``(c,)`` come to.

    effective  : mean effective looks (M5)
    unevenness : their variance by the square of their mean
    shift      : mean gain in probits (M6)
    spread     : its variance
    """

    effective: Floats
    unevenness: Floats
    shift: Floats
    spread: Floats


class Reach(NamedTuple):
    """What becomes of a pursuit when nobody else needs staff, by cell ``(c,)``.

    readable : share of people who are there until they are read
    met      : share of people who are read in time and reached before they leave
    crowding : their mean crowding at the alert, 1/m2
    spread   : its variance
    """

    readable: Floats
    met: Floats
    crowding: Floats
    spread: Floats


class Matching(NamedTuple):
    """The matcher's part: names as ``sim.model.matching.MatchingParameters``.

    probits : invPhi(TPIR) + probit shift; inf or -inf at the ends
    """

    false_matches: Floats
    listed: Floats
    probits: float
    proneness_shape: float


@kernel
def phi(z: float) -> float:
    """Return the standard normal distribution function."""
    return float(0.5 * erfc(-z * _SQRT_HALF))


@kernel
def alert_chances(
    cells: Cells, looks: Looks, matching: Matching, out_false: Floats, out_true: Floats
) -> None:
    """Fill in for each cell ``(c,)`` the expected false and true alerts of its people, S1.

    Chances are averaged over a cell's looks and probits to second order; that of a false alert
    is bent enough to matter where alerts are common.
    """
    for cell in range(cells.group.shape[0]):
        group = cells.group[cell]
        listed = matching.listed[group]
        mean = looks.effective[cell] * matching.false_matches[group]
        p_false, p_true, bend = 0.0, 0.0, 0.0
        shape = matching.proneness_shape
        if mean > _CERTAIN:  # its square has no number
            p_false = 1.0
        elif isinf(shape):
            p_false = -expm1(-mean)
            bend = -exp(-mean) if mean > _COMMON else 0.0
        else:
            lasting = log1p(mean / shape)
            p_false = -expm1(-shape * lasting)
            if mean > _COMMON:
                bend = -(1.0 + 1.0 / shape) * exp(-(shape + 2.0) * lasting)
        if bend != 0.0:
            p_false = max(p_false + 0.5 * bend * looks.unevenness[cell] * mean * mean, 0.0)
        if listed > 0.0:
            z = matching.probits + looks.shift[cell]
            bend = -0.5 * z * _DENSITY_AT_0 * exp(-0.5 * z * z) if abs(z) < _FAR_OUT else 0.0
            p_true = min(max(phi(z) + bend * looks.spread[cell], 0.0), 1.0)
        out_false[cell] = cells.people[cell] * (1.0 - listed) * p_false
        out_true[cell] = cells.people[cell] * listed * p_true


@kernel
def picked_out(reach: Reach, cell: int, lost_in_crowd: float, reference_density: float) -> float:
    """Return the share of a cell's people who, once pursued, are met and picked out, S2.

    The chance of being picked out is averaged over the cell's crowding to second order.
    """
    if lost_in_crowd >= 1.0:
        return 0.0
    rate = log(1.0 - lost_in_crowd) / reference_density
    found = exp(rate * reach.crowding[cell]) * (1.0 + 0.5 * rate * rate * reach.spread[cell])
    return float(reach.met[cell] * min(found, 1.0))


@kernel
def sum_groups(
    cells: Cells,
    reach: Reach,
    lost_in_crowd: float,
    reference_density: float,
    of_false: Floats,
    of_true: Floats,
    out: Floats,
) -> None:
    """Fill ``out`` (6, 40): false and true alerts, those picked out if pursued, those readable."""
    out[:] = 0.0
    for cell in range(cells.group.shape[0]):
        group = cells.group[cell]
        share = picked_out(reach, cell, lost_in_crowd, reference_density)
        out[0, group] += of_false[cell]
        out[1, group] += of_true[cell]
        out[2, group] += of_false[cell] * share
        out[3, group] += of_true[cell] * share
        out[4, group] += of_false[cell] * reach.readable[cell]
        out[5, group] += of_true[cell] * reach.readable[cell]
