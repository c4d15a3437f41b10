"""``passerby brief``: the page, its JSON, and what it refuses."""

import json
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from sim.cli import DONE, INPUT_AT_FAULT
from sim.scenario.link import scenario_from_share

pytestmark = pytest.mark.whole

MINIMAL = str(Path(__file__).parent / "scenario" / "minimal.yaml")
QUICK = ("--set", "policy.watchlist.size=0")  # no right match, so nothing to trace


@pytest.fixture
def passerby(passerby, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # the page carries the date
    return lambda *words: passerby("brief", *words)


def test_brief_writes_one_page_and_says_when_it_replaces_one(passerby):
    status, out, err = passerby(MINIMAL, *QUICK)
    assert (status, out) == (DONE, "")
    assert err == "page written to minimal-brief.pdf\n"
    first = Path("minimal-brief.pdf").read_bytes()
    status, _, err = passerby(MINIMAL, *QUICK, "--out", "minimal-brief.pdf")
    assert err == "page written to minimal-brief.pdf (replaced)\n"
    assert Path("minimal-brief.pdf").read_bytes() == first
    assert len(PdfReader("minimal-brief.pdf").pages) == 1


@pytest.mark.slow
def test_settings_change_the_option_and_not_what_it_is_compared_with(passerby):
    status, out, _ = passerby(MINIMAL, *QUICK, "--against", MINIMAL, "--out", "page.pdf", "--json")
    assert status == DONE
    content = json.loads(out)
    sizes = [
        scenario_from_share(row["link"]).scenario.policy.watchlist.size
        for row in content["options"]
    ]
    assert sizes == [1000, 0]
    assert content["change"].startswith("Emptying the list of 1,000 people")
    text = PdfReader("page.pdf").pages[0].extract_text()
    assert "Emptying the list" in text


@pytest.mark.slow
def test_the_seed_is_that_of_both(passerby):
    _, out, _ = passerby(
        MINIMAL, *QUICK, "--against", MINIMAL, "--seed", "7", "--out", "p.pdf", "--json"
    )
    content = json.loads(out)
    seeds = [scenario_from_share(row["link"]).scenario.run.seed for row in content["options"]]
    assert seeds == [7, 7]
    assert content["difference_head"] == "Difference, same people"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((MINIMAL, "--out", "page.docx"), "error: page.docx: the page is a PDF; give a name"),
        ((MINIMAL, "--out", "nowhere/page.pdf"), "error: nowhere/page.pdf: there is no folder"),
        (("no_such_scenario",), "error: no_such_scenario: no such file"),
        ((MINIMAL, "--against", "high_stret"), "did you mean 'high_street'?"),
        ((MINIMAL, "--set", "policy.threshold=2"), "policy.threshold: must be at most 1; found 2"),
    ],
)
def test_what_brief_refuses_it_refuses_in_words(passerby, words, said):
    status, out, err = passerby(*words)
    assert (status, out) == (INPUT_AT_FAULT, "")
    assert said in err
    assert "Traceback" not in err


def test_without_the_typesetter_nothing_is_computed_first(passerby, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    status, _, err = passerby(MINIMAL)
    assert status == INPUT_AT_FAULT
    assert "install the Python package 'typst'" in err
