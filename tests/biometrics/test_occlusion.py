import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.biometrics.occlusion import Bodies, Heights, clear_share, hiding_area_m2

BODIES = Bodies(
    head_width=0.16, shoulder_width=0.46, face_width=0.10, shoulder_drop=0.30, nearest=0.5
)
ADULTS = Heights(np.array([1.762, 1.623]), np.array([0.070, 0.062]), np.array([0.5, 0.5]))
faces = st.floats(0.5, 2.2)
depressions = st.floats(0.01, np.pi / 2)
densities = st.floats(0.0, 6.0)


def single(height):
    return Heights(np.array([height]), np.zeros(1), np.ones(1))


def test_the_hiding_area_of_people_of_one_height_by_hand():
    # tan = 0.1; the head clears at (1.80 - 1.45) / 0.1 - 0.5 = 3 m, the shoulders at 0.05 / 0.1
    # - 0.5 = 0 m: area (0.16 + 0.10) * 3 = 0.78 m2.
    got = hiding_area_m2(1.45, np.arctan(0.1), single(1.80), BODIES)
    assert got == pytest.approx([0.78])
    # 0.2 m lower: heads to 5 m, shoulders to 2 m: 0.56 * 2 + 0.26 * 3 = 1.90 m2.
    assert hiding_area_m2(1.25, np.arctan(0.1), single(1.80), BODIES) == pytest.approx([1.90])


def test_nobody_shorter_than_the_face_hides_it():
    assert hiding_area_m2(1.81, 0.01, single(1.80), BODIES) == pytest.approx([0.0], abs=0)


def test_a_mixture_is_the_mean_of_its_parts():
    both = Heights(np.array([1.6, 1.8]), np.zeros(2), np.array([0.25, 0.75]))
    levels = np.array([1.0, 1.7, 1.9])
    np.testing.assert_allclose(both.mean_excess_m(levels), [0.75, 0.075, 0.0], atol=1e-15)


@pytest.mark.parametrize("level", [1.2, 1.6, 1.762, 1.9, 2.3])
def test_the_mean_excess_is_the_integral(level):
    # Trapezoids over 12 standard deviations: error far below the tolerance.
    heights = np.linspace(1.762 - 12 * 0.07, 1.762 + 12 * 0.07, 200_001)
    density = np.exp(-0.5 * ((heights - 1.762) / 0.07) ** 2) / (0.07 * np.sqrt(2 * np.pi))
    integral = np.trapezoid(np.maximum(heights - level, 0) * density, heights)
    men = Heights(np.array([1.762]), np.array([0.070]), np.ones(1))
    assert men.mean_excess_m(np.array([level]))[0] == pytest.approx(integral, abs=1e-9)


@pytest.mark.parametrize("depression", [0.0, -0.1, 1.6, np.nan])
def test_a_line_of_sight_that_does_not_fall_is_refused(depression):
    with pytest.raises(ValueError, match="depression must be above 0"):
        hiding_area_m2(1.5, depression, ADULTS, BODIES)


@settings(deadline=None)
@given(faces, depressions, densities)
def test_the_clear_share_is_a_chance(face, depression, density):  # property
    (share,) = clear_share(face, depression, density_per_m2=density, heights=ADULTS, bodies=BODIES)
    assert 0 <= share <= 1


@settings(deadline=None)
@given(faces, faces, depressions, densities)
def test_the_taller_are_never_hidden_more(first, second, depression, density):  # property
    short, tall = clear_share(
        [min(first, second), max(first, second)],
        depression,
        density_per_m2=density,
        heights=ADULTS,
        bodies=BODIES,
    )
    assert short <= tall + 1e-12


@settings(deadline=None)
@given(faces, depressions, depressions, densities)
def test_a_steeper_camera_never_sees_less(face, first, second, density):  # property
    flat, steep = (
        clear_share(face, angle, density_per_m2=density, heights=ADULTS, bodies=BODIES)[0]
        for angle in sorted([first, second])
    )
    assert flat <= steep + 1e-12
