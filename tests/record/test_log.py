"""Unit: a force's log: what is read, and every fault by its line."""

from datetime import date

import numpy as np
import pytest

from sim.errors import SimError
from sim.evidence.tables import deployments
from sim.record.log import from_table, read_log, split_before
from sim.record.log_columns import LOG_COLUMNS, template

HEADER = "id,date,place,hours,faces_seen,alerts,true_alerts,false_alerts"
GOOD = "D1,2024-10-05,Croydon,5.5,9000,8,7,1"


@pytest.fixture
def log_of(tmp_path):
    def write(*lines, header=HEADER):
        path = tmp_path / "log.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def faults_of(path):
    with pytest.raises(SimError) as caught:
        read_log(path)
    return str(caught.value)


def test_a_blank_is_not_a_zero(log_of):
    rows = read_log(log_of("D1,2024-10-05,Croydon,,,8,,")).rows
    assert np.isnan(rows["hours"][0])
    assert np.isnan(rows["faces_seen"][0])
    assert np.isnan(rows["threshold"][0])  # a column that is not there at all


def test_the_template_can_be_read_back(tmp_path):
    path = tmp_path / "template.csv"
    path.write_text(template(), encoding="utf-8")
    rows = read_log(path).rows
    assert list(rows.columns) == list(LOG_COLUMNS)
    assert rows["place"][0] == "North End, Croydon"


def test_the_shipped_record_written_and_read_again_is_the_same(tmp_path):
    shipped = from_table(deployments(), "shipped")
    path = tmp_path / "log.csv"
    table = shipped.rows.assign(
        faces_seen_unreliable=shipped.rows["faces_seen_unreliable"].astype(int),
        date=shipped.rows["date"].dt.strftime("%Y-%m-%d"),
    )
    table.to_csv(path, index=False, float_format="%.10g")
    read = read_log(path)
    for column in ("alerts", "hours", "faces_seen", "threshold"):
        np.testing.assert_array_equal(read.rows[column], shipped.rows[column])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("D1,05/10/2024,Croydon,5.5,9000,8,7,1", "line 2: date '05/10/2024' is not a day written"),
        ("D1,2024-13-05,Croydon,5.5,9000,8,7,1", "line 2: date '2024-13-05' is not a day"),
        ("D1,2024-1-5,Croydon,5.5,9000,8,7,1", "date '2024-1-5' is not a day written YYYY-MM-DD"),
        ("D1,2024-10-05,Croydon,5.5,9000,9,7,1", "alerts 9 is not true_alerts 7 plus false_alerts"),
        ("D1,2024-10-05,Croydon,5.5,9000,8,9,-1", "false_alerts '-1' is not a whole number, 0 or"),
        ("D1,2024-10-05,Croydon,5.5,9000,8.5,7,1", "alerts '8.5' is not a whole number"),
        ("D1,2024-10-05,Croydon,-2,9000,8,7,1", "hours '-2' is not a number of hours above 0"),
        ("D1,2024-10-05,Croydon,25,9000,8,7,1", "hours '25' is not a number of hours above 0 and"),
        ("D1,2024-10-05,Croydon,5.5,nine,8,7,1", "faces_seen 'nine' is not a whole number"),
        ("D1,2024-10-05,Croydon,5.5,inf,8,7,1", "faces_seen 'inf' is not a whole number"),
        ("D1,2024-10-05,Croydon,5.5,3,8,7,1", "alerts 8 is more than faces_seen 3"),
        ("D1,2024-10-05,Croydon,5.5,9000,8,7", "line 2: has 7 cells, the header has 8"),
    ],
)
def test_a_bad_row_says_its_line_what_was_found_and_what_is_allowed(log_of, row, words):
    assert words in faults_of(log_of(row))


def test_every_fault_of_a_file_is_told_at_once(log_of):
    words = faults_of(log_of("D1,today,Croydon,5.5,9000,8,7,1", "D2,2024-10-06,Hove,-1,9,8,7,1"))
    assert "line 2: date" in words
    assert "line 3: hours" in words


