"""Unit: figures with more than one published account."""

import pytest

from sim.errors import EvidenceError
from sim.evidence.alternatives import FIELDS, alternatives, alternatives_of, parse_alternatives
from sim.evidence.register import entry, register
from sim.evidence.tables import adjudication, deployments

UNITS = {"1", "event", "face", "person", "min", "s", "deployment", "place", "month of 2024"}
DISAGREEMENTS = {
    "cardiff-2017-false-alerts", "notting-hill-2017-false-alerts", "notting-hill-2017-arrests",
    "london-trials-2018-19-wrong", "trials-before-2020-true-matches",
    "oxford-circus-2022-01-28-stops", "oxford-circus-2020-22-faces", "npl-false-positives",
    "npl-sites", "annual-report-2025-deployments", "annual-report-2025-arrests",
    "early-2024-faces", "essex-arrests", "croydon-fixed-cameras-deployments",
    "croydon-fixed-cameras-faces", "home-office-avoidance-black", "suedkreuz-hit-rate",
    "length-of-a-mistaken-stop", "thompson-month", "first-deployment-of-2020-place",
}  # fmt: skip


def test_every_known_disagreement_is_there_with_two_readings_or_more():
    figures = [found.figure for found in alternatives()]
    assert set(figures) >= DISAGREEMENTS
    assert all(figures.count(figure) >= 2 for figure in DISAGREEMENTS)


def test_every_reading_has_a_unit_and_says_who_where_and_what_it_changes():
    for found in alternatives():
        assert found.unit in UNITS, found
        assert (found.value is None) == (found.unit == "place" and "place" in found.figure), found
        assert min(map(len, (found.who, found.where, found.changes))) > 3, found
        assert found.year is None or 2010 <= found.year <= 2026, found


def test_every_reading_behind_an_entry_is_a_possible_value_of_it():
    for found in alternatives():
        if found.entry:
            assert found.entry in register()
            assert found.entry_value > 0


def test_nothing_points_at_a_machine():
    for found in alternatives():
        assert "://" not in f"{found.who} {found.where} {found.changes}"


def test_eight_false_positives_instead_of_seven_raise_the_bench_rate_in_proportion():
    seven, eight = alternatives_of("error_model.npl-2023.fmr_060")
    assert seven.used
    assert seven.entry_value == entry(seven.entry).value
    assert eight.entry_value == pytest.approx(seven.entry_value * 8 / 7, rel=0.005)


def test_the_rates_of_older_trials_are_false_alerts_over_faces_and_list():
    readings = {found.reading: found for found in alternatives_of(
        "error_model.trials-2016-2019.fmr_060")}  # fmt: skip
    for reading, counted, faces, size in (
        ("Oxford Circus", 7, 8600, 7292),
        ("Notting Hill as told on the day", 35, 100_000, 500),
        ("Notting Hill by the official count", 95, 100_000, 500),
    ):
        assert readings[reading].entry_value == pytest.approx(counted / faces / size, rel=0.03)


def of_figure(figure: str) -> dict[str, float | None]:
    return {found.reading: found.value for found in alternatives() if found.figure == figure}


def test_the_low_count_of_early_2024_is_that_of_its_first_73_rows():
    rows = deployments()
    early = rows[rows["date"].dt.year == 2024].head(73)
    later = rows[rows["date"] >= "2024-09-01"]
    accounts = of_figure("early-2024-faces")
    assert (early["faces_seen"].sum(), early["arrests"].sum()) == (accounts["as counted"], 209)
    an_hour = later["faces_seen"].sum() / later["hours"].sum()
    assert an_hour * early["hours"].sum() == pytest.approx(accounts["by hours"], rel=0.02)


def test_accounts_that_the_tables_hold_say_the_same_there():
    rows, stops = deployments(), adjudication().set_index("setting")["false_alerts"]
    centre = rows[rows["place"].str.startswith("Oxford Circus") & (rows["date"] < "2023")]
    assert centre["faces_seen"].sum() == of_figure("oxford-circus-2020-22-faces")["count"]
    cardiff = of_figure("cardiff-2017-false-alerts")
    assert stops["Champions League week, Cardiff"] == cardiff["first account"]
    carnival = of_figure("notting-hill-2017-false-alerts")
    assert stops["Notting Hill Carnival (observer)"] == carnival["told to the observer"]


def row(**changes: str) -> dict[str, str]:
    good = dict.fromkeys(FIELDS, "") | {
        "figure": "f", "reading": "one", "value": "1", "unit": "event", "who": "somebody",
        "year": "2020", "where": "page 3", "changes": "nothing", "used": "no",
    }  # fmt: skip
    return good | changes


def test_a_good_pair_is_read():
    one, two = parse_alternatives([row(), row(reading="two", value="", year="")])
    assert (one.value, one.year, one.used) == (1.0, 2020, False)
    assert (two.value, two.year, two.entry, two.entry_value) == (None, None, "", None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"used": "maybe"}, "f, two: used 'maybe' is not one of yes, no"),
        ({"entry": "walk.nothing", "entry_value": "1"}, "not in the evidence register"),
        ({"entry": "walk.time_gap_s"}, "entry and entry_value go together"),
        ({"value": "inf"}, "must be finite"),
        ({"value": "many"}, "could not convert"),
        ({"who": ""}, "who is missing"),
        ({"reading": "one"}, "f: a reading is there twice"),
        ({"unit": "face"}, "f: readings have different units"),
        ({"figure": "g"}, "g: one reading is no disagreement"),
        (
            {"used": "yes", "entry": "walk.time_gap_s", "entry_value": "1"},
            "is used, but the register has 0.6, not 1",
        ),
    ],
)
def test_a_bad_reading_is_refused_with_its_name(changes, words):
    with pytest.raises(EvidenceError, match=words):
        parse_alternatives([row(), row(reading="two") | changes])


def test_a_figure_of_which_two_readings_are_used_is_refused():
    with pytest.raises(EvidenceError, match="f: more than one reading is used"):
        parse_alternatives([row(used="yes"), row(reading="two", used="yes")])
