"""The command line: one answer on stdout, one clear message for each fault, honest exit codes."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import psutil
import pytest

from sim import __version__
from sim.cli import DONE, INPUT_AT_FAULT, INTERRUPTED, OUR_FAULT, main

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
HOWTO = ROOT / "docs" / "howto" / "read-the-json.md"
SMALL = (
    *("--set", "street.footfall.people=300.0"),
    *("--set", "run.assumption_draws=40"),
    *("--set", "run.draws=50"),
)
COMMANDS = (
    "check",
    "run",
    "compare",
    "capture",
    "replay",
    "brief",
    "capsule",
    "rerun",
    "evidence",
    "calibrate",
    "record",
    "power",
    "claim",
    "exposure",
    "sweep",
    "status",
    "export",
    "sensitivity",
    "frontier",
    "discover",
    "scenarios",
    "schema",
)
WRITES_A_FILE = ("export",)
HANGS_S = 120


@pytest.fixture(scope="module")
def answer_text():
    out = StringIO()
    with redirect_stdout(out):
        assert main(["run", "oxford_circus_2020", "--json", *SMALL]) == DONE
    return out.getvalue()


@pytest.fixture(scope="module")
def answer(answer_text):
    return json.loads(answer_text, parse_constant=_refuse)


def _refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def write(folder, text, name="scenario.yaml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# The answer


def test_the_answer_holds_what_was_promised(answer):
    promised = {"scenario", "hash", "seed", "version", "people", "faces_usable", "expected"}
    promised |= {"stops", "false_stops_per_true_match", "denominators", "groups", "recorded"}
    assert promised <= answer.keys()
    assert answer["scenario"] == "oxford_circus_2020"
    assert answer["version"] == __version__
    assert answer["expected"].keys() == {"false_alerts", "true_alerts"}
    assert set(answer["stops"]) == {"mistaken", "correct", "no_action", "out_of_date", "arrests"}
    for count in answer["stops"].values():
        assert {"mean", "low", "high"} <= count.keys()
    headline = answer["false_stops_per_true_match"]
    assert {"estimate", "low", "high", "p_no_true_match"} <= headline.keys()
    assert {"sex", "ethnicity", "age_band", "people"} <= answer["groups"][0].keys()
    assert answer["recorded"]["mistaken_stops"] == 5


def test_the_answer_adds_up(answer):
    stops = {name: count["mean"] for name, count in answer["stops"].items()}
    parts = stops["arrests"] + stops["no_action"] + stops["out_of_date"]
    assert parts == pytest.approx(stops["correct"])
    for name in ("people", "faces_usable"):
        assert sum(group[name] for group in answer["groups"]) == answer[name]
    for name in ("false_alerts", "true_alerts"):
        assert sum(group[name] for group in answer["groups"]) == pytest.approx(
            answer["expected"][name]
        )
    assert sum(group["mistaken_stops"] for group in answer["groups"]) == pytest.approx(
        stops["mistaken"]
    )
    fates = sum(count["mean"] for count in answer["missed"].values())
    fates += stops["mistaken"] + stops["correct"]
    assert fates == pytest.approx(sum(answer["expected"].values()))


def test_the_denominators_are_the_same_stops_counted_four_ways(answer):
    mistaken, correct = (answer["stops"][name]["mean"] for name in ("mistaken", "correct"))
    false, true = answer["expected"]["false_alerts"], answer["expected"]["true_alerts"]
    expected = {
        "per_true_match": mistaken / true,
        "per_million_faces": 1e6 * mistaken / answer["faces_usable"],
        "per_alert": mistaken / (false + true),
        "per_stop": mistaken / (mistaken + correct),
    }
    found = {name: ratio["estimate"] for name, ratio in answer["denominators"].items()}
    assert found == pytest.approx(expected)
    assert answer["false_stops_per_true_match"]["estimate"] == found["per_true_match"]


def test_the_answer_names_no_path_and_no_clock(answer_text, answer):
    assert str(ROOT) not in answer_text
    words = {word for name in field_names(answer) for word in re.split(r"[._\[\]]", name)}
    clocks = {"time", "duration", "path", "file", "wall", "clock", "elapsed", "written", "cpu"}
    assert words & clocks == set()


def field_names(value, at=""):
    """Return dotted names of all fields; [] stands for an entry of a list, * for any key."""
    if isinstance(value, dict):
        names = set()
        by_entry = at in {"assumptions.overridden", "assumptions.rests_on"}
        for key, item in value.items():
            name = "*" if by_entry else key
            names |= field_names(item, f"{at}.{name}" if at else name)
        return names | ({at} if at and not value else set())
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return set().union(*(field_names(item, f"{at}[]") for item in value))
    return {at}


def test_the_howto_names_every_field_of_the_answer_and_no_other(answer, passerby):
    """Overridden entries stand in one scenario only, so that a second answer is joined."""
    other = json.loads(passerby("run", SCENARIOS / "reference.yaml", "--json", *SMALL)[1])
    known = field_names(answer) | field_names(other)
    known -= {"recorded", "assumptions.overridden"}  # null or empty in one of the two
    text = HOWTO.read_text("utf-8")
    named = set()
    for line in text.splitlines():
        cells = re.match(r"\| `([^`]+)` *\|", line)
        if cells:
            named |= expanded(cells[1])
    assert sorted(known - named) == []
    assert sorted(named - known) == []


def expanded(name):
    """``a.{b,c}`` stands for a.b and a.c."""
    braces = re.search(r"\{([^{}]+)\}", name)
    if braces is None:
        return {name}
    head, tail = name[: braces.start()], name[braces.end() :]
    return set().union(*(expanded(head + part + tail) for part in braces[1].split(",")))


# Every command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_speaks_json(passerby, command):
    status, out, err = passerby(command, "--help")
    assert (status, err) == (DONE, "")
    assert out.startswith("Usage: passerby " + command)
    assert "--json" in out or command in WRITES_A_FILE
    assert len(out.splitlines()) > 5


def test_no_command_shows_the_help(passerby):
    status, out, err = passerby()
    assert (status, err) == (DONE, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", out, re.MULTILINE)


def test_the_version_is_the_package_s(passerby):
    assert passerby("--version") == (DONE, f"passerby {__version__}\n", "")


@pytest.mark.whole
def test_scenarios_lists_every_file_that_ships(passerby):
    status, out, _ = passerby("scenarios", "--json")
    listed = {row["name"]: row["purpose"] for row in json.loads(out)}
    assert status == DONE
    assert set(listed) == {path.stem for path in SCENARIOS.glob("*.yaml")}
    _, table, _ = passerby("scenarios")
    assert all(name in table for name in listed)


def test_schema_is_the_committed_one(passerby):
    committed = json.loads((SCENARIOS / "scenario.schema.json").read_text("utf-8"))
    for words in (("schema",), ("schema", "--json")):
        status, out, _ = passerby(*words)
        assert (status, json.loads(out)) == (DONE, committed)


def test_evidence_shows_an_entry_with_its_source_and_grade(passerby):
    status, out, _ = passerby("evidence", "matching.repeat_frame")
    assert status == DONE
    assert "matching.repeat_frame = 0.8" in out
    assert "grade:    assumption" in out
    assert re.search(r"source:   \S", out)
    _, listing, _ = passerby("evidence", "matching.")
    assert "matching.repeat_camera\n" in listing
    [entry] = json.loads(passerby("evidence", "matching.repeat_frame", "--json")[1])
    assert (entry["value"], entry["grade"]) == (0.8, "assumption")


def test_check_says_what_a_run_would_cost_and_warns_on_stderr(passerby):
    status, out, err = passerby("check", "no_deployment", "oxford_circus_2020")
    assert status == DONE
    assert len(out.splitlines()) == 2
    assert re.search(
        r"oxford_circus_2020: sound, hash [0-9a-f]{16}, about 8,600 people, \d+ s", out
    )
    assert "warning: policy.cameras is empty" in err
    rows = json.loads(passerby("check", "oxford_circus_2020", "--json")[1])
    assert rows[0]["people"] == 8600


def test_check_reports_the_faults_of_every_file(passerby, tmp_path):
    bad = write(tmp_path, "name: 1\n", "bad.yaml")
    status, out, err = passerby("check", bad, "reference", tmp_path / "none.yaml")
    assert status == INPUT_AT_FAULT
    assert "bad.yaml" in err
    assert "none.yaml: no such file" in err
    assert out.startswith("reference: sound")


def test_a_shipped_scenario_can_be_named_without_its_path(passerby):
    named = passerby("check", "reference", "--json")
    assert named[0] == DONE
    assert named == passerby("check", SCENARIOS / "reference.yaml", "--json")


@pytest.mark.whole
def test_the_terminal_page_is_80_wide_and_has_no_bare_zero(passerby):
    status, out, _ = passerby("run", "stratford_2020", *SMALL)
    assert status == DONE
    assert max(len(line.rstrip()) for line in out.splitlines()) <= 80
    assert not re.search(r"(?<![\d.,])0(?:\.0+)?(?![\d.,])", out.replace(" 0.60", ""))
    assert "nan" not in out
    assert "inf " not in out


@pytest.mark.whole
def test_the_seed_option_is_the_seed_of_the_run(passerby):
    _, out, _ = passerby("run", "reference", "--json", "--seed", "7", *SMALL)
    assert json.loads(out)["seed"] == 7


# Streets where nothing can happen


@pytest.mark.whole
@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("street.footfall.people=0.0", "Nobody walks past"),
        ("policy.cameras=[]", "no face is scanned, so nobody is matched or stopped"),
        ("policy.watchlist.size=0", "nobody can set off an alert"),
        ("policy.officers=0", "nobody acts on an alert, so nobody is stopped"),
        ("policy.operators=0", "nobody acts on an alert, so nobody is stopped"),
    ],
)
def test_a_street_where_nothing_can_happen_runs_and_says_so(passerby, setting, says):
    status, out, err = passerby("run", "reference", *SMALL, "--set", setting)
    assert (status, err) == (DONE, "")
    assert says in " ".join(out.split())
    status, out, _ = passerby("run", "reference", "--json", *SMALL, "--set", setting)
    answer = json.loads(out, parse_constant=_refuse)
    mistaken = answer["stops"]["mistaken"]
    assert [mistaken[name] for name in ("mean", "at_most", "low", "high")] == [0.0] * 4


# Bad input


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"# nothing but a comment\n", "empty"),
        (b"name: [1, 2\n", "YAML"),
        (b"name: \xff\xfe\n", "UTF-8"),
        (b"just some words\n", ""),
    ],
)
def test_a_file_that_is_no_scenario_gets_one_message(passerby, tmp_path, content, says):
    status, out, err = passerby("run", write(tmp_path, content))
    assert_one_message(status, out, err)
    assert "scenario.yaml" in err
    assert says in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("run", str(SCENARIOS)), "is a folder"),
        (("run", "carnaval"), "did you mean 'carnival'?"),
        (("run", "reference", "--seed", "abc"), "--seed"),
        (("run", "reference", "--seed", "-1"), "--seed"),
        (("rnu", "reference"), "Did you mean 'run'?"),
        (("run", "reference", "--sed", "1"), "No such option: --sed"),
        (("run",), "Missing argument 'scenario'"),
        (("compare", "reference"), "compare needs two scenarios or more"),
        (("run", "reference", "--set", "policy.threshold"), "FIELD=VALUE"),
        (("run", "reference", "--set", "policy.treshold=0.6"), "did you mean 'threshold'?"),
        (("run", "reference", "--set", "policy.threshold=high"), "policy.threshold"),
        (("run", "reference", "--set", "policy.hours=-1.0"), "policy.hours"),
        (("evidence", "matching.repeet_frame"), "did you mean 'matching.repeat_frame'?"),
    ],
)
def test_a_bad_request_gets_one_message(passerby, words, says):
    status, out, err = passerby(*words)
    assert_one_message(status, out, err)
    assert says in err


def assert_one_message(status, out, err):
    assert status == INPUT_AT_FAULT
    assert out == ""
    assert err.startswith("error: ")
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_ten_million_people_need_a_yes(passerby, monkeypatch):
    many = ("run", "reference", "--json", "--set", "street.footfall.people=10000000.0")
    status, out, err = passerby(*many)
    assert_one_message(status, out, err)
    assert re.search(r"about 10,000,000 people .* minutes .* GiB .*--yes", err)
    monkeypatch.setattr("sim.answer.result.simulate", _stop_here)
    status, _, err = passerby(*many, "--yes")
    assert "went on" in err


def _stop_here(*_, **__):
    raise RuntimeError("went on")


def test_a_fault_of_ours_says_so_and_shows_where(passerby, monkeypatch):
    monkeypatch.setattr("sim.answer.result.simulate", _stop_here)
    status, out, err = passerby("run", "reference")
    assert (status, out) == (OUR_FAULT, "")
    assert "Traceback" in err
    assert "a fault of ours" in err


@pytest.mark.parametrize("below", ["", "folder", "folder/deeper"])
def test_a_place_that_cannot_be_written_is_refused_before_the_run(
    passerby, tmp_path, monkeypatch, below
):
    monkeypatch.setattr("sim.answer.result.simulate", _stop_here)
    in_the_way = write(tmp_path, "in the way", "file")
    place = in_the_way / below if below else in_the_way
    status, out, err = passerby("run", "reference", "--out", place)
    assert_one_message(status, out, err)
    assert f"--out {place}" in err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# Output folders


@pytest.mark.whole
def test_out_writes_every_table_and_says_so_on_stderr(passerby, tmp_path):
    place = tmp_path / "new" / "results"
    status, out, err = passerby("run", "reference", "--json", "--out", place, *SMALL)
    assert status == DONE
    assert str(place) in err
    assert json.loads((place / "answer.json").read_text("utf-8")) == json.loads(out)
    assert (place / "manifest.json").is_file()


def wait_until_at_work(process, cpu_s=3.0):
    """Wait until a process has worked so long, well past its imports; a carnival takes more."""
    until = time.monotonic() + HANGS_S
    while sum(psutil.Process(process.pid).cpu_times()[:2]) < cpu_s:
        assert process.poll() is None
        assert time.monotonic() < until, "it does not get to work"
        time.sleep(0.05)


@pytest.mark.processes
def test_an_interrupted_run_writes_nothing(tmp_path):
    place = tmp_path / "results"
    words = ("-m", "sim", "run", "scenarios/carnival.yaml", "--out", str(place))
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    try:
        wait_until_at_work(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30.0)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == INTERRUPTED
    assert out == b""
    assert err == b"interrupted: nothing was written\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.processes
def test_a_reader_that_has_seen_enough_is_no_fault():
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    process.stdout.close()  # before anything was written
    _, err = process.communicate(timeout=HANGS_S)
    assert (process.returncode, err) == (DONE, b"")


# Comparing


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    for name, change in (("higher", "threshold: 0.62"), ("fewer", "officers: 1")):
        text = (
            f"extends: {SCENARIOS / 'oxford_circus_2020.yaml'}\nschema_version: 1\nname: {name}\n"
        )
        write(folder, f"{text}policy: {{{change}}}\n", f"{name}.yaml")
    return folder


@pytest.mark.whole
def test_compare_sets_several_scenarios_against_the_first(passerby, compared):
    names = ("oxford_circus_2020", compared / "higher.yaml", compared / "fewer.yaml")
    status, out, _ = passerby("compare", *names, "--json", *SMALL)
    answer = json.loads(out, parse_constant=_refuse)
    assert status == DONE
    assert answer["baseline"] == "oxford_circus_2020"
    assert [row["scenario"] for row in answer["against_baseline"]] == ["higher", "fewer"]
    assert all(row["same_people"] for row in answer["against_baseline"])
    assert answer["against_baseline"][0]["changed"] == [
        {"field": "policy.threshold", "baseline": 0.6, "here": 0.62}
    ]
    status, out, _ = passerby("compare", *names, *SMALL)
    assert status == DONE
    assert "Raising the threshold from 0.60 to 0.62 " in " ".join(out.split())
    assert max(len(line.rstrip()) for line in out.splitlines()) <= 80


@pytest.mark.slow
def test_calibrate_shows_the_constants_beside_the_register(passerby):
    status, out, _ = passerby("calibrate", "--json")
    found = json.loads(out)
    assert status == DONE
    for name in ("calibration.exposure_s", "calibration.probit_shift"):
        assert found[name].keys() == {"computed", "register"}


@pytest.mark.slow
def test_a_trace_lists_what_the_headline_leans_on(passerby, tmp_path):
    folder = tmp_path / "out"
    words = ("run", SCENARIOS / "oxford_circus_2020.yaml", *SMALL, "--trace", "--out", folder)
    status, out, _ = passerby(*words)
    assert status == DONE
    assert "matching.listed_per_1000" in out
    assert (folder / "trace.csv").exists()
    assert "<title>" in (folder / "trace.svg").read_text(encoding="utf-8")
    assert "trace" in json.loads(passerby(*words[:-2], "--json")[1])
