"""A kept walk is the walk, bit for bit; the cache is bounded, shared and never trusted blindly."""

import dataclasses
import logging
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import SimError
from sim.model.street import Street
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path
from sim.storage import walk_cache

pytestmark = pytest.mark.whole

SMALL = ["street.footfall.people=120.0", "policy.hours=0.25"]
LOGGER = "sim.storage.walk_cache"


def small(seed, *settings):
    changed = [*SMALL, *settings, f"run.seed={seed}"]
    return load_scenario(shipped_path(Path("reference")), settings=changed)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(walk_cache.FOLDER_VARIABLE, str(tmp_path / "walks"))
    monkeypatch.delenv(walk_cache.LIMIT_VARIABLE, raising=False)
    return tmp_path / "walks"


@pytest.fixture
def walks(monkeypatch):
    """Count how often a street is walked."""
    seeds = []
    original = Street.walk

    def walk(self, progress=None):
        seeds.append(self.asked.run.seed)
        return original(self, progress)

    monkeypatch.setattr(Street, "walk", walk)
    return seeds


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found.people, expected.people, check_exact=True)
    assert list(found.people.dtypes) == list(expected.people.dtypes)
    assert found.cameras == expected.cameras
    for name in ("exposure_s", "best_look_s", "crowding_per_m2"):
        assert_same_bits(getattr(found, name), getattr(expected, name))
    for name in ("start", "first_s", "xy"):
        assert_same_bits(getattr(found.trail, name), getattr(expected.trail, name))


def assert_same_bits(found, expected):
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    assert found.tobytes() == np.ascontiguousarray(expected).tobytes()


@pytest.mark.parametrize("settings", [(), ("policy.cameras=[]",), ("street.footfall.people=0.0",)])
def test_a_kept_walk_equals_the_walk_bit_for_bit(folder, walks, settings):
    scenario = small(3, *settings)
    expected = Street(scenario).walk()
    first, second = walk_cache.walked(scenario), walk_cache.walked(scenario)
    assert len(walks) == 2  # the expected one, and one for the cache
    assert_same(first, expected)
    assert_same(second, expected)


def test_what_the_walk_does_not_depend_on_walks_nothing_again(folder, walks):
    walk_cache.walked(small(3))
    walk_cache.walked(small(3, "policy.threshold=0.7", "policy.watchlist.size=99"))
    walk_cache.walked(small(4))
    assert walks == [3, 4]


def test_a_changed_source_walks_again(folder, walks, monkeypatch):
    walk_cache.walked(small(3))
    monkeypatch.setattr(walk_cache, "source_hash", lambda: "another")
    walk_cache.walked(small(3))
    assert walks == [3, 3]


@pytest.mark.parametrize("place", [0, 20, 100, 5000, -1])
def test_a_damaged_file_is_said_and_walked_again(folder, walks, caplog, place):
    scenario = small(3)
    expected = walk_cache.walked(scenario)
    path = walk_cache.walk_path(scenario)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING, LOGGER):
        assert_same(walk_cache.walked(scenario), expected)
    assert "damaged" in caplog.text
    assert str(path) in caplog.text
    assert walks == [3, 3]
    assert_same(walk_cache.walked(scenario), expected)
    assert walks == [3, 3]


def test_a_file_cut_short_is_walked_again(folder, walks):
    path = walk_cache.walk_path(small(3))
    for length in (0, 10, 60, 500):
        walk_cache.walked(small(3))
        path.write_bytes(path.read_bytes()[:length])
    walk_cache.walked(small(3))
    assert len(walks) == 5


def test_the_walk_used_least_lately_goes_first(folder, walks, monkeypatch):
    walk_cache.walked(small(1))
    size = walk_cache.walk_path(small(1)).stat().st_size
    monkeypatch.setenv(walk_cache.LIMIT_VARIABLE, str(2.5 * size / 2**20))
    walk_cache.walked(small(2))
    for seed, when in ((1, 1_000), (2, 2_000)):
        os.utime(walk_cache.walk_path(small(seed)), (when, when))
    walk_cache.walked(small(1))  # used again: now 2 is the one used least lately
    walk_cache.walked(small(3))
    assert [walk_cache.is_kept(small(seed)) for seed in (1, 2, 3)] == [True, False, True]
    held = sum(path.stat().st_size for path in folder.iterdir())
    assert held <= walk_cache.limit_bytes()


def test_a_limit_below_one_walk_keeps_none(folder, walks, monkeypatch):
    monkeypatch.setenv(walk_cache.LIMIT_VARIABLE, "0")
    walk_cache.walked(small(1))
    walk_cache.walked(small(1))
    assert walks == [1, 1]
    assert not list(folder.glob("*.walk"))


def test_a_limit_that_is_no_number_is_refused(folder, monkeypatch):
    monkeypatch.setenv(walk_cache.LIMIT_VARIABLE, "lots")
    with pytest.raises(SimError, match="PASSERBY_WALK_CACHE_MIB=lots: must be a number of MiB"):
        walk_cache.walked(small(1))


def test_a_folder_that_cannot_be_made_is_said_and_the_walk_returned(tmp_path, monkeypatch, caplog):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file, not a folder")
    monkeypatch.setenv(walk_cache.FOLDER_VARIABLE, str(in_the_way / "walks"))
    with caplog.at_level(logging.WARNING, LOGGER):
        found = walk_cache.walked(small(1))
    assert "walks are not kept" in caplog.text
    assert_same(found, Street(small(1)).walk())


def test_a_full_disk_is_said_and_the_walk_returned(folder, monkeypatch, caplog):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(walk_cache, "write_durably", full)
    with caplog.at_level(logging.WARNING, LOGGER):
        found = walk_cache.walked(small(1))
    assert "No space left on device" in caplog.text
    assert_same(found, Street(small(1)).walk())


def walk_and_count(seed, barrier, counted):
    """Walk in a process of its own, all at the same moment."""
    original = Street.walk

    def walk(self, progress=None):
        with counted.get_lock():
            counted.value += 1
        return original(self, progress)

    Street.walk = walk
    barrier.wait()
    walk_cache.walked(small(seed))


@pytest.mark.processes
def test_two_processes_that_want_one_street_walk_it_once(folder):
    context = multiprocessing.get_context("spawn")
    barrier, counted = context.Barrier(3), context.Value("i", 0)
    workers = [context.Process(target=walk_and_count, args=(5, barrier, counted)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert counted.value == 1
    assert [path.suffix for path in folder.iterdir()] == [".walk"]


def test_every_field_of_the_passages_is_kept():
    kept = {"people", *walk_cache._MATRICES, "trail", "cameras"}
    assert {field.name for field in dataclasses.fields(walk_cache.Passages)} == kept
