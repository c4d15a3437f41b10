"""Theory: the sight-line kernel hides faces in a standing Poisson crowd as the closed form says."""

from math import radians, sqrt, tan

import numpy as np
import pytest

from sim.biometrics.occlusion import Bodies, Heights, clear_share
from sim.evidence.register import entry
from sim.kernels import sightlines as sight

DENSITIES, DEPRESSIONS = (0.5, 1.0, 2.0, 3.0), (5, 10, 15)  # 1/m2, degrees
CROWNS = {"man": 1.762, "woman": 1.623, "short": 1.50}  # m: mean man, mean woman, 1.50 m
FACE_DROP, SHOULDER_DROP, HEAD_WIDTH, FACE_WIDTH, SHOULDERS = 0.17, 0.30, 0.16, 0.10, 0.46
OPTICS = np.array(
    [0.063, 20.0, radians(45), radians(35), FACE_DROP, SHOULDER_DROP, HEAD_WIDTH, FACE_WIDTH]
)
NEAREST = 0.5  # m, nobody stands closer in front of the face
TALLEST = 2.2  # m, more than five standard deviations above the mean man
CROWDS = 16_000  # standard error at most 0.5 / sqrt(16,000) = 0.004

BODIES = Bodies(
    head_width=HEAD_WIDTH,
    shoulder_width=SHOULDERS,
    face_width=FACE_WIDTH,
    shoulder_drop=SHOULDER_DROP,
    nearest=NEAREST,
)
MEN, WOMEN = (
    tuple(entry(f"crowd.height_{sex}_{what}").value for what in ("m", "sd_m"))
    for sex in ("male", "female")
)
HALF_AND_HALF = Heights(
    np.array([MEN[0], WOMEN[0]]), np.array([MEN[1], WOMEN[1]]), np.array([0.5, 0.5])
)


def camera_above(face_z, depression, distance):
    """Return a camera from which the face at ``distance`` m lies ``depression`` rad below."""
    return sight.camera_row(
        (0.0, 0.0),
        face_z + distance * tan(depression),
        heading_deg=0.0,
        tilt_deg=0.0,
        field_of_view_deg=40.0,
        size_px=(3840, 2160),
        near=1.0,
        far=50.0,
    )


def kernel_clear_share(crown, depression, density, *, seed, shoulders=None, nearest=NEAREST):
    """Return the share of faces, one a crowd, that the kernel finds clear in ``CROWDS`` crowds.

    shoulders : breadths of men and women, m; none: everybody's as in the closed form
    """
    rng = np.random.default_rng(seed)
    face_z = crown - FACE_DROP
    reach = (TALLEST - face_z) / tan(depression)  # further in front nobody is tall enough
    distance, half_width = reach + 1.0, (max(shoulders or (SHOULDERS,)) + FACE_WIDTH) / 2 + 0.01
    counts = rng.poisson(density * 2 * half_width * reach, CROWDS)
    stop = np.cumsum(counts)
    total = int(stop[-1])
    x = rng.uniform(-half_width, half_width, total)
    y = distance - rng.uniform(0, reach, total)
    is_man = rng.random(total) < 0.5
    standard = rng.normal(size=total)
    crowns = np.where(is_man, MEN[0] + MEN[1] * standard, WOMEN[0] + WOMEN[1] * standard)
    breadth = np.full(total, SHOULDERS)
    if shoulders is not None:
        breadth = np.where(is_man, *shoulders)
    row, clear = camera_above(face_z, depression, distance), 0
    for first, last in zip(stop - counts, stop, strict=True):
        # The face is the last row; whoever stands nearer to it than `nearest` is left out.
        xs, ys = np.append(x[first:last], 0.0), np.append(y[first:last], distance)
        hides = np.flatnonzero(distance - ys[:-1] >= nearest)
        clear += not sight.is_hidden(
            last - first,
            xs,
            ys,
            np.append(crowns[first:last], crown),
            np.append(breadth[first:last], SHOULDERS),
            hides,
            len(hides),
            TALLEST,
            row,
            OPTICS,
        )
    return clear / CROWDS


def closed_form(crown, depression, density):
    (share,) = clear_share(
        crown - FACE_DROP, depression, density_per_m2=density, heights=HALF_AND_HALF, bodies=BODIES
    )
    return share


@pytest.mark.statistical
@pytest.mark.parametrize("degrees", DEPRESSIONS)
@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("who", CROWNS)
def test_a_standing_poisson_crowd_hides_as_the_closed_form_says(who, density, degrees):
    # 36 cells. Tolerance 0.02 is the model's own (section 9.5) and at least 5 standard errors:
    # false alarm below 6e-7 a cell, 2e-5 in all.
    depression = radians(degrees)
    seen = kernel_clear_share(
        CROWNS[who], depression, density, seed=[7, round(10 * density), degrees]
    )
    expected = closed_form(CROWNS[who], depression, density)
    assert seen == pytest.approx(expected, abs=0.02)


@pytest.mark.statistical
def test_no_cell_is_off_in_the_same_direction():
    # A bias of the kernel smaller than 0.02 a cell would show in the mean over cells: 12 cells of
    # the mean woman, standard error of the mean at most 0.004 / sqrt(12) = 0.0012; four of them,
    # false alarm 6e-5.
    differences = [
        kernel_clear_share(1.623, radians(degrees), density, seed=[8, round(10 * density), degrees])
        - closed_form(1.623, radians(degrees), density)
        for density in DENSITIES
        for degrees in DEPRESSIONS
    ]
    assert abs(np.mean(differences)) < 4 * 0.5 / sqrt(CROWDS * len(differences))
