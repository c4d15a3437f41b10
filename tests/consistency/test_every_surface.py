"""One answer on every surface: each quantity, read wherever a user may read it, to the digits.

Five options of each scenario, on short days with few people: what is compared is the same number on
two surfaces, never the number itself.
"""

import csv
import io
import json
from dataclasses import dataclass
from math import isfinite

import pytest
import yaml
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

import sim
from sim import columns as col
from sim.answer.held_streets import answers
from sim.printing.brief import brief_content
from sim.printing.brief_page import brief_pdf
from sim.scenario.identity import canonical_json
from sim.scenario.shipped import shipped_scenarios
from sim.storage.walk_cache import FOLDER_VARIABLE
from sim.ui import state
from sim.ui.share_and_save import scenario_file, table_file
from sim.words.numbers import plain

NAMES = [path.stem for path in shipped_scenarios()]
QUICK = ("high_street",)  # the others are slow together
SHORT = ("street.footfall.people=400.0", "policy.hours=0.5", "run.assumption_draws=20")
OPTIONS = (
    {"policy.threshold": 0.62},
    {"policy.threshold": 0.58, "policy.watchlist.size": 30_000},
    {"policy.officers": 2},
    {"policy.operators": 1, "policy.watchlist.size": 1500},
    {"policy.officers": 0},
)
COUNTS = {  # in the JSON, in Python and tables, in a study
    ("alerts", "true"): ("true_alerts", col.TRUE_ALERTS),
    ("alerts", "false"): ("false_alerts", col.FALSE_ALERTS),
    ("stops", "mistaken"): ("mistaken", col.MISTAKEN_STOPS),
    ("stops", "correct"): ("correct", col.CORRECT_STOPS),
    ("stops", "arrests"): ("arrests", col.ARRESTS),
    ("burden", "officer_hours_on_alerts"): ("officer_hours_on_alerts", col.OFFICER_HOURS_ON_ALERTS),
}


def params(names):
    return [
        pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow, id=name)
        for name in names
    ]


@dataclass
class Case:
    """One scenario with its options, each answered by the command line."""

    name: str
    settings: tuple
    scenarios: list
    files: list
    told: list


@pytest.fixture(scope="module", params=params(NAMES))
def case(request, tmp_path_factory):
    """Return the baseline and its five options as files, with what `run --json` says of each."""
    home = tmp_path_factory.mktemp(request.param)
    patch = pytest.MonkeyPatch()
    patch.setenv(FOLDER_VARIABLE, str(home / "walks"))
    settings = [*SHORT]
    if sim.load_scenario(request.param).policy.hours < 0.5:
        settings.remove("policy.hours=0.5")
    changes = [{}, *OPTIONS]
    scenarios = [
        sim.load_scenario(
            request.param, settings=[*settings, *(f"{k}={v}" for k, v in change.items())]
        )
        for change in changes
    ]
    files = []
    for number, scenario in enumerate(scenarios):
        files.append(home / f"option_{number}.yaml")
        files[-1].write_text(scenario_file(scenario), encoding="utf-8")
    yield Case(request.param, tuple(settings), scenarios, files, [None] * len(files))
    patch.undo()


def json_of(case, passerby, number):
    """Return what the command line says of an option, asked once."""
    if case.told[number] is None:
        status, out, err = passerby("run", case.files[number], "--json", "--quiet")
        assert status == 0, err
        case.told[number] = json.loads(out)
    return case.told[number]


def same(one, two):
    """Whether two numbers agree to the nine digits that JSON prints."""
    one, two = (None if value is None or not isfinite(value) else value for value in (one, two))
    if one is None or two is None:
        return one is two
    return float(f"{one:.9g}") == float(f"{two:.9g}")


def test_python_and_the_command_line_say_the_same(case, passerby):
    for number, scenario in enumerate(case.scenarios):
        told, result = json_of(case, passerby, number), sim.simulate(scenario)
        table = result.summary().set_index(col.MEASURE)
        for (family, name), (measure, _) in COUNTS.items():
            count = told[family][name]
            assert same(count["mean"], table.loc[measure, col.ESTIMATE]), measure
            assert same(count["low"], table.loc[measure, col.LOW]), measure
            assert same(count["high"], table.loc[measure, col.HIGH]), measure
        assert told["headline"] == result.headline


def test_the_terminal_opens_with_the_headline_and_prints_the_json_s_digits(case, passerby):
    for number, file in enumerate(case.files):
        told = json_of(case, passerby, number)
        status, out, err = passerby("run", file, "--quiet")
        assert status == 0, err
        said = " ".join(out.split())
        title = " ".join(told["title"].split())
        assert said.removeprefix(title).strip().startswith(told["headline"])
        row = next(line for line in out.splitlines() if line.startswith("rightly matched"))
        mean = told["alerts"]["true"]["mean"]
        assert mean == 0 or plain(mean) in row


