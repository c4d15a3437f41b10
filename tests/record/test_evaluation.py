"""Theory and property: predictions of deployments that the model itself drew, and of the record."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.negative_binomial import negative_binomial_draws
from sim.errors import SimError
from sim.evidence.tables import trials
from sim.record.answer import answer, log_facts
from sim.record.baselines import baseline
from sim.record.count_models import record_model
from sim.record.evaluation import evaluated, misses
from sim.record.log import Log
from sim.record.log_columns import LOG_COLUMNS

pytestmark = pytest.mark.whole


def made_up_log(seed, rows, *, start="2023-01-01", places=15, name="made up"):
    rng = np.random.default_rng(seed)
    effects = 0.4 * np.random.default_rng(99).standard_normal(places)  # the same towns for all
    place = rng.integers(0, places, rows)
    hours, faces = rng.uniform(3, 8, rows), rng.integers(4000, 20_000, rows)
    mean = 7 * (hours / 5.4) ** 0.8 * (faces / hours / 2000) ** 0.5 * np.exp(effects[place])
    true = negative_binomial_draws(mean, 0.15, rng)
    false = rng.poisson(0.2, rows).astype(float)
    table = pd.DataFrame(
        {
            "id": [f"{name} {number}" for number in range(rows)],
            "date": pd.Timestamp(start) + pd.to_timedelta(rng.integers(0, 300, rows), unit="D"),
            "place": [f"town {number}" for number in place],
            "hours": hours,
            "threshold": 0.64,
            "watchlist_size": 15_000.0,
            "faces_seen": faces.astype(float),
            "faces_seen_unreliable": False,
            "alerts": true + false,
            "true_alerts": true,
            "false_alerts": false,
            "true_alerts_engaged": np.nan,
            "false_alerts_engaged": np.nan,
            "arrests": rng.binomial(true.astype(int), 0.45).astype(float),
            "source": "",
        }
    )
    return Log(name, table[list(LOG_COLUMNS)])


@pytest.fixture(scope="module")
def short():
    """Return a short log to learn from and one to predict, and what was learnt."""
    train = made_up_log(1, 80)
    return train, made_up_log(2, 40, name="later"), record_model(train)


@pytest.fixture(scope="module")
def long():
    """Return a long log to learn from, and what was learnt."""
    train = made_up_log(1, 250)
    return train, record_model(train)


@pytest.mark.statistical
def test_what_the_model_drew_itself_is_covered_as_often_as_it_says(long):
    train, model = long
    test = made_up_log(2, 400, start="2023-10-28", name="later")
    found = evaluated(train, test, model=model)
    for outcome in ("alerts", "true_alerts", "arrests"):
        coverage = found.outcomes[outcome].scores.coverage
        # Standard error sqrt(0.8 * 0.2 / 400) = 0.02, and half as much again for what was learnt.
        assert coverage[80] == pytest.approx(0.80, abs=0.09)
        assert coverage[95] == pytest.approx(0.95, abs=0.05)


@pytest.mark.statistical
def test_places_and_covariates_beat_one_rate(long):
    train, model = long
    found = evaluated(train, made_up_log(2, 400, name="later"), model=model)
    alerts = found.outcomes["alerts"]
    best = min(plain.interval_score for plain in alerts.baselines.values())
    assert alerts.scores.interval_score < 0.95 * best


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly_so(short):
    train, test, model = short
    one, again, other = (
        evaluated(train, test, seed=seed, model=known).outcomes["alerts"].scores.crps
        for seed, known in ((1, model), (1, None), (2, model))
    )
    assert one == again
    assert one != other
    assert one == pytest.approx(other, rel=0.05)


def test_anything_may_be_missing_beforehand(short):
    train, test, model = short
    bare = test.rows.assign(
        hours=np.nan, threshold=np.nan, watchlist_size=np.nan, faces_seen=np.nan, place="",
        date=pd.NaT,
    )  # fmt: skip
    full = evaluated(train, test, model=model).outcomes["alerts"].scores
    blind = evaluated(train, Log("bare", bare), model=model).outcomes["alerts"].scores
    assert np.isfinite(blind.crps)
    assert blind.crps > full.crps


def test_a_place_never_seen_is_less_certain_than_one_seen_often(long):
    train, model = long
    test = made_up_log(2, 40, name="later")
    other = Log("elsewhere", test.rows.assign(place="nowhere yet"))

    def width(log):
        table = evaluated(train, log, model=model).predictions
        return float((np.log1p(table["alerts_high_95"]) - np.log1p(table["alerts_low_95"])).mean())

    assert width(other) > 1.1 * width(test)


def test_a_table_that_does_not_tell_alerts_apart_predicts_alerts_alone(short):
    train, test, _ = short
    blind = Log("alerts", train.rows.assign(true_alerts=np.nan, false_alerts=np.nan))
    assert set(evaluated(blind, test).outcomes) == {"alerts"}


def test_a_train_table_without_a_single_alert_is_refused():
    train = made_up_log(1, 30)
    nothing = train.rows.assign(alerts=0.0, true_alerts=0.0, false_alerts=0.0, arrests=0.0)
    with pytest.raises(SimError, match="not a single alert in 30 deployments"):
        evaluated(Log("nothing", nothing), made_up_log(2, 10))


def test_a_miss_is_named_with_its_place_and_its_bounds(short):
    train, test, model = short
    rows = test.rows.copy()
    rows.loc[7, ["alerts", "true_alerts", "false_alerts"]] = [500.0, 500.0, 0.0]
    table = misses(evaluated(train, Log("odd", rows), model=model), "alerts")
    assert table["id"].iloc[0] == "later 7"
    assert table["seen"].iloc[0] == 500
    assert table["high"].iloc[0] < 500


def test_the_baseline_an_hour_is_the_ratio_of_totals_where_all_hours_are_alike():
    rows = made_up_log(1, 100).rows.assign(hours=5.0)
    fitted = baseline(rows, "alerts", "hour")
    # The likelihood of one common mean peaks at the mean count.
    assert fitted.rate == pytest.approx(rows["alerts"].mean() / 5.0, rel=1e-3)


def test_the_answer_has_the_shape_that_machines_rely_on(short):
    train, test, model = short
    found = answer(evaluated(train, test, model=model), trials())
    assert found["rows"] == 40
    for outcome in ("alerts", "true_alerts", "false_alerts", "arrests"):
        row = found["outcomes"][outcome]
        assert set(row["coverage"]) == {"50", "80", "95"}
        assert set(row["baselines"]) == {"per_face", "per_hour"}
        assert all(isinstance(value, float) for value in row["baselines"].values())
        assert isinstance(row["interval_score"], float)
        assert len(row["pit"]) == 10


def test_none_seen_has_an_upper_bound():
    log = made_up_log(1, 40)
    rows = log.rows.assign(false_alerts=0.0, alerts=log.rows["true_alerts"])
    share = log_facts(Log("none", rows))["false_alerts_an_alert"]
    assert share["estimate"] == 0.0
    # Rule of three, one-sided 95 %.
    assert share["high"] == pytest.approx(3 / share["of"], rel=0.02)
