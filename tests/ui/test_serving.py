"""How the page is served: to whom, with what settings, and what is said when it cannot be."""

import socket
import subprocess
import sys

import pytest

from sim.cli import INPUT_AT_FAULT
from sim.errors import SimError
from sim.ui.serving import LOOPBACK, check_port, local_address, server_options


@pytest.fixture
def taken_port():
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_is_refused_in_words(taken_port):
    with pytest.raises(SimError, match=f"--port {taken_port}: cannot be had"):
        check_port(taken_port, classroom=False)


@pytest.mark.processes
def test_the_command_says_so_and_exits_with_2(taken_port):
    words = [sys.executable, "-m", "sim", "app", "--port", str(taken_port), "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == INPUT_AT_FAULT
    assert f"--port {taken_port}: cannot be had" in done.stderr
    assert "Traceback" not in done.stderr


def test_by_default_the_page_answers_this_machine_alone():
    options = server_options(8501, classroom=False)
    assert options["server.address"] == LOOPBACK
    assert options["server.allowedHosts"] == ["localhost", LOOPBACK]


def test_a_classroom_is_answered_by_its_address_and_by_no_other_name():
    options = server_options(8501, classroom=True)
    assert options["server.address"] == "0.0.0.0"  # noqa: S104 - asked for
    assert local_address() in options["server.allowedHosts"]
    assert "*" not in options["server.allowedHosts"]


@pytest.mark.parametrize("classroom", [False, True])
def test_visitors_are_shown_no_details_and_send_little(classroom):
    options = server_options(8501, classroom=classroom)
    assert options["client.showErrorDetails"] == "none"
    assert options["server.enableXsrfProtection"] is True
    assert options["server.maxUploadSize"] == 1
    assert options["server.enableStaticServing"] is False
    assert options["browser.gatherUsageStats"] is False


def test_the_committed_settings_are_those_of_the_command():
    import tomllib
    from pathlib import Path

    file = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    flat = {}
    for section, values in tree.items():
        for name, value in values.items():
            if isinstance(value, dict):
                flat |= {f"{section}.{name}.{key}": each for key, each in value.items()}
            else:
                flat[f"{section}.{name}"] = value
    options = server_options(8501, classroom=False)
    for name, value in flat.items():
        assert options.get(name, value) == value, name
    assert {"server.address", "server.enableXsrfProtection", "client.showErrorDetails"} <= set(flat)
