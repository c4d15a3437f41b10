import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtri

from sim.biometrics.looks import (
    effective_looks,
    false_alert_probability,
    genuine_shift,
    no_alert_over_passages,
    repeat_exponent,
    true_alert_probability,
)

FALSE = {"repeat_frame": 0.8, "repeat_camera": 0.4}
TRUE = {"camera_weight": 0.57, "frame_weight": 0.29}
shares = st.floats(0.0, 1.0)
exposures = arrays(
    np.float64,
    st.tuples(st.integers(0, 4), st.integers(0, 3)),
    elements=st.one_of(st.just(0.0), st.floats(1e-6, 1e4)),
)
means = arrays(
    np.float64, st.integers(0, 4), elements=st.floats(0.0, 1e6, allow_subnormal=False)
)  # subnormal numbers have lost their digits
shapes = st.one_of(st.floats(1e-3, 1e6), st.just(np.inf))


def looks(*exposure, **changes):
    return effective_looks(np.array([exposure]), **{**FALSE, **changes})[0]


def shift(*exposure, **changes):
    return genuine_shift(np.array([exposure]), **{**TRUE, **changes})[0]


@pytest.mark.parametrize("repeat", [0.0, 0.15, 0.4, 0.8, 1.0])
def test_two_looks_count_as_two_minus_the_chance_of_a_repeat(repeat):
    assert 2 ** repeat_exponent(repeat) == pytest.approx(2 - repeat)
    assert looks(1.0, 1.0, repeat_camera=repeat) == pytest.approx(2 - repeat)
    assert looks(2.0, repeat_frame=repeat) == pytest.approx(2 - repeat)


def test_looks_by_hand():
    # Frames: x^log2(1.2); cameras: (sum of its 1/log2(1.6)-th powers)^log2(1.6).
    first, second = 3.0 ** np.log2(1.2), 0.5 ** np.log2(1.2)
    power = np.log2(1.6)
    by_hand = (first ** (1 / power) + second ** (1 / power)) ** power
    assert looks(3.0, 0.5) == pytest.approx(by_hand)


def test_the_reference_look_is_one_and_no_look_is_none():
    assert looks(1.0) == looks(1.0, 0.0) == 1.0
    assert looks(0.0, 0.0) == 0.0
    assert looks() == 0.0
    assert effective_looks(np.empty((3, 0)), **FALSE).tolist() == [0, 0, 0]
    assert effective_looks(np.empty((0, 2)), **FALSE).shape == (0,)


def test_where_every_frame_repeats_any_exposure_counts_once():
    assert looks(1e-9, repeat_frame=1.0) == looks(1e9, repeat_frame=1.0) == 1.0
    assert looks(0.0, repeat_frame=1.0) == 0.0


def test_where_every_camera_repeats_the_best_one_counts():
    assert looks(0.2, 3.0, 1.0, repeat_camera=1.0) == pytest.approx(looks(3.0))


@settings(deadline=None)
@given(exposures, shares, shares, st.floats(1.0, 5.0))
def test_more_exposure_is_never_fewer_looks(exposure, frame, camera, factor):  # property
    repeats = {"repeat_frame": frame, "repeat_camera": camera}
    once, more = (effective_looks(k * exposure, **repeats) for k in (1.0, factor))
    assert np.isfinite(once).all()
    assert (more >= once * (1 - 1e-12)).all()
    assert ((once > 0) == (exposure > 0).any(axis=1)).all()


@settings(deadline=None)
@given(exposures, shares, shares)
def test_the_order_of_cameras_does_not_matter(exposure, frame, camera):  # property
    repeats = {"repeat_frame": frame, "repeat_camera": camera}
    np.testing.assert_allclose(
        effective_looks(exposure, **repeats),
        effective_looks(exposure[:, ::-1], **repeats),
        rtol=1e-9,
    )
    np.testing.assert_allclose(
        genuine_shift(exposure, **TRUE), genuine_shift(exposure[:, ::-1], **TRUE), rtol=1e-9
    )


def test_the_gain_of_a_listed_person_by_hand():
    assert shift(1.0) == 0.0
    assert shift(2.0) == pytest.approx(0.29 * np.log(2))
    assert shift(1.0, 1.0) == pytest.approx(0.57 * np.log(2))
    by_hand = 0.57 * np.log(3.0 ** (0.29 / 0.57) + 0.5 ** (0.29 / 0.57))
    assert shift(3.0, 0.5) == pytest.approx(by_hand)


