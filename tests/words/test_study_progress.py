"""Progress of a study: a bar on a terminal, lines elsewhere, and what must be known always."""

import dataclasses
import io
import json
import math
import sys

import pytest

from sim.storage.progress import StudyProgress
from sim.words import progress
from sim.words.progress import duration, study_progress

START = StudyProgress(
    done=0,
    failed=0,
    total=10,
    earlier=0,
    workers=0,
    elapsed_s=0.0,
    rate_per_s=math.nan,
    remaining_s=math.nan,
)
HALF = dataclasses.replace(
    START, done=4, failed=1, workers=2, elapsed_s=10.0, rate_per_s=0.5, remaining_s=10.0
)
END = dataclasses.replace(HALF, done=9, remaining_s=0.0)
NEWS = dataclasses.replace(HALF, notice="part-1: damaged")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def said(monkeypatch):
    def run(told, *, stream=None, quiet=False, log_json=False):
        stream = io.StringIO() if stream is None else stream
        monkeypatch.setattr(sys, "stderr", stream)
        with study_progress(quiet=quiet, log_json=log_json) as watch:
            for progress in told:
                watch(progress)
        return stream.getvalue()

    return run


def test_elsewhere_lines_are_plain_and_few(said):
    text = said([START, *[HALF] * 50, END])
    assert text.splitlines() == [
        "starting: 0 of 10 units",
        "10 of 10 units, 1 failed, 30 a minute, 0 s left",
    ]


def test_a_line_comes_again_after_half_a_minute(said, monkeypatch):
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(clock)))
    lines = said([START, HALF, HALF, HALF, HALF]).splitlines()
    assert lines[1:] == ["5 of 10 units, 1 failed, 30 a minute, 10 s left"] * 2


def test_quiet_says_only_what_must_be_known(said):
    assert said([START, HALF, NEWS, END], quiet=True) == "part-1: damaged\n"


def test_for_machines_every_line_is_one_json_object(said):
    lines = [json.loads(line) for line in said([START, NEWS, END], log_json=True).splitlines()]
    assert [line["event"] for line in lines] == ["progress", "notice", "progress"]
    assert lines[0]["rate_per_s"] is None
    assert (lines[2]["done"], lines[2]["failed"], lines[2]["total"]) == (9, 1, 10)
    assert lines[1]["text"] == "part-1: damaged"


def test_on_a_terminal_there_is_a_bar_with_the_time_left(said, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    text = said([START, HALF, NEWS], stream=Terminal())
    assert "5 of 10 units, 1 failed, 30 a minute, 10 s left" in text
    assert "part-1: damaged" in text
    assert "\x1b[" in text


def test_a_slow_start_is_explained(said):
    slow = dataclasses.replace(START, elapsed_s=30.0)
    assert said([slow]).startswith(f"{progress.PREPARING}: 0 of 10 units")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (720, "12 min"), (12_000, "3 h 20 min"), (math.nan, "unknown")],
)
def test_durations_are_words(seconds, words):
    assert duration(seconds) == words
