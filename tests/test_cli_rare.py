"""``passerby power`` and ``passerby claim``."""

import json

import pytest

from sim.cli import DONE, INPUT_AT_FAULT
from sim.words.rare_events import one_in, percent


def test_the_annual_report_prints_its_fixed_points(passerby):
    status, out, _ = passerby("claim", "10 false of 3,147,436 faces and 2,077 alerts")
    assert status == DONE
    for words in ("0.0003 %", "0.48 %", "1 in 315,000"):
        assert words in out


def test_eight_of_ten_prints_its_exact_interval(passerby):
    assert "44 % to 97 %" in passerby("claim", "8 of 10")[1]


def test_power_answers_in_false_alerts_and_scans(passerby):
    words = ("power", "--ratio", "2", "--share", "0.15", "--rate", "3.2e-6")
    status, out, _ = passerby(*words, "--json")
    found = json.loads(out)
    assert status == DONE
    assert found["scans"] == pytest.approx(found["false_alerts"] / 3.2e-6, rel=1e-6)
    assert f"{found['false_alerts']} false" in " ".join(passerby(*words)[1].split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--ratio", "1", "--share", "0.15", "--rate", "1e-6"), "--ratio 1: needs a number above"),
        (("--ratio", "2", "--share", "15", "--rate", "1e-6"), "--share 15: needs a share between"),
        (("--ratio", "2", "--share", "0.1", "--rate", "0"), "--rate 0: needs false alerts a scan"),
        (("--ratio", "nan", "--share", "0.1", "--rate", "1e-6"), "--ratio nan: needs a number"),
    ],
)
def test_power_refuses_what_has_no_answer(passerby, words, says):
    status, out, err = passerby("power", *words)
    assert status == INPUT_AT_FAULT
    assert says in err
    assert not out


def test_a_claim_that_is_none_exits_with_two(passerby):
    status, _, err = passerby("claim", "very accurate")
    assert status == INPUT_AT_FAULT
    assert "write it as" in err


@pytest.mark.parametrize(
    ("share", "words"),
    [(3.18e-6, "0.0003 %"), (0.0048146, "0.48 %"), (0.8, "80 %"), (0.5, "50 %"), (1.0, "1e+02 %")],
)
def test_a_share_in_per_cent(share, words):
    assert percent(share) == words.replace("1e+02", "100")


def test_one_in_so_many_to_three_digits():
    assert one_in(10 / 3_147_436) == "1 in 315,000"
    assert one_in(0.8) == "1 in 1.25"