def test_a_long_list_of_faults_is_cut_and_counted(log_of):
    words = faults_of(log_of(*[f"D{n},no,Croydon,5,9000,8,7,1" for n in range(50)]))
    assert "and 30 more faults of the same file" in words


def test_an_unknown_column_is_named_with_what_was_meant(log_of):
    words = faults_of(log_of(GOOD, header=HEADER.replace("faces_seen", "faces_sen")))
    assert "unknown column 'faces_sen'; meant: faces_seen?" in words


def test_a_claim_about_a_group_without_its_denominator_is_refused(log_of):
    words = faults_of(log_of(GOOD + ",3", header=HEADER + ",false_alerts_black"))
    assert "false_alerts_black" in words
    assert "faces_seen_ethnicity_black" in words  # how it is to be written, and with what beside


def test_a_count_of_a_group_needs_how_many_were_scanned(log_of):
    words = faults_of(log_of(GOOD + ",1", header=HEADER + ",false_alerts_ethnicity_black"))
    assert "no column 'faces_seen_ethnicity_black'" in words
    assert "a share of the population is no substitute" in words


GROUPED = HEADER + ",faces_seen_sex_female,faces_seen_sex_male,alerts_sex_female,alerts_sex_male"


def test_groups_are_read_with_their_denominators(log_of):
    log = read_log(log_of(GOOD + ",4000,5000,1,2", header=GROUPED))
    assert {group.name for group in log.groups} == set(GROUPED.split(",")[-4:])
    assert log.rows["alerts_sex_male"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (",,5000,1,2", "alerts_sex_female 1 has no faces_seen_sex_female beside it"),
        (",4000,5000,900,2", "alerts by sex add to 902, more than alerts"),
        (",1,5000,2,1", "alerts_sex_female 2 is more than faces_seen_sex_female 1"),
        (",40000,5000,1,2", "faces_seen by sex add to 45000, more than faces_seen"),
        (",4000,5000,-1,2", "alerts_sex_female '-1' is not a whole number, 0 or more"),
        (",4000,5000,1.5,2", "alerts_sex_female '1.5' is not a whole number, 0 or more"),
    ],
)
def test_groups_that_cannot_be_are_refused_by_line(log_of, cells, says):
    words = faults_of(log_of(GOOD + cells, header=GROUPED))
    assert "line 2" in words
    assert says in words


def test_a_deployment_that_stands_twice_is_refused(log_of):
    assert "id 'D1' stands already on line 2" in faults_of(log_of(GOOD, GOOD))
    again = GOOD.replace("D1", "D2")
    assert "the same deployment stands on an earlier line" in faults_of(log_of(GOOD, again))


def test_two_deployments_without_ids_are_two(log_of):
    rows = read_log(log_of(GOOD.replace("D1", ""), GOOD.replace("D1,2024-10-05", ",2024-10-06")))
    assert len(rows.rows) == 2


def test_an_empty_file_and_one_of_a_header_alone_are_refused(tmp_path, log_of):
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    assert "is empty" in faults_of(empty)
    assert "has a header and no rows" in faults_of(log_of())


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path):
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\xff\xd8\xff\x00id")
    assert "is not UTF-8 text" in faults_of(picture)
    assert "cannot be read" in faults_of(tmp_path / "absent.csv")


def test_a_table_without_alerts_says_which_column_it_needs(log_of):
    assert "needs a column 'alerts'" in faults_of(log_of("D1,5", header="id,hours"))


def test_counts_of_another_meaning_are_pointed_out(log_of):
    rows = [f"D{n},2024-10-{n:02d},Croydon,5,9000,8,7,1" for n in range(1, 10)]
    read = read_log(log_of(*rows, "E,2024-10-20,Croydon,5,300,8,7,1"))
    assert "faces seen an hour on line 11 differ" in read.warnings[0]
    assert not read_log(log_of(*rows)).warnings


def test_a_split_puts_the_day_itself_after_and_drops_no_dated_row(log_of):
    whole = read_log(log_of(GOOD, GOOD.replace("D1,2024-10-05", "D2,2024-10-06")))
    before, after = split_before(whole, date(2024, 10, 6))
    assert list(before.rows["id"]) == ["D1"]
    assert list(after.rows["id"]) == ["D2"]