def test_compare_says_what_run_says(case, passerby):
    status, out, err = passerby("compare", *case.files, "--json", "--quiet")
    assert status == 0, err
    answer = json.loads(out)
    for number, found in enumerate(answer["scenarios"]):
        told = json_of(case, passerby, number)
        assert found == {key: value for key, value in told.items() if key != "by"}
        if number:
            differences = answer["against_baseline"][number - 1]["differences"]
            row = differences["true_alerts"]
            assert same(row["here"], told["alerts"]["true"]["mean"])
            assert same(differences["mistaken"]["here"], told["stops"]["mistaken"]["mean"])


def test_a_study_with_the_option_as_a_point_and_its_frontier_say_the_same(case, passerby, tmp_path):
    """Levers alone: each row is the mean over the draws of a run, on the people of a run."""
    for number, change in enumerate(OPTIONS, start=1):
        told = json_of(case, passerby, number)
        study = {
            "schema_version": 1,
            "name": "point",
            "title": "One point",
            "purpose": "To be held against a run.",
            "base": case.name,
            "settings": {
                setting.partition("=")[0]: yaml.safe_load(setting.partition("=")[2])
                for setting in case.settings
            },
            "levers": {field: [value, _other(field, value)] for field, value in change.items()},
            "design": {"kind": "full-factorial"},
        }
        file, folder = tmp_path / f"study_{number}.yaml", tmp_path / f"out_{number}"
        file.write_text(yaml.safe_dump(study), encoding="utf-8")
        sim.run_study(sim.load_study(file), folder, workers=0)
        rows = sim.read_results(folder)
        for field, value in change.items():
            rows = rows[rows[field] == value]
        (row,) = rows.to_dict("records")
        for (family, name), (_, outcome) in COUNTS.items():
            assert same(told[family][name]["mean"], row[outcome]), outcome
        ratio = told["false_stops_per_true_match"]["estimate"]
        assert same(ratio, row[col.PER_TRUE_MATCH])
        names = [col.TRUE_ALERTS, col.MISTAKEN_STOPS]
        found = sim.frontier(folder, objectives=names)
        policy = next(one for one in found["policies"] if one["policy"].items() >= change.items())
        assert same(policy["objectives"][names[0]]["mean"], told["alerts"]["true"]["mean"])
        assert same(policy["objectives"][names[1]]["mean"], told["stops"]["mistaken"]["mean"])


def _other(field, value):
    """Return another value of a lever: one value alone is no lever."""
    return value + (0.02 if field == "policy.threshold" else 3)


def test_the_page_its_table_and_its_file_say_what_the_command_says(case, passerby):
    base = canonical_json(case.scenarios[0])
    for number, scenario in enumerate(case.scenarios):
        told = json_of(case, passerby, number)
        found = answers(base, canonical_json(scenario))
        assert told == told | found["option"] | {
            "burden": told["burden"] | found["option"]["burden"]
        }
        rows = list(csv.DictReader(io.StringIO(table_file(found))))
        own = [row for row in rows if row["side"] == "option"]
        means = {row["estimate"] for row in own}
        assert str(told["alerts"]["true"]["mean"]) in means
        assert str(told["stops"]["mistaken"]["mean"]) in means


def test_the_printed_page_opens_with_the_headline(case, passerby):
    told = json_of(case, passerby, 0)
    page = brief_pdf(brief_content(sim.simulate(case.scenarios[0])))
    sheets = PdfReader(io.BytesIO(page)).pages
    assert _bare(told["headline"]) in _bare(" ".join(sheet.extract_text() for sheet in sheets))


def _bare(text):
    """Return a text without spaces and hyphens: a PDF breaks lines where it likes."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "")


def test_the_headline_on_the_page_is_the_command_s(case, passerby, monkeypatch):
    told = json_of(case, passerby, 1)
    base, option = (canonical_json(one) for one in case.scenarios[:2])
    answers(base, option)  # walked and kept, so that the page need not ask
    app = AppTest.from_file(str(shipped_scenarios()[0].parents[1] / "app.py"), default_timeout=90)
    for parameter in (state.LINK, state.BASE_LINK):
        app.query_params[parameter] = sim.share_text(case.scenarios[1])
    app.run()
    assert not app.exception
    words = " ".join(block.proto.body for block in app.get("html"))
    assert told["headline"] in words
