"""A real Dask cluster gives the same table, whatever dies; without one the message is clear."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.studies.define.study import load_study
from sim.studies.run.runner import run_study
from tests import fakes

pytestmark = pytest.mark.slow  # starts a scheduler and workers each time; CI runs them

HANGS_S = 60.0  # it says that it waits 5 s; a busy machine may be late, but not by so much


STUDY = """
schema_version: 1
name: tiny
title: Tiny
purpose: To test a cluster.
base: reference
settings: {street.footfall.people: 6000.0, policy.hours: 0.25}
levers:
  policy.threshold: [0.58, 0.62]
  policy.signs: [false, true]
design: {kind: full-factorial}
replications: 2
"""


class KillOnce:
    """Watch a study, and kill a process once some units have ended."""

    def __init__(self, after, kill):
        self.after, self.kill, self.standings = after, kill, []

    def __call__(self, standing):
        self.standings.append(standing)
        if self.kill is not None and standing.done >= self.after:
            self.kill()
            self.kill = None


def test_two_workers_of_a_cluster_give_the_same_bytes(cluster, tmp_path, undisturbed):
    told = KillOnce(0, None)
    done = run_study(
        fakes.asked(),
        tmp_path / "study",
        scheduler=cluster.address,
        progress=told,
        work=fakes.slow_rows,
    )
    assert (done.worked, done.failed, done.missing) == (12, 0, 0)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed
    assert max(standing.workers for standing in told.standings) in {1, 2}


def test_a_real_study_gives_the_same_bytes_on_a_cluster(cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("PASSERBY_WALK_CACHE", str(tmp_path / "walks"))
    file = tmp_path / "tiny.yaml"
    file.write_text(STUDY)
    loaded = load_study(file)
    here = run_study(loaded, tmp_path / "here", workers=0)
    there = run_study(loaded, tmp_path / "there", scheduler=cluster.address)
    assert (here.rows, here.failed_rows, there.failed_rows) == (8, 0, 0)
    assert fakes.bytes_of(tmp_path / "there") == fakes.bytes_of(tmp_path / "here")


def test_a_worker_killed_in_the_middle_changes_nothing(cluster, tmp_path, undisturbed):
    told = KillOnce(3, cluster.worker(0).kill)
    done = run_study(
        fakes.asked(),
        tmp_path / "study",
        scheduler=cluster.address,
        progress=told,
        work=fakes.slow_rows,
    )
    assert told.kill is None  # it was killed
    assert cluster.worker(0).wait(5) == -9
    assert (done.failed, done.missing) == (0, 0)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_scheduler_killed_in_the_middle_loses_nothing(cluster, tmp_path, undisturbed):
    told = KillOnce(3, cluster.processes[0].kill)
    with pytest.raises(SimError, match="finished units are kept"):
        run_study(
            fakes.asked(),
            tmp_path / "study",
            scheduler=cluster.address,
            progress=told,
            work=fakes.slow_rows,
        )
    kept = len(list((tmp_path / "study" / "units").iterdir()))
    assert 3 <= kept < 12
    done = run_study(fakes.asked(), tmp_path / "study", workers=0, work=fakes.rows)
    assert done.worked == 12 - kept
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_unit_that_fails_on_the_cluster_is_a_row_with_its_reason(cluster, tmp_path):
    done = run_study(
        fakes.asked(), tmp_path / "study", scheduler=cluster.address, work=fakes.failing_rows
    )
    assert (done.failed, done.failed_rows, done.missing) == (1, 3, 0)


def test_a_scheduler_that_is_not_there_is_said_soon(tmp_path):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(SimError, match=f"--scheduler {address}: does not answer within 5 s"):
        run_study(fakes.asked(), tmp_path / "study", scheduler=address, work=fakes.rows)
    assert time.monotonic() - began < HANGS_S


def test_a_port_at_which_nobody_answers_is_said_soon(tmp_path):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(SimError, match="does not answer within 5 s"):
            run_study(fakes.asked(), tmp_path / "study", scheduler=address, work=fakes.rows)
        assert time.monotonic() - began < HANGS_S


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "scheduler", ""])
def test_what_is_no_address_is_refused(tmp_path, address):
    with pytest.raises(SimError, match="must be an address such as tcp://"):
        run_study(fakes.asked(), tmp_path / "study", scheduler=address, work=fakes.rows)


@pytest.mark.parametrize("name", ["slurm-array.sh", "slurm-dask.sh"])
def test_the_files_to_copy_are_sound_and_keep_the_dashboard_to_loopback(name):
    file = Path(__file__).parents[2] / "docs" / "howto" / name
    bash = shutil.which("bash")
    assert subprocess.run([bash, "-n", str(file)], check=True).returncode == 0
    text = file.read_text(encoding="utf-8")
    joined = text.replace("\\\n", " ")
    starts = [line for line in joined.splitlines() if re.search(r"dask (scheduler|worker)", line)]
    assert all("--dashboard-address 127.0.0.1:0" in line for line in starts)
    (sweep,) = [line for line in joined.splitlines() if line.startswith("passerby sweep")]
    assert ("--shard" in sweep) != ("--scheduler" in sweep)