def test_who_was_not_seen_is_not_found():
    for gain in (shift(0.0, 0.0), shift()):
        assert np.isneginf(gain)
        assert true_alert_probability(np.array([gain]), tpir=0.89, probit_shift=1.0) == 0.0
        assert true_alert_probability(np.array([gain]), tpir=1.0, probit_shift=1.0) == 0.0


def test_weights_of_nothing_are_limits_and_not_faults():
    assert shift(3.0, 0.5, camera_weight=0.0) == pytest.approx(0.29 * np.log(3.0))
    assert shift(3.0, 0.5, camera_weight=1e-4) == pytest.approx(0.29 * np.log(3.0), abs=1e-4)
    assert shift(3.0, 0.0, frame_weight=0.0) == 0.0
    assert shift(3.0, 0.5, frame_weight=0.0) == pytest.approx(0.57 * np.log(2))
    assert shift(3.0, 0.5, camera_weight=0.0, frame_weight=0.0) == 0.0
    assert np.isneginf(shift(0.0, 0.0, camera_weight=0.0, frame_weight=0.0))


def test_the_chance_of_a_true_alert_by_hand():
    at_reference = true_alert_probability(np.zeros(1), tpir=0.89, probit_shift=0.0)
    assert at_reference == pytest.approx(0.89)
    moved = true_alert_probability(np.array([0.3]), tpir=0.89, probit_shift=-0.2)
    assert ndtri(moved) == pytest.approx(ndtri(0.89) + 0.1)


def test_a_matcher_that_finds_nobody_finds_nobody_and_a_perfect_one_whom_it_sees():
    gains = np.array([5.0, 0.0, -np.inf])
    none = true_alert_probability(gains, tpir=0.0, probit_shift=9.0)
    assert none.tolist() == [0, 0, 0]
    every = true_alert_probability(gains, tpir=1.0, probit_shift=-9.0)
    assert every.tolist() == [1, 1, 0]


@settings(deadline=None)
@given(exposures, st.floats(0.0, 1.0), st.floats(-3.0, 3.0), st.floats(1.0, 5.0))
def test_chances_of_true_alerts_rise_with_exposure(exposure, tpir, constant, factor):  # property
    once, more = (
        true_alert_probability(
            genuine_shift(k * exposure, **TRUE), tpir=tpir, probit_shift=constant
        )
        for k in (1.0, factor)
    )
    assert ((once >= 0) & (more <= 1)).all()
    assert (more >= once - 1e-12).all()


@pytest.mark.parametrize(
    ("mean", "shape", "chance"),
    [
        (0.0, 0.5, 0.0),
        (1.0, 1.0, 0.5),  # 1 - 1 / (1 + 1)
        (1.5, 0.5, 0.5),  # 1 - (1 + 3)^-0.5
        (2.0, np.inf, 1 - np.exp(-2)),
        (np.inf, 0.5, 1.0),
        (np.inf, np.inf, 1.0),
    ],
)
def test_the_chance_of_a_false_alert_by_hand(mean, shape, chance):
    assert false_alert_probability(np.array([mean]), proneness_shape=shape) == pytest.approx(chance)


def test_tiny_chances_keep_all_their_digits():
    tiny = np.array([1e-18])
    for shape in (0.5, np.inf):
        got = false_alert_probability(tiny, proneness_shape=shape)
        assert got == pytest.approx(1e-18, rel=1e-14)


@settings(deadline=None)
@given(means, shapes)
def test_uneven_proneness_never_adds_false_alerts(mean, shape):  # property: Jensen
    uneven = false_alert_probability(mean, proneness_shape=shape)
    even = false_alert_probability(mean, proneness_shape=np.inf)
    assert (uneven >= 0).all()
    assert (uneven <= even * (1 + 1e-9)).all()


@settings(deadline=None)
@given(means, shapes, st.integers(0, 50))
def test_many_passages_leave_more_people_without_alert_than_independence(mean, shape, passages):
    # property: who had none is likely not prone, so the next passage is safer
    together = no_alert_over_passages(mean, passages, proneness_shape=shape)
    apart = (1 - false_alert_probability(mean, proneness_shape=shape)) ** passages
    assert ((together >= 0) & (together <= 1)).all()
    assert (together >= apart - 1e-9).all()
