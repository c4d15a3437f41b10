"""The page a stranger reads: one answer in words, no bare zero, guesses marked as such."""

import copy
import io
from pathlib import Path

import pytest
from rich.console import Console

from sim.answer.comparison import comparison
from sim.answer.report import as_json
from sim.answer.result import simulate
from sim.evidence.register import entry
from sim.scenario.load import load_scenario
from sim.words.answer_tables import result_tables
from sim.words.comparison import comparison_tables
from sim.words.headline import headline
from sim.words.register import calibration_table, entry_list, entry_page

pytestmark = pytest.mark.whole

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SMALL = ("street.footfall.people=300.0", "run.assumption_draws=40", "run.draws=50")


@pytest.fixture(scope="module")
def result():
    return simulate(load_scenario(SCENARIOS / "cardiff_2017.yaml", settings=SMALL))


@pytest.fixture
def answer(result):
    return copy.deepcopy(as_json(result))


def page(renderable):
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(renderable)
    return console.file.getvalue()


def line_of(text, label):
    [line] = [line for line in text.splitlines() if line.startswith(label)]
    return line


def test_the_page_fits_80_columns_and_separates_its_tables(answer):
    text = page(result_tables(answer))
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    lines = [line.strip() for line in text.splitlines()]
    for title in ("What happens", "Stopped by mistake: the", "Who bears it, by sex"):
        [place] = [i for i, line in enumerate(lines) if line.startswith(title)]
        assert lines[place - 1] == ""


def test_a_record_of_several_deployments_is_shown_as_a_mean(answer):
    assert answer["recorded"]["deployments"] == 4
    text = page(result_tables(answer))
    assert "mean of 4" in text
    mistaken = answer["recorded"]["mistaken_stops"] / 4
    assert line_of(text, "stopped by mistake").rstrip().endswith(f"{mistaken:.1f}")


def test_none_recorded_prints_what_it_still_allows(answer):
    answer["recorded"]["rates"]["false_alerts"] = {"mean": 0.0, "low": 0.0, "high": 0.92}
    text = page(result_tables(answer))
    assert "none; up to 0.92" in line_of(text, "false alerts")
    assert "Recorded 'none; up to x'" in text


def test_none_seen_prints_its_upper_bound(answer):
    count = answer["missed"]["unread"]
    count.update(mean=0.0, at_most=0.017, low=0.0, high=0.0)
    assert "under 0.017" in line_of(page(result_tables(answer)), "read too late")
    count["at_most"] = 0.0
    assert line_of(page(result_tables(answer)), "read too late").split()[-1] == "none"


def test_a_count_that_rests_on_a_guess_says_so(answer):
    rests_on = answer["assumptions"]["rests_on"]
    rests_on["true_alerts"]["grade"] = "assumption"
    rests_on["false_alerts"]["grade"] = "measured"
    text = page(result_tables(answer))
    assert "†" in line_of(text, "rightly matched")
    assert "†" not in line_of(text, "false alerts")
    assert rests_on["true_alerts"]["name"] in " ".join(text.split())
    assert "† assumption: a guess with a range, not a measurement" in text


def test_the_page_says_which_error_model_it_rests_on(answer):
    text = " ".join(page(result_tables(answer)).split())
    assert "error model trials-2016-2019 (the early trials of 2016-19)" in text
    assert "trials-2016-2019 (chosen)" in text


def test_warnings_come_before_the_tables(answer):
    answer["warnings"] = ["7 people had to wait"]
    text = page(result_tables(answer))
    assert text.index("Note: 7 people had to wait.") < text.index("What happens")


def test_the_first_sentence_is_the_headline(answer):
    text = " ".join(page(result_tables(answer)).split())
    assert text.startswith(f"{answer['title']} {headline(answer)} ")


def test_a_comparison_shows_equal_numbers_as_same(result):
    text = page(comparison_tables(comparison([result, result])))
    assert "Nothing differs between the two." in text
    assert "What differs" not in text
    assert line_of(text, "people who walk past").rstrip().endswith("same")
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_an_entry_shows_its_grade_and_its_source():
    found = entry("matching.repeat_frame")
    text = page(entry_page(found))
    assert found.grade in text
    assert found.source.split()[0] in text
    assert "matching.repeat_frame\n" in page(entry_list([found]))


def test_the_calibration_names_its_columns():
    found = {
        "people": 3643,
        "mean_exposure_s": 5.75,
        "never_seen_share": 0.0005,
        "calibration.exposure_s": {"computed": 5.4, "register": 5.5},
        "mean_p_true": {"target": 0.89, "reached": 0.88},
        "fits": {
            "response.lost_in_crowd": {
                "computed": 0.0233, "low": 0.0028, "high": 0.122, "register": 0.023,
            },
        },
        "anchors_disagree": {
            "year": 2023.0, "deployments": 23.0, "false_alerts_logged": 2.0,
            "bench_expects": 62.8, "street_expects": 6.07, "bench_over_logged": 31.4,
        },
    }  # fmt: skip
    text = page(calibration_table(found))
    assert text.index("computed") < text.index("register") < text.index("target")
    assert line_of(text, "calibration.exposure_s").split()[1:] == ["5.4", "5.5"]
    assert line_of(text, "mean_p_true").split()[1:] == ["0.89", "0.88"]
    fitted = line_of(text, "response.lost_in_crowd").split()[1:]
    assert fitted == ["0.0233", "0.0028", "to", "0.12", "0.023"]
    assert "expects 63 false" in text
