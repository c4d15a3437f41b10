"""From the command to the first answer on the screen, in Chromium with an empty cache.

    python benchmarks/first_page.py [--starts 5] [--json]

``passerby app`` is started anew each time; the page is opened as soon as the port answers, and
timed until the headline has been drawn. The street is kept and the kernels are compiled, as after
any earlier start: one start before the first that counts sees to that. Needs Chromium;
``CHROMIUM`` names another than the one found.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

LIMIT_S = 5.0
READY_S = 300.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WHEN_DRAWN = """
new MutationObserver(() => {
  if (window.drawnAt === undefined && document.querySelector("h1.p-headline")) {
    window.drawnAt = null;
    requestAnimationFrame(() => setTimeout(() => { window.drawnAt = performance.now(); }));
  }
}).observe(document, { subtree: true, childList: true });
"""


def started(port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Start the app; return it and how long its port took to answer, s."""
    words = ["-m", "sim", "app", "--port", str(port), "--quiet"]
    began = time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, *words], **quiet)
    while time.monotonic() < began + READY_S:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return process, time.monotonic() - began
        except OSError:
            time.sleep(0.02)
    process.kill()
    sys.exit("the app did not start; run: passerby app")


def free_port() -> int:
    """Return a port that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measured(starts: int) -> dict[str, list[float]]:
    """Return what each start took, s: until the port answered, until the headline was drawn."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("needs Chromium: apt-get install chromium, or set CHROMIUM")
    found: dict[str, list[float]] = {"port_s": [], "headline_s": []}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        for number in range(starts + 1):
            port = free_port()
            process, port_s = started(port)
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_init_script(WHEN_DRAWN)
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}")
            page.wait_for_function("window.drawnAt > 0", timeout=60_000)
            headline_s = port_s + page.evaluate("window.drawnAt") / 1000
            context.close()
            process.terminate()
            process.wait()
            if number > 0:
                found["port_s"].append(port_s)
                found["headline_s"].append(headline_s)
        browser.close()
    return found


def main() -> None:
    """Print the times beside the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="that count")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    given = parser.parse_args()
    found = measured(given.starts)
    if given.json:
        print(json.dumps({"limit_s": LIMIT_S, **found}, indent=2))
        return
    for name, words in (("port_s", "port answers"), ("headline_s", "headline drawn")):
        times = found[name]
        middle = statistics.median(times)
        print(
            f"{words:15} {middle:.2f} s after the command ({min(times):.2f} to {max(times):.2f}), "
            f"{middle / LIMIT_S:.2f} of the limit of {LIMIT_S:.0f} s"
        )


if __name__ == "__main__":
    main()
