import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim import columns as col
from sim.analysis.replications import (
    advice,
    by_replication,
    has_shared_people,
    noise_of,
    relative_half_widths,
    status_lines,
)
from tests.analysis.study_tables import study_table

DESIGN = np.linspace(0, 1, 8)[:, None]


def rising(unit):
    return unit[:, 0]


def table_of(values, outcome=col.MISTAKEN_STOPS):
    points, days = np.shape(values)
    return pd.DataFrame(
        {
            col.POINT: np.repeat(np.arange(points), days),
            col.REPLICATION: np.tile(np.arange(days), points),
            col.SEED: np.tile(np.arange(days), points),
            outcome: np.ravel(values).astype(float),
        }
    )


def test_the_half_width_is_students_by_hand():
    # 8, 10, 12: mean 10, sd 2, t(2) at 97.5 % is 4.3027: 4.3027 * 2 / sqrt(3) / 10
    assert relative_half_widths(np.array([[8.0, 10.0, 12.0]])) == pytest.approx(0.49683, abs=1e-5)


def test_the_running_half_width_starts_with_two_replications():
    found = advice(table_of([[8, 10, 12]]), col.MISTAKEN_STOPS)
    two, three = found.half_widths
    assert two == pytest.approx(12.7062 * np.sqrt(2) / np.sqrt(2) / 9, rel=1e-4)
    assert three == pytest.approx(0.49683, abs=1e-5)
    assert not found.is_enough


def test_the_last_running_half_width_is_the_rows():
    values = np.random.default_rng(4).normal(1000, 3, (1, 30))
    found = advice(table_of(values), col.MISTAKEN_STOPS)
    assert found.half_widths[-1] == pytest.approx(relative_half_widths(values)[0], rel=1e-9)
    early = relative_half_widths(values[:, :7])[0]
    assert found.half_widths[5] == pytest.approx(early, rel=1e-9)


def test_the_number_needed_would_meet_the_target_and_one_less_would_not():
    rng = np.random.default_rng(1)
    found = advice(table_of(rng.normal(10, 1, (1, 12))), col.MISTAKEN_STOPS, target=0.03)
    values = by_replication(table_of(rng.normal(10, 1, (1, 12))), col.MISTAKEN_STOPS)
    assert values.shape == (1, 12)
    spread = found.half_widths[-1] * np.sqrt(12) / stats.t.ppf(0.975, 11)

    def half_width(count):
        return stats.t.ppf(0.975, count - 1) * spread / np.sqrt(count)

    assert half_width(found.needed) <= 0.03 < half_width(found.needed - 1)


def test_enough_replications_are_said_to_be_enough():
    found = advice(table_of([[10.0, 10.1, 9.9, 10.0]]), col.MISTAKEN_STOPS)
    assert found.is_enough
    assert found.sentence().startswith("mistaken_stops: ±1.3 % of the mean after 4 replications")
    assert "enough" in found.sentence()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[3.0]], "one replication says nothing"),
        ([[3.0, 4.0]], "too few to say how many"),
        ([[0.0, 0.0, 0.0]], "none in any of 3 replications"),
        ([[np.nan, 1.0]], "no point has all its replications"),
        ([[1.0, 3.0, 8.0]], "about"),
        ([[1.0, 3.0, 8.0]], "mistaken_stops: ±224 % of the mean"),
        ([[1.0, 1.1, 0.9], [1.0, np.nan, 1.0]], "1 points left out"),
        ([[1.0, 1.1, 0.9], [0.0, 0.0, 0.0]], "1 points have none of it"),
    ],
)
def test_advice_says_what_it_cannot_say(values, words):
    assert words in advice(table_of(values), col.MISTAKEN_STOPS).sentence()


def test_status_has_a_line_an_outcome_that_is_there():
    table = table_of([[1.0, 2.0, 3.0]], col.TRUE_ALERTS)
    (line,) = status_lines(table)
    assert line.startswith("true_alerts: ")


def test_a_target_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        advice(table_of([[1.0, 2.0]]), col.MISTAKEN_STOPS, target=0.0)


def test_points_of_which_every_run_failed_stay_in_the_count():
    found = advice(table_of([[1.0, 2.0, 3.0], [np.nan] * 3]), col.MISTAKEN_STOPS)
    assert (found.points, found.without) == (1, 1)


def test_shared_people_are_seen_by_their_seeds():
    assert has_shared_people(study_table(DESIGN, rising, names=["a"]))
    assert not has_shared_people(study_table(DESIGN, rising, names=["a"], shared=False))


def test_a_busy_day_is_no_noise_between_points_that_share_it():
    values = np.arange(6.0)[:, None] + np.array([[0.0, 3.0, -1.0]])
    shared, apart = noise_of(values, shared=True), noise_of(values, shared=False)
    assert shared.share == pytest.approx(0.0, abs=1e-12)
    assert shared.day_share > 0.4
    assert apart.share > 0.2


@pytest.mark.statistical
def test_the_share_of_noise_is_found_again():
    rng = np.random.default_rng(3)
    points, days, noise = 2000, 4, 0.5
    values = rng.normal(0, 1, (points, 1)) + noise * rng.normal(0, 1, (points, days))
    known = noise**2 / days / (1 + noise**2 / days)
    # Standard error of the ratio about 0.002; 4 of them: false alarms 6e-5.
    assert noise_of(values, shared=False).share == pytest.approx(known, abs=0.008)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_one_point_or_one_replication_has_no_share(shape):
    assert np.isnan(noise_of(np.ones(shape), shared=True).share)
