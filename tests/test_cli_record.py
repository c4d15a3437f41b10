"""``passerby record``: tables in, scores out, every refusal in plain words."""

import json
from pathlib import Path

import pytest

from sim.cli import DONE, INPUT_AT_FAULT

pytestmark = pytest.mark.whole

HOWTO = Path(__file__).parents[1] / "docs" / "howto"
HEADER = "id,date,place,hours,faces_seen,alerts,true_alerts,false_alerts,arrests"


@pytest.fixture
def own_log(tmp_path):
    path = tmp_path / "own.csv"
    rows = [
        f"D{n},2025-03-{n:02d},North End,5.5,{9000 + n},{n % 7},{n % 7},0,2" for n in range(1, 20)
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_split_of_the_shipped_record_prints_scores_histogram_and_limits(passerby):
    status, out, _ = passerby("record", "--train-before", "2024-09-01")
    assert status == DONE
    for words in ("62 deployments", "95 %", "CRPS", "tenth of the prediction", "cannot be known"):
        assert words in out


def test_json_has_coverage_scores_and_baselines_of_each_outcome(passerby):
    status, out, _ = passerby("record", "--train-before", "2024-09-01", "--json")
    found = json.loads(out)
    assert status == DONE
    assert found["rows"] == 62
    alerts = found["outcomes"]["alerts"]
    assert set(alerts["coverage"]) == {"50", "80", "95"}
    assert set(alerts["baselines"]) == {"per_face", "per_hour"}


def test_a_force_s_own_log_is_predicted_from_the_published_record(passerby, own_log, tmp_path):
    folder = tmp_path / "out"
    status, out, err = passerby("record", "--test", own_log, "--out", folder)
    assert status == DONE
    assert "19 deployments" in out
    assert {path.name for path in folder.iterdir()} >= {"predictions.csv", "answer.json"}
    assert str(folder) in err


def test_the_template_is_a_log_that_can_be_read(passerby, tmp_path):
    status, out, _ = passerby("record", "--template")
    path = tmp_path / "template.csv"
    path.write_text(out, encoding="utf-8")
    assert status == DONE
    assert passerby("record", "--test", path)[0] == DONE


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "needs --test FILE"),
        (("--train-before", "1.9.2024"), "'1.9.2024': is not a day written YYYY-MM-DD"),
        (("--train-before", "1999-01-01"), "lies before that day (they run from 2020-02-11"),
        (("--train-before", "2031-01-01"), "lies from that day"),
        (("--test", "absent.csv"), "absent.csv: cannot be read"),
    ],
)
def test_what_cannot_be_done_says_what_is_wanted(passerby, words, says):
    status, out, err = passerby("record", *words)
    assert status == INPUT_AT_FAULT
    assert says in err
    assert not out


def test_a_bad_log_writes_nothing(passerby, tmp_path):
    path, folder = tmp_path / "bad.csv", tmp_path / "out"
    path.write_text(HEADER + "\nD1,2025-01-01,X,5,9000,3,1,1,0\n", encoding="utf-8")
    status, _, err = passerby("record", "--test", path, "--out", folder)
    assert status == INPUT_AT_FAULT
    assert "line 2: alerts 3 is not true_alerts 1 plus false_alerts 1" in err
    assert not folder.exists()


@pytest.mark.slow
def test_the_example_of_the_how_to_says_what_the_how_to_says(passerby, tmp_path):
    text = (HOWTO / "bring-your-own-log.md").read_text(encoding="utf-8")
    example = text.split("```csv\n")[1].split("```")[0]
    path, folder = tmp_path / "mylog.csv", tmp_path / "mylog"
    path.write_text(example, encoding="utf-8")
    status, out, _ = passerby("record", "--test", path, "--out", folder, "--json")
    found = json.loads(out)
    assert status == DONE
    women, men = found["groups"][0]["groups"]
    assert (women["events"], women["faces"], men["events"], men["faces"]) == (0, 13_400, 5, 13_800)
    assert men["ratio"]["low"] == pytest.approx(0.89, abs=0.005)
    assert women["needed_for_twofold"] == 71
    total = {row["outcome"]: row for row in found["totals"]}["false_alerts"]
    assert total["seen"] == 5 > total["high"] >= 1
    written = {file.name for file in folder.iterdir()}
    assert {"funnel_false_alerts_by_face.svg", "pit.svg", "predictions.csv"} <= written
    status, out, _ = passerby("record", "--test", path)
    assert status == DONE
    for words in ("against the model", "funnel plot", "by sex", "South Wales Police"):
        assert words in out


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read_and_predicted(passerby, tmp_path):
    """Under a minute on a core: docs/model/record.md has the time; here only that it ends."""
    path = tmp_path / "long.csv"
    days = [f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(100_000)]
    rows = [
        f"D{n},{day},Place {n % 400},5.5,{8000 + n},{n % 7},{n % 7},0,{n % 2 * (n % 7 > 1)}"
        for n, day in enumerate(days)
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    status, out, err = passerby("record", "--test", path, "--json")
    assert (status, err) == (DONE, "")
    found = json.loads(out)
    assert found["rows"] == 100_000
    assert found["funnels"][0]["deployments"] == 100_000
