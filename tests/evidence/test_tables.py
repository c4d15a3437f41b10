import numpy as np
import pandas as pd
import pytest

from sim.errors import EvidenceError
from sim.evidence import tables
from sim.groups import ETHNICITIES

GRADES = {
    "primary", "secondary", "weak secondary", "judgment", "inferred", "memory",
    "campaign count", "vendor claim",
}  # fmt: skip


def of_year(year: int) -> pd.DataFrame:
    rows = tables.deployments()
    return rows[rows["date"].dt.year == year]


@pytest.mark.parametrize(
    ("year", "deployments", "faces", "alerts", "true", "false", "arrests"),
    [(2023, 23, 326_392, 58, 56, 2, 34), (2024, 180, 902_748, 1286, 1259, 27, 575)],
)
def test_rows_add_to_the_published_totals(year, deployments, faces, alerts, true, false, arrests):
    rows = of_year(year)
    assert len(rows) == deployments
    assert rows["faces_seen"].sum() == faces
    assert rows["alerts"].sum() == alerts
    assert rows["true_alerts"].sum() == true
    assert rows["false_alerts"].sum() == false
    assert rows["arrests"].sum() == arrests


def test_the_years_to_2022_add_to_the_published_totals():
    rows = tables.deployments()
    rows = rows[rows["date"].dt.year <= 2022]
    assert (rows["alerts"].sum(), rows["true_alerts"].sum()) == (28, 18)
    assert (rows["false_alerts"].sum(), rows["false_alerts_engaged"].sum()) == (10, 8)


def test_one_in_33000_is_what_the_rows_give():
    rows = of_year(2024)
    assert round(rows["faces_seen"].sum() / rows["false_alerts"].sum()) == 33_435


def test_true_and_false_alerts_make_up_all_alerts():
    rows = tables.deployments().dropna(subset=["alerts"])
    assert (rows["true_alerts"] + rows["false_alerts"] == rows["alerts"]).all()


def test_what_was_not_published_is_missing_and_not_zero():
    aborted = tables.deployments().set_index("id").loc["MPS-2020-002"]
    assert pd.isna(aborted["alerts"])
    assert pd.isna(aborted["faces_seen"])
    assert pd.isna(aborted["threshold"])


def test_unreliable_face_counts_are_those_of_the_known_months():
    rows = tables.deployments()
    flagged = rows.loc[rows["faces_seen_unreliable"], "date"]
    assert rows["faces_seen_unreliable"].dtype == bool
    assert len(flagged) == 106
    assert flagged.min() == pd.Timestamp("2024-01-23")
    assert flagged.max() == pd.Timestamp("2024-08-20")
    between = rows["date"].between(flagged.min(), flagged.max())
    assert rows.loc[between, "faces_seen_unreliable"].all()


def test_thresholds_change_on_the_dates_of_the_record():
    rows = tables.deployments().dropna(subset=["threshold"])
    assert set(rows["threshold"]) == {0.60, 0.62, 0.64}
    assert rows.loc[rows["threshold"] == 0.62, "date"].min() == pd.Timestamp("2024-07-11")
    assert rows.loc[rows["threshold"] == 0.64, "date"].min() == pd.Timestamp("2024-07-25")


def test_the_annual_report_is_there_with_its_totals():
    report = tables.trials().set_index("id").loc["MPS-SEP24SEP25"]
    assert (report["faces_seen"], report["true_alerts"]) == (3_147_436, 2067)
    assert (report["false_alerts"], report["false_stops"], report["arrests"]) == (10, 6, 962)


def test_the_six_trials_give_the_published_ratio():
    trials = tables.trials().set_index("id").loc["MPS-TRIALS-FM"]
    assert trials["false_stops"] / trials["true_alerts"] == 1.75


def test_the_year_row_repeats_the_deployments():
    total = tables.trials().set_index("id").loc["MPS-2024"]
    assert total["faces_seen"] == of_year(2024)["faces_seen"].sum()


def test_printed_rates_agree_with_their_counts():
    rates = tables.error_rates().dropna(subset=["events", "out_of", "value"])
    assert len(rates) >= 15
    exact = rates["events"].astype(float) / rates["out_of"].astype(float)
    assert np.allclose(rates["value"], exact, rtol=0.03)


def test_every_row_has_a_source_and_a_known_grade():
    for table in (tables.trials(), tables.error_rates()):
        assert table["source"].str.len().min() > 2
        assert set(table["grade"]) <= GRADES
    assert set(tables.adjudication()["grade"]) <= GRADES


def test_no_more_false_alerts_were_stopped_than_raised():
    rows = tables.adjudication()
    assert len(rows) == 9
    assert (rows["false_alerts_stopped"] <= rows["false_alerts"]).all()
    assert (rows["false_alerts_per_shift"] > 0).all()


def test_adjudication_agrees_with_the_deployments():
    rows = tables.adjudication().set_index("period")
    early = tables.deployments()
    early = early[early["date"].dt.year <= 2022]
    assert rows.loc["2020-22", "false_alerts"] == early["false_alerts"].sum()
    assert rows.loc["2020-22", "false_alerts_stopped"] == early["false_alerts_engaged"].sum()


@pytest.mark.parametrize("place", tables.census()["place"].tolist())
def test_census_shares_add_to_one(place):
    shares = tables.census_shares(place)
    assert tuple(shares) == ETHNICITIES
    assert sum(shares.values()) == pytest.approx(1)


def test_census_shares_are_those_printed():
    assert tables.census_shares("London")["black"] == pytest.approx(0.135, abs=5e-4)
    assert tables.census_shares("Newham")["asian"] == pytest.approx(0.422, abs=1e-3)


def test_an_unknown_place_is_refused_with_those_there_are():
    with pytest.raises(EvidenceError, match=r"no place 'Atlantis'; there are London, Westminster"):
        tables.census_shares("Atlantis")


@pytest.mark.parametrize("kind", ["weekday", "weekend", "flat"])
def test_a_profile_is_a_day_of_shares(kind):
    shares = tables.footfall_profile(kind)
    assert shares.shape == (24,)
    assert (shares > 0).all()
    assert shares.sum() == pytest.approx(1, abs=1e-12)


def test_a_weekday_peaks_when_people_go_home_and_a_weekend_in_the_afternoon():
    weekday, weekend = tables.footfall_profile("weekday"), tables.footfall_profile("weekend")
    assert weekday.argmax() == 17
    assert weekday[17] == pytest.approx(0.090, abs=0.003)  # 2024 alone gives 0.091
    assert weekend.argmax() in (14, 15)
    assert weekend[0] > 3 * weekday[0]  # Friday's night belongs to Saturday


def test_a_returned_table_may_be_changed_without_harm():
    changed = tables.deployments()
    changed["alerts"] = 0
    tables.footfall_profile("weekday")[:] = 0
    assert tables.deployments()["alerts"].sum() > 1000
    assert tables.footfall_profile("weekday").sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "table", [tables.deployments, tables.trials, tables.error_rates, tables.adjudication]
)
def test_no_table_points_at_a_machine_or_a_package_host(table):
    text = table().to_csv().lower()
    for word in ("http", "www.", "github", "://"):
        assert word not in text
