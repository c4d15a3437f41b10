import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.biometrics import optics
from sim.kernels import sightlines

FLOOR, YAW, PITCH = 20.0, np.radians(45), np.radians(35)


def test_the_eyes_of_a_face_eight_metres_away_by_hand():
    # 5,000 px * 0.063 m / 8 m = 39.375 px; half of it at 60 degrees; none from behind.
    of = {"eye_distance_m": 0.063}
    assert optics.eye_distance_px(5000, 8.0, yaw=0.0, **of) == pytest.approx(39.375)
    assert optics.eye_distance_px(5000, 8.0, yaw=np.pi / 3, **of) == pytest.approx(19.6875)
    assert optics.eye_distance_px(5000, 8.0, yaw=3.0, **of) == 0


@pytest.mark.parametrize(
    ("eye_px", "weight"),
    [(0.0, 0.0), (19.99, 0.0), (20.0, 0.5), (40.0, 0.75), (60.0, 1.0), (500.0, 1.0)],
)
def test_a_faces_size_counts_from_the_floor_to_three_times_it(eye_px, weight):
    assert optics.size_weight(eye_px, FLOOR) == pytest.approx(weight)


@pytest.mark.parametrize(("degrees", "weight"), [(0, 1.0), (45, 0.5), (90, 0.0), (150, 0.0)])
def test_a_turn_costs_half_at_the_half_loss_angle_on_either_side(degrees, weight):
    for side in (1, -1):
        assert optics.angle_weight(side * np.radians(degrees), YAW) == pytest.approx(weight)


def test_a_frames_weight_is_the_product():
    limits = {"floor_px": FLOOR, "yaw_half_loss": YAW, "pitch_half_loss": PITCH}
    assert optics.frame_weight(40.0, YAW, PITCH, **limits) == pytest.approx(0.75 * 0.5 * 0.5)
    many = optics.frame_weight([100.0, 10.0], [0.0, 0.0], [[0.0], [PITCH]], **limits)
    np.testing.assert_allclose(many, [[1.0, 0.0], [0.5, 0.0]])


@settings(deadline=None)
@given(st.floats(0, 200), st.floats(0, 200), st.floats(1, 60))
def test_a_larger_face_is_never_worth_less(first, second, floor):  # property
    small, large = optics.size_weight([min(first, second), max(first, second)], floor)
    assert 0 <= small <= large <= 1


@settings(deadline=None)
@given(st.floats(0, np.pi), st.floats(0, np.pi), st.floats(0.1, 1.5))
def test_a_further_turn_is_never_worth_more(first, second, half_loss):  # property
    near, far = optics.angle_weight([min(first, second), max(first, second)], half_loss)
    assert 0 <= far <= near <= 1


@settings(deadline=None)
@given(st.floats(0, 200), st.floats(1, 60), st.floats(-np.pi, np.pi), st.floats(0.1, 1.5))
def test_the_sight_line_kernel_weighs_alike(eye_px, floor, angle, half_loss):  # parity
    kernel_size = sightlines.size_weight(eye_px, floor)
    assert optics.size_weight(eye_px, floor) == pytest.approx(kernel_size, abs=1e-12)
    kernel_angle = sightlines.angle_weight(angle, half_loss)
    assert optics.angle_weight(angle, half_loss) == pytest.approx(kernel_angle, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_sight_line_kernel_weighs_whole_faces_alike(seed):  # parity
    rng = np.random.default_rng(seed)
    height, tilt = 3.0, 10.0
    row = sightlines.camera_row(
        (0.0, 0.0),
        height,
        heading_deg=0.0,
        tilt_deg=tilt,
        field_of_view_deg=60.0,
        size_px=(3840, 2160),
        near=2.0,
        far=25.0,
    )
    limits = np.array([0.063, FLOOR, YAW, PITCH, 0.17, 0.30, 0.16, 0.10])
    focal = 3840 / (2 * np.tan(np.radians(30.0)))
    for _ in range(200):
        ahead = rng.uniform(6, 24)
        aside = 0.4 * ahead * rng.uniform(-1, 1)  # well inside the frame
        crown, turn, pitch = rng.uniform(1.4, 1.9), rng.uniform(-2, 2), rng.uniform(-0.6, 0.3)
        to_camera = np.arctan2(-ahead, -aside)
        drop, ground = height - (crown - 0.17), np.hypot(ahead, aside)
        eye = optics.eye_distance_px(focal, np.hypot(ground, drop), eye_distance_m=0.063, yaw=turn)
        expected = optics.frame_weight(
            eye,
            turn,
            np.arctan2(drop, ground) - pitch,
            floor_px=FLOOR,
            yaw_half_loss=YAW,
            pitch_half_loss=PITCH,
        )
        got = sightlines.face_weight(aside, ahead, crown, to_camera + turn, pitch, row, limits)
        assert got == pytest.approx(float(expected), abs=1e-9)
