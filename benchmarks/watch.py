"""Frames a second of the Watch page in Chromium, with a crowd that fills a street.

    python benchmarks/watch.py [--people 500] [--seconds 10] [--json]

A replay of as many people as asked, who walk to and fro for two minutes with sight lines, is put
on a page of its own with the page's script and style, and played at normal speed. Counted are the
browser's animation frames and how long each drawing takes. Headless, without a graphics processor:
a screen with one is faster. Needs Chromium; ``CHROMIUM`` names another than the one found.
"""

import argparse
import base64
import json
import os
import shutil
import statistics
import sys
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from sim import columns as col
from sim.kernels.sight_line_hits import HIDDEN
from sim.model.recorder import SIGHTS
from sim.playback.browser_bytes import packed
from sim.playback.replay import Replay
from sim.playback.replay_facts import hidden_by_column, sight_column
from sim.ui.replay import SCRIPTS, text_of

LEAST_FRAMES = 50.0  # a second, wanted
FRAMES, RATE_HZ = 1200, 10.0
LENGTH_CM, WIDTH_CM = 6000, 1200
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def crowd(people: int) -> Replay:
    """Return a replay of a street in which so many people walk all the time."""
    rng = np.random.default_rng(1)
    frame = np.arange(FRAMES)
    speed = rng.normal(134.0, 20.0, people) / RATE_HZ * rng.choice([-1.0, 1.0], people)
    along = rng.uniform(0, LENGTH_CM, people)[:, None] + speed[:, None] * frame
    x = (along % LENGTH_CM).astype(np.int64)
    sway = 20.0 * np.sin(frame / 15.0 + rng.uniform(0, 6, people)[:, None])
    y = (rng.uniform(50, WIDTH_CM - 50, people)[:, None] + sway).astype(np.int64)
    nose = np.where(speed > 0, 90, 270)[:, None] + np.rint(11 * np.sin(frame / 9.0))
    is_near = (x > 1800) & (x < 3600)
    sight = np.where(is_near, rng.choice([0, 1, 2], (people, FRAMES)), 0)
    hider = np.where(sight == HIDDEN, rng.integers(0, people, (people, FRAMES)), -1)
    stands = (rng.random((people, 1)) < 0.1).repeat(FRAMES, axis=1)
    rows = pd.DataFrame(
        {
            col.FRAME: np.tile(frame, people),
            col.ID: np.repeat(np.arange(people), FRAMES),
            col.X_CM: x.ravel(),
            col.Y_CM: y.ravel(),
            col.NOSE: nose.ravel(),
            col.STATE: np.where(stands, "standing", "walking").ravel(),
            sight_column(0): np.array(list(SIGHTS.values()))[sight.ravel()],
            hidden_by_column(0): hider.ravel(),
        }
    )
    about: dict[str, Any] = {
        "frames": FRAMES,
        "frame_rate_hz": RATE_HZ,
        "first_frame_s": 0.05,
        "start_hour": 10.0,
        "scenario": {"name": "crowd", "title": "A crowd to measure with", "hash": ""},
        "walkable_wkt": "POLYGON ((0 0, 60 0, 60 12, 0 12, 0 0))",
        "entrances": [],
        "exits": [],
        "cameras": [
            {
                "name": "one",
                "position_m": (30.0, 6.0),
                "heading_deg": 270.0,
                "zone_wkt": "POLYGON ((30 6, 18 2, 18 10, 30 6))",
            }
        ],
        "officer_speed_mps": 1.5,
        "officers": [],
        "alerts": [],
        "event_columns": [col.EVENT_TIME, col.EVENT, col.PERSON],
        "events": [],
    }
    return Replay(rows, about)


def page_of(content: bytes) -> str:
    """Return a page that plays packed minutes and nothing else."""
    script = "\n".join(map(text_of, SCRIPTS)).replace("export default function", "function mount")
    return (
        f"<!doctype html><style>{text_of('replay.css')}</style>"
        '<body><div class="replay"></div><script type="module">'
        f"{script.replace('mount (', 'mount(')}\n"
        f'const bytes = Uint8Array.from(atob("{base64.b64encode(content).decode()}"), '
        "(one) => one.charCodeAt(0));\n"
        "mount({ data: bytes, parentElement: document.body });</script>"
    )


def measured(people: int, seconds: float, sights: str) -> dict[str, Any]:
    """Return frames a second and the time of a drawing, ms."""
    content = packed(crowd(people))
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("needs Chromium: apt-get install chromium, or set CHROMIUM")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content(page_of(content))
        page.locator("canvas").wait_for()
        page.get_by_label("Sight lines").select_option(sights)
        page.get_by_label("Speed").select_option("1")
        found = page.locator("canvas").evaluate(
            """async (canvas, seconds) => {
                const { replay } = canvas;
                replay.setPlaying(true);
                await new Promise((done) => setTimeout(done, 1000));
                replay.drawn.ms.length = 0;
                const [count, begun] = [replay.drawn.count, performance.now()];
                await new Promise((done) => setTimeout(done, 1000 * seconds));
                const took = (performance.now() - begun) / 1000;
                return { frames: (replay.drawn.count - count) / took, ms: replay.drawn.ms };
            }""",
            seconds,
        )
        browser.close()
    return {
        "people": people,
        "sight_lines": sights,
        "packed_kib": len(content) / 1024,
        "frames_a_second": found["frames"],
        "draw_ms_median": statistics.median(found["ms"]),
        "draw_ms_99": float(np.quantile(found["ms"], 0.99)),
    }


def main() -> None:
    """Print the figures beside what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500, help="drawn at a time")
    parser.add_argument("--seconds", type=float, default=10.0, help="to measure over")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    given = parser.parse_args()
    found = [measured(given.people, given.seconds, sights) for sights in ("few", "all")]
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for one in found:
        print(
            f"{one['people']} people, sight lines: {one['sight_lines']}; "
            f"{one['frames_a_second']:.0f} frames a second ({LEAST_FRAMES:.0f} wanted), a drawing "
            f"{one['draw_ms_median']:.1f} ms (99 in 100 under {one['draw_ms_99']:.1f} ms); "
            f"{one['packed_kib']:,.0f} KiB sent"
        )


if __name__ == "__main__":
    main()
