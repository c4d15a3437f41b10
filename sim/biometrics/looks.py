"""Many looks at one person: what repeated frames and cameras add.

*Exposure* x is a camera's seconds of good face, by those of the reference deployment. More
looks find more, but not independently: a face that was mistaken once tends to be mistaken again.
``docs/model/matching.md`` numbers the equations.

State:  none.
Shapes: people are rows ``(n,)``, cameras columns ``(n, c)``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]


def repeat_exponent(repeat: float) -> float:
    """Return a = log2(2 - R), where R is the chance that a second look repeats a false alert.

    Two looks then count as 2^a = 2 - R: one for R = 1, two for R = 0.
    """
    return float(np.log2(2.0 - repeat))


def effective_looks(exposure: Floats, *, repeat_frame: float, repeat_camera: float) -> Floats:
    """Return how many independent looks a passage is worth for false alerts, equation M5.

    exposure : (n, c) relative to the reference; returns (n,), 0 where nothing was seen

    Seconds of one camera add up with the frames' exponent, cameras with the cameras'; where every
    look repeats (exponent 0) any exposure counts as one look.
    """
    of_frames, of_cameras = repeat_exponent(repeat_frame), repeat_exponent(repeat_camera)
    seen = exposure > 0
    if of_frames == 0:
        per_camera = seen.astype(np.float64)
    else:
        per_camera = np.where(seen, exposure, 0.0) ** of_frames
    if of_cameras == 0:
        return np.asarray(per_camera.max(axis=1, initial=0.0))
    # (sum of per_camera^(1/a_c))^(a_c), scaled by the largest so that no power overflows.
    largest = per_camera.max(axis=1, initial=0.0)
    safe = np.where(largest > 0, largest, 1.0)
    parts = (per_camera / safe[:, None]) ** (1.0 / of_cameras)
    return np.asarray(np.where(largest > 0, safe * parts.sum(axis=1) ** of_cameras, 0.0))


def genuine_shift(exposure: Floats, *, camera_weight: float, frame_weight: float) -> Floats:
    """Return d_c ln(sum_c x_c^(d_f / d_c)), the gain in probits of a listed person, equation M6.

    exposure : (n, c); returns (n,), -inf where nothing was seen

    The best camera alone gives d_f ln(max x), the limit for d_c = 0; the others add to it.
    """
    seen = exposure > 0
    of_frames = np.where(seen, frame_weight * np.log(np.where(seen, exposure, 1.0)), -np.inf)
    best = of_frames.max(axis=1, initial=-np.inf)
    if camera_weight == 0:
        return np.asarray(best)
    reached = np.where(np.isfinite(best), best, 0.0)
    with np.errstate(divide="ignore"):  # ln 0 = -inf is meant: nobody saw the person
        others = np.log(np.exp((of_frames - reached[:, None]) / camera_weight).sum(axis=1))
    return np.asarray(reached + camera_weight * others)


def true_alert_probability(shift: Floats, *, tpir: float, probit_shift: float) -> Floats:
    """Return the chance of a true alert ``(n,)`` from the gain in probits, equation M7.

    tpir         : of the reference passage at this threshold
    probit_shift : calibration constant, plus the ageing of photographs
    """
    if tpir <= 0:
        return np.zeros(len(shift))
    if tpir >= 1:  # infinitely many probits: found if seen at all
        return np.isfinite(shift).astype(np.float64)
    return np.asarray(ndtr(ndtri(tpir) + probit_shift + shift))


def false_alert_probability(mean: Floats, *, proneness_shape: float) -> Floats:
    """Return the chance of at least one false alert, averaged over proneness, equation M8.

    mean            : (n,) expected false matches of a person of mean proneness
    proneness_shape : shape of the gamma distribution of proneness (mean 1); inf: all alike

    1 - (1 + mu / kappa)^(-kappa), exact for tiny means.
    """
    if np.isinf(proneness_shape):
        return np.asarray(-np.expm1(-mean))
    with np.errstate(over="ignore"):
        return np.asarray(-np.expm1(-proneness_shape * np.log1p(mean / proneness_shape)))


def no_alert_over_passages(mean: Floats, passages: float, *, proneness_shape: float) -> Floats:
    """Return the chance that a person has no false alert in many passages.

    Proneness is kept over all passages of a person, so passages are not independent.
    """
    return 1.0 - false_alert_probability(mean * passages, proneness_shape=proneness_shape)
