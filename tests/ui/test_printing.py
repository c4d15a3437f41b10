"""The page that visitors print: what it carries, whose walk it uses, and how visitors wait."""

import io
import json
import threading

import pytest
from pypdf import PdfReader

from sim.answer import single
from sim.errors import SimError
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.link import share_text
from sim.scenario.load import load_scenario
from sim.scenario.texts import scenario_of
from sim.ui import printer
from sim.ui.printing import TRACED_S, Printer, about_seconds, made_page
from tests.ui.conftest import ROOT

WAIT_S = 10.0  # for a thread that has only to start


@pytest.fixture
def texts(small_place):
    """Return a baseline and an option that a visitor has made of it, as canonical JSON."""
    tree = json.loads(canonical_json(small_place))
    tree["policy"]["threshold"] = 0.64
    return canonical_json(small_place), canonical_json(scenario_of(json.dumps(tree)))


class Stdout:
    def __init__(self):
        self.buffer = io.BytesIO()


def printed(texts, monkeypatch):
    """Run the printing process's own program here, on a baseline and an option."""
    base, option = texts
    asked = json.dumps({"base": json.loads(base), "option": json.loads(option)})
    out = Stdout()
    monkeypatch.setattr("sys.stdin", io.StringIO(asked))
    monkeypatch.setattr("sys.stdout", out)
    code = printer.main()
    monkeypatch.undo()
    return code, out.buffer.getvalue()


def test_the_page_is_one_tagged_page_with_hash_and_links_from_the_walk_that_is_kept(
    texts, monkeypatch
):
    def walk(scenario, *_):
        raise AssertionError("the street was walked again")

    monkeypatch.setattr(single, "Street", walk)
    code, page = printed(texts, monkeypatch)
    document = PdfReader(io.BytesIO(page))
    said = "".join(document.pages[0].extract_text().split())
    assert code == 0
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert scenario_hash(scenario_of(texts[1])) in said
    for text in texts:
        assert share_text(scenario_of(text)) in said


def test_a_scenario_that_cannot_be_read_ends_with_a_reason_and_no_page(texts, monkeypatch):
    base, option = texts
    damaged = json.loads(option)
    damaged["policy"]["threshold"] = 2.0
    code, page = printed((base, json.dumps(damaged)), monkeypatch)
    assert (code, page) == (printer.REFUSED, b"")


def test_the_process_passes_its_reason_on(texts):
    damaged = json.loads(texts[1])
    damaged["policy"]["threshold"] = 2.0
    with pytest.raises(SimError, match="threshold"):
        made_page(texts[0], json.dumps(damaged))


def test_a_second_visitor_is_told_to_wait_and_the_first_gets_the_page(texts):
    started, may_end, made = threading.Event(), threading.Event(), []

    def make(base, option):
        started.set()
        assert may_end.wait(WAIT_S)
        return b"%PDF"

    prints = Printer(make, waits_s=0.0)
    first = threading.Thread(target=lambda: made.append(prints.page(*texts)))
    assert not prints.is_busy
    first.start()
    assert started.wait(WAIT_S)
    assert prints.is_busy
    with pytest.raises(SimError, match="try again in a minute"):
        prints.page(texts[0], texts[0])
    may_end.set()
    first.join(WAIT_S)
    assert made == [b"%PDF"]
    assert not prints.is_busy
    assert prints.page(texts[0], texts[0]) == b"%PDF"


def test_a_walk_that_is_not_kept_adds_to_the_time(texts):
    unwalked = load_scenario(ROOT / "scenarios" / "reference.yaml")
    assert about_seconds(*texts) == TRACED_S
    assert about_seconds(texts[0], canonical_json(unwalked)) > TRACED_S
