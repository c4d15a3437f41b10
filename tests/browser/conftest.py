"""The page in a real browser: one server for all journeys, a fresh visitor for each.

Needs Debian's Chromium (``apt-get install chromium``), or another named by ``CHROMIUM``.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
# Chromium must neither ask the network for updates nor for anything else.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_S = 180.0


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def address():
    """Serve the page as ``passerby app`` does; return its address."""
    port = free_port()
    command = [sys.executable, "-m", "sim.ui", "--port", str(port), "--quiet"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(url, server)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_ready(url, server):
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        assert server.poll() is None, "the server stopped"
        try:
            with urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no page at {url} after {READY_S:.0f} s")


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "these tests need Chromium: apt-get install chromium, or set CHROMIUM"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One visitor: a page, and what it asked of other machines."""

    def __init__(self, browser, address, *, width, scheme, reduced_motion):
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion=reduced_motion,
        )
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path="", *, waits_for):
        self.page.goto(f"{self.address}/{path}")
        self.see(waits_for)
        return self.page

    def see(self, text, seconds=60):
        self.page.get_by_text(text).first.wait_for(timeout=1000 * seconds)

    def choose(self, lever, option):
        self.page.get_by_role("combobox", name=lever).click()
        self.page.get_by_role("option").filter(has_text=option).first.click()
        self.settle()

    def settle(self, ms=1500):
        """Let the page come to rest: websocket news arrive only while Playwright waits."""
        self.page.wait_for_timeout(ms)

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def elsewhere(self):
        """Return what was asked of any machine but the server."""
        own = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]


@pytest.fixture
def visitor(chromium, address):
    """Return a function that makes visitors; they leave at the end of the test."""
    made = []

    def new(*, width=1280, scheme="light", reduced_motion="no-preference"):
        one = Visitor(chromium, address, width=width, scheme=scheme, reduced_motion=reduced_motion)
        made.append(one)
        return one

    yield new
    for one in made:
        one.context.close()
