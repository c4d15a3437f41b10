"""Error rates of a matcher: by threshold, and between demographic groups.

The *false match rate* (FMR) is the chance that one comparison of two different people reaches
the threshold; the *true positive identification rate* (TPIR) the chance that a listed person who
passes sets off a true alert. ``docs/model/matching.md`` numbers the equations.

State:  none.
Shapes: vectors over groups ``(40,)`` and matrices ``(40, 40)`` in the order of ``sim.groups``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.groups import GROUPS

Floats = NDArray[np.float64]

ANCHOR_THRESHOLD = 0.60
_SEX, _ETHNICITY_OF_GROUP, _AGE = (np.array(labels) for labels in zip(*GROUPS, strict=True))
_ETHNICITY_NAMES: tuple[str, ...] = tuple(dict.fromkeys(_ETHNICITY_OF_GROUP.tolist()))
_ETHNICITY = np.array([_ETHNICITY_NAMES.index(name) for name in _ETHNICITY_OF_GROUP])
ANCHOR_LIST_SIZE = 10_000.0  # the list size at which the bench test is quoted


@dataclass(frozen=True, slots=True)
class Differentials:
    """How false matches differ between groups.

    w_*     : false match rate within a group, relative to white men aged 18 to 64
    cross_* : factor below 1 for a pair that differs in sex, age band or ethnicity
    """

    w_black: float
    w_asian: float
    w_mixed: float
    w_other: float
    w_female: float
    w_black_female: float
    w_child: float
    w_older: float
    cross_sex: float
    cross_age: float
    cross_black_white: float
    cross_asian_white: float
    cross_asian_black: float
    cross_mixed: float
    cross_other: float


def false_match_rate(threshold: float, *, fmr_060: float, threshold_slope: float) -> float:
    """Return the false match rate of one comparison at ``threshold``, equation M1.

    threshold_slope : decades by which it falls for a rise of the threshold by 1
    """
    return float(fmr_060 * 10.0 ** (-threshold_slope * (threshold - ANCHOR_THRESHOLD)))


def true_positive_rate(
    fmr: float, *, fmr_060: float, fnir_060: float, fnir_per_decade: float
) -> float:
    """Return the TPIR where the false match rate is ``fmr``, equation M4.

    Every decade of lower false match rate multiplies the misses by ``fnir_per_decade``. The model
    says nothing is found once the misses would exceed everybody: it then returns exactly 0.
    """
    missed = float(fnir_060 * fnir_per_decade ** np.log10(fmr_060 / fmr))
    return max(0.0, 1.0 - missed)


def group_weights(differentials: Differentials) -> Floats:
    """Return the false match rate within each group ``(40,)``, white men of 18 to 64 being 1."""
    d = differentials
    by_ethnicity = {
        "white": 1.0,
        "black": d.w_black,
        "asian": d.w_asian,
        "mixed": d.w_mixed,
        "other": d.w_other,
    }
    by_age = {"child": d.w_child, "older": d.w_older}
    weights = []
    for sex, ethnicity, age_band in GROUPS:
        weight = by_ethnicity[ethnicity] * by_age.get(age_band, 1.0)
        if sex == "female":
            weight *= d.w_female * (d.w_black_female if ethnicity == "black" else 1.0)
        weights.append(weight)
    return np.array(weights)


def group_matrix(differentials: Differentials) -> Floats:
    """Return M ``(40, 40)``: relative false match rate of each pair of groups, equation M2.

    Symmetric; the geometric mean of both groups' own rates, times a factor for each difference.
    """
    weights = np.sqrt(group_weights(differentials))
    d = differentials
    cross = np.where(_SEX[:, None] != _SEX[None, :], d.cross_sex, 1.0)
    cross = cross * np.where(_AGE[:, None] != _AGE[None, :], d.cross_age, 1.0)
    names = _ETHNICITY_NAMES
    between = np.array([[_cross_ethnicity(one, other, d) for other in names] for one in names])
    cross = cross * between[_ETHNICITY[:, None], _ETHNICITY[None, :]]
    return np.asarray(weights[:, None] * weights[None, :] * cross)


def _cross_ethnicity(first: str, second: str, d: Differentials) -> float:
    if first == second:
        return 1.0
    named = {
        "black-white": d.cross_black_white,
        "asian-white": d.cross_asian_white,
        "asian-black": d.cross_asian_black,
        "mixed-white": d.cross_mixed,
        "black-mixed": d.cross_mixed,
    }
    return named.get(f"{min(first, second)}-{max(first, second)}", d.cross_other)


def mean_relative_rate(matrix: Floats, crowd: Floats, listed: Floats) -> float:
    """Return the mean of M over who walks past and who is listed, shares adding to 1 each.

    Over the people and the list of an anchor this is Mbar, by which M is divided.
    """
    return float(crowd @ matrix @ listed)


def false_matches_per_look(
    relative_rates: Floats, fmr: float, listed: Floats, list_size: float, list_exponent: float
) -> Floats:
    """Return for each group ``(40,)`` the expected false matches of one look, equation M3.

    relative_rates : (40, 40) M / Mbar
    listed         : (40,) shares of the list
    list_exponent  : 1 where every entry is another comparison; below 1 where the matcher
                     normalises scores over the list, anchored at a list of 10,000

    -log1p(-FMR) is exact where FMR is not tiny; a rate of 1 or more gives certainty.
    """
    if list_size == 0:
        return np.zeros(len(listed))
    rates = np.minimum(relative_rates * fmr, 1.0)
    with np.errstate(divide="ignore"):
        per_entry = -np.log1p(-rates)
    scale = (list_size / ANCHOR_LIST_SIZE) ** (list_exponent - 1.0)
    on_list = listed > 0  # a share of 0 must not meet a certainty: 0 times infinity is no number
    return np.asarray(scale * list_size * (per_entry[:, on_list] * listed[on_list]).sum(axis=1))
