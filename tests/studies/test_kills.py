"""Killed at random moments, as hard as the system can, a study loses nothing and doubles nothing.

Real processes, real SIGKILL. A failure says the seed of its moments.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from sim.studies.run.folder import Folder
from sim.studies.run.runner import run_study
from sim.studies.run.unit_files import fault_in_part
from tests import fakes
from tests.studies.kill_target import UNITS

pytestmark = pytest.mark.slow  # each starts many processes; CI runs them

ROOT = Path(__file__).parents[2]
TARGET = Path(__file__).with_name("kill_target.py")
ROUNDS = 21
LATEST_S = 0.9  # after the first worker: a run that nothing disturbs takes little longer
HANGS_S = 120
VICTIMS = ("worker", "parent", "both")


@pytest.fixture
def start(tmp_path):
    """Start sweeps; ``said(target)`` is what one has said. None outlives the test."""
    targets = []

    def start(folder, *words, workers=2, **options):
        with (tmp_path / f"said-{len(targets)}").open("w") as said:
            target = subprocess.Popen(
                [sys.executable, str(TARGET), str(folder), str(workers), *words],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stderr=said,
                **options,
            )
        target.said = Path(said.name)
        targets.append(target)
        return target

    yield start
    for target in targets:
        target.kill()
        target.wait()


def workers_of(folder):
    names = Path(f"{folder}.pids")
    return [int(line) for line in names.read_text().split()] if names.exists() else []


def wait_until(is_so, target):
    until = time.monotonic() + HANGS_S
    while not is_so():
        assert time.monotonic() < until, "nothing happened"
        if target.poll() is not None:
            return
        time.sleep(0.01)


def kill(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_running(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kills") / "undisturbed"
    run_study(fakes.asked(UNITS), folder, workers=0, work=fakes.rows)
    return fakes.bytes_of(folder)


def assert_sound_so_far(folder):
    """Every part that lies there is whole and of this study; nothing has failed."""
    home = Folder(folder)
    units = {unit.key: unit for unit in fakes.asked(UNITS).units}
    for path in (folder / "units").glob("part-*.parquet"):
        unit = units[path.stem.removeprefix("part-")]
        assert path == home.part(unit.key)
        assert fault_in_part(path, unit) is None
    assert not list((folder / "failed").iterdir())


def test_random_kills_of_workers_and_parents_lose_and_double_nothing(start, tmp_path, expected):
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    rng = np.random.default_rng(seed)
    finished = hit = 0
    for number in range(ROUNDS):
        folder = tmp_path / f"study-{finished}"
        target = start(folder)
        hit += kill_somebody(target, folder, VICTIMS[number % len(VICTIMS)], rng)
        if (folder / "units").exists():
            assert_sound_so_far(folder)
        if target.returncode == 0:
            assert fakes.bytes_of(folder) == expected, f"seed {seed}"
            finished += 1
    folder = tmp_path / f"study-{finished}"
    last = start(folder)
    assert (last.wait(HANGS_S), last.said.read_text()) == (0, ""), f"seed {seed}"
    assert fakes.bytes_of(folder) == expected, f"seed {seed}"
    assert len(list((folder / "units").iterdir())) == UNITS  # no part twice, no stray file
    assert hit >= ROUNDS // 2, f"only {hit} kills met a sweep at work; seed {seed}"


def kill_somebody(target, folder, victim, rng):
    """Kill a worker, the parent or both at a random moment; return whether the sweep was at work.

    Waits until the parent and all of its workers have ended.
    """
    before = len(workers_of(folder))
    wait_until(lambda: len(workers_of(folder)) > before, target)
    time.sleep(rng.uniform(0.0, LATEST_S))
    was_at_work = target.poll() is None
    workers = [pid for pid in workers_of(folder)[before:] if is_running(pid)]
    if victim != "parent" and workers:
        kill(rng.choice(workers))
    if victim != "worker":
        target.kill()
    target.wait(HANGS_S)
    until = time.monotonic() + HANGS_S
    while any(map(is_running, workers_of(folder))):
        assert time.monotonic() < until, "a worker goes on"
        time.sleep(0.01)
    return was_at_work


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_cleanly_and_the_same_command_goes_on(start, tmp_path, expected, number):
    folder = tmp_path / "study"
    target = start(folder, start_new_session=True)
    wait_until(lambda: len(list(folder.glob("units/part-*"))) >= 5, target)
    os.killpg(target.pid, number)  # a terminal's Ctrl-C reaches the workers too
    assert (target.wait(HANGS_S), target.said.read_text()) == (130, "")
    kept = len(list((folder / "units").iterdir()))
    assert 5 <= kept < UNITS
    assert not any(map(is_running, workers_of(folder)))
    assert not list(folder.rglob("*.tmp"))
    again = start(folder)
    assert again.wait(HANGS_S) == 0
    assert fakes.bytes_of(folder) == expected


def test_a_killed_parent_leaves_no_worker_behind(start, tmp_path):
    folder = tmp_path / "study"
    target = start(folder)
    wait_until(lambda: len(list(folder.glob("units/part-*"))) >= 3, target)
    target.kill()
    target.wait(HANGS_S)
    until = time.monotonic() + HANGS_S
    while any(map(is_running, workers_of(folder))):
        assert time.monotonic() < until, "a worker goes on"
        time.sleep(0.02)


def test_two_shards_at_once_give_the_same_bytes(start, tmp_path, expected):
    folder = tmp_path / "study"
    shards = [start(folder, f"{number}/2", workers=1) for number in (1, 2)]
    assert [shard.wait(HANGS_S) for shard in shards] == [0, 0]
    assert fakes.bytes_of(folder) == expected


def test_a_second_sweep_in_the_same_folder_is_turned_away(start, tmp_path, expected):
    folder = tmp_path / "study"
    first = start(folder)
    wait_until(lambda: len(list(folder.glob("units/part-*"))) >= 1, first)
    assert first.poll() is None
    first.send_signal(signal.SIGSTOP)  # holds its lock as long as we like
    for words in ([], ["1/2"]):
        second = start(folder, *words)
        assert second.wait(HANGS_S) == 2
        assert "another sweep is at work in this folder" in second.said.read_text()
    first.send_signal(signal.SIGCONT)
    assert first.wait(HANGS_S) == 0
    assert fakes.bytes_of(folder) == expected


@pytest.fixture
def cramped(tmp_path):
    """A folder with little room: a small disk where one may be mounted, else a file size limit."""
    place = tmp_path / "small"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(place)]
    is_mounted = False
    with suppress(OSError):
        is_mounted = subprocess.run(words, check=False, capture_output=True).returncode == 0
    try:
        yield place, is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S607


def test_a_full_disk_is_one_clear_error_and_nothing_half_written(start, cramped, expected):
    place, is_mounted = cramped
    folder = place / "study"

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2600, 2600))

    target = start(folder, **({} if is_mounted else {"preexec_fn": little_room}))
    assert target.wait(HANGS_S) == 2
    said = target.said.read_text()
    assert said.count("\n") == 1
    assert "cannot be written to (" + ("No space" if is_mounted else "File too large") in said
    assert "give the same command again" in said
    assert not list(folder.rglob("*.tmp"))
    if (folder / "units").exists():
        assert_sound_so_far(folder)
    if is_mounted:
        bigger = ["mount", "-o", "remount,size=64m", str(place)]
        subprocess.run(bigger, check=True)
    again = start(folder)
    assert again.wait(HANGS_S) == 0
    assert fakes.bytes_of(folder) == expected
