"""The page that visitors print: what it carries, whose walk it uses, and how visitors wait."""

import io
import json
import sys
import threading
import time
from base64 import b64decode

import pytest
from pypdf import PdfReader

from sim.answer import result
from sim.errors import SimError
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.link import share_text
from sim.scenario.load import load_scenario
from sim.scenario.texts import scenario_of
from sim.ui import printing, worker
from sim.ui.jobs import WorkerPool
from sim.ui.printing import TRACED_S, Printer, about_seconds
from tests.ui.conftest import ROOT

pytestmark = pytest.mark.whole

WAIT_S = 10.0  # for a thread that has only to start


@pytest.fixture
def texts(small_place):
    """Return a baseline and an option that a visitor has made of it, as canonical JSON."""
    tree = json.loads(canonical_json(small_place))
    tree["policy"]["threshold"] = 0.64
    return canonical_json(small_place), canonical_json(scenario_of(json.dumps(tree)))


def answers(asked, monkeypatch):
    """Run the worker's own program here, on one thing that is asked for; return its last word."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked) + "\n"))
    monkeypatch.setattr("sys.stdout", out)
    worker.main()
    monkeypatch.undo()
    return json.loads(out.getvalue().splitlines()[-1])


def page_asked(base, option):
    return {"kind": "page", "base": json.loads(base), "option": json.loads(option)}


@pytest.fixture
def one_worker(monkeypatch):
    """Return what starts the printer's pool, with a worker that runs a few lines of Python."""
    made = []

    def start(program):
        made.append(WorkerPool(1, command=(sys.executable, "-c", program)))
        monkeypatch.setattr(printing, "printing_pool", lambda: made[-1])

    yield start
    for pool in made:
        pool.close()


def says(**what):
    return f"import sys; [print({json.dumps(json.dumps(what))}, flush=True) for _ in sys.stdin]"


@pytest.mark.slow
def test_the_page_is_one_tagged_page_with_hash_and_links_from_the_walk_that_is_kept(
    texts, monkeypatch
):
    def walk(scenario, *_):
        raise AssertionError("the street was walked again")

    monkeypatch.setattr(result, "Street", walk)
    page = b64decode(answers(page_asked(*texts), monkeypatch)["result"])
    document = PdfReader(io.BytesIO(page))
    said = "".join(document.pages[0].extract_text().split())
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert scenario_hash(scenario_of(texts[1])) in said
    for text in texts:
        assert share_text(scenario_of(text)) in said


def test_a_scenario_that_cannot_be_read_ends_with_a_reason_and_no_page(texts, monkeypatch):
    base, option = texts
    damaged = json.loads(option)
    damaged["policy"]["threshold"] = 2.0
    said = answers(page_asked(base, json.dumps(damaged)), monkeypatch)
    assert said["kind"] == "failed"
    assert "threshold" in said["reason"]


def test_the_workers_reason_is_passed_on_and_the_next_page_is_asked_for_again(texts, one_worker):
    one_worker(says(kind="failed", reason="no paper"))
    printer = Printer()
    for _ in range(2):
        with pytest.raises(SimError, match="no paper"):
            printer.page(*texts)
    assert not printer.is_busy


def test_a_worker_that_dies_is_said_without_its_secrets(texts, one_worker):
    one_worker("raise SystemExit(1)")
    with pytest.raises(SimError, match=r"^The page could not be made\.$"):
        Printer().page(*texts)


def test_a_page_is_made_once(texts, one_worker):
    one_worker(says(kind="done", result="JVBERg=="))
    printer = Printer()
    assert printer.held(*texts) is None
    assert printer.page(*texts) == b"%PDF"
    one_worker(says(kind="failed", reason="asked again"))
    assert printer.page(*texts) == printer.held(*texts) == b"%PDF"


def test_a_second_visitor_is_told_to_wait_and_the_first_gets_the_page(texts, one_worker, tmp_path):
    go, made = tmp_path / "go", []
    program = f"""
import pathlib, sys, time
for _ in sys.stdin:
    while not pathlib.Path({str(go)!r}).exists():
        time.sleep(0.02)
    print('{{"kind": "done", "result": "JVBERg=="}}', flush=True)
"""
    one_worker(program)
    printer = Printer(waits_s=WAIT_S)
    first = threading.Thread(target=lambda: made.append(printer.page(*texts)))
    assert not printer.is_busy
    first.start()
    until = time.monotonic() + WAIT_S
    while not printer.is_busy and time.monotonic() < until:
        time.sleep(0.02)
    assert printer.is_busy
    with pytest.raises(SimError, match="Others are printing"):
        Printer(waits_s=0.2).page(texts[0], texts[0])
    go.touch()
    first.join(WAIT_S)
    assert made == [b"%PDF"]
    assert not printer.is_busy
    assert printer.page(*texts) == b"%PDF"


def test_a_page_of_too_large_a_street_is_refused(texts):
    tree = json.loads(texts[0])
    tree["street"]["footfall"]["people"] = 400_000.0
    large = json.dumps(tree)
    with pytest.raises(SimError, match="people would walk past"):
        Printer().page(large, large)


def test_a_walk_that_is_not_kept_adds_to_the_time(texts):
    unwalked = load_scenario(ROOT / "scenarios" / "reference.yaml")
    assert about_seconds(*texts) == TRACED_S
    assert about_seconds(texts[0], canonical_json(unwalked)) > TRACED_S
