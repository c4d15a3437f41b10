"""Theory: how often a standing Poisson crowd hides a face."""

from math import radians, sqrt

import numpy as np
import pytest

from sim.biometrics.occlusion import Bodies, Heights, clear_share

BODIES = Bodies(
    head_width=0.16, shoulder_width=0.46, face_width=0.10, shoulder_drop=0.30, nearest=0.5
)
FACE_DROP = 0.17


def crowd(men, women):
    means, deviations = zip(men, women, strict=True)
    return Heights(np.array(means), np.array(deviations), np.array([0.5, 0.5]))


ADULTS = crowd((1.762, 0.070), (1.623, 0.062))


def clear(crown, degrees, density, heights=ADULTS):
    return clear_share(
        crown - FACE_DROP,
        radians(degrees),
        density_per_m2=density,
        heights=heights,
        bodies=BODIES,
    )[0]


@pytest.mark.parametrize(("crown", "share"), [(1.762, 0.87), (1.623, 0.63), (1.50, 0.40)])
def test_clear_shares_in_a_dense_crowd_are_those_of_the_model(crown, share):
    assert clear(crown, 10, 2.0) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(
    ("crown", "degrees", "shares"),
    [
        # At densities 0.5, 1, 2, 3 a square metre; computed apart from this code, two decimals.
        (1.753, 5, (0.89, 0.80, 0.64, 0.51)),
        (1.753, 10, (0.97, 0.93, 0.87, 0.81)),
        (1.753, 15, (0.99, 0.98, 0.95, 0.93)),
        (1.619, 5, (0.74, 0.55, 0.30, 0.17)),
        (1.619, 10, (0.89, 0.80, 0.64, 0.51)),
        (1.619, 15, (0.95, 0.90, 0.81, 0.73)),
        (1.50, 5, (0.58, 0.34, 0.11, 0.04)),
        (1.50, 10, (0.80, 0.65, 0.42, 0.27)),
        (1.50, 15, (0.89, 0.80, 0.63, 0.50)),
    ],
)
def test_clear_shares_agree_with_the_table(crown, degrees, shares):
    heights = crowd((1.753, 0.070), (1.619, 0.066))
    got = [clear(crown, degrees, density, heights) for density in (0.5, 1.0, 2.0, 3.0)]
    assert got == pytest.approx(shares, abs=0.01)


def test_a_sparse_crowd_and_a_camera_overhead_hide_nobody():
    assert clear(1.50, 5, 0.0) == 1.0
    assert clear(1.50, 5, 1e-6) == pytest.approx(1.0, abs=1e-5)
    assert clear(1.50, 90, 6.0) == pytest.approx(1.0, abs=1e-12)


def test_density_multiplies_the_logarithm_of_the_clear_share():
    assert clear(1.55, 8, 3.0) == pytest.approx(clear(1.55, 8, 1.0) ** 3)


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("crown", "degrees", "density"),
    [(1.762, 10, 2.0), (1.623, 10, 2.0), (1.50, 10, 2.0), (1.623, 5, 1.0), (1.50, 15, 3.0)],
)
def test_crowds_placed_at_random_hide_as_often_as_the_closed_form_says(crown, degrees, density):
    # 40,000 crowds, fixed seed; tolerance 4 standard errors: false alarm 6e-5 a case.
    crowds, half_width = 40_000, 0.3
    rng = np.random.default_rng(2024)
    slope, face = np.tan(radians(degrees)), crown - FACE_DROP
    reach = (2.3 - face) / slope  # nobody is 2.3 m tall
    people = rng.poisson(density * 2 * half_width * (reach - 0.5), crowds)
    of_crowd = np.repeat(np.arange(crowds), people)
    total = len(of_crowd)
    aside = np.abs(rng.uniform(-half_width, half_width, total))
    line = face + slope * rng.uniform(0.5, reach, total)  # height at which each is passed
    is_man = rng.random(total) < 0.5
    height = np.where(is_man, rng.normal(1.762, 0.070, total), rng.normal(1.623, 0.062, total))
    by_head = (height > line) & (aside < 0.13)
    by_shoulders = (height - 0.30 > line) & (aside < 0.28)
    hidden = np.bincount(of_crowd, by_head | by_shoulders, minlength=crowds) > 0
    expected = clear(crown, degrees, density)
    error = sqrt(expected * (1 - expected) / crowds)
    assert 1 - hidden.mean() == pytest.approx(expected, abs=4 * error)
