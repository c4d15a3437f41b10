"""``passerby capture``: tables, plot, JSON, and what it refuses."""

import json
from pathlib import Path

import pytest

from sim.cli import DONE, INPUT_AT_FAULT

pytestmark = pytest.mark.whole

MINIMAL = str(Path(__file__).parent / "scenario" / "minimal.yaml")
SHORT = ("--heights", "5", "--densities", "0.2", "--people", "100")


@pytest.fixture
def passerby(passerby, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # the plot carries the date
    return lambda *words: passerby("capture", MINIMAL, *words)


@pytest.mark.slow
def test_capture_prints_tables_and_writes_a_plot_and_says_when_it_replaces_one(passerby):
    status, out, err = passerby(*SHORT)
    assert status == DONE
    assert "Looks captured, camera as set, 3 m" in out
    assert "Looks captured, camera at 5 m" in out
    assert "plot written to minimal-capture.svg\n" in err
    first = Path("minimal-capture.svg").read_bytes()
    status, out, err = passerby(*SHORT, "--json")
    assert json.loads(out)["settings"][1]["height_m"] == 5.0
    assert "plot written to minimal-capture.svg (replaced)" in err
    assert Path("minimal-capture.svg").read_bytes() == first


@pytest.mark.slow
def test_capture_looks_at_a_distance(passerby):
    words = ("--distances", "6", "--densities", "0.2", "--people", "100", "--out", "plot.html")
    status, out, _ = passerby(*words)
    assert status == DONE
    assert "camera at 3 m, 6 m away" in out
    assert Path("plot.html").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--heights", "high"), "--heights high: 'high' is not a number"),
        (("--heights=-3",), "--heights -3: must be above 0"),
        (("--densities", "0"), "--densities 0: must be above 0"),
        (("--densities", "6"), "--densities 6: must be above 0 and below 6"),
        (("--distances", "0.5"), "--distances 0.5: must be above 1"),
        (("--people", "3"), "--people 3: must be 100"),
        (("--out", "plot.gif"), "plot.gif: a plot is written as .svg"),
        (("--out", "nowhere/plot.svg"), "there is no folder nowhere"),
        (("--set", "policy.cameras=[]"), "policy.cameras is empty"),
    ],
)
def test_capture_refuses_what_has_no_answer(passerby, words, says):
    status, out, err = passerby(*words)
    assert status == INPUT_AT_FAULT
    assert says in err
    assert not out
    assert not list(Path().iterdir())
