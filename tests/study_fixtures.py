"""What the tests of sweeps share: an undisturbed run to compare with, a real cluster."""

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sim.answer.results_folder import write_result
from sim.capsules.capsule import pack
from sim.studies.run.runner import run_study
from tests import fakes
from tests.capsule_cases import asked

ROOT = Path(__file__).parents[1]
COMES_UP_S = 60


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """The bytes of the table that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "study"
    run_study(fakes.asked(), folder, workers=0, work=fakes.rows)
    return fakes.bytes_of(folder)


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies") / "fake"
    run_study(asked(), folder, workers=0, work=fakes.rows)
    return folder


@pytest.fixture
def study(finished_study, tmp_path):
    """Return a study's folder that a test may spoil."""
    return Path(shutil.copytree(finished_study, tmp_path / "fake"))


@pytest.fixture
def run_folder(small, tmp_path):
    write_result(small, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def zipped(study):
    return pack(study).file


@dataclass
class RealCluster:
    """A Dask scheduler and workers of its own, on loopback."""

    address: str
    environment: dict
    processes: list = field(default_factory=list)

    def start_worker(self, name):
        words = [self.address, "--nthreads", "1", "--no-nanny", "--name", name]
        self.processes.append(started("worker", self.environment, *words))

    def worker(self, number):
        return self.processes[1 + number]


def started(kind, environment, *words):
    command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *words]
    return subprocess.Popen(
        [*command, "--dashboard-address", "127.0.0.1:0"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DASK_TEMPORARY_DIRECTORY": str(tmp_path),
        "PYTHONWARNINGS": "ignore",
    }
    port = free_port()
    made = RealCluster(f"tcp://127.0.0.1:{port}", environment)
    words = ["--host", "127.0.0.1", "--port", str(port)]
    made.processes.append(started("scheduler", environment, *words))
    try:
        wait_for_port(port)
        for name in ("first", "second"):
            made.start_worker(name)
        yield made
    finally:
        for process in reversed(made.processes):
            process.kill()  # they hold nothing that anybody wants
        for process in made.processes:
            process.wait()


def wait_for_port(port):
    until = time.monotonic() + COMES_UP_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"no scheduler on port {port}")
