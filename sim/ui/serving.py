"""Serving the page: the port is looked at, kernels are warmed, then the server starts.

By default the page answers this machine alone. ``classroom`` opens it to the local network and
says which address to type; only that address and this machine's names are answered then.

State: the server, until it is stopped.
"""

import socket
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from threading import Thread

from sim.answer.held_streets import answered
from sim.errors import SimError
from sim.playback.kept_replays import keep_replay
from sim.playback.wished_minutes import Wish
from sim.scenario.texts import FIRST_PLACE, places, scenario_of

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - asked for by --classroom
_UNROUTED = ("192.0.2.1", 9)  # an address of no machine (RFC 5737): nothing is sent


def check_port(port: int, *, classroom: bool) -> None:
    """Raise SimError if the port cannot be had, before anything is computed."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((EVERYWHERE if classroom else LOOPBACK, port))
        except OSError as error:
            raise SimError(
                f"--port {port}: cannot be had ({error.strerror}); name another, such as "
                f"--port {port + 1 if port < 65535 else port - 1}"
            ) from None


def warm(tell: Callable[[str, float], None]) -> None:
    """Walk the first place if need be, compile, and answer once, so that no visitor waits."""
    first = places()[FIRST_PLACE][1]
    tell("making the first page ready", 0.0)
    answered(first)
    tell("recording the first minutes to watch", 0.0)
    keep_replay(scenario_of(first), Wish())
    tell("recording the first minutes to watch", 1.0)


def local_address() -> str:
    """Return this machine's address in the local network; loopback if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_UNROUTED)
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


def server_options(port: int, *, classroom: bool) -> dict[str, object]:
    """Return the settings of the server, by Streamlit's names."""
    hosts = ["localhost", LOOPBACK]
    if classroom:
        hosts += [local_address(), socket.gethostname().lower()]
    return {
        "server.port": port,
        "server.address": EVERYWHERE if classroom else LOOPBACK,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": 1,
        "server.enableStaticServing": False,
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.allowedHosts": hosts,
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,  # each would stop all visitors for a fifth of a second
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        "theme.light.primaryColor": "#0b7a75",
        "theme.light.backgroundColor": "#ffffff",
        "theme.light.secondaryBackgroundColor": "#f3f5f7",
        "theme.light.textColor": "#1d2b36",
        "theme.dark.primaryColor": "#4fc3bc",
        "theme.dark.backgroundColor": "#12191f",
        "theme.dark.secondaryBackgroundColor": "#1a242c",
        "theme.dark.textColor": "#e8edf0",
    }


def serve(port: int, *, classroom: bool) -> None:
    """Serve the page until it is stopped."""
    from streamlit.web import bootstrap  # noqa: PLC0415 - it takes a second

    options = server_options(port, classroom=classroom)
    if classroom:
        print(f"Type this address: http://{local_address()}:{port}")  # noqa: T201
    bootstrap.load_config_options(options)
    Thread(target=import_module, args=("sim.ui.main",), daemon=True).start()  # as the browser loads
    bootstrap.run(str(files("sim.ui").joinpath("script.py")), False, [], options)
