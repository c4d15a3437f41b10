"""Keyed draws: the published generator, and independence of purposes."""

import numpy as np
import pytest

from sim.kernels import draws

KNOWN_ANSWERS = [  # Random123 known-answer vectors for philox4x32-10
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):  # theory
    words = draws.philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == answer


def test_philox_compiled_equals_plain():  # parity
    arguments = [np.uint64(word) for word in (1, 2, 3, 4, 5, 6)]
    assert draws.philox(*arguments) == draws.philox.py_func(*arguments)


@pytest.mark.statistical
def test_uniforms_are_uniform():  # Kolmogorov bound, false alarm 1e-5
    sample = np.sort(draws.uniforms(7, draws.BODY, np.arange(20_000)))
    steps = np.arange(1, len(sample) + 1) / len(sample)
    assert np.max(np.abs(sample - steps)) < 2.5 / np.sqrt(len(sample))
    assert sample[0] > 0
    assert sample[-1] < 1


@pytest.mark.statistical
def test_normals_have_mean_zero_and_variance_one():  # 4.5 standard errors
    sample = draws.normals(7, draws.GAZE, np.arange(20_000))
    assert abs(sample.mean()) < 4.5 / np.sqrt(len(sample))
    assert abs(sample.var() - 1) < 4.5 * np.sqrt(2 / len(sample))


@pytest.mark.parametrize("change", [{"seed": 2}, {"stream": draws.ROUTE}, {"k": 1}])
def test_another_seed_purpose_or_turn_gives_unrelated_draws(change):
    keys = np.arange(5000)
    base = {"seed": 1, "stream": draws.BODY, "keys": keys, "k": 0}
    first, second = draws.uniforms(**base), draws.uniforms(**{**base, **change})
    assert not np.any(first == second)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / np.sqrt(len(keys))


def test_a_draw_does_not_depend_on_who_else_is_drawn():
    alone = draws.uniforms(3, draws.LISTING, np.array([41]))
    among = draws.uniforms(3, draws.LISTING, np.arange(100))
    assert alone[0] == among[41]
