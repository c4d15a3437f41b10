"""A cache of the latest few: made once, shared, and never more than it may hold."""

import pickle
from threading import Barrier, Thread

import pytest

from sim.storage.bounded_cache import BoundedCache


def test_what_was_used_longest_ago_goes_first():
    cache = BoundedCache(2)
    for key in "aba":
        cache.of(key, key.upper)
    cache.keep("c", "C")
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]


def test_all_who_want_the_same_share_what_one_has_made():
    cache, made, got = BoundedCache(4), [], []
    together = Barrier(8)

    def ask():
        together.wait()
        got.append(cache.of("x", lambda: made.append(1) or object()))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(map(id, got))) == 1


def test_what_cannot_be_made_leaves_nothing_behind():
    cache = BoundedCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.of("x", lambda: 1 / 0)
    assert cache.get("x") is None
    assert cache.of("x", lambda: 3) == 3


def test_it_travels_empty():
    cache = BoundedCache(2)
    cache.keep("x", 1)
    there = pickle.loads(pickle.dumps(cache))  # noqa: S301 - our own bytes
    assert there.get("x") is None
    assert there.of("x", lambda: 2) == 2
