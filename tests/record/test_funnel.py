"""Limits of a funnel, the log as a whole, groups: by hand and by simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from sim import columns as col
from sim.analysis.intervals import detection_power
from sim.record.count_models import record_model
from sim.record.funnel import (
    force_facts,
    funnel_facts,
    funnels,
    limits,
    model_facts,
)
from sim.record.group_rates import group_facts
from sim.record.log import Log, read_log
from sim.record.log_columns import LOG_COLUMNS
from sim.storage.json_values import json_value


def log_from(rows, name="log"):
    table = pd.DataFrame(rows).reindex(columns=list(LOG_COLUMNS))
    table["faces_seen_unreliable"] = False
    table["date"] = pd.to_datetime(table["date"])
    texts = ["id", "place", "source"]
    for text in texts:
        table[text] = table[text].astype("object").fillna("").astype("str")
    numbers = [
        name for name in LOG_COLUMNS if name not in {*texts, "date", "faces_seen_unreliable"}
    ]
    table[numbers] = table[numbers].astype("float64")
    return Log(name, table)


def deployments(rng, count, rate, dispersion, faces=None):
    faces = rng.integers(2_000, 20_000, count) if faces is None else faces
    mean = rate * faces
    seen = rng.poisson(mean * rng.gamma(1 / dispersion, dispersion, count))
    rows = [
        {"id": f"D{k}", "date": "2024-01-02", "place": "A", "hours": 5.0, "faces_seen": n,
         "alerts": c + 3, "true_alerts": 3, "false_alerts": c}
        for k, (n, c) in enumerate(zip(faces, seen, strict=True))
    ]  # fmt: skip
    return log_from(rows)


def test_limits_leave_at_most_half_of_the_rest_on_either_side():
    sizes = np.array([10.0, 1_000.0, 50_000.0])
    rate, dispersion = 1e-3, 0.7
    for level in (95.0, 99.8):
        low, high = limits(sizes, rate, dispersion, level)
        law = nbinom(1 / dispersion, 1 / (1 + dispersion * rate * sizes))
        tail = (100 - level) / 200
        assert (law.cdf(low - 1) < tail).all()
        assert (law.sf(high) <= tail).all()
        assert (law.sf(high - 1) > tail).all()  # no limit nearer would do


def test_with_hardly_any_dispersion_limits_are_poisson():
    # Mean 4: P(X <= 0) = 0.018 < 0.025 <= P(X <= 1), and P(X <= 8) = 0.979 >= 0.975.
    low, high = limits(np.array([4_000.0]), 1e-3, 1e-9, 95.0)
    assert (low[0], high[0]) == (1.0, 8.0)


@pytest.mark.statistical
def test_a_log_like_the_record_lies_outside_as_seldom_as_the_level_says():
    rng = np.random.default_rng(5)
    record = deployments(rng, 4_000, 4e-4, 0.8)
    log = deployments(rng, 4_000, 4e-4, 0.8)
    facts = {row["counts"]: row for row in funnel_facts(funnels(log, record))}["false_alerts"]
    # At most 5 % and 0.2 % by construction; rate and dispersion are fitted to within 3 %. Four
    # standard errors of a share of 5 % (0.0034) and of 0.2 % (0.0007): false alarms 1e-4.
    assert facts["outside"]["95"]["deployments"] / 4_000 < 0.05 + 4 * 0.0034
    assert facts["outside"]["95"]["deployments"] / 4_000 > 0.01  # and the limits are not idle
    assert facts["outside"]["99.8"]["deployments"] / 4_000 < 0.002 + 4 * 0.0007


@pytest.mark.statistical
def test_the_log_as_a_whole_is_like_the_record_in_95_of_100():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(200):
        record, log = deployments(rng, 200, 4e-4, 0.8), deployments(rng, 30, 4e-4, 0.8)
        whole = {row["counts"]: row for row in funnel_facts(funnels(log, record))}["false_alerts"]
        ratio = whole["whole"]["ratio"]
        inside += ratio["low"] <= 1 <= ratio["high"]
    assert inside >= 176  # binomial(200, 0.95) is below in 1 of 10,000


def test_a_deployment_with_far_too_many_is_named():
    rng = np.random.default_rng(7)
    record = deployments(rng, 300, 4e-4, 0.5)
    log = deployments(rng, 3, 4e-4, 0.5)
    log.rows.loc[1, "false_alerts"] = 90.0
    facts = {row["counts"]: row for row in funnel_facts(funnels(log, record))}["false_alerts"]
    named = facts["outside"]["99.8"]["named"]
    assert [(row["id"], row["side"], row["seen"]) for row in named] == [("D1", "above", 90)]
    assert facts["outside"]["95"]["by_luck_at_most"] == pytest.approx(0.15)


def test_rates_that_the_log_does_not_give_have_no_funnel():
    rng = np.random.default_rng(8)
    record = deployments(rng, 100, 4e-4, 0.5)
    log = log_from([{"id": "1", "date": "2024-01-02", "alerts": 3, "true_alerts": 3, "hours": 5}])
    assert [(one.counts, one.unit) for one in funnels(log, record)] == [("true_alerts", "hour")]
    assert funnels(log, record)[0].table[col.RATE].tolist() == [0.6]


def test_a_log_stands_beside_forces_that_gave_both_numbers():
    log = log_from([{"id": "1", "date": "2024-01-02", "alerts": 10, "false_alerts": 8}])
    others = pd.DataFrame(
        {"id": ["a", "b"], "force": ["A", "B"], "place": ["x", "y"], "source": ["s", "t"],
         "alerts": [5, None], "false_alerts": [1, 2], "faces_seen": [None, None]}
    )  # fmt: skip
    rows = force_facts(log, others)
    assert [(row["name"], row["wrong"], row["alerts"]) for row in rows] == [
        ("this log", 8, 10),
        ("A", 1, 5),
    ]
    # 8 of 10: Clopper and Pearson give 44 to 97 %.
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((0.444, 0.975), abs=1e-3)


def test_totals_are_held_against_draws_of_the_sum():
    drawn = {"alerts": np.arange(1_000.0)}
    row = model_facts(drawn, {"alerts": 900.0})[0]
    assert (row["low"], row["high"]) == (24.0, 974.0)
    assert row["chance_of_more"] == pytest.approx(0.0995)


HEADER = "date,alerts,true_alerts,false_alerts,faces_seen,faces_seen_sex_f,faces_seen_sex_m,"
HEADER += "false_alerts_sex_f,false_alerts_sex_m"


def grouped(tmp_path, *lines):
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return json_value(group_facts(read_log(path)))


def test_groups_have_rates_ratios_and_what_could_show(tmp_path):
    family = grouped(tmp_path, "2024-01-02,40,20,20,30000,10000,20000,12,8")[0]
    women, men = family["groups"]
    assert women["rate"]["estimate"] == pytest.approx(12 / 10_000)
    # 12 of 10,000 against 8 of 20,000: three times; exact conditional interval of the odds.
    assert women["ratio"]["estimate"] == pytest.approx(3.0)
    assert women["ratio"]["low"] < 3.0 < women["ratio"]["high"]
    assert men["ratio"]["estimate"] == pytest.approx(1 / 3)
    assert men["ratio"]["low"] == pytest.approx(1 / women["ratio"]["high"])
    # 12 of 20: p lies in 0.361 to 0.809 (Clopper and Pearson), so the odds in 0.564 to 4.233.
    assert women["ratio"]["low"] == pytest.approx(2 * 0.564, rel=2e-3)
    assert women["ratio"]["high"] == pytest.approx(2 * 4.23, rel=2e-3)
    assert women["detectable"] > 1
    # Exact power of 20 % to 80 %: at a third of those scanned, a twofold rate is half of all.
    assert detection_power(women["needed_for_twofold"], 1 / 3, 2.0) >= 0.8
    assert detection_power(women["needed_for_twofold"] - 1, 1 / 3, 2.0) < 0.8
    assert family["disparity"]["max_over_min"]["bare"] == pytest.approx(3.0)


def test_no_false_alert_in_any_group_leaves_upper_bounds(tmp_path):
    family = grouped(tmp_path, "2024-01-02,20,20,0,30000,10000,20000,0,0")[0]
    assert family["disparity"] == {}
    for row in family["groups"]:
        assert row["rate"]["high"] == pytest.approx(3.689 / row["faces"], rel=1e-3)  # Garwood
        assert row["ratio"] == {"estimate": None, "low": 0.0, "high": None}


def test_rows_without_both_numbers_are_left_out(tmp_path):
    family = grouped(
        tmp_path,
        "2024-01-02,2,1,1,30000,10000,20000,1,0",
        "2024-01-03,3,1,2,9000,,,,",
    )[0]
    assert [row["faces"] for row in family["groups"]] == [10_000, 20_000]
    assert sum(row["events"] for row in family["groups"]) == 1


def test_groups_are_compared_over_the_same_deployments(tmp_path):
    family = grouped(
        tmp_path,
        "2024-01-02,2,1,1,30000,10000,20000,1,0",
        "2024-01-03,3,1,2,9000,4000,5000,2,",
    )[0]
    assert family["deployments"] == 1
    assert [row["events"] for row in family["groups"]] == [1, 0]


def test_new_places_and_months_to_come_are_shared_by_rows():
    learnt = deployments(np.random.default_rng(9), 60, 4e-4, 0.5)
    model = record_model(learnt)
    asked = log_from(
        [
            {"id": str(k), "date": "2024-09-02", "place": place, "hours": 5.0, "faces_seen": 9000}
            for k, place in enumerate(["X", "X", "Y"])
        ]
    )
    _, drawn = next(model.predictions(asked.rows, 1))
    log_counts = np.log1p(drawn["true_alerts"])
    same = np.corrcoef(log_counts[:, 0], log_counts[:, 1])[0, 1]
    other = np.corrcoef(log_counts[:, 0], log_counts[:, 2])[0, 1]
    assert same > other + 0.05  # one new place drawn once, beside the month that all share
    assert other > 0.0
