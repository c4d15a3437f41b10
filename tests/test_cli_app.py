"""`passerby app` from outside: it serves, it stops whole, it says why it cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from urllib.request import urlopen

import pytest

READY_S, GONE_S = 180.0, 20.0


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serving(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_serves_any_more_once_the_command_has_been_stopped(signal_number):
    port = free_port()
    command = [sys.executable, "-m", "sim", "app", "--port", str(port), "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        try:
            wait_until(lambda: serving(port), READY_S)
            os.kill(started.pid, signal_number)
            started.wait(timeout=GONE_S)
        finally:
            started.kill()
    wait_until(lambda: not serving(port), GONE_S)


@pytest.mark.processes
def test_a_port_that_is_taken_is_an_error_in_words():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "sim", "app", "--port", str(port), "--quiet"]
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 2
    assert f"--port {port}: cannot be had" in found.stderr
    assert "Traceback" not in found.stderr
